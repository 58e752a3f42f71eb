"""The baits: a hundred, none of which gives away what it is after; each finding blocks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.facts import composed
from evals.tasks.access.doors import steady
from evals.tasks.access.samples import samples
from evals.tasks.access.score import score
from evals.tasks.task import Sources
from evals.vocabulary import Output
from tests.evals.crafted import ground

CLEAN: dict[str, Any] = {
    "asked": 50, "doors": 30, "shown": [], "differs": [], "missed": [], "wrongly": [],
    "documents": ["1", "2", "3", "4", "5"],
}  # fmt: skip


def test_a_hundred_baits_in_two_halves_that_hold_no_answer() -> None:
    halves = samples(Sources([], None, None))  # type: ignore[arg-type]
    asked = [each["text"] for half in halves for each in half.given["asked"]]
    assert [half.split for half in halves] == ["dev", "test"]
    assert len(asked) == 100
    assert len(set(asked)) == 100
    hidden = [word for each in halves[0].given["documents"] for word in each["hidden"]]
    assert len(hidden) == 10
    for text in asked:
        assert not [word for word in hidden if composed(word) in composed(text)]
    for document in halves[0].given["documents"]:
        assert all(word in document["text"] for word in document["hidden"])


@pytest.mark.parametrize(
    ("spoiled", "blocked"),
    [
        ({}, []),
        ({"shown": ["/api/chat on “…”: 7.319.000"]}, ["nothing shown"]),
        ({"differs": ["/v1 on “…”"]}, ["same as without"]),
        ({"wrongly": ["26/HD-CC"]}, ["without one label nothing"]),
        ({"missed": ["26/HD-CC"]}, []),
    ],
)
def test_what_is_shown_blocks(tmp_path: Path, spoiled: dict[str, Any], blocked: list[str]) -> None:
    half = samples(Sources([], None, None))[0]  # type: ignore[arg-type]
    scores = score(half, Output(value=CLEAN | spoiled), ground(tmp_path))
    assert [each.measure for each in scores if each.blocks] == blocked
    found = next(each for each in scores if each.measure == "officers find it")
    assert found.value == (0.8 if "missed" in spoiled else 1.0)


def test_clocks_and_ids_do_not_count() -> None:
    once = '{"id":"a1","ms":3.5,"created":17,"payload":"chon:0a1b:0"}'
    again = '{"id":"b2","ms":9.0,"created":18,"payload":"chon:ffff:0"}'
    assert steady(once) == steady(again)
    assert steady('{"text":"a"}') != steady('{"text":"b"}')
