"""Commands at every door, and what people are told first."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.config import Config
from assistant.dialogue import notices
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.direct import DirectDialogue
from assistant.dialogue.memory import Memory
from assistant.dialogue.notices import Notices
from assistant.dialogue.replies import DialogueReplies, known_replies
from assistant.dialogue.slash import command_in, command_names
from assistant.dialogue.state import Heard
from assistant.replies import Replies
from assistant.tables import table
from assistant.vocabulary import EventKind
from knowledge_base.scope import citizen


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("/trogiup", "trogiup"),
        ("/trợ giúp", "trogiup"),
        ("TRO GIUP", "trogiup"),
        ("trợ giúp", "trogiup"),
        ("/nguon@troly_bot", "nguon"),
        ("/xoa_du_lieu", "xoadulieu"),
        ("Cán bộ", "canbo"),
        ("/help", "trogiup"),
        ("  /dung ", "dung"),
        ("/mới", "moi"),
    ],
)
def test_a_command_is_known_however_it_is_typed(typed: str, name: str) -> None:
    found = command_in(typed)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "typed",
    ["", "/", "/khongco", "thủ tục làm hộ chiếu", "dừng xe ở đâu", "nguồn gốc đất", "a/b", "mới"],
)
def test_what_is_no_command_is_left_alone(typed: str) -> None:
    assert command_in(typed) is None


def test_words_after_a_command_are_a_question() -> None:
    found = command_in("/thutuc đăng ký kết hôn")
    assert found is not None
    assert found.words == "đăng ký kết hôn"


def test_every_command_says_or_means_something() -> None:
    assert set(command_names()) >= {
        "trogiup", "thutuc", "nguon", "phanhoi", "canbo", "xoadulieu", "dulieu", "dung"
    }  # fmt: skip
    for name, row in table("commands").items():
        assert row.get("means") or row["say"] in known_replies(), name


@pytest.mark.usefixtures("either_store")
def test_what_is_told_first_is_kept_with_its_version(tmp_path: Path) -> None:
    now = [1_000_000.0]
    kept = Notices(tmp_path / "state.sqlite", clock=lambda: now[0])
    assert kept.due("zalo:1")
    kept.told("zalo:1")
    assert not kept.due("zalo:1")
    assert kept.due("zalo:2")
    kept.forget("zalo:1")
    assert kept.due("zalo:1")
    kept.told("zalo:1")
    now[0] += 366 * 86_400
    kept.told("zalo:3")
    assert kept.due("zalo:1")


@pytest.mark.usefixtures("either_store")
def test_new_words_have_a_new_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = Notices(tmp_path / "state.sqlite")
    kept.told("a")
    monkeypatch.setattr(notices, "VERSION", "later")
    assert kept.due("a")


def test_the_version_is_that_of_the_words() -> None:
    contacts = Config().contacts
    replies = DialogueReplies(contacts, Replies(contacts), days=1, desk_days=2)
    words = hashlib.sha256(replies("notice").text.encode()).hexdigest()[:12]
    assert (notices.VERSION, words) == ("2026-11-22", "07f878dc32b8")


def test_the_sources_of_an_answer_chosen_by_number_are_found_again(talk: Conversation) -> None:
    for text in ("/thutuc", "1", "/nguon"):
        events = talk.reply(Heard(text, "c", citizen(), use_model=False))
        answer = [event.data for event in events if event.kind is EventKind.FINAL][-1]
    assert answer.citations


@pytest.fixture
def talk(assistant: Assistant, tmp_path: Path) -> Conversation:
    return Conversation(assistant, DirectDialogue(assistant), Memory(tmp_path / "s.sqlite"))
