"""Internal guidance: marked for who holds its label, and not there for anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.config import Config
from assistant.law.mark_internal import NOTICE
from assistant.profiles.profile import Profile
from assistant.vocabulary import Status
from knowledge_base.home import Home
from knowledge_base.ingest import Target, ingest_files
from knowledge_base.prepare import refresh_index
from knowledge_base.scope import citizen, officer
from knowledge_base.search import KnowledgeBase
from tests.assistant.law.conftest import CIRCULAR, LAW, SETTINGS, Officer

LABEL = "noi-bo/buu-chinh"
GUIDANCE = CIRCULAR.replace("5/2031/TT-BTC", "9/2031/TT-BTC").replace("4.000", "4.321")


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Officer]:
    folder = tmp_path_factory.mktemp("inside")
    home = Home(folder / "home")
    for name, text, labels in (
        ("luat.txt", LAW, ("public",)),
        ("tt5.txt", CIRCULAR, ("public",)),
        ("tt9.txt", GUIDANCE, (LABEL,)),
    ):
        Path(folder / name).write_text(text, encoding="utf-8")
        report = ingest_files([folder / name], Target(home, labels=labels), SETTINGS)
        assert report.added, report.failed
    refresh_index(home, SETTINGS)
    refresh_index(home, SETTINGS, store="restricted")
    profile = Profile(title="Cán bộ", audience="officers", capability="answer_law")
    config = Config(knowledge_base=SETTINGS, profiles={"civil_servant": profile})
    knowledge = KnowledgeBase(home, SETTINGS, restricted=True)
    assistant = Assistant(knowledge, config, model=None, receipts=None)
    yield Officer(assistant)
    assistant.close()


def test_who_holds_the_label_reads_it_marked(inside: Officer) -> None:
    inside.turns = ()
    answer = inside("Điều 2 Thông tư 9/2031/TT-BTC", scope=officer(frozenset({LABEL})))
    assert "4.321 đồng" in answer.text
    assert answer.citations[0].title.endswith("(nội bộ)")
    assert NOTICE in answer.text


def test_nobody_else_learns_that_it_is_there(inside: Officer) -> None:
    for scope in (citizen(), officer(frozenset({"noi-bo/khac"}))):
        inside.turns = ()
        answer = inside("Điều 2 Thông tư 9/2031/TT-BTC", scope=scope)
        assert answer.status is Status.NO_SOURCE
        whole = f"{answer.text} {answer.suggestions}"
        assert "4.321" not in whole
        guides = inside("văn bản hướng dẫn Luật Bưu chính mới", scope=scope)
        assert "5/2031/TT-BTC" in guides.text
        assert "9/2031/TT-BTC" not in guides.text
        listed = inside("thông tư của Bộ Tài chính năm 2031", scope=scope)
        assert "9/2031/TT-BTC" not in listed.text


def test_guides_and_lists_have_it_for_who_may_see(inside: Officer) -> None:
    inside.turns = ()
    scope = officer(frozenset({LABEL}))
    guides = inside("văn bản hướng dẫn Luật Bưu chính mới", scope=scope)
    assert "9/2031/TT-BTC" in guides.text
    assert "nội bộ" in guides.text
    listed = inside("thông tư của Bộ Tài chính năm 2031", scope=scope)
    assert "9/2031/TT-BTC" in listed.text
