"""Loaders: every public set becomes samples; what is absent or odd is told, never an error."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from evals.benchmarks import sets
from evals.benchmarks.files import half, lines, split_of
from evals.errors import MissingData
from evals.loaders import conversations, law, procedures
from evals.loaders.public import ASKED, datasets, listed
from evals.loaders.reading import placed, readable, rows_of
from evals.loaders.typed import chat
from evals.samples import sample_of
from tests.published_data import DATA

TASKS = ("routing", "refusals", "dates")


def packed(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """A published file of these rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(zstandard.ZstdCompressor().compress(text.encode()))
    return path


def test_either_half_is_read_and_told(tmp_path: Path) -> None:
    pair = {"original": "ko bik", "normalized": "không biết"}
    packed(tmp_path / "vilexnorm" / "pairs.heldout.jsonl.zst", [pair])
    (sample,) = chat(tmp_path)
    assert (sample.split, sample.text, sample.target.expected) == ("test", "ko bik", "không biết")
    packed(tmp_path / "vilexnorm" / "pairs.dev.jsonl.zst", [pair, pair])
    (sample,) = chat(tmp_path)
    assert sample.split == "dev"
    assert split_of(Path("corpus.jsonl.zst")) == "dev"
    assert half(tmp_path, "none", "tsv").name == "none.dev.tsv"


def test_what_is_not_there_is_missing_data_that_says_what(tmp_path: Path) -> None:
    for load in (chat, procedures.portal, procedures.ministry, law.codified, law.files):
        with pytest.raises(MissingData, match="--data"):
            list(load(None))
        with pytest.raises(MissingData, match="is not there"):
            list(load(tmp_path))
    assert datasets(None, TASKS)[1] == [("public questions", "no folder is named with --data")]
    found, missing = datasets(tmp_path, TASKS)
    assert not found
    assert {name for name, _ in missing} == {each.name for each in ASKED}
    assert datasets(tmp_path, ["slots"]) == ([], [])


def test_a_file_of_another_form_costs_its_set_alone(tmp_path: Path) -> None:
    broken = tmp_path / "vihsd" / "comments.dev.jsonl.zst"
    broken.parent.mkdir()
    broken.write_bytes(b"no zstd at all")
    packed(tmp_path / "viquad2" / "val.dev.jsonl.zst", [{"another": "form"}])
    packed(tmp_path / "xquad_vi" / "xquad.dev.jsonl.zst", [{"question": "Ai xây tháp?"}])
    found, missing = datasets(tmp_path, ["refusals"])
    assert [each.name for each in found] == ["xquad_vi"]
    assert dict(missing).keys() == {"vihsd", "viquad2", "vihos"}
    with pytest.raises(ValueError, match="no zstd"):
        list(lines(broken))
    with pytest.raises(MissingData, match="no zstd"):
        rows_of(tmp_path, "vihsd", "comments")
    with pytest.raises(MissingData, match="cannot be read"), readable("it"):
        raise KeyError("text")


def test_where_files_lie_is_no_part_of_a_sample(tmp_path: Path) -> None:
    sample = sample_of({"_id": "a", "given": {"code": "1"}}, "set")
    there = placed(sample, file=tmp_path)
    assert there.hash == sample.hash
    assert there.given == {"code": "1", "file": str(tmp_path)}


def test_figures_of_other_days_must_not_be_in_the_answer(tmp_path: Path) -> None:
    row = {"question": "Lương tối thiểu?", "category": "temporal"}
    packed(
        tmp_path / "labor_temporal" / "questions.dev.jsonl.zst",
        [
            {**row, "id": "1", "query_date": "2021-05-01", "expected_figure": "4.420.000"},
            {**row, "id": "2", "query_date": "2023-03-01", "expected_figure": "4.680.000"},
            {**row, "id": "3", "query_date": "2023-03-01", "expected_figure": "38"},
        ],
    )
    first, second = conversations.labour(tmp_path)
    assert (first["pair"], second["pair"]) == ("1", "1")
    assert first["target"]["absent"] == [{"type": "money", "value": 4680000}]


@pytest.mark.skipif(not DATA.is_dir(), reason="the public sets are not here")
def test_every_published_folder_has_a_loader_that_works() -> None:
    folders = {each.folder for each in listed(DATA)}
    assert {path.name for path in DATA.iterdir() if path.is_dir()} <= folders
    found, missing = datasets(DATA, TASKS)
    here = {each.folder for each in listed(DATA) if each.here}
    assert {name for name, _ in missing}.isdisjoint(here)
    for each in found:
        assert each.samples
        assert not each.bad
    for name in sets.known():
        if sets.folder(name) in here:
            questions = sets.questions(name, DATA)
            assert questions
            assert all(question.gold and question.text for question in questions), name
