"""Questions, series, sums and charts; what is unclear or missing is said, never guessed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

import troly
from assistant.figures.asking import answered
from assistant.figures.chart import chart
from assistant.figures.compute import growth, share, total
from assistant.figures.exporting import as_csv, as_xlsx, rows_of
from assistant.figures.matching import matching
from assistant.figures.model import Figure, Reading
from assistant.figures.periods import period_of_label
from assistant.figures.reading import read_figures
from assistant.figures.series import series_of
from assistant.figures.told import answer_lines
from assistant.figures.written import number_of, style_of
from knowledge_base.settings import KnowledgeSettings

from .documents import pdf, word, workbook, written


def read(*paths: Path) -> list[Reading]:
    done, failed = read_figures(paths, KnowledgeSettings())
    assert not failed
    return done


def figures(folder: Path, **texts: str) -> list[Figure]:
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.md")
        paths[-1].write_text(text, "utf-8")
    return [figure for one in read(*paths) for figure in one.figures]


@pytest.mark.parametrize(
    ("text", "style", "counted", "values"),
    [
        ("1.234,5", "", False, ["1234.5"]),
        ("1,234.5", "", False, ["1234.5"]),
        ("12,5", "", False, ["12.5"]),
        ("12.5", "", False, ["12.5"]),
        ("1.234.567", "", False, ["1234567"]),
        ("1.234", "", False, ["1234", "1.234"]),
        ("1.234", "vi", False, ["1234"]),
        ("1.234", "en", False, ["1.234"]),
        ("1,234", "", False, ["1.234", "1234"]),
        ("1.234", "", True, ["1234"]),
        ("0.125", "", False, ["0.125"]),
        ("0,125", "en", False, ["0.125"]),
        ("1.234", "en", True, ["1.234", "1234"]),
        ("-2,5", "", False, ["-2.5"]),
        ("1.23.4", "", False, []),
    ],
)
def test_numbers(text: str, style: str, counted: bool, values: list[str]) -> None:
    found = number_of(text, style, counted=counted)  # type: ignore[arg-type]
    assert [str(value) for value in found.values] == values


def test_the_style_of_a_document_is_its_clear_numbers() -> None:
    assert style_of(["12,5", "1.234"]) == "vi"
    assert style_of(["12.5", "1,234,567"]) == "en"
    assert style_of(["12.5", "12,5"]) == ""
    assert style_of(["1.234"]) == ""


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2024", "năm 2024"),
        ("Quý IV năm 2023", "quý 4/2023"),
        ("T6/2025", "tháng 6/2025"),
        ("năm học 2024-2025", "năm học 2024-2025"),
        ("đến 31/02/2024", None),
        ("Kết quả", None),
    ],
)
def test_times(text: str, label: str | None) -> None:
    found = period_of_label(text)
    assert (found.label if found else None) == label


def test_what_is_ambiguous_has_no_value_and_says_so(tmp_path: Path) -> None:
    (one,) = figures(tmp_path, a="Tổng vốn năm 2024 là 1.234 triệu đồng.\n")
    assert one.value is None
    assert one.readings == (Decimal(1234), Decimal("1.234"))
    assert "có thể hiểu" in one.notes[0]


def test_growth_share_and_sum_show_their_formula(tmp_path: Path) -> None:
    held = figures(
        tmp_path,
        a="Số hồ sơ của Hà Nội năm 2024 là 300 hồ sơ.\n\n"
        "Số hồ sơ của Hà Nội năm 2023 là 200 hồ sơ.\n\n"
        "Tỷ lệ đúng hạn năm 2024 đạt 90,5%.\n\nTỷ lệ đúng hạn năm 2023 đạt 80%.\n",
    )
    later, earlier, rate, before = held
    difference, relative = growth(later, earlier)
    assert (difference.value, difference.formula) == (100, "300 − 200")
    assert (relative.value, relative.formula) == (50, "(300 − 200) ÷ 200 × 100")
    assert growth(rate, before)[0].unit == "điểm phần trăm"
    assert total([later, earlier]).value == 500
    assert "không cộng" in total([rate, before]).problem
    assert share(earlier, later).value == Decimal("66.67")
    assert "đơn vị khác nhau" in total([later, rate]).problem


def test_the_question_of_the_readme(tmp_path: Path) -> None:
    held = figures(
        tmp_path,
        a="Năm 2024, tỷ lệ hồ sơ trực tuyến toàn trình của cả nước đạt 45,2%, tăng 12,1 điểm phần "
        "trăm so với năm 2023 (33,1%).\n",
    )
    answer = answered("năm 2024 đạt bao nhiêu, tăng bao nhiêu so với 2023?", held)
    said = "\n".join(answer_lines(answer))
    assert "năm 2024: 45,2 % [1]" in said
    assert "12,1 điểm phần trăm = 45,2 − 33,1" in said
    assert "khớp với số tính được" in said
    assert "a.md, ký tự" in said


def test_what_a_document_says_of_a_change_is_checked(tmp_path: Path) -> None:
    held = figures(
        tmp_path,
        a="Tỷ lệ X đúng hạn năm 2024 đạt 45%, tăng 20 điểm phần trăm so với năm 2023.\n\n"
        "Tỷ lệ X đúng hạn năm 2023 đạt 30%.\n",
    )
    said = "\n".join(
        answer_lines(answered("tỷ lệ X đúng hạn 2024 tăng bao nhiêu so với 2023", held))
    )
    assert "15 điểm phần trăm = 45 − 30" in said
    assert "KHÁC với số tính được" in said


def test_sources_that_differ_stand_beside_each_other(tmp_path: Path) -> None:
    held = figures(
        tmp_path,
        a="Tỷ lệ che phủ rừng năm 2023 là 42%.\n\nTỷ lệ che phủ rừng năm 2024 là 43,5%.\n",
        b="Tỷ lệ che phủ rừng năm 2024 đạt 44,1%.\n",
        c="Tỷ lệ che phủ rừng năm 2023 đạt 42,04%.\n",
    )
    match = matching("tỉ lệ che phủ rừng", held)
    assert match is not None
    (one,) = series_of(match.figures)
    assert [point.conflict for point in one.points] == [False, True]  # 42 is 42,04 rounded
    said = "\n".join(
        answer_lines(answered("tỷ lệ che phủ rừng 2024 tăng bao nhiêu so với 2023?", held))
    )
    assert "các nguồn ghi khác nhau" in said
    assert "43,5 %" in said
    assert "44,1 %" in said
    assert "43,8" not in said  # the mean
    assert "không tính tăng, giảm" in said


def test_other_scopes_and_times_are_not_taken_instead(tmp_path: Path) -> None:
    held = figures(tmp_path, a="Tỷ lệ hộ nghèo của Hà Nội năm 2023 là 1,2%.\n")
    other = answered("tỷ lệ hộ nghèo của Đà Nẵng năm 2023?", held)
    assert not other.findings
    assert "Không có số cho Đà Nẵng" in other.notes[0]
    later = "\n".join(answer_lines(answered("tỷ lệ hộ nghèo Hà Nội năm 2024?", held)))
    assert "không có số của năm 2024" in later
    assert "1,2" not in later
    nothing = answered("tỷ lệ thất nghiệp năm 2023?", held)
    assert not nothing.findings
    assert nothing.choices == ("Tỷ lệ hộ nghèo",)


def test_most_and_least(tmp_path: Path) -> None:
    held = figures(
        tmp_path,
        a="| Địa phương | Năm 2024 (hồ sơ) |\n|---|---|\n| Cả nước | 900 |\n| Hà Nội | 500 |\n"
        "| Huế | 400 |\n",
    )
    held = [figure for figure in held if figure.indicator] or held
    if held:
        best = answered("hồ sơ năm 2024 nơi nào cao nhất?", held)
        assert all(one.series.scope and one.series.scope.name == "Hà Nội" for one in best.findings)


def test_exports(tmp_path: Path) -> None:
    held = figures(
        tmp_path,
        a="Tỷ lệ <b> & hài lòng năm 2023 là 80%.\n\nTỷ lệ <b> & hài lòng năm 2024 là 85,5%.\n",
    )
    match = matching("tỷ lệ hài lòng", held)
    assert match is not None
    found = series_of(match.figures)
    picture = chart(found)
    tree = ElementTree.fromstring(picture)  # noqa: S314
    assert tree.find("{http://www.w3.org/2000/svg}title") is not None
    assert "năm 2024: 85,5" in "".join(tree.itertext())
    table = as_csv(rows_of(found)).decode("utf-8-sig")
    assert ";85,5;%;" in table
    path = tmp_path / "x.xlsx"
    path.write_bytes(as_xlsx(rows_of(found)))
    again = [one.value for one in read(path)[0].figures]
    assert Decimal("85.5") in again
    assert as_csv([("=1+1", "@x")]).decode("utf-8-sig").endswith("'=1+1;'@x\r\n")


# --- bad input ------------------------------------------------------------------------------


def test_files_that_give_nothing_say_why(tmp_path: Path) -> None:
    (tmp_path / "empty.docx").write_bytes(b"")
    (tmp_path / "scan.pdf").write_bytes(pdf([]))
    (tmp_path / "words.md").write_text("Văn bản này chỉ có chữ, không có gì để đếm.\n")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "again.md").write_text("Văn bản này chỉ có chữ, không có gì để đếm.\n")
    names = ["empty.docx", "scan.pdf", "words.md", "broken.xlsx", "again.md"]
    settings = KnowledgeSettings(ocr="off")
    done, failed = read_figures([tmp_path / name for name in names], settings)
    reasons = {path.name: reason for path, reason in failed}
    assert "tệp rỗng" in reasons["empty.docx"]
    assert "bản quét" in reasons["scan.pdf"]
    assert "hỏng" in reasons["broken.xlsx"]
    assert "giống hệt words.md" in reasons["again.md"]
    assert done[0].figures == ()
    assert "không có số liệu nào" in done[0].notes[-1]


def test_mixed_units_are_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    rows = [["Chỉ tiêu", "Năm 2024"], ["Vốn đầu tư", "12,5"], ["Tỷ lệ giải ngân", "45,5"]]
    path.write_bytes(word("Bảng 1. Đầu tư (Đơn vị: triệu đồng, tỷ đồng)", (rows, [])))
    first, second = read(path)[0].figures
    assert first.unit is None
    assert "nhiều đơn vị" in first.notes[0]
    assert second.unit is None


def test_cells_that_are_no_numbers_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        workbook({"S": [["Chỉ tiêu", 2023, 2024], ["Số vụ", 5, "#REF!"], ["Số đơn", 7, (0, "f")]]})
    )
    (reading,) = read(path)
    assert len(reading.figures) == 2
    assert any("C2 “#REF!”" in note for note in reading.notes)
    assert any("công thức chưa có kết quả" in note for note in reading.notes)


def test_rows_without_lines_between_columns_are_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Hà Nội 120.345 118.000 98,05 %\n", "utf-8")
    (reading,) = read(tmp_path / "a.md")
    assert not reading.figures
    assert "bảng không kẻ ô" in reading.notes[0]


def test_names_in_prose(tmp_path: Path) -> None:
    held = figures(
        tmp_path,
        a="Thu ngân sách năm 2025 đạt 38,5 tỷ đồng, bằng 95,4% dự toán, "
        "tăng 25,1% so với cùng kỳ.\n\n"
        "Có 15 xã đạt chuẩn nông thôn mới, chiếm 60% tổng số xã.\n\n"
        "Mật độ dân số 260 người/km².\n\n"
        "Khu vực công nghiệp - xây dựng tăng 11,15%.\n",
    )
    assert [one.indicator for one in held] == [
        "Thu ngân sách",
        "Thu ngân sách – % dự toán",
        "Thu ngân sách",
        "xã đạt chuẩn nông thôn mới",
        "xã đạt chuẩn nông thôn mới – % tổng số xã",
        "Mật độ dân số",
        "Khu vực công nghiệp - xây dựng",
    ]
    assert held[5].base_unit == "người/km²"


# --- the command ----------------------------------------------------------------------------


def run(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(troly.app, ["--home", str(home), "figures", *words])
    return done.exit_code, done.output + (str(done.exception) if done.exception else "")


def test_the_commands(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    written(folder)
    code, out = run(tmp_path, "extract", str(folder), "--json")
    assert code == 0
    made = json.loads(out)
    assert len(made["files"]) == 12
    assert sum(len(one["figures"]) for one in made["files"]) >= 60
    code, out = run(tmp_path, "ask", "tỷ lệ che phủ rừng năm 2024?", str(folder / "chi-tieu.xlsx"))
    assert code == 0
    assert "43 % [1]" in out
    assert "ô E3" in out
    picture = tmp_path / "a.svg"
    words = ["series", "sản lượng lúa", str(folder), "--svg", str(picture)]
    assert run(tmp_path, *words)[0] == 0
    assert picture.read_text("utf-8").startswith("<svg")
    code, out = run(tmp_path, *words)
    assert code == 1
    assert "đã có" in out
    code, out = run(tmp_path, "series", "không có gì", str(folder))
    assert code == 1
    assert "Không thấy chỉ tiêu" in out
    code, out = run(tmp_path, "ask", "x", str(tmp_path / "none.docx"))
    assert code == 1
    assert "Không có tệp" in out
