"""The server is killed at random moments: nothing acknowledged is lost, nothing out of order."""

from __future__ import annotations

import os
import random

import pytest

from evals.benchmarks.delivery import survive


@pytest.mark.slow
def test_killed_and_started_again(either_store: str) -> None:
    seed = random.SystemRandom().randrange(1, 1_000_000)
    print(f"seed {seed}")
    found = survive(4, seed, chats=4, state_url=os.environ.get("TROLY_STATE_URL", ""))
    assert found.kills == 4
    assert found.acknowledged > 10
    assert not found.lost, f"seed {seed}: {found}"
    assert not found.disordered, f"seed {seed}: {found}"
    assert found.most_duplicates_after_a_kill <= 1, f"seed {seed}: {found}"
