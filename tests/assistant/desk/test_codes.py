"""Codes that survive the telephone."""

from __future__ import annotations

import itertools

import pytest

from assistant.desk.codes import LETTERS, code_of, letter_of, nearest, new_code, read_code


def test_a_wrong_figure_or_two_exchanged_make_another_letter() -> None:
    for number in range(0, 10_000, 7):
        figures = f"{number:04d}"
        letter = letter_of(figures)
        for place, figure in itertools.product(range(4), "0123456789"):
            wrong = figures[:place] + figure + figures[place + 1 :]
            assert wrong == figures or letter_of(wrong) != letter
        for place in range(3):
            a, b = figures[place : place + 2]
            if a != b:
                assert letter_of(figures[:place] + b + a + figures[place + 2 :]) != letter


def test_no_letter_sounds_or_looks_like_a_figure_or_is_foreign() -> None:
    assert not set(LETTERS) & set("IOQFJWZ")
    assert len(set(LETTERS)) == 19


@pytest.mark.parametrize(
    "typed",
    [
        "TR-4821-A",
        "tr-4821-a",
        "tr4821a",
        " TR 4821 A ",
        "TR–4821–A",
        "#TR.4821.A",
        "ＴＲ４８２１Ａ",
    ],
)
def test_any_spelling_is_read(typed: str) -> None:
    assert read_code(typed) == "TR-4821-A" == code_of("4821")


@pytest.mark.parametrize(
    "typed",
    ["", "TR-4821-B", "4821", "TR-48-A", "😀", "x" * 10**6, "TR-4821-A; DROP TABLE", "\x00"],
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_the_nearest_is_offered() -> None:
    known = ["TR-1111-A", "TR-4821-A", "TR-9034-B"]
    for typed in ("4821", "TR-4821-B", "TR-4812-A", "TR-482-A", "48921"):
        assert nearest(typed, known) == "TR-4821-A"
    assert nearest("xin chào", known) is None
    assert nearest("TR-7777-A", known) is None


def test_codes_grow_when_the_short_ones_are_taken() -> None:
    assert len(new_code(lambda code: len(code) < len("TR-12345-A"))) == len("TR-12345-A")
