"""From a journey, a day and answers to a checklist: which steps, in which order, until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter

from assistant.as_of import today as today_in_viet_nam
from assistant.errors import InputError
from assistant.journeys.checklist import Checklist, Due, Kept, Mark, OpenQuestion, Step, StepStatus
from assistant.journeys.deadlines import Deadlines
from assistant.journeys.schema import Condition, JourneyFile, StepFile
from assistant.journeys.sources import Sources, online
from assistant.journeys.working_days import WorkingDays, working_days
from assistant.vocabulary import Citation

_SETTLED = (StepStatus.DONE, StepStatus.SKIPPED)
_FIRST_YEAR, _YEARS_AHEAD = 1900, 20

CHANGED = "Quy trình này đã được cập nhật kể từ lần trước; những việc đã làm vẫn được giữ."


def plan(
    journey: JourneyFile,
    event_date: date | None,
    answers: Mapping[str, str],
    *,
    sources: Sources,
    marks: Mapping[str, Mark] | None = None,
    today: date | None = None,
    calendar: WorkingDays | None = None,
) -> Checklist:
    """The checklist. Without ``event_date`` the steps come without days.

    ``answers`` by question: a value, or several with commas between them where
    the question takes many. Raises `InputError` for an answer that is none, a
    mark of no step of the journey, or a year that cannot be meant.
    """
    told = _checked(journey, answers)
    now = today or today_in_viet_nam()
    if event_date and not _FIRST_YEAR <= event_date.year <= now.year + _YEARS_AHEAD:
        raise InputError(f"Năm {event_date.year} không hợp lý, hãy xem lại {journey.event}.")
    marked = {name: mark for name, mark in (marks or {}).items() if mark.status in _SETTLED}
    known = {step.id for step in journey.steps}
    if strange := sorted(set(marked) - known):
        raise InputError(f"Hành trình này không có việc “{strange[0]}”.")
    fits = {step.id: _fits(step, told) for step in journey.steps}
    planned = {s.id: s for s in journey.steps if fits[s.id] is not False or s.id in marked}
    unsettled = frozenset(name for name in planned if fits[name] is None and name not in marked)
    needs = {name: _needs(step, planned, told) for name, step in planned.items()}
    counting = Deadlines(
        journey, event_date, planned, marked, unsettled, calendar or working_days(), sources.quote
    )
    making = _Making(
        planned, unsettled, needs, _stages(needs), marked, _dues(planned, counting), now, sources
    )
    steps = sorted(making.steps(), key=lambda step: step.stage)  # stable: else as in the file
    return Checklist(
        journey.id, journey.title, journey.opening, journey.event, event_date, told,
        _questions(journey, told), tuple(steps), (), now, journey.revision, {},
    )  # fmt: skip


def resume(
    journey: JourneyFile, kept: Kept, *, sources: Sources, today: date | None = None
) -> Checklist:
    """A kept checklist by the journey as it is now: nothing that was done is lost.

    Marks follow a step whose id has changed (``was``); those of steps that are
    gone are kept apart. Answers that are none any more are dropped, and asked again.
    """
    now_called = {old: step.id for step in journey.steps for old in (*step.was, step.id)}
    marks = {now_called[name]: mark for name, mark in kept.marks.items() if name in now_called}
    former = {name: mark for name, mark in kept.marks.items() if name not in now_called}
    answers = {
        name: value for name, value in kept.answers.items() if not _wrong(journey, name, value)
    }
    made = plan(journey, kept.event_date, answers, sources=sources, marks=marks, today=today)
    notices = [CHANGED] if kept.revision not in ("", journey.revision) else []
    notices += [
        f"Việc “{mark.title or name}” đã làm trước đây, nay không còn trong quy trình."
        for name, mark in former.items()
        if mark.status is StepStatus.DONE
    ]
    return Checklist(
        made.journey, made.title, made.opening, made.event, made.event_date, made.answers,
        made.questions, made.steps, tuple(notices), made.today, made.revision, former,
    )  # fmt: skip


def _wrong(journey: JourneyFile, name: str, value: str) -> str:
    """Why this is no answer to a question of the journey; empty where it is one."""
    question = journey.question(name)
    if question is None:
        asked = ", ".join(each.id for each in journey.questions)
        return f"Hành trình này không hỏi “{name}”. " + (
            f"Các câu hỏi: {asked}." if asked else "Hãy bỏ phần trả lời đó."
        )
    values = value.split(",")
    if (len(values) > 1 and not question.many) or not set(values) <= set(question.choices):
        choices = ", ".join(question.choices)
        return f"“{value}” không trả lời được câu “{question.ask}”. Chọn trong: {choices}."
    return ""


def _checked(journey: JourneyFile, answers: Mapping[str, str]) -> dict[str, str]:
    told = {name: value.replace(" ", "") for name, value in answers.items()}
    for name, value in told.items():
        if wrong := _wrong(journey, name, value):
            raise InputError(wrong)
    return told


def _holds(condition: Condition, answers: Mapping[str, str]) -> bool | None:
    """Three-valued: None while a question that matters is not answered."""
    found: list[bool | None] = [
        bool(set(answers[name].split(",")) & set(values)) if name in answers else None
        for name, values in condition.items()
    ]
    return False if False in found else None if None in found else True


def _fits(step: StepFile, answers: Mapping[str, str]) -> bool | None:
    found = [_holds(condition, answers) for condition in step.when]
    return True if not found or True in found else None if None in found else False


def _needs(
    step: StepFile, planned: Mapping[str, StepFile], answers: Mapping[str, str]
) -> tuple[str, ...]:
    return tuple(
        need.step
        for need in step.needs
        if need.step in planned and _holds(need.when, answers) is True
    )


def _stages(needs: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    stages: dict[str, int] = {}
    for name in TopologicalSorter(needs).static_order():
        stages[name] = 1 + max((stages[need] for need in needs[name]), default=0)
    return stages


def _dues(planned: Mapping[str, StepFile], counting: Deadlines) -> dict[str, Due]:
    same = {
        name: [step.deadline.same_as]
        if step.deadline is not None and step.deadline.same_as in planned
        else []
        for name, step in planned.items()
    }
    dues: dict[str, Due] = {}
    for name in TopologicalSorter(same).static_order():
        deadline = planned[name].deadline
        if deadline is not None:
            dues[name] = counting.of(deadline, dues)
    return dues


@dataclass(frozen=True, slots=True)
class _Making:
    """What the steps of one plan are made from, by step id."""

    planned: Mapping[str, StepFile]
    unsettled: frozenset[str]
    needs: Mapping[str, tuple[str, ...]]
    stages: Mapping[str, int]
    marks: Mapping[str, Mark]
    dues: Mapping[str, Due]
    now: date
    sources: Sources

    def steps(self) -> Iterator[Step]:
        for step in self.planned.values():
            yield self._step(step)

    def _waits(self, name: str) -> tuple[str, ...]:
        """What has to be done before: nothing that is optional, and of steps for different
        people, while it is not known for whom, one that is done is enough."""
        needs = [n for n in self.needs[name] if not self.planned[n].optional]
        left = [n for n in needs if not self._settled(n)]
        if len(left) < len(needs):
            left = [n for n in left if n not in self.unsettled]
        return tuple(left)

    def _settled(self, name: str) -> bool:
        return name in self.marks and self.marks[name].status in _SETTLED

    def _step(self, step: StepFile) -> Step:
        name, sources = step.id, self.sources
        mark, due = self.marks.get(name), self.dues.get(name)
        waits = () if mark else self._waits(name)
        card = sources.card(step.procedure) if step.procedure else None
        is_late = bool(due and due.last and self.now > due.last and not mark)
        asked = [*step.sources, *([step.late.source] if step.late and is_late else [])]
        found = [quoted.citation for each in asked if (quoted := sources.quote(each))]
        told = len(found) == len(asked)  # nothing is said without what says so
        cited: list[Citation] = [due.citation] if due and due.citation else []
        return Step(
            id=name,
            title=step.title,
            status=mark.status if mark else StepStatus.BLOCKED if waits else StepStatus.OPEN,
            stage=self.stages[name],
            blocked_by=waits,
            procedure=card.code if card else "",
            condition=step.condition if name in self.unsettled else "",
            optional=step.optional,
            gives=step.gives,
            used_by=tuple(other for other in self.planned if name in self.needs[other]),
            who=card.authority if card else "",
            where=card.where if card else step.where,
            online=online(card) if card else "",
            due=due,
            is_late=is_late,
            late=step.late.text if step.late and is_late and told else "",
            done_on=mark.on if mark else None,
            note=step.note if told else "",
            citations=tuple({(c.document_id, c.start): c for c in [*cited, *found]}.values()),
        )


def _questions(journey: JourneyFile, answers: Mapping[str, str]) -> tuple[OpenQuestion, ...]:
    """Those not answered that can still change which steps there are, or their order."""

    def matters(name: str) -> bool:
        for step in journey.steps:
            if _fits(step, answers) is False:
                continue
            conditions = [*step.when, *(need.when for need in step.needs)]
            if any(name in c and _holds(c, answers) is None for c in conditions):
                return True
        return False

    return tuple(
        OpenQuestion(each.id, each.ask, tuple(each.choices.items()), each.many)
        for each in journey.questions
        if each.id not in answers and matters(each.id)
    )
