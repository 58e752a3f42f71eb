"""What a document says on its first page, and from when it holds."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.law.dates import day_of, effect_of
from knowledge_base.law.header import header_of, issuer_of, kind_of

HEAD = """CHÍNH PHỦ                CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 12/2031/NĐ-CP      Hà Nội, ngày 05 tháng 3 năm 2031

NGHỊ ĐỊNH
Quy định về việc gửi thư
và nhận thư

Căn cứ Luật Bưu chính số 49/2010/QH12;

Điều 1. Phạm vi
"""


def test_the_first_page_of_a_decree() -> None:
    found = header_of(HEAD, HEAD.index("Điều 1"))
    assert found.number == "12/2031/NĐ-CP"
    assert found.title == "Nghị định quy định về việc gửi thư và nhận thư"
    assert found.issuer == "Chính phủ"
    assert found.issued_on == date(2031, 3, 5)


def test_a_law_says_its_number_and_the_day_it_was_passed() -> None:
    text = (
        "QUỐC HỘI\n\nLuật số: 26/2031/QH16\n\nLUẬT\nCĂN CƯỚC\n\nCăn cứ Hiến pháp;\n\nĐiều 1. "
        "Phạm vi\n"
        "Một.\n\nLuật này được Quốc hội nước Cộng hòa xã hội chủ nghĩa Việt Nam khóa XVI, kỳ "
        "họp thứ 6 "
        "thông qua ngày 27 tháng 11 năm 2031."
    )
    found = header_of(text, text.index("Điều 1"))
    assert (found.number, found.title) == ("26/2031/QH16", "Luật Căn cước")
    assert found.issued_on == date(2031, 11, 27)


def test_the_number_of_an_amended_document_is_not_its_own() -> None:
    text = (
        "NGHỊ ĐỊNH\nSửa đổi, bổ sung một số điều của Nghị định số 12/2031/NĐ-CP\n\n"
        "Số: 40/2032/NĐ-CP\n\nĐiều 1. Sửa đổi\n"
    )
    assert header_of(text, text.index("Điều 1")).number == "40/2032/NĐ-CP"


def test_facts_in_a_table_of_a_page() -> None:
    text = "| **Số hiệu** | 30/2031/TT-BTP |\n| **Ngày ban hành** | 05/02/2031 |\n\nĐiều 1. Một\n"
    found = header_of(text)
    assert (found.number, found.kind, found.issuer) == ("30/2031/TT-BTP", "Thông tư", "Bộ Tư pháp")
    assert found.issued_on == date(2031, 2, 5)


def test_what_numbers_say_of_kind_and_issuer() -> None:
    assert (kind_of("12/2020/ttlt-bca-btp"), issuer_of("12/2020/ttlt-bca-btp")) == (
        "Thông tư liên tịch",
        "Bộ Công an, Bộ Tư pháp",
    )
    assert issuer_of("23/2023/qh15") == "Quốc hội"
    assert issuer_of("5/2020/tt-xyz") == ""


@pytest.mark.parametrize(
    ("sentence", "since", "until"),
    [
        ("Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2031.", "2031-07-01", None),
        (
            "1. Luật này có hiệu lực thi hành kể từ ngày 01/07/2031, trừ khoản 2.",
            "2031-07-01",
            None,
        ),
        ("Quyết định này có hiệu lực kể từ ngày ký ban hành.", "2031-03-05", None),
        ("Thông tư này có hiệu lực sau 45 ngày, kể từ ngày ký.", "2031-04-19", None),
        (
            "Nghị quyết này có hiệu lực từ ngày 15 tháng 8 năm 2031 đến hết ngày 28 tháng 02 "
            "năm 2032.",
            "2031-08-15",
            "2032-02-28",
        ),
        ("Điều 36\n\nLuật này có hiệu lực từ ngày 01 tháng 01 năm 2004.", "2004-01-01", None),
        ("Hồ sơ nộp trước ngày Nghị định này có hiệu lực thì làm theo luật cũ.", None, None),
        ("Nghị định này có hiệu lực thi hành kể từ ngày 31 tháng 02 năm 2031.", None, None),
        ("Nghị định này có hiệu lực thi hành kể từ ngày    tháng   năm 2031.", None, None),
    ],
)
def test_closing_clauses(sentence: str, since: str | None, until: str | None) -> None:
    found = effect_of(sentence, date(2031, 3, 5))
    assert (found.since and found.since.isoformat()) == since
    assert (found.until and found.until.isoformat()) == until


def test_articles_that_begin_on_another_day() -> None:
    text = (
        "1. Luật này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2031, trừ quy định tại khoản "
        "2 Điều này. "
        "2. Các Điều 25, 26 và 27a của Luật này có hiệu lực thi hành kể từ ngày 01 tháng 01 "
        "năm 2032. "
        "3. Khoản 4 Điều 31 của Luật này có hiệu lực thi hành từ ngày 01 tháng 3 năm 2032."
    )
    found = effect_of(text, None)
    assert found.since == date(2031, 7, 1)
    assert dict(found.articles) == dict.fromkeys(("25", "26", "27a"), date(2032, 1, 1))


def test_no_day_is_made_up() -> None:
    assert day_of("ngày 32 tháng 13 năm 2031") is None
    assert day_of("kể từ ngày ký") is None
    assert effect_of("Quyết định này có hiệu lực kể từ ngày ký.", None).since is None


def test_a_name_that_a_stamp_hides_is_in_the_enacting_words() -> None:
    text = (
        "CHÍNH PHỦ\n\nSố: 12/2031/NĐ-CP\n\nTHÔNG TIN ĐIỆN TỰ NGHỊ ĐỊNH\n\n— Về gửi thư\n\n"
        "Căn cứ Luật Bưu chính;\n\nChính phủ ban hành Nghị định quy định về gửi thư\n\n"
        "và nhận thư.\n\nĐiều 1. Phạm vi\n"
    )
    found = header_of(text, text.index("Điều 1"))
    assert found.title == "Nghị định quy định về gửi thư và nhận thư"


def test_a_name_as_the_gazette_prints_it() -> None:
    text = (
        "VĂN BẢN QUY PHẠM PHÁP LUẬT\n\nLuật số 26/2031/QH16 ngày 27 tháng 11 năm 2031\n\n"
        "Bưu chính\n\n(Tiếp theo Công báo số 9)\n\nChương II\n"
    )
    assert header_of(text).title == "Luật Bưu chính"
