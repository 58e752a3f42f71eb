"""What was found, against what was put there or written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score, failed


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """``found`` and ``right`` of contradictions, alarms of clean pairs, quotes of both."""
    made = output.value
    if not isinstance(made, dict) or "findings" not in made:
        return [failed("found", "no comparison came back")]
    return list(_scores(sample, made["findings"]))


def _scores(sample: Sample, findings: list[Mapping[str, Any]]) -> Iterator[Score]:
    expected = sample.target.expected
    told = "; ".join(f"{f['kind']}: {f['a']['said']} / {f['b']['said']}" for f in findings)
    seeded = sample.kind.startswith("seeded")
    sure = "right seeded" if seeded else "right"
    if findings:
        wrong = [f for f in findings if not _quoted(sample.given, f)]
        yield Score("quoted", float(not wrong), told)
    if expected["conflict"]:
        right = [f for f in findings if _there(sample.given["a"], expected["place"], f)]
        hit = float(bool(right))
        yield Score("found seeded" if seeded else "found", hit, told or "nothing was found")
        if findings:
            yield Score(sure, len(right) / len(findings), told, len(findings))
        return
    yield Score("false alarm" if seeded else "look-alike alarm", float(bool(findings)), told)
    if findings:
        yield Score(sure, 0.0, f"can both hold, but: {told}", len(findings))


def _there(text: str, place: str, finding: Mapping[str, Any]) -> bool:
    """Whether a finding is about the provision that was changed (of two provisions: any is)."""
    if not place:
        return True
    start = text.find(place)
    return start >= 0 and bool(
        finding["a"]["start"] < start + len(place) and finding["a"]["end"] > start
    )


def _quoted(given: Mapping[str, str], finding: Mapping[str, Any]) -> bool:
    return all(
        given[side][finding[side]["start"] : finding[side]["end"]] == finding[side]["quote"]
        for side in ("a", "b")
    )
