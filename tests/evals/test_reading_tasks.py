"""Understanding, slots and law: what was read against what is known, as their benchmarks count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.build import build_assistant
from assistant.config import Config
from evals.benchmarks import law as law_benchmark
from evals.benchmarks import slots as slots_benchmark
from evals.errors import EvalError, MissingData
from evals.ground import Ground
from evals.loaders import law, procedures
from evals.samples import BUNDLED, load, sample_of
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting
from evals.tasks import named
from evals.tasks.law.generate import generate as read_law
from evals.tasks.law.samples import samples as law_samples
from evals.tasks.law.score import score as score_law
from evals.tasks.slots.generate import generate as read_slots
from evals.tasks.slots.samples import samples as slots_samples
from evals.tasks.slots.score import score as score_slots
from evals.tasks.task import Sources
from evals.tasks.understanding.generate import generate as understand
from evals.tasks.understanding.score import score as score_understanding
from evals.vocabulary import Output, Score
from knowledge_base.home import Home
from tests.evals.test_loaders import packed
from tests.published_data import DATA

NOTHING = Ground({}, "")
PORTAL = DATA / "tthc_dichvucong" / "procedures.jsonl.zst"


@pytest.fixture(scope="module")
def subject(bundled_home: Home) -> Iterator[InProcess]:
    opened = InProcess(build_assistant(bundled_home, Config()))
    yield opened
    opened.close()


@pytest.fixture
def setting(bundled_home: Home, tmp_path: Path) -> Setting:
    return Setting(bundled_home, Config(), tmp_path)


def understood(kind: str, text: str, expected: Any, read: Any, dataset: str = "own") -> Score:
    row = {"_id": "n", "text": text, "kind": kind, "target": {"expected": expected}}
    (only,) = score_understanding(sample_of(row, dataset), Output(value=read), NOTHING)
    return only


# --- understanding ------------------------------------------------------------------------------


def test_the_set_is_whole_and_every_kind_is_scored(subject: InProcess, setting: Setting) -> None:
    found = load(BUNDLED / "understanding")
    assert not found.bad
    assert len(found.samples) >= 160
    measures = set()
    for sample in found.samples[::10]:
        (only,) = score_understanding(
            sample, Output(value=understand(sample, subject, setting)), NOTHING
        )
        assert only.value is not None
        measures.add(only.measure)
    assert measures == {"normalisation", "clean", "dates", "places", "codes"}
    assert {goal.measure for goal in named(["understanding"])[0].card.goals} == measures


@pytest.mark.parametrize(
    ("kind", "text", "expected", "read", "value"),
    [
        ("bare", "hoa don", ["hóa đơn"], "hoá đơn", 1.0),
        ("teencode", "lm cccd", ["làm cccd", "làm căn cước"], "Làm căn cước.", 1.0),
        ("telex", "xe cux", ["xe cũ"], "xe cux", 0.0),
        ("clean", "Nguyễn An", ["Nguyễn An"], "nguyễn an", 0.0),
        ("dates", "mất bao lâu", None, None, 1.0),
        ("dates", "năm 2024", "2024-12-31", None, 0.0),
        ("places", "x", {"provinces": ["Huế"]}, {"provinces": ["Huế"], "now": ["Phường A"]}, 1.0),
        ("places", "x", {"provinces": [], "now": []}, {"provinces": ["Huế"], "now": []}, 0.0),
        ("codes", "x", {"numbers": ["01/2024/TT-BTC"]}, {"numbers": ["1/2024/tt-btc"]}, 1.0),
        ("codes", "x", {}, {"numbers": [], "codes": ["1.001193"]}, 0.0),
    ],
)
def test_reading_is_right_or_not(
    kind: str, text: str, expected: Any, read: Any, value: float
) -> None:
    assert understood(kind, text, expected, read).value == value


def test_chat_counts_words() -> None:
    found = understood("chat", "ko bik j", "không biết gì", "không bik gì", "vilexnorm")
    assert found.measure == "chat"
    assert found.value == pytest.approx(2 / 3)


def test_a_door_cannot_be_seen_reading(setting: Setting) -> None:
    class Door:
        name = "http"

    with pytest.raises(EvalError, match="http"):
        understand(sample_of({"_id": "n", "text": "?"}, "own"), Door(), setting)  # type: ignore[arg-type]


# --- slots --------------------------------------------------------------------------------------


def test_without_data_both_are_skipped(setting: Setting, tmp_path: Path) -> None:
    for samples in (slots_samples, law_samples):
        for data in (None, tmp_path):
            with pytest.raises(MissingData):
                samples(Sources([], data, setting))


def test_figures_that_are_not_in_the_tables_are_told(tmp_path: Path) -> None:
    row = {
        "thu_tuc_id": "1.013129",
        "tables": {
            "hinh_thuc_nop": [{"thoi_han_giai_quyet": "07 Ngày", "phi_le_phi": "Phí : 1.500.000"}],
            "thanh_phan_ho_so": [{}, {}],
        },
    }
    packed(tmp_path / "tthc_bo_quoc_phong" / "procedures.jsonl.zst", [row])
    (sample,) = procedures.ministry(tmp_path)
    time = {"unit": "day", "amount": 7, "text": "07 Ngày"}
    fee = {"state": "known", "amount": 150000, "text": "150.000"}
    channel = {"how": "in_person", "times": [time], "fees": [fee]}
    card = {"code": "1.013129", "name": "Tên", "channels": [channel], "dossier": []}
    scores = {s.measure: s for s in score_slots(sample, Output(value=_card(card)), NOTHING)}
    assert scores["table times"].value == 1.0
    assert scores["table fees"].value == 0.0
    assert "150000" in scores["table fees"].explanation
    assert scores["table papers"].value == 0.0


def _card(few: dict[str, Any]) -> Any:
    """A card with these fields; the others are those of any bundled one, emptied."""
    from dataclasses import replace

    from knowledge_base.corpus_files import procedures as bundled
    from knowledge_base.rows import card_from_json, card_to_json

    one = replace(next(iter(bundled())), channels=(), dossier=())
    return json.loads(card_to_json(card_from_json(card_to_json(one)))) | few


@pytest.mark.skipif(not PORTAL.is_file(), reason="the portal's records are not here")
def test_slots_are_counted_as_the_benchmark_does(subject: InProcess, setting: Setting) -> None:
    found = [s for s in slots_samples(Sources([], DATA, setting)) if s.kind == "portal"]
    told = slots_benchmark.measure(PORTAL, "all").as_json()
    assert len(found) == told["records"] > 0
    weights: dict[str, float] = {}
    values: dict[str, float] = {}
    for sample in found:
        for each in score_slots(
            sample, Output(value=read_slots(sample, subject, setting)), NOTHING
        ):
            weights[each.measure] = weights.get(each.measure, 0) + each.weight
            values[each.measure] = values.get(each.measure, 0) + each.weight * (each.value or 0)
    for slot, figures in told["slots"].items():
        name = f"exact {slot}"
        assert values[name] / weights[name] == pytest.approx(figures["exact"], abs=1e-4), slot
        assert weights[name] == figures["cases"]
    assert weights["wrong figures"] == told["figures of times and fees"]
    assert values["wrong figures"] == told["wrong figures"]
    assert weights.keys() <= named(["slots"])[0].card.measures.keys()


# --- law ----------------------------------------------------------------------------------------

ARTICLES = [
    {
        "_id": f"1.1.LQ.{number}",
        "title": "Phạm vi điều chỉnh",
        "text": "Luật này quy định về cư trú của công dân.",
        "meta": {
            "doc_number": "68/2020/QH14",
            "article": str(number),
            "effective_from": "2021-07-01",
            "source_note": f"(Điều {number} Luật số 68/2020/QH14 ngày 13/11/2020 của Quốc hội, có hiệu lực thi hành kể từ ngày {day})",  # noqa: E501
        },
    }
    for number, day in ((1, "01/07/2021"), (2, "02/07/2021"))
]


def test_the_law_is_counted_as_the_benchmark_does(
    subject: InProcess, setting: Setting, tmp_path: Path
) -> None:
    path = packed(tmp_path / "phapdien" / "corpus.jsonl.zst", ARTICLES)
    found = list(law.codified(tmp_path))
    counted = law_benchmark.codified(path)
    assert counted["articles"] == len(found) == 2
    values: dict[str, float] = {}
    for sample in found:
        for each in score_law(sample, Output(value=read_law(sample, subject, setting)), NOTHING):
            values[each.measure] = values.get(each.measure, 0) + (each.value or 0)
    assert values == {
        "number": counted["number: as the set says, or fuller"],
        "article": counted["article: as the set says"],
        "day": counted["day: as the set says"],
    }
    assert values["number"] == 2
    assert values["day"] == 1


def test_articles_run_or_do_not(subject: InProcess, setting: Setting, tmp_path: Path) -> None:
    article = "Điều {}. Phạm vi\nLuật này quy định về cư trú của công dân.\n"
    rows = [
        {"id": name, "text": "".join(map(article.format, numbers))}
        for name, numbers in (("whole", (1, 2, 3, 4)), ("torn", (2, 3, 4, 5)))
    ]
    packed(tmp_path / "vlc_laws" / "laws.jsonl.zst", rows)
    values = set()
    for sample in law.old(tmp_path):
        (only,) = score_law(sample, Output(value=read_law(sample, subject, setting)), NOTHING)
        assert only.measure == "articles in order"
        values.add(only.value)
    assert values == {0.0, 1.0}
