"""An article as pieces: its opening words, clauses and points, each an exact span of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge_base.documents import Document
from knowledge_base.law.structure import Part, Provision, clauses
from knowledge_base.vietnamese import canonical

_HEADING = re.compile(r"[\s#*>_“”\"'‘’]*(?:Điều|ĐIỀU|Ðiều)\s+\d+[a-zđ]{0,2}[^\n]*\n?")
_GOES_ON = re.compile(r"(?![a-zđ]\d?[.)]\s)[a-zà-ỹđ][^\n]{0,150}(?<![:;.])\n")
_MARKS = re.compile(r"[*_|#>“”\"]+|(?<=\s)[-–•](?=\s)")
_WORD = re.compile(r"\w+(?:[./-]\w+)*|[^\w\s]")
_LABEL = re.compile(r"^[\s*_>“\"]*(?:\d{1,3}[a-zđ]?[.,)]|[a-zđ]\d?[.)])[*_]*\s+")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")


@dataclass(frozen=True, slots=True)
class Source:
    """The stored text that pieces are cut from, and whose words it holds."""

    document_id: str
    sha256: str
    number: str
    article: str  # of the document that the span stands in
    url: str = ""
    labels: tuple[str, ...] = ("public",)


@dataclass(frozen=True, slots=True)
class Piece:
    """The opening words, a clause or a point: ``text`` is ``[start:end]`` of its source.

    ``clause`` and ``point`` are empty where there is none; ``order`` tells
    paragraphs of the same place apart.
    """

    clause: str
    point: str
    text: str
    start: int
    end: int
    source: Source
    order: int = 0

    @property
    def place(self) -> tuple[str, str, int]:
        """What a piece is called in its article."""
        return self.clause, self.point, self.order

    @property
    def name(self) -> str:
        """ "điểm a khoản 2", "khoản 2", "đoạn mở đầu"."""
        said = [f"điểm {self.point}" if self.point else "", f"khoản {self.clause}"]
        if not self.clause:
            said[1] = ""
        return " ".join(filter(None, said)) or ("đoạn mở đầu" if not self.order else "đoạn")

    @property
    def words(self) -> tuple[str, ...]:
        """Its words and signs without its label, as they are compared."""
        return tuple(word for word, _, _ in self.spelled)

    @property
    def spelled(self) -> tuple[tuple[str, int, int], ...]:
        """The same, with where each stands in ``text``. What a list ends with (";") is no word."""
        label = _LABEL.match(self.text)
        found = [w for w in spelled(self.text) if label is None or w[1] >= label.end()]
        while found and found[-1][0] in ".;,:":
            found.pop()
        return tuple(found)


def source_of(document: Document, article: str) -> Source:
    """The source of spans that stand in one article of a document."""
    return Source(
        document.id, document.sha256, document.number, article, document.url, document.labels
    )


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[str, ...]:
    """Words and signs: marks of Markdown and quotation gone, one spelling of each word."""
    return tuple(word for word, _, _ in spelled(text))


@lru_cache(maxsize=8192)
def spelled(text: str) -> tuple[tuple[str, int, int], ...]:
    """Words as they are compared, with where they stand in ``text``."""
    plain = _MARKS.sub(lambda match: " " * len(match[0]), unicodedata.normalize("NFC", text))
    return tuple(
        (canonical(match[0]), match.start(), match.end()) for match in _WORD.finditer(plain)
    )


def pieces_of(
    text: str, start: int, end: int, source: Source, first: tuple[str, str] = ("", "")
) -> tuple[Piece, ...]:
    """The pieces of an article, or of a part of one that begins at ``first``."""
    whole = text[start:end]
    heading = _HEADING.match(whole) if not any(first) else None
    body = _after_heading(whole, heading) if heading and _is_heading(heading[0]) else 0
    parts = clauses(whole, body, first=first)
    made = list(_made(whole, parts, body))
    return tuple(
        replace(piece, start=piece.start + start, end=piece.end + start, source=source)
        for piece in made
    )


def _after_heading(whole: str, heading: re.Match[str]) -> int:
    """Where the article itself begins; 0 where all of it stands in the line of its label."""
    end = heading.end()
    goes_on = _GOES_ON.match(whole, end)
    if goes_on and len(heading[0]) > 40 and not heading[0].rstrip().endswith("."):
        end = goes_on.end()  # a name over two lines
    return end if whole[end:].strip() else 0


def _is_heading(line: str) -> bool:
    """A name stands alone on its line; "Điều 5. Các cơ quan sau đây …:" is the article itself."""
    return len(line) < 300 and not line.rstrip().endswith((";", ":"))


def _made(whole: str, parts: tuple[Provision, ...], body: int) -> Iterator[Piece]:
    none = Source("", "", "", "")
    first = parts[0].start if parts else len(whole)
    for order, match in enumerate(_PARAGRAPH.finditer(whole, body, first)):
        start, end = _trim(whole, match.start(), match.end())
        if start < end and re.search(r"\w", whole[start:end]):
            yield Piece("", "", whole[start:end], start, end, none, order)
    clause = ""
    for n, part in enumerate(parts):
        if part.part is Part.CLAUSE:
            clause = part.label
        elif part.parent is None:
            clause = ""
        until = parts[n + 1].start if n + 1 < len(parts) else part.end
        start, end = _trim(whole, part.start, min(part.end, until))
        if start < end:
            point = part.label if part.part is Part.POINT else ""
            yield Piece(clause, point, whole[start:end], start, end, none)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in "*_>#"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "*_>#"):
        end -= 1
    return start, end
