"""Figures against the facts of a document; values of an answer against those that are right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from assistant.figures.matching import key_of
from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score, failed

_MORE_WORDS = 6  # a name may have that many words besides those of the fact

Figure = Mapping[str, Any]


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """Of a document ``right``, ``found``, ``wrong value``; of a question one of the others."""
    made = output.value
    if not isinstance(made, dict) or "figures" not in made:
        return [failed("answers" if sample.given["ask"] else "found", "nothing came back")]
    expected = sample.target.expected
    if sample.kind == "document":
        return list(_of_document([_fact(one) for one in expected["facts"]], made["figures"]))
    return [_of_question(expected, made["answer"])]


def _fact(text: str) -> tuple[bool, list[str]]:
    """Whether a fact may be left out, and its six fields."""
    return text.startswith("?"), [one.strip() for one in text.lstrip("? ").split("|")]


def _of_document(
    facts: Sequence[tuple[bool, list[str]]], figures: Sequence[Figure]
) -> Iterator[Score]:
    left = [one for one in figures if one["value"] is not None]
    wanted = [fields for optional, fields in facts if not optional]
    read = len(left)
    missed, right = [], 0
    for optional, fields in sorted(facts, key=lambda one: one[0]):
        hit = next((one for one in left if not _faults(one, fields)), None)
        if hit is not None:
            left.remove(hit)
            right += 1
        elif not optional:
            missed.append(" | ".join(fields))
    told = "; ".join(missed) or "all"
    if wanted:
        yield Score("found", 1 - len(missed) / len(wanted), f"missed: {told}", len(wanted))
    if read:
        extra = "; ".join(_told(one) for one in left) or "none"
        yield Score("right", right / read, f"not right: {extra}", read)
        values = {(Decimal(f[3]), f[4]) for _, f in facts}
        wrong = [one for one in left if not _known(one, values)]
        yield Score("wrong value", len(wrong) / read, "; ".join(map(_told, wrong)) or "none", read)


def _faults(figure: Figure, fact: Sequence[str]) -> list[str]:
    name, scope, period, value, unit, kind = fact
    have = {
        "scope": (scope, (figure["scope"] or {}).get("name", "-")),
        "period": (period, (figure["period"] or {}).get("label", "-")),
        "unit": (unit, figure["unit"] or "-"),
        "kind": (kind, figure["kind"]),
    }
    found = [key for key, (right, got) in have.items() if right not in ("*", got)]
    if Decimal(figure["value"]) != Decimal(value):
        found.append("value")
    wanted, given = key_of(name), key_of(figure["indicator"])
    if not wanted <= given or len(given - wanted) > _MORE_WORDS:
        found.append("indicator")
    return found


def _known(figure: Figure, values: set[tuple[Decimal, str]]) -> bool:
    """Whether the document has this value in this unit at all."""
    value, unit = Decimal(figure["value"]), figure["unit"] or "-"
    return any(abs(one) == abs(value) and said in ("*", unit) for one, said in values)


def _told(figure: Figure) -> str:
    return f"{figure['indicator']}: {figure['value']} {figure['unit'] or ''}"


def _of_question(expected: Mapping[str, Any], answer: Mapping[str, Any]) -> Score:
    levels, every = _values(answer)
    told = ", ".join(sorted(map(str, every))) or "; ".join(answer["notes"]) or "nothing"
    if expected.get("none"):
        return Score("refused", float(not every), told)
    wanted = {abs(Decimal(one)) for one in expected["values"]}
    wrong = {abs(Decimal(one)) for one in expected.get("not", ())}
    return Score("answers", float(wanted <= every and not wrong & levels), told)


def _values(answer: Mapping[str, Any]) -> tuple[set[Decimal], set[Decimal]]:
    """Values of the indicators that are told, and with them all that was computed or quoted."""
    levels, sums = set(), set()
    for finding in answer["findings"]:
        for point in finding["points"]:
            levels |= {_size(one["value"]) for one in point["figures"] if one["value"]}
        sums |= {_size(one["value"]) for one in finding["calculations"] if one["value"]}
        sums |= {_size(one["value"]) for one in finding["stated"] if one["value"]}
    sums |= {_size(one["value"]) for one in answer["calculations"] if one["value"]}
    return levels, levels | sums


def _size(value: str) -> Decimal:
    return abs(Decimal(value))
