"""Makes knowledge_base/typed/counts.npz: how often syllables stand together.

``python -m evals.training.diacritics --data DIR`` counts syllables, pairs and
triples in official texts (codified law, procedures of the national portal,
documents of ministries: no copyright rests on them), and, weighed more, in
what this repository says itself: ``everyday.txt``, its procedure files and the
training questions. The word list of underthesea (Apache-2.0) lends its pairs,
its table of places their names.
Of the official texts every twentieth is left out, by a hash of its number, for
``troly bench typed``. Only what changes a reading much is kept.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.corpus_files import CORPUS, read_yaml
from knowledge_base.old_addresses import former_units
from knowledge_base.syllables import is_syllable
from knowledge_base.typed.table import (
    BITS,
    FILE,
    NUMBER,
    OTHER,
    SPECIAL,
    START,
    Counts,
    Doubles,
    Keys,
    pack,
    scale,
)
from knowledge_base.vietnamese import clean, is_bare, tokens

REPOSITORY = Path(__file__).parents[2]
EVERYDAY = REPOSITORY / "knowledge_base" / "everyday.txt"
QUESTIONS = REPOSITORY / "evals" / "datasets" / "training" / "training.jsonl"

#: What a line counts for, against one of an official text.
EVERYDAY_WEIGHT, OWN_WEIGHT, WORD_WEIGHT, PLACE_WEIGHT = 100, 300, 5, 5
#: The fewest sightings, and how many triples are kept.
RARE_SYLLABLE, RARE_PAIR, RARE_TRIPLE, TRIPLES = 3, 2, 3, 300_000

_LOW = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
# Sentences end here too: "nộpThời gian", where cells of a table were glued together.
_CUT = re.compile(rf"[;:!?\n|•]|\.(?=\s|$)|(?<=[{_LOW}])(?=[{_LOW.upper()}])")
_CHOICE = re.compile(r"\(([^)]*)\)")
_DIGITS = re.compile(r"[\d.,/]+")


def held_out(key: str) -> bool:
    """Whether an official text, by its number, is kept for measuring."""
    return int(hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest(), 16) % 20 == 0


def official(data: Path) -> Iterator[tuple[str, str]]:
    """Number and text of each official document in a data folder (those that are there)."""
    for name, number, fields in (
        ("phapdien/corpus.jsonl.zst", "_id", ("title", "text")),
        ("tthc_dichvucong/procedures.jsonl.zst", "ma_thu_tuc", None),
        ("tthc_bo_quoc_phong/procedures.jsonl.zst", None, None),
        ("van_ban_2026/documents.jsonl.zst", "id", ("markdown",)),
        ("portal_guides/guides.jsonl.zst", "path", ("text",)),
    ):
        for row in rows(data / name):
            # Addresses and identifiers are no text.
            texts = [str(row[k]) for k in fields or row if not k.endswith(("url", "_id", "slug"))]
            yield str(row[number] if number else texts[0]), "\n".join(texts)


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """The objects of a compressed file of JSON lines; none when it is not there."""
    import zstandard

    if file.exists():
        with file.open("rb") as raw:
            stream = zstandard.ZstdDecompressor().stream_reader(raw)
            for line in io.TextIOWrapper(stream, encoding="utf-8"):
                yield json.loads(line)


def sentences(text: str) -> Iterator[list[str]]:
    """Tokens of each sentence of a text; without those that lack their diacritics."""
    for part in _CUT.split(clean(text)):
        found = tokens(part)
        if len(found) > 1 and not (len(found) > 2 and all(word.isascii() for word in found)):
            yield found


def ways(line: str) -> Iterator[str]:
    """A line of everyday.txt with every choice made: ``"(em|anh) hỏi"`` is two phrases."""
    parts = _CHOICE.split(line)
    choices = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
    for chosen in product(*choices):
        yield "".join(chosen)


class Counting:
    """Counts by packed key, gathered text by text."""

    def __init__(self) -> None:
        self._ids = {"": START, "0": NUMBER, "?": OTHER}
        self._parts: list[tuple[Keys, int]] = []

    @property
    def words(self) -> list[str]:
        return list(self._ids)

    def add(self, texts: Iterator[list[str]], weight: int) -> None:
        seen: list[int] = []
        for text in texts:
            seen.append(START)
            seen += [self._id(word) for word in text]
        self._parts.append((np.array([*seen, START], dtype=np.int64), weight))

    def _id(self, word: str) -> int:
        if _DIGITS.fullmatch(word):
            return NUMBER
        return self._ids.setdefault(word, len(self._ids)) if is_syllable(word) else OTHER

    def counted(self, size: int, kept: Sequence[int]) -> tuple[Keys, Doubles]:
        """Keys of ``size`` syllables in a row, and weighed counts. ``kept``: old id → new."""
        found: list[Keys] = []
        weights: list[Doubles] = []
        renumbered = np.array(kept, dtype=np.int64)
        for seen, weight in self._parts:
            new = renumbered[seen]
            key = np.zeros(len(new) - size + 1, dtype=np.int64)
            inside = np.ones(len(key), dtype=bool)
            for at in range(size):
                part = new[at : at + len(key)]
                key = key << BITS | part
                inside &= (part != OTHER) & ((part != START) | (at == 0))
            keys, counts = np.unique(key[inside], return_counts=True)
            found.append(keys)
            weights.append(counts.astype(np.float64) * weight)
        keys, at_key = np.unique(np.concatenate(found), return_inverse=True)
        sums: Doubles = np.bincount(at_key, np.concatenate(weights)).astype(np.float64)
        return keys, sums


def gather(data: Path) -> Counting:
    counting = Counting()
    texts = (text for number, text in official(data) if not held_out(number))
    counting.add((words for text in texts for words in sentences(text)), 1)
    counting.add(_once(_everyday()), EVERYDAY_WEIGHT)
    counting.add((words for text in _own() for words in sentences(text)), OWN_WEIGHT)
    counting.add((tokens(word) for word in _listed_words()), WORD_WEIGHT)
    counting.add((tokens(name) for name in _places()), PLACE_WEIGHT)
    return counting


def _everyday() -> Iterator[list[str]]:
    for line in EVERYDAY.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield from map(tokens, ways(line))


def _once(phrases: Iterator[list[str]]) -> Iterator[list[str]]:
    """Phrases as they are, but those of one pattern no more than a few times each pair."""
    seen: dict[tuple[str, ...], int] = {}
    for words in phrases:
        pairs = list(zip(["", *words], words, strict=False))
        if any(seen.get(pair, 0) < 3 for pair in pairs):
            for pair in pairs:
                seen[pair] = seen.get(pair, 0) + 1
            yield words


def _own() -> Iterator[str]:
    for file in sorted((CORPUS / "procedures").glob("*.yml")):
        card = read_yaml(file)
        yield "\n".join((card["name"], card["short_name"], *card.get("other_names", ())))
    for line in QUESTIONS.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] not in ("bare", "teencode", "english") and not is_bare(row["text"]):
            yield row["text"]


def _listed_words() -> Iterator[str]:
    import underthesea

    folder = Path(underthesea.__file__).parent
    text = (folder / "corpus" / "data" / "Viet74K.txt").read_text("utf-8")
    yield from (clean(line) for line in text.splitlines() if " " in line)


def _places() -> Iterator[str]:
    """Names of provinces, districts, wards and communes, old and new."""
    for row in former_units():
        yield from (row.ward, row.district, row.old_province, row.now, row.province.full_name)


def pruned(pairs: Counts, triples: Counts, chances: Doubles) -> npt.NDArray[np.bool_]:
    """Which triples say something that their pairs do not: the most useful ``TRIPLES``."""
    low = (1 << BITS) - 1
    right, middle = triples.keys & low, (triples.keys >> BITS) & low
    short = pairs.look_up(triples.keys & (1 << 2 * BITS) - 1) / (pairs.total(middle) + 20)
    short = 0.95 * short + 0.05 * chances[right]
    long = 0.8 * triples.values / (triples.total(triples.keys >> BITS) + 20) + 0.2 * short
    useful = triples.values * np.abs(np.log(long / short))
    kept = np.zeros(len(useful), dtype=bool)
    kept[np.argsort(-useful, kind="stable")[:TRIPLES]] = True
    return kept


def make(counting: Counting, file: Path) -> None:
    """Number the syllables by how common they are, count, prune, write."""
    words = counting.words
    ids, singles = counting.counted(1, range(len(words)))
    by_word = np.zeros(len(words))
    by_word[ids] = singles
    order = [
        at for at in np.argsort(-by_word, kind="stable").tolist()
        if at >= SPECIAL and by_word[at] >= RARE_SYLLABLE
    ]  # fmt: skip
    kept = [START, NUMBER, OTHER] + [OTHER] * (len(words) - SPECIAL)
    for new, old in enumerate(order, SPECIAL):
        kept[old] = new
    if len(order) + SPECIAL >= 1 << BITS:
        raise SystemExit(f"{len(order)} syllables do not fit into {BITS} bits")
    single_counts = by_word[[START, NUMBER, OTHER, *order]]
    keys, values = counting.counted(2, kept)
    pairs = Counts.of(keys[values >= RARE_PAIR], values[values >= RARE_PAIR])
    keys, values = counting.counted(3, kept)
    triples = Counts.of(keys[values >= RARE_TRIPLE], values[values >= RARE_TRIPLE])
    useful = pruned(pairs, triples, (single_counts + 0.01) / single_counts[SPECIAL:].sum())
    np.savez_compressed(
        file,
        words=np.frombuffer(
            "\n".join(words[at] for at in (START, NUMBER, OTHER, *order)).encode(), dtype=np.uint8
        ),
        singles=scale(single_counts),
        pairs=pack(pairs.keys),
        pair_counts=scale(pairs.values),
        triples=pack(triples.keys[useful]),
        triple_counts=scale(triples.values[useful]),
    )
    print(
        f"{len(order)} syllables, {len(pairs.keys)} pairs, {useful.sum()} of {len(triples.keys)} "
        f"triples: {file.stat().st_size / 1e6:.2f} MB"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.training.diacritics")
    parser.add_argument("--data", type=Path, required=True, help="folder with the official texts")
    parser.add_argument("--out", type=Path, default=FILE)
    given = parser.parse_args(arguments)
    make(gather(given.data), given.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
