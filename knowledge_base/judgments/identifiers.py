"""What identifies a person beside the name: numbers, plates, days of birth, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.judgments.houses import houses

_DAY = (
    r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}"
    r"|\d{1,2}/(?:19|20)\d\d|(?:19|20)\d\d"
)


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` becomes ``put``; ``kind`` is what it was, for the report."""

    start: int
    end: int
    kind: str
    put: str


# The first group is what goes; what stands before it stays.
_RULES: tuple[tuple[str, str, str], ...] = (
    ("email", "[email]", r"\b([\w.+-]+@[\w-]+(?:\.[\w-]+)+)\b"),
    ("birth", "[ngày sinh]", rf"(?i)\b(?:sinh|s\.?n)\s*(?:ngày|năm)?\s*:?\s*({_DAY})(?![\d/])"),
    ("birth", "[ngày sinh]", rf"(?i)\b(?:năm sinh|ngày sinh|sinh nam|sinh "
                             rf"ngay)\s*:?\s*({_DAY})(?![\d/])"),
    (
        "papers",
        "[số giấy tờ]",
        r"(?i)\b(?:cccd|cmnd|cmt|cmtnd|căn cước(?: công dân)?|chứng minh(?: nhân dân| thư)?"
        r"|thẻ căn cước|hộ chiếu"
        r"|số định danh(?: cá nhân)?|giấy phép lái xe|gplx|sổ bảo hiểm(?: xã hội)?|thẻ luật sư)"
        r"(?:\s+(?:số|mang số|hạng \w+))*\s*:?\s*([A-Z]{0,2}\d[\d .]{5,14}\d)",
    ),
    ("papers", "[số giấy tờ]", r"(?<![\w./-])(0\d{11})(?![\w/])"),
    (
        "phone",
        "[số điện thoại]",
        r"(?<![\d./])((?:\+?84|0)[ .-]?[235789](?:[ .-]?\d){8,9})(?![\d/])",
    ),
    ("plate", "[biển số]", r"(?<![\w-])(\d{2}[A-ZĐ]{1,2}\d?\s?[-–.]?\s?\d{3}\.?\d{2,3})(?![\w])"),
    ("plate", "[biển số]", r"(?i)\b(?:biển (?:kiểm soát|số)|bks|bs)\s*:?\s*(\d{2}[ "
                           r"-]?[A-ZĐ]{1,2}\d?[ -]*[\dX*.]{3,7})"),
    ("account", "[số tài khoản]", r"(?i)\b(?:số tài khoản|tài khoản(?: ngân hàng)?"
                                  r"|stk)\D{0,40}?(\d[\d ]{6,18}\d)"),
    ("papers", "[số giấy tờ]", r"(?i)\b(?:mã số thuế|mst|mã số doanh nghiệp"
                               r"|gcnđkdn)(?:\s+số)?\s*:?\s*(\d{10}(?:-?\d{3})?)"),
    ("papers", "[số giấy tờ]", r"(?i)\b(?:số khung|số máy|imei)\s*:?\s*((?=\w*\d)[A-Z0-9-]{6,20})"),
    ("land", "[số]", r"(?i)\bthửa(?: đất)?(?: "
                     r"số)?\s*:?\s*(\d{1,5}\b(?:\s*,?\s*(?:thuộc\s+)?tờ(?: bản đồ)?(?: "
                     r"số)?\s*:?\s*\d{1,4})?)"),
    ("land", "[số]", r"(?i)\btờ bản đồ(?: số)?\s*:?\s*(\d{1,4})\b"),
    ("land", "[số]", r"(?i)\b(?:giấy chứng nhận|gcn|sổ đỏ|sổ hồng|số vào sổ|số phát hành"
                     r"|seri)[^\n;.]{0,90}?(?:số|sổ)?\s*:?\s*((?-i:[A-Z]{1,3})\s?\d{5,8})\b"),
    ("name", "[tên tài khoản]", r"(?i)\b(?:facebook|zalo|telegram|tiktok|viber|nick(?:name)?"
                                r"|tài khoản)[^\n“\".;]{0,25}([“\"][^”\"\n]{1,40}[”\"])"),
    ("papers", "[số]", r"(?<![\w.,/-])(\d{9,16})(?![\w.,/-]?\d)(?!\s*(?:đồng|đ\b|vnđ))"),
)  # fmt: skip
_COMPILED = tuple((kind, put, re.compile(pattern)) for kind, put, pattern in _RULES)

