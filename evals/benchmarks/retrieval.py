"""Quality and speed of search, stage by stage, on sets of queries with known answers.

::

    python -m evals.benchmarks.retrieval --data DIR [--sets NAME,…] [--work DIR]
    python -m evals.benchmarks.retrieval FOLDER …

``--data`` is a folder with public sets (`evals.benchmarks.sets` knows them by
name); a FOLDER is any set in BEIR form: ``corpus.jsonl``, ``queries.jsonl``
and ``qrels.tsv`` with a header. Each corpus is ingested into a home of its own
below ``--work`` and searched the way ``troly search --format trec -k 100``
does, beside plainer ways. Indexes are kept: a second run only searches.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from evals.benchmarks import sets, ways
from evals.benchmarks.figures import Doubles, difference, estimates, measures
from evals.benchmarks.fresh import Speed, measure
from evals.benchmarks.noises import NOISES, noised
from evals.benchmarks.retrieval_report import SetReport, as_json, as_markdown
from evals.benchmarks.sets import TestSet
from evals.benchmarks.ways import OWN, WAYS, WITHOUT_VECTORS, Place, Remembering, Ways
from knowledge_base.errors import KnowledgeError, WrongUse
from knowledge_base.settings import KnowledgeSettings

LARGE = 10_000  # documents; above it vectors are only made where they are asked for
TIMED = 200  # queries a way is timed with


def prepare(test: TestSet, work: Path, settings: KnowledgeSettings) -> Place:
    """The set's corpus in a home below ``work``, indexed."""
    return ways.prepare(test, work, settings, ("troly",))


def settings_for(test: TestSet, given: argparse.Namespace) -> tuple[KnowledgeSettings, int]:
    """How a set is indexed, and how many documents it has."""
    with test.corpus.open("rb") as file:
        documents = sum(1 for _ in file)
    vectors = documents <= LARGE if given.vectors is None else given.vectors
    embedder = "e5" if vectors else "none"
    made = KnowledgeSettings(embedder=embedder, threads=given.threads, bundled_corpus=False)
    return made, documents


def evaluate(
    test: TestSet, searched: Ways, names: Sequence[str], noises: Sequence[str]
) -> dict[str, dict[str, Doubles]]:
    """The figures of every query. By noise and way: (queries, figures)."""
    found: dict[str, dict[str, Doubles]] = {}
    for noise in noises:
        rows: dict[str, list[Doubles]] = {name: [] for name in names}
        for done, (key, text) in enumerate(test.queries.items(), 1):
            asked = noised(text, noise)
            for name in names:
                rows[name].append(measures(searched.way(name)(asked), test.gold[key]))
            if done % 50 == 0 or done == len(test.queries):
                ways.progress(f"{test.name}, {NOISES[noise]}", done, len(test.queries))
        found[noise] = {name: np.array(each) for name, each in rows.items()}
    return found


def report(
    test: TestSet, documents: int, vectors: bool, found: dict[str, dict[str, Doubles]]
) -> SetReport:
    """Means, intervals and comparisons of what `evaluate` found; no speeds yet."""
    own = "troly" if vectors else "words"
    against = {}
    for noise, rows in found.items():
        others = {name: each for name, each in rows.items() if name not in OWN}
        if own in rows and others:
            best = max(others, key=lambda name: float(others[name][:, 0].mean()))
            against[noise] = (best, difference(rows[own], others[best]))
    kinds = {}
    typed = found.get("none", {})
    shown = [name for name in (own, against["none"][0] if "none" in against else "") if name]
    of_query = [test.kinds.get(key, "") for key in test.queries]
    for kind in sorted(set(of_query) - {""}):
        chosen = np.array([each == kind for each in of_query])
        figures = {name: estimates(typed[name][chosen]) for name in shown if name in typed}
        kinds[kind] = (int(chosen.sum()), figures)
    return SetReport(
        test.name,
        documents,
        len(test.queries),
        vectors,
        {
            noise: {name: estimates(each) for name, each in rows.items()}
            for noise, rows in found.items()
        },
        kinds if typed else {},
        against,
    )


def speeds(
    test: TestSet, place: Place, settings: KnowledgeSettings, as_of: date, names: Sequence[str]
) -> dict[str, Speed]:
    """Each way in a process of its own, over some of the queries as typed.

    A way that fails is left out and told on stderr: the figures of quality are kept.
    """
    asked = list(test.limited(TIMED).queries.values())
    found = {}
    for name in names:
        try:
            found[name] = measure(name, place, settings, as_of, asked)
        except RuntimeError as error:
            print(f"{test.name}, {name}: không đo được thời gian: {error}", file=sys.stderr)
    return found


