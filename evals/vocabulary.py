"""The words of evaluation: Sample, Target, Output, Score, Task, Goal.

They are those of inspect_ai: a task is a dataset, a subject and a scorer; a
sample has a stable id and a hash of its content; a score is a value with an
explanation, and may be *unscored*, which is neither wrong nor zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

SPLITS = ("dev", "test")


class FactKind(StrEnum):
    """What kind of value a key fact is, and so how it is looked for."""

    MONEY = "money"
    FREE = "free"
    DURATION = "duration"
    DATE = "date"
    NUMBER = "number"
    DOCUMENT = "document"
    ARTICLE = "article"
    TEXT = "text"
    UNKNOWN = "unknown"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(_Closed):
    """One thing that a right answer says, as a typed value.

    ``value``: đồng (money), an amount of ``unit`` (duration, number), an ISO day
    (date), a document's number or an article's. ``any``: accepted wordings
    (text). ``near``: one of these stands on the same line of the answer.
    """

    type: FactKind
    slot: str = ""
    value: int | float | str | None = None
    unit: str = ""
    any: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _plain_words(cls, given: Any) -> Any:
        """A bare string is a fact that must occur as it stands."""
        return {"type": "text", "any": [given]} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _says_something(self) -> Fact:
        if self.type is FactKind.TEXT and not self.any:
            raise ValueError("a fact of type text needs 'any': the accepted wordings")
        numeric = self.type in (FactKind.MONEY, FactKind.NUMBER)
        if numeric and (isinstance(self.value, str) or self.value is None):
            raise ValueError(f"a fact of type {self.type.value} needs a number as 'value'")
        if self.type is FactKind.DATE:
            date.fromisoformat(str(self.value))
        if self.type in (FactKind.DOCUMENT, FactKind.ARTICLE) and not self.value:
            raise ValueError(f"a fact of type {self.type.value} needs a 'value'")
        if self.type is FactKind.DURATION and not self.unit:
            raise ValueError("a fact of type duration needs a 'unit'")
        return self

    def __str__(self) -> str:
        where = f"{self.slot}: " if self.slot else ""
        if self.type is FactKind.TEXT:
            return where + " | ".join(self.any)
        value = "" if self.value is None else f" {self.value}"
        return f"{where}{self.type.value}{value}{' ' + self.unit if self.unit else ''}"


class Target(_Closed):
    """What is right for a sample; what is left out is not scored. See evals/datasets/README.md."""

    status: tuple[str, ...] | None = None
    codes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    absent: tuple[Fact, ...] = ()
    allowed: dict[Literal["money", "duration"], tuple[int | str, ...]] = Field(default_factory=dict)
    corrects: bool = False
    why: str = ""
    expected: Any = None  # of tasks that do not go through answers: whatever their scorer reads

    def is_empty(self) -> bool:
        """Whether there is nothing to compare an answer with."""
        return self == Target(why=self.why)


class AskedTurn(_Closed):
    """One message of a conversation, and what is right for the answer to it."""

    text: Annotated[str, Field(max_length=100_000)]
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One question or conversation with its target.

    ``hash`` is that of the whole line, so a changed label is a changed sample.
    ``pair`` joins samples that are also judged together. ``given`` is what a
    task that does not ask questions hands to what it measures.
    """

    id: str
    dataset: str
    turns: tuple[AskedTurn, ...]
    kind: str
    split: str
    as_of: date | None
    hash: str
    pair: str = ""
    tags: tuple[str, ...] = ()
    given: Any = None

    @property
    def text(self) -> str:
        """The last message."""
        return self.turns[-1].text if self.turns else ""

    @property
    def target(self) -> Target:
        """Of the last message."""
        return (self.turns[-1].target if self.turns else None) or Target()


class CitationRead(BaseModel):
    """A citation as docs/answer-json.md describes it; fields of other subjects may be missing."""

    model_config = ConfigDict(extra="allow", frozen=True)
    document_id: str
    quote: str = ""
    start: int | None = None
    end: int | None = None
    sha256: str = ""
    quote_sha256: str = ""
    document_number: str = ""
    title: str = ""
    path: tuple[str, ...] = ()
    url: str = ""
    number: int = 0
    effective_from: date | None = None
    effective_to: date | None = None


class AnswerRead(BaseModel):
    """An answer as a subject gave it: docs/answer-json.md without id and trace."""

    model_config = ConfigDict(extra="allow", frozen=True)
    status: str
    text: str
    citations: tuple[CitationRead, ...] = ()
    card: dict[str, Any] | None = None
    as_of: date | None = None
    ai_generated: bool = False
    suggestions: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Of the procedure that was answered, or empty."""
        return str((self.card or {}).get("code", ""))


@dataclass(frozen=True, slots=True)
class Output:
    """What a subject made of a sample: an answer a turn, or something else in ``value``."""

    answers: tuple[AnswerRead, ...] = ()
    value: Any = None

    @property
    def answer(self) -> AnswerRead:
        """The one to the last message."""
        return self.answers[-1]


class State(StrEnum):
    """Whether there is a value. An error is neither a pass nor a fail, and raises an alarm."""

    SCORED = "scored"
    UNSCORED = "unscored"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Score:
    """One measure of one sample.

    ``value`` is from 0 to 1, or None where nothing was measured; ``weight`` is
    what it counts in the mean (facts of a sample, citations of an answer).
    ``blocker``: a value below 1 forbids going live, whatever the means say.
    """

    measure: str
    value: float | None
    explanation: str = ""
    weight: float = 1.0
    blocker: bool = False
    state: State = State.SCORED

    @property
    def blocks(self) -> bool:
        return self.blocker and self.state is State.SCORED and (self.value or 0.0) < 1.0


def unscored(measure: str, why: str) -> Score:
    """Nothing to compare with, or not applicable; counted apart."""
    return Score(measure, None, why, state=State.UNSCORED)


def failed(measure: str, why: str) -> Score:
    """It could not be measured although it should have been."""
    return Score(measure, None, why, state=State.ERROR)


class Goal(_Closed):
    """What a measure's mean should reach; over one set, or one kind of sample, where named.

    ``blocks``: missing it forbids going live, as for rates that are bearable only when small.
    """

    measure: str
    at_least: float | None = None
    at_most: float | None = None
    subject: str = "troly"
    dataset: str = ""
    kind: str = ""
    blocks: bool = False

    def met(self, mean: float) -> bool:
        low = self.at_least is None or mean >= self.at_least
        return low and (self.at_most is None or mean <= self.at_most)


class Words(_Closed):
    """A title or sentence in both languages of the report."""

    vi: str
    en: str
