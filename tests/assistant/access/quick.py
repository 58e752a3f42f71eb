"""Passwords that are hashed in no time: what is tried is not the hash."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from assistant.access import passwords


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """argon2id with the least parameters it takes."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._nobody.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", lambda: quick)
    yield
    passwords._nobody.cache_clear()
