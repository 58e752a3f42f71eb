"""Journeys as a conversation leads them: one question at a time, then the list, then its steps."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from assistant.as_of import today
from assistant.dialogue.ports import JOURNEY, Spoken
from assistant.dialogue.state import Heard
from assistant.errors import InputError, StateError
from assistant.journeys.checklist import Checklist, StepStatus
from assistant.journeys.guide import Guide
from assistant.journeys.said import said_choice, said_code, said_day, said_of_step, says_unknown
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
    """Where a journey stands in a conversation: ``journey:CODE:what:passed,by``."""

    code: str
    what: str
    passed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{JOURNEY}{self.code}:{self.what}:{','.join(self.passed)}"

    @classmethod
    def read(cls, pending: str) -> _At | None:
        code, _, rest = pending.removeprefix(JOURNEY).partition(":")
        what, _, passed = rest.partition(":")
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
        made = self._guide.keep(made)
        asked = self._next(made, ())
        return Spoken(f"{made.opening}\n\n{asked.text}", asked.choices, asked.pending)

    def go_on(self, pending: str, heard: Heard) -> Spoken | None:
        """What follows on an answer; None where the message is about something else."""
        at = _At.read(pending)
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
        at = _At.read(pending)
        code = said_code(heard.text) or (at.code if at else "")
        if not code:
            return None
        try:
            return self._listed(self._guide.take_up(code, today=_today(heard)), ())
        except InputError as error:
            return Spoken(str(error))
        except StateError:
            log.exception("a checklist cannot be read")
            return Spoken(_NOT_KEPT, (), pending)

    def forget(self, pending: str) -> None:
        """Delete the list that is at hand, when a person wants nothing to be kept."""
        if at := _At.read(pending):
            with suppress(InputError):
                self._guide.forget(at.code)

    def _there(self, code: str, now: date) -> bool:
        try:
            self._guide.take_up(code, today=now)
        except InputError:
            return False
        return True

    def _next(self, made: Checklist, passed: tuple[str, ...]) -> Spoken:
        """The next thing to ask, else the list."""
        for question in made.questions:
            if question.id in passed:
                continue
            titles = tuple(title for _, title in question.choices)
            text = question.ask + (" Có thể chọn nhiều, cách nhau bằng dấu phẩy." * question.many)
            if len(titles) < _MOST:
                titles = (*titles, _NOT_KNOWN)
            return Spoken(text, titles, str(_At(made.code, question.id, passed)))
        if made.event_date is None and _DAY not in passed:
            text = f"Cho biết {made.event} (ví dụ 20/11/2026) để tính các hạn."
            return Spoken(text, _DAYS, str(_At(made.code, _DAY, passed)))
        return self._listed(made, passed)

    def _listed(self, made: Checklist, passed: tuple[str, ...]) -> Spoken:
        first = [step for step in made.next_steps if not step.optional] or [*made.next_steps]
        choices = tuple(f"Đã làm xong: {step.title}" for step in first[: _MOST - 2])
        return Spoken(brief_text(made), choices, str(_At(made.code, _LIST, passed)))

    def _answered(self, at: _At, heard: Heard, now: date) -> Spoken | None:
        made = self._guide.take_up(at.code, today=now)
        question = next((q for q in made.questions if q.id == at.what), None)
        if question is None:  # the journey has changed meanwhile
            return self._next(made, at.passed)
        value = said_choice(heard.text, question)
        if value:
            return self._next(self._guide.answer(at.code, at.what, value, today=now), at.passed)
        if says_unknown(heard.text):
            return self._next(made, (*at.passed, at.what))
        return None

    def _dated(self, at: _At, heard: Heard, now: date) -> Spoken | None:
        day = said_day(heard.text, now)
        if day is not None:
            return self._next(self._guide.on(at.code, day, today=now), at.passed)
        if says_unknown(heard.text):
            made = self._guide.take_up(at.code, today=now)
            return self._next(made, (*at.passed, _DAY))
        return None

    def _step(self, at: _At, heard: Heard, now: date) -> Spoken | None:
        made = self._guide.take_up(at.code, today=now)
        found = said_of_step(heard.text, [step.title for step in made.steps])
        if found is None:
            return None
        place, done = found
        on = (said_day(heard.text, now) or now) if done else None
        status = StepStatus.DONE if done else StepStatus.SKIPPED
        marked = self._guide.mark(at.code, made.steps[place].id, status, on, today=now)
        return self._listed(marked, at.passed)


def _today(heard: Heard) -> date:
    return heard.as_of or today()
