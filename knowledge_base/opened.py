"""One store's index as it is searched: opened once, with what is computed from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge_base.document_facts import StoreFacts
from knowledge_base.stale import StaleDocuments

if TYPE_CHECKING:
    from knowledge_base.index.artefact import Index
    from knowledge_base.index.diacritics import Restorer
    from knowledge_base.index.fusion import DenseScale
    from knowledge_base.store import Record


@dataclass(frozen=True, slots=True)
class OpenedStore:
    """One store's index with what is computed from it when it is opened."""

    folder: Path
    index: Index
    restorer: Restorer
    scale: DenseScale | None
    stale: StaleDocuments
    facts: StoreFacts


def open_store(folder: Path, record: Record | None) -> OpenedStore:
    """The index in ``folder``. Raises `IndexMissing`, `IndexOutdated`, `IndexCorrupt`."""
    from knowledge_base.index.artefact import open_index
    from knowledge_base.index.diacritics import Restorer
    from knowledge_base.index.fusion import DenseScale

    index = open_index(folder)
    scale = None
    if index.vectors is not None:
        scale = DenseScale(index.vectors, index.manifest.embedder)
    stale = StaleDocuments(record, index)
    facts = StoreFacts(record, lambda: stale.look().key)
    return OpenedStore(folder, index, Restorer(folder, index.words), scale, stale, facts)
