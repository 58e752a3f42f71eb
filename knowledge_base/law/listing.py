"""Documents by what they are: kind, authority, year, field, and whether they hold on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge_base.documents import Validity
from knowledge_base.law.catalogue import Entry
from knowledge_base.law.graph import Graph
from knowledge_base.law.shelves import Shelves
from knowledge_base.law.validity import Verdict, validity_of
from knowledge_base.vietnamese import expand_abbreviations, fold, tokens


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list. Empty means no restriction; names need neither case nor diacritics.

    ``years``: first and last year of issue. ``about``: words that the name has.
    ``in_force``: only what holds on the day (None: all).
    """

    kinds: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    fields: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    in_force: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (
            self.kinds or self.authorities or self.years or self.fields or self.about
            or self.in_force
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One document of a list and whether it holds on the day asked about."""

    entry: Entry
    verdict: Verdict


def listed(
    shelves: Shelves, entries: Iterable[Entry], wanted: Wanted, on: date
) -> tuple[Listed, ...]:
    """What fits, the newest first."""
    graph = Graph(shelves)
    found = [entry for entry in entries if fits(entry, wanted)]
    made = [Listed(entry, verdict_of(graph, entry, on)) for entry in found]
    if wanted.in_force:
        made = [one for one in made if one.verdict.validity is Validity.IN_FORCE]
    return tuple(sorted(made, key=lambda one: (_day(one.entry), one.entry.key), reverse=True))


def fits(entry: Entry, wanted: Wanted) -> bool:
    """Whether a document is of the kind, authority, year and field that are asked for."""
    year = entry.year
    return (
        (not wanted.kinds or any(_same_kind(entry.kind, kind) for kind in wanted.kinds))
        and (
            not wanted.authorities
            or any(_spelled(name) in _spelled(entry.issuer) for name in wanted.authorities)
        )
        and (
            wanted.years is None
            or (year is not None and wanted.years[0] <= year <= wanted.years[1])
        )
        and (not wanted.fields or any(_of_field(entry, field) for field in wanted.fields))
        and all(_spelled(word) in _said(entry) for word in wanted.about)
    )


def verdict_of(graph: Graph, entry: Entry, on: date) -> Verdict:
    """Whether a document as a whole holds on a day."""
    events = [
        event
        for article, event in graph.events(entry.key)
        if not article and event.kind not in ("amended_by", "corrected_by")
    ]
    return validity_of(entry.effective_from, entry.effective_to, events, on)


def _same_kind(kind: str, asked: str) -> bool:
    # "luật" is also what a code is; "thông tư" what a joint circular is.
    own, other = fold(kind), fold(re.sub(r"[-_]+", " ", asked)).strip()
    return own == other or (other == "luat" and own == "bo luat") or own == f"{other} lien tich"


def _of_field(entry: Entry, field: str) -> bool:
    """Whether all words of a field stand in where a text was published, or in its name."""
    asked = _spelled(field)
    if asked in _spelled(entry.field) or asked in _said(entry):
        return True
    words = asked.split()
    return len(words) > 1 and set(words) <= set(_spelled(entry.field).split())


def _said(entry: Entry) -> str:
    return _spelled(f"{entry.title} {' '.join(entry.other_names)}")


def _spelled(name: str) -> str:
    """Folded words with a space on either side, abbreviations written out."""
    words = expand_abbreviations(re.sub(r"[-_]+", " ", name), document=True)
    return f" {fold(' '.join(tokens(words)))} "


def _day(entry: Entry) -> date:
    return entry.issued_on or entry.effective_from or date.min


def years_of(text: str) -> tuple[int, int] | None:
    """ "2026", "2020-2024", "từ 2020 đến 2024" as first and last year; None where there is none."""
    found = [int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)]
    return (min(found), max(found)) if found else None


def authorities_of(entries: Iterable[Entry]) -> Sequence[str]:
    """The issuers there are, each once."""
    return tuple(
        dict.fromkeys(
            name.strip() for entry in entries for name in entry.issuer.split(",") if name.strip()
        )
    )
