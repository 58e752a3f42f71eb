"""Two laws side by side, or one before and after: articles paired, then clauses, then words.

Quotes are spans of stored texts. Where no text has an article as it read on a
day, the new clauses of the amending document stand in their places, and the
result says so. Nothing is judged: what differs is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from knowledge_base.documents import Document
from knowledge_base.law.amendments import Amendment
from knowledge_base.law.gaps import told_gaps
from knowledge_base.law.keys import document_key
from knowledge_base.law.pairing import pairs_of
from knowledge_base.law.pieces import Piece, pieces_of, source_of, words_of
from knowledge_base.law.shelves import Shelves
from knowledge_base.law.side_by_side import Change, Row, likeness, rows_of
from knowledge_base.law.text_on import ArticleText, article_on, swapped
from knowledge_base.law.validity import Event
from knowledge_base.law.view import Article, Law
from knowledge_base.wording import day as written


@dataclass(frozen=True, slots=True)
class Compared:
    """One article on both sides; one of the two is None where it was put in or taken out.

    ``share``: how much of the words the two have in common (0..1), 1 for one
    article before and after. ``swaps``: words exchanged that no text has in full.
    """

    before: ArticleText | None
    after: ArticleText | None
    rows: tuple[Row, ...]
    share: float = 1.0
    swaps: tuple[tuple[Row, Amendment], ...] = ()

    @property
    def differs(self) -> bool:
        """Whether anything but labels is different."""
        return bool(self.swaps) or any(row.change is not Change.SAME for row in self.rows)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared, and the articles that differ (``same`` counts the others).

    ``on``: the days of the two sides. ``remarks``: what is missing or has to be
    known to read it, in Vietnamese. ``events``: what happened between the days.
    """

    before: Law
    after: Law
    on: tuple[date, date]
    articles: tuple[Compared, ...]
    same: int = 0
    remarks: tuple[str, ...] = ()
    events: tuple[tuple[str, Event], ...] = ()
    headings: dict[str, str] = field(default_factory=dict)


def between_days(
    records: Shelves, found: Law, first: date, last: date, label: str = "", by: str = ""
) -> Comparison:
    """One law on two days; of all articles those that something changed in between.

    With ``by``, the key of an amending document, what that one changed, whatever its day.
    """
    changed = [
        (article, event)
        for article, event in found.events
        if event.kind in _TOUCHES
        and (document_key(event.by) == by if by else _is_between(event, first, last))
    ]
    labels = [label] if label else list(dict.fromkeys(a for a, _ in changed if a))
    made: list[Compared] = []
    remarks: list[str] = []
    for each in labels:
        before = article_on(records, found, each, first, without=by)
        after = article_on(records, found, each, last, with_=by)
        if before is None and after is None:
            remarks.append(f"Điều {each}: kho chưa có nguyên văn.")
            continue
        ended = _ended(found, each, last) and not _ended(found, each, first)
        began = _later(found, before, first)
        compared = compared_of(None if began else before, None if ended else after, same=True)
        made.append(compared)
        remarks += _remarks(each, before, after)
    told = [event for article, event in changed if not article]
    remarks += [
        f"{event.by} {_WORDS[event.kind]} cả văn bản này từ {written(event.since)}."
        for event in dict.fromkeys(told)
        if event.since is not None and event.kind != "amended_by"
    ]
    kept = tuple(c for c in made if c.differs or label)
    return Comparison(
        found, found, (first, last), kept, len(made) - len(kept), tuple(dict.fromkeys(remarks)),
        tuple(pair for pair in changed if not label or pair[0] in ("", label)),
    )  # fmt: skip


def between_laws(
    records: Shelves,
    one: Law,
    other: Law,
    days: tuple[date, date],
    label: str = "",
    with_: str = "",
) -> Comparison:
    """Two laws as they read on a day each; articles are paired by what they say."""
    mine = texts_of(records, one, days[0])
    theirs = texts_of(records, other, days[1])
    remarks = [*_gaps(one), *_gaps(other)]
    pairs = pairs_of(
        [(t.article.heading, _said(t)) for t in mine],
        [(t.article.heading, _said(t)) for t in theirs],
    )
    if label:
        at = next((n for n, t in enumerate(mine) if t.article.label == label), None)
        if at is None:
            raise KeyError(label)
        by_hand = next((n for n, t in enumerate(theirs) if t.article.label == with_), None)
        found = by_hand if with_ else next((b for a, b, _ in pairs if a == at), None)
        after = theirs[found] if found is not None else None
        share = next((s for a, b, s in pairs if a == at and b == found), _share(mine[at], after))
        made = [compared_of(mine[at], after, same=False, share=share)]
        return Comparison(one, other, days, tuple(made), 0, tuple(dict.fromkeys(remarks)))
    few = min(len(mine), len(theirs))
    if few >= _SOME and len(pairs) < _RELATED * few:
        remarks.append(
            f"Hai văn bản nói về việc khác nhau: chỉ {len(pairs)} điều có nội dung tương ứng."
        )
    taken = {a: (b, s) for a, b, s in pairs}
    back = {b for _, b, _ in pairs}
    made = []
    for n, text in enumerate(mine):
        b, share = taken.get(n, (None, 0.0))
        made.append(
            compared_of(text, theirs[b] if b is not None else None, same=False, share=share)
        )
    for n, text in enumerate(theirs):
        if n not in back:
            made.append(compared_of(None, text, same=False))
    kept = tuple(c for c in made if _is_other(c))
    return Comparison(one, other, days, kept, len(made) - len(kept), tuple(dict.fromkeys(remarks)))


