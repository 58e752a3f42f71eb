"""A document as sentences of law, each with the heading and the opening words it stands under.

The span of a norm is in the stored text, so ``text[norm.start:norm.end]`` is
the quote. A point ("a) …") carries the opening of its clause ("… phải:") along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.conflicts.slots import Kind, Slot, slots_of
from assistant.conflicts.words import words
from knowledge_base.documents import Document
from knowledge_base.law.structure import Part, Provision, clauses, path_of, provisions
from knowledge_base.vietnamese import canonical

_LABEL = re.compile(
    r"\s*(?:\*\*)?(?:Điều\s+\d+[a-zđ]?\s*[.:]?|\d{1,3}(?:\.\d+)*[.)]|[a-zđ][).]|[-–•*+])"
    r"(?:\*\*)?\s+"
)
_ENDS = re.compile(r"(?<=[.:])\s+(?=[A-ZĐÀ-Ỹ\"“])|(?<=;)\s+|\n+")
_SYLLABLE = re.compile(r"[^\W_]+")
# What a document says of its own force is no rule that another could contradict.
_OF_ITSELF = re.compile(
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư|Quyết định|Quy định|Quy chế)\s+này"
    r"\s+(?:có hiệu lực|được Quốc hội|quy định (?:về|chi tiết)|thay thế)"
    r"|có hiệu lực (?:thi hành )?(?:kể )?từ ngày (?:\d|ký)"
)
_SHORTEST = 12  # characters of a sentence that says something
_LONGEST = 1500  # of one sentence; what is longer is a table, or no sentence
_OWN, _STEM, _HEADING = 1.0, 0.6, 0.3
_FEW_PARTS = 12  # of a text so short that what ends with a full stop is no name of an article


@dataclass(frozen=True, slots=True)
class Norm:
    """One sentence. ``weights`` are its words, its own full, those above it less.

    ``sequence`` are the words in order with slots left out; ``at`` of each its place.
    """

    path: tuple[str, ...]
    start: int
    end: int
    text: str
    slots: tuple[Slot, ...]
    stem: str
    heading: str
    stem_duty: str
    weights: dict[str, float]
    sequence: tuple[str, ...]
    at: tuple[int, ...]
    said: tuple[str, ...]  # every syllable in order, same words said in one way
    said_at: tuple[int, ...]
    before: str  # what stands before it in its own clause or point

    def of(self, kind: Kind) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.slots if slot.kind is kind)


@dataclass(frozen=True, slots=True)
class _Place:
    path: tuple[str, ...]
    start: int
    end: int
    heading: str
    stem: str


def norms_of(document: Document) -> tuple[Norm, ...]:
    """The norms of a document in order; none where it says nothing in sentences."""
    text = document.text
    found = []
    for place in _places(document):
        first = ""
        for start, end in _sentences(text, place.start, place.end):
            sentence = text[start:end]
            # After ";" a sentence goes on: what it began with says what it is about.
            stem = first if first.endswith(";") and not place.stem else place.stem
            if not (first.endswith(";") and sentence[:1].islower()):
                stem, first = place.stem, sentence
            if len(sentence) >= _SHORTEST and len(sentence) <= _LONGEST:
                label = _LABEL.match(text, place.start, start)
                before = text[label.end() if label else place.start : start].strip()
                found.append(_norm(replace(place, stem=stem), start, end, sentence, before))
    return tuple(norm for norm in found if norm.sequence and not _OF_ITSELF.search(norm.text))


def _norm(place: _Place, start: int, end: int, sentence: str, before: str) -> Norm:
    slots = slots_of(sentence)
    said = said_of(sentence)
    sequence, at = frame(sentence, slots)
    if len(sequence) < 3:  # "Hội đồng thẩm định gồm 05 thành viên": the body is what it is about
        sequence, at = frame(sentence, [s for s in slots if s.kind is not Kind.BODY])
    weights = dict.fromkeys(sequence, _OWN)
    stem_slots = slots_of(place.stem)
    for text, given, weight in (
        (place.stem, stem_slots, _STEM),
        (place.heading, slots_of(place.heading), _HEADING),
    ):
        for word in frame(text, given)[0]:
            weights[word] = max(weights.get(word, 0.0), weight)
    return Norm(
        place.path, start, end, sentence, slots, place.stem, place.heading,
        _duty_above(place.stem, place.heading), weights, sequence, at,
        tuple(word for word, _ in said), tuple(at for _, at in said), before,
    )  # fmt: skip


#: What a list is of, by the words that open it or the name of its article.
_LISTS = (
    (re.compile(r"nghiêm cấm|bị cấm|không được\b[^:]*:?$", re.IGNORECASE), "forbid"),
    (re.compile(r"nghĩa vụ|trách nhiệm|phải\b", re.IGNORECASE), "oblige"),
    (re.compile(r"\bquyền\b|có thể|được\b", re.IGNORECASE), "permit"),
)


def _duty_above(stem: str, heading: str) -> str:
    """The duty of each line of a list ("… nghiêm cấm:"); "" where it has none, or several."""
    for text in (stem, "" if stem else heading):
        said = [kind for pattern, kind in _LISTS if text and pattern.search(text)]
        if said:
            return said[0] if len(said) == 1 or said[0] == "forbid" else ""
    return ""


def frame(text: str, slots: Sequence[Slot]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The words that carry the sense, outside the slots, in one spelling, with their places."""
    given = words()
    masked = [(s.start, s.end) for s in slots]
    kept = said_of(text, masked)
    kept = [(w, at) for w, at in kept if w not in given.light and not w.isdigit()]
    return tuple(w for w, _ in kept), tuple(at for _, at in kept)


