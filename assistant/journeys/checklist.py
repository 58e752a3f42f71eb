"""The nouns of a journey: what a person has to do, until when, and what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.vocabulary import Citation


class StepStatus(StrEnum):
    """Where a step stands. ``blocked``: something else has to be done before."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person said of a step: done (on which day, if told) or not needed."""

    status: StepStatus
    on: date | None = None
    title: str = ""  # as the step was called then: it may be gone from the journey


@dataclass(frozen=True, slots=True)
class Due:
    """Until when. ``day`` is the last day as counted, None with the reason in ``unknown``.

    ``moved_to``: the working day on which the period ends, where ``day`` is none.
    ``unsure``: what is not known of the days off on the way; the day counted is
    then the earliest it can be.
    """

    text: str
    day: date | None = None
    moved_to: date | None = None
    unsure: str = ""
    unknown: str = ""
    citation: Citation | None = None

    @property
    def last(self) -> date | None:
        """The day after which it is late."""
        return self.moved_to or self.day


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. Steps of the same ``stage`` (from 1) can be done side by side.

    ``condition`` is for whom it is, while the questions do not settle that;
    ``used_by`` are the steps that need what this one gives. ``late`` says what
    being late means, once it is late. ``online`` is "full", "partial", "yes",
    "no", or "" where it is not known.
    """

    id: str
    title: str
    status: StepStatus
    stage: int
    blocked_by: tuple[str, ...] = ()
    procedure: str = ""
    condition: str = ""
    optional: str = ""
    gives: str = ""
    used_by: tuple[str, ...] = ()
    who: str = ""
    where: str = ""
    online: str = ""
    due: Due | None = None
    is_late: bool = False
    late: str = ""
    done_on: date | None = None
    note: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What to ask first. ``choices`` are (value, what the button says), at most five."""

    id: str
    ask: str
    choices: tuple[tuple[str, str], ...]
    many: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept of a checklist; the rest is worked out anew. No personal data.

    ``marks`` by step id, steps that the journey no longer has included.
    """

    journey: str
    event_date: date | None
    answers: Mapping[str, str]
    marks: Mapping[str, Mark]
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """The steps of one event for one person on one day, in an order that works.

    ``former`` are marks of steps that the journey no longer has. ``notices`` are
    sentences for the person. ``code`` is what the person takes it up again with.
    """

    journey: str
    title: str
    opening: str
    event: str
    event_date: date | None
    answers: Mapping[str, str]
    questions: tuple[OpenQuestion, ...]
    steps: tuple[Step, ...]
    notices: tuple[str, ...]
    today: date
    revision: str
    former: Mapping[str, Mark]
    code: str = ""

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.id == name), None)

    @property
    def next_steps(self) -> tuple[Step, ...]:
        """What can be done now, what is due first before the rest."""
        now = [step for step in self.steps if step.status is StepStatus.OPEN]
        return tuple(
            sorted(now, key=lambda s: (bool(s.optional), (s.due and s.due.last) or date.max))
        )

    @property
    def kept(self) -> Kept:
        """What has to be kept to make this again."""
        marks = {
            step.id: Mark(step.status, step.done_on, step.title)
            for step in self.steps
            if step.status in (StepStatus.DONE, StepStatus.SKIPPED)
        }
        return Kept(
            self.journey, self.event_date, dict(self.answers), {**self.former, **marks},
            self.revision,
        )  # fmt: skip
