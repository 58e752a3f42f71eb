"""``DELETE /api/session``, ``POST /api/news``, and messages that are sent twice."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.desk.opening import OfficerDesk, open_desk
from assistant.desk.queue import HandOff
from assistant.desk.tickets import Line
from assistant.vocabulary import AnswerEvent, EventKind, Question


@pytest.fixture
def officers(tmp_path: Path, site: Any) -> OfficerDesk:
    site.desk.officers = open_desk(tmp_path / "state.sqlite", site.desk.config)
    desk: OfficerDesk = site.desk.officers
    return desk


def erase(site: Any, **body: Any) -> Any:
    return site.http.request("DELETE", "/api/session", json=body)


def news(site: Any, session: str = "s-1", **more: Any) -> Any:
    return site.http.post("/api/news", json={"session": session, **more})


def answered(officers: OfficerDesk, text: str, session: str = "s-1") -> str:
    ticket = officers.queue.hand_off(HandOff(session, "chat", (Line("citizen", "a"),))).ticket
    assert ticket
    officers.officers.act("take", ticket.code, "Lan")
    officers.officers.act("answer", ticket.code, "Lan", text=text)
    return ticket.code


def events(response: Any) -> list[tuple[str, Any]]:
    found = []
    for block in response.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def ask(site: Any, **body: Any) -> list[tuple[str, Any]]:
    return events(site.http.post("/api/chat", json={"message": "lệ phí?", **body}))


def test_an_erased_session_is_forgotten(site: Any) -> None:
    ask(site, session="s-1")
    done = erase(site, session="s-1")
    assert (done.status_code, "Đã xóa" in done.json()["text"]) == (200, True)
    ask(site, session="s-1")
    assert site.assistant.questions[-1].history == ()


def test_nothing_is_called_erased_that_is_not(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: str) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(site.desk.conversation(), "forget", full)
    refused = erase(site, session="s-1")
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "not_erased"
    assert refused.headers["Retry-After"]


def test_what_is_being_answered_is_stopped_first(site: Any, wait_for: Any) -> None:
    def endless(_: Question) -> Iterator[AnswerEvent]:
        while True:
            time.sleep(0.02)
            yield AnswerEvent(EventKind.STATUS, "")

    site.assistant.script = endless
    asking = threading.Thread(target=ask, args=(site,), kwargs={"session": "s-1"})
    asking.start()
    assert wait_for(lambda: bool(site.assistant.questions))
    assert erase(site, session="s-1").status_code == 200
    asking.join(5)
    assert site.assistant.closed == 1


@pytest.mark.parametrize("body", [{}, {"session": ""}, {"session": "a b"}, {"session": 1}])
def test_a_session_must_be_one(site: Any, body: dict[str, Any]) -> None:
    assert erase(site, **body).status_code == 422
    assert site.http.post("/api/news", json=body).status_code == 422


def test_another_site_can_neither_erase_nor_read(site: Any) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for method, path in (("DELETE", "/api/session"), ("POST", "/api/news")):
        response = site.http.request(method, path, json={"session": "s-1"}, headers=foreign)
        assert response.status_code == 403


def test_without_officers_there_is_no_news(site: Any) -> None:
    assert news(site).json() == {"answers": [], "waiting": False}


def test_an_answer_comes_until_it_was_seen(site: Any, officers: OfficerDesk) -> None:
    code = answered(officers, "Mang theo căn cước.")
    for _ in range(2):
        told = news(site).json()
        assert f"Lan trả lời phiếu {code}: Mang theo căn cước." in told["answers"][0]["text"]
    seen = [each["id"] for each in told["answers"]]
    assert news(site, "s-2", seen=seen).json()["answers"] == []  # another's are not touched
    assert news(site).json()["answers"]
    assert news(site, seen=seen).json() == {"answers": [], "waiting": False}


def test_who_waits_is_told_so(site: Any, officers: OfficerDesk) -> None:
    assert news(site).json()["waiting"] is False
    officers.queue.hand_off(HandOff("s-1", "chat", (Line("citizen", "a"),)))
    assert news(site).json() == {"answers": [], "waiting": True}
    erase(site, session="s-1")


@pytest.mark.parametrize("seen", ["1", [True], [1.5], ["1"], [1] * 51, {}])
def test_what_was_seen_are_numbers(site: Any, seen: object) -> None:
    assert news(site, seen=seen).status_code == 422


def test_a_number_beyond_all_is_no_answer(site: Any, officers: OfficerDesk) -> None:
    assert news(site, seen=[2**63 - 1]).status_code == 200
    assert news(site, seen=[2**63]).status_code == 422


def test_a_message_sent_twice_is_answered_once_and_whole(site: Any) -> None:
    first = ask(site, session="s-1", message_id="m-1")
    again = ask(site, session="s-1", message_id="m-1")
    assert len(site.assistant.questions) == 1
    assert again == [first[-1]]
    assert again[0][1]["citations"]
    assert again[0][1]["buttons"]
    ask(site, session="s-2", message_id="m-1")  # of another session
    assert ask(site, session="s-1", message_id="m-1") == again
    ask(site, session="s-1", message_id="m-2")
    assert len(site.assistant.questions) == 3


def test_who_comes_back_while_it_is_answered_gets_that_answer(site: Any, wait_for: Any) -> None:
    go = threading.Event()

    def slow(question: Question) -> Iterator[AnswerEvent]:
        go.wait(10)
        yield from site.assistant.play(question)

    site.assistant.script = slow
    told: list[list[tuple[str, Any]]] = []
    body = {"session": "s-1", "message_id": "m-1"}
    threads = [threading.Thread(target=lambda: told.append(ask(site, **body))) for _ in range(3)]
    for each in threads:
        each.start()
        time.sleep(0.1)
    go.set()
    for each in threads:
        each.join(10)
    assert len(site.assistant.questions) == 1
    assert len({json.dumps(each[-1]) for each in told}) == 1
    assert told[0][-1][0] == "final"


def test_an_attempt_that_broke_leaves_nothing_behind(site: Any) -> None:
    def broken(_: Question) -> Iterator[AnswerEvent]:
        raise RuntimeError("secret")
        yield

    site.assistant.script = broken
    assert ask(site, session="s-1", message_id="m-1")[-1][0] == "error"
    site.assistant.script = None
    assert ask(site, session="s-1", message_id="m-1")[-1][0] == "final"


def test_what_is_erased_does_not_come_back_by_its_id(site: Any) -> None:
    ask(site, session="s-1", message_id="m-1")
    erase(site, session="s-1")
    ask(site, session="s-1", message_id="m-1")
    assert len(site.assistant.questions) == 2
