"""A knowledge base seen through a filter: what does not fit is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from knowledge_base.document_facts import Facts, Fit
from knowledge_base.documents import Document, DocumentKind, Hit, ProcedureCard
from knowledge_base.query import Filter, Query
from knowledge_base.scope import Scope
from knowledge_base.search import KnowledgeBase

if TYPE_CHECKING:
    from knowledge_base.index.embedding import Embedder
    from knowledge_base.law.library import Library


class NarrowedKnowledge(KnowledgeBase):
    """``whole`` as far as ``within`` goes, over the same opened stores.

    Whoever is given this can neither find nor fetch anything else: that, and not
    the care of each step, is what keeps a profile to its field. The texts of old
    citations, the graph of numbers and the reading of words are those of the whole.
    """

    def __init__(self, whole: KnowledgeBase, within: Filter) -> None:
        self.__dict__.update(whole.__dict__)  # one set of opened files, locks and caches
        self._whole = whole
        self._within = within

    def search(
        self,
        query: Query,
        *,
        scope: Scope,
        as_of: date,
        within: Filter = Filter(),  # noqa: B008  (frozen)
        limit: int = 10,
        per_document: int | None = None,
        gate: bool = True,
    ) -> tuple[Hit, ...]:
        return self._whole.search(
            query,
            scope=scope,
            as_of=as_of,
            within=both(within, self._within),
            limit=limit,
            per_document=per_document,
            gate=gate,
        )

    def document(self, document_id: str, scope: Scope) -> Document | None:
        found = self._whole.document(document_id, scope)
        if found is None or found.kind is DocumentKind.PLACE:
            return found  # where a former province is now is said beside any answer
        return found if self._fits(found, scope) else None

    def sees(self, document_id: str, scope: Scope) -> bool:
        found = self._whole.document(document_id, scope)
        return found is not None and self._fits(found, scope)

    def card(self, code: str) -> ProcedureCard | None:
        found = self._whole.card(code)
        return found if found is not None and self.knows(code) else None

    def cards(self) -> Iterator[ProcedureCard]:
        return (card for card in self._whole.cards() if self.knows(card.code))

    def headings(self, kinds: Iterable[str]) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        found = self._whole.headings([kind for kind in kinds if self._has_kind(kind)])
        if self._kinds_alone:
            return found
        fitting = self.opened().facts().fitting(self._within)
        return (row for row in found if row[0] in fitting)

    def library(self, scope: Scope) -> Library | None:
        from knowledge_base.law.library import Library
        from knowledge_base.law.shelves import Shelves

        found = self._whole.library(scope)
        if found is None or (self._kinds_alone and self._has_kind(DocumentKind.LAW)):
            return found
        opened = filter(None, map(self._open, self._visible(scope)))
        only = frozenset[str]().union(*(s.facts().fitting(self._within) for s in opened))
        return Library(Shelves(*found.shelves.records, scope=scope, only=only))

    def collections(self) -> list[str]:
        parts = [part.collections for part in self._within.parts() if part.collections]
        return [name for name in self._whole.collections() if all(name in part for part in parts)]

    def knows(self, code: str) -> bool:
        """Whether the card of a procedure code fits (the card that the whole gives)."""
        if not self._has_kind(DocumentKind.PROCEDURE):
            return False
        if self._kinds_alone:
            return True
        facts = self.opened().facts()
        own = f"procedure:{code}"  # ours goes before the portal's
        key = own if facts.of_document(own) else f"portal:{code}"
        return key in facts.fitting(self._within)

    def close(self) -> None:
        """The whole is closed by who opened it."""

    @property
    def _kinds_alone(self) -> bool:
        parts = self._within.parts()
        beside = any(part.collections or part.document_ids for part in parts)
        return not beside and not self._within.asks_for_facts

    def _has_kind(self, kind: str) -> bool:
        return all(not part.kinds or kind in part.kinds for part in self._within.parts())

    def _fits(self, document: Document, scope: Scope) -> bool:
        if not self._within.asks_for_facts:
            facts = Facts(document.id, document.source_id, document.kind, document.collection)
            return all(Fit(part)(facts) for part in self._within.parts())
        opened = filter(None, map(self._open, self._visible(scope)))
        return any(document.id in store.facts().fitting(self._within) for store in opened)

    def _configured_embedder(self) -> Embedder | None:
        return self._whole._configured_embedder()


def both(first: Filter, second: Filter) -> Filter:
    """A filter of what fits both; which days are left out says ``first``."""
    also = second if first.also is None else both(first.also, second)
    return replace(first, also=also)
