"""The training questions are sound, and apart from the ones that are scored."""

from __future__ import annotations

import json
from typing import Any

from assistant.tables import table
from evals.samples import BUNDLED, bundled_sets, load
from knowledge_base.corpus_files import procedures
from knowledge_base.vietnamese import clean

TRAINING = BUNDLED / "training" / "training.jsonl"


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in TRAINING.read_text(encoding="utf-8").splitlines()]


def test_they_are_apart_from_the_scored_ones_and_cover_every_card() -> None:
    training = rows()
    for key in ("_id", "text"):
        assert len({row[key] for row in training}) == len(training)
    scored = {turn.text for path in bundled_sets() for s in load(path).samples for turn in s.turns}
    assert len(scored) > 1000
    assert not scored & {row["text"] for row in training}
    for row in training:
        assert set(row) == {"_id", "text", "kind", "codes", "slots"}, row
        assert row["_id"][0] == ("t" if row["codes"] else "n"), row
        assert row["text"] == clean(row["text"]).strip() != "", row
        assert set(row["slots"]) <= set(table("slots")), row
    asked_about = {code for row in training for code in row["codes"]}
    assert asked_about == {card.code for card in procedures()}


def test_the_readme_counts_the_lines() -> None:
    readme = (BUNDLED / "training" / "README.md").read_text(encoding="utf-8")
    kinds = [bool(row["codes"]) for row in rows()]
    assert f"has {sum(kinds)} questions" in readme
    assert f"and {len(kinds) - sum(kinds)} that the corpus does not answer" in readme
