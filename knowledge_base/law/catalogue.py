"""The legal documents that are there, by number: what each is called, who issued it and when.

A law may be stored whole, or as articles of the codification, whose notes give
its name with the first article only. Here it is one entry either way.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from knowledge_base.law.dates import day_of
from knowledge_base.law.header import issuer_of, kind_of
from knowledge_base.law.shelves import Shelves
from knowledge_base.scope import PUBLIC
from knowledge_base.vietnamese import fold

_COLUMNS = "id, title, number, number_key, other_names, labels, collection, effective_from, meta"
# Articles of a codification are of no kind, but say which law they are of.
_WHERE = (
    "number_key <> '' AND withdrawn_at = '' AND (kind = 'law' OR instr(meta, '\"article\":') > 0)"
)
_NAMED = re.compile(
    r"(?P<kind>Bộ luật|Luật|Pháp lệnh|Nghị quyết(?: liên tịch)?|Nghị định|Thông tư(?: liên tịch)?"
    r"|Quyết định|Chỉ thị)\s+(?:số\s+)?\S+\s+(?P<name>\S.{3,300}?)"
    r"\s+ngày\s+(?P<day>\d{1,2}/\d{1,2}/\d{4})(?:\s+của\s+(?P<issuer>[^,;()]{4,120}))?",
    re.IGNORECASE,
)
_OWN_KIND = re.compile(
    r"^(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One legal document. ``key`` is what spellings of its number share.

    ``field``: the folder or group it was published under, as far as that is
    known; ``restricted``: its text is not for everybody.
    """

    key: str
    number: str
    title: str
    kind: str
    issuer: str
    issued_on: date | None
    effective_from: date | None
    effective_to: date | None
    field: str
    other_names: tuple[str, ...]
    documents: tuple[str, ...]
    restricted: bool = False

    @property
    def year(self) -> int | None:
        """The year of issue: by its day, else by its number."""
        if self.issued_on is not None:
            return self.issued_on.year
        found = re.search(r"/((?:19|20)\d\d)/", self.key)
        return int(found[1]) if found else None


def catalogue(shelves: Shelves) -> tuple[Entry, ...]:
    """Every legal document that may be seen, by key."""
    whole = 'instr(meta, \'"article":\') = 0 OR instr(meta, \'"article":"1"\') > 0'
    found: dict[str, list[sqlite3.Row]] = {}
    query = (
        f"SELECT {_COLUMNS}, effective_to FROM documents WHERE {_WHERE} AND ({whole})"  # noqa: S608
        " ORDER BY id"
    )
    for row in shelves.rows(query):
        found.setdefault(row["number_key"], []).append(row)
    rest = (
        f"SELECT {_COLUMNS}, effective_to, min(id) FROM documents WHERE {_WHERE}"  # noqa: S608
        " GROUP BY number_key"
    )
    for row in shelves.rows(rest):  # those of which the first article is not there
        if row["number_key"] not in found:
            found[row["number_key"]] = [row]
    return tuple(_entry(key, rows) for key, rows in sorted(found.items()))


def _entry(key: str, rows: list[sqlite3.Row]) -> Entry:
    metas = [json.loads(row["meta"]) for row in rows]
    whole = [n for n, meta in enumerate(metas) if "article" not in meta]
    # A file says more of itself than a bundled summary, and both than a codified article.
    order = sorted(whole, key=lambda n: rows[n]["id"].startswith("law:")) or [0]
    first, meta = rows[order[0]], metas[order[0]]
    noted = next((m for m in map(_noted, metas) if m), None)
    kind = _first(metas[n].get("document_type", "") for n in (*order, *range(len(rows))))
    title = _title([rows[n]["title"] for n in whole], noted, kind, first["number"])
    issued = _first(m.get("issued_on", "") for m in metas)
    day = date.fromisoformat(issued) if issued else day_of(noted["day"]) if noted else None
    return Entry(
        key=key,
        number=str(first["number"]),
        title=title,
        kind=kind or kind_of(key),
        issuer=_first(m.get("issuer", "") for m in metas)
        or issuer_of(key)
        or (" ".join(noted["issuer"].split()) if noted and noted["issuer"] else ""),
        issued_on=day,
        effective_from=_day(_first(rows[n]["effective_from"] for n in (*order, *range(len(rows))))),
        effective_to=_day(_first(rows[n]["effective_to"] for n in whole)),
        field=_field(meta, first),
        other_names=tuple(dict.fromkeys(n for row in rows for n in json.loads(row["other_names"]))),
        documents=tuple(str(row["id"]) for row in rows),
        restricted=any(json.loads(row["labels"]) != [PUBLIC] for row in rows),
    )


