"""Lines of a legal text, and which of those that begin with "Điều" open its own articles."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\n]+")
_MARKS = re.compile(r"[\s#*>_•|]*(?:[-–]\s+)?[*_]*")
_OPENING = "\"“”«'‘’`"
_ARTICLE = re.compile(
    r"(?:Điều|ĐIỀU|Ðiều|Điêu|Điểu)\s+(?P<number>\d{1,3})(?P<letter>[a-zđ]{0,2})"
    r"(?P<end>\s*[.:]|\s*\**\s*$|\s*[)]?\s*[-–—]\s|[,;]?\s+(?=[A-ZĐÀ-Ỹ]))"
)
# A speck of the scanner before it: "ˆ Điều 47. Vi phạm", "x Điều 35. Lập hóa đơn".
_SPECK = re.compile(r"(?:[^\w\s(\[]{1,3}|[a-zA-Z'‘’_])[ #]{1,5}(?=Điều \d+[.] [A-ZĐÀ-Ỹ])")
_CLOSES = re.compile(r"[\"”»’'][\"”»’'.;,:\s)]*$")
_CUE = re.compile(r"(?:sửa đổi|bổ sung|thay thế).{0,200}:\s*$", re.IGNORECASE)
_MOST_CANDIDATES = 5000  # no law has as many articles
_LONGEST_QUOTE = 60_000  # characters after which an unclosed quotation is taken to have ended


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its marks (``#``, ``**``, bullets): ``start`` is where ``text`` begins."""

    start: int
    text: str
    marked: bool  # has the marks of a heading
    quoted: bool  # inside a quotation of another text, or opening one
    article: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may open an article; ``after`` is where its name begins in the text."""

    line: int
    number: int
    letter: str
    weight: float
    after: int

    @property
    def label(self) -> str:
        return f"{self.number}{self.letter}"


def lines_of(text: str) -> list[Line]:
    """The lines that hold something, with what is known about quotation."""
    found: list[Line] = []
    opened = -1  # where a quotation of several lines began
    for match in _LINE.finditer(text):
        raw = match[0]
        marks = _MARKS.match(raw)
        skip = marks.end() if marks else 0
        body = raw[skip:].rstrip().rstrip("*_").rstrip()
        if not body or set(body) <= set("-—–_=|*. "):
            continue
        quoted = opened >= 0
        if opened < 0 and body[0] in _OPENING:
            opened, quoted = match.start(), True
        if opened >= 0 and (
            (_CLOSES.search(body[-20:]) and len(body) > 1)
            or match.start() - opened > _LONGEST_QUOTE
        ):
            opened = -1
        speck = _SPECK.match(body)
        if speck and not quoted:
            skip += speck.end()
            body = body[speck.end() :]
        marked = "#" in raw[:skip] or raw[:skip].rstrip().endswith("**")
        article = bool(_ARTICLE.match(body.lstrip(_OPENING + " *")))
        # A heading of Markdown is never inside a quotation that somebody forgot to close.
        if marked and "#" in raw[:skip] and article and body[0] not in _OPENING:
            opened, quoted = -1, False
        found.append(Line(match.start() + skip, body, marked, quoted, article))
    return found


def own_articles(lines: list[Line]) -> list[Candidate]:
    """The articles that a text itself has: the best run of numbers among all candidates."""
    places = [n for n, line in enumerate(lines) if line.article]
    candidates = [_candidate(lines, n) for n in places[:_MOST_CANDIDATES]]
    best: dict[tuple[int, str], tuple[float, int]] = {}  # label -> score and place of a run's end
    scores: list[float] = []
    before: list[int] = []
    for place, one in enumerate(candidates):
        score, previous = _continue(best, one)
        scores.append(score + one.weight)
        before.append(previous)
        known = best.get((one.number, one.letter))
        if known is None or known[0] <= scores[-1]:
            best[one.number, one.letter] = (scores[-1], place)
    if not scores:
        return []
    at = max(range(len(scores)), key=lambda n: scores[n])
    run = []
    while at >= 0:
        run.append(candidates[at])
        at = before[at]
    return list(reversed(run))


def _continue(best: dict[tuple[int, str], tuple[float, int]], one: Candidate) -> tuple[float, int]:
    """The best run that ``one`` can go on, and its last place (-1: ``one`` begins a run)."""
    start = 0.0 if one.number == 1 and not one.letter else -0.4 * min(one.number, 10)
    options: list[tuple[float, int]] = [(start, -1)]
    for (number, letter), (score, place) in best.items():
        gap = one.number - number
        if gap == 0 and letter < one.letter:  # 5 → 5a → 5b
            options.append((score - 0.3, place))
        elif gap >= 1 and (not one.letter or gap == 1):
            # A reader may have lost an article, seldom many.
            options.append((score - 1.2 * (gap - 1) - (0.5 if one.letter else 0.0), place))
    return max(options)


def _candidate(lines: list[Line], n: int) -> Candidate:
    line = lines[n]
    stripped = line.text.lstrip(_OPENING + " *")
    match = _ARTICLE.match(stripped)
    assert match is not None  # noqa: S101  (line.article says so)
    end = match["end"].strip()
    weight = 1.0 if end[:1] in (".", ":") else 0.7 if not end and line.marked else 0.3
    if not end and not match["end"] and not line.marked:
        weight = 0.5  # alone on its line, its name below
    if match["end"][:1] in (",", ";") or (match["end"].isspace() and not line.marked):
        weight = 0.2
    if line.marked:
        weight += 0.4
    if line.quoted:
        weight = 0.1
    elif n and _CUE.search(lines[n - 1].text[-300:]):
        weight = min(weight, 0.3)
    if n + 1 < len(lines) and lines[n + 1].article and len(line.text) < 120:
        weight -= 0.6  # nothing below it: a table of contents
    after = line.start + len(line.text) - len(stripped) + match.end()
    return Candidate(n, int(match["number"]), match["letter"], weight, after)
