"""What a text says of its figures from afar: headings, the sentences before, the title."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from assistant.figures.periods import Period, periods_in
from assistant.figures.scopes import Scope, scopes_in
from assistant.figures.sentences import Sentence
from assistant.figures.tables import words
from assistant.figures.written import _any

_LONGEST = 160  # characters of a heading
_LEVELS = (
    re.compile(r"(?:PHẦN|Phần)\s+(?:THỨ\s+)?\w+|[A-ZĐ][.)]\s"),
    re.compile(r"[IVX]+[.)]\s"),
    re.compile(r"\d+[.)]\s"),
    re.compile(r"\d+\.\d+[.)]?\s"),
    re.compile(r"\d+(?:\.\d+){2,}[.)]?\s"),
    re.compile(r"[a-zđ][.)]\s"),
)


@dataclass(frozen=True, slots=True)
class Fallback:
    """What the whole document says where a place does not; ``year`` completes "quý I"."""

    period: Period | None
    scope: Scope | None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    period: Period | None
    year: int | None
    scope: Scope | None
    plan: bool


@dataclass
class Context:
    """Read from top to bottom; what holds at the sentence that is read now."""

    fallback: Fallback
    headings: list[_Heading] = field(default_factory=list)
    paragraph: int = -1
    period: Period | None = None  # told by a sentence before, in the same paragraph
    scope: Scope | None = None
    indicator: str = ""  # the last that was named
    share: str = ""  # the last that was a share ("tỷ lệ …")
    _section: tuple[str, ...] = ()

    def enter(self, sentence: Sentence, *, goes_on: bool) -> bool:
        """Take a sentence in; whether it is a heading and holds no figures itself."""
        if sentence.section != self._section:
            self._section = sentence.section
            self.headings = [
                _heading(text, level - 10, self.fallback.year)
                for level, text in enumerate(sentence.section)
            ]
        if sentence.paragraph != self.paragraph:
            self.paragraph = sentence.paragraph
            if not goes_on:
                self.period = self.scope = None
        level = _level(sentence.text)
        if level is None:
            return False
        self.headings = [one for one in self.headings if one.level < level]
        self.headings.append(_heading(sentence.text, level, self.year))
        return True

    @property
    def year(self) -> int | None:
        """The year that times without one belong to."""
        if self.period is not None:
            return self.period.end.year
        known = [one.year for one in self.headings if one.year]
        return known[-1] if known else self.fallback.year

    @property
    def plan(self) -> bool:
        """Whether a heading says that what follows is still to come."""
        return any(one.plan for one in self.headings)

    def last_period(self) -> tuple[Period | None, str]:
        """The time where a sentence names none, and a note on where it comes from."""
        if self.period is not None:
            return self.period, "kỳ lấy theo câu trước"
        known = [one.period for one in self.headings if one.period]
        if known:
            return known[-1], "kỳ lấy theo đề mục"
        told = "kỳ lấy theo tiêu đề văn bản" if self.fallback.period else ""
        return self.fallback.period, told

    def last_scope(self) -> Scope | None:
        """The same for who a figure is about."""
        known = [one.scope for one in self.headings if one.scope]
        return self.scope or (known[-1] if known else self.fallback.scope)


def _heading(text: str, level: int, year: int | None) -> _Heading:
    periods = {one.period.key(): one.period for one in periods_in(text, year)}
    years = {one.end.year for one in periods.values() if one.kind != "range"}
    scopes = {one.scope.key: one.scope for one in scopes_in(text)}
    return _Heading(
        level,
        next(iter(periods.values())) if len(periods) == 1 else None,
        next(iter(years)) if len(years) == 1 else None,
        next(iter(scopes.values())) if len(scopes) == 1 else None,
        bool(_plan().search(text)),
    )


@cache
def _plan() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_any(words().plans)})(?!\w)(?!\s+quốc gia)", re.IGNORECASE)


def _level(text: str) -> int | None:
    """How deep a heading is; None of what is none."""
    if len(text) > _LONGEST or re.search(r"[.;,]\s*$|\d\s*%", text):
        return None
    if text.isupper() and len(text.split()) > 1:
        return next((n for n, one in enumerate(_LEVELS) if one.match(text)), 0)
    for level, mark in enumerate(_LEVELS):
        if mark.match(text):
            return level if not re.search(r"\b(?:đạt|tăng|giảm|chiếm)\s+\d", text) else None
    return None
