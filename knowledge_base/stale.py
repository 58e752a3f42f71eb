"""What an index still knows though the record has it otherwise by now.

An index is built as a whole and takes its time; a withdrawn text must be gone
at once, and a changed one must not be answered from in its old wording. So
every search asks the record, in one small query, whether anything happened
since its index was built, and leaves those documents out until it is rebuilt.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge_base.index.artefact import Index
    from knowledge_base.index.fusion import Mask
    from knowledge_base.store import Record


@dataclass(frozen=True, slots=True)
class Stale:
    """Documents to leave out. ``key`` names the set (empty: nothing is stale).

    ``fresh`` has a True for each row of the index that may be shown; None: all may.
    """

    key: str = ""
    ids: frozenset[str] = frozenset()
    fresh: Mask | None = None


class StaleDocuments:
    """Watches one record for one opened index; safe for many threads."""

    def __init__(self, record: Record | None, index: Index) -> None:
        self._record = record
        self._index = index
        self._lock = threading.Lock()
        self._seen: tuple[int, int | None] | None = None
        self._stale = Stale()

    def look(self) -> Stale:
        """What is stale at this moment. About 20 µs while nothing happens."""
        if self._record is None:
            return self._stale
        now = self._record.changes_unseen(self._index.manifest.corpus_version)
        with self._lock:
            if now != self._seen:
                self._stale = self._compare(self._record, *now)
                self._seen = now
            return self._stale

    def _compare(self, record: Record, last: int, seen: int | None) -> Stale:
        import numpy as np

        if seen is not None and last <= seen:
            return Stale()
        if seen is not None:
            changed = record.changed_since(seen)
        else:  # an index of an unknown time: at least nothing that is gone is shown
            changed = frozenset(self._index.document_ids).difference(record.ids())
        numbers = [n for n, key in enumerate(self._index.document_ids) if key in changed]
        if not numbers:
            return Stale()
        names = sorted(self._index.document_ids[n] for n in numbers)
        key = hashlib.sha256("\n".join(names).encode()).hexdigest()[:8]
        return Stale(key, frozenset(names), ~np.isin(self._index.document, numbers))
