"""Journeys as a conversation leads them: one question at a time, then the list, then its steps.

What is pending is kept with the conversation, so the code of the list stands in it
sealed with the conversation's name, which is kept nowhere: who reads the database
takes up nobody's list.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import date

from assistant.as_of import today
from assistant.dialogue.ports import JOURNEY, Spoken
from assistant.dialogue.state import Heard
from assistant.errors import InputError, StateError
from assistant.journeys.checklist import Checklist, StepStatus
from assistant.journeys.guide import Guide
from assistant.journeys.keeping import read_code
from assistant.journeys.said import (
    only_day,
    said_choice,
    said_code,
    said_day,
    said_of_step,
    says_unknown,
)
from assistant.journeys.told import brief_text

_DAY, _LIST = "day", "list"
_NOT_KNOWN = "Không rõ"
_DAYS = ("Hôm nay", "Hôm qua", _NOT_KNOWN)
_MOST = 5
_NOT_KEPT = (
    "Hiện chưa mở hoặc lưu được danh sách việc. "
    "Anh/chị nhắn lại sau ít phút, hoặc hỏi từng thủ tục."
)
_BEGIN_AGAIN = "Danh sách này không còn. Anh/chị nói lại sự việc để bắt đầu danh sách mới."


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _At:
    """Where a journey stands in a conversation: ``journey:SEALED:what:passed,by``."""

    code: str
    what: str
    passed: tuple[str, ...] = ()

    def pending(self, conversation: str) -> str:
        return f"{JOURNEY}{_sealed(self.code, conversation)}:{self.what}:{','.join(self.passed)}"

    @classmethod
    def read(cls, pending: str, conversation: str) -> _At | None:
        sealed, _, rest = pending.removeprefix(JOURNEY).partition(":")
        what, _, passed = rest.partition(":")
        code = _unsealed(sealed, conversation)
        if not (pending.startswith(JOURNEY) and code and what):
            return None
        return cls(code, what, tuple(filter(None, passed.split(","))))


class JourneysInConversation:
    """`assistant.dialogue.ports.Journeys` over a guide. A list is kept from its first question."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide

    def begin(self, journey: str, heard: Heard) -> Spoken:
        """The first question, or the list. Raises for an unknown journey or a full disk."""
        now = _today(heard)
        made = self._guide.begin(journey, said_day(heard.text, now), today=now)
        made = self._guide.keep(made, heard.conversation)
        asked = self._next(made, (), heard)
        return Spoken(f"{made.opening}\n\n{asked.text}", asked.choices, asked.pending)

    def go_on(self, pending: str, heard: Heard) -> Spoken | None:
        """What follows on an answer; None where the message is about something else."""
        at = _At.read(pending, heard.conversation)
        return None if at is None else self._gone_on(at, pending, heard)

    def _gone_on(self, at: _At, pending: str, heard: Heard) -> Spoken | None:
        now = _today(heard)
        try:
            if at.what == _LIST:
                return self._step(at, heard, now)
            if at.what == _DAY:
                return self._dated(at, heard, now)
            return self._answered(at, heard, now)
        except InputError as error:
            if self._there(at.code, now):
                return Spoken(str(error), (), pending)
            return Spoken(_BEGIN_AGAIN)
        except StateError:
            log.exception("a checklist cannot be kept")
            return Spoken(_NOT_KEPT, (), pending)

    def again(self, pending: str, heard: Heard) -> Spoken | None:
        """The list whose code is in the words, else the one that is at hand."""
        at = _At.read(pending, heard.conversation)
        code = said_code(heard.text) or (at.code if at else "")
        if not code:
            return None
        try:
            return self._listed(self._guide.take_up(code, today=_today(heard)), (), heard)
        except InputError as error:
            return Spoken(str(error))
        except StateError:
            log.exception("a checklist cannot be read")
            return Spoken(_NOT_KEPT, (), pending)

    def forget(self, conversation: str) -> None:
        """Delete the lists begun in ``conversation``; one taken up by its code is kept by that."""
        self._guide.forget_all_of(conversation)

    def _there(self, code: str, now: date) -> bool:
        try:
            self._guide.take_up(code, today=now)
        except InputError:
            return False
        return True

    def _next(self, made: Checklist, passed: tuple[str, ...], heard: Heard) -> Spoken:
        """The next thing to ask, else the list."""
        for question in made.questions:
            if question.id in passed:
                continue
            titles = tuple(title for _, title in question.choices)
            text = question.ask + (" Có thể chọn nhiều, cách nhau bằng dấu phẩy." * question.many)
            if len(titles) < _MOST:
                titles = (*titles, _NOT_KNOWN)
            at = _At(made.code, question.id, passed)
            return Spoken(text, titles, at.pending(heard.conversation))
        if made.event_date is None and _DAY not in passed:
            text = f"Cho biết {made.event} (ví dụ 20/11/2026) để tính các hạn."
            return Spoken(text, _DAYS, _At(made.code, _DAY, passed).pending(heard.conversation))
        return self._listed(made, passed, heard)

    def _listed(self, made: Checklist, passed: tuple[str, ...], heard: Heard) -> Spoken:
        first = [step for step in made.next_steps if not step.optional] or [*made.next_steps]
        choices = tuple(f"Đã làm xong: {step.title}" for step in first[: _MOST - 2])
        at = _At(made.code, _LIST, passed)
        return Spoken(brief_text(made), choices, at.pending(heard.conversation))

    def _answered(self, at: _At, heard: Heard, now: date) -> Spoken | None:
        made = self._guide.take_up(at.code, today=now)
        question = next((q for q in made.questions if q.id == at.what), None)
        if question is None:  # the journey has changed meanwhile
            return self._next(made, at.passed, heard)
        value = said_choice(heard.text, question)
        if value:
            made = self._guide.answer(at.code, at.what, value, today=now)
            return self._next(made, at.passed, heard)
        if says_unknown(heard.text):
            return self._next(made, (*at.passed, at.what), heard)
        return self._step(at, heard, now)  # who has done a step already wants the list

    def _day_told(self, made: Checklist, at: _At, heard: Heard, now: date) -> Spoken | None:
        """The day of the event, said before it was asked for; then what was asked, once more."""
        day = only_day(heard.text, now)
        if day is None or made.event_date is not None:
            return None
        asked = self._next(self._guide.on(at.code, day, today=now), at.passed, heard)
        noted = f"Đã ghi {made.event}: {day:%d/%m/%Y}."
        return Spoken(f"{noted}\n\n{asked.text}", asked.choices, asked.pending)

    def _dated(self, at: _At, heard: Heard, now: date) -> Spoken | None:
        day = said_day(heard.text, now)
        if day is not None:
            return self._next(self._guide.on(at.code, day, today=now), at.passed, heard)
        if says_unknown(heard.text):
            made = self._guide.take_up(at.code, today=now)
            return self._next(made, (*at.passed, _DAY), heard)
        return None

    def _step(self, at: _At, heard: Heard, now: date) -> Spoken | None:
        made = self._guide.take_up(at.code, today=now)
        found = said_of_step(heard.text, [step.title for step in made.steps])
        if found is None:
            return self._day_told(made, at, heard, now)
        place, done = found
        on = (said_day(heard.text, now) or now) if done else None
        status = StepStatus.DONE if done else StepStatus.SKIPPED
        marked = self._guide.mark(at.code, made.steps[place].id, status, on, today=now)
        return self._listed(marked, at.passed, heard)


def _today(heard: Heard) -> date:
    return heard.as_of or today()


def _sealed(code: str, conversation: str) -> str:
    """``code`` as only who knows the conversation's name can read it; other each time."""
    salt = secrets.token_bytes(8)
    plain = code.encode()
    pad = _pad(salt, conversation, len(plain))
    return (salt + bytes(a ^ b for a, b in zip(plain, pad, strict=True))).hex()


def _unsealed(sealed: str, conversation: str) -> str:
    """What `_sealed` made; "" where it is something else, or of another conversation."""
    try:
        raw = bytes.fromhex(sealed)
        pad = _pad(raw[:8], conversation, len(raw) - 8)
        return read_code(bytes(a ^ b for a, b in zip(raw[8:], pad, strict=True)).decode("ascii"))
    except (ValueError, InputError):
        return ""


def _pad(salt: bytes, conversation: str, size: int) -> bytes:
    """Of a hash, used once for each salt. ``size`` is at most 32."""
    name = conversation.encode("utf-8", "surrogatepass")
    return hashlib.sha256(b"checklist\0" + salt + name).digest()[: max(0, size)]
