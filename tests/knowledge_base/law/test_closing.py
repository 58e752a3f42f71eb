"""What a document does to others, by its name, its amending articles and its closing clauses."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.documents import Relation
from knowledge_base.law.closing import named_bases, relations_of
from knowledge_base.law.structure import provisions
from knowledge_base.law.validity import has_exceptions

DAY = date(2031, 7, 1)


def read(body: str, title: str = "Nghị định về việc gửi thư") -> list[Relation]:
    text = f"NGHỊ ĐỊNH\n\nĐiều 1. Phạm vi điều chỉnh\nNghị định này quy định việc A.\n\n{body}\n"
    found = relations_of(
        text, provisions(text), number="12/2031/NĐ-CP", title=title, effective_from=DAY
    )
    return list(found)


def short(found: list[Relation]) -> list[tuple[str, str, str]]:
    return [(r.kind, r.target, r.target_article) for r in found]


def test_replaced_and_repealed_documents() -> None:
    found = read(
        "Điều 2. Hiệu lực thi hành\n"
        "1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2031.\n"
        "2. Nghị định này thay thế Nghị định số 110/2004/NĐ-CP ngày 08 tháng 4 năm 2004 của "
        "Chính phủ "
        "về thư, đã được sửa đổi, bổ sung theo Nghị định số 09/2010/NĐ-CP ngày 08 tháng 02 năm "
        "2010.\n"
        "3. Thông tư số 05/2012/TT-BTTTT hết hiệu lực kể từ ngày 15 tháng 8 năm 2031."
    )
    assert short(found) == [
        ("replaces", "110/2004/NĐ-CP", ""),
        ("repeals", "05/2012/TT-BTTTT", ""),
    ]
    assert [r.since for r in found] == [DAY, date(2031, 8, 15)]
    assert found[0].article == "2"


def test_a_list_below_its_sentence() -> None:
    found = read(
        "Điều 2. Hiệu lực thi hành\n"
        "2. Các văn bản sau đây hết hiệu lực kể từ ngày Nghị định này có hiệu lực thi hành:\n"
        "a) Nghị định số 109/2013/NĐ-CP ngày 24 tháng 9 năm 2013 của Chính phủ;\n"
        "b) Điều 3 Nghị định số 65/2015/NĐ-CP ngày 07 tháng 7 năm 2015 sửa đổi, bổ sung một số "
        "điều của "
        "Nghị định số 75/2012/NĐ-CP.\n"
        "3. Hồ sơ đã nộp theo Nghị định số 20/2014/NĐ-CP thì tiếp tục giải quyết."
    )
    assert short(found) == [
        ("repeals", "109/2013/NĐ-CP", ""),
        ("repeals", "65/2015/NĐ-CP", "3"),
    ]


def test_a_clause_of_an_article_is_no_repeal_of_it() -> None:
    found = read(
        "Điều 2. Bãi bỏ một số quy định\n"
        "Bãi bỏ Điều 3, khoản 4 Điều 18, Điều 23 và điểm a khoản 1 Điều 40 Nghị định số "
        "103/2024/NĐ-CP."
    )
    assert short(found) == [
        ("repeals", "103/2024/NĐ-CP", "3"),
        ("amends", "103/2024/NĐ-CP", "18"),
        ("repeals", "103/2024/NĐ-CP", "23"),
        ("amends", "103/2024/NĐ-CP", "40"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Nghị định này thay thế một phần các quy định tại Nghị định số 125/2020/NĐ-CP.",
        "Nghị định này thay thế các quy định tương ứng tại Nghị định số 125/2020/NĐ-CP.",
        "Bãi bỏ một số nội dung quy định tại Nghị định số 125/2020/NĐ-CP.",
        "Bãi bỏ Phụ lục II ban hành kèm theo Nghị định số 125/2020/NĐ-CP.",
    ],
)
def test_a_part_of_a_document_is_not_the_document(sentence: str) -> None:
    found = read(f"Điều 2. Hiệu lực thi hành\n{sentence}")
    assert short(found) == [("amends", "125/2020/NĐ-CP", "")]


def test_articles_in_a_list_of_small_letters() -> None:
    found = read(
        "Điều 2. Hiệu lực thi hành\nBãi bỏ các điều 2, 3 và 19 Thông tư số 10/2021/TT-BXD ngày 25 "
        "tháng 8 năm 2021."
    )
    assert short(found) == [("repeals", "10/2021/TT-BXD", label) for label in ("2", "3", "19")]


def test_exceptions_stay_in_the_note() -> None:
    long = "của Chính phủ quy định về việc gửi thư và các việc khác, " * 8
    [one] = read(
        f"Điều 2. Hiệu lực thi hành\nNghị định số 9/2020/NĐ-CP {long}hết hiệu lực, trừ Điều 14."
    )
    assert has_exceptions(one.note)
    assert not has_exceptions("khấu trừng phạt")


def test_words_that_are_replaced_end_nothing() -> None:
    found = read(
        "Điều 2. Hiệu lực thi hành\n"
        'Thay thế cụm từ "Sở A" bằng cụm từ "Sở B" tại Điều 6 Nghị định số 26/2023/NĐ-CP.\n'
        "Quy định này áp dụng cho đến khi Nghị quyết số 5/2025/NQ-CP hết hiệu lực thi hành."
    )
    assert not [r for r in found if r.kind in ("replaces", "repeals")]


def test_amending_articles_name_what_they_amend() -> None:
    found = read(
        "Điều 2. Sửa đổi, bổ sung một số điều của Nghị định số 72/2025/NĐ-CP\n"
        "1. Sửa đổi, bổ sung Điều 5 như sau:\n“Điều 5. Giá\nGiá theo Điều 9.”\n"
        "2. Sửa đổi, bổ sung khoản 2 Điều 7 như sau:\n“2. Phí.”\n"
        "3. Bổ sung Điều 7a vào sau Điều 7 như sau:\n“Điều 7a. Lệ phí\nMột.”\n\n"
        "Điều 3. Hiệu lực thi hành\nNghị định này có hiệu lực từ ngày ký."
    )
    assert short(found) == [
        ("amends", "72/2025/NĐ-CP", "5"),
        ("amends", "72/2025/NĐ-CP", "7"),
        ("amends", "72/2025/NĐ-CP", "7a"),
    ]
    assert {r.article for r in found} == {"2"}


def test_a_title_says_what_is_amended_and_what_is_guided() -> None:
    plain = "Điều 2. Tổ chức thực hiện\nMột."
    amends = read(
        plain,
        "Thông tư sửa đổi, bổ sung một số điều của Thông tư số 31/2023/TT-BCA quy định chi tiết "
        "Luật số 49/2019/QH14",
    )
    assert short(amends) == [("amends", "31/2023/TT-BCA", "")]
    guides = read(plain, "Thông tư hướng dẫn thi hành một số điều của Nghị định số 73/2026/NĐ-CP")
    assert short(guides) == [("guides", "73/2026/NĐ-CP", "")]
    assert short(read(plain, "Thông tư bãi bỏ Thông tư số 55/2010/TT-BTC về thuế")) == [
        ("repeals", "55/2010/TT-BTC", "")
    ]
    assert short(read(plain, "Quyết định đính chính Nghị định số 5/2026/NĐ-CP")) == [
        ("corrects", "5/2026/NĐ-CP", "")
    ]


def test_what_a_document_is_based_on() -> None:
    preamble = (
        "Căn cứ Luật Tổ chức Chính phủ số 63/2025/QH15;\nCăn cứ Luật Viên chức số 129/2025/QH15,\n"
        "Theo đề nghị của Bộ trưởng;"
    )
    assert list(named_bases(preamble)) == [
        ("Luật Tổ chức Chính phủ", "63/2025/QH15"),
        ("Luật Viên chức", "129/2025/QH15"),
    ]
    text = f"{preamble}\n\nĐiều 1. A\nMột.\n\nĐiều 2. B\nHai.\n"
    found = relations_of(
        text,
        provisions(text),
        number="1/2031/NĐ-CP",
        title="Nghị định quy định chi tiết một số điều của Luật Viên chức",
        effective_from=None,
    )
    assert short(list(found)) == [
        ("guides", "129/2025/QH15", ""),
        ("based_on", "63/2025/QH15", ""),
    ]


def test_a_document_has_no_relation_to_itself() -> None:
    assert (
        read("Điều 2. Hiệu lực thi hành\nNghị định này thay thế Nghị định số 12/2031/NĐ-CP.") == []
    )
