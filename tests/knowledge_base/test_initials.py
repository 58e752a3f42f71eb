"""Clipped words are read by headings, and words that are whole stay what they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from knowledge_base.index import initials

HEADINGS = [
    "Gia hạn tạm trú cho người nước ngoài",
    "Giới hạn tốc độ",
    "Phòng, chống ma túy",
    "Cai nghiện ma túy và quản lý sau cai",
]


@pytest.mark.parametrize("word", ["ghtt", "mtuy", "đkkd", "CCCD", "hso"])
def test_what_can_be_no_syllable_may_be_clipped(word: str) -> None:
    assert initials.is_clipped(word)


@pytest.mark.parametrize("word", ["trú", "tru", "an", "dieu", "đ", "k", "12a", "abcdefgh", "ở"])
def test_syllables_numbers_and_long_words_are_not(word: str) -> None:
    assert not initials.is_clipped(word)


def test_phrases_are_kept_by_their_initials(tmp_path: Path) -> None:
    initials.write(HEADINGS, tmp_path)
    table = initials.read(tmp_path)
    assert "gia hạn tạm trú" in table["ghtt"]
    assert table["mtuy"][0] == "ma túy"
    phrases = {phrase for found in table.values() for phrase in found}
    assert "ma túy và quản" in phrases
    assert not [phrase for phrase in phrases if {phrase.split()[0], phrase.split()[-1]} & {"và"}]


def read(words: list[str], known: set[str], worth: Mapping[str, float]) -> dict[str, str]:
    return initials.chosen(
        words,
        initials.learned(HEADINGS),
        known.__contains__,
        lambda readings: max([worth.get(phrase, 0.0) for phrase in readings.values()] + [0.5]),
    )


def test_the_reading_is_taken_that_documents_have_most_of() -> None:
    phrases = initials.learned(HEADINGS)["ghtt"]
    assert "gia hạn tạm trú" in phrases
    assert read(["ghtt"], set(), {"gia hạn tạm trú": 2.0}) == {"ghtt": "gia hạn tạm trú"}


def test_a_word_that_texts_have_is_left_alone_where_it_can_be_spoken() -> None:
    assert read(["mtuy"], {"mtuy"}, {"ma túy": 2.0}) == {}
    assert read(["mtuy"], set(), {"ma túy": 2.0}) == {"mtuy": "ma túy"}


def test_what_means_one_thing_everywhere_is_not_read_again() -> None:
    table = {"ubnd": ["uống bia nhiều dần"]}
    assert initials.chosen(["ubnd"], table, lambda _: False, lambda _: 9.0) == {}
