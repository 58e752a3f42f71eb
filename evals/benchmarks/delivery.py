"""``troly bench delivery``: nothing acknowledged is lost, however often the server is killed.

A whole server runs as a process of its own, over a channel of ours with a
conversation that repeats what it hears. This process is the provider: it pushes
messages until they are acknowledged, takes the answers, and kills the server at
random moments. Then: was each acknowledged message answered, in order, and how
many answers came twice?
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from evals.benchmarks.delivery_server import Provider, Server


@dataclass
class Killed:
    """What became of the messages. ``lost`` and ``disordered`` have to stay empty."""

    seed: int
    kills: int = 0
    acknowledged: int = 0
    pushes_of_known: int = 0
    lost: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    duplicates: int = 0
    most_duplicates_after_a_kill: int = 0
    seconds: float = 0.0


def survive(
    kills: int, seed: int, *, chats: int = 6, say: Any = lambda _: None, state_url: str = ""
) -> Killed:
    """Push messages in ``chats`` chats while the server is killed ``kills`` times at random.

    ``state_url`` names an empty PostgreSQL; without it the state is in a file.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    found, begun = Killed(seed), time.monotonic()
    with tempfile.TemporaryDirectory() as folder, _provider() as provider:
        server = Server(Path(folder) / "home", provider.address, seconds=0.02, state_url=state_url)
        pushed: dict[str, list[str]] = {f"c{n}": [] for n in range(chats)}
        server.start()
        server.wait()
        stopped = threading.Event()
        with ThreadPoolExecutor(chats) as pool:
            pushing = [
                pool.submit(_push, server.address, chat, names, stopped, seed)
                for chat, names in pushed.items()
            ]
            kills_at = []
            for number in range(kills):
                time.sleep(chance.uniform(0.05, 0.6))
                server.kill()
                kills_at.append(time.monotonic())
                server.start()
                server.wait()
                if number % 20 == 19:
                    total = sum(map(len, pushed.values()))
                    say(f"{number + 1} kills, {len(_twice(provider))} duplicates, {total} messages")
            stopped.set()
            for each in pushing:
                found.pushes_of_known += each.result()
        end = time.monotonic() + 120
        while time.monotonic() < end and any(
            set(names) - set(provider.named(chat)) for chat, names in pushed.items()
        ):
            time.sleep(0.2)
        time.sleep(1.0)
        server.stop()
        for chat, names in pushed.items():
            answered = provider.named(chat)
            found.acknowledged += len(names)
            found.lost += sorted(set(names) - set(answered))
            first = list(dict.fromkeys(answered))
            found.disordered += [a for a, b in zip(first, names, strict=False) if a != b][:1]
        twice = _twice(provider)
        after = Counter(sum(at <= again for at in kills_at) for again in twice)
        found.kills, found.duplicates = len(kills_at), len(twice)
        found.most_duplicates_after_a_kill = max(after.values(), default=0)
    found.seconds = time.monotonic() - begun
    return found


def _push(address: str, chat: str, names: list[str], stopped: threading.Event, seed: int) -> int:
    """Messages of one chat, each pushed until it is acknowledged, as providers do."""
    chance, known = random.Random(f"{seed}{chat}"), 0  # noqa: S311
    with httpx.Client(base_url=address, timeout=5, trust_env=False) as http:
        number = 0
        while not stopped.is_set():
            name = f"m{chat[1:]}-{number}"
            # Commands and buttons are turns of their own, so that each can be counted.
            told = {"update": name, "chat": chat, "kind": "button", "text": name}
            while True:
                try:
                    answer = http.post("/webhooks/plain", json=told)
                except httpx.HTTPError:
                    time.sleep(0.05)
                    continue
                if answer.status_code == 200:
                    known += not answer.json()["new"]
                    break
                time.sleep(0.05)
            names.append(name)
            number += 1
            time.sleep(chance.uniform(0.0, 0.15))
    return known


def _twice(provider: Provider) -> list[float]:
    """When answers came that had come before."""
    known: set[tuple[str, str]] = set()
    twice = []
    for chat, name, at in provider.all_named():
        if (chat, name) in known:
            twice.append(at)
        known.add((chat, name))
    return twice


@contextmanager
def _model_at_work() -> Iterator[None]:
    """Every core busy, at the priority that the model's process has."""
    burn = "import os\nos.nice(5)\nwhile True: pass"
    burning = [subprocess.Popen([sys.executable, "-c", burn]) for _ in range(os.cpu_count() or 2)]
    try:
        yield
    finally:
        for each in burning:
            each.kill()
            each.wait()


@contextmanager
def _provider() -> Iterator[Provider]:
    provider = Provider()
    try:
        yield provider
    finally:
        provider.close()


@dataclass
class Speed:
    """Milliseconds and messages a second."""

    accept_p50: float
    accept_p99: float
    accept_p50_busy: float
    accept_p99_busy: float
    accepted_a_second: float
    answered_a_second: float
    first_sign_p50: float


