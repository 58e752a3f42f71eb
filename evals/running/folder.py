"""A run's folder: what was asked, what came back, what it is worth.

::

    run.yml                          tasks, subjects, sets with their hashes, day, seed
    generated/<subject>/<set>.jsonl  one line a sample: the answers, or an error
    timings/<subject>/<set>.jsonl    milliseconds, kept apart: they differ each time
    sources/<sha256>.txt             the stored texts that were cited
    ground.jsonl                     the documents one trusts
    scores.jsonl, scores.csv         one line a score
    report.json, report.csv, report.html

All but ``timings`` and what is made of them is the same, byte for byte, when
the same is run again.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import yaml

from evals.errors import RunFolderError

RUN, SCORES, REPORT = "run.yml", "scores.jsonl", "report.json"


class RunFolder:
    """Reads and writes the files of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    # --- what was asked for -------------------------------------------------------------------

    def begin(self, run: Mapping[str, Any]) -> None:
        """Start a run here, or go on with one that was asked for in the same way."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if not (self.path / RUN).exists():
                if any(entry.name != ".lock" for entry in self.path.iterdir()):
                    raise RunFolderError(
                        f"{self.path} holds something else than a run. Choose another --out."
                    )
                self.write(RUN, yaml.safe_dump(dict(run), allow_unicode=True, sort_keys=False))
                return
        except OSError as error:
            raise RunFolderError(f"{self.path} cannot be written: {error.strerror}.") from error
        begun = self.run()
        changed = [key for key in {*run, *begun} if run.get(key) != begun.get(key)]
        if changed:
            raise RunFolderError(
                f"{self.path} was begun with other {', '.join(sorted(changed))}. Give the same "
                "again to go on with it, or choose another --out."
            )

    def run(self) -> dict[str, Any]:
        """What ``run.yml`` says. Raises `RunFolderError` where this is no run."""
        try:
            found = yaml.safe_load((self.path / RUN).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            found = None
        if not isinstance(found, dict) or "tasks" not in found:
            raise RunFolderError(
                f"{self.path} is no run: it has no readable {RUN}. Make one with "
                f"`troly eval run all --out {self.path}`."
            )
        return found

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time writes a run."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / ".lock").open("w")
        except OSError as error:
            raise RunFolderError(f"{self.path} cannot be written: {error.strerror}.") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise RunFolderError(
                    f"Another process is writing {self.path}. Wait for it, or choose another --out."
                ) from None
            yield

    # --- answers ------------------------------------------------------------------------------

    def generated(self, subject: str, group: str) -> Path:
        return self.path / "generated" / subject / f"{group}.jsonl"

    def timings(self, subject: str, group: str) -> Path:
        return self.path / "timings" / subject / f"{group}.jsonl"

    def subjects(self) -> list[str]:
        """Who was asked in this run."""
        return sorted(p.name for p in (self.path / "generated").glob("*") if p.is_dir())

    # --- files --------------------------------------------------------------------------------

    def write(self, name: str, text: str) -> Path:
        """Write a whole file, or leave the one that was there."""
        return write_whole(self.path / name, text)

    def report(self) -> dict[str, Any]:
        """What ``report.json`` says. Raises `RunFolderError` where there is none."""
        self.run()
        try:
            found: dict[str, Any] = json.loads((self.path / REPORT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise RunFolderError(
                f"{self.path} is not scored. Run: troly eval score {self.path}"
            ) from None
        return found


def write_whole(path: Path, text: str) -> Path:
    """Write beside, flush to disk, and put in place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise RunFolderError(
            f"{path} cannot be written: {error.strerror}. Make room or choose another --out, then "
            "run the same again: it goes on where it was."
        ) from error
    return path


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """``(line number, row)`` of a JSONL file; None for a line that is no object."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            yield number, row if isinstance(row, dict) else None


def dump(row: Mapping[str, Any]) -> str:
    """One line of JSONL: the same row gives the same bytes."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def append(file: TextIO, row: Mapping[str, Any]) -> None:
    """Write one line and hand it to the system, so that a killed run keeps it."""
    file.write(dump(row))
    file.flush()
