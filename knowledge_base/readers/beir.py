"""Corpora in BEIR form: one JSON object a line with ``_id``, ``title`` and ``text``.

``meta`` (or ``metadata``) is carried on. Lines with ``id`` and ``markdown`` are
published texts with tables of facts; they are told by their keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge_base.readers.compressed import open_text
from knowledge_base.vietnamese import clean

_LONGEST_LINE = 20_000_000  # characters
_LONGEST_FACT = 4000  # characters of one value of ``meta``
_MOST_FACTS = 32


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a document, or a ``problem`` where it has none.

    ``meta`` has strings only (lists are joined with spaces); ``published`` says
    that the line was one with ``markdown``, whose facts are in ``meta``.
    """

    number: int
    id: str = ""
    title: str = ""
    text: str = ""
    url: str = ""
    problem: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    published: bool = False


def is_beir(path: Path) -> bool:
    """Whether a file's name says it may be a corpus in BEIR form."""
    return path.name.lower().endswith((".jsonl", ".jsonl.zst"))


def read_beir(path: Path) -> Iterator[Line]:
    """The lines of a corpus, one at a time; a bad line is a `Line` with a problem."""
    with open_text(path) as file:
        number = 0
        while text := file.readline(_LONGEST_LINE):
            number += 1
            if text.strip():
                yield parse(text, number)


def parse(text: str, number: int) -> Line:
    """One line of a corpus."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return Line(number, problem="không phải JSON hợp lệ")
    if not isinstance(found, dict):
        return Line(number, problem="không phải một đối tượng JSON có _id, title, text")
    if "markdown" in found and "_id" not in found:
        return _published(found, number)
    key, title, body = found.get("_id"), found.get("title"), found.get("text")
    if not isinstance(key, str | int) or isinstance(key, bool) or not str(key).strip():
        return Line(number, problem="thiếu _id")
    if not isinstance(title, str | None) or not isinstance(body, str | None):
        return Line(number, problem=f"title và text của {key} phải là chuỗi ký tự")
    title, body = clean(title or "").strip(), clean(body or "").strip()
    if not title and not body:
        return Line(number, problem=f"{key} không có chữ nào")
    url = found.get("url")
    return Line(
        number,
        str(key),
        title,
        body or title,
        url if isinstance(url, str) else "",
        meta=_facts(found.get("meta") or found.get("metadata")),
    )


def _published(found: dict[str, Any], number: int) -> Line:
    from knowledge_base.law.published import facts_of, is_published
    from knowledge_base.readers.plain import read_markdown

    if not is_published(found):
        return Line(number, problem="id và markdown phải là chuỗi ký tự")
    reading = read_markdown(found["markdown"].encode("utf-8", "replace"))
    if not reading.text.strip():
        return Line(number, problem=f"{found['id']} không có chữ nào")
    facts = facts_of(found)
    return Line(
        number,
        found["id"],
        facts.get("title") or reading.title,
        reading.text,
        meta=facts,
        published=True,
    )


def _facts(meta: object) -> dict[str, str]:
    """The scalars and lists of scalars of a line's ``meta``, as strings."""
    facts: dict[str, str] = {}
    for name, value in (meta if isinstance(meta, dict) else {}).items():
        values = value if isinstance(value, list) else [value]
        words = [
            str(each) for each in values if isinstance(each, str | int | float) and each is not True
        ]
        text = clean(" ".join(words)).strip()
        if text and len(text) <= _LONGEST_FACT and len(facts) < _MOST_FACTS:
            facts[str(name)] = text
    return facts
