"""The name that says just what was asked fits best, whatever else shares its words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.index.definitions import defined_terms
from knowledge_base.index.heads import Heads, parts, write
from knowledge_base.index.lexical import term_hashes
from knowledge_base.vietnamese import fold, tokens

ROWS = (
    ("đăng ký tạm trú", "khai báo tạm trú"),
    ("xóa đăng ký tạm trú",),
    (),
    ("tạm trú đăng ký",),
)


def folded(text: str) -> list[str]:
    return [fold(word) for word in tokens(text)]


def fits(folder: Path, said: str, rows: list[int]) -> tuple[list[float], list[float]]:
    write([tuple(tuple(folded(name)) for name in row) for row in ROWS], folder)
    asked = folded(said)
    content = term_hashes(list(dict.fromkeys(asked)))
    found, order = Heads.open(folder).fit(
        np.array(rows, dtype=np.int32),
        term_hashes(asked),
        content,
        np.ones(len(content), dtype=np.float32),
    )
    return found.tolist(), order.tolist()


def test_a_name_that_says_more_or_less_fits_less(tmp_path: Path) -> None:
    found, order = fits(tmp_path, "đăng ký tạm trú", [0, 1, 2, 3])
    assert found[0] == pytest.approx(1)
    assert 0 < found[1] < found[0]
    assert found[2] == order[2] == 0
    assert order[0] == pytest.approx(1)
    assert 0 < order[3] < order[0]


def test_what_was_said_beyond_the_name_makes_it_fit_less(tmp_path: Path) -> None:
    shorter, _ = fits(tmp_path, "đăng ký tạm trú", [1])
    whole, _ = fits(tmp_path, "xóa đăng ký tạm trú", [1])
    beyond, _ = fits(tmp_path, "xóa đăng ký tạm trú cho người thuê nhà", [1])
    assert whole[0] == pytest.approx(1)
    assert shorter[0] < whole[0] > beyond[0] > 0


def test_rows_come_back_in_the_order_they_were_asked_in(tmp_path: Path) -> None:
    assert fits(tmp_path, "khai báo tạm trú", [3, 1, 0])[0][2] == pytest.approx(1)


@pytest.mark.parametrize("said", ["", "visa"])
def test_queries_of_other_words_fit_nothing(tmp_path: Path, said: str) -> None:
    assert fits(tmp_path, said, [0, 1, 2, 3]) == ([0, 0, 0, 0], [0, 0, 0, 0])
    assert fits(tmp_path, said, []) == ([], [])


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Cấp lại thẻ - Giao thông (tại xã)", ["Cấp lại thẻ", "Giao thông", "tại xã"]),
        ("Luật Cư trú › Điều 3", ["Luật Cư trú", "Điều 3"]),
        ("; ()", []),
    ],
)
def test_headings_are_made_of_names(name: str, made: list[str]) -> None:
    assert parts(name) == made


def test_terms_that_a_text_defines() -> None:
    text = (
        "Trong luật này:\n1. Nơi ở hiện tại là nơi thường trú hoặc tạm trú.\n"
        "b) Lưu trú được hiểu là việc ở lại một nơi.\n"
        "3. Công dân không có nơi ở là người phải khai báo.\nHôm nay trời đẹp."
    )
    assert defined_terms(text) == ("Nơi ở hiện tại", "Lưu trú")
