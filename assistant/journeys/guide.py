"""What doors and the conversation call: begin a journey, mark steps, take it up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.errors import InputError
from assistant.journeys.checklist import Checklist, Kept, Mark, StepStatus
from assistant.journeys.keeping import Checklists, read_code
from assistant.journeys.plan import plan, resume
from assistant.journeys.schema import JourneyError, JourneyFile, journey, journeys
from assistant.journeys.sources import RecordSources, Sources
from knowledge_base.store import Record


class Guide:
    """The journeys of one installation."""

    def __init__(self, sources: Sources, kept: Checklists) -> None:
        self._sources = sources
        self._kept = kept

    @classmethod
    def over(cls, record: Path, state: Path) -> Guide:
        """Over the record and the state database of a home."""
        return cls(RecordSources(Record(record)), Checklists(state))

    def all(self) -> tuple[JourneyFile, ...]:
        return tuple(journeys().values())

    def begin(
        self,
        name: str,
        event_date: date | None = None,
        answers: Mapping[str, str] | None = None,
        *,
        today: date | None = None,
    ) -> Checklist:
        """The checklist of a journey ("event_birth", "birth"); nothing is kept yet.

        Raises `JourneyError` for an unknown journey, `InputError` for a wrong answer or day.
        """
        found = journey(name)
        return plan(found, event_date, answers or {}, sources=self._sources, today=today)

    def keep(self, checklist: Checklist, conversation: str = "") -> Checklist:
        """The same with the code that takes it up again; it goes with ``conversation``, if any."""
        return replace(checklist, code=self._kept.add(checklist.kept, conversation))

    def take_up(self, code: str, *, today: date | None = None) -> Checklist:
        """A kept checklist as it is on ``today``. Raises `InputError` for an unknown code."""
        return self._made(self._kept.get(code), code, today)

    def mark(
        self,
        code: str,
        step: str,
        status: StepStatus,
        on: date | None = None,
        *,
        today: date | None = None,
    ) -> Checklist:
        """Say that a step is done (``on`` a day), not needed, or open after all.

        Saying it twice changes nothing. Raises `InputError` for a step that is not in the list.
        """

        def marked(kept: Kept) -> Kept:
            found = self._made(kept, code, today)
            named = found.step(step)
            if named is None:
                steps = ", ".join(each.id for each in found.steps)
                raise InputError(f"Danh sách không có việc “{step}”. Các việc: {steps}.")
            if on is not None and on > found.today:
                raise InputError(f"Ngày {on:%d/%m/%Y} chưa tới nên chưa thể ghi là đã làm.")
            marks = dict(found.kept.marks)
            if status in (StepStatus.OPEN, StepStatus.BLOCKED):
                marks.pop(step, None)
            else:
                before = named.done_on if named.status is status else None
                marks[step] = Mark(status, on or before, named.title)
            return replace(found.kept, marks=marks)

        return self._made(self._kept.update(code, marked), code, today)

    def answer(
        self, code: str, question: str, value: str, *, today: date | None = None
    ) -> Checklist:
        """Answer a question of a kept checklist. Raises `InputError` for a wrong answer."""

        def answered(kept: Kept) -> Kept:
            found = journey(kept.journey)
            answers = {**self._made(kept, code, today).answers, question: value}
            plan(
                found, kept.event_date, answers, sources=self._sources, today=today
            )  # or it raises
            return replace(kept, answers=answers)

        return self._made(self._kept.update(code, answered), code, today)

    def on(self, code: str, event_date: date | None, *, today: date | None = None) -> Checklist:
        """Set or change the day of the event of a kept checklist."""

        def dated(kept: Kept) -> Kept:
            changed = replace(kept, event_date=event_date)
            self._made(changed, code, today)  # or it raises
            return changed

        return self._made(self._kept.update(code, dated), code, today)

    def forget(self, code: str) -> bool:
        """Delete a kept checklist; whether there was one."""
        return self._kept.forget(code)

    def forget_all_of(self, conversation: str) -> int:
        """Delete the checklists begun in ``conversation``; how many there were."""
        return self._kept.forget_all_of(conversation)

    def _made(self, kept: Kept, code: str, today: date | None) -> Checklist:
        try:
            found = journey(kept.journey)
        except JourneyError:
            raise InputError("Hành trình của danh sách này không còn được hỗ trợ.") from None
        made = resume(found, kept, sources=self._sources, today=today)
        return replace(made, code=read_code(code))
