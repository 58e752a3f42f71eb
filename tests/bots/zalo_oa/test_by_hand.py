"""The commands of an operator, and the fake as a person uses it by hand."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.config import Config
from bots.delivery.channel import Kind
from bots.fakes.serving import FakeServer
from bots.fakes.zalo_oa_by_hand import talk
from bots.zalo_oa.commands import zalo_oa
from knowledge_base.home import Home

from .conftest import PERSON, REDIRECT, Place


class _State:
    def __init__(self, place: Place) -> None:
        self.home: Home = place.home
        channels = Config().channels.model_copy(update={"zalo_oa": place.settings})
        self.config = Config().model_copy(update={"channels": channels})


def command(place: Place, *words: str, **more: Any) -> Any:
    return CliRunner().invoke(zalo_oa, words, obj=_State(place), env=place.environ, **more)


def test_consent_by_hand(place: Place) -> None:
    place.clock.advance(time.time() - place.clock())  # commands live by the real clock
    nothing = command(place, "status")
    assert (nothing.exit_code, "authorise" in nothing.output) == (1, True)
    asked = command(place, "authorise", "--redirect", REDIRECT)
    assert asked.exit_code == 0
    link = asked.stdout.splitlines()[0]
    assert link.startswith(place.fake.oauth.address)
    done = command(place, "authorise", "--answer", place.fake.consent(link))
    assert (done.exit_code, place.account.oa_id in done.output) == (0, True)
    good = command(place, "status")
    assert good.exit_code == 0
    assert "25.0 giờ" in good.output
    said = asked.output + done.output + good.output
    assert not [each for each in place.account.issued if each in said]


def test_a_bare_code(place: Place) -> None:
    place.clock.advance(time.time() - place.clock())
    link = command(place, "authorise", "--redirect", REDIRECT).stdout.splitlines()[0]
    code = place.fake.consent(link).partition("code=")[2].partition("&")[0]
    assert command(place, "authorise", "--answer", code).exit_code == 0
    again = command(place, "authorise", "--answer", code)
    assert again.exit_code == 1
    assert "authorise" in str(again.exception)


def test_a_dead_grant_is_told(place: Place) -> None:
    place.authorise()
    place.clock.advance(91 * 86_400)
    place.run(place.keeper().keep_fresh())
    told = command(place, "status")
    assert (told.exit_code, "-14014" in told.output) == (1, True)


@pytest.mark.parametrize("words", [("authorise",), ("authorise", "--answer", "https://a.vn/?x=1")])
def test_what_is_missing_is_said(place: Place, words: tuple[str, ...]) -> None:
    failed = command(place, *words)
    assert failed.exit_code == 1
    assert "Hãy" in str(failed.exception)
    assert not Path(place.file.path).exists()


def test_talking_by_hand(place: Place, served: FakeServer) -> None:
    said: list[str] = []
    lines = ["Xin chào\n", "\n", "/anh", "/quan-tam", "/can-bo Mời anh", "/1", "/xoa"]
    talk(place.fake, lines, said.append)
    kinds = [each.kind for each in place.inbox.accepted]
    assert kinds == [Kind.TEXT, Kind.OTHER, Kind.BEGIN, Kind.OFFICER, Kind.WITHDRAW]
    assert said == ["Chưa có nút đó."]
    assert {each.chat for each in place.inbox.accepted} == {PERSON}
