"""troly by its own API: ``POST /api/chat``, read to the ``final`` event."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from assistant import VERSION
from evals.errors import SubjectError
from evals.subjects.door import Door, Lost
from evals.subjects.in_process import VARYING
from evals.subjects.port import Reply, Setting

#: Fields of the event that are not of the answer.
_OF_THE_EVENT = ("session", "card_view", "buttons")


class OverHttp:
    """A conversation has a session of its own, as in a browser."""

    name = "http"

    def __init__(self, door: Door, corpus_version: str = "") -> None:
        self.door = door
        self._corpus_version = corpus_version

    def describe(self) -> dict[str, Any]:
        return {"door": "POST /api/chat", **described(self.door, self._corpus_version)}

    def converse(self, messages: Sequence[str], as_of: date | None) -> list[Reply]:
        def ask() -> list[Reply]:
            session = secrets.token_urlsafe(16)  # another one for each try: no turn counts twice
            return [self._reply(message, as_of, session) for message in messages]

        return self.door.patiently(ask)

    def _reply(self, message: str, as_of: date | None, session: str) -> Reply:
        body: dict[str, Any] = {"message": message, "session": session, "use_model": False}
        if as_of is not None:
            body["as_of"] = as_of.isoformat()
        started = time.perf_counter()
        marks: dict[str, float] = {}
        for event, data in events(self.door.chunks("POST", "/api/chat", json=body)):
            ms = (time.perf_counter() - started) * 1000
            marks.setdefault(event, ms)
            if event == "final":
                return self._read(self.door.object(data), ms, marks)
        raise Lost("the answer ended before its end")

    def _read(self, told: dict[str, Any], ms: float, marks: dict[str, float]) -> Reply:
        if not (isinstance(told.get("status"), str) and isinstance(told.get("text"), str)):
            raise SubjectError(f"{self.door.name} sent a final event without status and text.")
        trace = told.get("trace")
        steps = {
            str(step.get("step")): step["ms"]
            for step in (trace if isinstance(trace, list) else ())
            if isinstance(step, dict) and isinstance(step.get("ms"), (int, float))
        }
        left_out = {*VARYING, *_OF_THE_EVENT}
        answer = {key: value for key, value in told.items() if key not in left_out}
        return Reply(answer, ms, steps, marks)

    def source(self, document_id: str, sha256: str) -> str | None:
        return source(self.door, document_id, sha256)

    def close(self) -> None:
        self.door.close()


def source(door: Door, document_id: str, sha256: str) -> str | None:
    """The stored text by ``GET /api/sources``; None where there is none such (any more)."""
    from urllib.parse import quote

    path = f"/api/sources/{quote(document_id)}"
    try:
        found = door.patiently(lambda: door.json("GET", path, params={"sha256": sha256}))
    except SubjectError:
        return None
    text = found.get("text")
    return text if isinstance(text, str) else None


def events(chunks: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    """``(event, data)`` of a stream of server-sent events, each as soon as it is whole."""
    waiting = b""
    for chunk in chunks:
        waiting += chunk
        *whole, waiting = waiting.split(b"\n\n")
        for block in whole:
            name, data = "message", b""
            for line in block.split(b"\n"):
                field, _, value = line.partition(b":")
                if field == b"event":
                    name = value.strip().decode("utf-8", errors="replace")
                elif field == b"data":
                    data += value.strip()
            if data:
                yield name, data


def described(door: Door, corpus_version: str) -> dict[str, Any]:
    """What is known of a server without asking it, so that a dead one changes nothing.

    Each answer says what corpus it is from.
    """
    if door.server is None and corpus_version == "":
        return {"server": door.address, "model": None}
    return {"version": VERSION, "corpus_version": corpus_version, "model": None}


def opened(setting: Setting) -> tuple[Door, str]:
    """The server at ``setting.url``, or a new one; and the corpus version where it is ours."""
    if setting.url:
        return Door(setting.url), ""
    from contextlib import closing

    from knowledge_base.prepare import ensure_ready
    from knowledge_base.store import Record

    ensure_ready(setting.home, setting.config.knowledge_base, foreground_seconds=float("inf"))
    with closing(Record(setting.home.record())) as record:
        return Door(setting=setting), record.corpus_version()


def open_http(setting: Setting) -> OverHttp:
    """troly over HTTP on this machine."""
    return OverHttp(*opened(setting))
