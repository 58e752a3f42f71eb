"""What offices call what people say: added to a query, never in the place of what was said."""

from __future__ import annotations

import pytest

from knowledge_base.query_terms import analyse
from knowledge_base.related import related
from knowledge_base.vietnamese import tokens


def filed(text: str) -> set[str]:
    return {" ".join(one.phrase) for one in related(tokens(text))}


def test_what_happened_to_a_paper_is_what_is_done_about_it() -> None:
    assert "cấp lại" in filed("làm mất bằng lái xe")
    assert "gia hạn" in filed("thẻ tạm trú sắp hết hạn")


@pytest.mark.parametrize("text", ["mất bao lâu", "hết bao nhiêu", ""])
def test_phrases_that_only_ask_add_nothing(text: str) -> None:
    assert filed(text) == set()


def test_nothing_is_added_that_was_said() -> None:
    assert "cấp lại" not in filed("mất hộ chiếu thì xin cấp lại")


def test_a_syllable_of_another_word_says_nothing() -> None:
    assert related(["trao", "đổi"], [True]) == []
    assert related(["đổi", "bằng"], [False]) != []


def test_added_words_weigh_less_than_those_that_were_typed() -> None:
    plain, added = analyse("mất hộ chiếu", None), "cấp lại"
    count = len(tokens("mất hộ chiếu"))
    assert plain.accented[count:] == tuple(tokens(added))
    assert max(plain.weights[count:]) < min(plain.weights[:count])
    assert plain.text == "mất hộ chiếu"
    assert plain.embedded.endswith(added)
    assert len(plain.joints) == len(plain.accented) - 1


def test_a_long_text_is_embedded_as_it_is() -> None:
    text = "tôi đi làm xa nhà nhiều năm nay mới về thì thấy mất hộ chiếu của cả gia đình"
    assert analyse(text, None).filed == ()


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("căn cước 14 tuổi", True),
        ("làm căn cước tuổi 14", True),
        ("can cuoc 14 tuoi", True),
        ("căn cước cho trẻ dưới 14 tuổi", False),
        ("chưa đủ 14 tuổi", False),
        ("từ 14 tuổi trở lên", False),
        ("xe 14 chỗ", False),
        ("năm 2020 tuổi", False),
    ],
)
def test_an_age_said_alone_is_reached(text: str, reached: bool) -> None:
    assert ("từ đủ 14 tuổi trở lên" in analyse(text, None).filed) is reached


def test_the_name_of_a_law_says_where_to_look_and_not_for_what() -> None:
    terms = analyse("Theo Bộ luật Dân sự 2015, vật phụ được hiểu như thế nào?", None)
    inside = terms.within([(1, 6)], 0.3)
    assert inside.subject == ("vat", "phu", "hieu")
    assert (inside.content, inside.embedded) == (terms.content, terms.embedded)
    assert inside.weights[1:6] == tuple(0.3 * weight for weight in terms.weights[1:6])
    assert (inside.weights[0], inside.weights[6:]) == (terms.weights[0], terms.weights[6:])


def test_who_asks_for_nothing_but_the_law_is_taken_at_their_word() -> None:
    terms = analyse("luật cư trú", None)
    assert terms.within([(0, 3)], 0.3) is terms
    assert terms.within([], 0.3) is terms
