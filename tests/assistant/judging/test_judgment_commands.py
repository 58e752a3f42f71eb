"""``troly judgment …`` and ``troly law map`` as a person uses them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import troly
from knowledge_base.judgments.importing import SAMPLES, sample_text


@pytest.fixture
def run(tmp_path: Path) -> Any:
    config = tmp_path / "config.yml"
    config.write_text("knowledge_base:\n  embedder: none\n  ocr: 'off'\n", "utf-8")

    def call(*words: str) -> Any:
        given = ["--home", str(tmp_path / "home"), "--config", str(config), *words]
        return CliRunner().invoke(troly.app, given)

    return call


def test_import_list_show_similar_issues_forget(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(sample_text(SAMPLES / "ds-st-vay-01.txt"), "utf-8")
    done = run("judgment", "import", str(file), "--samples", "--json")
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert len(made["imported"]) == len(list(SAMPLES.glob("*.txt"))) + 1
    assert "Hồ Thị Minh" not in done.stdout
    assert made["imported"][0]["judgment"]["masked"]["name"] > 10
    listed = json.loads(run("judgment", "list", "--json").stdout)["judgments"]
    assert len(listed) == len(list(SAMPLES.glob("*.txt")))
    shown = json.loads(run("judgment", "show", "14/2024", "--json", "--text").stdout)
    assert shown["text"][shown["number"]["start"] : shown["number"]["end"]] == "14/2024/HS-ST"
    alike = json.loads(run("judgment", "similar", "08/2023/DS-ST", "-k", "1", "--json").stdout)
    assert alike["similar"][0]["same_articles"]
    assert "không dùng kết quả" in alike["notice"]
    table = run("judgment", "issues", str(file), "--html", str(tmp_path / "t.html"), "--json")
    assert json.loads(table.stdout)["rows"]
    assert "Hồ Thị Minh" not in (tmp_path / "t.html").read_text("utf-8")
    assert "Đã xoá 1" in run("judgment", "forget", "14/2024/HS-ST").stdout
    assert run("judgment", "show", "14/2024/HS-ST").exit_code == 1
    assert "Đã xoá" in run("judgment", "forget", "all").stdout
    assert "Chưa nạp bản án nào" in run("judgment", "list").stdout


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("judgment", "import"), 2, ""),
        (("judgment", "show", "1/2020/HS-ST"), 1, "Chưa nạp bản án"),
        (("judgment", "similar", "khong-co.docx"), 1, "Không có tệp"),
        (("judgment", "law", "Điều 173", "--act", "1/5/2017"), 2, "năm-tháng-ngày"),
        (("judgment", "law", "tội trộm", "--act", "2017-05-01"), 1, "Hãy ghi điều"),
        (("law", "map", "luật không có", "100/2015/QH13"), 1, "Kho không có luật nào"),
        (("law", "map", "15/1999/QH10", "100/2015/QH13", "-a", "999"), 1, "Không có Điều 999"),
    ],
)
def test_mistakes_get_one_sentence(run: Any, words: tuple[str, ...], code: int, why: str) -> None:
    done = run(*words)
    assert done.exit_code == code
    assert why in done.output
    assert "Traceback" not in done.output


def test_a_map_without_the_texts_says_what_is_known(run: Any, tmp_path: Path) -> None:
    page = tmp_path / "m.html"
    done = run(
        "law", "map", "15/1999/QH10", "100/2015/QH13", "-a", "138", "--html", str(page), "--json"
    )
    made = json.loads(done.stdout)
    assert made["known"] == [{"old": "138", "new": ["173"], "about": "trộm cắp tài sản"}]
    assert "troly ingest" in made["remarks"][0]
    assert "trộm cắp tài sản" in page.read_text("utf-8")
