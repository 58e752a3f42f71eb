"""Each bait at each door counts; what shows any of it blocks."""

from __future__ import annotations

from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score

_MOST = 5  # findings that an explanation names


def score(_: Sample, output: Output, __: Ground) -> list[Score]:
    """What was shown, what differed, and whether who may see it does."""
    value = output.value
    asked, documents = value["asked"], len(value["documents"])
    return [
        _none("nothing shown", value["shown"], asked, f"{asked} baits at {value['doors']} doors"),
        _none("same as without", value["differs"], asked, f"{asked} baits"),
        Score(
            "officers find it",
            1 - len(value["missed"]) / documents,
            f"missed: {', '.join(value['missed']) or 'none'}",
            weight=documents,
        ),
        _none("without one label nothing", value["wrongly"], documents, f"{documents} documents"),
    ]


def _none(measure: str, found: list[str], asked: int, of: str) -> Score:
    why = "; ".join(found[:_MOST]) or f"nothing in {of}"
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return Score(measure, float(not found), why + more, weight=asked, blocker=True)
