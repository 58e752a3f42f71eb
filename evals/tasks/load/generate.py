"""Asks a server on this machine as many people would; ends by itself."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from evals.errors import SubjectError
from evals.subjects.door import Door, Lost
from evals.subjects.over_http import events, opened
from evals.subjects.port import Setting, Subject
from evals.vocabulary import Sample

_MOST_AT_ONCE = 64


def generate(sample: Sample, _subject: Subject, setting: Setting) -> dict[str, Any]:
    """By phase: milliseconds of each answer, and the errors. The server is the real one."""
    door, _ = opened(setting)
    try:
        door.patiently(lambda: asked(door, sample.given["questions"][0]))  # there, and warm
        texts = itertools.cycle(sample.given["questions"])
        return {phase["name"]: _phase(door, texts, phase) for phase in sample.given["phases"]}
    finally:
        door.close()


def asked(door: Door, text: str) -> float:
    """Milliseconds to the final answer to one question. Raises `Lost` or `SubjectError`."""
    started = time.perf_counter()
    body = {"message": text, "use_model": False}
    for event, data in events(door.chunks("POST", "/api/chat", json=body)):
        if event == "final":
            if str(door.object(data).get("status", "failed")).startswith("failed"):
                raise Lost("the answer says that it failed")
            return round((time.perf_counter() - started) * 1000, 3)
    raise Lost("the answer ended before its end")


def _phase(door: Door, texts: Iterator[str], phase: dict[str, Any]) -> dict[str, Any]:
    ms: list[float] = []
    errors: list[str] = []
    lock = threading.Lock()

    def one(text: str) -> None:
        try:
            took = asked(door, text)
        except (Lost, SubjectError) as error:
            with lock:
                errors.append(str(error))
        else:
            with lock:
                ms.append(took)

    run = _together if "at_once" in phase else _at_rate
    run(one, texts, phase)
    return {"ms": ms, "errors": errors}


def _at_rate(one: Callable[[str], None], texts: Iterator[str], phase: dict[str, Any]) -> None:
    """People come when they come, whether or not those before them are served."""
    begun = time.monotonic()
    with ThreadPoolExecutor(_MOST_AT_ONCE) as pool:
        for number in range(max(1, round(phase["rate"] * phase["seconds"]))):
            time.sleep(max(0.0, begun + number / phase["rate"] - time.monotonic()))
            pool.submit(one, next(texts))


def _together(one: Callable[[str], None], texts: Iterator[str], phase: dict[str, Any]) -> None:
    """So many people at once, each asking again when answered."""
    until = time.monotonic() + phase["seconds"]
    lock = threading.Lock()

    def person() -> None:
        while time.monotonic() < until:
            with lock:
                text = next(texts)
            one(text)

    with ThreadPoolExecutor(phase["at_once"]) as pool:
        for _ in range(phase["at_once"]):
            pool.submit(person)
