"""The parts of Rasa's pipeline that are ours, without Rasa."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from assistant.dialogue.project.components.intent_features import Meaning, Weighed, readings
from assistant.dialogue.project.components.intent_model import IntentModel
from assistant.dialogue.project.components.signals import hear, signal_count
from assistant.dialogue.project.components.things import Things

ROOT = Path(__file__).resolve().parents[3]
TABLES = {
    "procedure": ["làm hộ chiếu", "hộ chiếu"],
    "place": ["Hà Nội", "Huế"],
    "person_kind": ["cho con"],
}
VALUES = {"làm hộ chiếu": "1.001456", "Hà Nội": "Thành phố Hà Nội", "cho con": "minor"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "lam ho chieu cho con o ha noi",
            [("procedure", "1.001456"), ("person_kind", "minor"), ("place", "Thành phố Hà Nội")],
        ),
        ("Hộ chiếu?", [("procedure", "hộ chiếu")]),
        ("hỏ chiêu", []),
        ("hue", []),
        ("ở Huế", [("place", "Huế")]),
        ("nghị định 168/2024/nđ-cp", [("document_number", "168/2024/NĐ-CP")]),
        ("200.000 đồng hay 1,5 triệu", [("money", "200000"), ("money", "1500000")]),
        ("cái thứ hai nhé", [("ordinal", "2")]),
        ("2", [("ordinal", "2")]),
        ("bé 10 tuổi", [("person_kind", "minor")]),
        ("sinh ngày 15/10/2026", [("date", "15/10/2026")]),
        ("", []),
        ("😂" * 50, []),
    ],
)
def test_things(text: str, found: list[tuple[str, str]]) -> None:
    things = Things(TABLES, VALUES).find(text)
    assert [(thing.entity, thing.value) for thing in things] == found
    assert all(0 <= thing.start < thing.end <= len(text) for thing in things)


@pytest.mark.parametrize("text", ["", " ", "?", "😂", ":))", "a" * 5000, "\x00", "İstanbul ǅ"])
def test_odd_messages_are_heard(text: str) -> None:
    heard = hear(text)
    assert heard.meant
    assert heard.signals.shape == (signal_count(),)
    Things(TABLES, VALUES).find(text)


def test_courtesies_and_missing_diacritics_make_no_difference() -> None:
    assert hear("Dạ cho em hỏi: lệ phí bao nhiêu?").meant == hear("le phi bao nhieu").meant
    assert len(readings("lệ phí bao nhiêu")) == 1


class _NoMeaning(Meaning):
    def __init__(self) -> None:
        self.vector = lambda text: np.zeros(384, dtype=np.float32)


def _model() -> IntentModel:
    letters = Weighed.of([Counter({"ph": 1}), Counter({"ph": 1})], 1)
    words = Weighed({"phí": 1.0, "chào": 1.0})
    coarse = np.array([[0, 0], [5, 0], [0, 5]], dtype=np.float32)
    fine = np.zeros((384 + signal_count(), 2), dtype=np.float32)
    offset = np.zeros(2, dtype=np.float32)
    return IntentModel(["ask_fee", "greet"], letters, words, coarse, fine, offset, _NoMeaning())


def test_a_model_is_kept_and_read_back(tmp_path: Path) -> None:
    _model().save(tmp_path)
    kept = IntentModel.load(tmp_path, _NoMeaning())
    ranking = kept.rank("phí")
    assert ranking == _model().rank("phí")
    assert ranking[0][0] == "ask_fee"
    assert sum(likely for _, likely in ranking) == pytest.approx(1)
    assert kept.rank("chào")[0][0] == "greet"


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    _model().save(tmp_path)
    names = tmp_path / "names.json"
    names.write_text(names.read_text(encoding="utf-8").replace('"phí": 1.0, ', ""), "utf-8")
    with pytest.raises(ValueError, match="vocabulary"):
        IntentModel.load(tmp_path, _NoMeaning())


def test_what_rasa_runs_is_python_3_10() -> None:
    parts = ("components", "typed", "vietnamese", "syllables", "asked", "politeness", "tables")
    ours = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
    wanted = [path for path in ours if path.startswith(str(ROOT)) and any(p in path for p in parts)]
    assert len(wanted) > 10
    for path in wanted:
        ast.parse(Path(path).read_text(encoding="utf-8"), path, feature_version=(3, 10))
