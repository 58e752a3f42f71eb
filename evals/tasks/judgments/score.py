"""Whether names are gone and the rest is there; fields, articles, like cases, refusals, pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score, failed


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """The measures of one sample."""
    if not isinstance(output.value, dict):
        return [failed("masked", "nothing came back")]
    by_kind = {"text": _text, "like": _like, "verdict": _verdict, "map": _map}
    return list(by_kind[sample.given["what"]](sample.given, output.value))


def _text(given: dict[str, Any], value: dict[str, Any]) -> Iterator[Score]:
    left, taken = value["left"], value["taken"]
    mentions, others = max(1, value["mentions"]), max(1, value["others"])
    yield Score("masked", 1 - len(left) / mentions, "; ".join(left), weight=mentions)
    yield Score("kept", 1 - len(taken) / others, "; ".join(taken), weight=others)
    for name, wanted in given["fields"].items():
        found = value["fields"][name]
        yield Score("field", float(found == wanted), f"{name}: {found!r}, not {wanted!r}")
    wanted_articles = {tuple(a.split()[:2]) for a in given["articles"]}
    if wanted_articles:
        found_articles = {tuple(a.split()[:2]) for a in value["articles"]}
        both = len(wanted_articles & found_articles)
        missing = ", ".join(" ".join(a) for a in sorted(wanted_articles - found_articles))
        extra = ", ".join(" ".join(a) for a in sorted(found_articles - wanted_articles))
        yield Score("articles found", both / len(wanted_articles), missing)
        yield Score("articles right", both / max(1, len(found_articles)), extra)


def _like(given: dict[str, Any], value: dict[str, Any]) -> Iterator[Score]:
    found = value["found"]
    told = ", ".join(found) or "nothing"
    if given["is"] == "none":
        yield Score("like none", float(not found), told)
    else:
        yield Score("like first", float(found[:1] == [given["is"]]), told)


def _verdict(given: dict[str, Any], value: dict[str, Any]) -> Iterator[Score]:
    name = "refused" if given["verdict"] else "not refused"
    yield Score(name, float(value["refused"] == given["verdict"]), str(value["refused"]))


def _map(given: dict[str, Any], value: dict[str, Any]) -> Iterator[Score]:
    wanted = {tuple(pair.split("-")) for pair in given["pairs"].split()}
    olds = {old for old, _ in wanted}
    found = {(old, new) for old, new in value["pairs"] if old in olds}
    missing = ", ".join("-".join(p) for p in sorted(wanted - found))
    extra = ", ".join("-".join(p) for p in sorted(found - wanted))
    yield Score("pairs found", len(wanted & found) / len(wanted), missing)
    yield Score("pairs right", len(wanted & found) / max(1, len(found)), extra)
