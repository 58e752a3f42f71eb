"""What a reader hands back: a title, a text, and where its sections are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge_base.vietnamese import clean


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading where ``level`` is 1 (highest) or more."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A read file. ``sections`` are ``(path, start, end)`` spans of ``text``."""

    title: str
    text: str
    sections: tuple[tuple[tuple[str, ...], int, int], ...] = ()


# Headings of legal texts, whatever the file's own formatting says; deeper than any of that.
_LEGAL = (
    (re.compile(r"phần (thứ )?\S+", re.IGNORECASE), 20),
    (re.compile(r"chương [\divxlc]+\b", re.IGNORECASE), 21),
    (re.compile(r"mục \d+\b", re.IGNORECASE), 22),
    (re.compile(r"(Điều|ĐIỀU) \d+[a-zđ]?[.:]\s"), 23),
)
_ARTICLE = 23
_LONGEST_HEADING = 200


def laid_out(blocks: Iterable[Block], title: str = "") -> Reading:
    """Blocks as one text, a blank line between them, with a section under each heading.

    A heading opens its section and is part of its text. A heading that only
    holds others has no section: it is in the paths of those below it.
    """
    parts: list[str] = []
    sections: list[tuple[tuple[str, ...], int, int]] = []
    above: list[tuple[int, str]] = []
    start = length = bodies = 0

    def end_section(next_level: int = 0) -> None:
        holds_others = bool(above) and next_level > above[-1][0]
        if length > start and (bodies or not holds_others):
            sections.append((tuple(text for _, text in above), start, max(start, length - 2)))

    for block in blocks:
        text = clean(block.text).strip()
        if not text:
            continue
        level = block.level or _legal_level(text)
        if level:
            end_section(level)
            above = [step for step in above if step[0] < level]
            # An article's first line is its name; a chapter's name is on the line below.
            name = text.split("\n", 1)[0] if level == _ARTICLE else text
            above.append((level, _heading(name)))
            start, bodies = length, int(level == _ARTICLE)
            title = title or (text if block.level else "")
        else:
            bodies += 1
        parts.append(text)
        length += len(text) + 2
    end_section()
    whole = "\n\n".join(parts)
    kept = tuple((path, start, min(end, len(whole))) for path, start, end in sections)
    return Reading(_heading(clean(title)), whole, kept if len(kept) > 1 else ())


def _legal_level(text: str) -> int:
    for pattern, level in _LEGAL:
        if pattern.match(text) and (level == _ARTICLE or len(text) <= _LONGEST_HEADING):
            return level
    return 0


def _heading(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_HEADING else line[: _LONGEST_HEADING - 1] + "…"
