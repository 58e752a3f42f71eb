"""BM25 as textbooks have it: the plain way that search is compared with.

Words and pairs of neighbouring words of title and text, lower case, k1 = 1.2
and b = 0.75, nothing tuned and nothing known about Vietnamese. Of its own, so
that the comparison does not share a line with what is compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

K1, B = 1.2, 0.75

Floats = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]

_WORD = re.compile(r"\w+")
_PAIR = np.uint64(0x9E3779B97F4A7C15)  # any odd number: makes (a, b) differ from (b, a)


def _same(text: str) -> str:
    return text


def grams(text: str, cache: dict[str, int]) -> Hashes:
    """Hashes of the words of ``text`` and of their pairs. Shape: (2 n - 1,)."""
    found = []
    for word in _WORD.findall(text.lower()):
        if word not in cache:
            cache[word] = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")
        found.append(cache[word])
    words = np.array(found, dtype=np.uint64)
    return np.concatenate([words, words[:-1] * _PAIR + words[1:]])


class Textbook:
    """BM25 over a list of documents, by position in that list."""

    def __init__(
        self,
        ids: list[str],
        terms: Hashes,
        starts: npt.NDArray[np.int64],
        documents: npt.NDArray[np.int32],
        worths: Floats,
        prepared: Callable[[str], str] = _same,
    ) -> None:
        self.ids = ids
        self._terms, self._starts = terms, starts
        self._documents, self._worths = documents, worths
        self._prepared = prepared
        self._cache: dict[str, int] = {}

    @classmethod
    def build(
        cls, texts: Iterable[tuple[str, str]], prepared: Callable[[str], str] = _same
    ) -> Textbook:
        """Index ``(id, text)`` pairs; ``prepared`` is applied to every text and query."""
        cache: dict[str, int] = {}
        ids: list[str] = []
        lengths: list[int] = []
        terms: list[Hashes] = []
        counts: list[npt.NDArray[np.int64]] = []
        for key, text in texts:
            found = grams(prepared(text), cache)
            each, often = np.unique(found, return_counts=True)
            ids.append(key)
            lengths.append(len(found))
            terms.append(each)
            counts.append(often)
        sizes = [len(each) for each in terms]
        document = np.repeat(np.arange(len(ids), dtype=np.int32), sizes)
        every = np.concatenate([*terms, np.zeros(0, np.uint64)])
        often = np.concatenate([*counts, np.zeros(0, np.int64)]).astype(np.float32)
        order = np.argsort(every, kind="stable")
        known, starts, holders = np.unique(every[order], return_index=True, return_counts=True)
        length = np.array(lengths, dtype=np.float32)
        norm = K1 * (1 - B + B * length / max(float(length.mean()), 1.0))
        rarity = np.log(1 + (len(ids) - holders + 0.5) / (holders + 0.5)).astype(np.float32)
        document, often = document[order], often[order]
        worths = np.repeat(rarity, holders) * often * (K1 + 1) / (often + norm[document])
        ends = np.append(starts, len(every)).astype(np.int64)
        return cls(ids, known, ends, document, worths.astype(np.float32), prepared)

    def save(self, path: Path) -> None:
        """Write it to an ``.npz`` file, whole or not at all."""
        beside = path.with_name(f".{path.name}")
        np.savez(
            beside,
            ids=np.array(self.ids, dtype=np.str_),
            terms=self._terms,
            starts=self._starts,
            documents=self._documents,
            worths=self._worths,
        )
        beside.replace(path)

    @classmethod
    def open(cls, path: Path, prepared: Callable[[str], str] = _same) -> Textbook:
        """Read what `save` wrote; ``prepared`` must be what it was built with."""
        with np.load(path) as found:
            return cls(
                found["ids"].tolist(),
                found["terms"],
                found["starts"],
                found["documents"],
                found["worths"],
                prepared,
            )

    def scores(self, text: str) -> Floats:
        """BM25 of every document. Shape: (documents,)."""
        scores = np.zeros(len(self.ids), dtype=np.float32)
        asked = grams(self._prepared(text), self._cache)
        places = np.searchsorted(self._terms, asked)
        for gram, at in zip(asked, places, strict=True):
            if at < len(self._terms) and self._terms[at] == gram:
                span = slice(self._starts[at], self._starts[at + 1])
                scores[self._documents[span]] += self._worths[span]
        return scores

    def ranking(self, text: str, depth: int) -> list[str]:
        """Ids of the documents that share a word with ``text``, best first."""
        scores = self.scores(text)
        order = np.argsort(-scores, kind="stable")[:depth]
        return [self.ids[at] for at in order if scores[at] > 0]
