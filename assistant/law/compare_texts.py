"""Trước và sau: the clauses that changed, both quoted; of one law on two days, or of two laws."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.as_of import day_asked
from assistant.law import lines
from assistant.law.question import Intent, LawQuestion, asked
from assistant.replies import Replies, day
from assistant.vocabulary import Draft, Ending, Line, Status
from knowledge_base.errors import WrongUse
from knowledge_base.law.amendments import amendments_of
from knowledge_base.law.compare import Compared, Comparison, around, ordered
from knowledge_base.law.keys import document_key
from knowledge_base.law.library import Library, NotThere
from knowledge_base.law.pieces import Piece
from knowledge_base.law.side_by_side import Change, Row
from knowledge_base.law.told_compare import heading, row_title, title_of
from knowledge_base.law.view import Article, Law
from knowledge_base.search import KnowledgeBase

_ROWS = 8  # rows in one answer
_ARTICLES = 3
_WORDS = 3  # differences that are named in words
_DAYS = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")


@dataclass(frozen=True, slots=True)
class CompareTexts:
    """What is asked of two documents, or of one before and after it was amended."""

    knowledge: KnowledgeBase
    replies: Replies

    def __call__(self, draft: Draft) -> Draft | Ending:
        found = asked(draft)
        if found is None or found.intent is not Intent.COMPARE:
            return draft
        library = self.knowledge.library(draft.question.scope)
        if library is None:
            return draft
        alone = _amending_alone(library, found)
        if len(alone) > 1:
            return _which(draft, found, alone)
        try:
            if alone and library.law(document_key(alone[0])) is None:
                return _orders(draft, library, found, alone[0])
            made = _compared(library, found, draft, alone)
        except NotThere as error:
            text = f"{error} {self.replies.human}"
            near = tuple(f"So sánh {choice}" for choice in error.choices[:3])
            return Ending(replace(draft, suggestions=near), Status.NO_SOURCE, text)
        except WrongUse:
            text = "Hai văn bản là một. Anh/chị muốn so hai ngày nào? Ví dụ: “So sánh Điều 5 … "
            return Ending(draft, Status.CLARIFY, f"{text}ngày 01/01/2024 và ngày 01/07/2026”.")
        return _answer(draft, found, library, made)


def _amending_alone(library: Library, found: LawQuestion) -> tuple[str, ...]:
    """What a document amends, where it is the only one named and nothing changed it itself:
    "Nghị định 156/2026 sửa đổi những gì?"."""
    law = library.law(found.documents[0].keys[0]) if len(found.documents) == 1 else None
    if law is None or found.places or around(law, "") is not None:
        return ()
    return tuple(dict.fromkeys(edge.target for edge in law.outgoing if edge.kind == "amends"))


def _which(draft: Draft, found: LawQuestion, targets: Sequence[str]) -> Ending:
    """A document that amends several others: which of them?"""
    said = found.documents[0].said
    asks = tuple(f"{said} sửa đổi những gì của {target}" for target in targets[:8])
    text = [f"{said} sửa đổi nhiều văn bản. Anh/chị hỏi phần sửa đổi văn bản nào?"]
    text += [f"{n}. {target}" for n, target in enumerate(targets[:8], 1)]
    return Ending(replace(draft, suggestions=asks), Status.CLARIFY, "\n".join(text))


def _orders(draft: Draft, library: Library, found: LawQuestion, target: str) -> Draft | Ending:
    """The new clauses of an amending document, where what it amends is not in the record."""
    law = library.law(found.documents[0].keys[0])
    documents = map(library.document, law.documents if law else ())
    amendments = [
        a for d in documents if d is not None for a in amendments_of(d, document_key(target))
    ]
    told: list[Line] = []
    for amendment in amendments[: _ROWS // 2]:
        for run in lines.runs((amendment.said,)) + lines.runs(amendment.pieces):
            citation = lines.citation_of(
                library, run.pieces[0].source.document_id, run.pieces[0].start,
                run.pieces[-1].end, (f"Điều {run.pieces[0].source.article}",),
            )  # fmt: skip
            if citation is not None:
                told.append(Line("passage", run.text, citation))
    if law is None or not told:
        text = f"Kho không có {target} nên không so được trước và sau."
        return Ending(draft, Status.NO_SOURCE, text)
    more = len(amendments) - _ROWS // 2
    rest = (f"Còn {more} chỗ sửa đổi nữa trong {law.number}.",) if more > 0 else ()
    notice = f"Kho chưa có {target}: chỉ trích được phần mới, không so được với phần cũ."
    held = lines.standing(law.verdict(draft.as_of), draft.as_of)
    lead = f"{lines.named(law)} sửa đổi {target}. {held}"
    return replace(
        draft, kind="law", lead=lead, lines=tuple(told), notices=(*draft.notices, notice, *rest)
    )


def _compared(
    library: Library, found: LawQuestion, draft: Draft, alone: Sequence[str] = ()
) -> Comparison:
    names = [document.keys[0] for document in found.documents]
    if alone:
        names = [alone[0], *names]
    labels = [place.article for place in found.places]
    other = names[1] if len(names) > 1 else ""
    label = labels[0] if labels else ""
    with_ = labels[1] if other and len(labels) > 1 else ""
    if other and found.places and found.by_place and found.by_place[0] == 1 and not with_:
        names, other = [names[1], names[0]], names[0]  # "… so với Điều 5 của luật mới"
    days = _days(found.text, draft.as_of)
    on = draft.question.as_of or draft.as_of
    return library.compare(names[0], other, on, label=label, with_=with_, days=days)


def _days(text: str, on: date) -> tuple[date | None, date | None]:
    """Two days that a question names, the earlier first; one of them is compared with today."""
    found = sorted({d for m in _DAYS.finditer(text) if (d := day_asked(m[0], on)) is not None})
    if not found:
        return None, None
    return found[0], found[1] if len(found) > 1 else None


def _answer(draft: Draft, found: LawQuestion, library: Library, made: Comparison) -> Draft | Ending:
    articles = ordered(made.articles)
    if found.topic and not found.places:
        articles = _about(articles, found.topic) or articles
    # What both have, and differs, before what only one has.
    articles.sort(key=lambda each: each.before is None or each.after is None)
    shown = articles[:_ARTICLES]
    told: list[Line] = []
    said: list[str] = []
    left = 0
    for article in shown:
        rows = [row for row in article.rows if row.change is not Change.SAME]
        rows = _of_place(rows, found)
        said += _events(made, article)
        for row in rows:
            if len(told) >= 2 * _ROWS:
                left += 1
                continue
            told += _lines(library, made, article, row)
        told += _swapped(library, article)
    notices = [*made.remarks[:6]]
    if len(found.documents) == 1 and found.named > 1:
        notices.insert(0, "Hai văn bản được nêu là một: đây là trước và sau lần sửa đổi gần nhất.")
    if left:
        notices.append(f"Còn {left} khoản, điểm khác nhau chưa nêu ở đây. {_command(made)}")
    if len(articles) > len(shown):
        more = ", ".join(title_of(made, article).split(".")[0] for article in articles[3:15])
        notices.append(f"Còn {len(articles) - len(shown)} điều khác nhau: {more}. {_command(made)}")
    if not told:
        text = f"{heading(made)}: không thấy điều nào khác nhau trong phần có trong kho."
        return Ending(draft, Status.NO_SOURCE, " ".join([text, *made.remarks]))
    lead = [f"{heading(made)}.", *dict.fromkeys(said)]
    return replace(
        draft, kind="law", lead="\n".join(lead), lines=tuple(told),
        notices=(*draft.notices, *notices),
    )  # fmt: skip


def _of_place(rows: Sequence[Row], found: LawQuestion) -> list[Row]:
    """The rows of the clause that is asked about, where one is."""
    wanted = {(p.clause, p.point) for p in found.places if p.clause}
    if not wanted:
        return list(rows)

    def is_at(row: Row) -> bool:
        return any(
            (piece.clause, piece.point) in wanted or (piece.clause, "") in wanted
            for piece in (row.before, row.after)
            if piece is not None
        )

    return [row for row in rows if is_at(row)] or list(rows)


def _about(articles: Sequence[Compared], topic: Sequence[str]) -> list[Compared]:
    """The articles that speak of what is asked about, most of it first."""
    wanted = set(topic)

    def share(article: Compared) -> float:
        sides = [side for side in (article.before, article.after) if side is not None]
        names = {w for side in sides for w in side.article.heading.lower().split()}
        words = {w for side in sides for piece in side.pieces for w in piece.words}
        return 2.0 * len(wanted & names) + len(wanted & words)

    best = sorted(articles, key=lambda article: -share(article))
    least = len(wanted)
    return [article for article in best if share(article) >= least]


def _lines(library: Library, made: Comparison, article: Compared, row: Row) -> Iterator[Line]:
    """Both sides of a row, each quoted."""
    place = title_of(made, article).split(".")[0].split(" →")[0]
    title = f"{place}, {row_title(row)}"
    differs = _differences(row)
    sides = [(row.before, article.before, "Trước"), (row.after, article.after, "Sau")]
    if row.change is Change.MOVED:
        del sides[0]
    for n, (piece, text, name) in enumerate(side for side in sides if side[0] is not None):
        if piece is None:
            continue
        law = made.before if name == "Trước" else made.after
        line = _quoted(library, law, text.article if text else None, piece)
        if line is None:
            continue
        head = f"{title}{differs}\n" if n == 0 else ""
        yield replace(line, text=f"{head}{name} ({_from(piece)}): {line.text}")


def _quoted(library: Library, law: Law, article: Article | None, piece: Piece) -> Line | None:
    if article is None:
        citation = lines.citation_of(
            library, piece.source.document_id, piece.start, piece.end,
            (f"Điều {piece.source.article}", piece.name),
        )  # fmt: skip
        return Line("passage", " ".join(piece.text.split()), citation) if citation else None
    return lines.quoted(library, law, article, lines.Run((piece,)))


def _differences(row: Row) -> str:
    """ ": “15 ngày” thành “10 ngày”; thêm “…”", where few words differ."""
    if row.before is None or row.after is None or not 0 < len(row.marks) <= _WORDS:
        return ""
    told = []
    for mark in row.marks:
        old = " ".join(row.before.text[slice(*mark.before)].split())
        new = " ".join(row.after.text[slice(*mark.after)].split())
        if len(old) + len(new) > 160:
            return ""
        told.append(
            f"“{old}” thành “{new}”" if old and new else f"bỏ “{old}”" if old else f"thêm “{new}”"
        )
    return f" ({'; '.join(told)})"


def _swapped(library: Library, article: Compared) -> Iterator[Line]:
    """Clauses in which an amendment exchanges words: no text has them in full."""
    for row, amendment in article.swaps:
        said = amendment.said
        citation = lines.citation_of(
            library, said.source.document_id, said.start, said.end,
            (f"Điều {said.source.article}",),
        )  # fmt: skip
        if citation is None or row.after is None:
            continue
        pairs = "; ".join(
            f"“{old}” thành “{new}”" if new else f"bỏ “{old}”" for old, new in amendment.swaps
        )
        yield Line("passage", f"{row.after.name}: thay cụm từ {pairs}", citation)


def _events(made: Comparison, article: Compared) -> Iterator[str]:
    label = next(t.article.label for t in (article.after, article.before) if t is not None)
    for each, event in made.events:
        if each == label and event.since is not None:
            kind = {"amended_by": "sửa đổi, bổ sung", "repealed_by": "bãi bỏ"}.get(event.kind)
            if kind:
                yield f"Điều {label}: {event.by} {kind} từ {day(event.since)}."


def _from(piece: Piece) -> str:
    return piece.source.number


def _command(made: Comparison) -> str:
    two = f' "{made.after.number}"' if made.after.key != made.before.key else ""
    return f'Xem đủ: troly law compare "{made.before.number}"{two} --html so-sanh.html.'
