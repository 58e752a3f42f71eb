"""The other half of `intents.py`: tables from Rasa's Python, and Rasa's server measured over HTTP.

    python -m evals.benchmarks.intents [--folds 5] [--home DIR]

The environment and the model are made first where they are not there yet. The server
is asked one message after the other, by eight people at once, and beside a process
that keeps the second core busy.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from assistant.dialogue.project.components.things import Thing, Things
from assistant.dialogue.runtime.child import RasaChild
from assistant.dialogue.runtime.client import RasaClient
from assistant.dialogue.runtime.environment import ensure_environment
from assistant.dialogue.runtime.places import ROOT, Places
from assistant.dialogue.runtime.training import ensure_model
from evals.benchmarks.intents import HELD_OUT, LEARNT, held_out
from knowledge_base.home import Home

ENTITIES = HELD_OUT.with_name("entities.yml")
_MARKED = re.compile(r"\[([^\]]+)\]\((\w+)\)")
_AT_ONCE = 8
_TO_START = 240.0
_BUSY = "while True: pass"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print two tables: how often it is right, and what it takes."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.intents")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--home", type=Path, help="troly's home; else $TROLY_HOME or the usual one")
    given = parser.parse_args(arguments)
    places = Places.of(given.home or Home.find().path)
    ensure_environment(places)
    began = time.perf_counter()
    trained = ensure_model(places, again=True)
    seconds = time.perf_counter() - began
    took = _served(places, trained.path)
    said = _understood(places, given.folds)
    sys.stdout.write(_tables(said, entity_f1(), {"training, s": seconds, **took}))


def entity_f1(path: Path = ENTITIES, tables: Path = LEARNT / "lookups.yml") -> float:
    """F1 over all named things of a marked file, 0..1; right: the same kind, overlapping."""
    things = _things(tables)
    right = wanted = found = 0
    for line in yaml.safe_load(path.read_text(encoding="utf-8")):
        text, marked = _unmarked(line)
        named = things.find(text)
        right += sum(any(_same(one, each) for each in named) for one in marked)
        wanted, found = wanted + len(marked), found + len(named)
    return 2 * right / (wanted + found) if wanted + found else 1.0


def _things(path: Path) -> Things:
    tables: dict[str, list[str]] = {}
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        if "lookup" in block:
            entries = [line[2:] for line in block["examples"].splitlines()]
            tables.setdefault(block["lookup"], []).extend(entries)
    return Things(tables, {})


def _unmarked(line: str) -> tuple[str, list[Thing]]:
    text, marked, read = "", [], 0
    for match in _MARKED.finditer(line):
        text += line[read : match.start()]
        marked.append(Thing(match[2], match[1], len(text), len(text) + len(match[1])))
        text, read = text + match[1], match.end()
    return text + line[read:], marked


def _same(one: Thing, other: Thing) -> bool:
    return one.entity == other.entity and one.start < other.end and other.start < one.end


def _understood(places: Places, folds: int) -> dict[str, Any]:
    """`intents.py` in Rasa's Python."""
    words = [str(places.python), "-m", "evals.benchmarks.intents", "--folds", str(folds)]
    done = subprocess.run(
        words, env=places.environment(), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def _served(places: Places, model: Path) -> dict[str, float]:
    """Milliseconds of ``/model/parse`` and megabytes of the server."""
    texts = [text for text, _ in held_out()]
    with _running(places, model) as (client, pid):
        for text in texts[:20]:
            client.parse(text)
        found = {"server idle, RSS MB": _rss(pid)}
        found |= _told("one after the other", [_timed(client, text) for text in texts])
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found |= _told("8 at once", list(pool.map(lambda text: _timed(client, text), texts)))
        with _busy():
            found |= _told("beside a busy core", [_timed(client, text) for text in texts])
    return found


@contextmanager
def _running(places: Places, model: Path) -> Iterator[tuple[RasaClient, int]]:
    child = RasaChild(places, model)
    client = RasaClient(lambda: child.access, patience=10)
    try:
        until = time.monotonic() + _TO_START
        while not _listens(child.access.url):
            if not child.is_alive() or time.monotonic() > until:
                raise SystemExit(f"Rasa does not start: {child.obituary()}")
            time.sleep(0.5)
        yield client, child.pid
    finally:
        client.close()
        child.stop()


def _listens(url: str) -> bool:
    """Whether the port is open; Rasa opens it when its model is loaded."""
    host, _, port = url.removeprefix("http://").partition(":")
    with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
        return True
    return False


@contextmanager
def _busy() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", _BUSY])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _timed(client: RasaClient, text: str) -> float:
    began = time.perf_counter()
    client.parse(text)
    return (time.perf_counter() - began) * 1000


def _told(how: str, took: list[float]) -> dict[str, float]:
    took.sort()
    at = {share: took[int(len(took) * share)] for share in (0.5, 0.95)}
    return {f"parse {how}, p{share * 100:.0f} ms": value for share, value in at.items()}


def _rss(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024


def _tables(said: dict[str, Any], entities: float, took: dict[str, float]) -> str:
    held, folds = said["held_out"], said.get("cross_validated")
    rows = [("held out", held["sentences"], held["f1"]["accented"], held["f1"]["bare"])]
    if folds:
        name = f"{folds['folds']}-fold"
        rows.append((name, folds["sentences"], folds["f1"]["accented"], folds["f1"]["bare"]))
    lines = ["| intents, macro F1 | sentences | with diacritics | without |", "|---|---|---|---|"]
    lines += [f"| {name} | {n} | {full:.3f} | {bare:.3f} |" for name, n, full, bare in rows]
    lines += ["", "| what | figure |", "|---|---|", f"| entities, F1 | {entities:.3f} |"]
    lines += [f"| {name} | {value:.0f} |" for name, value in took.items()]
    return "\n".join(lines) + "\n"
