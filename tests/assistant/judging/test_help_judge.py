"""A judge in chat: refused verdicts, like cases for who may see them, issues, everything else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.build import build_assistant
from assistant.config import Config
from assistant.errors import InputError
from assistant.judging.library import Library
from assistant.judging.steps import (
    FindLikeCases,
    LayLawBeside,
    ListIssues,
    NameNewArticle,
    RefuseVerdict,
)
from assistant.judging.told import issue_lines
from assistant.judging.told_page import page, write_docx
from assistant.vocabulary import Draft, Ending, Question, Status
from knowledge_base.home import Home
from knowledge_base.judgments.importing import import_samples
from knowledge_base.judgments.store import Judgments
from knowledge_base.scope import Scope, citizen, officer
from knowledge_base.settings import KnowledgeSettings

SETTINGS = KnowledgeSettings(embedder="none", ocr="off")
JUDGE = officer(frozenset({"judgment"}))
LOAN = "tìm bản án tương tự: ông Trần Văn Lý cho bạn vay 200 triệu không lãi, đến hạn không trả"


@pytest.fixture
def library(home: Home) -> Library:
    with Judgments(home) as kept:
        list(import_samples(kept))
    return Library(home, SETTINGS)


def asked(text: str, scope: Scope = JUDGE) -> Draft:
    return Draft(Question(text, scope, profile="judge"), as_of=date(2026, 11, 22))


@pytest.mark.parametrize(
    "text",
    [
        "Bị cáo trộm xe 12 triệu, nên tuyên thế nào?",
        "vụ này nguyên đơn có thắng kiện không",
        "phạt bao nhiêu năm tù thì hợp lý",
        "bị cáo có tội hay không có tội",
        "Dự đoán kết quả vụ án này giúp tôi",
        "toi nen xu phat muc nao cho bi cao",
        "có nên cho bị cáo hưởng án treo không?",
        "Ai sẽ thắng trong vụ tranh chấp đất này",
    ],
)
def test_verdicts_and_forecasts_are_refused_with_what_can_be_done(text: str) -> None:
    ending = RefuseVerdict()(asked(text))
    assert isinstance(ending, Ending)
    assert ending.status is Status.REFUSED_OUTCOME
    assert "bảng vấn đề" in ending.text


@pytest.mark.parametrize(
    "text",
    [
        "Điều 173 Bộ luật Hình sự quy định gì?",
        "Thời hạn kháng cáo bản án sơ thẩm là bao nhiêu ngày?",
        "tìm bản án tương tự về vay tài sản",
        "án phí dân sự sơ thẩm bao nhiêu tiền",
        "Tòa án nào có thẩm quyền giải quyết tranh chấp đất đai?",
    ],
)
def test_questions_of_law_are_not_taken_for_forecasts(text: str) -> None:
    assert isinstance(RefuseVerdict()(asked(text)), Draft)


def test_like_cases_are_for_who_holds_the_label(library: Library) -> None:
    ending = FindLikeCases(library)(asked(LOAN))
    assert isinstance(ending, Ending)
    assert ending.status is Status.ANSWERED
    assert "08/2023/DS-ST" in ending.draft.lead
    assert "vay không lãi" in ending.draft.lead
    assert "Lý" not in ending.draft.text
    for scope in (citizen(), officer(frozenset({"noi-bo"}))):
        closed = FindLikeCases(library)(asked(LOAN, scope))
        assert isinstance(closed, Ending)
        assert closed.status is Status.NO_SOURCE
        assert "08/2023" not in closed.text
        table = ListIssues(library)(
            asked(LOAN.replace("tìm bản án tương tự", "vấn đề pháp lý"), scope)
        )
        assert isinstance(table, Ending)
        assert "08/2023" not in table.draft.lead


def test_a_provision_on_two_days(library: Library) -> None:
    ending = LayLawBeside(library)(
        asked("Điều 173 BLHS, hành vi ngày 01/5/2017, xét xử ngày 22/11/2026")
    )
    assert isinstance(ending, Ending)
    assert any("15/1999/QH10" in notice for notice in ending.draft.notices)
    assert isinstance(LayLawBeside(library)(asked("Điều 173 BLHS quy định gì?")), Draft)


def test_the_new_number_of_an_old_article() -> None:
    ending = NameNewArticle()(asked("Điều 138 BLHS 1999 nay là điều nào?"))
    assert isinstance(ending, Ending)
    assert "Điều 138 (15/1999/QH10) → Điều 173 (100/2015/QH13)" in ending.draft.lead
    assert isinstance(NameNewArticle()(asked("Điều 138 BLHS quy định gì?")), Draft)


def test_a_table_of_issues(library: Library, tmp_path: Path) -> None:
    told = library.case("Ông A cho bà B vay 200 triệu có thế chấp đất, quá hạn không trả nợ")
    table = library.issues(told, date(2026, 11, 22))
    names = [row.issue.name for row in table.rows]
    assert names[0] == "Nghĩa vụ trả nợ gốc của bên vay"
    assert "Xử lý tài sản thế chấp" in names
    numbers = {p.number for row in table.rows for p in row.provisions}
    assert "91/2015/QH13" in numbers
    assert "33/2005/QH11" not in numbers
    for row in table.rows:
        for raised in row.raised:
            assert raised.quote in " ".join(table.masked.split())
    lines = "\n".join(issue_lines(table))
    assert "không phải kết luận" in lines
    assert "<table>" in page(table)
    write_docx(table, tmp_path / "bang.docx")
    assert (tmp_path / "bang.docx").stat().st_size > 5000
    old = library.issues(told, date(2015, 1, 1))
    assert {p.number for row in old.rows for p in row.provisions} == {"33/2005/QH11"}


def test_empty_cells_say_so(home: Home) -> None:
    library = Library(home, SETTINGS)
    told = library.case("Ông A lập di chúc để lại nhà cho con út, các con khác không đồng ý")
    lines = "\n".join(issue_lines(library.issues(told, date(2026, 11, 22))))
    assert "án tương tự: không thấy trong kho" in lines
    assert "Kho chưa có" in lines
    nothing = library.issues(library.case("hôm nay trời đẹp cả nhà đi chơi biển"), date(2026, 1, 1))
    assert nothing.rows == ()
    assert "Không nhận ra vấn đề" in nothing.remarks[0]


@pytest.mark.parametrize("given", ["99/2099/HS-ST", "abc", ""])
def test_a_case_that_is_not_there(library: Library, given: str) -> None:
    with pytest.raises(InputError, match="Không có bản án nào"):
        library.case(given)


def test_everything_else_goes_the_way_of_every_question(bundled_home: Home) -> None:
    config = Config.model_validate(
        {
            "knowledge_base": {"embedder": "none"},
            "profiles": {
                "judge": {"title": "Thẩm phán", "audience": "officers", "capability": "help_judge"}
            },
        }
    )
    made: Any = build_assistant(bundled_home, config)
    try:
        answer = made.ask(
            Question("Làm hộ chiếu hết bao nhiêu tiền?", citizen(), profile="judge"), keep=False
        )
        assert answer.citations
        refused = made.ask(
            Question("nên tuyên mấy năm tù?", citizen(), profile="judge"), keep=False
        )
        assert refused.status is Status.REFUSED_OUTCOME
    finally:
        made.close()


@pytest.mark.parametrize(
    "text",
    [
        "Hai thanh niên đi xe máy áp sát rồi giật túi của bà cụ, phạm tội gì?",
        "Bị cáo lén lút dắt chiếc xe máy ra khỏi sân, áp dụng điều nào",
        "dùng dao gây thương tích 15% thì xử theo khoản nào, điều nào áp dụng",
    ],
)
def test_facts_with_which_crime_or_article_get_the_issues(library: Library, text: str) -> None:
    draft = asked(text)
    assert RefuseVerdict()(draft) is draft
    ending = ListIssues(library)(draft)
    assert isinstance(ending, Ending)
    assert ending.draft.lead.startswith("Những vấn đề pháp lý nên xem xét")
    assert "hình sự" in ending.draft.lead.lower()
    assert any("không phải kết luận" in notice for notice in ending.draft.notices)
