"""Source notes of codified articles."""

from __future__ import annotations

from datetime import date

from knowledge_base.law.notes import read_note

OWN = "(Điều 15 Luật số 49/2019/QH14, có hiệu lực thi hành kể từ ngày 01/07/2020"


def test_where_an_article_comes_from() -> None:
    found = read_note(OWN + ")")
    assert (found.article, found.number, found.kind) == ("15", "49/2019/QH14", "Luật")
    assert found.effective_from == date(2020, 7, 1)
    assert found.relations == ()
    assert not found.unread


def test_an_amendment_names_its_article_and_day() -> None:
    found = read_note(
        OWN
        + ", có nội dung được sửa đổi, có nội dung được bổ sung bởi Điều 1 Luật số 23/2023/QH15 "
        "có hiệu lực thi hành kể từ ngày 15/08/2023)"
    )
    [one] = found.relations
    assert (one.kind, one.target, one.since) == ("amended_by", "23/2023/QH15", date(2023, 8, 15))
    assert (one.article, one.target_article) == ("15", "1")
    assert found.effective_to is None


def test_several_changes_each_have_their_day() -> None:
    found = read_note(
        OWN
        + ", có nội dung được sửa đổi bởi Điều 5, Điều 6 Nghị định số 140/2018/NĐ-CP có hiệu lực "
        "thi hành kể từ ngày 08/10/2018; Điều 1 Nghị định số 24/2022/NĐ-CP có hiệu lực thi "
        "hành kể từ "
        "ngày 01/06/2022)"
    )
    assert [(r.target, r.target_article, str(r.since)) for r in found.relations] == [
        ("140/2018/NĐ-CP", "5", "2018-10-08"),
        ("140/2018/NĐ-CP", "6", "2018-10-08"),
        ("24/2022/NĐ-CP", "1", "2022-06-01"),
    ]


def test_only_a_whole_repeal_ends_an_article() -> None:
    repeal = "bãi bỏ bởi Điều 9 Luật số 28/2018/QH14 có hiệu lực thi hành kể từ ngày 01/01/2019)"
    part = read_note(f"{OWN}, có nội dung bị {repeal}")
    whole = read_note(f"{OWN}, bị {repeal}")
    assert ([r.kind for r in part.relations], part.effective_to) == (["amended_by"], None)
    assert [r.kind for r in whole.relations] == ["repealed_by"]
    assert whole.effective_to == date(2018, 12, 31)


def test_an_article_with_a_letter_began_when_it_was_put_in() -> None:
    added = (
        "{} Nghị định số 158/2006/NĐ-CP, có hiệu lực thi hành kể từ ngày 22/01/2007, được bổ "
        "sung bởi "
        "Điều 1 Nghị định số 51/2018/NĐ-CP có hiệu lực thi hành kể từ ngày 01/06/2018)"
    )
    assert read_note(added.format("(Điều 16b")).effective_from == date(2018, 6, 1)
    assert read_note(added.format("(Điều 16")).effective_from == date(2007, 1, 22)


def test_added_by_one_and_repealed_by_another() -> None:
    found = read_note(
        "(Điều 35a Thông tư số 119/2020/TT-BTC, có hiệu lực thi hành kể từ ngày 15/02/2021, "
        "được bổ "
        "sung, bị bãi bỏ bởi Điều 2 Thông tư số 68/2024/TT-BTC có hiệu lực thi hành kể từ ngày "
        "02/11/2024; Điều 3 Thông tư số 18/2025/TT-BTC có hiệu lực thi hành kể từ ngày 05/05/2025)"
    )
    assert (found.effective_from, found.effective_to) == (date(2024, 11, 2), date(2025, 5, 4))


def test_links_and_the_names_of_amending_texts_are_no_further_changes() -> None:
    found = read_note(
        "(Điều 6 Nghị định số 108/2015/NĐ-CP, có hiệu lực thi hành kể từ ngày 01/01/2016, có "
        "nội dung "
        "được sửa đổi, bổ sung theo quy định tại khoản 2, Điều 1 Nghị định số "
        "[14/2019/NĐ-CP](https://"
        "vi.du/a) ngày 01 tháng 02 năm 2019 của Chính phủ sửa đổi, bổ sung một số điều của "
        "Nghị định số "
        "[108/2015/NĐ-CP](https://vi.du/b), có hiệu lực thi hành kể từ ngày 20/3/2019.)"
    )
    assert [(r.target, r.target_article, str(r.since)) for r in found.relations] == [
        ("14/2019/NĐ-CP", "1", "2019-03-20")
    ]


def test_an_end_that_is_written_down() -> None:
    found = read_note(OWN + ", có hiệu lực thi hành đến ngày 31/12/2027.)")
    assert found.effective_to == date(2027, 12, 31)


def test_what_is_not_understood_is_said_to_be() -> None:
    found = read_note(OWN + ", bởi Điều 1 Luật số 64/2014/QH13 có hiệu lực từ ngày 01/07/2015)")
    assert found.unread
    assert found.relations == ()
    assert read_note("").effective_from is None
