"""The laws that judgments apply (``codes.yml``): by any of their names, by year, by day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from knowledge_base.law.keys import document_key

FILE = Path(__file__).with_name("codes.yml")


@dataclass(frozen=True, slots=True)
class CodeText:
    """One text of a law: its number, the year it is called by, its days (both inclusive).

    ``amended``: laws known to have changed it, with the day; there may be more.
    """

    number: str
    year: int
    since: date
    until: date | None = None
    amended: tuple[tuple[str, date], ...] = ()

    @property
    def key(self) -> str:
        return document_key(self.number)

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Code:
    """A law under one name, through the texts that bore it."""

    name: str
    called: tuple[str, ...]
    branch: str
    texts: tuple[CodeText, ...]

    def on(self, day: date) -> CodeText | None:
        """The text in force on a day; None where the table has none."""
        return next((text for text in self.texts if text.holds_on(day)), None)

    def of_year(self, year: int) -> CodeText | None:
        return next((text for text in self.texts if text.year == year), None)


@cache
def codes() -> tuple[Code, ...]:
    """All of them."""
    import yaml

    raw = yaml.safe_load(FILE.read_text("utf-8"))
    return tuple(
        Code(
            one["name"],
            tuple(one["called"]),
            one.get("branch", ""),
            tuple(
                CodeText(**{**text, "amended": tuple(text.get("amended", {}).items())})
                for text in one["texts"]
            ),
        )
        for one in raw
    )


@cache
def by_name() -> dict[str, Code]:
    """Lower-case names, the official one and what it is called."""
    return {name.lower(): code for code in codes() for name in (code.name, *code.called)}


@cache
def names_pattern() -> re.Pattern[str]:
    """Any name of a law of the table, longest first; group ``name``, and ``year`` where written."""
    listed = sorted(by_name(), key=len, reverse=True)
    names = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in listed)
    return re.compile(
        rf"(?i)(?<!\w)(?P<name>{names})(?!\w)(?:\s+số\s+[\w/Đđ-]+)?(?:\s*,?\s*(?:năm\s+)?(?P<year>(?:19|20)\d\d))?"
    )


def code_of(name: str) -> Code | None:
    """The law of a name, however its spaces and capitals are."""
    return by_name().get(" ".join(name.lower().split()))


def code_of_key(key: str) -> tuple[Code, CodeText] | None:
    """The law that has a text of this number."""
    for code in codes():
        for text in code.texts:
            if text.key == key:
                return code, text
    return None
