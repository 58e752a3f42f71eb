"""Datasets: what is read, what is refused with its place, and that versions never change."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from evals.errors import EvalError, UnknownName
from evals.running.plan import sets_of
from evals.samples import BUNDLED, bundled_sets, chosen, load, read_lines, sample_of
from evals.vocabulary import FactKind, Sample

CARD = """
name: made
title: {vi: "Bộ thử", en: "Made"}
origin: written for this test
licence: CC0-1.0
as_of: 2026-11-22
versions:
- {version: 1, file: v1.jsonl, samples: 1, sha256: "%s", changes: first}
"""


def folder(path: Path, text: str, sha256: str | None = None) -> Path:
    path.mkdir()
    (path / "v1.jsonl").write_text(text, encoding="utf-8")
    sha = sha256 or hashlib.sha256(text.encode()).hexdigest()
    (path / "dataset.yml").write_text(CARD % sha, encoding="utf-8")
    return path


def test_a_line_is_a_sample_with_a_typed_target(tmp_path: Path) -> None:
    line = {
        "_id": "c1",
        "text": "Làm hộ chiếu hết bao nhiêu?",
        "kind": "short",
        "split": "dev",
        "target": {"codes": ["1.1"], "facts": [{"type": "money", "value": 200000}, "trực tuyến"]},
    }
    dataset = load(folder(tmp_path / "made", json.dumps(line) + "\n"))
    (sample,) = dataset.samples
    assert (sample.id, sample.dataset, sample.kind, sample.split) == ("c1", "made", "short", "dev")
    assert str(sample.as_of) == "2026-11-22"
    assert [fact.type for fact in sample.target.facts] == [FactKind.MONEY, FactKind.TEXT]


def test_facts_may_stand_in_the_line_itself() -> None:
    sample = sample_of({"_id": 7, "text": "?", "facts": ["200.000 đồng"], "codes": ["1"]}, "loose")
    assert sample.id == "7"
    assert sample.split == "test"
    assert sample.target.facts[0].any == ("200.000 đồng",)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "Expecting"),
        ('{"text": "?"}', "_id"),
        ('{"_id": "a"}', "text"),
        ('{"_id": "a", "turns": []}', "turns"),
        ('{"_id": "a", "text": "?", "split": "train"}', "split"),
        ('{"_id": "a", "text": "?", "as_of": "hôm nay"}', "isoformat"),
        ('{"_id": "a", "text": "?", "target": {"fact": []}}', "fact"),
        ('{"_id": "a", "text": "?", "facts": [{"type": "money", "value": "200k"}]}', "number"),
        ('{"_id": "a", "text": "?", "facts": [{"type": "tiền", "value": 1}]}', "type"),
        ("[1]", "object"),
    ],
)
def test_a_bad_line_is_named_by_file_and_number(line: str, why: str) -> None:
    good = '{"_id": "ok", "text": "?"}'
    samples, bad = read_lines(f"{good}\n\n{line}\n", "q.jsonl", "q", None)
    assert [sample.id for sample in samples] == ["ok"]
    assert [each.where for each in bad] == ["q.jsonl:3"]
    assert why in bad[0].why


def test_an_id_that_occurs_twice_is_said() -> None:
    line = '{"_id": "a", "text": "?"}'
    samples, bad = read_lines(f"{line}\n{line}", "q.jsonl", "q", None)
    assert len(samples) == 1
    assert "twice" in bad[0].why


def test_a_version_that_was_changed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="add a new one"):
        load(folder(tmp_path / "made", '{"_id": "a", "text": "?"}\n', sha256="0" * 64))


def test_a_broken_set_costs_itself_and_a_missing_one_the_command(tmp_path: Path) -> None:
    broken = folder(tmp_path / "made", "", sha256="0" * 64)
    sets, bad = sets_of([broken])
    assert {each.name for each in sets} >= {"citizens", "safety"}
    assert [line.where for line in bad] == [str(broken)]
    with pytest.raises(UnknownName, match=r"nowhere"):
        sets_of([tmp_path / "nowhere.jsonl"])


def samples(count: int, pairs: bool) -> list[Sample]:
    return [
        sample_of({"_id": f"s{n}", "text": "?", "pair": f"p{n // 2}" if pairs else ""}, "made")
        for n in range(count)
    ]


def test_thinning_is_even_and_keeps_pairs() -> None:
    assert [s.id for s in chosen(samples(10, False), "all", 5)] == ["s1", "s3", "s5", "s7", "s9"]
    kept = list(chosen(samples(20, True), "all", 6))
    assert len(kept) == 6
    assert len({sample.pair for sample in kept}) == 3
    assert list(chosen(samples(4, False), "dev", 0)) == []


# --- what comes with the program ------------------------------------------------------------


def test_every_bundled_set_is_whole() -> None:
    assert len(bundled_sets()) >= 8
    for path in bundled_sets():
        dataset = load(path)
        assert not dataset.bad, path
        assert len(dataset.samples) == dataset.version.samples, path
        assert dataset.card.licence
        assert dataset.card.origin
        for version in dataset.card.versions:  # older ones stay as they were
            load(path, version.version)


@pytest.mark.parametrize(
    ("name", "least", "pairs"),
    [
        ("citizens", 400, False),
        ("unanswerable", 150, False),
        ("dates", 60, True),
        ("false_premises", 60, True),
        ("twins", 40, True),
        ("follow_ups", 60, False),
        ("english", 40, False),
        ("safety", 60, False),
    ],
)
def test_sets_are_as_large_as_promised(name: str, least: int, pairs: bool) -> None:
    found = load(BUNDLED / name).samples
    assert len({s.pair for s in found} if pairs else found) >= least
    assert {s.split for s in found} == {"dev", "test"}
    if pairs:
        for pair in {s.pair for s in found}:
            halves = {s.split for s in found if s.pair == pair}
            assert len(halves) == 1, pair


def test_no_question_is_in_both_halves() -> None:
    halves: dict[str, set[str]] = {"dev": set(), "test": set()}
    for path in bundled_sets():
        for sample in load(path).samples:
            # In "dates" the same words are asked on two days; some tasks ask without words.
            if sample.dataset != "dates" and any(turn.text for turn in sample.turns):
                words = " ".join(turn.text.casefold() for turn in sample.turns)
                halves[sample.split].add(words)
    assert len(halves["dev"]) > 400
    assert not halves["dev"] & halves["test"]
