"""What the command line hands to the commands of this package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

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
