# ruff: noqa: E501  (a line of a sample is as long as it is)
"""Documents made for the tests, invented, each with the facts that stand in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import docx

Fact = tuple[str, str, str, str, str, str]  # indicator, scope, period, value, unit, kind


@dataclass(frozen=True)
class Sample:
    """A file's name, how its bytes are made, and all figures that are in it."""

    name: str
    made: Callable[[], bytes]
    facts: tuple[Fact, ...]


def fact(
    indicator: str, scope: str, period: str, value: str, unit: str, kind: str = "level"
) -> Fact:
    return indicator, scope, period, value, unit, kind


def word(
    *parts: str | tuple[Sequence[Sequence[str]], Sequence[tuple[int, int, int, int]]],
) -> bytes:
    """Paragraphs and tables (with merged cells: top, left, bottom, right)."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        rows, merged = part
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                table.cell(r, c).text = text
        for top, left, bottom, right in merged:
            text = rows[top][left]
            table.cell(top, left).merge(table.cell(bottom, right)).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def workbook(
    sheets: dict[str, Sequence[Sequence[str | float | tuple[float, str]]]],
    merged: Sequence[str] = (),
) -> bytes:
    """Sheets of texts, numbers, ``(0.452, "%")`` for percent looks, ``(0, "f")`` for a formula."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts: dict[str, str | bytes] = {}
    names, links, types = "", "", ""
    spans = "".join(f'<mergeCell ref="{span}"/>' for span in merged)
    merge = f"<mergeCells>{spans}</mergeCells>" if merged else ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        lines = []
        for r, row in enumerate(rows, 1):
            cells = ""
            for c, cell in enumerate(row):
                ref = f"{chr(65 + c)}{r}"
                if isinstance(cell, tuple) and cell[1] == "f":
                    cells += f'<c r="{ref}"><f>SUM(A1:A2)</f></c>'
                elif isinstance(cell, tuple):
                    cells += f'<c r="{ref}" s="1"><v>{cell[0]}</v></c>'
                elif isinstance(cell, str):
                    text = f"<is><t>{cell}</t></is>"
                    cells += f'<c r="{ref}" t="inlineStr">{text}</c>' if cell else ""
                else:
                    cells += f'<c r="{ref}"><v>{cell}</v></c>'
            lines.append(f'<row r="{r}">{cells}</row>')
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData>{merge}</worksheet>'
        )
        names += f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>'
        links += (
            f'<Relationship Id="r{number}" Type="{office}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
        )
        types += (
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            f'ContentType="{kinds}.worksheet+xml"/>'
        )
    parts["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>{types}'
        "</Types>"
    )
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{names}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{relations}">{links}<Relationship Id="s" Type="{office}/styles" '
        'Target="styles.xml"/></Relationships>'
    )
    parts["xl/styles.xml"] = (
        f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills count="1"><fill/>'
        '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/>'
        '</cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="10"/></cellXfs>'
        "</styleSheet>"
    )
    return package(parts)


def pdf(lines: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> bytes:
    """One page: lines of text, then a ruled table; letters by number, named for who copies them."""
    letters = sorted({letter for text in [*lines, *chain(*rows)] for letter in text})
    code = {letter: number for number, letter in enumerate(letters, 1)}
    named = "".join(f"<{n:04x}> <{ord(letter):04x}>\n" for letter, n in code.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def "
        "1 begincodespacerange <0000> <ffff> endcodespacerange "
        f"{len(code)} beginbfchar\n{named}endbfchar endcmap end end"
    ).encode()

    def said(x: int, y: int, text: str) -> str:
        return f"BT /F1 10 Tf {x} {y} Td <{''.join(f'{code[c]:04x}' for c in text)}> Tj ET\n"

    stream, y = "", 780
    for line in lines:
        stream += said(40, y, line)
        y -= 20
    if rows:
        wide = 500 // len(rows[0])
        for number in range(len(rows) + 1):
            stream += f"40 {y - 20 * number} m {40 + wide * len(rows[0])} {y - 20 * number} l S\n"
        for number in range(len(rows[0]) + 1):
            stream += f"{40 + wide * number} {y} m {40 + wide * number} {y - 20 * len(rows)} l S\n"
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                if text:
                    stream += said(44 + wide * c, y - 14 - 20 * r, text)
    body = stream.encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(body), body),
        b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]"
        b"/ToUnicode 7 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)"
        b"/Ordering(Identity)/Supplement 0>>/DW 450/FontDescriptor 8 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(cmap), cmap),
        b"<</Type/FontDescriptor/FontName/A/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0"
        b"/Ascent 900/Descent -200/CapHeight 700/StemV 80>>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


