"""What is asked of the knowledge base."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.documents import DocumentKind


@dataclass(frozen=True, slots=True)
class Query:
    """A query as typed; the search normalises it itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look in. Empty means no restriction.

    ``fields`` ("Hộ tịch") and ``document_types`` ("Thông tư") are compared
    without case and diacritics; ``authorities`` ("Bộ Công an") likewise, with
    whole words of what is known of a document's authority. ``years`` are the
    first and the last year of issue. A document of which that is not known does
    not fit. ``include_not_in_force`` keeps superseded texts, which are otherwise
    left out when they are known not to hold on the day asked about. ``also`` is
    another filter that has to fit, too.
    """

    kinds: frozenset[DocumentKind] = frozenset()
    collections: frozenset[str] = frozenset()
    document_ids: frozenset[str] = frozenset()
    include_not_in_force: bool = False
    fields: frozenset[str] = frozenset()
    authorities: frozenset[str] = frozenset()
    document_types: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None
    also: Filter | None = None

    def parts(self) -> Iterator[Filter]:
        """This filter and those that have to fit beside it."""
        yield self
        if self.also is not None:
            yield from self.also.parts()

    @property
    def asks_for_facts(self) -> bool:
        """Whether more than the index knows of a document decides."""
        return any(
            part.fields or part.authorities or part.document_types or part.years
            for part in self.parts()
        )

    @property
    def restricts(self) -> bool:
        """Whether anything at all is left out, days aside."""
        return self.asks_for_facts or any(
            part.document_ids
            or part.collections
            or (part.kinds and part.kinds != frozenset(DocumentKind))
            for part in self.parts()
        )


#: No restriction.
EVERYTHING = Filter()
