"""Noise is the same each time, and the benchmark of typed text counts rightly."""

from __future__ import annotations

from evals.benchmarks.typed import measure, table, texts
from evals.noise import NOISES
from evals.training.diacritics import held_out, ways

TEXT = "Tôi muốn đăng ký kết hôn với người nước ngoài thì có được không?"


def test_noise_is_deterministic_and_does_something() -> None:
    for name, make in NOISES.items():
        assert make(TEXT, 3) == make(TEXT, 3), name
        assert make(TEXT, 3) != TEXT, name
    assert NOISES["bare"](TEXT, 0).isascii()


def test_own_questions_are_measured_without_a_data_folder() -> None:
    assert len(texts(None)["own questions"]) > 100


def test_the_table_has_a_line_for_each_noise() -> None:
    lines = measure({"one": [TEXT]})
    assert [line.noise for line in lines] == ["clean", *NOISES]
    assert lines[0].whole == 1.0
    assert all(0.8 < line.syllables <= 1.0 for line in lines)
    assert table(lines).count("\n") == len(lines) + 1


def test_choices_of_everyday_lines_are_made() -> None:
    assert list(ways("(em|anh) hỏi")) == ["em hỏi", "anh hỏi"]
    assert 20 < sum(held_out(str(number)) for number in range(1000)) < 80