_ONLINE = "Tỷ lệ hồ sơ trực tuyến toàn trình"

# fmt: off
SAMPLES = (
    Sample(
        "bao-cao-2024.md",
        lambda: (
            "# Báo cáo kết quả cải cách hành chính năm 2024\n\n"
            "Năm 2024, tỷ lệ hồ sơ trực tuyến toàn trình của cả nước đạt 45,2%, tăng 12,1 điểm "
            "phần trăm so với năm 2023 (33,1%). Trong đó, cấp tỉnh đạt 50,1%, cấp xã đạt 40%.\n\n"
            "Tính đến ngày 30/6/2025, Cổng Dịch vụ công quốc gia đã tiếp nhận 1.234.567 hồ sơ trực "
            "tuyến. Theo Quyết định số 123/QĐ-UBND ngày 05/3/2024 và khoản 2 Điều 5, việc này được "
            "giao cho 02 tổ.\n\n"
            "Tỷ lệ giải quyết đúng hạn của Bộ Công an là 98,5%, của Bộ Y tế là 91,25%.\n"
        ).encode(),
        (
            fact(_ONLINE, "cả nước", "năm 2024", "45.2", "%"),
            fact(_ONLINE, "cả nước", "năm 2024", "12.1", "điểm phần trăm", "change"),
            fact(_ONLINE, "cả nước", "năm 2023", "33.1", "%"),
            fact(_ONLINE, "cấp tỉnh", "năm 2024", "50.1", "%"),
            fact(_ONLINE, "cấp xã", "năm 2024", "40", "%"),
            fact("tiếp nhận hồ sơ trực tuyến", "", "30/06/2025", "1234567", "hồ sơ"),
            fact("giao tổ", "", "năm 2024", "2", "tổ"),
            fact("Tỷ lệ giải quyết đúng hạn", "Bộ Công an", "năm 2024", "98.5", "%"),
            fact("Tỷ lệ giải quyết đúng hạn", "Bộ Y tế", "năm 2024", "91.25", "%"),
        ),
    ),
    Sample(
        "giam-ngheo.docx",
        lambda: word(
            "BÁO CÁO",
            "Kết quả giảm nghèo của tỉnh Lào Cai",
            "Tỷ lệ hộ nghèo giảm từ 5,2% năm 2022 xuống còn 3,1% năm 2023.",
            "Năm 2022 và 2023, tỷ lệ hài lòng lần lượt là 80,1% và 85,3%.",
            "Phấn đấu đến năm 2026, tỷ lệ hộ nghèo còn dưới 1,5%.",
            "Tổng vốn giải ngân năm 2023 ước đạt 1,5 nghìn tỷ đồng.",
        ),
        (
            fact("Tỷ lệ hộ nghèo", "Lào Cai", "năm 2022", "5.2", "%"),
            fact("Tỷ lệ hộ nghèo", "Lào Cai", "năm 2023", "3.1", "%"),
            fact("tỷ lệ hài lòng", "Lào Cai", "năm 2022", "80.1", "%"),
            fact("tỷ lệ hài lòng", "Lào Cai", "năm 2023", "85.3", "%"),
            fact("tỷ lệ hộ nghèo", "Lào Cai", "năm 2026", "1.5", "%", "target"),
            fact("Tổng vốn giải ngân", "Lào Cai", "năm 2023", "1.5", "nghìn tỷ đồng"),
        ),
    ),
    Sample(
        "thu-ngan-sach.docx",
        lambda: word(
            "Bảng 1. Thu ngân sách nhà nước tỉnh Lào Cai",
            "Đơn vị: triệu đồng",
            (
                [
                    ["Chỉ tiêu", "Thực hiện", "", "So sánh 2024/2023 (%)"],
                    ["", "Năm 2023", "Năm 2024", ""],
                    ["Thu nội địa", "1.234,5", "1.500", "121,5"],
                    ["- Thuế thu nhập cá nhân", "200", "250,75", "125,4"],
                    ["Thu từ xuất khẩu", "300", "-", ""],
                ],
                [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3)],
            ),
        ),
        (
            fact("Thu nội địa", "Lào Cai", "năm 2023", "1234.5", "triệu đồng"),
            fact("Thu nội địa", "Lào Cai", "năm 2024", "1500", "triệu đồng"),
            fact("Thu nội địa So sánh 2024/2023", "Lào Cai", "năm 2024", "121.5", "%", "change"),
            fact("Thu nội địa Thuế thu nhập cá nhân", "Lào Cai", "năm 2023", "200", "triệu đồng"),
            fact("Thu nội địa Thuế thu nhập cá nhân", "Lào Cai", "năm 2024", "250.75", "triệu đồng"),
            fact(
                "Thu nội địa Thuế thu nhập cá nhân So sánh 2024/2023", "Lào Cai", "năm 2024",
                "125.4", "%", "change",
            ),
            fact("Thu từ xuất khẩu", "Lào Cai", "năm 2023", "300", "triệu đồng"),
        ),
    ),
    Sample(
        "dia-phuong.xlsx",
        lambda: workbook(
            {
                "Quý I": [
                    ["TỔNG HỢP KẾT QUẢ TIẾP NHẬN HỒ SƠ QUÝ I NĂM 2025", "", "", "", ""],
                    ["STT", "Địa phương", "Số hồ sơ tiếp nhận", "Hồ sơ đúng hạn", "Tỷ lệ đúng hạn"],
                    ["", "", "(hồ sơ)", "(hồ sơ)", ""],
                    ["(1)", "(2)", "(3)", "(4)", "(5)=(4)/(3)"],
                    [1, "Hà Nội", 120345, 118000, (0.9805, "%")],
                    [2, "Đà Nẵng", 54321, 54000, (0.9941, "%")],
                    [3, "Tỉnh Lào Cai", 1200.5, 1100, "…"],
                ],
            },
            merged=["A1:E1"],
        ),
        (
            fact("Số hồ sơ tiếp nhận", "Hà Nội", "quý 1/2025", "120345", "hồ sơ"),
            fact("Hồ sơ đúng hạn", "Hà Nội", "quý 1/2025", "118000", "hồ sơ"),
            fact("Tỷ lệ đúng hạn", "Hà Nội", "quý 1/2025", "98.05", "%"),
            fact("Số hồ sơ tiếp nhận", "Đà Nẵng", "quý 1/2025", "54321", "hồ sơ"),
            fact("Hồ sơ đúng hạn", "Đà Nẵng", "quý 1/2025", "54000", "hồ sơ"),
            fact("Tỷ lệ đúng hạn", "Đà Nẵng", "quý 1/2025", "99.41", "%"),
            fact("Số hồ sơ tiếp nhận", "Lào Cai", "quý 1/2025", "1200.5", "hồ sơ"),
            fact("Hồ sơ đúng hạn", "Lào Cai", "quý 1/2025", "1100", "hồ sơ"),
        ),
    ),
    Sample(
        "chi-tieu.xlsx",
        lambda: workbook(
            {
                "Kinh tế": [
                    ["Chỉ tiêu", "Đơn vị tính", 2022, 2023, 2024],
                    ["Sản lượng lúa", "nghìn tấn", 1050.5, 1100, 1175.25],
                    ["Tỷ lệ che phủ rừng", "%", 42.1, 42.5, 43],
                ],
                "Xã hội": [
                    ["Chỉ tiêu", "Đơn vị tính", 2022, 2023, 2024],
                    ["Số giường bệnh", "giường bệnh", 1800, 1850, 2024],
                ],
            }
        ),
        (
            fact("Sản lượng lúa", "", "năm 2022", "1050.5", "nghìn tấn"),
            fact("Sản lượng lúa", "", "năm 2023", "1100", "nghìn tấn"),
            fact("Sản lượng lúa", "", "năm 2024", "1175.25", "nghìn tấn"),
            fact("Tỷ lệ che phủ rừng", "", "năm 2022", "42.1", "%"),
            fact("Tỷ lệ che phủ rừng", "", "năm 2023", "42.5", "%"),
            fact("Tỷ lệ che phủ rừng", "", "năm 2024", "43", "%"),
            fact("Số giường bệnh", "", "năm 2022", "1800", "giường bệnh"),
            fact("Số giường bệnh", "", "năm 2023", "1850", "giường bệnh"),
            fact("Số giường bệnh", "", "năm 2024", "2024", "giường bệnh"),
        ),
    ),
    Sample(
        "trang.html",
        lambda: (
            "<html><head><title>Thống kê năm 2023</title></head><body><h1>Thống kê năm 2023</h1>"
            "<p>Dân số trung bình của thành phố Huế là 1,16 triệu người.</p>"
            "<table><caption>Biểu 2. Học sinh, giáo viên</caption>"
            "<tr><th rowspan=2>Cấp học</th><th colspan=2>Số học sinh (nghìn người)</th></tr>"
            "<tr><th>2022</th><th>2023</th></tr>"
            "<tr><td>Tiểu học</td><td>98,6</td><td>101,2</td></tr>"
            "<tr><td>Trung học cơ sở</td><td>70,25</td><td>71,5</td></tr></table></body></html>"
        ).encode(),
        (
            fact("Dân số trung bình", "Huế", "năm 2023", "1.16", "triệu người"),
            fact("Tiểu học Số học sinh", "", "năm 2022", "98.6", "nghìn người"),
            fact("Tiểu học Số học sinh", "", "năm 2023", "101.2", "nghìn người"),
            fact("Trung học cơ sở Số học sinh", "", "năm 2022", "70.25", "nghìn người"),
            fact("Trung học cơ sở Số học sinh", "", "năm 2023", "71.5", "nghìn người"),
        ),
    ),
    Sample(
        "ban-in.pdf",
        lambda: pdf(
            ["Bảng 3. Cấp giấy phép xây dựng (Đơn vị: giấy phép)"],
            [
                ["Địa phương", "Năm 2023", "Năm 2024"],
                ["Hà Nội", "1.250", "1.310"],
                ["Cần Thơ", "98", "1.102.345"],
            ],
        ),
        (
            fact("Cấp giấy phép xây dựng", "Hà Nội", "năm 2023", "1250", "giấy phép"),
            fact("Cấp giấy phép xây dựng", "Hà Nội", "năm 2024", "1310", "giấy phép"),
            fact("Cấp giấy phép xây dựng", "Cần Thơ", "năm 2023", "98", "giấy phép"),
            fact("Cấp giấy phép xây dựng", "Cần Thơ", "năm 2024", "1102345", "giấy phép"),
        ),
    ),
    Sample(
        "theo-nam.csv",
        lambda: "Năm;Tỷ lệ hài lòng (%);Số phản ánh\n2022;80,15;120\n2023;85,3;98\n".encode(),
        (
            fact("Tỷ lệ hài lòng", "", "năm 2022", "80.15", "%"),
            fact("Số phản ánh", "", "năm 2022", "120", "phản ánh"),
            fact("Tỷ lệ hài lòng", "", "năm 2023", "85.3", "%"),
            fact("Số phản ánh", "", "năm 2023", "98", "phản ánh"),
        ),
    ),
    Sample(
        "cau.txt",
        lambda: (
            "Sáu tháng đầu năm 2025, tỉnh Nghệ An thành lập mới 1.520 doanh nghiệp, tăng 8,5% so với "
            "cùng kỳ năm trước.\n\n"
            "Trong tháng 7/2026, thời gian giải quyết bình quân là 3,5 ngày làm việc.\n\n"
            "Số lượt truy cập năm 2025 đạt 2,75 triệu lượt; riêng phường Hải Châu đạt 15.300 lượt.\n\n"
            "Điện thoại: 024.38221234. Phiên bản 2.1. Mục 3.2 nêu tại trang 15.\n"
        ).encode(),
        (
            fact("thành lập mới doanh nghiệp", "Nghệ An", "6 tháng đầu năm 2025", "1520", "doanh nghiệp"),
            fact("thành lập mới doanh nghiệp", "Nghệ An", "6 tháng đầu năm 2025", "8.5", "%", "change"),
            fact("thời gian giải quyết bình quân", "", "tháng 7/2026", "3.5", "ngày làm việc"),
            fact("Số lượt truy cập", "", "năm 2025", "2.75", "triệu lượt"),
            fact("Số lượt truy cập", "Phường Hải Châu", "năm 2025", "15300", "lượt"),
        ),
    ),
    Sample(
        "english-numbers.csv",
        lambda: "Chỉ tiêu,2023,2024\nThu phí (triệu đồng),\"1,234.5\",\"2,000\"\nChi (triệu đồng),99.5,12.25\n".encode(),
        (
            fact("Thu phí", "", "năm 2023", "1234.5", "triệu đồng"),
            fact("Thu phí", "", "năm 2024", "2000", "triệu đồng"),
            fact("Chi", "", "năm 2023", "99.5", "triệu đồng"),
            fact("Chi", "", "năm 2024", "12.25", "triệu đồng"),
        ),
    ),
    Sample(
        "ke-hoach.docx",
        lambda: word(
            "Biểu 1. Một số chỉ tiêu của Bộ Nội vụ",
            (
                [
                    ["TT", "Nội dung", "Đơn vị tính", "Kế hoạch 2025", "Ước thực hiện 2025"],
                    ["I", "Cải cách hành chính", "", "", ""],
                    ["1", "Thủ tục được cắt giảm", "thủ tục", "120", "135"],
                    ["2", "Tỷ lệ văn bản điện tử", "%", "95,5", "97"],
                ],
                [],
            ),
        ),
        (
            fact("Thủ tục được cắt giảm", "Bộ Nội vụ", "năm 2025", "120", "thủ tục", "target"),
            fact("Thủ tục được cắt giảm", "Bộ Nội vụ", "năm 2025", "135", "thủ tục"),
            fact("Tỷ lệ văn bản điện tử", "Bộ Nội vụ", "năm 2025", "95.5", "%", "target"),
            fact("Tỷ lệ văn bản điện tử", "Bộ Nội vụ", "năm 2025", "97", "%"),
        ),
    ),
    Sample(
        "dia-ban.md",
        lambda: (
            "## Số liệu đến 31/12/2024\n\n"
            "| Địa phương | Hồ sơ trực tuyến (hồ sơ) | Tỷ lệ (%) |\n|:---|---:|---:|\n"
            "| Cả nước | 12.345.678 | 45,21 |\n| Hải Phòng | 345.678 | 51,5 |\n| Xã Tân Lập | 12 | x |\n"
        ).encode(),
        (
            fact("Hồ sơ trực tuyến", "cả nước", "31/12/2024", "12345678", "hồ sơ"),
            fact("Tỷ lệ", "cả nước", "31/12/2024", "45.21", "%"),
            fact("Hồ sơ trực tuyến", "Hải Phòng", "31/12/2024", "345678", "hồ sơ"),
            fact("Tỷ lệ", "Hải Phòng", "31/12/2024", "51.5", "%"),
            fact("Hồ sơ trực tuyến", "Xã Tân Lập", "31/12/2024", "12", "hồ sơ"),
        ),
    ),
)
# fmt: on


def written(folder: Path) -> list[Path]:
    """All samples as files."""
    paths = []
    for sample in SAMPLES:
        path = folder / sample.name
        path.write_bytes(sample.made())
        paths.append(path)
    return paths
