"""The parts a paper must have, their order, and what stands in each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.drafting.check_lists import check_lists
from assistant.drafting.faults import Fault, Words, at_line, of_whole
from assistant.drafting.paper import BLANK
from assistant.drafting.parts import TITLES, Parts
from assistant.drafting.sheet import Line, Sheet
from assistant.drafting.tables import page

_NEEDED = ("country", "motto", "agency", "number", "place_date", "receivers_head", "capacity")
_ORDER = (
    "country",
    "motto",
    "number",
    "place_date",
    "title",
    "subject",
    "basis",
    "body",
    "receivers_head",
)
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_COUNTRY = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM")
_SYMBOL = re.compile(r"^Số: ?(?P<number>[^/]*)/(?P<symbol>.*)$", re.DOTALL)
_PLACE = re.compile(
    r"^(?P<place>[^,]*)(?P<comma>,?)\s*(?P<word>ngày)\s+(?P<day>\S*)\s+tháng\s+(?P<month>\S*)\s+năm\s+(?P<year>\S*)$",
    re.IGNORECASE,
)


def check_parts(sheet: Sheet, parts: Parts) -> Iterator[Fault]:
    """Faults of the parts one by one, then of what is missing and of the order."""
    yield from _missing(sheet, parts)
    yield from _order(parts)
    yield from _nation(parts)
    yield from _number(parts)
    yield from _place_date(parts)
    yield from _subject(parts)
    yield from check_lists(parts)
    for line in sheet.lines:
        if BLANK in line.text or "[...]" in line.text or re.search(r"(?<!\w)[….]{6,}", line.text):
            yield at_line(line, "blank", "Còn chỗ trống chưa điền.", "Điền hoặc bỏ chỗ trống.")


def _missing(sheet: Sheet, parts: Parts) -> Iterator[Fault]:
    if not parts.head_in_columns:
        return
    names = {key: look.name for key, look in page().parts.items()} | {"receivers_head": "Nơi nhận"}
    is_minutes = parts.title == "BIÊN BẢN"
    for part in _NEEDED:
        if not parts.lines.get(part) and not (
            is_minutes and part in ("number", "place_date", "receivers_head")
        ):
            yield of_whole(
                "missing", f"Thiếu {names[part]}.", f"Thêm {names[part]} vào đúng vị trí."
            )
    if parts.title and not parts.lines.get("subject"):
        line = parts.first("title")
        if line is not None:
            yield at_line(
                line,
                "missing",
                "Thiếu trích yếu dưới tên loại văn bản.",
                "Thêm trích yếu nội dung.",
            )
    if not parts.title:
        if not parts.lines.get("letter_subject"):
            yield of_whole(
                "missing",
                "Thiếu tên loại văn bản, hoặc trích yếu “V/v …” của công văn.",
                "Thêm tên loại và trích yếu, hoặc “V/v …” dưới số, ký hiệu.",
            )
        if not parts.lines.get("addressee"):
            yield of_whole("missing", "Công văn thiếu “Kính gửi”.", "Thêm dòng Kính gửi: …")
    if parts.title == "TỜ TRÌNH" and not parts.lines.get("addressee"):
        yield of_whole("missing", "Tờ trình thiếu “Kính gửi”.", "Thêm dòng Kính gửi: …")
    if parts.title == "QUYẾT ĐỊNH" and not parts.lines.get("basis"):
        yield of_whole("missing", "Quyết định thiếu căn cứ ban hành.", "Thêm các dòng Căn cứ …")
    if not parts.lines.get("body"):
        yield of_whole("missing", "Văn bản không có nội dung.", "Thêm nội dung.")
    elif parts.lines.get("capacity") and not parts.lines.get("signer"):
        line = parts.lines["capacity"][-1]
        yield at_line(
            line, "missing", "Thiếu họ và tên người ký.", "Ghi họ, chữ đệm và tên người ký."
        )
    del sheet


def _order(parts: Parts) -> Iterator[Fault]:
    """Parts that stand before what they should come after."""
    before: Line | None = None
    earlier = ""
    for part in _ORDER:
        line = parts.first(part)
        if line is None or (part == "place_date" and line.cell is not None):
            continue
        side_by_side = (
            before is not None and before.cell and line.cell and before.cell[0] == line.cell[0]
        )
        column_apart = (
            side_by_side
            and before is not None
            and before.cell
            and line.cell
            and (before.cell[2] != line.cell[2])
        )
        if before is not None and line.number < before.number and not column_apart:
            names = page().parts
            name = names[part].name if part in names else part
            yield at_line(
                line,
                "order",
                f"{name} đứng trước {names[earlier].name}, sai vị trí.",
                f"Chuyển {name} xuống sau {names[earlier].name}.",
            )
            continue
        before, earlier = line, part
    for line in parts.lines.get("body", ()):
        is_basis = re.match(r"(?i)căn cứ\b", line.text) and line.text.endswith(";")
        if is_basis and (line.italic > 0.5 or parts.title in ("QUYẾT ĐỊNH", "NGHỊ QUYẾT")):
            says = "Căn cứ ban hành đứng sau phần nội dung, sai vị trí."
            yield at_line(line, "order", says, "Chuyển căn cứ lên trước nội dung.")


def _nation(parts: Parts) -> Iterator[Fault]:
    country, motto = parts.first("country"), parts.first("motto")
    if country is not None and country.text.upper().rstrip(".") not in _COUNTRY:
        yield at_line(
            country,
            "wording",
            "Quốc hiệu viết chưa đúng.",
            _COUNTRY[0],
            change=Words(country.text, _COUNTRY[0]),
        )
    if motto is not None and motto.text.replace("–", "-") != _MOTTO:
        yield at_line(
            motto, "wording", "Tiêu ngữ viết chưa đúng.", _MOTTO, change=Words(motto.text, _MOTTO)
        )


def _number(parts: Parts) -> Iterator[Fault]:
    line = parts.first("number")
    if line is None:
        return
    match = _SYMBOL.match(line.text)
    if match is None:
        yield at_line(line, "number", "Số, ký hiệu chưa đúng dạng.", "Viết như: Số: 05/QĐ-UBND")
        return
    number, symbol = match["number"].strip(), match["symbol"].strip()
    if re.fullmatch(r"[1-9]", number):
        fixed = line.text.replace(f"{number}/", f"0{number}/", 1)
        yield at_line(
            line,
            "number",
            "Số nhỏ hơn 10 phải có số 0 phía trước.",
            fixed,
            change=Words(line.text, fixed),
        )
    if re.search(r"\s[-–/]|[-–/]\s", symbol):
        fixed = re.sub(r"\s*([-–/])\s*", r"\1", symbol)
        yield at_line(
            line,
            "number",
            "Trong ký hiệu không cách chữ quanh gạch nối.",
            fixed,
            change=Words(match["symbol"], fixed),
        )
    if not symbol:
        yield at_line(line, "number", "Thiếu ký hiệu sau số.", "Viết như: Số: 05/QĐ-UBND")
        return
    letters = re.split(r"[-–/]", symbol)[0].strip()
    wanted = TITLES.get(parts.title, "")
    has_year = re.fullmatch(r"(?:19|20)\d\d", letters)
    if wanted and not has_year and letters.upper() != wanted.upper() and BLANK not in letters:
        fixed = (
            symbol.replace(letters, wanted, 1)
            if letters in TITLES.values()
            else f"{wanted}-{symbol}"
        )
        yield at_line(
            line,
            "number",
            f"Ký hiệu của {parts.title.lower()} bắt đầu bằng {wanted}, ở đây là {letters}.",
            f"{number}/{fixed}",
            change=Words(symbol, fixed),
        )
    if (
        not parts.title
        and letters in ("QĐ", "TTr", "BC", "TB", "KH", "GM", "BB", "CV")
        and parts.lines.get("letter_subject")
    ):
        yield at_line(
            line,
            "number",
            f"Công văn không ghi {letters} trong ký hiệu.",
            "Viết tên viết tắt cơ quan - đơn vị soạn thảo, như UBND-VX.",
        )


def _place_date(parts: Parts) -> Iterator[Fault]:
    line = parts.first("place_date")
    if line is None or BLANK in line.text:
        return
    match = _PLACE.match(line.text)
    if match is None:
        yield at_line(
            line,
            "place_date",
            "Địa danh, ngày tháng chưa đúng dạng.",
            "Viết như: Hà Nội, ngày 05 tháng 3 năm 2020",
        )
        return
    if not match["place"].strip():
        yield at_line(
            line, "place_date", "Thiếu địa danh trước ngày tháng.", "Thêm địa danh và dấu phẩy."
        )
    elif not match["comma"]:
        fixed = re.sub(r"\s+ngày", ", ngày", line.text, count=1)
        yield at_line(
            line,
            "place_date",
            "Thiếu dấu phẩy sau địa danh.",
            fixed,
            change=Words(line.text, fixed),
        )
    if match["word"] != "ngày":
        yield at_line(
            line,
            "capitals",
            "Chữ “ngày” sau địa danh viết thường.",
            "ngày",
            change=Words(match["word"], "ngày"),
        )
    place = match["place"].strip()
    if place and place[0].islower():
        yield at_line(
            line,
            "capitals",
            "Địa danh phải viết hoa.",
            place[0].upper() + place[1:],
            change=Words(place, place[0].upper() + place[1:]),
        )
    if re.fullmatch(r"[1-9]", match["day"]):
        yield at_line(
            line,
            "place_date",
            "Ngày nhỏ hơn 10 phải có số 0 phía trước.",
            f"ngày 0{match['day']}",
            change=Words(f"ngày {match['day']} ", f"ngày 0{match['day']} "),
        )
    if match["month"] in ("1", "2"):
        yield at_line(
            line,
            "place_date",
            "Tháng 1, tháng 2 phải có số 0 phía trước.",
            f"tháng 0{match['month']}",
            change=Words(f"tháng {match['month']} ", f"tháng 0{match['month']} "),
        )


def _subject(parts: Parts) -> Iterator[Fault]:
    line = parts.first("letter_subject")
    if line is not None and re.match(r"(?i)về việc\b", line.text):
        fixed = re.sub(r"(?i)^về việc", "V/v", line.text)
        yield at_line(
            line, "wording", "Trích yếu công văn ghi “V/v”.", fixed, change=Words(line.text, fixed)
        )
    for part in ("subject", "letter_subject"):
        lines = parts.lines.get(part, ())
        if lines and lines[-1].text.endswith((".", ";")):
            fixed = lines[-1].text.rstrip(" .;")
            yield at_line(
                lines[-1],
                "punctuation",
                "Cuối trích yếu không có dấu chấm.",
                fixed,
                change=Words(lines[-1].text, fixed),
            )
