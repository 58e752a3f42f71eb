"""A fresh process that opens one subject, asks it, and says how much memory that took.

``python -m evals.tasks.memory.probe`` reads its order as JSON from standard
input and prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

_FIELDS = {"VmRSS": "resident_mb", "RssAnon": "private_mb", "VmHWM": "peak_mb"}


def memory(pid: int) -> dict[str, float]:
    """Megabytes of a process: resident, of these its own (not mapped files), the most so far."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    rows = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {_FIELDS[key]: round(int(value.split()[0]) / 1024, 1) for key, value in rows
            if key in _FIELDS}  # fmt: skip


def children(pid: int) -> Iterator[int]:
    """Processes that a process started, and theirs."""
    for listed in sorted(Path(f"/proc/{pid}/task").glob("*/children")):
        for child in map(int, listed.read_text(encoding="ascii").split()):
            yield child
            yield from children(child)


def answered(order: dict[str, Any]) -> dict[str, Any]:
    """Open, ask for as long as there is time, and measure before anything is closed."""
    from assistant.config import load_config
    from evals.subjects import kinds
    from evals.subjects.port import Setting
    from knowledge_base.home import Home

    config = load_config(Path(order["config"]))
    subject = kinds([order["subject"]])[0].open(
        Setting(Home(Path(order["home"])), config, Path(order["work"]))
    )
    try:
        day = date.fromisoformat(order["as_of"]) if order["as_of"] else None
        until = time.monotonic() + order["seconds"]
        asked = 0
        for text in order["questions"]:
            if time.monotonic() > until:
                break
            subject.converse([text], day)
            asked += 1
        started = sum(memory(pid)["resident_mb"] for pid in children(os.getpid()))
        return {"answers": asked, **memory(os.getpid()), "children_mb": round(started, 1)}
    finally:
        subject.close()


if __name__ == "__main__":
    print(json.dumps(answered(json.load(sys.stdin))), flush=True)
