"""A file that came over the network is read in a process of its own, which may die of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from assistant.errors import InputError


def run_apart(
    module: str, *arguments: str, data: bytes, seconds: float, too_long: str, unreadable: str
) -> dict[str, Any]:
    """The JSON that ``python -m module`` makes of ``data`` on its stdin.

    Raises `InputError`: with ``too_long`` after ``seconds`` or where no JSON came, with
    ``unreadable`` where nothing came, or with what the module says under "error".
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            input=data, capture_output=True, timeout=seconds, check=False,
            cwd=Path(__file__).resolve().parents[1],
        )  # fmt: skip
        answer = json.loads(done.stdout or b"{}")
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise InputError(too_long) from error
    if not answer:
        raise InputError(unreadable)
    if "error" in answer:
        raise InputError(str(answer["error"]))
    return dict(answer)
