"""Files of portal records: one JSON object, a list of them, or one a line; also zstd.

`is_portal` only looks at the first bytes; `read_records` runs in the process
that opens other people's files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.portal.records import NotARecord, raw_of, schema_of
from knowledge_base.readers.compressed import open_text

NOT_JSON = "không phải JSON hợp lệ"
_HEAD = 1_000_000  # characters in which a record shows its keys
_LONGEST_LINE = 20_000_000  # characters

# The keys that only such records have, as they are written in JSON.
_KEYS = re.compile(
    r'"ma_thu_tuc"\s*:|"thu_tuc_id"\s*:|"ma_so"\s*:.*"co_quan_ban_hanh"\s*:', re.DOTALL
)
_BEIR = re.compile(r'\s*\{\s*"_id"\s*:')


@dataclass(frozen=True, slots=True)
class Found:
    """One record: its typed card as JSON and its schema, or a ``problem``."""

    number: int  # of the line, or the place in the list, from 1
    card: str = ""
    schema: str = ""
    problem: str = ""
    size: int = 0  # bytes read for it, for the progress


def is_portal(path: Path) -> bool:
    """Whether a file holds records of procedures, by its first characters."""
    try:
        with open_text(path) as file:
            head = file.read(200)
            if not head.lstrip().startswith(("{", "[")):
                return False
            head += file.read(_HEAD)
    except Exception:  # whatever a broken file does here, its reader will say it in words
        return False
    return bool(_KEYS.search(head)) and not _BEIR.match(head)


def read_records(path: Path) -> Iterator[Found]:
    """The records of a file, one at a time; a bad one is a `Found` with a problem."""
    from knowledge_base.portal.cards import card_of
    from knowledge_base.rows import card_to_json

    for number, size, found in _objects(path):
        if not isinstance(found, dict):
            yield Found(number, problem=NOT_JSON if found == NOT_JSON else _NOT, size=size)
            continue
        try:
            raw = raw_of(found)
            yield Found(number, card_to_json(card_of(raw)), raw.schema.value, size=size)
        except NotARecord as error:
            yield Found(number, problem=str(error), size=size)
        except Exception as error:  # one odd record does not cost the others
            problem = f"không đọc được bản ghi này ({type(error).__name__})"
            yield Found(number, problem=problem, size=size)


_NOT = "không phải một đối tượng JSON"


def _objects(path: Path) -> Iterator[tuple[int, int, Any]]:
    """``(number, size, object)``; a string stands for what could not be parsed."""
    with open_text(path) as file:
        first = file.readline(_LONGEST_LINE)
        if not _whole(first):
            yield from _values(first + file.read())
            return
        number = 0
        line = first
        while line:
            number += 1
            if line.strip():
                yield _parsed(number, line)
            line = file.readline(_LONGEST_LINE)


def _parsed(number: int, line: str) -> tuple[int, int, Any]:
    try:
        return number, len(line.encode("utf-8", "replace")), json.loads(line)
    except (ValueError, RecursionError):
        return number, len(line), NOT_JSON


def _values(text: str) -> Iterator[tuple[int, int, Any]]:
    """The objects of a text that is not one a line: a list, or objects one after another."""
    decoder, number, at = json.JSONDecoder(), 0, _next(text, 0)
    while at < len(text):
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            if number:
                yield number + 1, len(text) - at, NOT_JSON
                return
            lines = [_parsed(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
            if not any(isinstance(found, dict) and schema_of(found) for *_, found in lines):
                raise Unreadable(NOT_JSON, QuarantineReason.DAMAGED) from None
            yield from lines
            return
        several = _listed(found)
        for one in several:
            number += 1
            yield number, (end - at) // len(several), one
        at = _next(text, end)


def _next(text: str, at: int) -> int:
    """Where the next value begins: after blanks and a comma."""
    while at < len(text) and (text[at].isspace() or text[at] == ","):
        at += 1
    return at


def _listed(found: Any) -> list[Any]:
    """The records of a list, or of the only list of records that an object wraps."""
    if isinstance(found, dict) and schema_of(found) is None:
        lists = [
            value
            for value in found.values()
            if isinstance(value, list)
            and any(isinstance(one, dict) and schema_of(one) for one in value)
        ]
        if len(lists) == 1:
            return list(lists[0])
    return found if isinstance(found, list) else [found]


def _whole(line: str) -> bool:
    """Whether a line is a record by itself, so that the file has one a line."""
    line = line.strip()
    if not line.startswith("{"):
        return False
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        # A broken first line of many is still one a line; "{" alone is a printed object.
        return len(line) > 1 and line.endswith("}") and "}{" not in line
    return isinstance(found, dict) and _listed(found) == [found]
