"""Fielded BM25 over token and pair-of-tokens postings, as plain arrays.

The weights of the fields are folded into the impacts when the index is built
(BM25F), so a query is a sum of a few slices. Terms are 64-bit hashes in a
sorted array: the index opens by mapping files, whatever its size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Halves = npt.NDArray[np.float16]
Hashes = npt.NDArray[np.uint64]

_NAMES = ("terms", "starts", "rows", "impacts", "idf")


@dataclass(frozen=True, slots=True)
class Field:
    """How much an occurrence in a field counts, and how much the field's length discounts it."""

    weight: float
    b: float = 0.6


K1 = 1.0


def term_hashes(words: Sequence[str]) -> Hashes:
    """One stable 64-bit hash a token."""
    digests = (hashlib.blake2b(word.encode(), digest_size=8).digest() for word in words)
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def pair_hashes(left: Hashes, right: Hashes) -> Hashes:
    """Hashes of ordered pairs, from the hashes of their tokens."""
    mixed: Hashes = (left * np.uint64(0x9E3779B97F4A7C15)) ^ (right + np.uint64(0xD1B54A32D192ED03))
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return mixed


@dataclass(frozen=True, slots=True)
class FieldTokens:
    """One field of all rows: token ids end to end, and how many each row has."""

    ids: Ints
    lengths: Ints


class Vocabulary:
    """Token → id, in order of appearance."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def ids(self, words: Sequence[str]) -> list[int]:
        known = self._ids
        return [known.setdefault(word, len(known)) for word in words]

    @property
    def words(self) -> list[str]:
        return list(self._ids)


class LexicalIndex:
    """Postings with ready-made BM25 impacts.

    ``rows`` is how many things (passages or documents) are indexed; scores
    are arrays of that length.
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], rows: int) -> None:
        self._terms: Hashes = arrays["terms"]
        self._starts: Longs = arrays["starts"]
        self._rows: Ints = arrays["rows"]
        self._impacts: Halves = arrays["impacts"]
        self._idf: Floats = arrays["idf"]
        self.rows = rows

    @property
    def highest_idf(self) -> float:
        """What a term that is nowhere would weigh."""
        return float(np.log(1 + (self.rows + 0.5) / 0.5))

    def find(self, terms: Hashes) -> Longs:
        """Positions of terms, -1 where a term is nowhere."""
        if len(self._terms) == 0:
            return np.full(len(terms), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._terms, terms), len(self._terms) - 1)
        return np.where(self._terms[at] == terms, at, -1).astype(np.int64)

    def frequencies(self, terms: Hashes) -> Longs:
        """In how many rows each term is."""
        at = self.find(terms)
        counts = self._starts[np.maximum(at, 0) + 1] - self._starts[np.maximum(at, 0)]
        return np.where(at >= 0, counts, 0)

    def idf(self, terms: Hashes) -> Floats:
        """Inverse document frequencies; the highest for what is nowhere."""
        at = self.find(terms)
        if len(self._idf) == 0:
            return np.full(len(terms), self.highest_idf, dtype=np.float32)
        return np.where(at >= 0, self._idf[np.maximum(at, 0)], self.highest_idf).astype(np.float32)

    def add_scores(self, scores: Floats, terms: Hashes, weights: Floats) -> None:
        """Add the weighted impacts of ``terms`` to ``scores`` in place."""
        for position, weight in zip(self.find(terms), weights, strict=True):
            if position >= 0 and weight:
                part = slice(int(self._starts[position]), int(self._starts[position + 1]))
                # Rows of one term are distinct, so this adds and never overwrites.
                scores[self._rows[part]] += weight * self._impacts[part].astype(np.float32)

    def rows_of(self, term: np.uint64) -> Ints:
        """The rows a term is in, in order."""
        position = int(self.find(np.array([term]))[0])
        if position < 0:
            return np.zeros(0, dtype=np.int32)
        return self._rows[int(self._starts[position]) : int(self._starts[position + 1])]

    def presence(self, terms: Hashes, rows: Ints) -> npt.NDArray[np.bool_]:
        """Which of ``terms`` are in which of ``rows``: shape (terms, rows)."""
        found = np.zeros((len(terms), len(rows)), dtype=bool)
        for number, position in enumerate(self.find(terms)):
            if position >= 0:
                listed = self._rows[int(self._starts[position]) : int(self._starts[position + 1])]
                at = np.minimum(np.searchsorted(listed, rows), len(listed) - 1)
                found[number] = listed[at] == rows
        return found

    def save(self, folder: Path, name: str) -> None:
        for part in _NAMES:
            np.save(folder / f"{name}.{part}.npy", getattr(self, f"_{part}"))

    @classmethod
    def open(cls, folder: Path, name: str, rows: int) -> LexicalIndex:
        """Map an index that `save` wrote."""
        return cls(
            {part: np.load(folder / f"{name}.{part}.npy", mmap_mode="r") for part in _NAMES}, rows
        )


