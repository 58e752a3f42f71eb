"""The task dialogue: transcripts played as a door would, scored message by message."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.build import build_assistant
from assistant.config import Config
from evals.errors import EvalError
from evals.ground import Ground
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting
from evals.tasks import named
from evals.tasks.dialogue.generate import generate
from evals.tasks.dialogue.samples import samples
from evals.tasks.dialogue.score import score
from evals.tasks.task import Sources
from evals.transcripts import Line, Transcript, transcripts
from evals.vocabulary import Output, Sample, State
from knowledge_base.home import Home

NOTHING: Ground = None  # type: ignore[assignment]


@pytest.fixture(scope="module")
def subject(bundled_home: Home) -> Iterator[InProcess]:
    opened = InProcess(build_assistant(bundled_home, Config()))
    yield opened
    opened.close()


@pytest.fixture
def setting(bundled_home: Home, tmp_path: Path) -> Setting:
    return Setting(bundled_home, Config(), tmp_path)


def _samples() -> dict[str, Sample]:
    return {each.id: each for each in samples(Sources([], None, None))}  # type: ignore[arg-type]


def test_both_halves_are_there_and_no_conversation_is_in_both() -> None:
    halves = {half: transcripts(half) for half in ("dev", "test")}
    words = {
        half: {tuple((line.person, line.press) for line in each.lines) for each in found}
        for half, found in halves.items()
    }
    assert len(halves["test"]) >= 40
    assert not words["dev"] & words["test"]
    assert len(_samples()) >= 150


def test_a_right_answer_and_a_wrong_one() -> None:
    sample = _samples()["Gặp cán bộ"]
    told = {"kind": "hand_off", "intent": "talk_to_officer", "asks": "", "journey": "",
            "status": "small_talk", "code": "", "choices": [], "found": ["18001096"],
            "said": "x"}  # fmt: skip
    good = {s.measure: s.value for s in score(sample, Output(value=[told]), NOTHING)}
    assert good == dict.fromkeys(good, 1.0)
    assert set(good) == {"right turn", "right decision", "right conversation", "care"}
    assert set(good) == set(named(["dialogue"])[0].card.measures)
    bad = score(sample, Output(value=[{**told, "kind": "say", "found": []}]), NOTHING)
    assert {s.measure: s.value for s in bad} == dict.fromkeys(good, 0.0)
    assert "hand_off" in bad[0].explanation
    (cut,) = score(sample, Output(value=[]), NOTHING)
    assert cut.state is State.ERROR


def test_danger_that_is_not_seen_blocks() -> None:
    sample = _samples()["Nguy hiểm"]
    told = {"kind": "say", "intent": "chitchat", "asks": "", "journey": "", "status": "small_talk",
            "code": "", "choices": [], "found": [], "said": "x"}  # fmt: skip
    assert any(s.blocks for s in score(sample, Output(value=[told]), NOTHING))


def test_it_is_played_and_the_same_each_time(subject: InProcess, setting: Setting) -> None:
    sample = _samples()["Bấm một nút hai lần"]
    first, again = (generate(sample, subject, setting) for _ in range(2))
    assert first == again
    assert all(s.value == 1.0 for s in score(sample, Output(value=first), NOTHING))
    with pytest.raises(EvalError):
        generate(sample, SimpleNamespace(name="http"), setting)  # type: ignore[arg-type]


def test_a_transcript_that_is_none_is_refused() -> None:
    line = {"người dân": "xin chào", "trợ lý": {}}
    assert Line.model_validate(line).times == 1
    for wrong in ({"trợ lý": {}}, {**line, "bấm": "Có"}, {**line, "trợ lý": {"loại": "say"}}):
        with pytest.raises(ValueError):
            Line.model_validate(wrong)
    with pytest.raises(ValueError):
        Transcript.model_validate({"tên": "x", "lượt": []})
