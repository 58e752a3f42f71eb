"""Measures how far the numbers inside e5 reach, channel by channel.

``python -m evals.training.e5_reach`` writes ``knowledge_base/tables/e5_reach.npz``,
from which knowledge_base/index/onnx_graph.py shares out the precision of 8-bit
products between what goes into a matrix and the matrix. Texts are the bundled
corpus and the repository's training questions; the model runs in numpy, in
full precision: some minutes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from math import erf
from pathlib import Path

import numpy as np

from knowledge_base.bundled_vectors import texts_of_corpus
from knowledge_base.index.e5_weights import Floats, Weights, shipped
from knowledge_base.index.onnx_graph import REACH

QUESTIONS = Path(__file__).parent.parent / "datasets" / "training" / "training.jsonl"
PASSAGES, ASKED, TOKENS = 60, 60, 128

_erf = np.vectorize(erf, otypes=[np.float32])


def inputs(weights: Weights, numbers: Sequence[int]) -> Iterator[tuple[str, Floats]]:
    """What goes into each matrix, by its name, for one text. Shapes: (tokens, width)."""
    hidden, heads = weights.hidden, weights.heads
    x = weights.rows("emb.word", hidden, np.array(numbers))
    x = x + weights.plain("emb.pos").reshape(-1, hidden)[: len(numbers)]
    x = _normalised(weights, "emb.ln", x + weights.plain("emb.type")[:hidden])
    for layer in range(weights.layers):
        name = f"l{layer}."
        yield name + "q", x
        query, key, value = (
            _linear(weights, name + part, x).reshape(len(x), heads, -1).transpose(1, 0, 2)
            for part in "qkv"
        )
        near = query @ key.transpose(0, 2, 1) / np.sqrt(hidden / heads)
        near = np.exp(near - near.max(axis=-1, keepdims=True))
        mixed = (near / near.sum(axis=-1, keepdims=True)) @ value
        seen = mixed.transpose(1, 0, 2).reshape(len(x), hidden)
        yield name + "ao", seen
        x = _normalised(weights, name + "aln", x + _linear(weights, name + "ao", seen))
        yield name + "fi", x
        middle = _linear(weights, name + "fi", x)
        middle = 0.5 * middle * (1 + _erf(middle / np.sqrt(2)))
        yield name + "fo", middle
        x = _normalised(weights, name + "oln", x + _linear(weights, name + "fo", middle))


def _linear(weights: Weights, name: str, x: Floats) -> Floats:
    return x @ weights.rows(name + ".w", x.shape[1]).T + weights.plain(name + ".b")


def _normalised(weights: Weights, name: str, x: Floats) -> Floats:
    x = x - x.mean(axis=-1, keepdims=True)
    x = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + 1e-12)
    return np.asarray(x * weights.plain(name + ".w") + weights.plain(name + ".b"), np.float32)


def main() -> int:
    """Measure and write the table."""
    weights = Weights.read(shipped())
    lines = QUESTIONS.read_text("utf-8").splitlines()
    passages, asked = texts_of_corpus(), [json.loads(line)["text"] for line in lines]
    texts = [f"passage: {text}" for text in passages[:: len(passages) // PASSAGES]]
    texts += [f"query: {text}" for text in asked[:: len(asked) // ASKED]]
    reach: dict[str, Floats] = {}
    for text in texts:
        numbers = weights.pieces.numbers(text)[: TOKENS - 2]
        for name, given in inputs(weights, [weights.begin, *numbers, weights.end]):
            largest = np.abs(given).max(axis=0)
            reach[name] = np.maximum(reach.get(name, largest), largest)
    REACH.parent.mkdir(exist_ok=True)
    halves = {name: np.maximum(found, 1e-3).astype(np.float16) for name, found in reach.items()}
    np.savez_compressed(REACH, **halves)  # type: ignore[arg-type]
    print(f"{len(texts)} texts, {REACH.stat().st_size / 1024:.0f} kB in {REACH}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
