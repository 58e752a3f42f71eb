"""Each measure of citations passes what is right, and fails what was spoiled on purpose."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evals.tasks.citations.score import score
from evals.vocabulary import AnswerRead, Score, State
from tests.evals.crafted import (
    CLOSING,
    DAY,
    FEES,
    SHA,
    TIMES,
    WHERE,
    answer,
    citation,
    ended,
    ground,
    only,
    output,
    sample,
)  # fmt: skip


def scored(given: AnswerRead, folder: Path, **known: Any) -> list[Score]:
    return score(sample(), output(given), ground(folder, **known))


def test_a_right_answer_passes_every_measure(tmp_path: Path) -> None:
    scores = scored(answer(), tmp_path)
    assert {each.measure for each in scores} == {
        "quote stands", "right document", "linked", "in force", "marks match", "cited",
        "citation supports",
    }  # fmt: skip
    assert [each for each in scores if each.value != 1.0] == []


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        ({"quote": "Lệ phí: 900.000 đồng."}, "does not stand in the text"),
        ({"quote": "Lệ phí: 200.000 đồng nơi cư trú."}, "does not stand in the text"),
        ({"start": 3, "end": 9}, "stands at"),
        ({"start": None}, "does not say where"),
        ({"sha256": "0" * 64}, "no stored text"),
        ({"quote_sha256": "0" * 64}, "its own hash"),
        ({"quote": " "}, "quotes nothing"),
    ],
)
def test_a_quote_that_does_not_stand_blocks(
    tmp_path: Path, spoiled: dict[str, Any], why: str
) -> None:
    found = only(scored(answer(None, citation(FEES, **spoiled)), tmp_path), "quote stands")
    assert found.blocks
    assert why in found.explanation


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        ({"document_id": "law:9/1999/QH10"}, "no such document"),
        ({"document_number": "26/2023/QH15"}, "shown as 26/2023/QH15"),
        ({"title": "Luật Khác"}, "shown as “Luật Khác”"),
        ({"sha256": "0" * 64}, "not the version"),
    ],
)
def test_a_quote_of_another_document_blocks(
    tmp_path: Path, spoiled: dict[str, Any], why: str
) -> None:
    found = only(scored(answer(None, citation(FEES, **spoiled)), tmp_path), "right document")
    assert found.blocks
    assert why in found.explanation


def test_of_another_corpus_nothing_is_judged(tmp_path: Path) -> None:
    trusted = ground(tmp_path, complete=False)
    given = answer(None, citation(FEES, sha256="0" * 64))
    scores = score(sample(), output(given), trusted)
    assert only(scores, "quote stands").state is State.UNSCORED
    assert only(scores, "right document").state is State.UNSCORED


@pytest.mark.parametrize(
    "known",
    [
        {"effective_from": date(2027, 1, 1)},
        {"effective_to": date(2026, 11, 21)},
        {"ended": ended(date(2026, 7, 1))},
        {"ended": ended(date(2026, 7, 1), "5")},
    ],
)
def test_what_does_not_hold_must_be_said_not_to(tmp_path: Path, known: dict[str, Any]) -> None:
    assert only(scored(answer(), tmp_path, **known), "in force").blocks
    warned = answer(f"- {FEES} [1]\nLưu ý: nội dung này không có hiệu lực vào ngày đó.\n{CLOSING}")
    assert only(scored(warned, tmp_path, **known), "in force").value == 1.0


@pytest.mark.parametrize(
    "known",
    [
        {"effective_to": DAY},
        {"ended": ended(date(2026, 11, 23))},
        {"ended": ended(date(2026, 7, 1), "6")},
    ],
)
def test_what_still_holds_needs_no_warning(tmp_path: Path, known: dict[str, Any]) -> None:
    assert only(scored(answer(), tmp_path, **known), "in force").value == 1.0


def test_a_warning_about_another_citation_does_not_count(tmp_path: Path) -> None:
    known = {"effective_to": date(2026, 1, 1)}
    text = f"- {FEES} [1]\n- {TIMES} Văn bản kia hết hiệu lực. [2]\n{CLOSING}"
    given = answer(text, citation(FEES), citation(TIMES, 2))
    assert [s.value for s in scored(given, tmp_path, **known) if s.measure == "in force"] == [0, 1]


def test_days_that_are_not_those_of_the_document_block(tmp_path: Path) -> None:
    given = answer(None, citation(FEES, effective_from="2019-01-01"))
    assert only(scored(given, tmp_path), "in force").blocks


def test_the_day_is_that_of_the_sample_unless_the_question_names_one(tmp_path: Path) -> None:
    trusted = ground(tmp_path, effective_to=date(2026, 6, 30))
    # The assistant took no notice of the day it was given.
    late = answer(as_of="2026-06-01")
    assert only(score(sample(), output(late), trusted), "in force").blocks
    law = sample("Luật 1/2020/QH14 quy định lệ phí bao nhiêu?")
    assert only(score(law, output(late), trusted), "in force").blocks
    named = sample("Ngày 1/6/2026 làm hộ chiếu hết bao nhiêu?")
    assert only(score(named, output(late), trusted), "in force").value == 1.0


def test_marks_without_a_citation_block_and_unused_citations_do_not(tmp_path: Path) -> None:
    dangling = only(scored(answer(f"- {FEES} [1] [2]\n{CLOSING}"), tmp_path), "marks match")
    assert dangling.blocks
    unused = answer(None, citation(FEES), citation(TIMES, 2))
    found = only(scored(unused, tmp_path), "marks match")
    assert found.value == 0.0
    assert not found.blocks


def test_lines_without_a_source_lower_the_share(tmp_path: Path) -> None:
    given = answer(f"- {FEES} [1]\n- Mang theo hai ảnh.\n{CLOSING}")
    found = only(scored(given, tmp_path), "cited")
    assert found.value == 0.5
    assert "Mang theo hai ảnh" in found.explanation
    bare = AnswerRead(status="answered", text="Lệ phí là 200.000 đồng.")
    assert only(scored(bare, tmp_path), "cited").value == 0.0


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Lệ phí: 300.000 đồng. [1]", "300.000 đồng (money)"),
        ("Thời hạn giải quyết: 8 ngày. [2]", "8 ngày (period)"),
        ("Nơi nộp hồ sơ: Sở Y tế. [3]", "Sở Y tế"),
    ],
)
def test_a_line_that_its_quote_does_not_say(tmp_path: Path, line: str, why: str) -> None:
    cites = citation(FEES), citation(TIMES, 2), citation(WHERE, 3)
    found = only(scored(answer(f"- {line}\n{CLOSING}", *cites), tmp_path), "citation supports")
    assert found.value == 0.0
    assert why in found.explanation


def test_an_english_line_is_held_by_its_figures(tmp_path: Path) -> None:
    right = answer("- Fee: 200,000 VND. [1]")
    assert only(scored(right, tmp_path), "citation supports").value == 1.0
    wrong = answer("- Fee: 250,000 VND. [1]")
    assert only(scored(wrong, tmp_path), "citation supports").value == 0.0


def test_no_link(tmp_path: Path) -> None:
    assert only(scored(answer(None, citation(FEES, url="")), tmp_path), "linked").value == 0.0


def test_a_refusal_is_not_scored(tmp_path: Path) -> None:
    given = AnswerRead(status="no_source", text="Tôi chưa tìm thấy nguồn.")
    (found,) = scored(given, tmp_path)
    assert found.state is State.UNSCORED


def test_an_altered_file_of_the_run_is_no_evidence(tmp_path: Path) -> None:
    trusted = ground(tmp_path)
    (tmp_path / "sources" / f"{SHA}.txt").write_text("khác", encoding="utf-8")
    assert only(score(sample(), output(answer()), trusted), "quote stands").blocks


def test_a_text_to_come_may_be_quoted_with_the_day_it_begins_on(tmp_path: Path) -> None:
    later = ground(tmp_path, effective_from=date(2027, 1, 1))
    cited = citation(FEES, effective_from="2027-01-01")
    silent = answer(f"- {FEES} [1]\n{CLOSING}", cited)
    dated = answer(f"- Từ ngày 01/01/2027: {FEES} [1]\n{CLOSING}", cited)
    other = answer(f"- Từ ngày 01/02/2027: {FEES} [1]\n{CLOSING}", cited)
    values = [
        only(score(sample(), output(given), later), "in force").value
        for given in (silent, dated, other)
    ]
    assert values == [0.0, 1.0, 0.0]
