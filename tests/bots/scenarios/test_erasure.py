"""Who has their data erased leaves no word behind, in any file, whichever door it was."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.bots.scenarios.conftest import DOORS, Chat, Doors

#: What is in no question, answer or law, for each door; typed as people type a place.
WORDS = {door: f"Zanzibarmeo{number}" for number, door in enumerate(DOORS)}
GAP = pytest.mark.xfail(
    strict=True,
    reason="an OpenAI client names no conversation: earlier copies expire by themselves",
)


def found(home: Path, *marks: str) -> list[str]:
    """Files of ``home`` that hold one of ``marks``; the knowledge base is beside it."""
    wanted = [mark.lower().encode() for mark in marks]
    files = [path for path in home.rglob("*") if path.is_file() and not path.is_symlink()]
    shared = home / "public"
    return [
        path.name
        for path in files
        if shared not in path.parents and any(mark in path.read_bytes().lower() for mark in wanted)
    ]


@pytest.mark.parametrize(
    "door", [pytest.param(each, marks=GAP) if each == "v1" else each for each in DOORS]
)
def test_nothing_is_left_of_who_was_erased(doors: Doors, door: str) -> None:
    someone, word = doors.open(door), WORDS[door]
    home = doors.stage.home.path
    someone.says(f"tôi ở xóm {word}, làm hộ chiếu hết bao nhiêu tiền")
    someone.sends_picture()
    someone.says(f"thế ở {word} thì nộp ở đâu")
    someone.says("/phanhoi")
    someone.says("chưa đúng")
    someone.says("thiếu")
    assert "TR-" in someone.says(f"/canbo nhà tôi ở {word}").text
    assert found(home, word), "the test looks in the wrong place"
    assert "không lấy lại được" in someone.says("xóa dữ liệu").text
    assert "Đã xóa" in someone.says("có").text
    end = time.monotonic() + 2
    while (left := found(home, word)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not left
    if isinstance(
        someone, Chat
    ):  # who it was is in no row; the file forgets it with the next sweep
        doors.stage.delivery.mailbox.sweep()
        assert not found(home, someone.citizen.conversation.partition(":")[2])
