"""Provisions quoted whole, before and after, guides, lists; and what is not there."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.citing import holds
from assistant.vocabulary import Answer, Status
from knowledge_base.scope import citizen
from tests.assistant.law.conftest import Officer


def _quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def _verbatim(officer: Officer, answer: Answer) -> bool:
    knowledge = officer.assistant.knowledge
    return all(holds(c, knowledge.version(c.sha256, citizen())) for c in answer.citations)


@pytest.mark.parametrize(
    "text",
    [
        "khoản 2 điều 2 nghị định 12/2031/NĐ-CP",
        "Điều 2 khoản 2 NĐ 12/2031 quy định gì?",
        "dieu 2 khoan 2 nghi dinh 12/2031",
    ],
)
def test_a_clause_is_quoted_with_its_path(officer: Officer, text: str) -> None:
    answer = officer(text, on=date(2031, 8, 1))
    assert answer.status is Status.ANSWERED
    assert _quotes(answer)[0] == "2. Tem do Bộ Bưu chính phát hành."
    assert answer.citations[0].path == ("Điều 2. Tem", "khoản 2")
    assert "còn hiệu lực" in answer.text
    assert _verbatim(officer, answer)


def test_an_amended_article_reads_as_on_the_day(officer: Officer) -> None:
    before = officer("Điều 2 Nghị định 12/2031/NĐ-CP", on=date(2031, 8, 1))
    after = officer("Điều 2 Nghị định 12/2031/NĐ-CP", on=date(2032, 6, 1))
    assert "1. Thư có tem." in _quotes(before)[0]
    assert "1. Thư không cần tem." in _quotes(after)[0]
    assert after.citations[0].document_number == "40/2032/NĐ-CP"
    assert "Được sửa đổi, bổ sung bởi 40/2032/NĐ-CP, từ 01/03/2032" in after.text.replace(
        "Điều 1 40/2032", "40/2032"
    )
    assert "chưa có văn bản hợp nhất" in after.text
    assert _verbatim(officer, before)
    assert _verbatim(officer, after)


def test_before_and_after_quote_both(officer: Officer) -> None:
    answer = officer("so sánh Điều 2 Nghị định 12/2031/NĐ-CP trước và sau khi sửa đổi")
    assert _quotes(answer) == ["1. Thư có tem.", "1. Thư không cần tem."]
    assert "“có” thành “không cần”" in answer.text
    assert _verbatim(officer, answer)


def test_what_an_amending_decree_changes(officer: Officer) -> None:
    answer = officer("Nghị định 40/2032 sửa đổi những gì?")
    assert "Trên 30 kg" in answer.text
    assert "Trên 20 kg" in answer.text


def test_a_follow_up_keeps_document_and_article(officer: Officer) -> None:
    officer("Điều 1 Nghị định 12/2031/NĐ-CP", on=date(2031, 8, 1))
    clause = officer("còn khoản 3?", on=date(2031, 8, 1))
    assert _quotes(clause)[0] == "3. Bưu cục xã nhận thư trong giờ hành chính."
    assert "Thay thế cụm từ “Bưu cục xã”" in _quotes(clause)[1]
    other = officer("thế Điều 3 thì sao?", on=date(2031, 8, 1))
    assert "05 ngày làm việc" in _quotes(other)[0]


def test_guides_of_a_law(officer: Officer) -> None:
    answer = officer("văn bản hướng dẫn Luật Bưu chính mới")
    assert "5/2031/TT-BTC" in answer.text
    assert "khoản 2 Điều 1" in answer.text
    assert answer.citations[0].document_number == "5/2031/TT-BTC"


def test_documents_by_kind_year_and_matter(officer: Officer) -> None:
    answer = officer("thông tư nào của Bộ Tài chính năm 2031 quy định chi tiết luật bưu chính")
    assert [c.document_number for c in answer.citations] == ["5/2031/TT-BTC"]
    none = officer("các nghị định năm 1999")
    assert "5/2031" not in none.text


def test_a_matter_in_a_named_document(officer: Officer) -> None:
    answer = officer("Nghị định 12/2031 quy định thời hạn phát thư thế nào, ai sửa đổi?")
    assert "Thư được phát trong 05 ngày làm việc." in _quotes(answer)
    assert "40/2032/NĐ-CP" in answer.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Điều 99 nghị định 12/2031/NĐ-CP", "không có Điều 99"),
        ("khoản 9 Điều 1 nghị định 12/2031/NĐ-CP", "điều này có khoản 1, 2, 3"),
        ("điểm k khoản 2 Điều 1 nghị định 12/2031/NĐ-CP", "không có điểm k"),
        ("Điều 2 Nghị định 12/2030/NĐ-CP", "12/2031/NĐ-CP"),
        ("so sánh luật bưu chính mới trước và sau khi sửa đổi", "Chưa thấy văn bản nào sửa đổi"),
    ],
)
def test_what_is_not_there_is_said(officer: Officer, text: str, said: str) -> None:
    answer = officer(text, on=date(2031, 8, 1))
    assert answer.status is Status.NO_SOURCE
    assert said in answer.text


def test_an_article_of_no_document_is_asked_back(officer: Officer) -> None:
    answer = officer("khoản 2 Điều 5")
    assert answer.status is Status.CLARIFY
    assert "khoản 2 Điều 5 của văn bản nào" in answer.text


def test_a_law_that_is_not_here_is_not_answered_from_another(officer: Officer) -> None:
    answer = officer("Điều 1 Luật Vận tải đường thủy")
    assert answer.status is Status.NO_SOURCE
    assert "Luật Vận tải đường thủy" in answer.text
    part = officer("khoản 2 Điều 1 Luật Bưu chính")
    assert _quotes(part)[0] == "2. Luật này không quy định việc gửi bưu kiện."


def test_the_law_on_a_crime_is_not_refused(officer: Officer) -> None:
    answer = officer("Điều 2 Nghị định 12/2031/NĐ-CP về đưa hối lộ, làm giả con dấu")
    assert answer.status is Status.ANSWERED
    assert officer("làm giả con dấu ở đâu").status is Status.REFUSED_UNSAFE


def test_the_day_of_issue_is_not_the_day_asked_about(officer: Officer) -> None:
    answer = officer("Điều 2 Nghị định số 12/2031/NĐ-CP ngày 05 tháng 3 năm 2031")
    assert answer.as_of == date(2032, 6, 1)


def test_a_document_against_itself(officer: Officer) -> None:
    answer = officer("so sánh nghị định 12/2031/NĐ-CP với nghị định 12/2031/NĐ-CP")
    assert "Hai văn bản được nêu là một" in answer.text
    assert "1. Thư không cần tem." in _quotes(answer)


def test_a_day_beside_a_number_is_the_day_asked_about(officer: Officer) -> None:
    answer = officer("khoản 1 Điều 2 Nghị định 12/2031/NĐ-CP trước ngày 01/03/2032")
    assert answer.as_of == date(2032, 2, 29)
    assert _quotes(answer)[0] == "1. Thư có tem."


def test_whether_a_document_holds(officer: Officer) -> None:
    answer = officer("nghị định 12/2031 còn hiệu lực không?", on=date(2031, 3, 20))
    assert "không có hiệu lực. Có hiệu lực từ 01/07/2031" in answer.text
    later = officer("nghị định 12/2031 còn hiệu lực không, ai sửa đổi?")
    assert "40/2032/NĐ-CP" in later.text
    assert _verbatim(officer, later)


def test_other_questions_are_answered_as_everywhere(officer: Officer) -> None:
    answer = officer("lệ phí gửi thư ngoài tỉnh theo thông tư 5/2031/TT-BTC")
    assert "6.000 đồng" in answer.text
    assert officer("xin chào").status is Status.SMALL_TALK
