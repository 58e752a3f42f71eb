"""Times of a warm subject: whole answers, steps, the way to the card and to the first words."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Any

from evals.errors import SubjectError
from evals.subjects.port import Setting, Subject
from evals.tasks.measured import joules
from evals.vocabulary import Sample

#: Events whose moment a person notices.
_MARKS = ("card", "token")


def generate(sample: Sample, subject: Subject, _: Setting) -> dict[str, Any]:
    """Milliseconds by answer, by step and by mark; errors; tokens and joules where they are told.

    The first question is asked once before and not counted: it opens what is
    opened at first use.
    """
    asked = sample.given["questions"]
    subject.converse(asked[:1], sample.as_of)
    until = time.monotonic() + sample.given["seconds"]
    ms: list[float] = []
    parts: dict[str, dict[str, list[float]]] = {"steps": defaultdict(list),
                                                "marks": defaultdict(list)}  # fmt: skip
    tokens: list[int] = []
    errors: list[str] = []
    energy = joules()
    for text in asked:
        if time.monotonic() > until:
            break
        try:
            reply = subject.converse([text], sample.as_of)[0]
        except SubjectError as error:
            errors.append(str(error))
            continue
        ms.append(round(reply.ms, 3))
        for name, took in reply.steps.items():
            parts["steps"][name].append(round(took, 3))
        for name in _MARKS:
            if name in reply.marks:
                parts["marks"][name].append(round(reply.marks[name], 3))
        if reply.answer.get("ai_generated"):
            tokens.append(int(getattr(subject, "usage", {}).get("tokens", 0)))
    found: dict[str, Any] = {"ms": ms, "errors": errors, "tokens": tokens}
    after = joules()
    if energy is not None and after is not None and after >= energy:  # counters start again at 0
        found["joules"] = round(after - energy, 3)
    return {**found, **{name: dict(part) for name, part in parts.items()}}
