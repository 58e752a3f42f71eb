"""A withdrawn or changed source is gone from the answers of an assistant that is running."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.config import Config
from assistant.receipts import Receipts
from assistant.vocabulary import Question, Turn
from knowledge_base.card_text import document_of_card
from knowledge_base.documents import Fee, FeeState
from knowledge_base.home import Home
from knowledge_base.scope import citizen
from knowledge_base.store import Record

PASSPORT = "Làm hộ chiếu hết bao nhiêu tiền?"
CODE = "1.001456"
ID = f"procedure:{CODE}"


@pytest.fixture
def running(own_home: Home) -> Iterator[Assistant]:
    """An assistant that keeps receipts and has answered already."""
    made = build_assistant(own_home, Config())
    made.ask(Question(PASSPORT, citizen()))
    yield made
    made.close()


def cited(assistant: Assistant, question: Question) -> set[str]:
    return {citation.document_id for citation in assistant.ask(question).citations}


def test_gone_from_answers_follow_ups_and_sources(own_home: Home, running: Assistant) -> None:
    question = Question(PASSPORT, citizen())
    before = running.ask(question)
    assert before.card is not None
    assert before.card.code == CODE
    follow_up = replace(question, text="Mấy ngày có?", history=(Turn.of(question.text, before),))
    assert ID in cited(running, follow_up)
    Record(own_home.record()).withdraw(ID)
    after = running.ask(question)
    assert after.card is None or after.card.code != CODE
    assert ID not in cited(running, question)
    assert ID not in cited(running, follow_up)
    assert ID not in cited(running, Question(CODE, citizen()))
    assert running.source(ID, citizen()) is None
    assert running.procedures.card(CODE) is None
    assert after.corpus_version != before.corpus_version


def test_the_old_wording_of_a_changed_card_is_never_cited(
    own_home: Home, running: Assistant
) -> None:
    record = Record(own_home.record())
    old = record.document(ID)
    card = record.card(CODE)
    assert old is not None
    assert card is not None
    channels = tuple(
        replace(channel, fees=(Fee(FeeState.KNOWN, 777_000),)) for channel in card.channels
    )
    changed = replace(card, channels=channels)
    record.put(document_of_card(changed), changed)
    answer = running.ask(Question(PASSPORT, citizen()))
    assert old.sha256 not in {citation.sha256 for citation in answer.citations}
    assert "200.000" not in answer.text or ID not in {c.document_id for c in answer.citations}


def test_receipts_know_what_they_quoted(own_home: Home, running: Assistant) -> None:
    answer = running.ask(Question(PASSPORT, citizen()))
    receipts = Receipts(own_home.state_database, days=30)
    versions = {ID: answer.citations[0].sha256}
    found = {one.id: one for one in receipts.citing(versions)}
    assert len(found) == 2  # this answer, and the one before
    one = found[answer.id]
    assert (one.kind, one.document_id, one.sha256) == ("receipt", ID, versions[ID])
    assert set(one.spans) == {(c.start, c.end) for c in answer.citations if c.document_id == ID}
    assert {a.id for a in receipts.citing({ID: ""})} == set(found)
    assert list(receipts.citing({ID: "0" * 64})) == []
    assert list(receipts.citing({"procedure:0": ""})) == []


def test_receipts_of_before_places_were_kept(own_home: Home, running: Assistant) -> None:
    receipts = Receipts(own_home.state_database, days=30)
    with receipts._open() as db:
        db.execute("UPDATE receipts SET cited = ?", (json.dumps([f"{ID}@abc"]),))
    (found,) = receipts.citing({ID: ""})
    assert (found.sha256, found.spans, found.still_stands) == ("abc", (), None)


def test_nothing_is_made_where_no_answer_was_given(home: Home) -> None:
    assert list(Receipts(home.state_database, days=30).citing({ID: ""})) == []
    assert not home.state_database.exists()


def test_the_commands_show_what_is_affected(run: Any) -> None:
    answer = json.loads(run("ask", "--json", PASSPORT).out)
    done = json.loads(run("kb", "withdraw", CODE, "--yes", "--json").out)
    assert [d["id"] for d in done["withdrawn"]] == [ID]
    assert [a["id"] for a in done["affected"]] == [answer["id"]]
    assert ID not in run("ask", "--json", PASSPORT).out
    assert run("kb", "restore", CODE).code == 0
    assert f'"{ID}"' in run("ask", "--json", PASSPORT).out
    assert run("replay", answer["id"]).code == 0
