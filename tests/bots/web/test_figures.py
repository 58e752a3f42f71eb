"""Figures over HTTP: files in, values with their places out; and the page that shows them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.assistant.figures.documents import workbook

TEXT = (
    "Tỷ lệ hồ sơ trực tuyến toàn trình của tỉnh Lào Cai năm 2023 đạt 33,1%.\n\n"
    "Tỷ lệ hồ sơ trực tuyến toàn trình của tỉnh Lào Cai năm 2024 đạt 45,2%.\n"
).encode()
QUESTION = "Tỷ lệ hồ sơ trực tuyến toàn trình năm 2024 tăng bao nhiêu so với 2023?"


def sent(*files: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("file", file) for file in files]


def test_a_question_is_answered_with_places_and_a_formula(site: Any) -> None:
    answer = site.http.post(
        "/api/figures", files=sent(("báo cáo.md", TEXT)), data={"question": QUESTION}
    )
    assert answer.status_code == 200
    made = answer.json()
    (finding,) = made["answer"]["findings"]
    assert [point["figures"][0]["value"] for point in finding["points"]] == ["45.2", "33.1"]
    assert finding["calculations"][0]["formula"] == "45,2 − 33,1"
    place = finding["points"][0]["figures"][0]["place"]
    quote = place["quote"][place["number_start"] - place["start"] :]
    assert quote.startswith("45,2%")
    assert made["files"][0]["file"] == "báo cáo.md"
    assert made["chart"].startswith("<svg")
    assert base64.b64decode(made["exports"]["png"]).startswith(b"\x89PNG")
    assert base64.b64decode(made["exports"]["xlsx"]).startswith(b"PK")


def test_json_with_a_workbook_and_an_indicator(site: Any) -> None:
    rows = [["Chỉ tiêu", "ĐVT", 2022, 2023], ["Số vụ", "vụ", 5, 7]]
    file = {"name": "a.xlsx", "data": base64.b64encode(workbook({"S": rows})).decode()}
    made = site.http.post("/api/figures", json={"files": [file], "indicator": "số vụ"}).json()
    (series,) = made["series"]
    assert [point["figures"][0]["place"]["ref"] for point in series["points"]] == ["C2", "D2"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("a.exe", b"MZ")], "chưa nhận được loại tệp này"),
        ([("a.md", b"")], "tệp rỗng"),
        ([(f"{n}.md", b"x") for n in range(9)], "Nhiều hơn 8 tệp"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    site: Any, files: list[tuple[str, bytes]], said: str
) -> None:
    answer = site.http.post("/api/figures", files=sent(*files))
    assert answer.status_code == 422
    assert said in answer.json()["error"]["message"]


def test_a_damaged_file_does_not_hide_the_others(site: Any) -> None:
    made = site.http.post(
        "/api/figures", files=sent(("hong.xlsx", b"PK\x03\x04 broken"), ("a.md", TEXT))
    ).json()
    assert [one["file"] for one in made["failed"]] == ["hong.xlsx"]
    assert made["files"][0]["count"] == 2


def test_the_page_marks_the_number_and_keeps_nothing(site: Any) -> None:
    assert "<form" in site.http.get("/figures").text
    answer = site.http.post(
        "/figures", files=sent(("a.md", TEXT)), data={"question": QUESTION, "indicator": ""}
    )
    assert "<mark>45,2%</mark>" in answer.text
    assert "12,1 điểm phần trăm" in answer.text
    assert 'download="so-lieu.csv"' in answer.text
    assert 'class="chart"' in answer.text
    assert not list(Path("/dev/shm").glob("troly-*/tep-1.md"))
    none = site.http.post("/figures", data={"question": QUESTION}, files=sent(("a.md", b"")))
    assert none.status_code == 422
    assert "tệp rỗng" in none.text


def test_what_a_file_says_is_not_markup(site: Any) -> None:
    text = "Tỷ lệ <script>alert(1)</script> hài lòng năm 2024 đạt 45,2%.\n".encode()
    page = site.http.post("/figures", files=sent(("<b>a.md", text))).text
    assert "<script>alert" not in page
    assert "<b>a.md" not in page
