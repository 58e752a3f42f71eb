"""What is known of the documents of a record beside their texts, and which of them fit a filter.

The index has no columns for it, so that none has to be built anew for a new
filter: it is read from the record once for each state of the corpus.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from knowledge_base.documents import DocumentKind
from knowledge_base.law.header import issuer_of, kind_of
from knowledge_base.law.keys import document_key, numbers_in
from knowledge_base.query import Filter
from knowledge_base.vietnamese import expand_abbreviations, fold, tokens

if TYPE_CHECKING:
    from knowledge_base.store import Record

_QUERY = (
    "SELECT id, source_id, kind, collection, number, number_key, meta,"
    " json_extract(nullif(card, ''), '$.field') AS field,"
    " json_extract(nullif(card, ''), '$.authority') AS authority,"
    " json_extract(nullif(card, ''), '$.legal_basis') AS basis"
    " FROM documents WHERE withdrawn_at = ''"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
#: A text belongs to a field when so large a share of the procedures that rest on it do …
_OF_A_FIELD = 0.6
#: … and it is no code, which is of every field.
_OF_ALL = "Bộ luật"
#: Filters of which it is kept what fits them.
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Facts:
    """One document. ``fields`` of a law are those of the procedures that rest on it."""

    id: str
    source_id: str
    kind: DocumentKind
    collection: str
    fields: tuple[str, ...] = ()
    authority: str = ""
    document_type: str = ""
    year: int | None = None


class DocumentFacts:
    """The facts of all current documents of one record, by document id."""

    def __init__(self, facts: Iterable[Facts]) -> None:
        self._facts = {each.id: each for each in facts}
        self._fitting: dict[Filter, frozenset[str]] = {}
        self._lock = threading.Lock()

    @classmethod
    def of(cls, record: Record) -> DocumentFacts:
        """Read from a record, some 20 µs a document."""
        return cls(_read(record))

    def __iter__(self) -> Iterator[Facts]:
        return iter(self._facts.values())

    def of_document(self, document_id: str) -> Facts | None:
        return self._facts.get(document_id)

    def fitting(self, within: Filter) -> frozenset[str]:
        """Ids of the documents that a filter lets through, days and labels aside."""
        with self._lock:
            known = self._fitting.get(within)
            if known is None:
                checks = [Fit(part) for part in within.parts()]
                known = frozenset(f.id for f in self if all(check(f) for check in checks))
                while len(self._fitting) >= _KEPT:
                    self._fitting.pop(next(iter(self._fitting)))
                self._fitting[within] = known
            return known

    @cached_property
    def fields(self) -> Mapping[str, int]:
        """The fields there are and how many procedures each has, the largest first.

        Spellings of one field that differ only in case or marks count as one.
        """
        codes: dict[str, set[str]] = defaultdict(set)  # ours and the portal's are one procedure
        written: dict[str, str] = {}
        for facts in self:
            if facts.kind is DocumentKind.PROCEDURE:
                for field in facts.fields:
                    codes[written.setdefault(fold(field), field)].add(facts.source_id)
        counted = {field: len(found) for field, found in codes.items()}
        return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))

    @cached_property
    def authorities(self) -> Mapping[str, int]:
        """The authorities as written, and how many documents each has, the most first."""
        return dict(Counter(f.authority for f in self if f.authority).most_common())

    @cached_property
    def document_types(self) -> Mapping[str, int]:
        """The types of documents there are, and how many each has, the most first."""
        return dict(Counter(f.document_type for f in self if f.document_type).most_common())


class StoreFacts:
    """The facts of one opened store, read at first use and again when ``state`` is another."""

    def __init__(self, record: Record | None, state: Callable[[], str]) -> None:
        self._record = record
        self._state = state
        self._lock = threading.Lock()
        self._read: tuple[str, DocumentFacts] | None = None

    def __call__(self) -> DocumentFacts:
        if self._record is None:
            return DocumentFacts(())
        state = self._state()
        with self._lock:
            if self._read is None or self._read[0] != state:
                self._read = state, DocumentFacts.of(self._record)
            return self._read[1]


class Fit:
    """Whether facts fit one filter (without those beside it)."""

    def __init__(self, within: Filter) -> None:
        self._within = within
        self._fields = frozenset(map(fold, within.fields))
        self._types = frozenset(map(fold, within.document_types))
        self._authorities = tuple(map(_spelled, within.authorities))

    def __call__(self, facts: Facts) -> bool:
        within = self._within
        return (
            (not within.kinds or facts.kind in within.kinds)
            and (not within.collections or facts.collection in within.collections)
            and (not within.document_ids or facts.id in within.document_ids)
            and (not self._fields or any(fold(field) in self._fields for field in facts.fields))
            and (not self._types or fold(facts.document_type) in self._types)
            and (
                not self._authorities
                or any(asked in _spelled(facts.authority) for asked in self._authorities)
            )
            and (
                within.years is None
                or (facts.year is not None and within.years[0] <= facts.year <= within.years[1])
            )
        )


@lru_cache(maxsize=4096)
def _spelled(name: str) -> str:
    """The folded words of a name, each with a space on either side, abbreviations written out."""
    return f" {fold(' '.join(tokens(expand_abbreviations(name, document=True))))} "


def _read(record: Record) -> Iterator[Facts]:
    rows = list(record.rows(_QUERY))
    fields: dict[str, Counter[str]] = defaultdict(Counter)  # by the number a procedure rests on
    for row in rows:
        if row["field"] and row["basis"]:
            for key in _keys(row["basis"]):
                fields[key][row["field"]] += 1
    for row in rows:
        meta = json.loads(row["meta"])
        own = row["field"] or meta.get("field", "")
        key = row["number_key"]
        of_law = "" if row["field"] else key
        issued = meta.get("issued_on", "") or of_law or meta.get("decision_number", "")
        year = _YEAR.search(issued)
        kind = meta.get("document_type", "") or kind_of(of_law)
        of_field = Counter[str]() if fold(kind) == fold(_OF_ALL) else fields.get(of_law, Counter())
        yield Facts(
            id=row["id"],
            source_id=row["source_id"],
            kind=DocumentKind(row["kind"]),
            collection=row["collection"],
            fields=(own,) if own else _main(of_field),
            authority=_authority(row["authority"] or "", meta, of_law),
            document_type=kind,
            year=int(year[0]) if year else None,
        )


def _authority(own: str, meta: Mapping[str, str], key: str) -> str:
    """Who decides, and who issued the text or published the procedure."""
    published = document_key(meta.get("decision_number", ""))
    issuers = (meta.get("issuer", ""), issuer_of(key) if key else "", issuer_of(published))
    return "; ".join(dict.fromkeys(filter(None, (own, *issuers))))


def _keys(basis: str) -> frozenset[str]:
    """Keys of the numbers in the JSON of a card's legal basis."""
    return frozenset(
        number.key for text in json.loads(basis) for number in numbers_in(text) if number.whole
    )


def _main(counted: Counter[str]) -> tuple[str, ...]:
    total = sum(counted.values())
    return tuple(field for field, n in counted.items() if n >= _OF_A_FIELD * total)
