"""Names of documents, kept from one question to the next."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge_base.law.catalogue import LawNames
    from knowledge_base.law.shelves import Shelves


class NamesKept:
    """The names of the public documents, made once for each state of the corpus."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[str, LawNames] | None = None

    def of(self, shelves: Shelves, version: str) -> LawNames:
        """The names at a version of the corpus; without one they are read again."""
        from knowledge_base.law.catalogue import LawNames, catalogue

        with self._lock:
            if not version or self._kept is None or self._kept[0] != version:
                self._kept = version, LawNames(catalogue(shelves))
            return self._kept[1]
