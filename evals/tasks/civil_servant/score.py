"""Named places, standing, guides, lists and comparisons, against what the set's author wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score, failed

_STATES = {
    "in_force": "còn hiệu lực",
    "not_in_force": "không có hiệu lực",
    "unknown": "chưa rõ hiệu lực",
}
_ANSWERED = ("answered", "answered_partly")
_SHOWN = 120


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """The measures of this kind of question."""
    given, wanted = output.value, sample.target.expected
    if not isinstance(given, dict) or not isinstance(wanted, dict):
        return [failed("right place", "nothing came back")]
    if sample.kind == "compare":
        return list(_compare(wanted["articles"], given))
    kinds = {
        "reference": _reference,
        "matter": _matter,
        "standing": _standing,
        "guides": _guides,
        "list": _list,
        "absent": _absent,
    }
    scores = list(kinds[sample.kind](wanted, given))
    held = given.get("hold", [])
    if held:
        scores.append(Score("quotes hold", float(all(held)), f"{sum(held)} of {len(held)}"))
    return scores


def _reference(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Score]:
    cited = given["citations"][0] if given["citations"] else {}
    path = [step.lower() for step in cited.get("path", ())]
    named = wanted["number"] in given["text"]
    article = _has(path, f"điều {wanted['article']}") or _amended(wanted, cited)
    clause = not wanted["clause"] or _has(path, f"khoản {wanted['clause']}")
    point = not wanted["point"] or _has(path, f"điểm {wanted['point']}")
    source = cited.get("document_number", "") in (wanted["source"],)
    right = given["status"] in _ANSWERED and named and article and clause and point and source
    why = f"{given['status']}: {cited.get('document_number', '')} {' > '.join(path)}"
    yield Score("right place", float(right), why[:_SHOWN])
    quote = cited.get("quote", "")
    same = " ".join(quote.split()) == " ".join(wanted["quote"].split())
    yield Score("quoted verbatim", float(same), quote[:_SHOWN])
    yield _state(wanted["state"], given)


def _matter(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Score]:
    cited = given["citations"][0] if given["citations"] else {}
    path = [step.lower() for step in cited.get("path", ())]
    right = wanted["number"] in given["text"] and _has(path, f"điều {wanted['article']}")
    why = f"{given['status']}: {cited.get('document_number', '')} {' > '.join(path)}"
    yield Score("matter found", float(right), why[:_SHOWN])
    yield _state(wanted["state"], given)


def _amended(wanted: Mapping[str, Any], cited: Mapping[str, Any]) -> bool:
    """An amended clause is cited from the amending document's own article."""
    source = str(wanted["source"])
    return source != wanted["number"] and cited.get("document_number") == source


def _has(path: list[str], step: str) -> bool:
    return any(f" {step} " in f" {each.replace('.', ' ')} " for each in path)


def _state(state: str, given: Mapping[str, Any]) -> Score:
    head = given["text"].split("\n- ")[0]
    told = [name for name, words in _STATES.items() if f": {words}" in head]
    return Score("standing", float(told == [state]), f"{told}; right: {state}")


def _standing(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Score]:
    yield _state(wanted["state"], given)
    missing = [words for words in wanted["said"] if words not in given["text"]]
    if wanted["said"]:
        yield Score("changes told", float(not missing), f"missing: {missing}" if missing else "all")


def _guides(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Score]:
    right = set(wanted["guides"])
    told = {each["document_number"] for each in given["citations"]}
    yield Score("guides found", len(right & told) / len(right), f"missing: {sorted(right - told)}")
    share = len(right & told) / len(told) if told else 0.0
    yield Score("guides right", share, f"too many: {sorted(told - right)}")


def _list(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Score]:
    told = {each["document_number"] for each in given["citations"]}
    right = given["status"] in _ANSWERED and told == set(wanted["documents"])
    yield Score("list right", float(right), f"{sorted(told)}; right: {wanted['documents']}")


def _absent(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Score]:
    missing = [words for words in wanted["said"] if words not in given["text"]]
    honest = given["status"] in wanted["status"] and not missing
    why = f"{given['status']}: {given['text'][:_SHOWN]}"
    yield Score("said what is not there", float(honest), why)


def _compare(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Score]:
    right = {(label, *row) for label, rows in wanted.items() for row in rows}
    told = set(_rows(given))
    found = len(right & told) / len(right)
    yield Score("changed clauses found", found, f"missing: {sorted(right - told)}")
    false = sorted(told - right)
    yield Score("no false change", float(not false), f"false: {false[:6]}")


def _rows(given: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """``(article, change, place before, place after)`` of every clause that is called changed."""
    for article in given["articles"]:
        label = (article["before"] or article["after"])["article"]
        for row in article["rows"]:
            if row["change"] != "same":
                yield label, row["change"], _place(row["before"]), _place(row["after"])
        for swap in article["swaps"]:
            yield label, "swapped", _short(swap["row"]), _short(swap["row"])


def _place(piece: Mapping[str, Any] | None) -> str:
    return f"{piece['clause']}{piece['point']}" if piece else ""


def _short(name: str) -> str:
    """ "điểm a khoản 2" is "2a"."""
    words = name.split()
    found = dict(zip(words[::2], words[1::2], strict=False))
    return f"{found.get('khoản', '')}{found.get('điểm', '')}"
