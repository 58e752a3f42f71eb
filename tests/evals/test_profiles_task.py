"""The task of assistants for a field: its set, what it sees, and what it would block."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.build import build_assistant
from assistant.config import Config
from evals.samples import BUNDLED, load, sample_of
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting
from evals.tasks.profiles.generate import generate
from evals.tasks.profiles.score import score
from evals.vocabulary import Output, Sample
from knowledge_base.home import Home


@pytest.fixture(scope="module")
def subject(bundled_home: Home) -> Iterator[InProcess]:
    opened = InProcess(build_assistant(bundled_home, Config()))
    yield opened
    opened.close()


def sample(kind: str, text: str, **target: object) -> Sample:
    row = {"_id": "x", "kind": kind, "text": text, "given": {"profile": "ho-tich"}}
    return sample_of({**row, "target": target}, "profiles")


def values(each: Sample, value: object) -> dict[str, float | None]:
    return {s.measure: s.value for s in score(each, Output(value=value), None)}  # type: ignore[arg-type]


def test_the_set_asks_every_profile_of_every_kind() -> None:
    dataset = load(BUNDLED / "profiles")
    assert not dataset.bad
    asked = {(each.given["profile"], each.kind) for each in dataset.samples}
    kinds = {kind for _, kind in asked}
    profiles = {name for name, _ in asked}
    assert {"inside", "outside", "danger", "noise", "talk", "two matters"} == kinds
    assert len(asked) == len(kinds) * len(profiles)
    halves = [each.split for each in dataset.samples]
    assert 0.4 < halves.count("test") / len(halves) < 0.6


def test_what_is_shown_from_outside_blocks() -> None:
    each = sample("outside", "Làm hộ chiếu?", status=["out_of_scope"])
    told = {"status": "out_of_scope", "code": "", "outside": ["1.001456"], "text": ""}
    shown = [s for s in score(each, Output(value=told), None) if s.blocker]  # type: ignore[arg-type]
    assert [s.value for s in shown] == [0.0]


@pytest.mark.parametrize(
    ("told", "right"),
    [
        ({"status": "out_of_scope", "code": ""}, 1.0),
        ({"status": "answered", "code": "1.001456"}, 0.0),
        ({"status": "clarify", "code": ""}, 0.0),
    ],
)
def test_outside_is_refused_or_it_is_wrong(told: dict[str, str], right: float) -> None:
    each = sample("outside", "Làm hộ chiếu?", status=["out_of_scope", "no_source"])
    found = values(each, {**told, "outside": [], "text": "chỉ trả lời về … 18001096"})
    assert found["outside refused"] == right
    assert found["told where"] == 1.0


def test_inside_needs_the_right_procedure() -> None:
    each = sample("inside", "Kết hôn?", status=["answered"], codes=["1.000894"])
    told = {"status": "answered", "outside": [], "text": ""}
    assert values(each, {**told, "code": "1.000894"})["inside answered"] == 1.0
    assert values(each, {**told, "code": "1.000656"})["inside answered"] == 0.0


def test_a_conversation_is_led_under_the_profile(
    subject: InProcess, bundled_home: Home, tmp_path: Path
) -> None:
    here = Setting(bundled_home, Config(), tmp_path)
    inside = generate(sample("inside", "Đăng ký kết hôn cần giấy tờ gì?"), subject, here)
    assert inside["code"] == "1.000894"
    outside = generate(sample("outside", "Làm hộ chiếu hết bao nhiêu tiền?"), subject, here)
    assert (outside["status"], outside["code"], outside["outside"]) == ("out_of_scope", "", [])
