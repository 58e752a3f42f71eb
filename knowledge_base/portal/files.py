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
from knowledge_base.readers.compressed import open_text

SUFFIXES = (".json", ".jsonl", ".json.zst", ".jsonl.zst")
_HEAD = 65_536  # bytes in which a record shows its keys
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
    """Whether a file holds records of procedures, by its name and its first bytes."""
    if not path.name.lower().endswith(SUFFIXES):
        return False
    try:
        with open_text(path) as file:
            head = file.read(_HEAD)
    except Exception:  # whatever a broken file does here, its reader will say it in words
        return False
    return bool(_KEYS.search(head)) and not _BEIR.match(head)


def read_records(path: Path) -> Iterator[Found]:
    """The records of a file, one at a time; a bad one is a `Found` with a problem."""
    from knowledge_base.portal.cards import card_of
    from knowledge_base.portal.records import NotARecord, raw_of
    from knowledge_base.rows import card_to_json

    for number, size, found in _objects(path):
        if not isinstance(found, dict):
            yield Found(number, problem=str(found) if isinstance(found, str) else _NOT, size=size)
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
            rest = file.read()
            try:
                found = json.loads(first + rest)
            except (ValueError, RecursionError) as error:
                raise Unreadable("không phải JSON hợp lệ", QuarantineReason.DAMAGED) from error
            for number, one in enumerate(found if isinstance(found, list) else [found], 1):
                yield number, len(str(one)), one
            return
        number = 0
        line = first
        while line:
            number += 1
            if line.strip():
                try:
                    yield number, len(line.encode()), json.loads(line)
                except (ValueError, RecursionError):
                    yield number, len(line), "không phải JSON hợp lệ"
            line = file.readline(_LONGEST_LINE)


def _whole(line: str) -> bool:
    """Whether a line is a JSON object by itself, so that the file has one a line."""
    line = line.strip()
    if not line.startswith("{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        # A broken first line of many is still one a line; "{" alone is a printed object.
        return len(line) > 1 and line.endswith("}")
