"""``troly demo``: lines typed by hand, lines of a program, and what is said on first contact."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bots.demo.by_lines import by_lines
from bots.demo.commands import NAMES
from bots.demo.console import Console
from bots.demo.exchange import exchange
from bots.demo.people import PLATFORMS, Citizen
from tests.bots.scenarios.conftest import Doors

FIRST = "Đây là troly, trợ lý AI (không phải người)"


@pytest.fixture(params=NAMES)
def channel(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def someone(doors: Doors, channel: str) -> Citizen:
    return doors.platforms[channel].citizen(1_000_000 + next(doors._numbers))


def test_the_command_knows_every_platform() -> None:
    assert set(NAMES) == set(PLATFORMS)


def test_a_terminal_is_a_phone(doors: Doors, channel: str) -> None:
    platform = doors.platforms[channel]
    said: list[str] = []
    lines = [
        ":nguoi 777", "chao ban", "", ":nut 1", ":anh", ":nut x", ":canbo Mời chị", ":cham 0",
        "gap can bo", ":canbo Mời chị đến quầy 3.", ":thoat", "không ai nghe nữa",
    ]  # fmt: skip
    Console(doors.stage, platform, said.append).run(lines, patiently=True)
    shown = "\n".join(said)
    for words in (
        "người thứ 777", FIRST, "Tôi giúp được các việc", "bằng chữ", "không có lệnh này: :nut x",
        "chưa có phiếu", "chậm lại 0 giây", "mã phiếu", "đã trả lời phiếu",
        "Mời chị đến quầy 3.", "│ ",
    ):  # fmt: skip
        assert words in shown, shown
    assert "không ai nghe" not in shown
    assert shown.count(FIRST) == 1


def test_a_program_is_told_in_json(doors: Doors, channel: str) -> None:
    platform = doors.platforms[channel]
    said: list[str] = []
    asked = [
        '{"person": 888, "says": "làm hộ chiếu hết bao nhiêu tiền", "as_of": "2026-08-01"}',
        '{"person": 888, "picture": true}', '{"person": 888}', "không phải JSON",
        '{"person": 889, "presses": 0}',
    ]  # fmt: skip
    by_lines(doors.stage, platform, asked, said.append)
    ready, first, picture, *wrong = map(json.loads, said)
    assert ready["ready"] == channel
    answer = first["answers"][-1]
    assert answer["status"] == "answered"
    assert answer["as_of"] == date(2026, 8, 1).isoformat()
    assert 0 < first["first_sign_ms"] <= first["last_message_ms"]
    assert FIRST in first["shown"][0]["text"]
    assert picture["answers"] == []
    assert len(wrong) == 3
    assert all("error" in each for each in wrong)


def test_who_this_is_is_said_once_before_anything_else(doors: Doors, someone: Citizen) -> None:
    stage = doors.stage
    picture = exchange(stage, someone, someone.sends_picture)
    assert picture.messages[0].text.startswith(FIRST)
    assert "bằng chữ" in picture.messages[1].text
    answer = exchange(stage, someone, lambda: someone.says("đăng ký kết hôn ở đâu"))
    assert FIRST not in "\n".join(each.text for each in answer.messages)
    exchange(stage, someone, lambda: someone.says("xóa dữ liệu"))
    exchange(stage, someone, lambda: someone.says("có"))
    again = exchange(stage, someone, lambda: someone.says("chào bạn"))
    assert again.messages[0].text.startswith(FIRST)
