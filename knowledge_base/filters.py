"""Which rows of an index a caller's search may rank: labels, days, and what is asked to be in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from knowledge_base.query import Filter
from knowledge_base.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from knowledge_base.document_facts import DocumentFacts
    from knowledge_base.index.artefact import Index
    from knowledge_base.index.fusion import Mask

#: What Chroma is told where nothing fits: no row has this number.
_NONE = -9


def masks(
    index: Index,
    scope: Scope,
    as_of: date,
    within: Filter,
    facts: Callable[[], DocumentFacts],
) -> tuple[Mask | None, dict[str, Any] | None]:
    """A True for each row that may be ranked, and the same for Chroma; None when all may.

    ``facts`` is called only where the filter asks for what the index does not know.
    """
    import numpy as np

    day = as_of.toordinal()
    checks: list[tuple[Mask, list[dict[str, Any]]]] = []
    for name, numbers in _numbers(index, scope, within):
        fits = np.isin(getattr(index, name), numbers)
        checks.append((fits, [{name: {"$in": numbers or [_NONE]}}]))
    if not within.include_not_in_force:
        holds = (index.starts <= day) & (index.ends >= day)
        checks.append((holds, [{"starts": {"$lte": day}}, {"ends": {"$gte": day}}]))
    if within.asks_for_facts:  # not said to Chroma: such a search compares with every row
        ids = facts().fitting(within)
        fitting = [n for n, key in enumerate(index.document_ids) if key in ids]
        checks.append((np.isin(index.document, fitting), []))
    # What does not exclude anything is not asked of Chroma: filters are its slow path.
    checks = [check for check in checks if not check[0].all()]
    if not checks:
        return None, None
    parts = [part for _, wheres in checks for part in wheres]
    where = parts[0] if len(parts) == 1 else {"$and": parts} if parts else None
    return np.logical_and.reduce([mask for mask, _ in checks]), where


def needs_every_row(within: Filter) -> bool:
    """Whether so little is left that the nearest of all rows would hardly be in it."""
    return within.asks_for_facts or any(part.document_ids for part in within.parts())


def _numbers(index: Index, scope: Scope, within: Filter) -> Iterator[tuple[str, list[int]]]:
    """Columns of the index, and the numbers in them that are let through."""
    yield "labels", [n for n, labels in enumerate(index.label_sets) if scope.may_see(labels)]
    for part in within.parts():
        if part.kinds:
            yield "kind", [n for n, kind in enumerate(index.kinds) if kind in part.kinds]
        if part.collections:
            names = enumerate(index.collections)
            yield "collection", [n for n, name in names if name in part.collections]
        if part.document_ids:
            keys = enumerate(index.document_ids)
            yield "document", [n for n, key in keys if key in part.document_ids]
