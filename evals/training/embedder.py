"""Learns the table of knowledge_base/index/static_embedding.py.

::

    python -m evals.training.embedder --data DIR [--epochs 4] [--out FILE]

``DIR`` is laid out as evals/training/embedder_pairs.py says. The rows are the
syllables and the most telling pairs of syllables of those texts. They begin as
what e5 says of each by itself, and are then trained so that a question is
nearer its own passage than the other passages of its batch, most of which come
from the same law or field. PyTorch does it (not among the dependencies of the
program), on the CPU in a quarter of an hour, or on a GPU where there is one.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evals.training.embedder_pairs import ASKING, ASKING_LAW, Unit, units
from knowledge_base.index.onnx_embedding import OnnxEmbedder
from knowledge_base.index.static_embedding import TABLE, Lexicon, syllables
from knowledge_base.stop_words import STOP_WORDS
from knowledge_base.vietnamese import fold

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

PAIRS = 17_000
RARE_WORD, RARE_PAIR = 6, 25  # seen fewer times, it has no row
QUERY, PASSAGE = 80, 140  # syllables that are trained on


# --- vocabulary -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """What gets a row, and how often each was seen (rows in the order of the lexicon)."""

    words: list[str]
    plains: list[str]
    pairs: npt.NDArray[np.int32]
    seen: Floats

    def lexicon(self) -> Lexicon:
        return Lexicon(self.words, self.plains, self.pairs)


def count(found: Sequence[Unit]) -> Words:
    """Syllables and pairs worth a row: frequent, and for pairs, seldom together by chance."""
    singles: Counter[str] = Counter()
    doubles: Counter[tuple[str, str]] = Counter()
    for unit in found:
        for text in (unit.head, *unit.sentences):
            read = syllables(text)
            singles.update(read)
            doubles.update(pairwise(read))
    total = sum(singles.values())
    kept = [
        word
        for word, times in singles.most_common()
        if times >= RARE_WORD
        and ((word.isalpha() and len(word) <= 8) or (word.isdigit() and len(word) <= 2))
    ]
    number = {word: row for row, word in enumerate(kept)}
    plain: Counter[str] = Counter()
    for word in kept:
        plain[fold(word)] += singles[word]
    plains = [word for word, _ in plain.most_common() if word.isalpha()]
    telling = []
    for (first, second), times in doubles.items():
        if times < RARE_PAIR or first not in number or second not in number:
            continue
        stops = (first in STOP_WORDS) + (second in STOP_WORDS)
        surprise = math.log(times * total / (singles[first] * singles[second]))
        if stops < 2 and surprise > 1.5:
            worth = math.sqrt(times) * surprise * (0.5 if stops else 1.0)
            telling.append((worth, first, second))
    telling = sorted(telling, reverse=True)[:PAIRS]
    pairs = [(number[first], number[second]) for _, first, second in telling]
    seen = [singles[word] for word in kept] + [plain[word] for word in plains]
    seen += [doubles[first, second] for _, first, second in telling]
    share = (np.array(seen) / total).astype(np.float32)
    return Words(kept, plains, np.array(pairs, np.int32), share)


def beginning(words: Words, dimension: int) -> Floats:
    """Rows to begin with: e5's vectors, centred, in fewer dimensions."""
    texts = words.words + [f"{words.words[a]} {words.words[b]}" for a, b in words.pairs]
    vectors = OnnxEmbedder(threads=2).passages(texts)
    share = np.sqrt(words.seen[: len(words.words)])
    middle = np.average(vectors[: len(words.words)], axis=0, weights=share)
    vectors = (vectors - middle).astype(np.float32)
    row = {word: at for at, word in enumerate(words.plains)}
    plain = np.zeros((len(words.plains), vectors.shape[1]), np.float32)
    for at, word in enumerate(words.words):
        if fold(word) in row:
            plain[row[fold(word)]] += share[at] * vectors[at]
    both = np.concatenate([vectors[: len(words.words)], plain, vectors[len(words.words) :]])
    both /= np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-6)
    _, _, axes = np.linalg.svd(both.T @ both / len(both))
    turned = both @ axes[:dimension].T
    turned /= np.sqrt(turned.std(axis=0))  # half way to equal spread in every direction
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True), np.float32)


# --- questions --------------------------------------------------------------------------------


