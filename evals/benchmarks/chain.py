"""The retrieval of the LangChain tutorial: split by length, embed, ask Chroma.

``RecursiveCharacterTextSplitter`` with 1,000 characters and 200 of overlap,
``Chroma.similarity_search``, everything else as it comes. The embedder is the
one that troly uses, with the whole of its window.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from knowledge_base.index.embedding import Embedder, VectorCache, embed_all

Progress = Callable[[str, int, int], None]

SIZE, OVERLAP = 1000, 200
_BATCH = 1000
_CHUNKS_A_DOCUMENT = 5  # how much deeper chunks are asked for than documents


class Chain:
    """An opened chain over a folder that `build_chain` wrote."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._store = _opened(folder, _Known(embedder, {}))

    def ranking(self, text: str, depth: int) -> list[str]:
        """Ids of the documents whose chunks are nearest, best first."""
        found = self._store.similarity_search(text, k=depth * _CHUNKS_A_DOCUMENT)
        return list(dict.fromkeys(str(chunk.metadata["id"]) for chunk in found))[:depth]


def build_chain(
    texts: Iterable[tuple[str, str]],
    folder: Path,
    embedder: Embedder,
    cache: VectorCache,
    progress: Progress,
) -> None:
    """Write the chain's store of ``(id, text)`` pairs; nothing is done where it is whole.

    Vectors that ``cache`` has are not computed again. Raises `ImportError`
    where LangChain's text splitters are not installed.
    """
    done = folder / "done"
    if done.exists():
        return
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP)
    chunks = [(key, chunk) for key, text in texts for chunk in splitter.split_text(text)]
    words = [chunk for _, chunk in chunks]
    vectors = embed_all(words, embedder, cache, progress)
    known = {word: [float(x) for x in vector] for word, vector in zip(words, vectors, strict=True)}
    store = _opened(folder, _Known(embedder, known))
    for start in range(0, len(chunks), _BATCH):
        part = chunks[start : start + _BATCH]
        store.add_texts(
            [chunk for _, chunk in part],
            metadatas=[{"id": key} for key, _ in part],
            ids=[str(start + at) for at in range(len(part))],
        )
    done.touch()


class _Known:
    """LangChain ``Embeddings`` by shape: passages from what is computed, queries by the model."""

    def __init__(self, embedder: Embedder, known: dict[str, list[float]]) -> None:
        self._embedder = embedder
        self._known = known

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._known[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return [float(x) for x in self._embedder.queries([text])[0]]


def _opened(folder: Path, embeddings: Any) -> Any:
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")  # of Chroma
    from langchain_chroma import Chroma

    folder.mkdir(parents=True, exist_ok=True)
    return Chroma(embedding_function=embeddings, persist_directory=str(folder))
