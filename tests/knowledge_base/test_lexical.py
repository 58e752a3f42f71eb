"""BM25 over arrays, against the formula written out plainly."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.index.lexical import (
    K1,
    Field,
    FieldTokens,
    LexicalIndex,
    Vocabulary,
    build,
    pair_hashes,
    term_hashes,
)

TEXTS = ["a b c a", "b c", "c c c d e", "", "a d"]
FIELD = Field(1.0, 0.5)


def built(texts: list[str], *, pairs: bool = True) -> LexicalIndex:
    vocabulary = Vocabulary()
    rows = [np.array(vocabulary.ids(text.split()), dtype=np.int32) for text in texts]
    found = FieldTokens(np.concatenate(rows), np.array([len(row) for row in rows], dtype=np.int32))
    return build([(FIELD, found)], term_hashes(vocabulary.words), len(texts), pairs=pairs)


def plain_bm25(texts: list[str], term: str) -> list[float]:
    counts = [Counter(text.split()) for text in texts]
    lengths = [len(text.split()) for text in texts]
    average = sum(lengths) / sum(length > 0 for length in lengths)
    containing = sum(term in count for count in counts)
    idf = math.log(1 + (len(texts) - containing + 0.5) / (containing + 0.5))
    scores = []
    for count, length in zip(counts, lengths, strict=True):
        frequency = count[term] / (1 - FIELD.b + FIELD.b * length / average)
        scores.append(idf * (K1 + 1) * frequency / (K1 + frequency))
    return scores


@pytest.mark.parametrize("term", ["a", "b", "c", "d", "e", "absent"])
def test_scores_are_bm25(term: str) -> None:
    scores = np.zeros(len(TEXTS), dtype=np.float32)
    built(TEXTS).add_scores(scores, term_hashes([term]), np.ones(1, np.float32))
    assert scores == pytest.approx(plain_bm25(TEXTS, term), rel=2e-3)


def test_pairs_stay_inside_a_row() -> None:
    index = built(TEXTS)
    words = term_hashes(["b", "c", "d"])
    assert index.frequencies(pair_hashes(words[:2], words[1:])).tolist() == [2, 1]
    # "…a" ends the first row and "b…" begins the second.
    across = pair_hashes(term_hashes(["a"]), term_hashes(["b"]))
    assert index.frequencies(across).tolist() == [1]


def test_presence_and_idf() -> None:
    index = built(TEXTS, pairs=False)
    terms = term_hashes(["a", "e", "absent"])
    rows = np.array([0, 2, 4], dtype=np.int32)
    assert index.presence(terms, rows).tolist() == [
        [True, False, True],
        [False, True, False],
        [False, False, False],
    ]
    assert index.idf(terms)[2] == pytest.approx(index.highest_idf)
    assert index.rows_of(terms[0]).tolist() == [0, 4]


def test_saved_and_opened(tmp_path: Path) -> None:
    index = built(TEXTS)
    index.save(tmp_path, "x")
    again = LexicalIndex.open(tmp_path, "x", len(TEXTS))
    terms = term_hashes(["a", "c"])
    first, second = np.zeros((2, len(TEXTS)), dtype=np.float32)
    index.add_scores(first, terms, np.ones(2, np.float32))
    again.add_scores(second, terms, np.ones(2, np.float32))
    assert first.tolist() == second.tolist()


def test_an_empty_index_answers() -> None:
    index = built([""])
    scores = np.zeros(1, dtype=np.float32)
    index.add_scores(scores, term_hashes(["a"]), np.ones(1, np.float32))
    assert scores.tolist() == [0.0]
