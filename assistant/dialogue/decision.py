"""What is to be done about a turn. Rasa decides, or plain rules do; the assistant carries it out.

The JSON of a decision is what Rasa's responses carry as their ``custom``
payload: ``{"decision": {"kind": "answer", …}}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class DecisionKind(StrEnum):
    """A closed list: each kind is carried out in one place."""

    ANSWER = "answer"  # ask the assistant ``question``, about ``slots``
    ASK = "ask"  # ask the person for ``asks``; ``choices`` at most five
    SAY = "say"  # a reviewed sentence: ``reply`` is its name
    HAND_OFF = "hand_off"  # to an officer
    COMMAND = "command"  # sources, delete my data, start over, …
    JOURNEY = "journey"  # a life event: ``journey`` is its id


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to go on: what the button says, and what pressing it means."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``by`` says who made it: "rasa" or "direct".

    ``question`` is the turn as a question that stands alone; empty means the
    turn's own words. ``slots`` are what the person has said so far that changes
    an answer (``person_kind: minor``). ``reason`` is for the operator.
    """

    kind: DecisionKind
    intent: str
    confidence: float
    by: Literal["rasa", "direct"]
    question: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    asks: str = ""
    choices: tuple[Choice, ...] = ()
    reply: str = ""
    command: str = ""
    journey: str = ""
    reason: str = ""


class _ChoiceRead(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=1, max_length=200)
    payload: str = Field(min_length=1, max_length=500)


class DecisionRead(BaseModel):
    """A decision as it comes from outside; anything else is refused."""

    model_config = ConfigDict(extra="forbid")
    kind: DecisionKind
    intent: str = Field(default="", max_length=64)
    confidence: float = Field(default=0.0, ge=0, le=1)
    question: str = Field(default="", max_length=2000)
    slots: dict[str, str | None] = Field(default_factory=dict)
    asks: str = Field(default="", max_length=64)
    choices: list[_ChoiceRead] = Field(default_factory=list, max_length=5)
    reply: str = Field(default="", max_length=64)
    command: str = Field(default="", max_length=64)
    journey: str = Field(default="", max_length=64)
    reason: str = Field(default="", max_length=500)


class DecisionUnreadable(ValueError):
    """What came back is no decision; the message says why, without the person's words."""


def read_decision(payload: Any, by: Literal["rasa", "direct"]) -> Decision:
    """The decision in ``{"decision": {…}}``. Raises `DecisionUnreadable`."""
    try:
        read = DecisionRead.model_validate(payload["decision"])
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DecisionUnreadable(f"{where}: {first['msg']}") from None
    except (KeyError, TypeError):
        raise DecisionUnreadable("there is no 'decision' in it") from None
    return Decision(
        read.kind,
        read.intent,
        read.confidence,
        by,
        read.question,
        {name: value for name, value in read.slots.items() if value is not None},
        read.asks,
        tuple(Choice(each.title, each.payload) for each in read.choices),
        read.reply,
        read.command,
        read.journey,
        read.reason,
    )


def decision_json(decision: Decision) -> dict[str, Any]:
    """What `read_decision` reads: only the keys that say something."""
    told: dict[str, Any] = {
        "kind": decision.kind.value,
        "intent": decision.intent,
        "confidence": decision.confidence,
        "slots": dict(decision.slots),
        "choices": [{"title": c.title, "payload": c.payload} for c in decision.choices],
    }
    for name in ("question", "asks", "reply", "command", "journey", "reason"):
        told[name] = getattr(decision, name)
    return {"decision": {name: value for name, value in told.items() if value not in ("", {}, [])}}
