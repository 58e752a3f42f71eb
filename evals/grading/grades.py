"""A grader's file: one line a decision, appended and flushed to disk at once, never rewritten.

The latest line of an answer is what holds; a line ``"undo": true`` takes the
latest one of its answer back. A line cut short by a kill costs itself alone.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.errors import EvalError
from evals.grading.words import Grade, Key, Reason, Verdict
from evals.running.folder import dump, read_jsonl
from evals.samples import BadLine
from evals.vocabulary import State

FOLDER = "grades"
MODEL = "model-"
LONGEST_COMMENT = 4000
_NAME = re.compile(r"\w(?:[\w .-]{0,38}\w)?")

_Step = Annotated[int, Field(ge=1, le=5)]


class _Line(BaseModel):
    """One line as it is read; a field of a later version is let through."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    grader: str
    subject: str
    dataset: str
    id: str = Field(alias="_id")
    sample: str
    answer: str
    verdict: Verdict | None = None
    reasons: tuple[Reason, ...] = ()
    readability: _Step | None = None
    tone: _Step | None = None
    comment: str = ""
    state: State = State.SCORED
    at: str = ""
    model: str = ""
    prompt: str = ""
    undo: bool = False

    @property
    def key(self) -> Key:
        return self.subject, self.dataset, self.id

    def grade(self) -> Grade:
        given = self.model_dump(exclude={"grader", "subject", "dataset", "id", "undo"})
        return Grade(key=self.key, **given)


@dataclass(slots=True)
class Book:
    """What stands in a grader's file. ``done`` holds every decision in its order, less those
    that were taken back; ``bad`` the lines that cannot be read."""

    grader: str
    done: list[Grade] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)

    @property
    def is_model(self) -> bool:
        return self.grader.startswith(MODEL)

    def latest(self) -> dict[Key, Grade]:
        """The grade that holds, by answer."""
        return {grade.key: grade for grade in self.done}

    def take_back(self, key: Key) -> Grade | None:
        """Drop the latest decision on this answer, and return it."""
        for at in range(len(self.done) - 1, -1, -1):
            if self.done[at].key == key:
                return self.done.pop(at)
        return None


def checked_name(name: str) -> str:
    """A grader's name, which names a file. Raises `EvalError` where it cannot."""
    found = unicodedata.normalize("NFC", name.strip())
    if not _NAME.fullmatch(found):
        raise EvalError(
            f"Tên người chấm “{name}” không dùng được: chỉ gồm chữ, số, dấu cách, gạch nối, dấu "
            "chấm ở giữa; dài nhất 40 ký tự; không phải đường dẫn. Ví dụ: --grader lan"
        )
    if found.startswith(MODEL):
        raise EvalError(f"Tên bắt đầu bằng “{MODEL}” dành cho mô hình. Hãy chọn tên khác.")
    return found


def file_of(run: Path, grader: str) -> Path:
    """Where this grader's lines are kept."""
    return run / FOLDER / f"{grader}.jsonl"


def read_book(path: Path) -> Book:
    """A grader's file; empty where there is none yet.

    Raises `EvalError` where lines in it are somebody else's.
    """
    book = Book(path.stem)
    for number, row in read_jsonl(path):
        place = f"{path}:{number}"
        try:
            line = _Line.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if row else "cut short"
            book.bad.append(BadLine(place, why))
            continue
        if line.grader != book.grader:
            raise EvalError(
                f"{place} là của người chấm “{line.grader}”, không phải “{book.grader}”. "
                f"Hãy trả tệp về tên {line.grader}.jsonl."
            )
        if line.undo:
            book.take_back(line.key)
        else:
            book.done.append(line.grade())
    return book


def books(run: Path) -> Iterator[Book]:
    """All graders of a run, by name: people first, then models.

    A file with somebody else's lines is a book with nothing done and that said in ``bad``.
    """
    files = [path for path in (run / FOLDER).glob("*.jsonl") if not path.name.startswith(".")]
    for path in sorted(files, key=lambda file: (file.name.startswith(MODEL), file.name)):
        try:
            yield read_book(path)
        except EvalError as error:
            yield Book(path.stem, bad=[BadLine(str(path), str(error))])


class Ledger:
    """A grader's file opened for writing; one process at a time. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = None
        self._torn = False  # the file does not end with the end of a line

    def __enter__(self) -> Ledger:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("ab", buffering=0)
        except OSError as error:
            raise EvalError(f"Không ghi được vào {self.path}: {error.strerror}.") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.book = read_book(self.path)
            self._torn = _is_torn(self.path)
        except OSError:
            self._file.close()
            raise EvalError(
                f"Có một cửa sổ chấm khác đang mở {self.path}. Hãy đóng cửa sổ đó trước, hoặc "
                "chọn tên khác bằng --grader."
            ) from None
        except EvalError:
            self._file.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def keep(self, grade: Grade) -> None:
        """Write a decision; it is on the disk when this returns. Raises `EvalError`."""
        self._write(_row(self.book.grader, grade))
        self.book.done.append(grade)

    def undo(self) -> Grade | None:
        """Take the last decision back; which one it was, or None where there is none."""
        if not self.book.done:
            return None
        last = self.book.done[-1]
        self._write({**_row(self.book.grader, last), "undo": True})
        return self.book.take_back(last.key)

    def _write(self, row: dict[str, Any]) -> None:
        if self._file is None:
            raise RuntimeError("a ledger is written inside its with block")
        line = dump(row).encode("utf-8", "replace")
        data = b"\n" + line if self._torn else line  # a torn line must not swallow the next
        try:
            written = self._file.write(data)
            self._torn = written < len(data)
            if self._torn:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._file.fileno())
        except OSError as error:
            raise EvalError(
                f"Chưa ghi được vào {self.path}: {error.strerror}. Hãy giải phóng chỗ trống rồi "
                "bấm lưu lần nữa."
            ) from error


def now() -> str:
    """The moment of a decision, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _row(grader: str, grade: Grade) -> dict[str, Any]:
    subject, dataset, name = grade.key
    row = {
        "grader": grader, "subject": subject, "dataset": dataset, "_id": name,
        "sample": grade.sample, "answer": grade.answer,
        "verdict": grade.verdict, "reasons": list(grade.reasons),
        "readability": grade.readability, "tone": grade.tone, "comment": grade.comment,
        "state": grade.state, "at": grade.at, "model": grade.model, "prompt": grade.prompt,
    }  # fmt: skip
    return {key: value for key, value in row.items() if value not in ("", None, [])}


def _is_torn(path: Path) -> bool:
    """Whether a kill or a full disk left the last line without its end."""
    with path.open("rb") as old:
        if not old.seek(0, os.SEEK_END):
            return False
        old.seek(-1, os.SEEK_END)
        return old.read(1) != b"\n"
