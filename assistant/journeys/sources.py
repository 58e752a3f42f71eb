"""Where the facts of a journey stand in the record: cards, and quotes cut from the stored text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.citing import cite
from assistant.journeys.schema import SourceFile
from assistant.vocabulary import Citation
from knowledge_base.documents import (
    Document,
    How,
    OnlineLevel,
    ProcedureCard,
    Section,
    Validity,
    validity_on,
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote of the record and the days on which what it says holds."""

    citation: Citation
    effective_from: date | None
    effective_to: date | None

    def holds_on(self, day: date) -> bool:
        """False where the text says that it does not hold on ``day``; true where it is silent."""
        found = validity_on(self.effective_from, self.effective_to, day)
        return found is not Validity.NOT_IN_FORCE


class Sources(Protocol):
    """What a plan asks of the knowledge base."""

    def quote(self, source: SourceFile) -> Quoted | None: ...
    def card(self, code: str) -> ProcedureCard | None: ...


class _Documents(Protocol):
    """The part of `knowledge_base.store.Record` that is used here."""

    def document(self, document_id: str) -> Document | None: ...
    def card(self, code: str) -> ProcedureCard | None: ...


class RecordSources:
    """`Sources` over the record. What was withdrawn or reworded is not quoted."""

    def __init__(self, record: _Documents) -> None:
        self._record = record

    def card(self, code: str) -> ProcedureCard | None:
        return self._record.card(code)

    def quote(self, source: SourceFile) -> Quoted | None:
        """The line in which the words stand; None where they stand nowhere any more."""
        document = self._record.document(source.document_id)
        if document is None:
            return None
        at = document.text.find(" ".join(source.words.split()))
        if at < 0:
            return None
        start = document.text.rfind("\n", 0, at) + 1
        end = document.text.find("\n", at)
        section = _section(document, at)
        path = section.path if section else ()
        return Quoted(
            cite(document, start, end if end >= 0 else len(document.text), path),
            (section and section.effective_from) or document.effective_from,
            (section and section.effective_to) or document.effective_to,
        )


def _section(document: Document, at: int) -> Section | None:
    """The narrowest section around a place."""
    around = [s for s in document.sections if s.start <= at < s.end]
    return min(around, key=lambda s: s.end - s.start, default=None)


def online(card: ProcedureCard) -> str:
    """How far a card's procedure can be done online: "full", "partial", "yes" or "no"."""
    ways = [channel for channel in card.channels if channel.how is How.ONLINE]
    levels = {way.online_level for way in ways}
    if OnlineLevel.FULL in levels:
        return "full"
    if OnlineLevel.PARTIAL in levels:
        return "partial"
    return "yes" if ways else "no"
