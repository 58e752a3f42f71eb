"""Which stored documents a person means: by id, code, number, file or collection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from knowledge_base.errors import KnowledgeError
from knowledge_base.home import Home
from knowledge_base.store import Record

STORES = ("public", "restricted")
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Meant:
    """One document of one store, withdrawn or not."""

    store: str
    id: str
    title: str
    number: str
    collection: str
    sha256: str
    withdrawn_at: str


class NothingMeant(KnowledgeError):
    """No document is called so."""


def records(home: Home) -> dict[str, Record]:
    """The records of a home, by store."""
    return {name: Record(home.record(name)) for name in STORES if home.record(name).is_file()}


def meant(home: Home, text: str) -> list[Meant]:
    """The documents that ``text`` names, whatever it is. Raises `NothingMeant`."""
    stores = records(home)
    for conditions in _ways(text.strip()):
        found = [
            one
            for where, values in conditions
            for name, record in stores.items()
            for one in _where(name, record, where, *values)
        ]
        if found:
            return list(dict.fromkeys(found))
    near = _near(stores, text)
    hint = f" Có phải: {', '.join(near)}?" if near else " Xem danh sách: troly kb status"
    raise NothingMeant(f"Không có tài liệu nào là “{text}” trong kho.{hint}")


def in_collection(home: Home, collection: str) -> list[Meant]:
    """All documents of a collection. Raises `NothingMeant`."""
    stores = records(home)
    found = [
        one
        for name, record in stores.items()
        for one in _where(name, record, "collection = ?", collection)
    ]
    if found:
        return found
    known = sorted({c for record in stores.values() for c in record.collections()})
    raise NothingMeant(
        f"Không có bộ tài liệu “{collection}”. Đang có: {', '.join(known) or 'chưa có bộ nào'}."
    )


_Condition = tuple[str, tuple[str, ...]]


def _ways(text: str) -> Iterator[list[_Condition]]:
    """Ways to understand what was typed, the surest first."""
    from knowledge_base.law.keys import document_key
    from knowledge_base.vietnamese import procedure_code

    yield [("id = ?", (text,))]
    code = procedure_code(text)
    if code:
        yield [("id IN (?, ?) OR source_id = ?", (f"procedure:{code}", f"portal:{code}", code))]
    path = str(Path(text).expanduser().resolve())
    from_file = "id IN (SELECT substr(key, 6) FROM facts WHERE value = ? AND key LIKE 'file %')"
    yield [(from_file, (path,)), ("source_id = ?", (text,))]
    key = document_key(text)
    if key:
        yield [("number_key = ?", (key,))]


def _where(store: str, record: Record, where: str, *values: str) -> Iterator[Meant]:
    query = (
        "SELECT id, title, number, collection, sha256, withdrawn_at FROM documents"  # noqa: S608
        f" WHERE {where} ORDER BY id"
    )
    for row in record.rows(query, *values):
        yield Meant(store, *row)


def _near(stores: dict[str, Record], text: str) -> list[str]:
    """Ids, codes and numbers that look like it."""
    from knowledge_base.law.keys import resolve

    names: dict[str, str] = {}
    keys: dict[str, str] = {}
    query = "SELECT id, source_id, number, number_key FROM documents WHERE withdrawn_at = ''"
    for record in stores.values():
        for row in record.rows(query):
            names.update(dict.fromkeys((row["id"], row["source_id"], row["number"]), row["id"]))
            if row["number_key"]:
                keys[row["number_key"]] = row["number"]
    number = resolve(text, keys)
    found = [keys[key] for key in (*number.keys, *number.near)]
    return list(dict.fromkeys(found or get_close_matches(text, names, _NEAR, 0.7)))[:_NEAR]
