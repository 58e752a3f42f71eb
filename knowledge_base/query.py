"""What is asked of the knowledge base."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge_base.documents import DocumentKind


@dataclass(frozen=True, slots=True)
class Query:
    """A query as typed; the search normalises it itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look in. Empty means no restriction.

    ``include_not_in_force`` keeps superseded texts, which are otherwise left
    out when they are known not to hold on the day asked about.
    """

    kinds: frozenset[DocumentKind] = frozenset()
    collections: frozenset[str] = frozenset()
    document_ids: frozenset[str] = frozenset()
    include_not_in_force: bool = False
