"""Conversations as people can read them (transcripts/*.yml), played against any dialogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from assistant.answering import Assistant
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.decision import Decision
from assistant.dialogue.memory import Memory
from assistant.dialogue.ports import Dialogue
from assistant.dialogue.state import Heard
from assistant.vocabulary import Answer, EventKind
from knowledge_base.scope import citizen

FOLDER = Path(__file__).parent / "transcripts"


class Expected(BaseModel):
    """What the assistant must do; what is left out may be anything."""

    model_config = ConfigDict(extra="forbid")
    kind: str = ""
    intent: str = ""
    procedure: str | None = Field(default=None, alias="thủ tục")
    status: str = Field(default="", alias="trạng thái")
    asks: str = Field(default="", alias="hỏi")
    journey: str = Field(default="", alias="việc")
    says: list[str] = Field(default=[], alias="nêu")
    says_not: list[str] = Field(default=[], alias="không nêu")
    choices: list[str] = Field(default=[], alias="chọn")


class Line(BaseModel):
    """One exchange."""

    model_config = ConfigDict(extra="forbid")
    person: str = Field(alias="người dân")
    expected: Expected = Field(alias="trợ lý")


class Transcript(BaseModel):
    """One conversation."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(alias="tên")
    lines: list[Line] = Field(alias="lượt", min_length=1)


@dataclass(frozen=True)
class Difference:
    """Where a conversation went another way."""

    transcript: str
    person: str
    what: str
    expected: object
    found: object


def transcripts() -> list[Transcript]:
    """All of them, in the order of their files."""
    return [
        Transcript.model_validate(row)
        for path in sorted(FOLDER.glob("*.yml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


class Watched(Conversation):
    """A conversation whose last decision, as it was carried out, can be looked at."""

    decision: Decision | None = None

    def _settled(self, heard: Any, state: Any) -> Any:
        settled = super()._settled(heard, state)
        self.decision = settled.decision
        return settled


def play(
    assistant: Assistant, dialogue: Dialogue, memory: Path, transcript: Transcript, day: date
) -> Iterator[Difference]:
    """What is otherwise than expected; a dialogue is any that decides (rules, Rasa)."""
    conversation = Watched(assistant, dialogue, Memory(memory))
    for line in transcript.lines:
        heard = Heard(line.person, transcript.name, citizen(), as_of=day, use_model=False)
        answer = next(e.data for e in conversation.reply(heard) if e.kind is EventKind.FINAL)
        for what, expected, found in _compared(line.expected, conversation.decision, answer):
            yield Difference(transcript.name, line.person, what, expected, found)


def _compared(
    expected: Expected, decision: Decision | None, answer: Answer
) -> Iterator[tuple[str, object, object]]:
    assert decision is not None
    pairs = {
        "kind": (expected.kind, decision.kind.value),
        "intent": (expected.intent, decision.intent),
        "hỏi": (expected.asks, decision.asks),
        "việc": (expected.journey, decision.journey),
        "trạng thái": (expected.status, answer.status.value),
    }
    yield from ((what, e, found) for what, (e, found) in pairs.items() if e and e != found)
    card = answer.card.code if answer.card else ""
    if expected.procedure is not None and expected.procedure != card:
        yield "thủ tục", expected.procedure, card
    for words in expected.says:
        if words not in answer.text:
            yield "nêu", words, answer.text
    for words in expected.says_not:
        if words in answer.text:
            yield "không nêu", words, answer.text
    for choice in expected.choices:
        if choice not in answer.suggestions:
            yield "chọn", choice, answer.suggestions
