"""From an event to a checklist: order, days, what is blocked, what is late, what is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.journeys.checklist import Checklist, Kept, Mark, Step, StepStatus
from assistant.journeys.deadlines import months_later
from assistant.journeys.plan import CHANGED, plan, resume
from assistant.journeys.schema import JourneyFile, SourceFile, journey, journeys
from assistant.journeys.sources import Quoted, RecordSources
from assistant.journeys.told import WIDTH, checklist_json, checklist_text
from assistant.journeys.working_days import working_days
from knowledge_base.documents import ProcedureCard

TODAY = date(2026, 11, 22)
BORN = date(2026, 11, 20)
SEPARATE = {"family": "vietnam", "together": "no", "insurance": "none"}


def step_of(made: Checklist, name: str) -> Step:
    found = made.step(name)
    assert found is not None, name
    return found


def planned(
    sources: RecordSources,
    name: str,
    day: date | None,
    answers: dict[str, str] | None = None,
    marks: dict[str, Mark] | None = None,
    today: date = TODAY,
) -> Checklist:
    return plan(journey(name), day, answers or {}, sources=sources, marks=marks, today=today)


def answers_of(found: JourneyFile) -> st.SearchStrategy[dict[str, str]]:
    """Any of the questions answered, with any of their choices."""
    return st.fixed_dictionaries(
        {}, optional={q.id: st.sampled_from(sorted(q.choices)) for q in found.questions}
    )


@st.composite
def situations(draw: st.DrawFn) -> tuple[JourneyFile, date, dict[str, str], dict[str, Mark]]:
    found = draw(st.sampled_from(sorted(journeys().values(), key=lambda j: j.id)))
    day = draw(st.dates(date(2025, 1, 1), date(2028, 12, 31)))
    done = draw(st.sets(st.sampled_from([step.id for step in found.steps])))
    marks = {
        name: Mark(
            draw(st.sampled_from([StepStatus.DONE, StepStatus.SKIPPED])),
            day + timedelta(draw(st.integers(0, 90))),
        )
        for name in sorted(done)
    }
    return found, day, draw(answers_of(found)), marks


# --- what holds for every journey, day, answers and progress -----------------------------------


@settings(deadline=None, max_examples=150)
@given(situations())
def test_steps_stand_in_an_order_that_works(
    sources: RecordSources, given: tuple[JourneyFile, date, dict[str, str], dict[str, Mark]]
) -> None:
    found, day, answers, marks = given
    made = plan(found, day, answers, sources=sources, marks=marks, today=TODAY)
    order = [step.id for step in made.steps]
    assert len(set(order)) == len(order)
    for step in made.steps:
        for name in step.blocked_by:
            assert order.index(name) < order.index(step.id)
            assert step_of(made, name).status in (StepStatus.OPEN, StepStatus.BLOCKED)
        for name in step.used_by:
            assert step_of(made, name).stage > step.stage
        assert (step.status is StepStatus.BLOCKED) == bool(step.blocked_by)
    if not all(step.status in (StepStatus.DONE, StepStatus.SKIPPED) for step in made.steps):
        assert made.next_steps  # there is always something to go on with


@settings(deadline=None, max_examples=150)
@given(situations())
def test_no_deadline_is_before_the_event(
    sources: RecordSources, given: tuple[JourneyFile, date, dict[str, str], dict[str, Mark]]
) -> None:
    found, day, answers, marks = given
    made = plan(found, day, answers, sources=sources, marks=marks, today=TODAY)
    for step in made.steps:
        if step.due is None:
            continue
        assert (step.due.day is None) == bool(step.due.unknown)
        assert step.due.citation is not None
        if step.due.day is not None:
            assert step.due.day >= day
            assert step.due.moved_to is None or step.due.moved_to > step.due.day
            assert step.due.moved_to is None or not working_days().off(step.due.moved_to)


@settings(deadline=None, max_examples=100)
@given(situations())
def test_what_was_done_stays_done_when_taken_up_again(
    sources: RecordSources, given: tuple[JourneyFile, date, dict[str, str], dict[str, Mark]]
) -> None:
    found, day, answers, marks = given
    kept = plan(found, day, answers, sources=sources, marks=marks, today=TODAY).kept
    half = tuple(step for i, step in enumerate(found.steps) if i % 2)
    names = {step.id for step in half}
    changed = found.model_copy(
        update={
            "steps": tuple(
                step.model_copy(
                    update={
                        "after": tuple(n for n in step.needs if n.step in names),
                        "deadline": None,
                    }
                )
                for step in half
            )
        }
    )
    again = resume(changed, kept, sources=sources, today=TODAY)
    for name, mark in marks.items():
        if name in names:
            assert step_of(again, name).status is mark.status
            assert step_of(again, name).done_on == mark.on
        else:
            assert again.former[name].status is mark.status
    assert CHANGED in again.notices
    # … and nothing is lost on the way back to the journey as it was
    back = resume(found, again.kept, sources=sources, today=TODAY)
    assert {n: m.status for n, m in back.kept.marks.items()} == {
        n: m.status for n, m in marks.items()
    }


@pytest.mark.parametrize("name", sorted(journeys()))
def test_every_set_of_answers_gives_steps_and_a_text(name: str, sources: RecordSources) -> None:
    found = journey(name)
    ids = [question.id for question in found.questions]
    for values in product(*[question.choices for question in found.questions]):
        made = planned(sources, name, BORN, dict(zip(ids, values, strict=True)))
        assert made.steps
        assert not made.questions
        assert not [step for step in made.steps if step.condition]
        text = checklist_text(made)
        assert max(map(len, text.splitlines())) <= WIDTH
        assert "None" not in text
        assert len(checklist_json(made)["steps"]) == len(made.steps)


# --- one journey, told ----------------------------------------------------------------------------


def test_a_birth(sources: RecordSources) -> None:
    made = planned(sources, "birth", BORN, SEPARATE)
    assert [step.id for step in made.steps] == [
        "birth", "residence", "health_card", "dependant", "identity_card",
    ]  # fmt: skip
    birth, residence = step_of(made, "birth"), step_of(made, "residence")
    assert birth.due is not None
    assert birth.due.day == date(2027, 1, 19)
    assert birth.due.citation is not None
    assert birth.due.citation.path == ("Điều 15", "Khoản 1")
    assert birth.procedure == "1.001193"
    assert "Ủy ban nhân dân cấp xã" in birth.who
    assert residence.status is StepStatus.BLOCKED
    assert residence.blocked_by == ("birth",)
    assert residence.due is not None
    assert residence.due.day is None
    assert "Đăng ký khai sinh" in residence.due.unknown


def test_the_day_of_an_earlier_step_starts_the_next_deadline(sources: RecordSources) -> None:
    done = {"birth": Mark(StepStatus.DONE, date(2026, 12, 1))}
    residence = step_of(planned(sources, "birth", BORN, SEPARATE, done), "residence")
    assert residence.status is StepStatus.OPEN
    assert residence.due is not None
    assert residence.due.day == date(2027, 1, 30)  # a Saturday
    assert residence.due.moved_to == date(2027, 2, 1)


def test_without_a_day_or_answers_everything_is_told_with_its_condition(
    sources: RecordSources,
) -> None:
    made = planned(sources, "birth", None)
    assert [question.id for question in made.questions] == ["family", "together", "insurance"]
    assert step_of(made, "birth_foreign").condition
    due = step_of(made, "birth").due
    assert due is not None
    assert due.unknown == "cần biết ngày sinh của con"
    # Of steps for different people, one that is done is enough.
    done = {"birth": Mark(StepStatus.DONE)}
    made = planned(sources, "birth", None, None, done)
    assert step_of(made, "residence").status is StepStatus.OPEN


def test_a_question_that_changes_nothing_any_more_is_not_asked(sources: RecordSources) -> None:
    made = planned(sources, "birth", BORN, {"family": "foreign"})
    assert [question.id for question in made.questions] == ["insurance"]
    assert step_of(made, "birth_foreign").due is None  # no deadline is known: none is made up


def test_being_late_is_told_with_what_the_law_says(sources: RecordSources) -> None:
    made = planned(sources, "death", date(2026, 10, 1), {"together": "no"})
    death = step_of(made, "death")
    assert death.is_late
    assert "quá hạn" in death.late
    assert any("đăng ký quá hạn" in each.quote for each in death.citations)
    text = checklist_text(made)
    assert "ĐÃ QUÁ HẠN, hạn là thứ Sáu 16/10/2026" in text
    early = planned(sources, "death", date(2026, 11, 21), {"together": "no"})
    assert not step_of(early, "death").is_late


def test_a_deadline_on_a_day_off_ends_on_the_next_working_day(sources: RecordSources) -> None:
    due = step_of(planned(sources, "death", date(2026, 11, 7), {"together": "no"}), "death").due
    assert due is not None
    assert due.day == date(2026, 11, 22)  # a Sunday
    assert due.moved_to == date(2026, 11, 23)
    assert not step_of(
        planned(sources, "death", date(2026, 11, 7), {"together": "no"}, today=due.last or TODAY),
        "death",
    ).is_late


def test_working_days_over_tet(sources: RecordSources) -> None:
    lost = {"papers": "passport", "vneid": "yes"}
    report = step_of(planned(sources, "lost_papers", date(2026, 2, 13), lost), "passport_report")
    assert report.due is not None
    assert report.due.day == date(2026, 2, 24)
    report = step_of(planned(sources, "lost_papers", date(2027, 2, 4), lost), "passport_report")
    assert report.due is not None
    assert "Tết năm 2027" in report.due.unsure


def test_a_rule_that_does_not_hold_then_gives_no_day(sources: RecordSources) -> None:
    made = planned(sources, "birth", date(2027, 3, 5), {**SEPARATE, "together": "yes"})
    due = step_of(made, "birth_together").due
    assert due is not None
    assert due.day is None
    assert "28/02/2027" in due.unknown


def test_months_end_on_the_last_day_where_there_is_no_such_day(sources: RecordSources) -> None:
    assert months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_later(date(2027, 11, 30), 3) == date(2028, 2, 29)
    made = planned(sources, "retire", date(2026, 11, 30), {"years": "short", "work": "yes"})
    due = step_of(made, "unemployment").due
    assert due is not None
    assert due.day == date(2027, 2, 28)
    assert due.moved_to == date(2027, 3, 1)


def test_days_of_the_calendar(sources: RecordSources) -> None:
    small = {"form": "household", "revenue": "small", "staff": "no"}
    for opened, until in (
        (date(2026, 4, 1), date(2026, 7, 31)),
        (date(2026, 7, 1), date(2027, 1, 31)),
    ):
        due = step_of(planned(sources, "business", opened, small), "revenue_notice").due
        assert due is not None
        assert due.day == until


def test_what_is_due_the_same_day_as_another_step(sources: RecordSources) -> None:
    bought = {"book": "yes", "contract": "yes", "live": "no"}
    made = planned(sources, "home", date(2026, 11, 20), bought)
    transfer, tax = step_of(made, "transfer").due, step_of(made, "income_tax").due
    assert transfer is not None
    assert tax is not None
    assert transfer.day == tax.day == date(2026, 12, 20)
    assert transfer.moved_to == tax.moved_to == date(2026, 12, 21)
    assert transfer.text != tax.text
    unsigned = planned(sources, "home", date(2026, 11, 20), {**bought, "contract": "no"})
    due = step_of(unsigned, "transfer").due
    assert due is not None
    assert due.day is None


def test_optional_steps_hold_nobody_up(sources: RecordSources) -> None:
    made = planned(sources, "home", BORN, {"book": "yes", "contract": "yes", "live": "no"})
    assert step_of(made, "release").stage < step_of(made, "transfer").stage
    assert step_of(made, "transfer").status is StepStatus.OPEN


def test_several_answers_at_once(sources: RecordSources) -> None:
    made = planned(sources, "lost_papers", BORN, {"papers": "identity, land", "vneid": "no"})
    assert [step.id for step in made.steps] == ["identity", "land", "civil_status"]
    assert step_of(made, "land").blocked_by == ("identity",)
    made = planned(sources, "lost_papers", BORN, {"papers": "identity,land", "vneid": "yes"})
    assert step_of(made, "land").status is StepStatus.OPEN


@pytest.mark.parametrize(
    "answers",
    [{"family": "mars"}, {"colour": "red"}, {"family": "vietnam,foreign"}, {"family": ""}],
)
def test_a_wrong_answer_is_told(sources: RecordSources, answers: dict[str, str]) -> None:
    with pytest.raises(InputError):
        planned(sources, "birth", BORN, answers)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(9999, 12, 31)])
def test_a_year_that_cannot_be_meant_is_told(sources: RecordSources, day: date) -> None:
    with pytest.raises(InputError, match="không hợp lý"):
        planned(sources, "birth", day)


# --- when the knowledge base or the journey has changed -------------------------------------------


class Forgetful:
    """Sources of which one document was withdrawn."""

    def __init__(self, sources: RecordSources, gone: str) -> None:
        self._sources, self._gone = sources, gone

    def quote(self, source: SourceFile) -> Quoted | None:
        return None if source.document_id == self._gone else self._sources.quote(source)

    def card(self, code: str) -> ProcedureCard | None:
        return None if f"procedure:{code}" == self._gone else self._sources.card(code)


def test_a_withdrawn_source_takes_its_facts_with_it(sources: RecordSources) -> None:
    less = Forgetful(sources, "law:60/2014/QH13")
    due = plan(journey("birth"), BORN, SEPARATE, sources=less, today=TODAY).steps[0].due
    assert due is not None
    assert due.day is None
    assert due.citation is None
    assert "không còn trong kho" in due.unknown
    bare = Forgetful(sources, "procedure:1.001193")
    first = plan(journey("birth"), BORN, SEPARATE, sources=bare, today=TODAY).steps[0]
    assert (first.procedure, first.who, first.online) == ("", "", "")


def test_a_step_that_was_renamed_stays_done(sources: RecordSources) -> None:
    found = journey("birth")
    kept = Kept(found.id, BORN, SEPARATE, {"old_birth": Mark(StepStatus.DONE, BORN)}, "before")
    steps = tuple(
        step.model_copy(update={"was": ("old_birth",)}) if step.id == "birth" else step
        for step in found.steps
    )
    again = resume(found.model_copy(update={"steps": steps}), kept, sources=sources, today=TODAY)
    assert step_of(again, "birth").status is StepStatus.DONE
    assert not again.former


def test_answers_that_are_none_any_more_are_asked_again(sources: RecordSources) -> None:
    kept = Kept("event_birth", BORN, {**SEPARATE, "family": "mars", "colour": "red"}, {})
    again = resume(journey("birth"), kept, sources=sources, today=TODAY)
    assert "family" in [question.id for question in again.questions]
    assert set(again.answers) == {"together", "insurance"}


def test_the_text_says_what_the_checklist_knows(sources: RecordSources) -> None:
    marks = {
        "birth": Mark(StepStatus.DONE, date(2026, 12, 1)),
        "dependant": Mark(StepStatus.SKIPPED),
    }
    made = replace(planned(sources, "birth", BORN, SEPARATE, marks), code="7K2M-9QXA-4TRW")
    text = checklist_text(made)
    for line in (
        "Ngày sinh của con: thứ Sáu 20/11/2026",
        "Mã để xem lại: 7K2M-9QXA-4TRW",
        "[x] 1. Đăng ký khai sinh cho con (mã 1.001193)",
        "Đã làm ngày 01/12/2026",
        "Đã bỏ qua",
        "kéo đến hết thứ Hai 01/02/2027",
        "Luật Hộ tịch (60/2014/QH13), Điều 15, Khoản 1",
    ):
        assert line in " ".join(text.split()), line
    told = checklist_json(made)
    assert told["steps"][0]["status"] == "done"
    assert told["next_steps"] == ["residence", "health_card", "identity_card"]
