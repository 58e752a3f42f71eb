"""Sums in words: written as papers of accounts do, and read back."""

from __future__ import annotations

import random

import pytest

from assistant.drafting.number_words import from_words, in_words, sum_in_words

KNOWN = {
    0: "không",
    5: "năm",
    10: "mười",
    11: "mười một",
    14: "mười bốn",
    15: "mười lăm",
    20: "hai mươi",
    21: "hai mươi mốt",
    24: "hai mươi tư",
    25: "hai mươi lăm",
    44: "bốn mươi tư",
    55: "năm mươi lăm",
    100: "một trăm",
    101: "một trăm linh một",
    104: "một trăm linh bốn",
    105: "một trăm linh năm",
    110: "một trăm mười",
    111: "một trăm mười một",
    115: "một trăm mười lăm",
    121: "một trăm hai mươi mốt",
    1_000: "một nghìn",
    1_001: "một nghìn không trăm linh một",
    1_015: "một nghìn không trăm mười lăm",
    10_000: "mười nghìn",
    21_000: "hai mươi mốt nghìn",
    100_000: "một trăm nghìn",
    1_000_000: "một triệu",
    1_000_001: "một triệu không trăm linh một",
    1_500_000: "một triệu năm trăm nghìn",
    15_000_000: "mười lăm triệu",
    1_000_000_000: "một tỷ",
    1_000_015_005: "một tỷ không trăm mười lăm nghìn không trăm linh năm",
    2_500_000_000: "hai tỷ năm trăm triệu",
    1_000_000_000_000: "một nghìn tỷ",
    1_234_567_891_234: "một nghìn hai trăm ba mươi tư tỷ năm trăm sáu mươi bảy triệu tám trăm chín "
    "mươi mốt nghìn hai trăm ba mươi tư",
    10**15 + 5: "một triệu tỷ không trăm linh năm",
}


@pytest.mark.parametrize("number", KNOWN)
def test_known_sums(number: int) -> None:
    assert in_words(number) == KNOWN[number]
    assert from_words(KNOWN[number]) == number


def test_every_number_can_be_read_back() -> None:
    drawn = random.Random(5)  # noqa: S311
    numbers = [
        *range(12_000),
        *(drawn.randrange(10 ** drawn.randrange(4, 18)) for _ in range(4000)),
    ]
    for number in numbers:
        assert from_words(in_words(number)) == number
        assert from_words(in_words(number, odd="lẻ").capitalize()) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Hai mươi mốt triệu, năm trăm nghìn", 21_500_000),
        ("một trăm lẻ tư ngàn", 104_000),
        ("ba tỉ bảy trăm triệu", 3_700_000_000),
        ("hai mươi bốn", 24),
        ("hai mươi nhăm", 25),
        ("một trăm hai mươi", 120),
    ],
)  # fmt: skip
def test_other_ways_to_say_it(words: str, number: int) -> None:
    assert from_words(words) == number


@pytest.mark.parametrize(
    "words",
    ["", "năm ngoái", "đồng", "một hai", "mươi", "trăm", "linh năm", "hai nghìn triệu", "tỷ"],
)
def test_what_is_no_number_is_none(words: str) -> None:
    assert from_words(words) is None


def test_a_sum_as_papers_write_it() -> None:
    assert sum_in_words(1_000_015_005) == (
        "1.000.015.005 đồng (Bằng chữ: Một tỷ không trăm mười lăm nghìn không trăm linh năm đồng)"
    )


def test_what_cannot_be_said() -> None:
    for number in (-1, 10**18):
        with pytest.raises(ValueError, match="not between"):
            in_words(number)