def compared_of(
    before: ArticleText | None, after: ArticleText | None, *, same: bool, share: float = 1.0
) -> Compared:
    """Two texts of an article, clause by clause."""
    rows = rows_of(
        before.pieces if before else (), after.pieces if after else (), same_document=same
    )
    new = [s for s in after.swaps if before is None or s not in before.swaps] if after else []
    swaps = [
        (row, amendment)
        for amendment in new
        for row in rows
        if row.after is not None
        and _is_at(row.after, amendment)
        and swapped(row.after.text, amendment.swaps)
    ]
    return Compared(before, after, rows, share, tuple(swaps))


def texts_of(records: Shelves, found: Law, on: date) -> list[ArticleText]:
    """Every article of a law on a day. Only those that were amended have to be put together."""
    amended = {label for label, event in found.events if label and event.kind in _TOUCHES}
    made: list[ArticleText] = []
    documents: dict[str, Document] = {}
    for article in found.articles:
        text = article_on(records, found, article.label, on) if article.label in amended else None
        if text is None:
            if article.document_id not in documents:
                document = records.document(article.document_id)
                assert document is not None  # noqa: S101 - the law was read from it just now
                documents[article.document_id] = document
            document = documents[article.document_id]
            source = source_of(document, article.label)
            pieces = pieces_of(document.text, article.start, article.end, source)
            text = ArticleText(article, pieces)
        made.append(text)
    return made


_TOUCHES = ("amended_by", "corrected_by", "repealed_by", "replaced_by")
_SOME, _RELATED = 8, 0.25  # articles, and their share, below which two laws are of other matters
_WORDS = {
    "replaced_by": "thay thế",
    "repealed_by": "bãi bỏ",
    "corrected_by": "đính chính",
    "amended_by": "sửa đổi, bổ sung",
}


def _is_between(event: Event, first: date, last: date) -> bool:
    return event.since is not None and first < event.since <= last


def _is_at(piece: Piece, amendment: Amendment) -> bool:
    place = amendment.place
    if place.clause and piece.clause != place.clause:
        return False
    return not place.point or piece.point == place.point


def _is_other(compared: Compared) -> bool:
    return compared.before is None or compared.after is None or compared.differs


def _ended(found: Law, label: str, on: date) -> bool:
    """Whether the article had been repealed by a day."""
    return any(
        article == label
        and event.kind in ("repealed_by", "replaced_by")
        and event.since is not None
        and event.since <= on
        for article, event in found.events
    )


def _later(found: Law, before: ArticleText | None, on: date) -> bool:
    """Whether an article was put in after a day: its label has a letter, and it began later."""
    if before is None or not before.article.label[-1:].isalpha():
        return False
    since = before.article.effective_from
    return since is not None and since > on and since != found.effective_from


def _remarks(label: str, before: ArticleText | None, after: ArticleText | None) -> Iterator[str]:
    for text, side in ((before, "trước"), (after, "sau")):
        if text is None:
            continue
        yield from (f"Điều {label}, bên {side}: {remark}" for remark in text.remarks)
        if text.made == "assembled":
            yield (
                f"Điều {label}, bên {side}: kho chưa có văn bản hợp nhất; các khoản, điểm được sửa "
                f"lấy nguyên văn từ {', '.join(text.by)}, phần còn lại từ {_from(text.article)}."
            )


def _from(article: Article) -> str:
    return "văn bản pháp điển" if article.form == "codified" else "văn bản gốc"


def _gaps(found: Law) -> Iterator[str]:
    yield from told_gaps(found)


def _said(text: ArticleText) -> tuple[str, ...]:
    return tuple(
        word for piece in text.pieces for word in words_of(piece.text) if re.match(r"\w", word)
    )


def _share(one: ArticleText, other: ArticleText | None) -> float:
    return likeness(_said(one), _said(other)) if other else 0.0


def amends(one: Law, other: Law) -> bool:
    """Whether ``other`` amends ``one`` (one that replaces all of it does not)."""
    mine = [(a, e) for a, e in one.events if document_key(e.by) == other.key]
    ended = any(not a and e.kind in ("replaced_by", "repealed_by") for a, e in mine)
    return not ended and any(e.kind in _TOUCHES for _, e in mine)


def around(found: Law, label: str, by: str = "") -> tuple[date, date] | None:
    """The days before and after the last change of an article (or by one document)."""
    days = [
        event.since
        for article, event in found.events
        if event.since is not None
        and event.kind in _TOUCHES
        and (not label or article == label)
        and (not by or document_key(event.by) == by)
    ]
    if not days:
        return None
    first = min(days) if by else max(days)
    return first - timedelta(days=1), max(days)


def ordered(articles: Sequence[Compared]) -> list[Compared]:
    """By the number of the article on the later side, then on the earlier."""

    def rank(one: Compared) -> tuple[int, str]:
        side = one.after or one.before
        assert side is not None  # noqa: S101 - one side is always there
        digits = re.match(r"\d+", side.article.label)
        return (int(digits[0]) if digits else 0, side.article.label)

    return sorted(articles, key=rank)
