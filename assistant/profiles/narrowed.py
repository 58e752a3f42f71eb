"""Procedures and documents by name, as far as a profile sees them."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from assistant.confidence import CardWords
from assistant.known_documents import KnownDocuments
from assistant.procedures import Procedures
from knowledge_base.documents import DocumentKind, ProcedureCard
from knowledge_base.exact_names import ExactNames
from knowledge_base.names import NameMatch
from knowledge_base.search import KnowledgeBase

_ALL = 10_000


class NarrowedProcedures(Procedures):
    """Those of ``whole`` that ``knowledge`` has.

    How telling a word is stays as it is among all procedures: the thresholds of
    the gate were measured there, and "đăng ký" says as little in a small field.
    """

    def __init__(self, whole: Procedures, knowledge: KnowledgeBase) -> None:
        super().__init__(knowledge)
        self._whole = whole

    @property
    def everything(self) -> Procedures:
        return self._whole

    def match(self, said: Sequence[str], core: Sequence[str], limit: int = 10) -> list[NameMatch]:
        self._refresh()
        found = self._whole.match(said, core, _ALL)
        return [match for match in found if match.code in self._cards][:limit]

    def weight(self, syllable: str) -> float:
        return self._whole.weight(syllable)

    def words_of(self, card: ProcedureCard) -> CardWords:
        return self._whole.words_of(card)

    def spelled(self, card: ProcedureCard) -> tuple[tuple[str, ...], ...]:
        return self._whole.spelled(card)

    @property
    def highest(self) -> float:
        return self._whole.highest

    def _refresh(self) -> None:
        version = self._knowledge.corpus_version
        if version == self._version:
            return
        with self._lock:
            if version == self._version:
                return
            cards = {card.code: card for card in self._knowledge.cards()}
            self._exact = ExactNames(cards.values())
            self._cards = cards
            self._version = version


class NarrowedDocuments(KnownDocuments):
    """Those of ``whole`` that ``knowledge`` has."""

    def __init__(self, whole: KnownDocuments, knowledge: KnowledgeBase) -> None:
        super().__init__(knowledge)
        self._whole = whole
        self._ids: frozenset[str] = frozenset()
        self._of_ids = threading.Lock()

    def match(self, said: Sequence[str], core: Sequence[str], limit: int = 5) -> list[NameMatch]:
        version = self._knowledge.corpus_version
        with self._of_ids:
            if version != self._version:
                rows = self._knowledge.headings(kind.value for kind in DocumentKind)
                self._ids = frozenset(row[0] for row in rows)
                self._version = version
            ids = self._ids
        return [m for m in self._whole.match(said, core, _ALL) if m.code in ids][:limit]
