"""Questions over the codification of the law: by number of a document, and on labour law."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from evals.benchmarks.files import Row, half, lines
from evals.benchmarks.known_answers import Asked


def articles(data: Path) -> Iterator[Row]:
    """Articles with the note that says which article of which document each one is."""
    for row in lines(data / "phapdien" / "corpus.jsonl.zst"):
        text = f"{row['meta']['source_note'] or ''}\n{row['text']}"
        yield {"_id": row["_id"], "title": row["title"], "text": text}


_LABOUR = re.compile(r"(?:Luật |Nghị định )(\d+/\d{4}/[\w-]+)")


def labour(data: Path) -> Asked:
    """Questions on labour law whose article is in the codification, which holds today's law."""
    here = data / "labor_temporal"
    numbers = {
        row["id"]: found[1]
        for row in lines(here / "documents_metadata.jsonl.zst")
        if (found := _LABOUR.search(row["title"]))
    }
    known = {
        (row["meta"]["doc_number"], row["meta"]["article"]): row["_id"]
        for row in lines(data / "phapdien" / "corpus.jsonl.zst")
        if row["meta"]["doc_number"] in numbers.values()
    }
    queries, gold = [], []
    for row in lines(half(here, "questions", "jsonl.zst")):
        at = (numbers.get(row["gold_document_id"], ""), row["gold_article"].removeprefix("Điều "))
        if row["category"] != "temporal" and at in known:
            queries.append({"_id": row["id"], "text": row["question"], "kind": row["category"]})
            gold.append((row["id"], known[at]))
    return queries, gold


# Document numbers: any article of the document counts, unless the query names one, which
# is what the citation set is for.
_KINDS_OF_NUMBERS = {
    "NĐ": "Nghị định",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "QH": "Luật",
}
_NUMBER = re.compile(r"(\d+)/(\d{4})/((?:NĐ|TTLT|TT|QH)\d*)(-.+)?")
_EACH_DOCUMENT = 20  # one document in twenty is asked for


def numbers(data: Path) -> Asked:
    holders: dict[str, list[str]] = {}
    short: dict[str, list[str]] = {}
    for row in lines(data / "phapdien" / "corpus.jsonl.zst"):
        number = row["meta"]["doc_number"] or ""
        if found := _NUMBER.fullmatch(number):
            holders.setdefault(number, []).append(row["_id"])
            short.setdefault(_short_number(found), []).append(row["_id"])
    queries: list[Row] = []
    gold: list[tuple[str, str]] = []
    asked: set[str] = set()
    chosen = sorted(holders, key=lambda key: sha256(key.encode()).digest())
    for number in chosen[::_EACH_DOCUMENT]:
        found = _NUMBER.fullmatch(number)
        if found is None:
            continue
        kind = _kind_of_number(found)
        for form, text, right in (
            ("number alone", number, holders[number]),
            ("whole number", f"{kind} số {number} quy định gì", holders[number]),
            ("number and year", _short_number(found), short[_short_number(found)]),
        ):
            if text in asked:  # two documents of one number and year
                continue
            asked.add(text)
            key = f"{form.replace(' ', '-')}-{number}"
            queries.append({"_id": key, "text": text, "kind": form})
            gold += [(key, article) for article in right]
    return queries, gold


def _kind_of_number(found: re.Match[str]) -> str:
    return _KINDS_OF_NUMBERS[found[3].rstrip("0123456789")]


def _short_number(found: re.Match[str]) -> str:
    return f"{_kind_of_number(found)} {found[1]}/{found[2]}"
