"""Syllables, keys, the table of counts and its reader."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge_base.syllables import apart, compose, is_syllable, well_placed
from knowledge_base.typed.keyboards import telex, vni
from knowledge_base.typed.reader import Reader
from knowledge_base.typed.table import FILE, pack, scale, table


@pytest.mark.parametrize(
    "word",
    [
        "nghiêng",
        "đường",
        "quý",
        "thuyền",
        "giếng",
        "gìn",
        "gì",
        "khuỷu",
        "quyết",
        "huỳnh",
        "cap",
        "duoc",
        "uong",
    ],
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(compose(*apart(word)))


@pytest.mark.parametrize(
    "word", ["test", "ngiêng", "visa", "form", "kha2", "đươc", "bức1", "ghà", "ccc"]
)
def test_what_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


def test_where_the_tone_stands() -> None:
    assert well_placed("hòa")
    assert well_placed("hoà")
    assert not well_placed("ngừơi")
    assert compose(*apart("ngừơi")) == "người"


@pytest.mark.parametrize(
    ("keys", "meant"),
    [("hooj", "hộ"), ("chieesu", "chiếu"), ("chieeus", "chiếu"), ("chiesue", "chiếu"),
     ("dduwowcj", "được"), ("dduocwj", "được"), ("nguwowif", "người"), ("quyeenf", "quyền"),
     ("thuwr", "thử"), ("gif", "gì"), ("form", None), ("case", None), ("xe", None)],
)  # fmt: skip
def test_telex(keys: str, meant: str | None) -> None:
    assert telex(keys) == meant


@pytest.mark.parametrize(
    ("keys", "meant"),
    [("ho65", "hộ"), ("chie61u", "chiếu"), ("chieu61", "chiếu"), ("d9u7o7ng2", "đường"),
     ("nguo7i2", "người"), ("ct01", None), ("kt3", None), ("m2", None), ("mp3", None)],
)  # fmt: skip
def test_vni(keys: str, meant: str | None) -> None:
    assert vni(keys) == meant


def test_the_table_is_small_and_whole() -> None:
    counts = table()
    assert FILE.stat().st_size < 3_000_000
    assert len(counts.words) > 5000
    assert counts.pair_count("hộ", "chiếu") > 100
    assert counts.count("chiếu") > counts.count("chiêu")
    assert np.all(np.diff(counts.pairs.keys) > 0)
    assert np.all(np.diff(counts.triples.keys) > 0)


def test_packing_loses_nothing() -> None:
    keys = np.array([3, 7, 300, 70_000, 2**38])
    rows = pack(keys)
    steps = sum(row.astype(np.int64) << 8 * at for at, row in enumerate(rows))
    assert np.cumsum(steps).tolist() == keys.tolist()
    assert scale(np.array([0.0, 1.0, 2.0])).tolist() == [0, 1, 7]


def test_fixed_words_guide_the_others() -> None:
    reader = Reader()
    assert reader.read([["kết"], "hon"]) == ["kết", "hôn"]
    assert reader.read(["ho", "chieu"]) == ["hộ", "chiếu"]
    assert reader.read(["xyzzy", "ho", "chieu"]) == ["xyzzy", "hộ", "chiếu"]
    assert reader.read([]) == []


def test_an_index_adds_the_syllables_only_it_knows() -> None:
    class Index:
        def readings(self, bare: str) -> list[str]:
            return ["blởk"] if bare == "blok" else []

        def chance(self, word: str) -> float:
            return 0.01 if word == "blởk" else 0.0

        def follows(self, left: object, right: list[str]) -> np.ndarray:
            return np.full((len(left), len(right)), 0.5)  # type: ignore[arg-type]

    assert Reader(Index()).read(["lang", "blok"])[1] == "blởk"
    assert Reader().read(["lang", "blok"])[1] == "blok"