def _noted(meta: dict[str, str]) -> re.Match[str] | None:
    """What the source note of a first article says: name, day and issuer."""
    note = " ".join(re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", meta.get("source_note", "")).split())
    return _NAMED.search(note) if note else None


def _title(titles: list[str], noted: re.Match[str] | None, kind: str, number: str) -> str:
    good = [t for t in titles if len(t) > len(kind) + 4]
    if good:
        return min(good, key=lambda t: (t.isupper(), len(t) > 300))
    if noted:
        name = noted["name"].strip()
        if _OWN_KIND.match(name):
            return name
        plain = fold(noted["kind"]) not in ("luat", "bo luat", "phap lenh")
        return f"{noted['kind']} {name[0].lower() if plain else name[0]}{name[1:]}"
    return f"{kind} {number}".strip()


def _field(meta: dict[str, str], row: sqlite3.Row) -> str:
    """ "giao thong van tai" from the folder or group a text was published under."""
    given = meta.get("field", "") or meta.get("group", "")
    path = meta.get("path", "") or str(row["id"]).partition("/")[2]
    folder = path.removeprefix("van-ban/").rpartition("/")[0].partition("/")[0]
    return given or (folder.replace("-", " ") if not folder[:1].isdigit() else "")


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


# --- names --------------------------------------------------------------------------------------


class LawNames:
    """The documents of a catalogue by the names people call them: "luật đất đai 2013"."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = {entry.key: entry for entry in entries}
        self._keys: dict[tuple[str, ...], dict[str, None]] = {}
        for entry in self.entries.values():
            for name in names_of(entry):
                self._keys.setdefault(name, {})[entry.key] = None
        self._longest = max(map(len, self._keys), default=0)

    def find(self, text: str, on: date) -> tuple[Mentioned, ...]:
        """The documents named in a text, the longest name at each place, in order."""
        spans = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
        said = [fold(text[a:b]) for a, b in spans]
        found: list[Mentioned] = []
        at = 0
        while at < len(said):
            for size in range(min(self._longest, len(said) - at), 1, -1):
                keys = self._keys.get(tuple(said[at : at + size]))
                if keys:
                    year, end = _year(said, at + size)
                    chosen = self._chosen(list(keys), year, on)
                    span = (spans[at][0], spans[end - 1][1])
                    found.append(Mentioned(chosen, tuple(keys), year, *span))
                    at = end
                    break
            else:
                at += 1
        return tuple(found)

    def _chosen(self, keys: list[str], year: str, on: date) -> tuple[str, ...]:
        """Of several laws of one name: those of the year said, else the one in force last."""
        if year:
            return tuple(k for k in keys if str(self.entries[k].year) == year)
        begun = [k for k in keys if (since := self.entries[k].effective_from) and since <= on]
        if begun:
            return (max(begun, key=lambda k: self.entries[k].effective_from or date.min),)
        return tuple(keys)


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A name in a text: ``keys`` it stands for, ``alike`` all of that name; ``text[start:end]``."""

    keys: tuple[str, ...]
    alike: tuple[str, ...]
    year: str
    start: int
    end: int


_TOKEN = re.compile(r"[^\W_]+")
_LEAST = 2  # syllables of a name


def names_of(entry: Entry) -> Iterator[tuple[str, ...]]:
    """The folded syllables of each name; of decrees and circulars too, whole."""
    for name in (entry.title, *entry.other_names):
        plain = re.sub(r"\([^)]*\)", " ", name)
        words = [fold(word) for word in _TOKEN.findall(plain)]
        while words and (re.fullmatch(r"(?:19|20)\d\d", words[-1]) or words[-1] == "nam"):
            words.pop()
        if len(words) >= _LEAST and words != fold(entry.kind).split():
            yield tuple(words)


def _year(said: list[str], at: int) -> tuple[str, int]:
    """The year behind a name ("2013", "năm 2013"), and where it ends."""
    step = at + 1 if at < len(said) and said[at] == "nam" else at
    if step < len(said) and re.fullmatch(r"(?:19|20)\d\d", said[step]):
        return said[step], step + 1
    return "", at
