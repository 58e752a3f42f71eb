"""Every journey is complete, and every fact in it stands in the bundled corpus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from assistant.journeys.schema import (
    EVENTS,
    JourneyError,
    SourceFile,
    StepFile,
    journey,
    journeys,
    read_journey,
)
from assistant.journeys.sources import RecordSources, _Documents

NAMES = ("birth", "home", "business", "death", "foreign_marriage", "move", "lost_papers", "retire")

STEPS = [(each.id, step) for each in journeys().values() for step in each.steps]
IDS = [f"{name.removeprefix('event_')}-{step.id}" for name, step in STEPS]


def sources_of(step: StepFile) -> Iterator[SourceFile]:
    yield from step.sources
    if step.deadline:
        yield step.deadline.source
    if step.late:
        yield step.late.source


def test_the_eight_events_are_there() -> None:
    assert set(journeys()) == {f"event_{name}" for name in NAMES}
    assert journey("Birth") is journey("event_birth")
    with pytest.raises(JourneyError, match="birth, business"):
        journey("wedding")


@pytest.mark.parametrize(("name", "step"), STEPS, ids=IDS)
def test_procedures_and_quotes_are_in_the_corpus(
    name: str, step: StepFile, sources: RecordSources, corpus: _Documents
) -> None:
    if step.procedure:
        assert corpus.card(step.procedure) is not None
    for source in sources_of(step):
        quoted = sources.quote(source)
        assert quoted is not None, source
        assert " ".join(source.words.split()) in quoted.citation.quote
        document = corpus.document(source.document_id)
        assert document is not None
        cited = quoted.citation
        assert document.text[cited.start : cited.end] == cited.quote


@pytest.mark.parametrize(("name", "step"), STEPS, ids=IDS)
def test_a_deadline_says_what_its_source_says(name: str, step: StepFile) -> None:
    deadline = step.deadline
    if deadline is None:
        return
    words = " ".join(deadline.source.words.split())
    if deadline.amount is not None:
        units = {"day": r"ngày(?! làm việc)", "working_day": "ngày làm việc", "month": "tháng"}
        amount, unit = deadline.amount, units[deadline.unit]
        for said in (words, deadline.text):
            assert re.search(rf"\b0?{amount} {unit}|thứ {amount}\b", said), said
    for fixed in deadline.fixed:
        day = rf"0?{fixed.day}/0?{fixed.month}\b"
        assert re.search(day, words) or "ngày cuối tháng đầu quý sau" in words


@pytest.mark.parametrize(("name", "step"), STEPS, ids=IDS)
def test_figures_of_a_note_are_in_its_sources(
    name: str, step: StepFile, sources: RecordSources
) -> None:
    said = [(step.note, step.sources)]
    if step.late:
        said.append((step.late.text, (step.late.source,)))
    for text, where in said:
        quotes = " ".join(q.citation.quote for s in where if (q := sources.quote(s)))
        for figure in re.findall(r"\d[\d./]*\d|\d", text):
            assert re.search(rf"(?<![\d])0?{re.escape(figure)}(?!\d)", quotes), figure


def test_vietnamese_is_written_with_diacritics() -> None:
    plain = re.compile(r"(?<![-\w])(?:khong|giay|duoc|nguoi|viec)(?![-\w])")
    for path in EVENTS.glob("*.yml"):
        assert not plain.search(path.read_text("utf-8")), path.name


def broken(changes: dict[str, object], step: int = 1) -> dict[str, object]:
    data = yaml.safe_load((EVENTS / "birth.yml").read_text("utf-8"))
    for key, value in changes.items():
        (data["steps"][step] if key.startswith("step.") else data)[key.removeprefix("step.")] = (
            value
        )
    return data  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"titel": "x"}, "titel"),
        ({"step.when": [{"family": ["mars"]}]}, "no such question or answer"),
        ({"step.after": ["nothing"]}, "no such step: nothing"),
        ({"step.after": ["residence"]}, "wait for each other"),
        ({"step.id": "residence"}, "same id"),
        ({"step.condition": ""}, "steps.1"),
        ({"step.note": "Một ghi chú không nguồn."}, "steps.1"),
        ({"step.procedure": ""}, "steps.1"),
        ({"step.deadline": {"text": "trong 60 ngày"}}, "steps.1.deadline"),
        ({"event": "?"}, "event"),
    ],
)
def test_a_mistake_names_the_file_and_the_field(
    tmp_path: Path, changes: dict[str, object], says: str
) -> None:
    path = tmp_path / "birth.yml"
    path.write_text(yaml.safe_dump(broken(changes), allow_unicode=True), "utf-8")
    with pytest.raises(JourneyError, match=re.escape(says)) as raised:
        read_journey(path)
    assert str(raised.value).startswith("birth.yml: ")


def test_what_is_no_yaml_is_told(tmp_path: Path) -> None:
    for content in (b"a: [", b"\xff\xfe\x00", b"just words"):
        path = tmp_path / "odd.yml"
        path.write_bytes(content)
        with pytest.raises(JourneyError, match=r"odd\.yml"):
            read_journey(path)


def test_questions_are_few() -> None:
    for each in journeys().values():
        assert 1 <= len(each.questions) <= 3
        assert all(2 <= len(question.choices) <= 5 for question in each.questions)
