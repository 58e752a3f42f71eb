"""A document cut into what is quoted of it: clauses, points, paragraphs, rows; all exact spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.uploads.vocabulary import Unit
from knowledge_base.documents import Document, Section
from knowledge_base.law.structure import Part, Provision, clauses
from knowledge_base.passages import spans

#: Characters of one unit; what is longer is cut at a paragraph or a sentence.
LONGEST = 900
_SHORT = 60  # characters of a unit that says too little by itself
_ROMAN = re.compile(r"^[ \t#*]*([IVX]{1,5})\.[ \t]+(?=\S)([^\n]{2,160})$", re.MULTILINE)
_ARTICLE = re.compile(r"Điều\s+\d", re.IGNORECASE)
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII")


def units_of(document: Document) -> tuple[Unit, ...]:
    """The units of a document, in order; no two overlap."""
    text = document.text
    found: list[Unit] = []
    for section in _sections(document):
        for path, start, end in _roman(text, section):
            found += _of_region(text, path, start, end)
    return tuple(_together(text, found))


def embedded_text(document: Document, unit: Unit) -> str:
    """What the vector of a unit is made of."""
    return " ".join([*unit.path, unit.stem, document.text[unit.start : unit.end]])


def _sections(document: Document) -> Iterator[Section]:
    """The sections of a document, and what stands before, between and behind them."""
    done = 0
    for section in sorted(document.sections, key=lambda one: one.start):
        if section.start > done:
            yield Section((), done, section.start)
        start = max(done, section.start)
        if section.end > start:
            yield Section(section.path, start, section.end)
            done = section.end
    if done < len(document.text):
        yield Section((), done, len(document.text))


def _roman(text: str, section: Section) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """A section parted at "I. …", "II. …", where such headings run from I."""
    if any(_ARTICLE.match(step) for step in section.path):
        yield section.path, section.start, section.end
        return
    marks: list[tuple[int, str]] = []
    for match in _ROMAN.finditer(text, section.start, section.end):
        if len(marks) < len(_NUMERALS) and match[1] == _NUMERALS[len(marks)]:
            marks.append((match.start(), f"{match[1]}. {match[2].strip(' *#.:')}"))
    if len(marks) < 2:
        yield section.path, section.start, section.end
        return
    yield section.path, section.start, marks[0][0]
    for n, (start, name) in enumerate(marks):
        end = marks[n + 1][0] if n + 1 < len(marks) else section.end
        yield (*section.path, name), start, end


def _of_region(text: str, path: tuple[str, ...], start: int, end: int) -> Iterator[Unit]:
    """A region as its clauses and points; as paragraphs where it has none."""
    listed = clauses(text, start, end)
    tops = [n for n, one in enumerate(listed) if one.parent is None]
    if not tops:
        yield from _cut(text, path, start, end)
        return
    article = any(_ARTICLE.match(step) for step in path)
    first = listed[tops[0]].start
    yield from _cut(text, path, start, first)
    for n in tops:
        top = listed[n]
        inner = [one for one in listed if one.parent == n]
        here = (*path, _name(top, article))
        if not inner or top.end - top.start <= LONGEST // 2:
            yield from _cut(text, here, top.start, top.end)
            continue
        stem = " ".join(text[top.start : inner[0].start].split())[:300]
        yield from _cut(text, here, top.start, inner[0].start)
        for point in inner:
            yield from _cut(text, (*here, _name(point, article)), point.start, point.end, stem)


def _name(one: Provision, article: bool) -> str:
    """ "khoản 2" of an article; "mục 2" of a plan or a report."""
    word = "mục" if one.part is Part.CLAUSE and not article else one.part.value
    return f"{word} {one.label}"


def _cut(text: str, path: tuple[str, ...], start: int, end: int, stem: str = "") -> Iterator[Unit]:
    for first, last in spans(text, start, end, LONGEST):
        yield Unit(path, first, last, stem)


def _together(text: str, found: Sequence[Unit]) -> Iterator[Unit]:
    """Units in order, where a heading alone goes with what it stands above."""
    held: Unit | None = None
    for unit in found:
        if held is not None:
            inside = unit.path[: len(held.path)] == held.path
            if inside and unit.end - held.start <= LONGEST:
                unit = Unit(unit.path, held.start, unit.end, unit.stem)
            else:
                yield held
            held = None
        alone = unit.end - unit.start < _SHORT and not text[
            unit.start : unit.end
        ].rstrip().endswith((".", ";", "!", "?"))
        if alone:
            held = unit
        else:
            yield unit
    if held is not None:
        yield held
