"""What is wrong, or about to be, with what the knowledge base says: for its keepers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from knowledge_base.card_text import BUNDLED
from knowledge_base.documents import FeeState, ProcedureCard, Relation, Source
from knowledge_base.law.keys import document_key as number_in
from knowledge_base.rows import card_from_json, number_key, relations_from_json
from knowledge_base.store import Record
from knowledge_base.wording import day, durations, fees

#: Days after which a comparison with the source is too old.
CHECKED_WITHIN = 365

Weight = Literal["error", "warning", "note"]


class Problem(StrEnum):
    """The kinds of findings."""

    NO_SOURCE = "no_source"
    NEVER_CHECKED = "never_checked"
    STALE_CHECK = "stale_check"
    EXPIRED = "expired"
    ABOLISHED_LEVEL = "abolished_level"
    BAD_NUMBER = "bad_number"
    DEAD_RELATION = "dead_relation"
    OUTDATED_BASIS = "outdated_basis"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about one document; ``message`` is Vietnamese and says what is wrong where."""

    weight: Weight
    problem: Problem
    document_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at of a document. ``sources`` None: they are not kept in a checkable form."""

    id: str
    title: str
    number_key: str
    ours: bool  # written here, so that a mistake is ours to put right
    sources: tuple[Source, ...] | None = None
    effective_to: date | None = None
    relations: tuple[Relation, ...] = ()
    card: ProcedureCard | None = None


def bundled_subjects() -> Iterator[Subject]:
    """The corpus that comes with the program, from its files."""
    from knowledge_base.corpus_files import legal_documents, procedures
    from knowledge_base.legal_text import document_of_legal

    for card in procedures():
        yield Subject(
            f"procedure:{card.code}", card.name, "", True, card.sources, card.valid_to, card=card
        )
    for file in legal_documents():
        sources = tuple(Source(key=k, **s.model_dump()) for k, s in file.sources.items())
        made = document_of_legal(file)
        yield Subject(
            made.id, made.title, number_key(file.number), True, sources, file.effective_to,
            file.typed_relations(),
        )  # fmt: skip


def stored_subjects(record: Record) -> Iterator[Subject]:
    """What was taken into a record, without what comes with the program."""
    query = (
        "SELECT id, title, number_key, effective_to, relations, card FROM documents"
        " WHERE withdrawn_at = '' AND collection <> ? ORDER BY id"
    )
    for row in record.rows(query, BUNDLED):
        card = card_from_json(row["card"]) if row["card"] else None
        until = date.fromisoformat(row["effective_to"]) if row["effective_to"] else None
        yield Subject(
            row["id"], row["title"], row["number_key"] if not card else "", False,
            card.sources if card else None, until, relations_from_json(row["relations"]), card,
        )  # fmt: skip


def lint(subjects: Iterable[Subject], today: date, within: int = CHECKED_WITHIN) -> list[Finding]:
    """Everything found, errors first."""
    known = list(subjects)
    numbers = {s.number_key: s for s in known if s.number_key}
    codes = {s.card.code for s in known if s.card}
    outdated = _outdated(known, today)
    found: list[Finding] = []
    for subject in known:
        found += _sources(subject, today, within)
        found += _validity(subject, today)
        found += _relations(subject, numbers)
        if subject.card is not None:
            found += _levels(subject, subject.card)
            found += _card_relations(subject, subject.card, codes, outdated)
    found += _contradictions(known)
    weights = ("error", "warning", "note")
    return sorted(found, key=lambda f: (weights.index(f.weight), f.problem, f.document_id))


def _graver(subject: Subject) -> Weight:
    """What the source of others says wrongly is not ours to put right."""
    return "error" if subject.ours else "warning"


# --- sources and dates ------------------------------------------------------------------------


def _sources(subject: Subject, today: date, within: int) -> Iterator[Finding]:
    if subject.sources is None:
        return
    if not any(s.url or s.decision_number or number_in(s.title) for s in subject.sources):
        text = "không nguồn nào có đường dẫn, số quyết định hay số hiệu văn bản"
        yield Finding(_graver(subject), Problem.NO_SOURCE, subject.id, text)
        return
    checked = [s.checked_on for s in subject.sources if s.checked_on]
    if not checked:
        if subject.ours:
            text = "chưa nguồn nào được đối chiếu (checked_on)"
            yield Finding("warning", Problem.NEVER_CHECKED, subject.id, text)
    elif max(checked) < today - timedelta(days=within):
        text = f"lần đối chiếu cuối {day(max(checked))} đã quá {within} ngày"
        yield Finding("warning", Problem.STALE_CHECK, subject.id, text)


def _validity(subject: Subject, today: date) -> Iterator[Finding]:
    if subject.effective_to is None or subject.effective_to >= today:
        return
    if subject.card is not None:
        text = f"thẻ thủ tục đã hết hiệu lực sau ngày {day(subject.effective_to)}"
        yield Finding(_graver(subject), Problem.EXPIRED, subject.id, text)
    elif subject.ours:
        text = f"văn bản đã hết hiệu lực sau ngày {day(subject.effective_to)}"
        yield Finding("note", Problem.EXPIRED, subject.id, text)


# --- levels that are no more ------------------------------------------------------------------

_OFFICE = (
    r"(?:[uủ][ỷy] ban nhân dân|ubnd|công an|t(?:òa|oà) án(?: nhân dân)?|viện kiểm sát nhân dân|"
    r"(?<!quốc )phòng [\w ]{2,40}?|chi cục thuế|thuế|bảo hiểm xã hội|bhxh|ban chỉ huy quân sự|"
    r"trung tâm y tế|hội đồng[\w ]{0,40}?|trụ sở)"
)
_LEVEL = r"(?:cấp )?(?:huyện|quận|thị trấn|thị xã)\b"
_ABOLISHED = re.compile(rf"\bcấp huyện\b|\b{_OFFICE} {_LEVEL}|^{_LEVEL}")
_OF_THE_PAST = re.compile(r"không còn|trước đây|trước ngày|bãi bỏ|\bcũ\b|thay cho|đã chuyển|nay là")


def _levels(subject: Subject, card: ProcedureCard) -> Iterator[Finding]:
    for slot, text in (("authority", card.authority), ("where", card.where)):
        found = abolished_level(text)
        if found:
            message = f"{slot} nói tới cấp đã bỏ từ 1/7/2025: “{found}”"
            yield Finding(_graver(subject), Problem.ABOLISHED_LEVEL, subject.id, message)
    for slot, lines in (("steps", card.steps), ("conditions", card.conditions)):
        for line in lines:
            if found := abolished_level(line):
                message = f"{slot} nói tới cấp đã bỏ từ 1/7/2025: “{found}”"
                yield Finding("warning", Problem.ABOLISHED_LEVEL, subject.id, message)


def abolished_level(text: str) -> str:
    """The clause that sends people to a level of government that is no more, or "".

    >>> abolished_level("Nộp tại UBND cấp huyện nơi cư trú")
    'Nộp tại UBND cấp huyện nơi cư trú'
    >>> abolished_level("Công an cấp xã; không còn cấp huyện")
    ''
    """
    for clause in re.split(r"[;.\n]", text):
        plain = " ".join(clause.lower().split())
        if _ABOLISHED.search(plain) and not _OF_THE_PAST.search(plain):
            return " ".join(clause.split())
    return ""


# --- relations --------------------------------------------------------------------------------


def _relations(subject: Subject, numbers: Mapping[str, Subject]) -> Iterator[Finding]:
    targets = {r.target for r in subject.relations}
    bad = sorted(target for target in targets if not number_in(target))
    if bad:
        text = f"quan hệ với số hiệu không đọc được: {', '.join(bad)}"
        yield Finding(_graver(subject), Problem.BAD_NUMBER, subject.id, text)
    successors = {r.target for r in subject.relations if r.kind in ("replaced_by", "repealed_by")}
    for weight, named in (("warning", successors), ("note", targets - successors)):
        dead = sorted(t for t in named if number_in(t) and number_in(t) not in numbers)
        if dead and (subject.ours or weight == "warning"):
            text = f"văn bản liên quan không có trong kho: {', '.join(dead)}"
            yield Finding(weight, Problem.DEAD_RELATION, subject.id, text)  # type: ignore[arg-type]


def _outdated(subjects: Iterable[Subject], today: date) -> dict[str, str]:
    """Numbers of documents that do not hold any more, with who or when says so."""
    found: dict[str, str] = {}
    for subject in subjects:
        if subject.number_key and subject.effective_to and subject.effective_to < today:
            found[subject.number_key] = f"hết hiệu lực sau ngày {day(subject.effective_to)}"
        for relation in subject.relations:
            whole = not relation.target_article and not relation.note
            begun = relation.since is None or relation.since <= today
            if relation.kind in ("replaces", "repeals") and whole and begun:
                found.setdefault(number_key(relation.target), f"bị thay bởi {subject.title}")
    return found


def _card_relations(
    subject: Subject, card: ProcedureCard, codes: set[str], outdated: Mapping[str, str]
) -> Iterator[Finding]:
    dead = sorted(code for code in card.related if code not in codes)
    if dead:
        text = f"thủ tục liên quan không có trong kho: {', '.join(dead)}"
        yield Finding("warning", Problem.DEAD_RELATION, subject.id, text)
    for basis in card.legal_basis:
        why = outdated.get(number_key(basis))
        if why:
            text = f"căn cứ pháp lý {basis} {why}"
            yield Finding("warning", Problem.OUTDATED_BASIS, subject.id, text)


# --- two cards of one procedure ---------------------------------------------------------------

_PORTAL = "dichvucong.gov.vn"


def _contradictions(subjects: Iterable[Subject]) -> Iterator[Finding]:
    by_code: dict[str, list[Subject]] = {}
    for subject in subjects:
        if subject.card is not None:
            by_code.setdefault(subject.card.code, []).append(subject)
    for same in by_code.values():
        ours = next((s for s in same if s.ours), None)
        for other in same:
            if ours is not None and not other.ours and ours.card and other.card:
                yield from _differences(ours.id, ours.card, other.id, other.card)


def _differences(
    our_id: str, ours: ProcedureCard, their_id: str, theirs: ProcedureCard
) -> Iterator[Finding]:
    for slot, word in (("fees", "lệ phí"), ("times", "thời hạn")):
        a, b = _figures(ours, slot), _figures(theirs, slot)
        if not a or not b or a == b or slot in theirs.unreadable:
            continue
        message = (
            f"{word} khác với {their_id}: ở đây {_shown(ours, slot)}; ở đó {_shown(theirs, slot)}"
        )
        # Where we took it from the portal, it cannot say something else altogether.
        ours_alone = {s.url for s in _sources_of(ours, slot) if _PORTAL not in s.url}
        weight: Weight = "warning" if a & b or ours_alone else "error"
        yield Finding(weight, Problem.CONTRADICTION, our_id, message)


def _sources_of(card: ProcedureCard, slot: str) -> list[Source]:
    keys = card.slot_sources.get(slot) or card.slot_sources.get("all") or ()
    return [source for source in card.sources if source.key in keys]


def _figures(card: ProcedureCard, slot: str) -> set[str]:
    """Amounts of a card that can be compared; empty when none is known."""
    if slot == "times":
        return {
            json.dumps([t.unit, t.amount]) for channel in card.channels for t in channel.times
        }  # fmt: skip
    return {
        str(fee.amount or 0)
        for channel in card.channels
        for fee in channel.fees
        if fee.state in (FeeState.KNOWN, FeeState.FREE)
    }


def _shown(card: ProcedureCard, slot: str) -> str:
    words = fees if slot == "fees" else durations
    return " / ".join(dict.fromkeys(filter(None, map(words, card.channels)))) or "không có"
