"""The legal documents of one caller: found by number or name, compared, listed, with their guides.

Commands, HTTP and the assistant ask here, so that what is not there is said in
the same words everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property

from knowledge_base.documents import Document
from knowledge_base.errors import KnowledgeError, WrongUse
from knowledge_base.law.catalogue import LawNames, catalogue
from knowledge_base.law.compare import (
    Comparison,
    amends,
    around,
    between_days,
    between_laws,
)
from knowledge_base.law.gaps import is_summary
from knowledge_base.law.graph import Edge, Graph
from knowledge_base.law.guides import Guide, Guided, guides_of
from knowledge_base.law.kept import NamesKept
from knowledge_base.law.keys import asked_numbers
from knowledge_base.law.listing import Listed, Wanted, listed
from knowledge_base.law.shelves import Shelves
from knowledge_base.law.structure import Part, clauses
from knowledge_base.law.view import Article, Law, law
from knowledge_base.wording import day as written

_SHOWN = 12


class NotThere(KnowledgeError):
    """What was asked for is not in the record; the message says what is near.

    ``choices`` are numbers of documents that may have been meant.
    """

    def __init__(self, message: str, choices: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.choices = tuple(choices)


class Library:
    """Legal documents as one caller sees them; made for one request.

    ``kept`` and the ``version`` of the corpus spare reading all names anew, where the
    caller sees what everybody does.
    """

    def __init__(self, shelves: Shelves, kept: NamesKept | None = None, version: str = "") -> None:
        self.shelves = shelves
        self.graph = Graph(shelves)
        self._kept = kept
        self._version = version

    @cached_property
    def names(self) -> LawNames:
        """The documents by their names."""
        if self._kept is not None:
            return self._kept.of(self.shelves, self._version)
        return LawNames(catalogue(self.shelves))

    def law(self, key: str) -> Law | None:
        """The document with this key."""
        found: Law | None = self.shelves.remembered(("law", key), lambda: law(self.shelves, key))
        return found

    def document(self, document_id: str) -> Document | None:
        """A stored document that the caller may see."""
        return self.shelves.document(document_id)

    def find(self, text: str, on: date) -> Law:
        """The document that a number or a name stands for. Raises `NotThere`."""
        keys, near = self._keys(text, on)
        if len(keys) > 1:
            names = [self.graph.written(key) for key in keys[:_SHOWN]]
            raise NotThere(
                f"“{text}” có thể là nhiều văn bản: {', '.join(names)}. Hãy ghi đủ số hiệu.", names
            )
        found = self.law(keys[0]) if keys else None
        if found is None:
            written_near = [self.graph.written(key) for key in near]
            hint = f" Số hiệu gần giống: {', '.join(written_near)}." if near else ""
            raise NotThere(
                f"Kho không có văn bản “{text}”.{mentions(self.graph, text)}{hint}", written_near
            )
        return found

    def _keys(self, text: str, on: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Keys that a text stands for, and those near one that is not there."""
        numbered = bool(asked_numbers(text))
        if not numbered:
            named = self.names.find(text, on)
            if named and named[0].keys:
                return named[0].keys, ()
            if named:  # the name is known, and not of that year
                return (), named[0].alike
        resolution = self.graph.resolve(text)
        return resolution.keys, resolution.near

    def compare(
        self,
        one: str,
        other: str,
        on: date,
        *,
        label: str = "",
        with_: str = "",
        days: tuple[date | None, date | None] = (None, None),
    ) -> Comparison:
        """Two documents side by side, or one before and after. Raises `NotThere`, `WrongUse`."""
        first = self.find(one, on)
        second = self.find(other, on) if other else None
        if second is not None and second.key == first.key:
            if days == (None, None):
                raise WrongUse(
                    f"Cả hai đều là {first.number}. Để so một văn bản với chính nó, hãy nêu hai "
                    "ngày: --before 2024-01-01 --after 2026-01-01 (before, after trong API)."
                )
            second = None
        label = self._label(first, label)
        if second is None:
            return self._before_and_after(first, label, days, on)
        short = [law.number for law in (first, second) if is_summary(law)]
        if short:
            raise NotThere(
                f"Kho chỉ có bản tóm tắt của {' và '.join(short)} nên không so được. "
                "Nạp toàn văn bằng: troly ingest TỆP."
            )
        if any(days):
            return between_laws(
                self.shelves, first, second, (days[0] or on, days[1] or on), label, with_
            )
        if amends(first, second) or amends(second, first):
            changed, by = (first, second) if amends(first, second) else (second, first)
            span = around(changed, "", by.key) or (on, on)
            label = label if changed is first else ""
            return between_days(self.shelves, changed, *span, label, by.key)
        with_ = self._label(second, with_)
        return between_laws(
            self.shelves, first, second, self._days(first, second, on), label, with_
        )

    def _days(self, first: Law, second: Law, on: date) -> tuple[date, date]:
        """Each law as it read last: one that was replaced on the day before."""
        return (self._last(first, on), self._last(second, on))

    def _last(self, found: Law, on: date) -> date:
        """The day on which a law is read: ``on``, or the last before it was replaced, if earlier;
        one that another has replaced since, too. One that is to come, on its first day."""
        ended = [
            event.since - timedelta(days=1)
            for article, event in found.events
            if not article and event.kind in ("replaced_by", "repealed_by") and event.since
        ]
        if found.effective_to:
            ended.append(found.effective_to)
        begun = found.effective_from
        if begun is not None and begun > on:
            return min([*ended, max(ended, default=begun)])
        return min([on, *ended])

    def _before_and_after(
        self, found: Law, label: str, days: tuple[date | None, date | None], on: date
    ) -> Comparison:
        first, last = days
        if first is None or last is None:
            span = around(found, label)
            if span is None and first is None:
                part = f"Điều {label} của {found.number}" if label else found.number
                raise NotThere(
                    f"Chưa thấy văn bản nào sửa đổi, thay thế hay bãi bỏ {part} "
                    "(theo những gì có trong kho)."
                )
            known = span or (first or on, on)
            first = first or known[0]
            last = last or max(on, known[1])
        if first > last:
            raise WrongUse(
                f"Ngày trước ({written(first)}) phải sớm hơn ngày sau ({written(last)})."
            )
        return between_days(self.shelves, found, first, last, label)

    def _label(self, found: Law, label: str) -> str:
        """The label as the law writes it; one that an amendment put in counts, too."""
        plain = label.lower().removeprefix("điều").strip()
        if not plain:
            return ""
        known = {a.label.lower(): a.label for a in found.articles}
        known |= {a.lower(): a for a, _ in found.events if a}
        return known.get(plain) or self.article(found, plain).label

    def article(self, found: Law, label: str) -> Article:
        """An article of a law. Raises `NotThere`, which names what is near."""
        one = found.article(label)
        if one is None:
            raise NotThere(no_article(found, label))
        return one

    def clause(self, found: Law, article: Article, label: str) -> str:
        """The label of a clause of an article; "" where none is asked for. Raises `NotThere`."""
        plain = label.lower().removeprefix("khoản").strip()
        if plain and not article.clause(plain):
            there = [p.label for p in clauses(article.text) if p.part is Part.CLAUSE]
            raise NotThere(no_clause(found, article, plain, there))
        return plain

    def guides(self, text: str, on: date, article: str = "") -> tuple[Guided, tuple[Guide, ...]]:
        """What guides a document, which need not be there itself. Raises `NotThere`."""
        try:
            of = Guided.by(self.find(text, on))
        except NotThere:
            number = next((n for n in asked_numbers(text) if n.whole), None)
            if number is None:
                raise
            of = Guided(number.key, text[number.start : number.end])
        found = guides_of(self.shelves, self.names.entries.values(), of, on)
        if not found and self.law(of.key) is None:
            self.find(text, on)  # says what is not there
        label = article.lower().removeprefix("điều").strip()
        if label:
            found = tuple(g for g in found if any(p.article == label for p in g.places))
        return of, found

    def list(self, wanted: Wanted, on: date) -> tuple[Listed, ...]:
        """Documents that fit, the newest first."""
        return listed(self.shelves, self.names.entries.values(), wanted, on)


