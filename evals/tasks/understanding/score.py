"""Exact match with what was meant; for everyday chat, also the share of words that are right."""

from __future__ import annotations

from typing import Any

from evals.benchmarks.typed import alike
from evals.ground import Ground
from evals.tasks.understanding.samples import CHAT
from evals.vocabulary import Output, Sample, Score
from knowledge_base.vietnamese import clean, fold, tokens

#: Kinds whose measure has their own name; every other is a way of typing.
_OWN = frozenset({"dates", "places", "codes", "clean"})


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """One score; its measure is the kind's, or ``normalisation``."""
    wanted, read = sample.target.expected, output.value
    why = f"read: {read}; meant: {wanted}"
    if sample.dataset == CHAT:
        return [Score("chat", _share(str(wanted), str(read)), why)]
    measure = sample.kind if sample.kind in _OWN else "normalisation"
    match sample.kind:
        case "dates":
            right = read == wanted
        case "places":
            right = _places(wanted, read)
        case "codes":
            right = _codes(wanted) == _codes(read)
        case "clean":
            right = read == sample.text
        case _:
            right = any(tokens(clean(text)) == tokens(str(read)) for text in wanted)
    return [Score(measure, float(right), why)]


def _places(wanted: Any, read: Any) -> bool:
    same = set(wanted["provinces"]) == set(read["provinces"])
    return same and ("now" not in wanted or set(wanted["now"]) == set(read["now"]))


def _codes(found: Any) -> dict[str, set[str]]:
    return {
        "numbers": set(map(_number, found.get("numbers", ()))),
        "codes": set(found.get("codes", ())),
        "articles": set(found.get("articles", ())),
    }


def _number(number: str) -> str:
    """ "01/2024/TT-BTC" and "1/2024/tt-btc" are one."""
    return fold(number).lstrip("0")


def _share(wanted: str, read: str) -> float:
    """Of the words meant, those that were read, in their order."""
    meant, got = tokens(clean(wanted)), tokens(read)
    return alike(meant, got) / len(meant) if meant else float(not got)
