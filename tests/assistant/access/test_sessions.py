"""Sessions hold an account and nothing else; labels are looked up each time."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from assistant.access.access import Access
from assistant.access.errors import AccessError
from tests.assistant.access.conftest import PASSWORD, Clock


@pytest.fixture
def token(access: Access) -> str:
    access.accounts.add("lan", PASSWORD, ["tu-phap"])
    return access.sessions.begin(access.accounts.all()[0])


def labels(access: Access, token: str) -> set[str]:
    officer = access.officer(token)
    return set(officer.labels) if officer else set()


def test_a_session_ends_when_idle_and_at_the_latest(
    access: Access, token: str, clock: Clock
) -> None:
    for _ in range(20):
        clock.now += 29 * 60
        assert access.officer(token)
    clock.now += 31 * 60
    assert access.officer(token) is None
    token = access.sessions.begin(access.accounts.all()[0])
    for _ in range(28):
        clock.now += 25 * 60
        access.officer(token)
    assert clock.now
    clock.now += 25 * 60
    assert access.officer(token) is None


def test_what_is_no_token_is_nobody(access: Access, token: str) -> None:
    for wrong in ("", "x", token[:-1], token + "A", token.swapcase(), "đ" * 43, "A" * 43):
        assert access.officer(wrong) is None


def test_signing_out_here_and_everywhere(access: Access, token: str) -> None:
    account = access.accounts.all()[0]
    others = [access.sessions.begin(account) for _ in range(3)]
    officer = access.officer(token)
    assert officer
    access.sessions.end(officer.session)
    assert access.officer(token) is None
    assert access.officer(others[0])
    assert access.sessions.end_all(account.id) == 3
    assert [access.officer(each) for each in others] == [None] * 3


def test_groups_count_from_the_next_request(access: Access, token: str) -> None:
    assert labels(access, token) == {"noi-bo", "tu-phap"}
    access.accounts.set_groups("lan", ["y-te"])
    assert labels(access, token) == {"y-te"}
    access.accounts.set_groups("lan", [])
    assert labels(access, token) == set()
    with pytest.raises(AccessError, match="tu-phap"):
        access.labels.check(["tu-pháp"])


def test_the_config_file_counts_from_the_next_request(
    access: Access, token: str, config_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config_file.write_text("access:\n  groups: {tu-phap: [noi-bo, public]}\n", "utf-8")
    assert labels(access, token) == {"noi-bo"}
    with caplog.at_level(logging.ERROR):
        config_file.write_text("access: [half an ed", "utf-8")
        assert labels(access, token) == {"noi-bo"}
    assert "access.groups stay" in caplog.text
    config_file.write_text("model: {kind: none}\n", "utf-8")
    os.utime(config_file, ns=(1, 1))
    assert labels(access, token) == set()
