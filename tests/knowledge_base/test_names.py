"""Which procedure a question names: syllables weighed by how telling they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.corpus_files import procedures
from knowledge_base.names import NameIndex, NameMatch, names_of, same
from knowledge_base.vietnamese import fold, tokens

NAMES = {
    "marry": ("Đăng ký kết hôn", "làm giấy kết hôn", "Marriage registration"),
    "marry again": ("Đăng ký lại kết hôn",),
    "birth": ("Đăng ký khai sinh", "làm giấy khai sinh"),
    "stay": ("Đăng ký tạm trú", "KT3"),
    "leave": ("Khai báo tạm vắng",),
    "ai": ("Luật AI",),
}
IGNORED = frozenset({"làm", "cho", "luật"})


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex(NAMES.items(), IGNORED)


def match(index: NameIndex, text: str) -> list[NameMatch]:
    said = tokens(text)
    return index.match(said, [word for word in said if word not in IGNORED])


def best(index: NameIndex, text: str) -> str:
    return match(index, text)[0].code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("đăng ký kết hôn", "marry"),
        ("dang ky ket hon", "marry"),
        ("kết hôn", "marry"),
        ("đăng ký lại kết hôn", "marry again"),
        ("làm giấy khai sinh cho con", "birth"),
        ("tạm trú", "stay"),
        ("kt3", "stay"),
        ("khai báo tạm vắng", "leave"),
        ("marriage registration", "marry"),
    ],
)
def test_the_best_name(index: NameIndex, text: str, code: str) -> None:
    assert best(index, text) == code


def test_other_diacritics_are_another_word(index: NameIndex) -> None:
    """ "tạm trụ" is not "tạm trú"; without any it could be."""
    typed, bare, right = (match(index, text) for text in ("trụ", "tru", "trú"))
    assert typed == []
    assert [m.code for m in bare] == [m.code for m in right] == ["stay"]


def test_a_question_without_names_matches_nothing(index: NameIndex) -> None:
    assert match(index, "thời tiết hôm nay") == []
    assert match(index, "") == []


def test_a_rare_syllable_tells_more_than_a_common_one(index: NameIndex) -> None:
    assert index.weight("vắng") > index.weight("đăng")
    assert index.weight("chưa-bao-giờ-nghe") == index.highest >= index.weight("vắng")


def test_the_shares_of_a_full_name_are_whole(index: NameIndex) -> None:
    found = match(index, "đăng ký tạm trú")[0]
    assert (found.name_share, found.query_share, found.card_share, found.order_share) == (1,) * 4
    assert found.name == "Đăng ký tạm trú"


def test_order_counts(index: NameIndex) -> None:
    straight, mixed = match(index, "đăng ký tạm trú")[0], match(index, "trú tạm ký đăng")[0]
    assert straight.order_share > mixed.order_share
    assert straight.score > mixed.score


def test_more_of_the_question_in_the_name_is_better(index: NameIndex) -> None:
    exact, more = match(index, "khai sinh")[0], match(index, "khai sinh cá voi xanh")[0]
    assert exact.query_share > more.query_share
    assert exact.score > more.score


def test_capitals_are_a_name_even_among_ignored_words(index: NameIndex) -> None:
    """ "AI" is what that law is about, although "ai" is a word without subject."""
    index = NameIndex([("law", ("Luật AI",)), ("who", ("ai được",))], frozenset({"ai", "luật"}))
    assert best(index, "luật ai") == "law"


def test_limit(index: NameIndex) -> None:
    said = tokens("đăng ký khai báo tạm trú kết hôn")
    assert len(index.match(said, said, 2)) == 2


@given(st.text(max_size=80))
def test_any_text_can_be_asked(text: str) -> None:
    index = NameIndex(NAMES.items(), IGNORED)
    for found in match(index, text):
        for share in (found.name_share, found.query_share, found.card_share, found.order_share):
            assert 0 <= share <= 1 + 1e-9
        assert 0 <= found.score <= 1 + 1e-9


@pytest.mark.parametrize(
    ("typed", "meant", "are"),
    [("tru", "trú", True), ("trú", "trú", True), ("trụ", "trú", False), ("trú", "tru", False)],
)
def test_same(typed: str, meant: str, are: bool) -> None:
    assert same(typed, meant) is are


def test_an_empty_index_matches_nothing() -> None:
    assert NameIndex((), frozenset()).match(["kết", "hôn"], ["kết", "hôn"]) == []


# --- the bundled cards ------------------------------------------------------------------------


def test_asides_on_the_level_are_no_part_of_a_name() -> None:
    for card in procedures():
        names = list(names_of(card))
        assert card.short_name in names
        assert not any("(thực hiện tại cấp" in name for name in names)


@pytest.mark.parametrize("write", [str, fold], ids=["accented", "bare"])
def test_a_card_is_found_by_each_of_its_short_names(write: type[str]) -> None:
    cards = list(procedures())
    index = NameIndex(((card.code, names_of(card)) for card in cards), frozenset())
    lost = []
    for card in cards:
        said = tokens(write(card.short_name))
        top = index.match(said, said, 3)
        if card.code not in [found.code for found in top if found.score >= top[0].score - 1e-9]:
            lost.append((card.short_name, [found.name for found in top]))
    assert len(lost) <= len(cards) * 0.03, lost