def speed(messages: int = 1000) -> Speed:
    """How fast webhooks are acknowledged, idle and with every place for answers taken, and how
    many messages a second are taken in and answered."""
    with tempfile.TemporaryDirectory() as folder, _provider() as provider:
        server = Server(Path(folder) / "home", provider.address)
        server.start()
        server.wait()
        idle = _accept_times(server.address, "i", 200, threads=1)
        begun = time.monotonic()
        signs = [
            (provider.first_sign[f"i{n}"] - at) * 1000
            for n, at in enumerate(idle.begun)
            if f"i{n}" in provider.first_sign
        ]
        _accept_times(server.address, "f", messages, threads=8)
        taken = messages / (time.monotonic() - begun)
        end = time.monotonic() + 300
        while time.monotonic() < end and provider.replies() < messages + 200:
            time.sleep(0.05)
        answered = (messages + 200) / (time.monotonic() - begun)
        server.stop()
        busy = Server(Path(folder) / "busy", provider.address, seconds=20.0, answers=2)
        busy.start()
        busy.wait()
        _accept_times(busy.address, "q", 20, threads=4)  # more than there are places
        time.sleep(2.0)
        with _model_at_work():
            saturated = _accept_times(busy.address, "b", 200, threads=1, pause=0.02)
        busy.kill()
    return Speed(
        _percentile(idle.seconds, 50), _percentile(idle.seconds, 99),
        _percentile(saturated.seconds, 50), _percentile(saturated.seconds, 99),
        taken, answered, statistics.median(signs) if signs else 0.0,
    )  # fmt: skip


@dataclass
class _Times:
    begun: list[float]
    seconds: list[float]


def _accept_times(
    address: str, prefix: str, count: int, *, threads: int, pause: float = 0.0
) -> _Times:
    """Push ``count`` messages in chats of their own; when each began and how long it took."""
    times = _Times([0.0] * count, [0.0] * count)

    def push(numbers: range) -> None:
        with httpx.Client(base_url=address, timeout=30, trust_env=False) as http:
            for number in numbers:
                told = {
                    "update": f"{prefix}{number}", "chat": f"{prefix}{number}",
                    "kind": "button", "text": "Làm hộ chiếu hết bao nhiêu tiền?",
                }  # fmt: skip
                times.begun[number] = time.monotonic()
                http.post("/webhooks/plain", json=told).raise_for_status()
                times.seconds[number] = time.monotonic() - times.begun[number]
                time.sleep(pause)

    with ThreadPoolExecutor(threads) as pool:
        for each in [pool.submit(push, range(n, count, threads)) for n in range(threads)]:
            each.result()
    return times


def _percentile(seconds: list[float], percent: int) -> float:
    return sorted(seconds)[min(len(seconds) - 1, len(seconds) * percent // 100)] * 1000


def delivery(
    kills: Annotated[int, typer.Option(min=0, help="Số lần kill -9 ngẫu nhiên.")] = 200,
    seed: Annotated[int, typer.Option(help="Hạt giống; 0 là chọn ngẫu nhiên và in ra.")] = 0,
    messages: Annotated[int, typer.Option(min=100, help="Số tin để đo tốc độ.")] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Kênh trò chuyện: không mất tin khi máy chủ bị kill -9, và tốc độ nhận, trả lời."""
    seed = seed or random.SystemRandom().randrange(1, 1_000_000)
    typer.echo(f"seed {seed}", err=True)
    fast = speed(messages)
    found = survive(kills, seed, say=lambda text: typer.echo(text, err=True)) if kills else None
    if as_json:
        typer.echo(json.dumps({"speed": vars(fast), "kills": found and vars(found)}, indent=2))
    else:
        typer.echo(table(fast, found))
    if found and (found.lost or found.disordered or found.most_duplicates_after_a_kill > 1):
        raise typer.Exit(1)


def table(fast: Speed, found: Killed | None) -> str:
    """The figures as Markdown."""
    rows = [
        ("webhook acknowledged, p50 / p99", f"{fast.accept_p50:.1f} / {fast.accept_p99:.1f} ms"),
        (
            "… with every place for answers taken and every core busy, as by the model",
            f"{fast.accept_p50_busy:.1f} / {fast.accept_p99_busy:.1f} ms",
        ),
        ("first visible sign, p50", f"{fast.first_sign_p50:.0f} ms"),
        ("messages taken in", f"{fast.accepted_a_second:.0f} a second"),
        ("messages taken in, answered and delivered", f"{fast.answered_a_second:.0f} a second"),
    ]
    if found is not None:
        rows += [
            (f"random kill -9 (seed {found.seed})", str(found.kills)),
            ("acknowledged messages", str(found.acknowledged)),
            ("lost", str(len(found.lost))),
            ("chats out of order", str(len(found.disordered))),
            (
                "answers that came twice, most after one kill",
                f"{found.duplicates}, {found.most_duplicates_after_a_kill}",
            ),
        ]
    return "\n".join(("| what | measured |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)))
