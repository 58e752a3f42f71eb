"""Nearest vectors through Chroma (the only module that imports chromadb).

Chroma keeps a row number and what is filtered on; the passages themselves are
in the artefact. It is imported when first needed: the import takes a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from langchain_chroma import Chroma

Halves = npt.NDArray[np.float16]
_COLLECTION = "passages"
_BATCH = 1000


def _store(folder: Path, embeddings: Any = None) -> Chroma:
    import chromadb
    from chromadb.config import Settings
    from langchain_chroma import Chroma

    client = chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False)
    )
    return Chroma(
        collection_name=_COLLECTION,
        embedding_function=embeddings,
        client=client,
        collection_metadata={"hnsw:space": "cosine", "hnsw:search_ef": 200},
    )


def _close(store: Chroma) -> None:
    # Chroma keeps one system a path for the life of the process; a folder that is about to be
    # renamed must not stay open.
    store._client.close()


def write(
    folder: Path,
    vectors: Halves,
    facts: list[dict[str, int]],
    progress: Callable[[str, int, int], None],
) -> None:
    """Store vectors, row ``i`` under the id ``str(i)`` with the facts it is filtered by."""
    from langchain_core.embeddings import Embeddings

    class Ready(Embeddings):
        """The vectors are known already: the "text" of a row is its number."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            rows = vectors[[int(text) for text in texts]].astype(np.float32)
            found: list[list[float]] = rows.tolist()
            return found

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    folder.mkdir(parents=True, exist_ok=True)
    store = _store(folder, Ready())
    try:
        for start in range(0, len(vectors), _BATCH):
            rows = range(start, min(start + _BATCH, len(vectors)))
            names = [str(row) for row in rows]
            store.add_texts(names, metadatas=[dict(facts[row]) for row in rows], ids=names)
            progress("chroma", rows.stop, len(vectors))
    finally:
        _close(store)


class VectorStore:
    """An opened Chroma collection, searched by vector."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: Chroma | None = None
        self._lock = threading.Lock()

    def nearest(
        self, vector: npt.NDArray[np.float32], count: int, where: dict[str, Any] | None = None
    ) -> list[int]:
        """Row numbers of the nearest vectors, nearest first, among those ``where`` allows."""
        found = self._store().similarity_search_by_vector(vector.tolist(), k=count, filter=where)
        return [int(document.page_content) for document in found]

    def count(self) -> int:
        """How many vectors are stored."""
        return int(self._store()._collection.count())

    def _store(self) -> Chroma:
        with self._lock:  # one client a path, however many threads ask first
            if self._opened is None:
                self._opened = _store(self._folder)
            return self._opened

    def close(self) -> None:
        if self._opened is not None:
            _close(self._opened)
            self._opened = None
