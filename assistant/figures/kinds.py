"""Whether a number is a level that was reached, a change, or still a plan."""

from __future__ import annotations

import re
from functools import cache

from assistant.figures.comparing import without_comparisons
from assistant.figures.model import Kind
from assistant.figures.sentences import Token
from assistant.figures.tables import words
from assistant.figures.written import _any

_LEVEL_AFTER = re.compile(
    r"(?:lên|xuống|còn|đạt|tới|đến)(?:\s+(?:mức|còn|đến|tới|khoảng))*\s*$", re.IGNORECASE
)
_BESIDE = re.compile(r"\b(?:cao|thấp|nhiều|ít|lớn) hơn\s*$")
_REACHED = re.compile(r"\b(?:đã|hiện|đạt được|mới đạt|kết quả)\b", re.IGNORECASE)
# "Chương trình mục tiêu quốc gia", "vượt kế hoạch" plan nothing.
_NO_GOAL = r"(?<!chương trình )(?<!vượt )(?<!so với )(?<!đạt )(?<!bằng )(?<!hoàn thành )"


def kind_of(lead: str, token: Token, before: Kind, *, plan: bool) -> tuple[Kind, str]:
    """The kind, and "khoảng", "trên" … where the source says so; ``plan``: by the heading."""
    low = without_comparisons(lead.lower())
    abouts = _about().search(low)
    about = abouts[1] if abouts else ""
    bare = low[: abouts.start()].rstrip() if abouts else low.rstrip()
    if _BESIDE.search(low):  # "cao hơn 1,28%": the "hơn" is no "about"
        bare, about = low.rstrip(), ""
    if _is_goal(low) or (before is Kind.TARGET and not re.search(r"[;.]", low)):
        return Kind.TARGET, about
    points = token.unit is not None and token.unit.base == "điểm phần trăm"
    if (_changed().search(bare) or points) and not _LEVEL_AFTER.search(bare):
        return (Kind.TARGET if plan else Kind.CHANGE), about
    return (Kind.TARGET if plan and not _REACHED.search(low) else Kind.LEVEL), about


def _is_goal(low: str) -> bool:
    clause = re.split(r"[,;(]", low)[-1]
    return bool(_goal().search(clause) or _goal().search(low.split(",")[0]))


@cache
def _about() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)({_any(words().about)})\s*$")


@cache
def _goal() -> re.Pattern[str]:
    return re.compile(rf"{_NO_GOAL}(?<!\w)(?:{_any(words().targets)})(?!\w)(?! quốc gia)")


@cache
def _changed() -> re.Pattern[str]:
    every = [word for group in words().changes.values() for word in group]
    more = r"(?:thêm|khoảng|được|tới|bình quân|trưởng|hơn|là|ước|đến)"
    return re.compile(rf"(?<!\w)(?<!cắt )(?:{_any(every)})(?:\s+{more})*\s*\+?\s*$")


def is_down(lead: str) -> bool:
    """Whether the last word of change before a number says that it fell."""
    ups = _ends(lead, (*words().changes["up"], *words().changes["times"]))
    downs = _ends(lead, words().changes["down"])
    return bool(downs) and (not ups or downs[-1] > ups[-1])


def _ends(lead: str, said: tuple[str, ...]) -> list[int]:
    return [match.end() for match in _one_of(said).finditer(lead.lower())]


@cache
def _one_of(said: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?<!cắt )(?:{_any(said)})(?!\w)")