def said_of(text: str, masked: Sequence[tuple[int, int]] = ()) -> list[tuple[str, int]]:
    """Syllables outside what is masked, with their places, same words said in one way."""
    given = words()
    said = [
        (canonical(m[0]), m.start())
        for m in _SYLLABLE.finditer(text)
        if not any(a <= m.start() < b for a, b in masked)
    ]
    kept: list[tuple[str, int]] = []
    n = 0
    while n < len(said):
        for size in range(min(given.longest, len(said) - n), 0, -1):
            other = given.same.get(tuple(word for word, _ in said[n : n + size]))
            if other is not None:
                kept += [(word, said[n][1]) for word in other]
                n += size
                break
        else:
            kept.append(said[n])
            n += 1
    return kept


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for match in _ENDS.finditer(text, start, end):
        yield from _trimmed(text, at, match.start())
        at = match.end()
    yield from _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    label = _LABEL.match(text, start, end)
    if label:
        start = label.end()
    if end > start:
        yield start, end


def _places(document: Document) -> Iterator[_Place]:
    """Leaves of the structure: points, clauses without points, articles without clauses."""
    # A summary names only some articles: its own sections say which.
    summary = document.id.startswith("law:") or bool(document.meta.get("summary"))
    parts = () if summary and document.sections else provisions(document.text)
    if parts:
        yield from _of_parts(document.text, parts)
    elif document.sections:
        for section in document.sections:
            yield from _of_section(document.text, section.path, section.start, section.end)
    else:
        yield from _of_section(document.text, (), 0, len(document.text))


def _of_section(text: str, path: tuple[str, ...], start: int, end: int) -> Iterator[_Place]:
    heading = path[-1] if path else ""
    inner = clauses(text, start, end)
    if not inner:
        yield _Place(path, start, end, heading, "")
        return
    if inner[0].start > start:
        yield _Place(path, start, inner[0].start, heading, "")
    for n in range(len(inner)):
        yield from _leaf(text, inner, n, path, heading)


def _of_parts(text: str, parts: tuple[Provision, ...]) -> Iterator[_Place]:
    for n, part in enumerate(parts):
        if part.part is Part.ARTICLE:
            inside = n + 1 < len(parts) and parts[n + 1].parent == n
            stop = parts[n + 1].start if inside else part.end
            line = part.start + len(text[part.start : stop].split("\n", 1)[0])
            start = line if part.heading else part.start
            body = stop > start and bool(text[start:stop].strip())
            # "Điều 5. Người nộp đơn phải …." has its rule in its line; a name has no full stop,
            # but for those of some long texts, which have a body below.
            short, ends = len(parts) <= _FEW_PARTS, text[part.start : line].rstrip().endswith(".")
            if start == line and not inside and (short and ends if body else short or ends):
                yield _Place(path_of(parts, n), part.start, line, "", "")
            if body:
                yield _Place(path_of(parts, n), start, stop, part.heading, "")
        elif part.part in (Part.CLAUSE, Part.POINT):
            above = _article_above(parts, n)
            heading = parts[above].heading if above is not None else ""
            yield from _leaf(text, parts, n, (), heading)


def _article_above(parts: tuple[Provision, ...], n: int) -> int | None:
    at = parts[n].parent
    while at is not None and parts[at].part is not Part.ARTICLE:
        at = parts[at].parent
    return at


def _leaf(
    text: str, parts: tuple[Provision, ...], n: int, above: tuple[str, ...], heading: str
) -> Iterator[_Place]:
    part = parts[n]
    first = next((p for p in parts[n + 1 : n + 2] if p.parent == n and p.part is Part.POINT), None)
    stop = first.start if first is not None else part.end
    stem = ""
    if part.parent is not None and parts[part.parent].part in (Part.CLAUSE, Part.ARTICLE):
        outer = parts[part.parent]
        head = text[outer.start : min(part.start, outer.end)]
        children = [p.start for p in parts[part.parent + 1 : n + 1] if p.parent == part.parent]
        head = text[outer.start : children[0]] if children else head
        stem = _stem(head, outer)
    own = text[part.start : stop].strip()
    if first is not None and own.endswith(":"):
        return  # said again with each of its points
    yield _Place((*above, *path_of(parts, n)), part.start, stop, heading, stem)


def _stem(head: str, outer: Provision) -> str:
    """The last words before a list, without the label and the article's name."""
    if outer.part is Part.ARTICLE:
        head = head.split("\n", 1)[1] if "\n" in head else ""
    head = head.strip()
    if not head.endswith(":"):
        return ""
    label = _LABEL.match(head)
    head = head[label.end() :] if label else head
    return re.split(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ])|\n+", head)[-1][:600]
