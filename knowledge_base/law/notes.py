"""Source notes of codified articles: where an article comes from, and what changed it since.

    (Điều 49 Luật số 49/2019/QH14, có hiệu lực thi hành kể từ ngày 01/07/2020, có nội dung được
    sửa đổi bởi Điều 1 Luật số 23/2023/QH15 có hiệu lực thi hành kể từ ngày 15/08/2023)

"Có nội dung bị bãi bỏ" takes away part of an article, "bị bãi bỏ" all of it;
only the second ends its validity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge_base.documents import Relation
from knowledge_base.law.dates import DAY, day_of, labels_in
from knowledge_base.law.keys import Number, numbers_in

_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_OWN = re.compile(
    r"\s*Điều\s+(?P<article>\d+[a-zđ]{0,2})\b\s*"
    r"(?P<kind>Bộ luật|Luật|Pháp lệnh|(?:Nghị quyết|Thông tư)(?: liên tịch)?|Nghị định|Quyết định"
    r"|Chỉ thị)?"
)
_HOLDS = re.compile(rf"có hiệu lực(?: thi hành)?,?\s*(?:kể\s*)?từ\s*({DAY})")
_ENDS = re.compile(rf"^có hiệu lực(?: thi hành)? đến (?:hết )?({DAY})")
_VERB = re.compile(
    r"(?P<part>có nội dung\s+)?(?:được|bị)\s+"
    r"(?P<verb>sửa đổi|bổ sung|bãi bỏ|hủy bỏ|thay thế|đính chính|ngưng hiệu lực)"
    r"(?:,\s*(?P<second>bổ sung)\b)?"
)
_LABELS = re.compile(r"Điều\s+((?:\d+[a-zđ]?(?:\s*(?:,|và)\s*(?:Điều\s+)?)?)+)")
# "Nghị định số 14/2019 … sửa đổi, bổ sung một số điều của Nghị định số 108/2015": the second is
# part of the first one's name.
_IN_A_NAME = re.compile(
    r"(?:một số (?:điều|nội dung|quy định) (?:của|tại)|thi hành|quy định chi tiết)[^;]{0,60}$"
)


@dataclass(frozen=True, slots=True)
class SourceNote:
    """What one note says. ``number`` as written; ``unread``: it has a part nobody understood.

    ``effective_from`` is when this article began to hold, ``effective_to``
    its last day, where the note says so beyond doubt.
    """

    article: str = ""
    number: str = ""
    kind: str = ""  # "Bộ luật"
    effective_from: date | None = None
    effective_to: date | None = None
    relations: tuple[Relation, ...] = ()
    unread: bool = False


@dataclass(frozen=True, slots=True)
class _Item:
    """One changing text: "Điều 1, Điều 2 Luật số … có hiệu lực … ngày …"."""

    number: str
    articles: tuple[str, ...]
    since: date | None
    note: str


def read_note(note: str) -> SourceNote:
    """The facts in one source note; empty ones where it does not say."""
    text = " ".join(_LINK.sub(r"\1", note).replace("*", "").split()).strip("() .,")
    own = _OWN.match(text)
    held = _HOLDS.search(text)
    head = text[: held.start()] if held else text
    change = _VERB.search(text)
    if change and change.start() < len(head):
        # No day of its own: the first one is of what changed it.
        head, held = text[: change.start()], None
    number = next((n for n in numbers_in(head) if n.whole), None)
    written = head[number.start : number.end] if number else ""
    tail = text[held.end() if held else len(head) :].strip(" ,.;")
    article = own["article"] if own else ""
    began = day_of(held[1]) if held else None
    ended = _ENDS.match(tail)
    relations = tuple(_relations(tail, article, number.key if number else ""))
    added = [r.since for r in relations if r.note.startswith("được bổ sung")]
    # Only an article with a letter came later for certain; others may have grown by a clause.
    if article[-1:].isalpha() and added and began and (added[0] is None or added[0] > began):
        began = added[0]
    repealed = [r.since for r in relations if r.kind == "repealed_by" and r.since]
    until = min(repealed) - timedelta(days=1) if repealed else None
    return SourceNote(
        article,
        _compact(written),
        (own["kind"] or "") if own else "",
        began,
        day_of(ended[1]) if ended else until,
        relations,
        bool(tail) and not relations and not ended,
    )


def _relations(tail: str, article: str, own: str) -> Iterator[Relation]:
    verbs = [*_VERB.finditer(tail)]
    for n, verb in enumerate(verbs):
        if n and verbs[n - 1].end() <= verb.start() and _joined(tail, verbs[n - 1], verb):
            continue  # told together with the verb before it
        group = [verb]
        for later in verbs[n + 1 :]:
            if not _joined(tail, group[-1], later):
                break
            group.append(later)
        after = verbs[n + len(group)].start() if n + len(group) < len(verbs) else len(tail)
        items = list(_items(tail[group[-1].end() : after], own))
        yield from _paired(group, items, article)


def _joined(tail: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether two verbs share what follows: only a comma between them."""
    return not tail[one.end() : other.start()].strip(" ,và")


def _paired(group: list[re.Match[str]], items: list[_Item], article: str) -> Iterator[Relation]:
    # "được bổ sung, bị bãi bỏ bởi A; B": the first did the first, the second the second.
    separate = len(group) == len(items) and any(not verb["part"] for verb in group)
    for n, item in enumerate(items):
        verbs = [group[n]] if separate else group
        if not separate and len(items) > 1 and n and _adds(group[0]):
            verbs = group[1:] or group
        kind = _kind(verbs)
        words = ", ".join(" ".join(verb[0].split()) for verb in verbs)
        for target in item.articles or ("",):
            yield Relation(
                kind, item.number, f"{words} bởi {item.note}", item.since, article, target
            )


def _adds(verb: re.Match[str]) -> bool:
    return verb["verb"] == "bổ sung" and not verb["part"]


def _kind(verbs: list[re.Match[str]]) -> str:
    """The relation that verbs tell of; several together are an amendment."""
    if len(verbs) != 1 or verbs[0]["part"]:
        return "amended_by"
    return {
        "bãi bỏ": "repealed_by",
        "hủy bỏ": "repealed_by",
        "thay thế": "replaced_by",
        "đính chính": "corrected_by",
        "ngưng hiệu lực": "suspended_by",
    }.get(verbs[0]["verb"], "amended_by")


def _items(text: str, own: str) -> Iterator[_Item]:
    numbers: list[Number] = []
    for number in numbers_in(text):
        if number.whole and number.key != own and not _IN_A_NAME.search(text[: number.start]):
            numbers.append(number)
    at = 0
    for n, number in enumerate(numbers):
        following = numbers[n + 1].start if n + 1 < len(numbers) else len(text)
        held = _HOLDS.search(text, number.end, following)
        labels = [m[1] for m in _LABELS.finditer(text, at, number.start)]
        end = held.end() if held else number.end
        words = text[at:end].strip(" ,.;")
        words = re.sub(r"^(?:bởi|theo quy định tại|theo quy định của|theo|tại)\s+", "", words)
        yield _Item(
            _compact(text[number.start : number.end]),
            tuple(dict.fromkeys(labels_in(" ".join(labels)))),
            day_of(held[1]) if held else None,
            words,
        )
        at = end


def _compact(number: str) -> str:
    return re.sub(r"\s*([/‐‑–—-])\s*", lambda m: "/" if m[1] == "/" else "-", number)
