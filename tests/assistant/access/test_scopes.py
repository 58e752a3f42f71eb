"""Only sign-in makes an officer's scope: wherever else it were made, labels would be given away."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_MAKES = re.compile(r"from knowledge_base\.scope import [^\n]*\bofficer\b|scope\.officer\(")


def test_nothing_but_access_makes_an_officers_scope() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for package in ("knowledge_base", "assistant", "bots")
        for path in (ROOT / package).rglob("*.py")
        if _MAKES.search(path.read_text("utf-8"))
    ]
    assert found == ["assistant/access/access.py"]
