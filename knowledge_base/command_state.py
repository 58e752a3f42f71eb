"""What the command line hands to the commands of this package, and the days people name there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

from knowledge_base.errors import WrongUse

if TYPE_CHECKING:
    from rich.console import Console

    from knowledge_base.changes import PastAnswers
    from knowledge_base.home import Home
    from knowledge_base.settings import KnowledgeSettings


class State(Protocol):
    """The part of ``troly.State`` that these commands use."""

    @property
    def home(self) -> Home: ...
    @property
    def knowledge(self) -> KnowledgeSettings: ...
    @property
    def console(self) -> Console: ...
    @property
    def past_answers(self) -> PastAnswers: ...


def asked_day(text: str | None) -> date:
    """The day of ``--as-of``; today where none was given. Raises `WrongUse`."""
    if not text:
        return datetime.now(UTC).astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"Ngày {text!r} không đúng dạng năm-tháng-ngày, ví dụ 2026-07-01.") from None
