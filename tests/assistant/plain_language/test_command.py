"""``troly plain`` as a person runs it: words, files, what comes on stdin, and mistakes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HARD = "Căn cứ vào quy định nêu trên, đương sự có trách nhiệm tiến hành việc nộp hồ sơ."


def test_words_are_measured(run: Any) -> None:
    done = run("plain", HARD)
    assert done.code == 0
    assert "Điểm dễ đọc:" in done.out
    assert "“căn cứ vào” → theo" in done.out


def test_a_file_and_stdin_say_the_same(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "thong-bao.txt"
    file.write_text(HARD, encoding="utf-8")
    scores = {
        json.loads(run("plain", str(file), "--json").out)["score"],
        json.loads(run("plain", "-", "--json", stdin=HARD).out)["score"],
        json.loads(run("plain", HARD, "--json").out)["score"],
    }
    assert len(scores) == 1


def test_below_the_score_asked_for_the_exit_code_is_one(run: Any) -> None:
    assert run("plain", HARD, "--least", "80").code == 1
    assert run("plain", "Anh/chị nộp đơn ở xã.", "--least", "80").code == 0


def test_mistakes_are_told(run: Any, tmp_path: Path) -> None:
    for given, words in (
        ("", "Không thấy chữ nào"),
        ("12345", "Không thấy chữ nào"),
        ("khong-co.docx", "Không có tệp"),
    ):
        done = run("plain", given)
        assert done.code != 0
        assert words in done.err
    broken = tmp_path / "hong.docx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    done = run("plain", str(broken))
    assert done.code != 0
    assert "hong.docx" in done.err
