"""Until when a step has to be done, counted from the event or from a step before it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.journeys.checklist import Due, Mark, StepStatus
from assistant.journeys.schema import DeadlineFile, JourneyFile, SourceFile, StepFile
from assistant.journeys.sources import Quoted
from assistant.journeys.working_days import WorkingDays

_GONE = "nguồn của thời hạn này không còn trong kho, hãy hỏi cơ quan giải quyết"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Counts for one plan; ``planned`` are the steps in it."""

    journey: JourneyFile
    event_date: date | None
    planned: Mapping[str, StepFile]
    marks: Mapping[str, Mark]
    unsettled: frozenset[str]  # steps of which it is not known whether they are for this person
    calendar: WorkingDays
    quote: Callable[[SourceFile], Quoted | None]

    def of(self, deadline: DeadlineFile, dues: Mapping[str, Due]) -> Due:
        """The due day of ``deadline``; ``dues`` by step id has that of ``same_as``, if planned."""
        quoted = self.quote(deadline.source)
        if quoted is None:
            return Due(deadline.text, unknown=_GONE)
        if deadline.same_as:
            return self._same(deadline, dues.get(deadline.same_as), quoted)
        start = self._start(deadline)
        if isinstance(start, str):
            return Due(deadline.text, unknown=start, citation=quoted.citation)
        if not quoted.holds_on(start):
            return Due(deadline.text, unknown=_not_then(quoted), citation=quoted.citation)
        return self._counted(deadline, start, quoted)

    def _same(self, deadline: DeadlineFile, other: Due | None, quoted: Quoted) -> Due:
        if other is None:
            unknown = "tính theo một việc không có trong danh sách này"
            return Due(deadline.text, unknown=unknown, citation=quoted.citation)
        return replace(other, text=deadline.text, citation=quoted.citation)

    def _start(self, deadline: DeadlineFile) -> date | str:
        """The day from which it is counted, or why there is none."""
        if deadline.other:
            return f"tính từ {deadline.other}"
        before = [
            name
            for name in deadline.since
            if name in self.planned and not self._is(name, StepStatus.SKIPPED)
        ]
        done = [mark.on for name in before if (mark := self.marks.get(name)) and mark.on]
        if done:
            return done[0]
        if "event" in deadline.since and set(before) <= self.unsettled:
            return self.event_date or f"cần biết {self.journey.event}"
        if not before:
            return "tính từ một việc không có trong danh sách này"
        return f"tính từ ngày làm xong việc “{self.planned[before[0]].title}”"

    def _is(self, name: str, status: StepStatus) -> bool:
        return name in self.marks and self.marks[name].status is status

    def _counted(self, deadline: DeadlineFile, start: date, quoted: Quoted) -> Due:
        if deadline.at_event:
            return Due(deadline.text, start, citation=quoted.citation)
        if deadline.fixed:
            rule = next((r for r in deadline.fixed if start.month in r.months), None)
            if rule is None:
                return Due(deadline.text, unknown="không tính được", citation=quoted.citation)
            day = date(start.year + rule.years, rule.month, rule.day)
        else:
            amount = deadline.amount or 0
            if deadline.unit == "working_day":
                day = self.calendar.add(start, amount)
                unsure = self.calendar.unsure(start + timedelta(1), day)
                return Due(deadline.text, day, None, unsure, "", quoted.citation)
            day = (
                start + timedelta(amount) if deadline.unit == "day" else months_later(start, amount)
            )
        end = self.calendar.next_open(day)
        if end == day:
            return Due(deadline.text, day, citation=quoted.citation)
        return Due(deadline.text, day, end, self.calendar.unsure(day, end), "", quoted.citation)


def months_later(start: date, months: int) -> date:
    """The same day of a later month, or its last one where it has no such day.

    >>> months_later(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _not_then(quoted: Quoted) -> str:
    since = f" từ {quoted.effective_from:%d/%m/%Y}" if quoted.effective_from else ""
    until = f" đến {quoted.effective_to:%d/%m/%Y}" if quoted.effective_to else ""
    return f"quy định dẫn ở đây áp dụng{since}{until}, hãy hỏi cơ quan giải quyết"
