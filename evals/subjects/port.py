"""What is evaluated: anything that answers a conversation. The real doors are such subjects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from assistant.config import Config
from evals.vocabulary import Words
from knowledge_base.home import Home


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer and how long it took.

    ``answer`` is in the shape of docs/answer-json.md without ``id`` and
    ``trace``, so that the same question twice gives the same bytes; ``steps``
    are milliseconds by step where the subject tells, ``marks`` those from the
    question to the first event of a kind ("card", "token").
    """

    answer: dict[str, Any]
    ms: float
    steps: dict[str, float] = field(default_factory=dict)
    marks: dict[str, float] = field(default_factory=dict)


class Subject(Protocol):
    """Something that can be asked."""

    @property
    def name(self) -> str:
        """A folder of the run is called so."""
        ...

    def describe(self) -> dict[str, Any]:
        """What makes two runs comparable: versions, corpus, model. JSON, the same each time."""
        ...

    def converse(self, messages: Sequence[str], as_of: date | None) -> list[Reply]:
        """The replies to a conversation's messages, asked one after the other from its start.

        Raises `evals.errors.SubjectError` where there is no answer to be had.
        """
        ...

    def source(self, document_id: str, sha256: str) -> str | None:
        """The stored text that a citation points into, or None where there is none such."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and with what subjects are opened.

    ``work`` is a folder they may keep indexes in; ``url`` is a running server's.
    """

    home: Home
    config: Config
    work: Path
    url: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A subject that can be chosen by name.

    ``role``: "own" is troly by one of its doors, "baseline" what others would
    build. ``open`` raises `MissingData` where it cannot run on this machine.
    ``most``: how many samples of a group it is asked at most (0: all), for slow
    ones; others are compared with it on the same samples. ``sets``: the only
    sets it is asked (none: all of them).
    """

    name: str
    title: Words
    role: str
    open: Callable[[Setting], Subject]
    most: int = 0
    sets: tuple[str, ...] = ()
