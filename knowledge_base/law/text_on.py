"""The words of one article on a day: what is stored, and what amendments put in their place.

An article may be stored as it was issued, or as the codification has it, with
amendments up to the day it was made. What later (or earlier) amendments did is
in the amending documents: where the record has those, their new clauses stand
in the places they name. Every piece is a span of a stored text, and says of which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from knowledge_base.law.amendments import Amendment, amendments_of
from knowledge_base.law.keys import document_key
from knowledge_base.law.pieces import Piece, pieces_of, source_of, words_of
from knowledge_base.law.shelves import Shelves
from knowledge_base.law.validity import Event
from knowledge_base.law.view import Article, Law
from knowledge_base.store import Record
from knowledge_base.wording import day as written

_CHANGES = ("amended_by", "corrected_by")


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article as it read on a day.

    ``made``: "stored" (one text has it so) or "assembled" (of the stored text
    and amending documents). ``remarks``: what is not known of it, in Vietnamese.
    ``swaps``: words that an amendment exchanged, which no text has in full.
    """

    article: Article
    pieces: tuple[Piece, ...]
    made: str = "stored"
    by: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    swaps: tuple[Amendment, ...] = ()
    said: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """An amendment of one article by one document on a day that may be unknown."""

    event: Event
    amendments: tuple[Amendment, ...]
    stored: bool  # the amending document is in the record


def article_on(
    records: Record | Shelves,
    found: Law,
    label: str,
    on: date,
    *,
    with_: str = "",
    without: str = "",
) -> ArticleText | None:
    """The article ``label`` as it read on ``on``; None where no text of it is stored.

    ``with_`` and ``without`` are keys of amending documents: one whose amendments
    are taken for made, whatever its day; one whose are taken for not yet made.
    """
    records = records if isinstance(records, Shelves) else Shelves(records)
    known = forms(found, label)
    steps = steps_of(records, found, label)
    steps = [
        replace(s, event=replace(s.event, since=s.event.since or on)) if _is(s, with_) else s
        for s in steps
        if not _is(s, without) or s.event.included
    ]
    if not known:
        return _added(steps, label, on)
    dated = [step for step in steps if step.event.since is not None]
    # The codified text has what its note names; any other has what it was issued with.
    codified = next((a for a in known if a.form == "codified"), None)
    plain = next((a for a in known if a.form != "codified"), None)
    inside = {document_key(s.event.by) for s in steps if s.event.included}
    newer = [
        s
        for s in steps
        if s.event.included and (_is(s, without) or (s.event.since and s.event.since > on))
    ]
    too_new = bool(newer)
    use_plain = plain is not None and (codified is None or too_new)
    base = plain if use_plain else codified
    assert base is not None  # noqa: S101 - one of the two is there
    remarks: list[str] = []
    if base is codified and too_new:
        by = ", ".join(s.event.by for s in newer)
        remarks.append(
            f"Kho chỉ có bản đã gồm sửa đổi sau ngày này (bởi {by}); "
            "chưa có nguyên văn trước khi sửa."
        )
    due = [
        step
        for step in dated
        if step.event.since is not None
        and step.event.since <= on
        and not _is(step, without)
        and not (base is codified and document_key(step.event.by) in inside)
    ]
    remarks += [
        f"{s.event.by} sửa đổi, chưa rõ từ ngày nào: nội dung đó chưa được ghép vào đây."
        for s in steps
        if s.event.since is None and not s.event.included
    ]
    return _applied(records, base, due, remarks)


def _is(step: Step, key: str) -> bool:
    return bool(key) and document_key(step.event.by) == key


def forms(found: Law, label: str) -> list[Article]:
    """Every stored text of an article that is no summary, the codified one first."""
    made = [a for a in found.every if a.label == label and a.form in ("codified", "text")]
    return sorted(made, key=lambda a: (a.form != "codified", -len(a.text), a.document_id))


def steps_of(records: Shelves, found: Law, label: str) -> list[Step]:
    """What amended an article, by day; with the amending document's words where it is stored."""
    steps: list[Step] = []
    seen: set[str] = set()
    for article, event in found.events:
        key = document_key(event.by)
        if article != label or event.kind not in _CHANGES or key in seen:
            continue
        seen.add(key)
        made = records.remembered((key, found.key), partial(_made_by, records, key, found.key))
        amendments = tuple(a for a in made or () if a.place.article == label)
        steps.append(Step(event, amendments, made is not None))
    return steps


