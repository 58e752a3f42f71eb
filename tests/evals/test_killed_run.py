"""``kill -9`` in the middle of a run: the same command goes on and ends with the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evals.subjects.server import ROOT
from knowledge_base.home import Home

pytestmark = pytest.mark.slow

_BEFORE_THE_KILL = 6  # answers


def command(home: Home, out: Path) -> list[str]:
    return [sys.executable, str(ROOT / "troly.py"), "--home", str(home.path), "eval", "run",
            "answers", "routing", "--limit", "6", "--no-measure", "--out", str(out)]  # fmt: skip


def finished(home: Home, out: Path) -> None:
    done = subprocess.run(
        command(home, out), cwd=ROOT, capture_output=True, text=True, timeout=250, check=False
    )
    assert (out / "report.json").exists(), done.stdout + done.stderr


def answers(out: Path) -> list[str]:
    files = sorted((out / "generated" / "troly").glob("*.jsonl"))
    return [line for file in files for line in file.read_text("utf-8").splitlines()]


def contents(out: Path) -> dict[str, bytes]:
    """Everything but times, which differ."""
    files = (path for path in out.rglob("*") if path.is_file() and path.name != ".lock")
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in files
        if path.relative_to(out).parts[0] != "timings"
    }


def test_a_killed_run_goes_on_and_ends_as_if_nothing_had_been(
    bundled_home: Home, tmp_path: Path
) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = subprocess.Popen(
        command(bundled_home, killed),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + 200
    while len(answers(killed)) < _BEFORE_THE_KILL and time.monotonic() < end:
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (killed / "report.json").exists()
    kept = answers(killed)
    assert len(kept) >= _BEFORE_THE_KILL
    last = max((killed / "generated" / "troly").glob("*.jsonl"), key=lambda f: f.stat().st_mtime_ns)
    with last.open("ab") as file:  # a power cut may leave half a line
        file.write(b'{"_id": "h')

    finished(bundled_home, killed)
    finished(bundled_home, whole)
    assert set(kept) <= set(answers(killed))
    assert answers(killed) == answers(whole)
    first, second = contents(killed), contents(whole)
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
