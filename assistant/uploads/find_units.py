"""Find what the chosen documents say: a named article, their outline, or the nearest units."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.uploads.search import Embed, Found, Searched
from assistant.uploads.vocabulary import Held, Unit
from assistant.uploads.words import has_phrase
from assistant.vocabulary import Draft
from knowledge_base.documents import Hit, Section
from knowledge_base.passages import passage_of
from knowledge_base.query_terms import analyse
from knowledge_base.readers.pdf_pages import page_at
from knowledge_base.vietnamese import fold, tokens

#: How the units were found, in ``draft.kind``.
ARTICLE, OUTLINE, SEARCH = "article", "outline", "search"
_ASKED = re.compile(
    r"\b(?:điều|dieu)\s+(\d+[a-zđ]?)\b|\b(?:khoản|khoan)\s+(\d+)\b"
    r"|\b(?:điểm|diem)\s+([a-zđ])\b(?!\s*(?:thi|số|chuẩn|hẹn))",
    re.IGNORECASE,
)
_LONGEST = 2400  # characters of an article that is quoted as a whole
_PARTS = 14  # of an outline
_TIMES = 3  # that an article is quoted from one document


@dataclass(frozen=True, slots=True)
class FindUnits:
    """``hits``: spans of the documents, best first; ``verdicts``: what was asked by number."""

    documents: tuple[Held, ...]
    embed: Embed | None
    embed_units: Embed | None = None

    def __call__(self, draft: Draft) -> Draft:
        asked = _asked(draft.standalone)
        if asked[0]:
            hits = tuple(self._article(draft.standalone, *asked))
            return self._told(draft, ARTICLE, hits, asked)
        if has_phrase("outline", draft.standalone):
            return self._told(draft, OUTLINE, tuple(self._outline(draft.standalone)), asked)
        return self._told(draft, SEARCH, self._search(draft.standalone), asked)

    def _told(
        self, draft: Draft, kind: str, hits: tuple[Hit, ...], asked: tuple[str, str, str]
    ) -> Draft:
        return replace(draft, kind=kind, hits=hits, verdicts={**draft.verdicts, "asked": asked})

    def _search(self, text: str) -> tuple[Hit, ...]:
        terms = analyse(text, None)
        vector = self.embed([terms.embedded])[0] if self.embed else None
        found = Searched(self.documents, self.embed_units).find(terms, vector)
        return tuple(hit_of(one) for one in found)

    def _article(self, text: str, article: str, clause: str, point: str) -> Iterator[Hit]:
        """The article (clause, point) of each document that has it; the one that is named first."""
        for held in _named_first(self.documents, text):
            units = [u for u in held.units if _has(u.path, "điều", article)]
            for part, label in (("khoản", clause), ("điểm", point)):
                narrower = [u for u in units if _has(u.path, part, label)] if label else units
                units = narrower or ([] if label and not point else units)
            # An article may stand there more than once: in what is attached, in what is quoted.
            for run in _runs(held.units, units)[:_TIMES]:
                start, end = run[0].start, min(run[-1].end, run[0].start + _LONGEST)
                yield _hit(held, Unit(_common(run), start, end), 1.0)

    def _outline(self, text: str) -> Iterator[Hit]:
        """The first unit of each part of the documents that are meant."""
        for held in _named_first(self.documents, text)[:1]:
            parts = _first_of_each(held, len)
            if len(parts) > _PARTS:  # chapters, where there are too many articles to list
                parts = _first_of_each(held, lambda _: 1)
            for part, unit in list(parts.items())[:_PARTS]:
                yield _hit(held, replace(unit, path=part), 1.0)


def _first_of_each(
    held: Held, deep: Callable[[tuple[str, ...]], int]
) -> dict[tuple[str, ...], Unit]:
    """The first unit of each part; ``deep``: so many steps of its path name a part."""
    found: dict[tuple[str, ...], Unit] = {}
    for unit in held.units:
        labels = [n for n, step in enumerate(unit.path) if _LABEL.match(step)]
        part = unit.path[: labels[0]] if labels else unit.path
        found.setdefault(part[: deep(part)], unit)
    return found


_LABEL = re.compile(r"(?:khoản|điểm|mục) \S+$")


def _asked(text: str) -> tuple[str, str, str]:
    """The article, clause and point that a question names; empty where it does not."""
    found = ["", "", ""]
    for match in _ASKED.finditer(text):
        for n in range(3):
            found[n] = found[n] or (match[n + 1] or "").lower()
    return found[0], found[1], found[2]


def _has(path: Sequence[str], part: str, label: str) -> bool:
    return any(re.match(rf"{part} {label}(?:\W|$)", step.lower()) for step in path)


def _runs(every: Sequence[Unit], some: Sequence[Unit]) -> list[list[Unit]]:
    """``some`` of the units, parted where others stand between them, or their path begins anew."""
    place = {unit.start: n for n, unit in enumerate(every)}
    runs: list[list[Unit]] = []
    for unit in some:
        follows = runs and place[unit.start] == place[runs[-1][-1].start] + 1
        if follows and _article_of(unit) == _article_of(runs[-1][-1]):
            runs[-1].append(unit)
        else:
            runs.append([unit])
    return runs


def _article_of(unit: Unit) -> tuple[str, ...]:
    at = next((n for n, step in enumerate(unit.path) if step.lower().startswith("điều ")), None)
    return unit.path if at is None else unit.path[: at + 1]


def _common(units: Sequence[Unit]) -> tuple[str, ...]:
    paths = [unit.path for unit in units]
    size = min(map(len, paths))
    return next(
        (paths[0][:n] for n in range(size, 0, -1) if all(p[:n] == paths[0][:n] for p in paths)), ()
    )


def _named_first(documents: Sequence[Held], text: str) -> list[Held]:
    """Documents by how much of their name the question has; only those it names, if it does."""
    said = {fold(token) for token in tokens(text)}

    def named(held: Held) -> float:
        upload = held.upload
        stem = re.sub(r"[-_.]+", " ", upload.name.rpartition(".")[0])
        number = tokens(upload.number)
        if number and set(map(fold, number)) <= said:
            return 2.0
        names = [[fold(t) for t in tokens(name)] for name in (upload.title, stem)]
        return max((len(said & set(name)) / len(set(name)) for name in names if name), default=0.0)

    scores = [(named(held), -n) for n, held in enumerate(documents)]
    best = max(scores, default=(0.0, 0))[0]
    order = sorted(range(len(documents)), key=lambda n: scores[n], reverse=True)
    return [documents[n] for n in order if best < 0.25 or scores[n][0] >= 0.6 * best]


def hit_of(found: Found) -> Hit:
    """A found unit as a hit, with its page where the file has pages."""
    parts = {"covered": found.covered, "alike": found.alike, "apart": found.apart}
    return _hit(found.held, found.unit, found.score, parts)


def _hit(held: Held, unit: Unit, score: float, parts: dict[str, float] | None = None) -> Hit:
    document = held.document
    page = page_at(document.meta, unit.start)
    path = (*unit.path, f"trang {page}") if page else unit.path
    section = Section(path, unit.start, unit.end)
    passage = passage_of(document, section, unit.start, unit.end)
    return Hit(passage, score, parts or {})