def no_article(found: Law, label: str) -> str:
    """What is said where a law has no such article here."""
    known = [a.label for a in found.articles]
    there = f"{known[0]} đến {known[-1]}" if len(known) > _SHOWN else ", ".join(known) or "không có"
    asked = _number(label)
    near = sorted(known, key=lambda each: abs(_number(each) - asked))[:2] if asked else []
    hint = f"; gần nhất: Điều {', '.join(near)}" if near and len(known) > _SHOWN else ""
    return f"{found.number} trong kho không có Điều {label} (các điều đang có: {there}{hint})."


def _number(label: str) -> int:
    return int("".join(filter(str.isdigit, label)) or 0)


def no_clause(found: Law, article: Article, clause: str, labels: list[str]) -> str:
    """What is said where an article has no such clause."""
    there = (
        f"điều này có khoản {', '.join(labels)}" if labels else "điều này không chia thành khoản"
    )
    return f"Điều {article.label} của {found.number} không có khoản {clause} trong kho ({there})."


def mentions(graph: Graph, text: str) -> str:
    """What documents that are there say of one that is not."""
    asked = next(iter(asked_numbers(text)), None)
    edges: list[Edge] = graph.incoming(asked.key) if asked is not None and asked.whole else []
    words = {"repeals": "bãi bỏ", "replaces": "thay thế", "amends": "sửa đổi, bổ sung"}
    articles: dict[tuple[str, str], list[str]] = {}
    for edge in edges:
        if edge.kind in words:
            articles.setdefault((edge.source, edge.kind), []).append(edge.target_article)
    said = [
        f"{source} {words[kind]} "
        + (f"Điều {', '.join(labels)} của văn bản này" if all(labels) else "văn bản này")
        for (source, kind), labels in articles.items()
    ]
    return f" Văn bản trong kho có nói: {'; '.join(said[:5])}." if said else ""
