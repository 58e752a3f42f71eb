"""``troly bench questions``: are the right things answered, and the right things refused?

Counts over ``evals/datasets/questions`` without the model, by kind of question:
the right card, the facts that the answer must hold, honest refusals, the right
document. The development half was used to fit the gate; the test half was not.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.session import SessionState
from assistant.vocabulary import Answer, Question
from knowledge_base.prepare import ensure_ready
from knowledge_base.scope import citizen

QUESTIONS = Path(__file__).parent.parent / "datasets" / "questions"


def questions(
    context: typer.Context,
    split: Annotated[str, typer.Option(help="dev hoặc test.")] = "test",
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Trả lời đúng thủ tục, đủ sự kiện, và từ chối đúng chỗ (không dùng mô hình)."""
    state: SessionState = context.obj
    ensure_ready(state.home, state.config.knowledge_base)
    assistant = build_assistant(state.home, state.config)
    report = measure(assistant, split)
    assistant.close()
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else table(report))


def measure(assistant: Assistant, split: str) -> dict[str, dict[str, tuple[int, int]]]:
    """By measure and kind of question: how many were right, of how many."""
    counts: dict[str, Counter[tuple[str, bool]]] = {
        name: Counter() for name in ("right card", "facts", "refused", "right document")
    }
    for row in _rows("answerable.jsonl", split):
        answer = _asked(assistant, row["text"])
        right = answer.card is not None and answer.card.code in row["codes"]
        counts["right card"][row["kind"], right] += 1
        if right and row["facts"]:
            counts["facts"][row["kind"], _holds(answer, row["facts"])] += 1
    for row in _rows("unanswerable.jsonl", split):
        answer = _asked(assistant, row["text"])
        counts["refused"][row["kind"], not answer.citations] += 1
    for row in _rows("documents.jsonl", split):
        answer = _asked(assistant, row["text"])
        cited = {citation.document_id for citation in answer.citations[:1]}
        counts["right document"][row["kind"], bool(cited & set(row["documents"]))] += 1
    return {name: _by_kind(counter) for name, counter in counts.items()}


def _rows(name: str, split: str) -> Iterator[dict[str, Any]]:
    for line in (QUESTIONS / name).read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if row["split"] == split:
            yield row


def _asked(assistant: Assistant, text: str) -> Answer:
    return assistant.ask(Question(text, citizen(), use_model=False), keep=False)


def _holds(answer: Answer, facts: list[str]) -> bool:
    return all(fact.lower() in answer.text.lower() for fact in facts)


def _by_kind(counter: Counter[tuple[str, bool]]) -> dict[str, tuple[int, int]]:
    kinds = sorted({kind for kind, _ in counter})
    found = {k: (counter[k, True], counter[k, True] + counter[k, False]) for k in kinds}
    total = (sum(r for r, _ in found.values()), sum(n for _, n in found.values()))
    return {"all": total, **found}


def table(report: dict[str, dict[str, tuple[int, int]]]) -> str:
    """The report as Markdown."""
    rows = ["| measure | kind | right | of |", "| --- | --- | ---: | ---: |"]
    for name, kinds in report.items():
        rows += [f"| {name} | {kind} | {right} | {of} |" for kind, (right, of) in kinds.items()]
    return "\n".join(rows)
