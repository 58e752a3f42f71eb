"""How reports are written: lists, times without a year, plans, comparisons, ranges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.figures.asking import answered
from assistant.figures.chart import drawn
from assistant.figures.extremes import extreme
from assistant.figures.matching import Names, matching
from assistant.figures.model import RANGE, Figure, Reading
from assistant.figures.naming import named_by
from assistant.figures.png import as_pdf
from assistant.figures.question import understood
from assistant.figures.reading import read_figures
from assistant.figures.series import series_of
from assistant.figures.told import answer_lines, value_text
from knowledge_base.settings import KnowledgeSettings

from .documents import package, workbook

TODAY = date(2026, 11, 1)


def read(path: Path, text: str) -> Reading:
    path.write_text(text, "utf-8")
    done, failed = read_figures([path], KnowledgeSettings())
    assert not failed
    return done[0]


def told(figure: Figure) -> tuple[str, str, str, str]:
    return (
        figure.indicator,
        figure.scope.name if figure.scope else "",
        figure.period.label if figure.period else "",
        f"{value_text(figure)} {figure.kind.value}",
    )


@pytest.mark.parametrize(
    ("lead", "name"),
    [
        ("khu vực nông, lâm nghiệp và thủy sản tăng ", "khu vực nông, lâm nghiệp và thủy sản"),
        ("; sản xuất, phân phối điện, nước đạt ", "sản xuất, phân phối điện, nước"),
        ("Nhìn chung, doanh thu vận tải ước đạt ", "doanh thu vận tải"),
        ("Huyện A đứng đầu với tỷ lệ chậm, quá hạn ", "tỷ lệ chậm, quá hạn"),
        ("Tỷ lệ hài lòng (tăng dần) đã tăng mạnh, chỉ còn ", "Tỷ lệ hài lòng"),
        ("Đến nay, ", ""),
    ],
)
def test_names(lead: str, name: str) -> None:
    assert named_by(lead) == name


def test_a_report_of_a_province(tmp_path: Path) -> None:
    reading = read(
        tmp_path / "a.md",
        "ỦY BAN NHÂN DÂN TỈNH LÀO CAI\n\nBÁO CÁO\n\n"
        "Kết quả 6 tháng đầu năm 2026 và phương hướng 6 tháng cuối năm\n\n"
        "I. KẾT QUẢ\n\n"
        "Tỷ lệ đúng hạn đạt 98%, tăng 1,5 điểm % so với cùng kỳ năm 2025 (96,5%). Quý I thu 12 tỷ "
        "đồng phí; lũy kế thu 25 tỷ đồng.\n\n"
        "Một số xã có kết quả cao: xã Bảo Thắng 99%, xã Bát Xát 98,5%.\n\n"
        "II. PHƯƠNG HƯỚNG, NHIỆM VỤ 6 THÁNG CUỐI NĂM 2026\n\n"
        "Tỷ lệ đúng hạn đạt 99% trở lên; giải ngân 90 - 95% kế hoạch.\n",
    )
    found = [told(figure) for figure in reading.figures]
    half, rest = "6 tháng đầu năm 2026", "6 tháng cuối năm 2026"
    assert found[:5] == [
        ("Tỷ lệ đúng hạn", "Lào Cai", half, "98 % level"),
        ("Tỷ lệ đúng hạn", "Lào Cai", half, "1,5 điểm phần trăm change"),
        ("Tỷ lệ đúng hạn", "Lào Cai", "6 tháng đầu năm 2025", "96,5 % level"),
        ("thu", "Lào Cai", "quý 1/2026", "12 tỷ đồng level"),
        ("thu – lũy kế", "Lào Cai", "quý 1/2026", "25 tỷ đồng level"),
    ]
    assert [one[1] for one in found[5:7]] == ["Xã Bảo Thắng", "Xã Bát Xát"]
    assert found[7] == ("Tỷ lệ đúng hạn", "Lào Cai", rest, "99 % trở lên target")
    assert found[8][3] == "từ 90 đến 95 % target"
    assert reading.figures[8].about == RANGE


def test_a_level_that_rose_has_no_time_it_does_not_say(tmp_path: Path) -> None:
    reading = read(
        tmp_path / "a.md", "Năm 2025, số hộ giảm từ 1.200 hộ xuống còn 1.100 hộ, đạt 12,5%.\n"
    )
    assert [told(one)[2] for one in reading.figures[:2]] == ["", "năm 2025"]


def test_pdf_tables_without_lines(tmp_path: Path) -> None:
    from assistant.figures.drawing import Picture, Shape, Words

    rows = [["Lĩnh vực", "Hồ sơ", "Phí (triệu đồng)"], ["Đất đai", "312", "1.204,5"],
            ["Tư pháp", "98", "80"], ["Y tế", "1.408", "240,25"]]  # fmt: skip
    shapes: list[Shape] = [Words(40, 40, "Bảng 7. Thu phí quý II năm 2026 của tỉnh Gia Lai")]
    for r, row in enumerate(rows):
        shapes += [Words(40 + 200 * c, 64 + 22 * r, text) for c, text in enumerate(row)]
    path = tmp_path / "a.pdf"
    path.write_bytes(as_pdf(Picture(700, 300, tuple(shapes), "", "")))
    done, failed = read_figures([path], KnowledgeSettings())
    assert not failed
    found = [told(figure) for figure in done[0].figures]
    assert ("Đất đai – Phí", "Gia Lai", "quý 2/2026", "1.204,5 triệu đồng level") in found
    assert len(found) == 6
    assert all("theo vị trí" in " ".join(figure.notes) for figure in done[0].figures)


def test_sheets_with_two_tables_and_what_is_hidden(tmp_path: Path) -> None:
    rows: list[list[str | float | tuple[float, str]]] = [
        ["Chỉ tiêu", "ĐVT", "Quý I/2025 (*)"], ["Số vụ", "vụ", "(5)"], ["Số đơn", "đơn", "7 [1]"],
        [""], ["Nội dung", "Năm 2023", "Năm 2024"], ["Thu (tỷ đồng)", 2, 3.5],
    ]  # fmt: skip
    made = workbook({"S": rows})
    path = tmp_path / "a.xlsx"
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(made)) as held:
        parts: dict[str, str | bytes] = {name: held.read(name) for name in held.namelist()}
    sheet = bytes(parts["xl/worksheets/sheet1.xml"]).decode()  # type: ignore[arg-type]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace('<row r="3">', '<row r="3" hidden="1">')
    path.write_bytes(package(parts))
    done, _ = read_figures([path], KnowledgeSettings())
    assert [(one.indicator, one.value) for one in done[0].figures] == [
        ("Số vụ", Decimal(-5)), ("Thu", Decimal(2)), ("Thu", Decimal("3.5")),
    ]  # fmt: skip
    assert any("1 dòng bị ẩn" in note for note in done[0].notes)


# --- questions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "name", "periods"),
    [
        ("tỷ lệ đúng hạn năm ngoái là bao nhiêu", "tỷ lệ đúng hạn", ["năm 2025"]),
        ("ty le dung han nam 2024 tang bao nhieu so voi nam truoc", "ty le dung han", ["năm 2024"]),
        ("thủ tục đất đai quý II đạt bao nhiêu", "thủ tục đất đai", ["quý 2/2026"]),
        ("số học sinh năm học 2024-2025", "số học sinh", ["năm học 2024-2025"]),
        ("thu nhập bình quân đầu người 2024 gấp mấy lần 2022", "thu nhập bình quân đầu người",
         ["năm 2024", "năm 2022"]),
    ],
)  # fmt: skip
def test_questions(question: str, name: str, periods: list[str]) -> None:
    asked = understood(question, (), 2026, TODAY)
    assert asked.indicator == name
    assert [one.label for one in asked.periods] == periods


TABLE = (
    "# Kết quả đến ngày 30/6/2026\n\n"
    "| Địa phương | Tỷ lệ trực tuyến toàn trình (%) | Hồ sơ (hồ sơ) |\n"
    "|---|---|---|\n| Cả nước | 45,5 | 5.000 |\n| Hà Nội | 51,25 | 1.200 |\n| Huế | 39 | 300 |\n"
)


def said(tmp_path: Path, question: str, text: str = TABLE) -> str:
    figures = read(tmp_path / "a.md", text).figures
    return "\n".join(answer_lines(answered(question, figures, TODAY)))


def test_places_are_compared_added_and_shared(tmp_path: Path) -> None:
    low = said(tmp_path, "tinh nao co ty le truc tuyen toan trinh thap nhat?")
    assert "39 %" in low
    assert "51,25 %" not in low.split("Nguồn:")[0]
    assert "12,25 điểm phần trăm = 51,25 − 39" in said(
        tmp_path, "tỷ lệ trực tuyến toàn trình của Hà Nội cao hơn Huế bao nhiêu?"
    )
    assert "1.500 hồ sơ = 1.200 + 300" in said(tmp_path, "tổng số hồ sơ của Hà Nội và Huế")
    assert "Không có số của bộ nào" in said(tmp_path, "bộ nào có nhiều hồ sơ nhất")


def test_names_that_come_near_are_offered_with_what_differs(tmp_path: Path) -> None:
    near = said(tmp_path, "tỷ lệ thanh toán trực tuyến của Hà Nội")
    assert "51,25" not in near.split("Có thể hỏi về:")[0]
    assert "không có “thanh toán”; thêm “toàn trình”" in near
    assert "45,5 %" in said(tmp_path, "tỷ lệ nộp trực tuyến toàn trình cả nước")


def test_a_plan_is_not_told_as_a_result(tmp_path: Path) -> None:
    text = "Tỷ lệ X năm 2025 đạt 40%.\n\nPhấn đấu năm 2026 tỷ lệ X đạt 60%.\n"
    later = said(tmp_path, "tỷ lệ X năm 2026 là bao nhiêu?", text)
    assert "chỉ có mục tiêu, kế hoạch" in later
    now = said(tmp_path, "tỷ lệ X năm 2025 là bao nhiêu?", text)
    assert "60" not in now


def test_short_forms_and_units_stand_for_words(tmp_path: Path) -> None:
    reading = read(
        tmp_path / "a.md",
        "Chỉ số giá tiêu dùng (CPI) năm 2024 là 103,5%.\n\nĐàn lợn năm 2024 là 50 nghìn con.\n",
    )
    assert matching("CPI", reading.figures) is not None
    assert matching("số con đàn lợn", reading.figures) is not None
    names = Names(reading.figures)
    assert names.nearest("giá điện")[0].lacks == ("điện",)


def test_bars_for_places_at_one_time(tmp_path: Path) -> None:
    figures = read(tmp_path / "a.md", TABLE).figures
    match = matching("tỷ lệ trực tuyến toàn trình", figures)
    assert match is not None
    found = series_of(match.figures)
    picture = drawn(found)
    assert picture.title.endswith("(%)")
    assert "Hà Nội: 30/06/2026: 51,25." in picture.told
    asked = understood("cao nhất", (), 2026, TODAY)
    assert extreme(asked, found).findings[0].points[0].figures[0].value == Decimal("51.25")
