"""Scenarios that anybody can read, played through every door: seen alike, answered the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bots.scenarios.conftest import DOORS, Door, Doors, Seen

SCENARIOS = sorted(Path(__file__).parent.glob("*.yml"))
#: What a step may say.
DOES = {
    "người dân gõ", "người dân bấm nút", "người dân gửi ảnh", "người dân hỏi rồi dừng",
    "cán bộ trả lời",
}  # fmt: skip
EXPECTS = {"trợ lý nêu", "không nêu", "nguồn", "nút", "trạng thái"}


def read(path: Path) -> list[dict[str, Any]]:
    told = yaml.safe_load(path.read_text("utf-8"))
    steps: list[dict[str, Any]] = told["các bước"]
    for step in steps:
        assert len(step.keys() & DOES) == 1, step
        assert step.keys() <= DOES | EXPECTS, step
    return steps


def play(door: Door, step: dict[str, Any]) -> Seen | None:
    (what,) = step.keys() & DOES
    said = step[what]
    match what:
        case "người dân gõ":
            return door.says(said)
        case "người dân bấm nút":
            return door.presses(said)
        case "người dân gửi ảnh":
            return door.sends_picture()
        case "người dân hỏi rồi dừng":
            return door.stops(said)
        case _:
            return door.officer(said)


def several(step: dict[str, Any], what: str) -> list[str]:
    """One thing, or a list of them."""
    told = step.get(what, [])
    return [told] if isinstance(told, str) else told


def check(step: dict[str, Any], seen: Seen) -> None:
    text = " ".join(seen.text.split())
    for words in several(step, "trợ lý nêu"):
        assert words in text, f"{step}: {text}"
    for words in several(step, "không nêu"):
        assert words not in text, f"{step}: {text}"
    for title in several(step, "nguồn"):
        assert title.lower() in text.lower(), f"{step}: {text}"
        assert seen.answers, step
        cited = [c.title.lower() for c in seen.answers[-1].citations]
        assert any(title.lower() in each for each in cited), f"{step}: {cited}"
    for title in several(step, "nút"):
        assert title in seen.buttons, f"{step}: {seen.buttons}"
    if status := step.get("trạng thái"):
        assert seen.answers, step
        assert seen.answers[-1].status == status, step


#: What each door came to, by scenario and step, for the comparison at the end.
came: dict[tuple[str, int], dict[str, Any]] = {}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario(doors: Doors, scenario: Path, door: str) -> None:
    someone = doors.open(door)
    for number, step in enumerate(read(scenario), 1):
        seen = play(someone, step)
        if seen is None:  # it cannot be done here
            continue
        check(step, seen)
        if seen.facts is not None:
            came.setdefault((scenario.stem, number), {})[door] = seen.facts


def test_every_door_came_to_the_same(doors: Doors) -> None:
    """Status, procedure, each cited place and each suggestion."""
    assert len(came) > 20
    for (scenario, step), facts in came.items():
        first = next(iter(facts.values()))
        differing = {door: each for door, each in facts.items() if each != first}
        assert not differing, f"{scenario}, {step}: {first} but {differing}"
    everywhere = [facts for facts in came.values() if len(facts) == len(DOORS)]
    assert len(everywhere) > 20
