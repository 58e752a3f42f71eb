"""How well a passage's names fit a query: title, other names, the headings it stands under.

BM25 adds up what a passage has of a query; it does not mind what else a name
says. A person does: of "đăng ký tạm trú" and "xóa đăng ký tạm trú", the first
is meant by "đăng ký tạm trú", though both have all its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.index.lexical import Floats, Hashes, Ints, Longs, pair_hashes, term_hashes

_PARTS = re.compile(r"\s[-–|›:]\s|[();\[\]]")
_FILES = ("tokens", "names", "rows")

#: Names of one passage as tokens (folded), in order.
Names = tuple[tuple[str, ...], ...]


def parts(name: str) -> list[str]:
    """A heading as the names it is made of.

    >>> parts("cấp đổi căn cước - Căn cước (tại xã)")
    ['cấp đổi căn cước', 'Căn cước', 'tại xã']
    """
    return [part.strip() for part in _PARTS.split(name) if part.strip()]


class Heads:
    """The names of all rows: hashes of their tokens end to end, and where each begins."""

    def __init__(self, tokens: Hashes, names: Longs, rows: Longs) -> None:
        self._tokens = tokens
        self._names = names  # name n is tokens[names[n]:names[n + 1]]
        self._rows = rows  # row r has the names rows[r]:rows[r + 1]

    @classmethod
    def open(cls, folder: Path) -> Heads:
        """Map what `write` wrote."""
        tokens, names, rows = (np.load(folder / f"heads.{f}.npy", mmap_mode="r") for f in _FILES)
        return cls(tokens, names, rows)

    def fit(
        self, rows: Ints, said: Hashes, content: Hashes, weight: Floats
    ) -> tuple[Floats, Floats]:
        """How well the best name of each row fits, and how many of its neighbours were neighbours.

        Args:
            rows: the rows to look at.
            said: all tokens of the query, in order.
            content: those that carry its subject, without doubles.
            weight: how telling each of ``content`` is.

        Returns:
            The harmonic mean of the share of the name that was said and the
            share of the query's subject that is in the name, and the share of
            the name's pairs of neighbours that were said so; both 0..1.
        """
        fits = np.zeros(len(rows), dtype=np.float32)
        order = np.zeros(len(rows), dtype=np.float32)
        if not len(rows) or not len(said):
            return fits, order
        name, owner = self._names_of(rows)
        sizes = (self._names[name + 1] - self._names[name]).astype(np.int64)
        tokens = self._tokens[_ranges(self._names[name], sizes)]
        of = np.repeat(np.arange(len(name)), sizes)
        count = np.maximum(sizes, 1)
        share = np.bincount(of, np.isin(tokens, said), len(name)) / count
        told = np.bincount(of, _told(tokens, of, content, weight), len(name))
        subject = told / max(float(weight.sum()), 1e-6)
        mean = 2 * share * subject / np.maximum(share + subject, 1e-6)
        together = np.isin(pair_hashes(tokens[:-1], tokens[1:]), pair_hashes(said[:-1], said[1:]))
        together &= of[1:] == of[:-1]
        kept = np.bincount(of[1:], together, len(name)) / np.maximum(sizes - 1, 1)
        ranked = np.lexsort((kept, mean, owner))
        # The last of each row in that order is its best name.
        best = ranked[np.r_[owner[ranked][1:] != owner[ranked][:-1], True]] if len(name) else ranked
        fits[owner[best]] = mean[best]
        order[owner[best]] = kept[best]
        return fits, order

    def _names_of(self, rows: Ints) -> tuple[Longs, Longs]:
        """Numbers of the names of ``rows``, and the position in ``rows`` of each one's row."""
        first = self._rows[rows]
        counts = (self._rows[rows + 1] - first).astype(np.int64)
        return _ranges(first, counts), np.repeat(np.arange(len(rows), dtype=np.int64), counts)


def write(names: Iterable[Names], folder: Path) -> None:
    """Write the names of rows, in order, into ``folder``."""
    vocabulary: dict[str, int] = {}
    tokens: list[int] = []
    starts, rows = [0], [0]
    for row in names:
        for name in row:
            tokens += [vocabulary.setdefault(word, len(vocabulary)) for word in name]
            starts.append(len(tokens))
        rows.append(len(starts) - 1)
    hashes = term_hashes(list(vocabulary))
    ids = np.array(tokens, dtype=np.int64)
    np.save(folder / "heads.tokens.npy", hashes[ids] if len(ids) else np.zeros(0, np.uint64))
    np.save(folder / "heads.names.npy", np.array(starts, dtype=np.int64))
    np.save(folder / "heads.rows.npy", np.array(rows, dtype=np.int64))


def _told(tokens: Hashes, of: Longs, content: Hashes, weight: Floats) -> Floats:
    """What each token of the names tells of the subject: its weight, once in a name."""
    told = np.zeros(len(tokens), dtype=np.float32)
    if len(content) == 0 or len(tokens) == 0:
        return told
    sort = np.argsort(content)
    at = np.minimum(np.searchsorted(content[sort], tokens), len(content) - 1)
    same = content[sort][at] == tokens
    told[same] = weight[sort][at[same]]
    _, once = np.unique(np.stack([of.astype(np.uint64), tokens]), axis=1, return_index=True)
    again = np.ones(len(tokens), dtype=bool)
    again[once] = False
    told[again] = 0
    return told


def _ranges(starts: npt.NDArray[np.int64], counts: Longs) -> Longs:
    """``starts[i], starts[i] + 1, …`` for ``counts[i]`` numbers each, end to end."""
    before = np.repeat(np.cumsum(counts) - counts, counts)
    total = int(counts.sum())
    return (np.repeat(starts, counts) + np.arange(total) - before).astype(np.int64)
