"""What ``troly bench retrieval`` found: as JSON, and as the tables of retrieval.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from evals.benchmarks.figures import NAMES, Difference, Estimate
from evals.benchmarks.fresh import Speed
from evals.benchmarks.noises import NOISES
from evals.benchmarks.ways import WAYS

Figures = dict[str, Estimate]


@dataclass(frozen=True, slots=True)
class SetReport:
    """One set. ``figures`` by noise and way; ``kinds`` by kind of query and way, as typed.

    ``against``: the best way that is not troly's, by noise, and how far troly
    is above it. Sizes are megabytes on disk.
    """

    name: str
    documents: int
    queries: int
    vectors: bool
    figures: dict[str, dict[str, Figures]]
    kinds: dict[str, tuple[int, dict[str, Figures]]]
    against: dict[str, tuple[str, Difference]]
    speed: dict[str, Speed] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)

    def parity(self, way: str) -> float | None:
        """hit@1 without diacritics as a share of hit@1 as typed."""
        both = [self.figures.get(noise, {}).get(way) for noise in ("none", "bare")]
        if both[0] is None or both[1] is None or both[0]["hit@1"].mean == 0:
            return None
        return both[1]["hit@1"].mean / both[0]["hit@1"].mean

    def own(self) -> str:
        """The way that people get."""
        return "troly" if self.vectors else "words"


def as_json(reports: Sequence[SetReport], ran_on: dict[str, Any]) -> dict[str, Any]:
    """The reports with everything that the tables leave out."""
    return {
        "ran_on": ran_on,
        "sets": [
            {**asdict(report), "parity": {way: report.parity(way) for way in WAYS}}
            for report in reports
        ],
    }


def as_markdown(reports: Sequence[SetReport], ran_on: dict[str, Any]) -> str:
    """The tables, with a heading each."""
    about = ", ".join(f"{name}: {value}" for name, value in ran_on.items())
    parts = [
        about,
        "### Quality\n\nMeans over the queries, 95 % bootstrap intervals in brackets.",
        _table(("set", "queries", "search", *NAMES), _quality(reports)),
        "### troly against the best other way\n\nDifferences on the same queries.",
        _table(("set", "queries", "best other", "hit@1", "MRR@10", "chance"), _against(reports)),
    ]
    parts += _section(
        "By kind of query, as typed",
        ("set", "kind", "queries", "search", "hit@1", "hit@3", "MRR@10"),
        _kinds(reports),
    )
    parted = [w for w in WAYS if any(report.parity(w) is not None for report in reports)]
    parts += _section(
        "hit@1 without diacritics as a share of hit@1 as typed",
        ("set", *(WAYS[way] for way in parted)),
        _parities(reports, parted),
    )
    parts += _section(
        "Speed and memory, one process a way",
        ("set", "search", "first ms", "p50 ms", "p95 ms", "peak RSS MB", "index MB"),
        _speeds(reports),
    )
    return "\n\n".join(parts)


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    found = list(rows)
    return [f"### {title}", _table(head, found)] if found else []


def _quality(reports: Iterable[SetReport]) -> Iterator[tuple[object, ...]]:
    for report in reports:
        name = f"{report.name} ({report.documents:,} documents, {report.queries:,} queries)"
        for noise, ways in report.figures.items():
            typed = NOISES[noise]
            for way, figures in ways.items():
                shown = f"**{WAYS[way]}**" if way == report.own() else WAYS[way]
                yield (name, typed, shown, *figures.values())
                name = typed = ""


def _against(reports: Iterable[SetReport]) -> Iterator[tuple[object, ...]]:
    for report in reports:
        for noise, (way, apart) in report.against.items():
            yield (
                report.name,
                NOISES[noise],
                WAYS[way],
                _signed(apart.hit),
                _signed(apart.reciprocal),
                f"{apart.chance:.3f}",
            )


def _signed(found: Estimate) -> str:
    return f"{found.mean:+.3f} ({found.low:+.2f} to {found.high:+.2f})"


def _kinds(reports: Iterable[SetReport]) -> Iterator[tuple[object, ...]]:
    for report in reports:
        name = report.name
        for kind, (count, ways) in report.kinds.items():
            about: tuple[object, ...] = (name, kind, count)
            for way, figures in ways.items():
                shown = [figures[figure] for figure in ("hit@1", "hit@3", "MRR@10")]
                yield (*about, WAYS[way], *shown)
                about, name = ("", "", ""), ""


def _parities(reports: Iterable[SetReport], ways: Sequence[str]) -> Iterator[tuple[object, ...]]:
    for report in reports:
        found = [report.parity(way) for way in ways]
        if any(value is not None for value in found):
            yield (report.name, *("–" if value is None else f"{value:.3f}" for value in found))


def _speeds(reports: Iterable[SetReport]) -> Iterator[tuple[object, ...]]:
    for report in reports:
        for way, speed in report.speed.items():
            size = report.sizes.get(way)
            yield (
                report.name,
                WAYS[way],
                f"{speed.first_ms:.0f}",
                speed.p50_ms,
                speed.p95_ms,
                f"{speed.peak_mb:.0f}",
                "–" if size is None else f"{size:.1f}",
            )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
