"""Paper, margins, fonts, sizes, page numbers: how a document looks against the table."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.drafting.faults import Fault, Look, PageSetup, at_line, of_whole
from assistant.drafting.parts import Parts
from assistant.drafting.sheet import Line, Sheet
from assistant.drafting.tables import Page, PartLook, page

_MARGIN_SLACK = 0.6  # mm: programs round to twentieths of a point and to inches
_SIDES = {"top": "trên", "bottom": "dưới", "left": "trái", "right": "phải"}
_RUNNING = 60  # letters from which a line is running text


def check_page(sheet: Sheet, parts: Parts) -> Iterator[Fault]:
    """Faults of the page and of how its lines look."""
    look = page()
    yield from _setup(sheet, look)
    yield from _page_number(sheet, look)
    for line in sheet.lines:
        if line.text:
            yield from _letters(line, parts.role(line), look)
    yield from _rules(sheet, parts)


def _setup(sheet: Sheet, look: Page) -> Iterator[Fault]:
    width, height = sheet.page
    if abs(width - look.paper[0]) > 1.5 or abs(height - look.paper[1]) > 1.5:
        turned = abs(width - look.paper[1]) <= 1.5 and abs(height - look.paper[0]) <= 1.5
        says = (
            "Trang đầu đặt ngang."
            if turned
            else f"Khổ giấy {width:g} × {height:g} mm, không phải A4."
        )
        yield of_whole(
            "page_size", says, "Đặt khổ A4 (210 × 297 mm), chiều dọc.", change=PageSetup()
        )
    for side, (least, most) in look.margins.items():
        value = sheet.margins[side]
        if not least - _MARGIN_SLACK <= value <= most + _MARGIN_SLACK:
            yield of_whole(
                "margin",
                f"Lề {_SIDES[side]} {value:g} mm, quy định {least:g}–{most:g} mm.",
                f"Đặt lề {_SIDES[side]} {least:g} mm.",
                change=PageSetup(),
            )


def _page_number(sheet: Sheet, look: Page) -> Iterator[Fault]:
    del look
    several = sum(len(line.text) for line in sheet.lines) > 3500
    if sheet.page_number == "none":
        if several:
            yield of_whole(
                "page_number",
                "Văn bản nhiều trang nhưng không đánh số trang.",
                "Đánh số trang ở giữa lề trên, từ trang 2.",
                change=PageSetup(),
            )
        return
    if sheet.page_number == "footer":
        yield of_whole(
            "page_number", "Số trang đặt ở lề dưới.", "Đặt ở giữa lề trên.", change=PageSetup()
        )
    elif not sheet.page_number_centred:
        yield of_whole(
            "page_number", "Số trang không ở giữa.", "Đặt ở giữa lề trên.", change=PageSetup()
        )
    if not sheet.first_page_differs:
        yield of_whole(
            "page_number",
            "Số trang hiện cả ở trang thứ nhất.",
            "Chọn “Trang đầu khác” để trang thứ nhất không hiện số.",
            change=PageSetup(),
        )


def _letters(line: Line, role: str, look: Page) -> Iterator[Fault]:
    wrong_fonts = [font for font in line.fonts if font and font.lower() != look.font.lower()]
    known = look.parts.get(role)
    if wrong_fonts:
        yield at_line(
            line,
            "font",
            f"Phông {', '.join(wrong_fonts)}, quy định {look.font}.",
            f"Đổi sang {look.font}.",
            change=Look(role if known else ""),
        )
    if line.coloured and role != "mixed":
        yield at_line(
            line,
            "colour",
            "Chữ có màu, quy định màu đen.",
            "Đổi sang màu đen.",
            change=Look(role if known else ""),
        )
    if role == "body":
        if line.cell is None:
            yield from _running(line, look)
    elif known is not None and any(letter.isalnum() for letter in line.text):
        yield from _part(line, role, known)


def _running(line: Line, look: Page) -> Iterator[Fault]:
    least, most = look.body_size
    wrong = [size for size in line.sizes if not least <= size <= most]
    if wrong and len(line.text) > 2:
        yield at_line(
            line,
            "size",
            f"Cỡ chữ {_sizes(wrong)}, quy định {least:g}–{most:g}.",
            f"Đặt cỡ {most:g}.",
            change=Look("body"),
        )
    if (
        line.spacing is not None
        and not look.lines[0] - 0.02 <= line.spacing <= look.lines[1] + 0.02
    ):
        yield at_line(
            line,
            "line_spacing",
            f"Giãn dòng {line.spacing:.2g}, quy định từ 1 đến 1,5 dòng.",
            "Đặt giãn dòng từ dòng đơn đến 1,5.",
            change=Look("body"),
        )
    if len(line.text) >= 2 * _RUNNING:
        if line.align not in ("both", "distribute", "justify"):
            yield at_line(
                line,
                "align",
                "Đoạn văn chưa canh đều hai lề.",
                "Canh đều hai lề.",
                change=Look("body"),
            )
        indent = round(line.first_indent, 1)
        typed = line.paragraph.find(".//{*}tab") is not None
        if (
            not typed
            and not 9.0 <= indent + min(line.left_indent, 0.0) <= 13.7
            and line.left_indent < 5
        ):
            yield at_line(
                line,
                "indent",
                f"Đầu dòng lùi {indent:g} mm, quy định 1 cm hoặc 1,27 cm.",
                "Lùi đầu dòng 1,27 cm.",
                change=Look("body"),
            )


def _part(line: Line, role: str, known: PartLook) -> Iterator[Fault]:
    least, most = known.size
    wrong = [size for size in line.sizes if not least <= size <= most]
    change = Look(role)
    if wrong:
        told = f"{least:g}" if least == most else f"{least:g}–{most:g}"
        yield at_line(
            line,
            "size",
            f"{known.name}: cỡ chữ {_sizes(wrong)}, quy định {told}.",
            f"Đặt cỡ {most:g}.",
            change=change,
        )
    if known.bold is not None and (line.bold < 0.9 if known.bold else line.bold > 0.1):
        told = "kiểu chữ đậm" if known.bold else "không in đậm"
        yield at_line(
            line, "style", f"{known.name} phải {told}.", f"Đổi sang {told}.", change=change
        )
    if known.italic is not None and (line.italic < 0.9 if known.italic else line.italic > 0.1):
        told = "kiểu chữ nghiêng" if known.italic else "kiểu chữ đứng"
        yield at_line(
            line, "style", f"{known.name} phải {told}.", f"Đổi sang {told}.", change=change
        )
    if known.capitals and not line.is_capital and any(x.isalpha() for x in line.text):
        yield at_line(
            line,
            "capitals",
            f"{known.name} phải in hoa.",
            f"Viết: {line.text.upper()}",
            change=change,
        )


def _rules(sheet: Sheet, parts: Parts) -> Iterator[Fault]:
    """The line under the motto and under the agency: drawn somewhere in the head."""
    motto = parts.first("motto")
    if motto is None or not parts.head_in_columns:
        return
    first = [line for line in sheet.lines if line.number <= motto.number + 12]
    drawn = [line for line in first if line.has_rule]
    if not drawn:
        yield at_line(
            motto,
            "rule",
            "Thiếu đường kẻ dưới Tiêu ngữ và dưới tên cơ quan.",
            "Kẻ đường nét liền, dài bằng dòng Tiêu ngữ.",
        )
        return
    agency = parts.lines.get("agency", ())
    if len(drawn) == 1 and agency and motto.cell is not None and agency[0].cell is not None:
        missing = "tên cơ quan" if drawn[0].cell == motto.cell else "Tiêu ngữ"
        line = agency[-1] if missing == "tên cơ quan" else motto
        # A drawn shape may stand anywhere and be two; a border is where it is.
        bordered = drawn[0].paragraph.find(".//{*}pBdr") is not None
        if bordered and drawn[0].cell in (motto.cell, agency[0].cell):
            yield at_line(line, "rule", f"Thiếu đường kẻ dưới {missing}.", "Kẻ đường nét liền.")


def _sizes(sizes: list[float]) -> str:
    return ", ".join(f"{size:g}" for size in sizes)
