"""``troly bench answers``: how long answers take, by step, with and without the model.

Questions are the development half of ``evals/datasets/citizens``. Times are
wall-clock milliseconds in one warm process; medians and 95th percentiles.
"""

from __future__ import annotations

import json
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.config import Config
from assistant.language_model.opening import open_model
from assistant.language_model.setup import is_prepared
from assistant.prompts import SYSTEM
from assistant.session import SessionState
from assistant.vocabulary import EventKind, Question
from evals.samples import BUNDLED, load
from knowledge_base.home import Home
from knowledge_base.prepare import ensure_ready
from knowledge_base.scope import citizen


def answers(
    context: typer.Context,
    model_questions: Annotated[int, typer.Option(help="Số câu hỏi đo với mô hình.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Thời gian trả lời: thẻ (không mô hình), tới thẻ, tới câu đầu, tới cuối."""
    state: SessionState = context.obj
    report = measure(state.home, state.config, model_questions)
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else table(report))


def questions(split: str = "dev") -> list[str]:
    """The texts of one half of the citizens' questions about procedures."""
    found = load(BUNDLED / "citizens").samples
    return [each.text for each in found if each.split == split and each.target.codes]


def measure(home: Home, config: Config, model_questions: int) -> dict[str, Any]:
    """Milliseconds: ``warm`` without the model, by ``steps``, and ``model`` with it."""
    ensure_ready(home, config.knowledge_base)
    assistant = build_assistant(home, config)
    asked = questions()
    assistant.ask(_question(asked[0], use_model=False), keep=False)
    took: list[float] = []
    steps: dict[str, list[float]] = defaultdict(list)
    for text in asked:
        started = time.perf_counter()
        answer = assistant.ask(_question(text, use_model=False))
        took.append(1000 * (time.perf_counter() - started))
        for step in answer.trace:
            steps[step.step].append(step.ms)
    report: dict[str, Any] = {
        "questions": len(asked),
        "warm": _summary(took),
        "steps": {name: _summary(values) for name, values in steps.items()},
    }
    if is_prepared(home.path, config.model):
        report["model"] = _with_model(assistant, home, config, asked[:model_questions])
    assistant.close()
    return report


def _with_model(
    assistant: Assistant, home: Home, config: Config, asked: Sequence[str]
) -> dict[str, Any]:
    model = open_model(config.model, models=home.models, logs=home.logs)
    assistant.use_model(model)
    warm = getattr(model, "warm", None)
    started = time.perf_counter()
    if warm is not None:
        warm(SYSTEM)
    loaded = time.perf_counter() - started
    times: dict[str, list[float]] = defaultdict(list)
    worded = 0
    for text in asked:
        started = time.perf_counter()
        seen: set[EventKind] = set()
        for event in assistant.answer(_question(text, use_model=True)):
            if event.kind not in seen:
                seen.add(event.kind)
                times[event.kind.value].append(1000 * (time.perf_counter() - started))
            if event.kind is EventKind.FINAL:
                worded += event.data.ai_generated
    return {
        "name": assistant.model_name,
        "load_and_warm_s": round(loaded, 2),
        "questions": len(asked),
        "worded": worded,
        **{kind: _summary(values) for kind, values in times.items()},
    }


def _question(text: str, *, use_model: bool) -> Question:
    return Question(text, citizen(), use_model=use_model)


def _summary(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "p50": round(statistics.median(ordered), 1),
        "p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 1),
    }


def table(report: dict[str, Any]) -> str:
    """The report as Markdown."""
    rows = ["| what | p50 ms | p95 ms |", "| --- | --- | --- |"]

    def row(name: str, value: dict[str, float]) -> None:
        rows.append(f"| {name} | {value['p50']} | {value['p95']} |")

    row(f"whole answer without the model ({report['questions']} questions)", report["warm"])
    for name, value in report["steps"].items():
        row(f"… {name}", value)
    model = report.get("model")
    if model:
        for kind, name in (
            ("card", "to card"),
            ("token", "to first sentence"),
            ("final", "to final"),
        ):
            if kind in model:
                row(f"with {model['name']}: {name}", model[kind])
        rows.append(
            f"\nModel loaded and warmed in {model['load_and_warm_s']} s; "
            f"{model['worded']} of {model['questions']} answers carry its wording."
        )
    return "\n".join(rows)
