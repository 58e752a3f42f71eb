"""Writing a profile: a folder that is there as a whole, or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import InputError
from assistant.profiles.loading import FILE
from assistant.profiles.proposing import Line

PROMPT, QUESTIONS = "prompt.txt", "questions.jsonl"

_HEAD = (
    "# Hồ sơ trợ lý “{name}”. Sửa xong hãy chạy: troly profile check {name}\n"
    "# Các khóa: docs/profiles.md. Muốn bỏ hồ sơ này, xóa thư mục chứa tệp này.\n"
)


def write(
    folder: Path, name: str, block: Mapping[str, Any], prompt: str, lines: Iterable[Line]
) -> Path:
    """Put the profile ``name`` into ``folder``; what was there under this name is replaced.

    Killed at any moment it leaves the old one or the new one, never a half.

    Raises:
        InputError: the folder cannot be written; the message says what to do.
    """
    made, old, there = folder / f".new-{name}", folder / f".old-{name}", folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        recover(folder)
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        told = {**block, "prompt": PROMPT} if prompt else dict(block)
        _put(made / FILE, _HEAD.format(name=name) + as_yaml(told))
        if prompt:
            _put(made / PROMPT, f"{prompt}\n")
        _put(made / QUESTIONS, "".join(f"{_json(line)}\n" for line in lines))
        _sync(made)
        if there.exists():
            there.rename(old)
        made.rename(there)
        _sync(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        with contextlib.suppress(OSError):
            recover(folder)
        why = error.strerror or error
        raise InputError(
            f"Không ghi được vào {folder}: {why}. Hãy cho phép ghi vào thư mục đó, hoặc chọn thư "
            "mục dữ liệu khác bằng --home."
        ) from error
    except BaseException:  # Ctrl-C leaves nothing behind, either
        shutil.rmtree(made, ignore_errors=True)
        recover(folder)
        raise
    return there


def recover(folder: Path) -> None:
    """Bring back what a replacement that was cut short had put aside."""
    for old in folder.glob(".old-*"):
        there = folder / old.name.removeprefix(".old-")
        if there.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(there)


def as_yaml(block: Mapping[str, Any]) -> str:
    """A block as it stands in a file: in the order given, long lines kept."""
    return yaml.safe_dump(dict(block), allow_unicode=True, sort_keys=False, width=1000)


def questions(path: Path) -> list[Line]:
    """The set of a profile; empty where it has none.

    Raises:
        InputError: a line that is no sample, with its number.
    """
    if not path.is_file():
        return []
    found: list[Line] = []
    number = 1
    try:
        for text in path.read_text(encoding="utf-8-sig").split("\n"):
            if text.strip():
                found.append(_line(json.loads(text)))
            number += 1
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}, dòng {number}: không phải một câu hỏi mẫu ({error}). Mỗi dòng như: "
            '{"_id": "i001", "text": "…?", "kind": "inside", "target": {"status": ["answered"], '
            '"codes": ["1.001193"]}}. Hãy sửa dòng đó, hoặc xóa tệp để dùng bộ câu tự sinh.'
        ) from error
    except OSError as error:
        raise InputError(f"Không đọc được {path}: {error.strerror}.") from error
    return found


def _line(row: Mapping[str, Any]) -> Line:
    target = row["target"]
    kind = str(row.get("kind", "inside"))
    return Line(
        id=str(row["_id"]),
        text=str(row["text"]),
        kind=kind,
        status=tuple(map(str, target["status"])),
        codes=tuple(map(str, target.get("codes", ()))),
        documents=tuple(map(str, target.get("documents", ()))),
        slots=tuple(map(str, target.get("slots", ()))),
    )


def _json(line: Line) -> str:
    """A line; the second half of a set is for judging, not for tuning on."""
    target: dict[str, Any] = {"status": line.status}
    for key in ("codes", "documents", "slots"):
        if value := getattr(line, key):
            target[key] = value
    number = int("".join(filter(str.isdigit, line.id)) or 0)
    row = {
        "_id": line.id,
        "text": line.text,
        "kind": line.kind,
        "split": "test" if number % 2 else "dev",
        "origin": "generated",
        "target": target,
    }
    return json.dumps(row, ensure_ascii=False)


def _put(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
