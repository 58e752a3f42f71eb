"""Vectors without a network: a table of Vietnamese syllables and pairs of them, summed.

A text's vector is the weighted sum of the rows of its syllables (as written and
without diacritics) and of its frequent neighbouring pairs, brought to length
one. The table was learned (``evals/training/embedder.py``); here it is only
looked up, so numpy is all it takes: thousands of passages a second, a query in
a fraction of a millisecond, the same numbers on every machine.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from knowledge_base.index.embedding import EmbedderUnavailable, Vectors
from knowledge_base.vietnamese import clean, fold, tokens

TABLE = Path(__file__).parent.parent / "tables" / "static_embedding.npz"

#: Syllables of a passage, and of a query, that count. What comes after is not read.
LONGEST = 256

Ints = npt.NDArray[np.int64]

_SYLLABLE = re.compile(r"[^\W_]+")
# The first syllables of a text (its title) say more than later ones: a weight for each stretch.
STRETCHES: Ints = np.array([min(place.bit_length(), 8) for place in range(LONGEST)])
_BATCH = 256


def syllables(text: str) -> list[str]:
    """A text's syllables and numbers in one spelling each; codes fall into their parts."""
    found = _SYLLABLE.findall(clean(text).lower())
    return [_spelled(syllable) for syllable in found]


@lru_cache(maxsize=100_000)
def _spelled(syllable: str) -> str:
    return next(iter(tokens(syllable)), syllable) if syllable.isalpha() else syllable


class Lexicon:
    """Which rows of the table a text stands for.

    Rows are numbered: first ``words`` (syllables as written), then ``plains``
    (syllables without diacritics), then ``pairs`` (two word rows each; shape (n, 2)).
    """

    def __init__(
        self, words: Sequence[str], plains: Sequence[str], pairs: npt.NDArray[np.int32]
    ) -> None:
        self._words = {word: row for row, word in enumerate(words)}
        self._plains = {word: len(words) + row for row, word in enumerate(plains)}
        self._base = len(words) + len(plains)
        self._stride = len(words) + 1
        keys = pairs[:, 0].astype(np.int64) * self._stride + pairs[:, 1]
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        self._known: dict[str, tuple[int, int]] = {}
        self.sizes = (len(words), len(plains), len(pairs))

    def numbered(self, text: str) -> Ints:
        """Word and plain rows of a text's syllables, -1 where there is none. Shape: (n, 2)."""
        found = _SYLLABLE.findall(clean(text[: 16 * LONGEST]).lower())[:LONGEST]
        rows = np.array([self._row(syllable) for syllable in found], dtype=np.int64).reshape(-1, 2)
        if all(map(str.isascii, found)):
            rows[:, 0] = -1  # typed without diacritics: "thu" may be any of its readings
        return rows

    def _row(self, syllable: str) -> tuple[int, int]:
        row = self._known.get(syllable)
        if row is None:
            one = _spelled(syllable)
            row = self._words.get(one, -1), self._plains.get(fold(one), -1)
            if len(self._known) < 100_000:
                self._known[syllable] = row
        return row

    def rows(self, texts: Sequence[Ints]) -> tuple[Ints, Ints, Ints]:
        """Table rows, the text each belongs to, and the stretch each stands in (flat arrays)."""
        lengths = [len(text) for text in texts]
        everything = np.concatenate(texts) if texts else np.zeros((0, 2), np.int64)
        owner = np.repeat(np.arange(len(texts)), lengths)
        starts = np.repeat(np.cumsum([0, *lengths[:-1]]), lengths)
        place = STRETCHES[np.minimum(np.arange(len(everything)) - starts, LONGEST - 1)]
        first, second = everything[:-1, 0], everything[1:, 0]
        both = (first >= 0) & (second >= 0) & (owner[:-1] == owner[1:])
        keys = np.where(both, first * self._stride + second, -1)
        at = np.minimum(np.searchsorted(self._keys, keys), max(len(self._keys) - 1, 0))
        known = both & (self._keys[at] == keys) if len(self._keys) else both & False
        pair = np.where(known, self._base + self._order[at], -1) if len(self._keys) else first * 0
        rows = np.concatenate([everything[:, 0], everything[:, 1], pair])
        kept = rows >= 0
        owners = np.concatenate([owner, owner, owner[:-1]])[kept]
        return rows[kept], owners, np.concatenate([place, place, place[:-1]])[kept]


@dataclass(frozen=True, slots=True)
class Table:
    """What was learned. ``nibbles`` are two signed 4-bit weights a byte: (rows, dimension / 2)."""

    version: str
    lexicon: Lexicon
    nibbles: npt.NDArray[np.uint8]
    scales: npt.NDArray[np.float16]  # (rows,)
    gains: npt.NDArray[np.float16]  # (2, rows): of a row in a passage, in a query
    stretches: npt.NDArray[np.float32]  # (2, 9)

    @classmethod
    def read(cls, file: Path) -> Table:
        """Raises `EmbedderUnavailable` where the file is missing or damaged."""
        try:
            with np.load(file, allow_pickle=False) as kept:
                words = str(kept["words"]).split("\n")
                plains = str(kept["plains"]).split("\n")
                return cls(
                    version=str(kept["version"]),
                    lexicon=Lexicon(words, plains, kept["pairs"]),
                    nibbles=kept["nibbles"],
                    scales=kept["scales"],
                    gains=kept["gains"],
                    stretches=kept["stretches"],
                )
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise EmbedderUnavailable(f"không đọc được bảng véc-tơ {file}: {error}") from error

    def weights(self, rows: Ints) -> Vectors:
        """The vectors of some rows. Shape: (rows, dimension)."""
        packed = self.nibbles[rows]
        out = np.empty((len(rows), 2 * packed.shape[1]), dtype=np.float32)
        out[:, 0::2] = packed & 15
        out[:, 1::2] = packed >> 4
        out -= 8
        return out


class StaticEmbedder:
    """Learned vectors of syllables and pairs, summed. The table is read at first use (0.1 s)."""

    def __init__(self, file: Path = TABLE) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._table: Table | None = None

    @property
    def name(self) -> str:
        return f"static-{self._loaded().version}"

    @property
    def dimension(self) -> int:
        return 2 * int(self._loaded().nibbles.shape[1])

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._embedded(texts, 1)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._embedded(texts, 0)

    def _embedded(self, texts: Sequence[str], side: int) -> Vectors:
        table = self._loaded()
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            some = [table.lexicon.numbered(text) for text in texts[start : start + _BATCH]]
            rows, owners, places = table.lexicon.rows(some)
            weight = table.stretches[side, places] * table.gains[side, rows] * table.scales[rows]
            found, where = np.unique(rows, return_inverse=True)
            counts = np.zeros((len(some), len(found)), dtype=np.float32)
            np.add.at(counts, (owners, where), weight)
            out[start : start + len(some)] = counts @ table.weights(found)
        length = np.linalg.norm(out, axis=1, keepdims=True)
        return np.asarray(out / np.maximum(length, 1e-9), dtype=np.float32)

    def _loaded(self) -> Table:
        with self._lock:
            if self._table is None:
                self._table = Table.read(self._file)
            return self._table
