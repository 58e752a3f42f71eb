"""Ingestion killed at any moment, or on a full disk: nothing is lost, a rerun completes it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowledge_base.home import Home
from knowledge_base.index.swap import current, is_whole
from knowledge_base.store import Record

ROOT = Path(__file__).resolve().parents[2]
LINES = 3000

CONFIG = "knowledge_base:\n  bundled_corpus: false\n  embedder: none\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "kho" / "corpus.jsonl"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8") as file:
        for n in range(LINES):
            text = f"Nội dung điều {n}: người dân nộp hồ sơ tại bộ phận một cửa. " * 5
            line = {"_id": f"d{n}", "title": f"Điều {n}", "text": text}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return path


@pytest.fixture
def command(home: Home, corpus: Path, tmp_path: Path) -> list[str]:
    config = tmp_path / "config.yml"
    config.write_text(CONFIG)
    return [
        sys.executable, str(ROOT / "troly.py"), "--home", str(home.path), "--config", str(config),
        "ingest", str(corpus), "--json",
    ]  # fmt: skip


def finished(home: Home, command: list[str]) -> dict[str, int]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    folder = current(home.index())
    assert folder is not None
    assert is_whole(folder)
    report: dict[str, int] = json.loads(done.stdout)
    assert (report["documents"], report["passages"]) == (LINES, LINES)
    return report


@pytest.mark.slow
def test_killed_again_and_again(home: Home, command: list[str]) -> None:
    kept = 0
    for wait in (0.6, 0.9, 1.2, 1.6, 2.0, 2.5):
        child = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(wait)
        os.killpg(child.pid, signal.SIGKILL)  # the workers, too
        child.wait()
        if home.record().exists():
            stored = Record(home.record()).count()
            assert stored >= kept
            kept = stored
    report = finished(home, command)
    assert report["added"] + report["unchanged"] == LINES
    assert report["changed"] == 0
    again = finished(home, command)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, LINES)


@pytest.mark.parametrize("room", [60_000, 900_000, 3_000_000])
def test_a_full_disk(home: Home, command: list[str], room: int) -> None:
    """No file may grow beyond ``room`` bytes: in the record, or later in the index."""
    limited = (
        f"import os, resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}));"
        f" os.execv({sys.executable!r}, {command!r})"
    )
    full = subprocess.run(
        [sys.executable, "-c", limited], capture_output=True, text=True, check=False
    )
    assert full.returncode == 1, full.stdout
    assert "Traceback" not in full.stderr
    told = " ".join(full.stderr.split())
    assert "Đĩa đã đầy" in told
    assert "xoá bớt tệp" in told or "giải phóng" in told
    stored = Record(home.record()).count() if home.record().exists() else 0
    report = finished(home, command)
    assert report["added"] == LINES - stored
