"""Number, article, day, changes and structure, against what the publisher says of a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evals.ground import Ground
from evals.loaders.law import CODIFIED, FILES, PUBLISHED
from evals.vocabulary import Output, Sample, Score, failed, unscored

_CODIFIED = {
    "number": "number: as the set says, or fuller",
    "article": "article: as the set says",
    "day": "day: as the set says",
}
_CHANGES = {
    "change found": "… with a relation",
    "day of change": "… with every day",
    "changing article": "… with every changing article",
}
_PUBLISHED = {"published number": "number", "published day": "day of effect"}
_ENOUGH = 0.9  # of the characters that a file's text layer has


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """The measures that apply to this kind of text."""
    read = output.value
    if not isinstance(read, dict):
        return [failed("number", "no counts came back")]
    if sample.dataset == FILES:
        there, wanted = read["characters"], sample.target.expected["characters"]
        return [Score("file text", float(there >= _ENOUGH * wanted), f"{there} of {wanted}")]
    return list(_text(sample.dataset, read)) or [unscored("articles in order", "no articles")]


def _text(name: str, read: Mapping[str, int]) -> Iterator[Score]:
    if name == CODIFIED:
        yield from _each(_CODIFIED, read)
        if read.get("notes of a change"):
            yield from _each(_CHANGES, read)
        return
    if name == PUBLISHED:
        yield from _each(_PUBLISHED, read)
    if read.get("with articles") and not read.get("plainly a summary"):
        running = bool(read.get("… numbered 1 to n without a gap"))
        yield Score("articles in order", float(running), f"{read['articles']} articles")


def _each(measures: Mapping[str, str], read: Mapping[str, int]) -> Iterator[Score]:
    for measure, counted in measures.items():
        right = bool(read.get(counted))
        yield Score(measure, float(right), counted if right else f"not: {counted}")