def sizes(place: Place, names: Sequence[str]) -> dict[str, float]:
    """Megabytes on disk of the indexes that ways use; troly's without the stored texts."""
    index = _megabytes(place.home.index() / "CURRENT")
    plain = {"bm25": place.textbook(bare=False), "bm25-bare": place.textbook(bare=True)}
    known = {name: _megabytes(path) for name, path in plain.items()}
    known |= {"chain": _megabytes(place.chain), "troly": index, "words": index}
    return {name: size for name, size in known.items() if name in names}


def _megabytes(path: Path) -> float:
    place = path.resolve()
    files = [place] if place.is_file() else [p for p in place.rglob("*") if p.is_file()]
    return round(sum(file.stat().st_size for file in files if file.exists()) / 1e6, 1)


def run(given: argparse.Namespace) -> Iterator[SetReport]:
    """Reports of all sets, one at a time."""
    embedders: dict[int, Remembering] = {}
    for test in _chosen_sets(given):
        settings, documents = settings_for(test, given)
        vectors = settings.embedder != "none"
        names = [name for name in given.ways if vectors or name in WITHOUT_VECTORS]
        place = ways.prepare(test, given.work, settings, names)
        embedder = embedders.setdefault(given.threads, ways.embedder_of(settings))
        searched = Ways(place, settings, embedder, given.as_of)
        found = report(test, documents, vectors, evaluate(test, searched, names, given.noise))
        if given.speed:
            found.speed.update(speeds(test, place, settings, given.as_of, names))
            found.sizes.update(sizes(place, names))
        searched.close()
        yield found


def _chosen_sets(given: argparse.Namespace) -> Iterator[TestSet]:
    named = given.sets if given.sets is not None else sets.known() if given.data else ()
    for folder in given.folders:
        yield _limited(TestSet.read(folder), given.limit)
    for name in named:
        try:
            yield _limited(sets.prepare(name, given.data, given.work / "sets"), given.limit)
        except FileNotFoundError as error:
            print(f"{name}: bỏ qua, không có {error.filename}", file=sys.stderr)


def _limited(test: TestSet, limit: int | None) -> TestSet:
    return test.limited(limit) if limit else test


def ran_on() -> dict[str, Any]:
    """What a table must say of the machine."""
    processor = ""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        processor = next((x.partition(":")[2].strip() for x in lines if "model name" in x), "")
    except OSError:
        pass
    load = f"{os.getloadavg()[0]:.1f}"
    return {"processor": processor, "cores": os.cpu_count(), "load before": load}


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options. ``--vectors`` None: for corpora of up to `LARGE` documents.

    Raises `WrongUse` for names that nothing has.
    """
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.retrieval")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sets", type=_listed)
    parser.add_argument("--work", type=Path, default=Path("benchmark-homes"))
    parser.add_argument("--noise", type=_listed, default=["none", "bare"])
    parser.add_argument("--ways", type=_listed, default=list(WAYS))
    parser.add_argument("--vectors", action=argparse.BooleanOptionalAction)
    parser.add_argument("--speed", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--limit", type=int, help="queries of each set")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--as-of", type=date.fromisoformat, default=ways.today())
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--calibrate", type=Path, metavar="STRANGERS", help="a JSONL of questions")
    given = parser.parse_args(arguments)
    if given.data is None and (given.sets or not given.folders):
        raise WrongUse("Hãy cho --data THƯ_MỤC chứa các bộ câu hỏi, hoặc các thư mục dạng BEIR.")
    for what, chosen, known in (
        ("bộ câu hỏi", given.sets or (), sets.known()),
        ("kiểu gõ", given.noise, NOISES),
        ("cách tìm", given.ways, WAYS),
    ):
        if unknown := [name for name in chosen if name not in known]:
            raise WrongUse(f"Không có {what} {', '.join(unknown)}. Đang có: {', '.join(known)}.")
    return given


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; progress goes to stderr."""
    given = parsed(arguments)
    if given.calibrate:
        return _calibrate(given)
    machine = ran_on()
    reports = []
    for found in run(given):
        reports.append(found)
    if not reports:
        print("Không có bộ câu hỏi nào để đo.", file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(as_json(reports, machine), ensure_ascii=False, indent=1))
    else:
        print(as_markdown(reports, machine))
    return 0


def _calibrate(given: argparse.Namespace) -> int:
    from evals.training.calibration import calibrate
    from knowledge_base.search import KnowledgeBase

    pairs = []
    for test in _chosen_sets(given):
        settings, _ = settings_for(test, given)
        place = prepare(test, given.work, settings)
        pairs.append((KnowledgeBase(place.home, settings), test))
    lines = given.calibrate.read_text("utf-8").splitlines()
    print(calibrate(pairs, [json.loads(line)["text"] for line in lines]).round(2).tolist())
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KnowledgeError as wrong:
        sys.exit(str(wrong))
