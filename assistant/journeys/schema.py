"""Journeys as files: the schema of ``events/*.yml``, and how they are read.

One file is one event in a life. A mistake is a `JourneyError` that names the
file and the field, because a misspelt condition would otherwise drop a step.
"""

from __future__ import annotations

import hashlib
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import TrolyError

EVENTS = Path(__file__).parent / "events"

_ID = r"^[a-z][a-z0-9_]*$"

#: Answers by question under which something holds: every question must fit, with any of its values.
Condition = dict[str, tuple[str, ...]]


class JourneyError(TrolyError):
    """A file of a journey is wrong (the message names file and field), or there is none such."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class SourceFile(_Strict):
    """Where a fact stands: ``words`` verbatim in a procedure card or in a law of the record."""

    card: str = ""
    law: str = ""
    words: str = Field(min_length=8)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.card) == bool(self.law):
            raise ValueError("name either a card or a law")
        return self

    @property
    def document_id(self) -> str:
        return f"procedure:{self.card}" if self.card else f"law:{self.law}"


class FixedDay(_Strict):
    """A day of the calendar, for who begins in one of ``months``; ``years`` later."""

    months: tuple[int, ...] = Field(min_length=1)
    day: int = Field(ge=1, le=31)
    month: int = Field(ge=1, le=12)
    years: int = Field(default=0, ge=0, le=2)


class DeadlineFile(_Strict):
    """Until when a step has to be done: one of the four ways to say so.

    ``amount`` of ``unit`` counted from ``since``; the day of the event itself
    (``at_event``); the same day as another step (``same_as``); or a ``fixed`` day.
    ``since`` is "event", steps (the first of them that is in the plan takes the
    place of the event), or ``other``: a day only the person knows, put in words.
    """

    amount: int | None = Field(default=None, gt=0)
    unit: Literal["day", "working_day", "month"] = "day"
    since: tuple[str, ...] = ("event",)
    other: str = ""
    at_event: bool = False
    same_as: str = ""
    fixed: tuple[FixedDay, ...] = ()
    text: str = Field(min_length=8)
    source: SourceFile

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [self.amount is not None, self.at_event, bool(self.same_as), bool(self.fixed)]
        if sum(ways) != 1:
            raise ValueError("say one of amount, at_event, same_as, fixed")
        if self.other and self.amount is None:
            raise ValueError("other goes with an amount")
        return self


class LateFile(_Strict):
    """What the law says of being late."""

    text: str = Field(min_length=8)
    source: SourceFile


class AfterFile(_Strict):
    """A step that has to be done before; ``when`` there is a condition for that."""

    step: str
    when: Condition = {}


class StepFile(_Strict):
    """One thing to do. Who, where and how are those of the card ``procedure``, if any."""

    id: str = Field(pattern=_ID)
    was: tuple[str, ...] = ()  # ids it had before: what was done stays done
    title: str = Field(min_length=5, max_length=120)
    procedure: str = ""
    when: tuple[Condition, ...] = ()  # any of these; empty: always
    condition: str = ""  # ``when`` in words, said while the questions are not answered
    optional: str = ""  # for whom or for what, where nobody has to
    after: tuple[AfterFile | str, ...] = ()
    gives: str = ""
    where: str = ""  # only where there is no card
    deadline: DeadlineFile | None = None
    late: LateFile | None = None
    note: str = ""
    sources: tuple[SourceFile, ...] = ()  # of the note

    @property
    def needs(self) -> tuple[AfterFile, ...]:
        return tuple(AfterFile(step=a) if isinstance(a, str) else a for a in self.after)

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.when and not self.condition:
            raise ValueError("a step with 'when' needs its 'condition' in words")
        if self.note and not self.sources:
            raise ValueError("a note needs its sources")
        if not self.procedure and not (self.where and (self.sources or self.deadline)):
            raise ValueError("a step without a procedure needs 'where', and a source")
        return self


class QuestionFile(_Strict):
    """What has to be known first, because it changes the steps; a choice of at most five."""

    id: str = Field(pattern=_ID)
    ask: str = Field(min_length=8)
    choices: dict[str, str] = Field(min_length=2, max_length=5)
    many: bool = False  # several choices may be taken


class JourneyFile(_Strict):
    """One file of ``events``."""

    id: str = Field(pattern=r"^event_[a-z_]+$")
    title: str = Field(min_length=3)
    opening: str = Field(min_length=8)
    event: str = Field(min_length=5)  # what the day is: "ngày sinh của con"
    questions: tuple[QuestionFile, ...] = Field(default=(), max_length=3)
    steps: tuple[StepFile, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        ids = [step.id for step in self.steps]
        known = [*ids, *(old for step in self.steps for old in step.was)]
        if len(set(known)) != len(known):
            raise ValueError("two steps have the same id")
        choices = {question.id: set(question.choices) for question in self.questions}
        used: set[str] = set()
        for step in self.steps:
            for condition in (*step.when, *(need.when for need in step.needs)):
                for question, values in condition.items():
                    if not set(values) <= choices.get(question, set()) or not values:
                        raise ValueError(f"{step.id}: no such question or answer: {condition}")
                    used.add(question)
            since = step.deadline.since if step.deadline else ()
            same = [step.deadline.same_as] if step.deadline and step.deadline.same_as else []
            named = [
                *(need.step for need in step.needs),
                *same,
                *(s for s in since if s != "event"),
            ]
            for name in named:
                if name not in ids or name == step.id:
                    raise ValueError(f"{step.id}: no such step: {name}")
        if useless := set(choices) - used:
            raise ValueError(f"questions that change no step: {sorted(useless)}")
        graph = {step.id: {need.step for need in step.needs} for step in self.steps}
        for step in self.steps:
            if step.deadline and step.deadline.same_as:
                graph[step.id].add(step.deadline.same_as)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            raise ValueError(f"steps wait for each other: {error.args[1]}") from None
        return self

    def question(self, name: str) -> QuestionFile | None:
        return next((each for each in self.questions if each.id == name), None)

    @property
    def revision(self) -> str:
        """What changes when anything in the file does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


def read_journey(path: Path) -> JourneyFile:
    """The journey in one file. Raises `JourneyError` with the file and the field."""
    try:
        return JourneyFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "whole file"
        raise JourneyError(f"{path.name}: {field}: {first['msg']}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise JourneyError(f"{path.name}: not readable as YAML: {error}") from error


@cache
def journeys(folder: Path = EVENTS) -> dict[str, JourneyFile]:
    """All journeys by id. Raises `JourneyError`."""
    found = [read_journey(path) for path in sorted(folder.glob("*.yml"))]
    return {journey.id: journey for journey in found}


def journey(name: str) -> JourneyFile:
    """The journey ``event_birth``, for short ``birth``. Raises `JourneyError`."""
    known = journeys()
    wanted = name.strip().lower().replace("-", "_")
    found = known.get(wanted) or known.get(f"event_{wanted}")
    if found is None:
        short = ", ".join(each.removeprefix("event_") for each in known)
        raise JourneyError(f"Không có hành trình “{name}”. Các hành trình đang có: {short}.")
    return found