def _made_by(records: Shelves, key: str, target: str) -> tuple[Amendment, ...] | None:
    """What the document with this key changes in another; None where it is not stored."""
    documents = [d for d in map(records.document, records.numbered(key)) if d is not None]
    for document in documents:
        made = () if document.id.startswith("law:") else amendments_of(document, target)
        if made:
            return made
    return () if documents else None


def _applied(
    records: Shelves, base: Article, due: Sequence[Step], remarks: list[str]
) -> ArticleText:
    document = records.document(base.document_id)
    assert document is not None  # noqa: S101 - the article was cut from it just now
    pieces = pieces_of(document.text, base.start, base.end, source_of(document, base.label))
    by: list[str] = []
    swaps: list[Amendment] = []
    said: list[Piece] = []
    for step in due:
        if not step.amendments:
            why = (
                "kho chưa có văn bản này"
                if not step.stored
                else "chưa tách được phần sửa điều này trong văn bản đó"
            )
            since = f" từ {written(step.event.since)}" if step.event.since else ""
            remarks.append(f"Đã được {step.event.by} sửa đổi{since}, nhưng {why}.")
            continue
        by.append(step.event.by)
        said += [amendment.said for amendment in step.amendments]
        for amendment in step.amendments:
            if amendment.act == "words":
                swaps.append(amendment)
            else:
                pieces = with_amendment(pieces, amendment)
    made = "assembled" if by else "stored"
    return ArticleText(base, pieces, made, tuple(by), tuple(remarks), tuple(swaps), tuple(said))


def _added(steps: Sequence[Step], label: str, on: date) -> ArticleText | None:
    """An article that amending documents put in, and no text of the law has yet."""
    for step in steps:
        for amendment in step.amendments:
            whole = not amendment.place.clause and not amendment.place.point
            if whole and amendment.pieces and step.event.since and step.event.since <= on:
                first = amendment.pieces[0]
                article = Article(
                    label, "", (f"Điều {label}",), "", first.source.document_id,
                    first.source.sha256, first.start, amendment.pieces[-1].end, "text",
                    step.event.since, None,
                )  # fmt: skip
                by = (step.event.by,)
                return ArticleText(
                    article, amendment.pieces, "assembled", by, (), (), (amendment.said,)
                )
    return None


def with_amendment(pieces: Sequence[Piece], amendment: Amendment) -> tuple[Piece, ...]:
    """The pieces after one amendment: the place it names replaced, put in or taken out."""
    place = amendment.place
    if not place.clause and not place.point:
        return amendment.pieces if amendment.act != "drop" else ()
    there = [n for n, piece in enumerate(pieces) if _is_of(piece, place.clause, place.point)]
    new = amendment.pieces
    if amendment.act == "drop":
        return tuple(piece for n, piece in enumerate(pieces) if n not in there)
    if there and not place.point and _only_opening(new, place.clause):
        # "Sửa đổi tiêu đề khoản 1": its points stay.
        there = there[:1]
    if not there:
        at = _where(pieces, place.clause, place.point)
        return (*pieces[:at], *new, *pieces[at:])
    kept = [piece for n, piece in enumerate(pieces) if n not in there]
    at = there[0]
    return (*kept[:at], *new, *kept[at:])


def swapped(text: str, swaps: Sequence[tuple[str, str]]) -> bool:
    """Whether a text has any of the words that are exchanged."""
    words = words_of(text)
    joined = " ".join(words)
    return any(" ".join(words_of(old)) in joined for old, _ in swaps)


def _is_of(piece: Piece, clause: str, point: str) -> bool:
    if point:
        return piece.clause == clause and piece.point == point
    return piece.clause == clause


def _only_opening(new: Sequence[Piece], clause: str) -> bool:
    return len(new) == 1 and new[0].clause == clause and new[0].text.rstrip().endswith(":")


def _where(pieces: Sequence[Piece], clause: str, point: str) -> int:
    """Where a new clause or point belongs: behind the last that comes before it."""
    wanted = (_rank(clause), _rank(point))
    before = [
        n for n, piece in enumerate(pieces) if (_rank(piece.clause), _rank(piece.point)) < wanted
    ]
    return before[-1] + 1 if before else 0


def _rank(label: str) -> tuple[int, str]:
    digits = "".join(letter for letter in label if letter.isdigit())
    if label[:1].isdigit():
        return int(digits), label[len(digits) :]
    order = "abcdđeghiklmnopqrstuvxy"
    return (order.find(label[0]) + 1 if label else 0), label[1:]