_ADDRESS = re.compile(
    r"(?i)(?:\b(?:nơi|chỗ|địa chỉ)?\s*(?:nơi cư trú|cư trú tại|cư trú|trú tại|trú quán|địa "
    r"chỉ(?: liên hệ| cư trú| nơi ở)?|đia chỉ"
    r"|(?:nơi )?(?:đkhktt|đktt|đknktt|hktt|đk hktt)|hộ khẩu thường trú|đăng ký thường trú"
    r"|đăng ký hộ khẩu thường trú|thường trú|tạm trú|chỗ ở(?: hiện nay| hiện tại)?"
    r"|nơi ở(?: hiện nay| trước khi bị bắt)?|quê quán|nguyên quán|nơi sinh|trụ sở(?: chính)?"
    r"|đều ở|ngụ(?: tại)?|sinh sống tại|noi cu tru|dia chi|tru tai))"
    r"(?:\s+(?:và chỗ ở|và nơi ở|hiện nay|tại|trước khi phạm tội|của \w+))*\s*(?::|là|-)?\s*"
)
_CUT = re.compile(
    r"[;\n|()]|(?<!\bP)(?<!\bQ)(?<!\bH)(?<!\bT)(?<!\bX)(?<!\bTP)(?<!\bTX)\.\s+(?=[A-ZĐ])|\.$"
    r"|\s[-–]\s*(?=[Cc]ó mặt|[Vv]ắng|[Ss]inh|SN)"
    r"|,\s*(?=(?:sinh|sn|nghề|có mặt|vắng|cccd|cmnd|căn cước|số điện thoại|điện thoại|chức vụ"
    r"|do|người|đại diện|hiện|dân tộc|giới|"
    r"quốc tịch|trình độ|con ông|là|mã số|cùng|xin|có đơn)\b)"
)  # fmt: skip
_WIDE = re.compile(
    r"(?i)(?:h(?:uyện)?\b|q(?:uận)?\b|thị xã|tx\b|thành phố|tp\b|t(?:ỉnh)?\b(?!ổ)|h\.|q\.|t\."
    r"|tp\.|tx\.|huyen|tinh|quan|thanh pho)\s*\S"
)
_COURT = re.compile(r"(?i)\s*(?:Tòa|Toà|Viện|Ủy ban|UBND|cơ quan|TAND|Công an|của)")
_CELL = re.compile(
    r"(?<=[|\n])[ \t]*((?:số nhà|tổ|thôn|ấp|xóm|bản|buôn|khóm|khối|khu phố|tổ dân phố)"
    r"\s(?=[A-ZĐÀ-Ỹ\d])[^,|\n]{1,40}"
    r"(?:,\s*(?:xã|phường|thị trấn)\s[^,|\n]{1,40})?)"
)
_YEAR_CELL = re.compile(r"(?<=\|)\s*((?:19|20)\d\d|\d{1,2}/\d{1,2}/(?:19|20)\d\d)\s*(?=\|)")
_COMMON_PLACE = re.compile(
    r"(?i)(?:việt nam|hàn quốc|hoa kỳ|mỹ|đài loan|nhật bản|canada|úc|anh|pháp|trung quốc|lào"
    r"|campuchia|hà nội"
    r"|nước ngoài|cùng|như trên|không|trại|nhà tạm giữ|nhà ở)(?!\w)"
)


def identifiers(text: str) -> list[Span]:
    """Numbers, days of birth and addresses of people, in order and apart from each other."""
    found = [
        Span(match.start(1), match.end(1), kind, put)
        for kind, put, pattern in _COMPILED
        for match in pattern.finditer(text)
    ]
    found += addresses(text)
    if "năm sinh" in text.lower() or "ngày sinh" in text.lower():
        found += [
            Span(m.start(1), m.end(1), "birth", "[ngày sinh]") for m in _YEAR_CELL.finditer(text)
        ]
    return apart(found)


def addresses(text: str) -> Iterator[Span]:
    """Where people live, from the house to the ward; district and province stay."""
    for match in _ADDRESS.finditer(text):
        start = match.end()
        cut = _CUT.search(text, start)
        end = min(cut.start() if cut else len(text), start + 250)
        if start >= end or _COURT.match(text, start):
            continue
        stop = start
        for part in re.finditer(r"[^,]+", text[start:end]):
            words = part[0].strip(" -–")
            if _WIDE.match(words) or _COMMON_PLACE.match(words) or _is_province(words):
                break
            stop = start + part.end()
        body = text[start:stop].strip(" ,.-–")
        if body and re.search(r"[^\W\d_]", body) and (body[0].isupper() or _PART.match(body)):
            begin = text.index(body, start)
            yield Span(begin, begin + len(body), "address", "[địa chỉ]")
    for start, end in houses(text):
        yield Span(start, end, "address", "[địa chỉ]")
    for match in _CELL.finditer(text):
        yield Span(match.start(1), match.end(1), "address", "[địa chỉ]")


_PART = re.compile(
    r"(?i)\d|[kp]\d|sn\s*\d|số\s*(?:nhà|\d)|nhà\s(?:số|không số|\d|(?-i:[A-Z]))|tổ\s(?!chức)"
    r"|thôn|ấp|xóm|bản\s(?!án|sao|chính|hợp)|buôn|làng|khu|khóm|khối|đường|phố|ngõ|ngách|hẻm"
    r"|kiệt|phường|xã|thị trấn"
    r"|lô|chung cư|tiểu khu|căn|tầng|tòa|đội|cụm|sóc|plei|p\.|x\.|tdp|kp|to|thon|ap|xom|xa"
    r"|phuong|duong|khu|so"
)


def _is_province(words: str) -> bool:
    from knowledge_base.places import current_province

    return current_province(words) is not None


def apart(spans: list[Span]) -> list[Span]:
    """Spans in order, the longer one where two overlap."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -(s.end - s.start))):
        if kept and span.start < kept[-1].end:
            if span.end - span.start > kept[-1].end - kept[-1].start:
                kept[-1] = span
            continue
        kept.append(span)
    return kept
