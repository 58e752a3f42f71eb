"""What a reader hands back: a title, a text, and where its sections are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge_base.readers.legacy import settle
from knowledge_base.vietnamese import clean


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading where ``level`` is 1 (highest) or more.

    ``name`` is what the path of its section says where that is not the whole heading.
    """

    text: str
    level: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A read file. ``sections`` are ``(path, start, end)`` spans of ``text``.

    ``meta`` says how it was read: ``format`` where the name promised another,
    ``encoding`` where it was not Unicode, ``ocr`` where the text was read from pictures.
    """

    title: str
    text: str
    sections: tuple[tuple[tuple[str, ...], int, int], ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)


# Headings of legal texts, whatever the file's own formatting says; deeper than any of that.
_LEGAL = (
    (re.compile(r"phần (thứ )?\S+", re.IGNORECASE), 20),
    (re.compile(r"chương [\divxlc]+\b", re.IGNORECASE), 21),
    (re.compile(r"mục \d+\b", re.IGNORECASE), 22),
    (re.compile(r"(Điều|ĐIỀU) \d+[a-zđ]?[.:]\s"), 23),
)
_ARTICLE = 23
_LONGEST_HEADING = 200


# The two columns above every official paper: who writes on the left, the nation on the right.
# Loose enough for the encodings from before Unicode, which are not converted yet.
_LETTERHEAD = re.compile(r"c\S{1,3}ng\s+h\S{2,4}\s+x\S{1,3}\s+h\S{1,3}i\b", re.IGNORECASE)
LONG_CELL = 15  # paragraphs: such a "table" only lays out a page


def table_row(cells: Sequence[Sequence[Block]]) -> Iterator[Block]:
    """A row of a table as one line, its cells between bars; layout tables cell by cell."""
    held = [cell for cell in cells if cell]
    texts = [" ".join(" ".join(block.text.split()) for block in cell) for cell in held]
    letterhead = len(held) == 2 and any(_LETTERHEAD.search(text) for text in texts)
    if len(held) == 1 or letterhead or any(len(cell) > LONG_CELL for cell in held):
        for cell in held:
            yield from cell
    elif held:
        yield Block(" | ".join(texts))


def laid_out(blocks: Iterable[Block], title: str = "") -> Reading:
    """Blocks as one text, a blank line between them, with a section under each heading.

    Texts in an encoding from before Unicode are converted first.

    A heading opens its section and is part of its text. A heading that only
    holds others has no section: it is in the paths of those below it.
    """
    blocks = list(blocks)
    texts, encoding = settle([title, *(block.text for block in blocks)])
    title = texts[0]
    parts: list[str] = []
    sections: list[tuple[tuple[str, ...], int, int]] = []
    above: list[tuple[int, str]] = []
    start = length = bodies = 0

    def end_section(next_level: int = 0) -> None:
        holds_others = bool(above) and next_level > above[-1][0]
        if length > start and (bodies or not holds_others):
            sections.append((tuple(text for _, text in above), start, max(start, length - 2)))

    for block, converted in zip(blocks, texts[1:], strict=True):
        text = clean(converted).strip()
        if not text:
            continue
        level = block.level or _legal_level(text)
        if level:
            end_section(level)
            above = [step for step in above if step[0] < level]
            # An article's first line is its name; a chapter's name is on the line below.
            name = block.name or (text.split("\n", 1)[0] if level == _ARTICLE else text)
            above.append((level, _heading(name)))
            start, bodies = length, int(level == _ARTICLE or bool(block.name))
            title = title or (text if block.level and not block.name else "")
        else:
            bodies += 1
        parts.append(text)
        length += len(text) + 2
    end_section()
    whole = "\n\n".join(parts)
    kept = tuple((path, start, min(end, len(whole))) for path, start, end in sections)
    meta = {"encoding": encoding} if encoding else {}
    return Reading(_heading(clean(title)), whole, kept if len(kept) > 1 else (), meta)


def _legal_level(text: str) -> int:
    for pattern, level in _LEGAL:
        if pattern.match(text) and (level == _ARTICLE or len(text) <= _LONGEST_HEADING):
            return level
    return 0


def _heading(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_HEADING else line[: _LONGEST_HEADING - 1] + "…"
