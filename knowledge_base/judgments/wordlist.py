"""The lists of ``words.yml``, read once, on first use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge_base.vietnamese import fold

FILE = Path(__file__).with_name("words.yml")


@dataclass(frozen=True, slots=True)
class Words:
    """All lower case. ``leads``: what stands before a name, with who it is of."""

    surnames: frozenset[str]
    given: frozenset[str]
    leads: dict[str, str]
    weak: frozenset[str]
    not_names: frozenset[str]
    stop: frozenset[str]
    nationality_words: tuple[str, ...]
    place_leads: frozenset[str]
    brands: frozenset[str]
    organisations: tuple[str, ...]
    organisation_kept: tuple[str, ...]
    organisation_words: frozenset[str]
    middle: frozenset[str]
    between: frozenset[str]
    sure: frozenset[str]
    of_peoples: frozenset[str]
    does: frozenset[str]
    bare_surnames: frozenset[str]
    bare_leads: dict[str, str]

    @property
    def longest_lead(self) -> int:
        return max(len(lead.split()) for lead in self.leads)


@cache
def words() -> Words:
    """The lists that are shipped."""
    import yaml

    raw = yaml.safe_load(FILE.read_text("utf-8"))
    leads = {lead: kind for kind, listed in raw["leads"].items() for lead in listed}
    surnames = frozenset(raw["surnames"].split())
    long = sorted(raw["organisations"], key=len, reverse=True)
    return Words(
        surnames,
        frozenset(raw["given"].split()),
        leads,
        frozenset(raw["weak"]),
        frozenset(raw["not_names"]),
        frozenset(raw["stop"].split()),
        tuple(raw["nationality_words"]),
        frozenset(raw["place_leads"]),
        frozenset(raw["brands"].split()),
        tuple(long),
        tuple(raw["organisation_kept"]),
        frozenset(raw["organisation_words"]),
        frozenset(raw["middle"].split()),
        frozenset(raw["between"].split()),
        frozenset(raw["sure"].split()),
        frozenset(raw["of_peoples"].split()),
        frozenset(raw["does"].split()),
        frozenset(fold(name) for name in surnames),
        {fold(lead): kind for lead, kind in leads.items() if re.fullmatch(r"[\w ]+", lead)},
    )
