"""Memory of what was said: bounded, expiring, and safe between threads."""

from __future__ import annotations

import threading

from assistant.vocabulary import Status, Turn
from bots.web.conversations import Conversations


def turn(text: str) -> Turn:
    return Turn(text, "", Status.ANSWERED)


def test_only_the_last_turns_are_kept() -> None:
    kept = Conversations(turns=2)
    for text in "abc":
        kept.remember("s", turn(text))
    assert [each.question for each in kept.history("s")] == ["b", "c"]


def test_with_no_turns_nothing_is_kept() -> None:
    kept = Conversations(turns=0)
    kept.remember("s", turn("a"))
    assert len(kept) == 0


def test_the_oldest_conversation_goes_first() -> None:
    kept = Conversations(conversations=2)
    for key in ("a", "b", "a", "c"):
        kept.remember(key, turn(key))
    assert kept.history("b") == ()
    assert len(kept.history("a")) == 2


def test_a_conversation_expires_and_can_be_forgotten() -> None:
    now = [0.0]
    kept = Conversations(seconds=10, clock=lambda: now[0])
    kept.remember("a", turn("a"))
    now[0] = 9
    kept.remember("b", turn("b"))
    now[0] = 11
    assert kept.history("a") == ()
    assert kept.history("b") != ()
    kept.forget("b")
    assert len(kept) == 0


def test_many_threads_lose_nothing() -> None:
    kept = Conversations(turns=10_000)
    threads = [
        threading.Thread(target=lambda: [kept.remember("s", turn("x")) for _ in range(200)])
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept.history("s")) == 1600
