"""What a ticket is: a masked conversation that waits for an officer, and how it may change."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from assistant.errors import TrolyError
from assistant.personal_data import mask
from knowledge_base.vietnamese import clean

#: Most that is kept of a conversation: its last lines, and characters of each.
MOST_LINES, LONGEST_LINE = 40, 2000
#: Longest answer of an officer, and longest note, in characters.
LONGEST_ANSWER, LONGEST_NOTE = 4000, 1000
_LONGEST_NAME = 60
_NOBODY = ("citizen", "troly", "người dân")


class TicketStatus(StrEnum):
    """Where a ticket is. The first three are open: the conversation has no other one beside it."""

    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"
    CLOSED = "closed"
    EXPIRED = "expired"


OPEN = (TicketStatus.WAITING, TicketStatus.TAKEN, TicketStatus.ANSWERED)

#: What an officer may do, from which states, and what it leads to.
ACTIONS: dict[str, tuple[frozenset[TicketStatus], TicketStatus]] = {
    "take": (frozenset({TicketStatus.WAITING, TicketStatus.ANSWERED}), TicketStatus.TAKEN),
    "release": (frozenset({TicketStatus.TAKEN}), TicketStatus.WAITING),
    "answer": (frozenset(OPEN), TicketStatus.ANSWERED),
    "close": (frozenset(OPEN), TicketStatus.CLOSED),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said before the hand-off. Masked once it is in a ticket."""

    by: Literal["citizen", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a ticket: who did what, when. ``note`` is for officers only."""

    at: datetime
    by: str
    action: str
    status: TicketStatus
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of an officer on its way to the citizen; ``delivered_at`` is None until it is."""

    id: int
    code: str
    at: datetime
    officer: str
    text: str
    delivered_at: datetime | None = None
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket. ``version`` grows with every change; ``topic`` is a procedure's code or empty;
    ``question`` is what the citizen said last, in ``language`` ("vi" or "en"). Lists leave out
    transcript, changes and replies.
    """

    code: str
    channel: str
    topic: str
    reason: str
    status: TicketStatus
    officer: str
    opened_at: datetime
    changed_at: datetime
    version: int
    question: str = ""
    transcript: tuple[Line, ...] = ()
    changes: tuple[Change, ...] = ()
    replies: tuple[Reply, ...] = ()
    language: str = "vi"


class DeskError(TrolyError):
    """An officer asked for something that cannot be done; the text says why, in Vietnamese."""


class UnknownTicket(DeskError):
    """There is no ticket of this code (any more)."""


class WrongState(DeskError):
    """The ticket is in a state, or in hands, that do not allow this."""


class Outdated(DeskError):
    """The ticket has changed since it was read."""


class Unusable(DeskError):
    """What was given (a name, an answer, a note) cannot be kept."""


def masked_transcript(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The last lines, cleaned, cut and masked, however large what was said is."""
    last = deque(lines, maxlen=MOST_LINES)
    kept = (Line(line.by, masked(line.text, LONGEST_LINE)) for line in last)
    return tuple(line for line in kept if line.text)


def masked(text: str, longest: int) -> str:
    """``text`` as it may be stored: whole characters, nothing hidden, personal data masked.

    It is cut before it is masked, so that 10 MB cost no more than ``longest``
    characters, and at a space where there is no figure before it, so that no
    half of a number is left unrecognised.
    """
    text = text[: longest + 1].encode("utf-8", "ignore").decode("utf-8")
    if len(text) > longest:
        text = text[:longest].rsplit(None, 1)[0] if " " in text else text[:longest]
        text = text.rstrip("0123456789 .-+/") + " …"
    return mask(clean(text)).strip()


def plain(text: str, longest: int, what: str) -> str:
    """What an officer wrote, as it may be stored: not masked, because it is meant to be read.

    Raises:
        Unusable: it is longer than ``longest`` characters.
    """
    cleaned = clean(text[: longest * 2 + 2].encode("utf-8", "ignore").decode("utf-8")).strip()
    if len(cleaned) > longest:
        raise Unusable(f"{what} dài quá {longest} ký tự. Hãy rút gọn rồi gửi lại.")
    return cleaned


def officer_name(name: str) -> str:
    """``name`` as one short line. Raises `Unusable` where nothing of it is a letter or figure."""
    line = " ".join(plain(name, _LONGEST_NAME, "Tên cán bộ").split())
    if not any(character.isalnum() for character in line):
        raise Unusable("Thiếu tên cán bộ. Hãy cho biết ai đang xử lý phiếu, ví dụ: Lan.")
    if line.casefold() in _NOBODY:  # what a ticket's history calls the citizen, and the desk itself
        raise Unusable(f"Tên “{line}” dành cho hệ thống. Hãy dùng tên thật của cán bộ, ví dụ: Lan.")
    return line
