"""Whether an article holds on a day: yes, no, or not known, with the reason and what it rests on.

Nothing is guessed. A text without a day of effect is *unknown*; so is one that
another text ends on a day nobody wrote down, or ends except for some cases.
That an article was amended does not end it, but the text that is stored may
then be the older or the newer one: `Verdict.text` says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge_base.documents import Validity
from knowledge_base.wording import day as written


class TextState(StrEnum):
    """How the stored text stands to what held on the day."""

    AS_STORED = "as_stored"  # nothing is known to have changed it
    OLDER = "older"  # amended before the day; the text here is from before that
    NEWER = "newer"  # amended after the day; the text here has that already
    INCLUDED = "included"  # amended before the day, and the text here has that
    MAYBE_OLDER = "maybe_older"  # the document was amended, and nobody said which articles


@dataclass(frozen=True, slots=True)
class Event:
    """Something another text did to this article or its whole document.

    ``kind`` is as in `Relation`, seen from this article ("amended_by").
    ``by`` is a document number, ``included``: the stored text has it already.
    """

    kind: str
    by: str
    by_article: str = ""
    since: date | None = None
    whole: bool = False
    note: str = ""
    included: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Validity on a day. ``reason`` is a Vietnamese sentence, ``note`` the words it rests on."""

    validity: Validity
    reason: str
    note: str = ""
    since: date | None = None
    until: date | None = None
    text: TextState = TextState.AS_STORED


_WORDS = {
    "repealed_by": "bị bãi bỏ bởi",
    "replaced_by": "được thay thế bởi",
    "suspended_by": "bị ngưng hiệu lực theo",
    "amended_by": "được sửa đổi, bổ sung bởi",
    "corrected_by": "được đính chính bởi",
}
_ENDING = ("repealed_by", "replaced_by")


def validity_of(
    effective_from: date | None,
    effective_to: date | None,
    events: Iterable[Event],
    on: date,
) -> Verdict:
    """The verdict for one article on the day ``on``; ``effective_to`` is inclusive."""
    known = list(events)
    ending = sorted((e for e in known if e.kind in _ENDING), key=lambda e: e.since or date.max)
    since, until = effective_from, effective_to

    def said(validity: Validity, reason: str, note: str = "") -> Verdict:
        return Verdict(validity, reason, note, since, until, text_on(known, on))

    if effective_from is not None and on < effective_from:
        return said(
            Validity.NOT_IN_FORCE, f"Có hiệu lực từ {written(effective_from)}, sau ngày này."
        )
    for event in ending:
        if event.since is None:
            continue
        if has_exceptions(event.note) and on >= event.since:
            return said(
                Validity.UNKNOWN, f"{_told(event)}, nhưng có trường hợp được trừ.", event.note
            )
        until = event.since if until is None else until
        if on >= event.since:
            return said(Validity.NOT_IN_FORCE, f"{_told(event)}.", event.note)
    if effective_to is not None and on > effective_to:
        return said(Validity.NOT_IN_FORCE, f"Hết hiệu lực sau ngày {written(effective_to)}.")
    for event in known:
        if event.kind == "suspended_by" and (event.since is None or on >= event.since):
            return said(Validity.UNKNOWN, f"{_told(event)}; chưa rõ đến khi nào.", event.note)
    undated = next((e for e in ending if e.since is None), None)
    if undated is not None:
        return said(Validity.UNKNOWN, f"{_told(undated)}, chưa rõ từ ngày nào.", undated.note)
    if effective_from is None:
        return said(Validity.UNKNOWN, "Chưa rõ ngày có hiệu lực.")
    return said(Validity.IN_FORCE, f"Có hiệu lực từ {written(effective_from)}.")


def has_exceptions(note: str) -> bool:
    """Whether the words that end a text leave something of it ("trừ trường hợp …")."""
    return re.search(r"\btrừ\b", note) is not None


def text_on(events: Iterable[Event], on: date) -> TextState:
    """How the stored text of an article stands to the text that held on the day.

    Events of the whole document (``Event.whole``) may or may not touch it.
    """
    amended = [e for e in events if e.kind in ("amended_by", "corrected_by")]
    changes = [e for e in amended if not e.whole]
    if any(e.since is not None and e.since <= on and not e.included for e in changes):
        return TextState.OLDER
    if any(e.since is not None and e.since > on and e.included for e in changes):
        return TextState.NEWER
    if any(e.whole and (e.since is None or e.since <= on) for e in amended):
        return TextState.MAYBE_OLDER
    if any(e.included for e in changes):
        return TextState.INCLUDED
    return TextState.AS_STORED


def _told(event: Event) -> str:
    article = f"Điều {event.by_article} " if event.by_article else ""
    since = f" từ {written(event.since)}" if event.since else ""
    told = f"{_WORDS.get(event.kind, event.kind)} {article}{event.by}{since}"
    return told[0].upper() + told[1:]
