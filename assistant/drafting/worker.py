"""A process that checks one file that came over the network, and may die of it.

``python -m assistant.drafting.worker RECORD`` reads the bytes of a ``.docx``
from stdin and writes the JSON of the check, or ``{"error": …}``, to stdout.
Its memory and processor time are capped.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from assistant.apart import run_apart
from assistant.errors import InputError

_MEMORY = 2 * 1024**3  # bytes of address space
_SECONDS = 40  # of processor time; the wall clock gets half as much again


def check_apart(data: bytes, record: Path | None) -> dict[str, Any]:
    """The check of a file in a process of its own. Raises `InputError`."""
    return run_apart(
        "assistant.drafting.worker",
        str(record or ""),
        data=data,
        seconds=_SECONDS * 1.5,
        too_long="Tệp này đọc quá lâu hoặc quá lớn. Hãy tách nhỏ rồi thử lại.",
        unreadable="Không kiểm tra được tệp này. Hãy lưu lại thành .docx rồi thử lại.",
    )


def main() -> None:
    """Check what is on stdin; see the module."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))

    from assistant.as_of import today
    from assistant.capabilities.check_document import faults_of
    from assistant.drafting.bases import Bases
    from assistant.drafting.sheet import sheet_of
    from assistant.drafting.told import check_json
    from knowledge_base.store import Record

    place = sys.argv[1] if len(sys.argv) > 1 else ""
    bases = Bases(Record(Path(place))) if place and Path(place).exists() else None
    try:
        sheet = sheet_of(sys.stdin.buffer.read(), "Tệp")
        answer = check_json("", faults_of(sheet, bases, today()))
    except InputError as error:
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