class Sampler:
    """Makes a question and a passage of a unit, different ones each time."""

    def __init__(self, found: Sequence[Unit], lexicon: Lexicon, seed: int) -> None:
        self.units = found
        self.lexicon = lexicon
        self.random = np.random.default_rng(seed)
        self._read: dict[str, Ints] = {}
        documents: dict[str, int] = {}
        self.documents = np.array(
            [documents.setdefault(unit.document, len(documents)) for unit in found]
        )
        self._groups: dict[str, list[int]] = {}
        for at, unit in enumerate(found):
            self._groups.setdefault(unit.group, []).append(at)

    def batches(self, size: int, cluster: int = 16) -> Iterator[Ints]:
        """Every unit once (the bundled ones three times); neighbours come from one group."""
        chunks = []
        for name, group in self._groups.items():
            for _ in range(3 if name == "bundled" else 1):
                mixed = self.random.permutation(np.array(group))
                chunks += [mixed[at : at + cluster] for at in range(0, len(mixed), cluster)]
        order = np.concatenate([chunks[at] for at in self.random.permutation(len(chunks))])
        for start in range(0, len(order) - size // 2, size):
            yield order[start : start + size]

    def pair(self, at: int) -> tuple[Ints, Ints]:
        """The syllables of a question and of its passage."""
        unit = self.units[at]
        sentences = [self._numbered(text) for text in unit.sentences]
        if unit.slot is None:
            question, body, headless = self._of_law(unit, sentences)
        else:
            question, body, headless = self._of_procedure(unit, sentences)
        if self._chance(0.5) and len(question) > 4:
            kept = self.random.random(len(question)) > self.random.choice([0.1, 0.2, 0.35])
            question = question[kept] if kept.sum() >= 2 else question
        if self._chance(0.1):
            question = np.stack([np.full(len(question), -1), question[:, 1]], axis=1)
        parts = body if headless and body else [self._numbered(unit.head), *body]
        return question[:QUERY], np.concatenate(parts)[:PASSAGE]

    def _of_law(self, unit: Unit, sentences: list[Ints]) -> tuple[Ints, list[Ints], bool]:
        usable = [at for at, sentence in enumerate(sentences) if 5 <= len(sentence) <= 60]
        draw, body, headless = self.random.random(), sentences, False
        if unit.asked and draw < 0.5:
            return self._one(unit.asked), body, self._chance(0.3)
        if draw < 0.42 or not usable:
            question, headless = self._one(unit.names), self._chance(0.65)
        elif draw < 0.93 or not unit.related:
            chosen = usable[int(self.random.integers(len(usable)))]
            question, headless = sentences[chosen], self._chance(0.15)
            if len(question) > 12 and self._chance(0.4):
                start = self.random.integers(0, len(question) - 8)
                question = question[start : start + self.random.integers(8, 25)]
            if self._chance(0.3):
                question = np.concatenate([self._numbered(unit.names[0])[:12], question])
            if len(sentences) > 1 and self._chance(0.5):
                body = sentences[:chosen] + sentences[chosen + 1 :]
        else:
            question = self._one(unit.related)
        return self._asked(question, ASKING_LAW, 0.35), body, headless

    def _of_procedure(self, unit: Unit, sentences: list[Ints]) -> tuple[Ints, list[Ints], bool]:
        if unit.asked and self._chance(0.5):
            return self._one(unit.asked), sentences, self._chance(0.3)
        ways = ASKING[unit.slot or ""] if self._chance(0.7) else ASKING[""]
        question = self._asked(self._one(unit.names), ways, 1.0)
        if len(unit.names) > 1 and self._chance(0.3):
            sentences = [self._one(unit.names), *sentences]
        return question, sentences, self._chance(0.15)

    def _asked(self, question: Ints, ways: Sequence[str], chance: float) -> Ints:
        if not self._chance(chance):
            return question
        before, after = ways[int(self.random.integers(len(ways)))].split("{}")
        return np.concatenate([self._numbered(before), question, self._numbered(after)])

    def _one(self, texts: Sequence[str]) -> Ints:
        return self._numbered(texts[int(self.random.integers(len(texts)))])

    def _chance(self, chance: float) -> bool:
        return bool(self.random.random() < chance)

    def _numbered(self, text: str) -> Ints:
        if text not in self._read:
            self._read[text] = self.lexicon.numbered(text)
        return self._read[text]


# --- training ---------------------------------------------------------------------------------


def train(
    sampler: Sampler, rows: Floats, seen: Floats, *, epochs: float, batch: int, rate: float
) -> dict[str, Floats]:
    """The trained table: ``rows``, ``gains`` (2, rows) and ``stretches`` (2, 9)."""
    torch: Any = import_module("torch")
    functional = torch.nn.functional

    device = "cuda" if torch.cuda.is_available() else "cpu"
    lexicon = sampler.lexicon
    gains = np.log(1e-3 / (1e-3 + seen))
    kinds = np.repeat([0.0, -0.7, -0.3], lexicon.sizes)  # as written, without diacritics, pairs
    table = torch.tensor(rows, device=device, requires_grad=True)
    gain = torch.tensor(np.stack([gains + kinds] * 2), dtype=torch.float32, device=device)
    stretch = torch.zeros(2, 9, device=device)
    gain.requires_grad_(), stretch.requires_grad_()
    rates = (rate, 3 * rate)
    groups = [{"params": [table]}, {"params": [gain, stretch]}]
    optimiser = torch.optim.Adam(groups, lr=rate, betas=(0.9, 0.99))

    def vectors(texts: Sequence[Ints], side: int) -> Any:
        found, owners, places = lexicon.rows(texts)
        order = np.argsort(owners, kind="stable")
        starts = np.searchsorted(owners[order], np.arange(len(texts)))
        chosen, place, start = (
            torch.from_numpy(part).to(device) for part in (found[order], places[order], starts)
        )
        weight = torch.exp(gain[side][chosen] + stretch[side][place])
        summed = functional.embedding_bag(
            chosen, table, start, mode="sum", per_sample_weights=weight
        )
        return functional.normalize(summed, dim=1)

    total, step, began = int(epochs * len(sampler.units) / batch), 0, time.time()
    while step < total:
        for members in sampler.batches(batch):
            slow = min(1, (step + 1) / 20) * max(0.03, 0.5 + 0.5 * math.cos(math.pi * step / total))
            for group, full in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = full * slow
            asked, given = zip(*map(sampler.pair, members.tolist()), strict=True)
            near = 20 * vectors(asked, 1) @ vectors(given, 0).T
            documents = sampler.documents[members]
            same = torch.from_numpy(documents[:, None] == documents[None]).to(device)
            near = near.masked_fill(same.fill_diagonal_(False), -1e4)
            right = torch.arange(len(members), device=device)
            loss = functional.cross_entropy(near, right)
            loss = loss + 0.5 * functional.cross_entropy(near.T, right)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if step % 50 == 0:
                print(f"{step}/{total} {loss.item():.3f} {time.time() - began:.0f} s", flush=True)
            step += 1
            if step >= total:
                break
    parts = {"rows": table, "gains": gain.exp(), "stretches": stretch.exp()}
    return {name: part.detach().cpu().numpy() for name, part in parts.items()}


def packed(rows: Floats) -> tuple[npt.NDArray[np.uint8], Floats]:
    """Rows as signed 4-bit steps, two a byte, and the size of a step by row that loses least."""
    largest = np.abs(rows).max(axis=1, keepdims=True)
    tried = []
    for share in (0.55, 0.65, 0.75, 0.85, 1.0):
        size = largest * share / 7
        steps = np.clip(np.rint(rows / size), -8, 7)
        tried.append((((steps * size - rows) ** 2).sum(axis=1), steps, size[:, 0]))
    best = np.argmin([lost for lost, _, _ in tried], axis=0)
    every = np.arange(len(rows))
    steps = np.stack([steps for _, steps, _ in tried])[best, every].astype(np.int8) + 8
    bytes_ = steps[:, 0::2].astype(np.uint8) | steps[:, 1::2].astype(np.uint8) << 4
    return bytes_, np.stack([size for _, _, size in tried])[best, every]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write the table."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.embedder")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=TABLE)
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--version", default="vi1", help="part of the embedder's name")
    given = parser.parse_args(arguments)
    found = [unit for unit in units(given.data) if unit.sentences]
    words = count(found)
    print(f"{len(found)} units, {len(words.seen)} rows", flush=True)
    sampler = Sampler(found, words.lexicon(), seed=1)
    rows = beginning(words, given.dimension)
    learned = train(
        sampler, rows, words.seen, epochs=given.epochs, batch=given.batch, rate=given.rate
    )
    nibbles, scales = packed(learned["rows"])
    np.savez_compressed(
        given.out,
        version=np.array(given.version),
        words=np.array("\n".join(words.words)),
        plains=np.array("\n".join(words.plains)),
        pairs=words.pairs,
        nibbles=nibbles,
        scales=scales.astype(np.float16),
        gains=learned["gains"].astype(np.float16),
        stretches=learned["stretches"].astype(np.float32),
    )
    print(f"{given.out.stat().st_size / 1e6:.1f} MB in {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
