"""A Rasa that is reached and is none: whatever it says, people get the answer, soon."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.decision import Decision
from assistant.dialogue.direct import DirectDialogue
from assistant.dialogue.memory import Memory
from assistant.dialogue.runtime.access import Access
from assistant.dialogue.runtime.client import RasaClient
from assistant.dialogue.state import Heard
from assistant.dialogue.through_rasa import RasaDialogue
from assistant.vocabulary import Answer, EventKind
from knowledge_base.scope import citizen

PASSPORT = "1.001456"
Says = Callable[[BaseHTTPRequestHandler], None]


def _said(body: bytes, status: int = 200) -> Says:
    def say(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return say


def _decision(**told: Any) -> Says:
    return _said(json.dumps([{"custom": {"decision": told}}]).encode())


def _without_end(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" ")
        time.sleep(0.05)


def _huge(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(2000):
        handler.wfile.write(b"[" * 10_000)


def _hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


LIES: dict[str, Says] = {
    "nothing": _said(b""),
    "an empty list": _said(b"[]"),
    "no JSON": _said(b"<html>502 Bad Gateway</html>"),
    "half a character": _said(b"\xff\xfe\x00"),
    "an error": _said(b'{"error": "x"}', 500),
    "another kind": _decision(kind="dance", intent="ask_fee"),
    "a version to come": _decision(kind="answer", intent="ask_fee", version=9),
    "surer than sure": _decision(kind="answer", intent="ask_fee", confidence=7),
    "without an end": _without_end,
    "huge": _huge,
    "hangs up": _hangs_up,
}


@pytest.fixture
def rasa() -> Iterator[dict[str, Any]]:
    told: dict[str, Any] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            told["says"](self)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    told["access"] = Access.fresh(server.server_address[1])
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("lie", LIES)
def test_people_get_their_answer(
    rasa: dict[str, Any], assistant: Assistant, tmp_path: Path, lie: str
) -> None:
    rasa["says"] = LIES[lie]
    decided: list[Decision] = []
    client = RasaClient(lambda: rasa["access"], patience=0.4)
    dialogue = RasaDialogue(client, DirectDialogue(assistant))
    talk = Conversation(
        assistant, dialogue, Memory(tmp_path / "s.sqlite"), decided=decided.append, receipts=False
    )
    started = time.monotonic()
    for text in ("làm hộ chiếu ở đâu", "còn lệ phí?", "cảm ơn", "mấy ngày có", "nộp online được k"):
        heard = Heard(text, "c", citizen(), as_of=date(2026, 8, 1), use_model=False)
        events = list(talk.reply(heard))
        answer: Answer = events[-1].data
        assert events[-1].kind is EventKind.FINAL
        assert text == "cảm ơn" or (answer.card is not None and answer.card.code == PASSPORT)
    assert time.monotonic() - started < 5
    assert {each.by for each in decided} == {"direct"}
    assert all(each.reason.startswith("Rasa: ") for each in decided)
    assert client.breaker == "open"  # it is not asked for ever
    health = talk.health()
    assert health["dialogue"] == "direct"
    assert health["rasa_failures"] == 5
    client.close()


def test_a_decision_that_makes_no_sense_harms_nobody(
    rasa: dict[str, Any], assistant: Assistant, tmp_path: Path
) -> None:
    """What reads well and is wrong: unknown sentences, commands, life events, orders to delete."""
    client = RasaClient(lambda: rasa["access"], patience=0.4)
    dialogue = RasaDialogue(client, DirectDialogue(assistant))
    memory = Memory(tmp_path / "s.sqlite")
    talk = Conversation(assistant, dialogue, memory, receipts=False)
    lies = (
        {"kind": "say", "reply": "no such sentence"},
        {"kind": "command", "command": "format_disk"},
        {"kind": "journey", "journey": "event_nothing"},
        {"kind": "ask", "asks": "x", "choices": []},
        {"kind": "command", "command": "delete_my_data", "intent": "delete_my_data"},
    )
    for n, lie in enumerate(lies):
        rasa["says"] = _decision(confidence=0.99, **lie)
        heard = Heard(f"vâng thế à {n}", "c", citizen(), as_of=date(2026, 8, 1), use_model=False)
        answer = list(talk.reply(heard))[-1].data
        assert answer.text.strip()
    assert len(memory.transcript("c")) == len(lies)  # nothing was deleted on somebody's word
    client.close()
