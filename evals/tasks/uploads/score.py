"""Whether the right place is quoted; whether silence is told; whether quotes are quotes."""

from __future__ import annotations

from typing import Any

from evals.facts import composed
from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score, failed


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """The measures of one question."""
    value, wanted = output.value, sample.given
    if not isinstance(value, dict):
        return [failed("right", "nothing came back")]
    quotes = value["quotes"]
    found = []
    if wanted.get("none"):
        told = "; ".join(each["quote"][:60] for each in quotes)
        found.append(Score("refused", float(not quotes), told or value["status"]))
        claimed = value["status"] == "answered"
        found.append(Score("not claimed", float(not claimed), told or value["status"]))
    else:
        right = [_says(each, wanted) for each in quotes]
        shown = "; ".join(f"{each['file']}: {each['quote'][:60]}" for each in quotes)
        found.append(Score("right", float(any(right)), shown or value["status"]))
        found.append(Score("first", float(bool(right) and right[0]), shown or value["status"]))
    wrong = [each["quote"][:60] for each in quotes if not each["verbatim"]]
    found.append(Score("verbatim", float(not wrong), "; ".join(wrong), blocker=True))
    return found


def _says(quote: dict[str, Any], wanted: dict[str, Any]) -> bool:
    if quote["file"] != wanted["in"]:
        return False
    return any(composed(word) in composed(quote["quote"]) for word in wanted["says"])
