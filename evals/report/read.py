"""report.json as typed values; an odd one is named, field by field, instead of half shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.errors import RunFolderError
from evals.running.folder import REPORT, RunFolder
from evals.running.summary import SCHEMA


class _Open(BaseModel):
    """Fields of a newer program are let pass."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Figures(_Open):
    """Mean and 95 % interval of what was scored; None where nothing was."""

    mean: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    unscored: int = 0
    errors: int = 0


class Measured(_Open):
    """One measure of one subject, whole and by what its samples are."""

    all: Figures
    split: dict[str, Figures] = {}
    kind: dict[str, Figures] = {}
    dataset: dict[str, Figures] = {}


class TaskTold(_Open):
    """One task. ``subjects``: measures by who answered. ``units``: of what is no share."""

    name: str
    title: dict[str, str] = {}
    asks: dict[str, str] = {}
    headline: str = ""
    measured: bool = False
    lower_is_better: tuple[str, ...] = ()
    measure_titles: dict[str, dict[str, str]] = {}
    units: dict[str, str] = {}
    subjects: dict[str, dict[str, Measured]] = {}


class GoalTold(Figures):
    """A goal and how it stands."""

    task: str
    measure: str
    subject: str = ""
    at_least: float | None = None
    at_most: float | None = None
    split: str = "all"
    dataset: str = ""
    kind: str = ""
    met: Literal["yes", "no", "unknown"] = "unknown"
    certain: bool = False


class Evidence(_Open):
    document_id: str | None = None
    title: str | None = None
    quote: str | None = None


class Example(_Open):
    """A score with what a person needs to judge it."""

    task: str
    subject: str = ""
    dataset: str = ""
    sample: str = ""
    kind: str = ""
    split: str = ""
    measure: str = ""
    value: float | None = None
    why: str = ""
    question: str = ""
    answer: str = ""
    status: str = ""
    expected: dict[str, Any] = {}
    evidence: tuple[Evidence, ...] = ()


class Beside(_Open):
    """troly and another on the same samples."""

    task: str
    measure: str
    subject: str
    n: int
    ours: float
    theirs: float
    difference: float
    low: float
    high: float


class BadPlace(_Open):
    where: str
    why: str


class Skipped(_Open):
    what: str
    why: str


class Asked(_Open):
    """Who was asked."""

    role: str = "own"
    most: int = 0
    title: dict[str, str] = {}
    version: str | None = None
    corpus_version: str | None = None
    model: str | None = None


class Group(_Open):
    samples: int = 0
    sha256: str = ""


class Scope(_Open):
    tasks: tuple[str, ...] = ()
    split: str = "all"
    limit: int = 0
    fast: bool = False


class RunTold(_Open):
    version: str = ""
    as_of: str = ""
    tasks: tuple[str, ...] = ()
    subjects: dict[str, Asked] = {}
    groups: dict[str, Group] = {}
    skipped: tuple[Skipped, ...] = ()
    asked: Scope = Field(default_factory=Scope)


class Verdict(_Open):
    may_go_live: bool
    blockers: int
    goals_met: int
    goals: int
    errors: int


class Agreement(_Open):
    """Of two who graded the same ``n`` answers; None where there is no such figure."""

    n: int = 0
    agreement: float | None = None
    kappa: float | None = None
    kappa_low: float | None = None
    kappa_high: float | None = None
    weighted: float | None = None
    weighted_low: float | None = None
    weighted_high: float | None = None


class GraderPair(Agreement):
    a: str
    b: str


class GraderSuite(Agreement):
    grader: str
    task: str


class Reading(Agreement):
    reading: str


class LabelledModel(_Open):
    model: str
    errors: int = 0
    readings: tuple[Reading, ...] = ()


class LabelledTold(_Open):
    """Models held against the answers whose grades come with the program."""

    n: int = 0
    readings: Agreement = Agreement()
    models: tuple[LabelledModel, ...] = ()


class Mean(_Open):
    mean: float | None = None


class GraderTold(_Open):
    name: str
    kind: str = "person"
    n: int = 0
    skipped: int = 0
    errors: int = 0
    outdated: int = 0
    verdicts: dict[str, int] = {}
    reasons: dict[str, int] = {}
    readability: Mean = Mean()


class GradeTold(_Open):
    verdict: str = ""
    reasons: tuple[str, ...] = ()
    comment: str = ""


class Disagreement(_Open):
    dataset: str
    sample: str
    question: str = ""
    answer: str = ""
    suite: dict[str, str] = {}
    grades: dict[str, GradeTold] = {}


class GradingTold(_Open):
    """What people, and models that were asked to, made of the answers."""

    graders: tuple[GraderTold, ...] = ()
    pairs: tuple[GraderPair, ...] = ()
    with_suite: tuple[GraderSuite, ...] = ()
    labelled: LabelledTold | None = None
    disagreements: tuple[Disagreement, ...] = ()
    bad_lines: tuple[BadPlace, ...] = ()


class ReportTold(_Open):
    """All of report.json, schema 1."""

    run: RunTold
    verdict: Verdict
    blockers: tuple[Example, ...] = ()
    errors: tuple[Example, ...] = ()
    bad_lines: tuple[BadPlace, ...] = ()
    goals: tuple[GoalTold, ...] = ()
    beside: tuple[Beside, ...] = ()
    tasks: tuple[TaskTold, ...] = ()
    worst: tuple[Example, ...] = ()
    grading: GradingTold | None = None

    def task(self, name: str) -> TaskTold | None:
        return next((task for task in self.tasks if task.name == name), None)

    def own_errors(self) -> int:
        """Errors of troly itself: those forbid going live."""
        return sum(self.run.subjects.get(e.subject, Asked()).role == "own" for e in self.errors)


def read_report(folder: RunFolder) -> ReportTold:
    """What report.json says. Raises `RunFolderError` where there is none or it is an odd one."""
    found = folder.report()
    path: Path = folder.path / REPORT
    again = f"Make it again: troly eval score {folder.path}"
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        schema = found.get("schema") if isinstance(found, dict) else None
        raise RunFolderError(f"{path} has schema {schema}, not {SCHEMA}. {again}")
    try:
        return ReportTold.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise RunFolderError(f"{path} is damaged at {place}: {first['msg']}. {again}") from error