#: Of one field: term keys, the rows they are in, and their weights.
_Occurrences = tuple[Longs, Longs, Floats]


@dataclass(frozen=True, slots=True)
class _Postings:
    """Postings grouped by term: per term ``terms``, ``counts``, ``idf``; per posting the rest."""

    terms: Hashes
    counts: Longs
    idf: Floats
    rows: Ints
    impacts: Halves


def build(
    fields: Sequence[tuple[Field, FieldTokens]], hashes: Hashes, rows: int, *, pairs: bool
) -> LexicalIndex:
    """Index ``rows`` rows. ``hashes[i]`` is the hash of token ``i``.

    With ``pairs``, neighbouring tokens of a field are terms too.
    """
    size = np.int64(len(hashes))
    singles: list[_Occurrences] = []
    doubles: list[_Occurrences] = []
    for field, found in fields:
        owner = np.repeat(np.arange(rows, dtype=np.int64), found.lengths)
        filled = found.lengths[found.lengths > 0]
        average = float(filled.mean()) if len(filled) else 1.0
        share = field.weight / (1 - field.b + field.b * found.lengths / average)
        weight = np.repeat(share.astype(np.float32), found.lengths)
        ids = found.ids.astype(np.int64)
        singles.append((ids, owner, weight))
        if pairs and len(ids) > 1:
            inside = owner[1:] == owner[:-1]
            both = (ids[:-1] * size + ids[1:])[inside]
            doubles.append((both, owner[1:][inside], weight[1:][inside]))
    parts = [_impacts(singles, rows, lambda keys: hashes[keys])]
    if doubles:
        parts.append(
            _impacts(
                doubles, rows, lambda keys: pair_hashes(hashes[keys // size], hashes[keys % size])
            )
        )
    return LexicalIndex(_joined(parts), rows)


def _impacts(
    occurrences: Sequence[_Occurrences], rows: int, hashed: Callable[[Longs], Hashes]
) -> _Postings:
    """Group occurrences by (term, row) and weigh them."""
    keys = np.concatenate([part[0] for part in occurrences])
    owners = np.concatenate([part[1] for part in occurrences])
    weights = np.concatenate([part[2] for part in occurrences])
    terms, term_of = np.unique(keys, return_inverse=True)
    width = max(rows, 1)
    cell = term_of.astype(np.int64) * width + owners
    order = np.argsort(cell, kind="stable")
    cell, weights = cell[order], weights[order]
    new = np.ones(len(cell), dtype=bool)
    new[1:] = cell[1:] != cell[:-1]
    first = np.flatnonzero(new)
    frequency = np.add.reduceat(weights, first) if len(first) else weights
    term, row = cell[first] // width, (cell[first] % width).astype(np.int32)
    count = np.bincount(term, minlength=len(terms)).astype(np.int64)
    idf = np.log(1 + (rows - count + 0.5) / (count + 0.5)).astype(np.float32)
    impact = idf[term] * (K1 + 1) * frequency / (K1 + frequency)
    return _Postings(hashed(terms), count, idf, row, impact.astype(np.float16))


def _joined(parts: Sequence[_Postings]) -> dict[str, npt.NDArray[Any]]:
    """Sort the terms of all parts by hash and lay their postings out in that order."""
    terms = np.concatenate([part.terms for part in parts])
    counts = np.concatenate([part.counts for part in parts])
    starts = np.concatenate(([0], np.cumsum(counts)))
    order = np.argsort(terms, kind="stable")
    new_starts = np.concatenate(([0], np.cumsum(counts[order]))).astype(np.int64)
    # Where each posting of the new order comes from.
    source = np.arange(int(new_starts[-1])) - np.repeat(new_starts[:-1], counts[order])
    source += np.repeat(starts[:-1][order], counts[order])
    return {
        "terms": terms[order],
        "starts": new_starts,
        "rows": np.concatenate([part.rows for part in parts])[source],
        "impacts": np.concatenate([part.impacts for part in parts])[source],
        "idf": np.concatenate([part.idf for part in parts])[order],
    }
