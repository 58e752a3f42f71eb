"""Questions that name an indicator otherwise than the report does, in each way people do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.figures.asking import answered
from assistant.figures.model import Reading
from assistant.figures.reading import read_figures
from assistant.figures.told import answer_lines, value_text
from knowledge_base.settings import KnowledgeSettings

TODAY = date(2026, 11, 1)

REPORT = """# BÁO CÁO TÌNH HÌNH KINH TẾ – XÃ HỘI 6 THÁNG ĐẦU NĂM 2025

## 1. Tăng trưởng

Tổng sản phẩm trên địa bàn (GRDP) 6 tháng đầu năm 2025 ước tăng 8,24% so với cùng kỳ năm trước. \
GRDP bình quân đầu người năm 2024 đạt 62,3 triệu đồng. Thuế sản phẩm trừ trợ cấp sản phẩm \
6 tháng đầu năm 2025 đạt 910 tỷ đồng. Nợ phải trả bằng 21,4% GRDP.

## 2. Thương mại

Tổng kim ngạch xuất, nhập khẩu hàng hóa 6 tháng đầu năm 2025 đạt 3.100 triệu USD, trong đó \
xuất khẩu đạt 1.850 triệu USD, tăng 14,2%, đạt 52,9% kế hoạch năm. Tổng thu NSNN 6 tháng đầu năm \
2025 đạt 8,4 nghìn tỷ đồng.

Khách nội địa đến tỉnh đạt 4,1 triệu lượt người. Trong đó, khách đến bằng đường sắt đạt \
1,3 triệu lượt người, chiếm 31,7%; bằng đường thủy đạt 240 nghìn lượt người.

## 3. Đầu tư

Toàn tỉnh có 1.120 hợp tác xã đăng ký mới với tổng vốn điều lệ 9,8 nghìn tỷ đồng, tăng 5,1% về số \
hợp tác xã và giảm 7,3% về vốn so với cùng kỳ năm trước.

## 4. Cải cách hành chính

Tỷ lệ giải quyết hồ sơ trước hạn, đúng hạn lần lượt đạt 45,2% và 53,1%. Tỷ lệ số hóa thành phần \
hồ sơ, kết quả thủ tục lần lượt đạt 81,5% và 77,3%. Chỉ số mức độ sẵn sàng số (DX INDEX) năm 2024 \
đạt 44,12 điểm.

Tỷ lệ hồ sơ trực tuyến của các bộ, ngành đạt 51,6%. Bộ Y tế là đơn vị có tỷ lệ cao nhất (93,1%), \
tiếp đến là Bộ Nội vụ (90,4%); thấp nhất là Bộ Xây dựng (31,2%).
"""

TABLE = """# BÁO CÁO CẢI CÁCH HÀNH CHÍNH QUÝ II NĂM 2025

Bảng 3. Tỷ lệ hồ sơ nộp qua mạng của các xã, phường (quý I và quý II năm 2025)

| TT | Xã, phường | Tỷ lệ quý I (%) | Tỷ lệ quý II (%) |
|---|---|---|---|
| 1 | Phường An Hòa | 97,1 | 98,2 |
| 2 | Xã Đông Sơn | 91,5 | 95,0 |
| 3 | Xã Bình Lư | 71,0 | 69,5 |

Bảng 4. Số hồ sơ tiếp nhận theo cơ quan

