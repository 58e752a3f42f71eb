"""The words of grading: verdicts, reasons, and what one grade is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evals.vocabulary import State

#: ``(subject, dataset, sample id)``: which answer a grade is of.
Key = tuple[str, str, str]


class Verdict(StrEnum):
    """Three steps in order, and one for what cannot be judged."""

    RIGHT = "right"
    PARTIAL = "partial"
    WRONG = "wrong"
    UNGRADABLE = "ungradable"


class Reason(StrEnum):
    """What is wrong with an answer; several may hold."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    MISSING = "missing"
    UNCLEAR = "unclear"
    UNSOURCED = "unsourced"


#: From best to worst: the scale that agreement is computed on.
SCALE = (Verdict.RIGHT, Verdict.PARTIAL, Verdict.WRONG)

VERDICTS_VI = {
    Verdict.RIGHT: "Đúng",
    Verdict.PARTIAL: "Một phần",
    Verdict.WRONG: "Sai",
    Verdict.UNGRADABLE: "Không chấm được",
}
REASONS_VI = {
    Reason.WRONG: "sai",
    Reason.OUTDATED: "cũ",
    Reason.MISSING: "thiếu",
    Reason.UNCLEAR: "khó hiểu",
    Reason.UNSOURCED: "thiếu nguồn",
}
READABILITY_VI = {
    1: "rất khó đọc",
    2: "khó đọc",
    3: "đọc được",
    4: "dễ đọc",
    5: "rất dễ đọc",
}


@dataclass(frozen=True, slots=True)
class Grade:
    """What one grader thinks of one answer.

    ``sample`` and ``answer`` are hashes of what was judged: a grade holds only
    while both are the same. ``readability`` and ``tone`` are 1 to 5, or None.
    ``verdict`` is None where the answer was skipped, or where ``state`` is an
    error (of a model that did not answer, or not in the form asked for).
    """

    key: Key
    sample: str
    answer: str
    verdict: Verdict | None
    reasons: tuple[Reason, ...] = ()
    readability: int | None = None
    tone: int | None = None
    comment: str = ""
    state: State = State.SCORED
    at: str = ""
    model: str = ""
    prompt: str = ""

    @property
    def skipped(self) -> bool:
        return self.verdict is None and self.state is not State.ERROR
