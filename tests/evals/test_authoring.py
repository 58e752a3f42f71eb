"""Labels are read from the corpus, checked against it, and never change once listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from evals import authoring
from evals.authoring import AuthoringError, Corpus, fill, main, problems, stamp
from evals.stated import durations, facts_of, money, stands, typed


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus()


# --- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        ("35.000 đồng", {"type": "money", "value": 35000}),
        ("1 tỷ đồng", {"type": "money", "value": 1_000_000_000}),
        ("Miễn phí", {"type": "free"}),
        ("03 ngày làm việc", {"type": "duration", "value": 3, "unit": "working_day"}),
        ("trong ngày làm việc", {"type": "duration", "value": None, "unit": "same_day"}),
        ("01/3/2027", {"type": "date", "value": "2027-03-01"}),
        ("đủ 17 tuổi", {"type": "number", "value": 17, "unit": "tuổi"}),
        ("20%", {"type": "number", "value": 20, "unit": "%"}),
        ("Thông tư 155/2025/TT-BTC", {"type": "document", "value": "155/2025/TT-BTC"}),
        ("Điều 20 Luật Cư trú", {"type": "article", "value": "20", "near": ["Luật Cư trú"]}),
        ("Sở Tư pháp", {"type": "text", "any": ["Sở Tư pháp"]}),
        ("05 thành viên | năm thành viên", {"type": "text"}),
    ],
)
def test_words_become_facts(words: str, fact: dict[str, object]) -> None:
    found = typed("fees", words)
    assert found["slot"] == "fees"
    assert found | fact == found


def test_figures_are_read_with_their_units() -> None:
    assert money("từ 35.000 đến 105.000 đồng, hoặc 01 tỷ đồng") == {35_000, 105_000, 10**9}
    assert durations("30 đến 45 ngày; 3 ngày làm việc; năm 2026") == {
        (30.0, "day"), (45.0, "day"), (3.0, "working_day"),
    }  # fmt: skip


def test_a_day_is_no_working_day_and_a_fact_needs_its_text() -> None:
    assert stands(typed("times", "8 ngày làm việc"), "Thời hạn: 08 ngày làm việc.")
    assert not stands(typed("times", "8 ngày"), "Thời hạn: 8 ngày làm việc.")
    assert not stands(typed("fees", "20.000 đồng"), "Lệ phí 120.000 đồng.")
    assert not stands(typed("", "5 tuổi"), "từ đủ 15 tuổi")
    assert stands(typed("", "1/7/2025"), "Từ ngày 01/07/2025.")


# --- facts of cards ----------------------------------------------------------------------------


def test_facts_are_those_that_every_accepted_card_states(corpus: Corpus) -> None:
    draft = {"_id": "x0001", "text": "lệ phí hộ chiếu", "kind": "short", "slots": ["fees"]}
    line = fill(draft | {"codes": ["1.001456", "1.001471"]}, corpus)
    assert line["split"] == "dev"
    values = [fact["value"] for fact in line["target"]["facts"]]
    assert 200_000 in values
    assert all(
        stands(fact, corpus.text(code, "fees"))
        for fact in line["target"]["facts"]
        for code in line["target"]["codes"]
    )
    assert {*values} <= {*line["target"]["allowed"]["money"]}
    assert not problems(line, corpus)


def test_what_a_card_does_not_know_is_an_unknown_fact(corpus: Corpus) -> None:
    unknown = [(card, slot) for card in corpus.cards.values() for slot in card.unknown]
    assert unknown
    for card, slot in unknown:
        (fact,) = facts_of(card, slot)
        assert fact["type"] == "unknown"
        assert corpus.says(card.code, fact), (card.code, slot)


def test_facts_of_all_cards_stand_in_them(corpus: Corpus) -> None:
    for code, card in corpus.cards.items():
        for slot in ("fees", "times", "where", "authority", "online", "dossier", "result"):
            text = corpus.text(code, slot)
            for fact in facts_of(card, slot, text=text):
                assert stands(fact, text), (code, fact)


def test_two_procedures_keep_the_facts_of_both(corpus: Corpus) -> None:
    parts = [
        {"codes": ["3.000348"], "slots": ["fees"], "say": {"fees": ["135.000 đồng"]}},
        {"codes": ["1.014064"], "slots": ["fees"], "say": {"fees": ["35.000 đồng"]}},
    ]
    draft = {"_id": "x0002", "text": "mất ví", "kind": "multi", "parts": parts}
    line = fill(draft, corpus)
    assert line["split"] == "test"
    assert [fact["value"] for fact in line["target"]["facts"]] == [135_000, 35_000]
    assert not problems(line, corpus)
    assert problems({**line, "tags": []}, corpus)


def test_a_wrong_label_is_named(corpus: Corpus) -> None:
    draft = {"_id": "x0001", "text": "t", "kind": "full", "codes": ["3.000348"], "slots": ["fees"]}
    line = fill(draft | {"say": {"fees": ["1.000 đồng"]}}, corpus)
    assert "1000" in problems(line, corpus)[0]
    line["target"]["codes"] = ["9.999999"]
    assert "9.999999" in problems(line, corpus)[0]
    with pytest.raises(AuthoringError, match=r"9\.999999"):
        fill(draft | {"codes": ["9.999999"]}, corpus)


# --- sets --------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(authoring, "DATASETS", tmp_path)
    made = tmp_path / "few"
    made.mkdir()
    about = {"name": "few", "title": {"vi": "Ít", "en": "Few"}, "origin": "o", "licence": "l"}
    (made / "dataset.yml").write_text(yaml.safe_dump(about), encoding="utf-8")
    (made / "v1.jsonl").write_text('{"_id": "x0001", "text": "một"}\n', encoding="utf-8")
    return made


def test_a_listed_version_never_changes(folder: Path) -> None:
    assert stamp(folder) == ["v1.jsonl"]
    assert stamp(folder) == []
    (folder / "v1.jsonl").write_text('{"_id": "x0001", "text": "hai"}\n', encoding="utf-8")
    with pytest.raises(AuthoringError, match=r"v2\.jsonl"):
        stamp(folder)
    assert main(["stamp", "few"]) == 1


def test_a_new_version_is_asked_for(folder: Path) -> None:
    stamp(folder)
    (folder / "v2.jsonl").write_text('{"_id": "x0001", "text": "hai"}\n' * 2, encoding="utf-8")
    with pytest.raises(AuthoringError, match="--new-version"):
        stamp(folder)
    assert main(["stamp", "few", "--new-version", "--changes", "Một nhãn sửa."]) == 0
    listed = yaml.safe_load((folder / "dataset.yml").read_text(encoding="utf-8"))["versions"]
    assert [(entry["version"], entry["samples"]) for entry in listed] == [(1, 1), (2, 2)]
    assert listed[1]["changes"] == "Một nhãn sửa."


def test_drafts_are_filled_and_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts = folder / "drafts.jsonl"
    draft = {"_id": "x1", "text": "t", "kind": "full", "codes": ["3.000348"], "slots": ["fees"]}
    drafts.write_text(json.dumps(draft) + "\n", encoding="utf-8")
    assert main(["fill", str(drafts), "--out", str(folder / "v1.jsonl")]) == 0
    assert main(["check", "few"]) == 0
    text = (folder / "v1.jsonl").read_text(encoding="utf-8").replace("135000", "136000")
    (folder / "v1.jsonl").write_text(text, encoding="utf-8")
    assert main(["check", "few"]) == 1
    assert "few/v1.jsonl:1: x1: does not stand" in capsys.readouterr().out


def test_a_line_that_is_no_json_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "v1.jsonl").write_text("{}\n{\n", encoding="utf-8")
    assert main(["check", "few"]) == 1
    assert "v1.jsonl:2" in capsys.readouterr().err


def test_the_citizens_set_is_sound(corpus: Corpus) -> None:
    path = authoring.DATASETS / "citizens" / "v1.jsonl"
    lines = [line for _, line in authoring.read(path)]
    assert len({line["_id"] for line in lines}) == len(lines) >= 430
    named = {code for line in lines for code in line["target"].get("codes", [])}
    assert named == {*corpus.cards}
    for line in lines:
        assert line["split"] == ("dev" if int(line["_id"][1:]) % 2 else "test")
    kinds = [line["kind"] for line in lines]
    for kind, least in {"situational": 40, "ambiguous": 25, "multi": 35}.items():
        assert kinds.count(kind) >= least