| TT | Cơ quan | Số lượng |
|---|---|---|
| 1 | Sở Xây dựng | 12.400 |
| 2 | Sở Y tế | 8.310 |
"""


def read(path: Path, text: str) -> Reading:
    path.write_text(text, "utf-8")
    done, failed = read_figures([path], KnowledgeSettings())
    assert not failed
    return done[0]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    return read(tmp_path_factory.mktemp("bao-cao") / "a.md", REPORT)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    return read(tmp_path_factory.mktemp("bang") / "b.md", TABLE)


def values(question: str, reading: Reading) -> list[str]:
    """Every value that an answer shows, those that the document states of a change with them."""
    answer = answered(question, reading.figures, TODAY)
    return [
        value_text(figure)
        for finding in answer.findings
        for figure in (*(f for p in finding.points for f in p.figures), *finding.stated)
    ]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        # what only grew, by its short form, its long one, and without marks
        ("GRDP 6 tháng đầu năm 2025 tăng bao nhiêu?", "8,24 %"),
        ("tổng sản phẩm trên địa bàn 6 tháng đầu năm 2025 tăng bao nhiêu", "8,24 %"),
        ("grdp 6 thang dau nam 2025 tang bao nhieu", "8,24 %"),
        ("GRDP bình quân đầu người", "62,3 triệu đồng"),
        ("DX INDEX năm 2024", "44,12 điểm"),
        # words that are said or left out
        ("kim ngạch xuất khẩu", "1.850 triệu USD"),
        ("kim ngạch XK hàng hóa 6 tháng đầu năm 2025", "1.850 triệu USD"),
        ("thu ngân sách nhà nước trên địa bàn tỉnh", "8,4 nghìn tỷ đồng"),
        # the share beside the amount
        ("xuất khẩu đạt bao nhiêu phần trăm kế hoạch?", "52,9 %"),
        # parts, and what goes with a number
        ("khách nội địa đến bằng đường thủy", "240 nghìn lượt người"),
        ("vốn điều lệ của hợp tác xã đăng ký mới", "9,8 nghìn tỷ đồng"),
        # lists that share a head
        ("tỷ lệ giải quyết hồ sơ đúng hạn", "53,1 %"),
        ("tỷ lệ số hóa kết quả thủ tục", "77,3 %"),
        # places behind "là đơn vị có tỷ lệ cao nhất"
        ("tỷ lệ hồ sơ trực tuyến của Bộ Nội vụ", "90,4 %"),
        ("ty le ho so truc tuyen cua bo xay dung", "31,2 %"),
    ],
)
def test_the_same_thing_by_another_name(report: Reading, question: str, value: str) -> None:
    assert values(question, report)[:1] == [value]


@pytest.mark.parametrize(
    "question",
    ["CPI tháng 6 tăng bao nhiêu", "GDP 6 tháng đầu năm 2025", "nhập khẩu", "nợ công", "dân số"],
)
def test_what_lacks_the_noun_is_not_taken(report: Reading, question: str) -> None:
    assert values(question, report) == []


def test_what_has_changed_stands_behind_the_percentage(report: Reading) -> None:
    changes = {
        value_text(one): one.indicator for one in report.figures if one.kind.value == "change"
    }
    assert changes["5,1 %"] == "hợp tác xã đăng ký mới"
    assert changes["-7,3 %"] == "tổng vốn điều lệ"


def test_a_change_says_its_time_and_what_it_is_counted_from(report: Reading) -> None:
    answer = answered("GRDP tăng bao nhiêu", report.figures, TODAY)
    text = "\n".join(answer_lines(answer))
    assert "6 tháng đầu năm 2025 so với cùng kỳ năm trước: 8,24 %" in text


@pytest.mark.parametrize(
    ("question", "place", "value"),
    [
        ("tỷ lệ hồ sơ nộp qua mạng xã Đông Sơn quý II", "Xã Đông Sơn", "95 %"),
        ("xã nào có tỷ lệ hồ sơ nộp qua mạng thấp nhất quý II", "Xã Bình Lư", "69,5 %"),
        ("nơi nào có tỷ lệ hồ sơ nộp qua mạng cao nhất quý I", "Phường An Hòa", "97,1 %"),
        ("số hồ sơ tiếp nhận của Sở Y tế", "Sở Y tế", "8.310 hồ sơ"),
    ],
)
def test_a_column_without_a_name_has_that_of_its_table(
    table: Reading, question: str, place: str, value: str
) -> None:
    finding = answered(question, table.figures, TODAY).findings[0]
    assert finding.series.scope is not None
    assert finding.series.scope.name == place
    assert value_text(finding.points[0].figures[0]) == value


def test_two_times_of_such_a_column_are_compared(table: Reading) -> None:
    question = "xã Bình Lư quý II so với quý I tỷ lệ hồ sơ nộp qua mạng giảm bao nhiêu"
    text = "\n".join(answer_lines(answered(question, table.figures, TODAY)))
    assert "Giảm: 1,5 điểm phần trăm" in text


def test_groups_of_offices_without_marks(tmp_path: Path) -> None:
    text = "Tháng 5/2025, khối bộ, ngành đạt tỷ lệ thanh toán trực tuyến 44,5%.\n"
    figures = read(tmp_path / "c.md", text).figures
    answer = answered("ty le thanh toan truc tuyen khoi bo nganh", figures, TODAY)
    assert [value_text(p.figures[0]) for f in answer.findings for p in f.points] == ["44,5 %"]
