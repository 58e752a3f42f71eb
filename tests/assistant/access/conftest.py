"""What tests of access share: a clock that stands until it is moved, and quick hashes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.access.access import Access
from assistant.access.database import AccessDatabase
from assistant.access.one_time import code_at
from assistant.access.settings import AccessSettings
from tests.assistant.access.quick import quick_hashes as quick_hashes

PASSWORD = "con mèo trèo cây cau"


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    path = tmp_path / "config.yml"
    path.write_text(
        "access:\n  groups:\n    tu-phap: [noi-bo, tu-phap]\n    y-te: [y-te]\n", "utf-8"
    )
    return path


@pytest.fixture
def access(tmp_path: Path, clock: Clock, config_file: Path) -> Access:
    settings = AccessSettings(groups={"tu-phap": ("noi-bo", "tu-phap"), "y-te": ("y-te",)})
    database = AccessDatabase(tmp_path / "restricted" / "access.sqlite", clock)
    return Access(database, settings, config_path=config_file)


def secret_of(access: Access, name: str) -> str:
    with access.database.read() as db:
        row = db.execute("SELECT secret FROM accounts WHERE name = ?", (name,)).fetchone()
    return str(row["secret"])


def code_of(access: Access, name: str = "lan") -> str:
    """The code that the officer's telephone shows now."""
    return code_at(secret_of(access, name), access.database.clock())
