"""A paper by its own bytes, a sentence by what it says, a fault by its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score, failed

#: Decree 30/2020, Annex I: mm of the margins, from and to; sizes that may stand on a paper.
_MARGINS = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}
_SIZES = (11, 14)


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """The measures of what was asked."""
    made = output.value
    if not isinstance(made, dict):
        return [failed("laid out", "nothing came back")]
    return list(_BY_KIND[sample.kind](sample.target.expected, made))


def _sentence(expected: Any, made: Mapping[str, Any]) -> Iterator[Score]:
    if "fields" not in made:
        yield Score("taken", 0.0, str(made.get("refused")), len(expected["fields"]))
        return
    for name, value in expected["fields"].items():
        got = made["fields"].get(name)
        yield Score("taken", float(got == value), f"{name}: {got!r}, not {value!r}")
    invented = [name for name in expected["unsaid"] if name not in made["missing"]]
    yield Score("left blank", float(not invented), f"filled in: {invented}" if invented else "")


def _refused(_: Any, made: Mapping[str, Any]) -> Iterator[Score]:
    yield Score("refused", float("refused" in made), str(made.get("refused", "a paper was made")))


def _amount(expected: str, made: Mapping[str, Any]) -> Iterator[Score]:
    right = made["words"].endswith(f"(Bằng chữ: {expected})")
    yield Score("amount in words", float(right), made["words"])


def _paper(expected: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[Score]:
    wrong = [*_order(expected["order"], made["lines"]), *_page(made)]
    wrong += [f"not on the left: {x}" for x in expected["left"] if x not in " ".join(made["left"])]
    yield Score("laid out", float(not wrong), "; ".join(wrong))
    yield Score("false fault", float(bool(made["faults"])), ", ".join(made["faults"]))


def _fault(expected: str, made: Mapping[str, Any]) -> Iterator[Score]:
    told = ", ".join(made["faults"]) or "no fault was found"
    yield Score("fault found", float(expected in made["faults"]), told)


def _order(wanted: list[str], lines: list[str]) -> Iterator[str]:
    at = 0
    for text in wanted:
        found = next((n for n in range(at, len(lines)) if text in lines[n]), None)
        if found is None:
            yield f"missing or not in order: {text}"
            return
        at = found


def _page(made: Mapping[str, Any]) -> Iterator[str]:
    if made["paper"] != [210, 297]:
        yield f"paper {made['paper']}"
    for side, (least, most) in _MARGINS.items():
        if not least <= made["margins"][side] <= most:
            yield f"margin {side} {made['margins'][side]} mm"
    if made["font"] != "Times New Roman" or set(made["other_fonts"]) - {"Times New Roman"}:
        yield f"fonts {made['font']}, {made['other_fonts']}"
    if made["sizes"] and not (_SIZES[0] <= min(made["sizes"]) and max(made["sizes"]) <= _SIZES[1]):
        yield f"sizes {made['sizes']}"
    if not (made["first_page_differs"] and made["numbered"]):
        yield "no page number from the second page on"


_BY_KIND: Mapping[str, Callable[[Any, Mapping[str, Any]], Iterator[Score]]] = {
    "sentence": _sentence,
    "refused": _refused,
    "amount": _amount,
    "paper": _paper,
    "fault": _fault,
}
