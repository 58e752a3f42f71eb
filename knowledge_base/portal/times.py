"""Processing times: the figure of the table, and the cases its description tells apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from knowledge_base.documents import Duration, TimeUnit
from knowledge_base.wording import UNIT

_UNITS = {
    "ngày làm việc": TimeUnit.WORKING_DAY,
    "ngày": TimeUnit.DAY,
    "giờ làm việc": TimeUnit.HOUR,
    "giờ": TimeUnit.HOUR,
    "tháng": TimeUnit.MONTH,
    "năm": TimeUnit.YEAR,
    "phút": TimeUnit.MINUTE,
}
_UNIT = r"(?P<unit>ngày\s+làm\s+việc|ngày|giờ\s+làm\s+việc|giờ|tháng|năm|phút)(?![^\W\d_])"
_CELL = re.compile(rf"\s*(?P<amount>\d+(?:[.,]\d+)?)\s*{_UNIT}\s*", re.IGNORECASE)
_FIGURE = re.compile(
    r"(?<![\w/.,-])(?:\(\s*)?(?P<amount>\d+(?:[.,]\d+)?)(?:\s*(?:-|–|đến)\s*(?P<to>\d+))?"
    rf"(?:\s*\))?(?:\s*\([^()]{{1,30}}\))?\s*{_UNIT}",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?:thì\s+)?(?:(?:trong\s+)?(?:thời\s+(?:hạn|gian)|vòng)\s+)?(?:giải quyết\s+)?"
    r"(?:là\s+|thì\s+)?(?:tối đa\s+)?(?:không (?:vượt )?quá\s+|sau\s+|trong\s+)?" + _FIGURE.pattern,
    re.IGNORECASE,
)
# Dates, years and periods counted from a date are no durations.
_DATES = re.compile(
    r"ngày\s+\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?|tháng\s+\d{1,2}\s+năm\s+\d{4}|năm\s+\d{4}"
    r"|\d{1,2}\s+tháng\s+\d{1,2}\s+năm",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"[;\n]|,\s*(?=\d{1,3}\s*(?:ngày|tháng|giờ))|\.\s+(?=[A-ZĐ(\d-])|\s[-+*]\s+(?=[A-ZĐ\d(])"
    r"|\s(?:hoặc|và)\s+(?=(?:(?:là|không quá|tối đa)\s+)?\d{1,3}\s*(?:\([^()]{1,30}\)\s*)?"
    r"(?:ngày|tháng|giờ))"
)
_CASE = re.compile(r"đối với|trường hợp|nếu |hồ sơ mới|cấp mới|cấp lại", re.IGNORECASE)
_STAGE = re.compile(
    r"kiểm tra|thẩm định|xem xét|thông báo|trả kết quả|tiếp nhận và|chuyển|bổ sung|lấy ý kiến"
    r"|tăng thêm|gia hạn (?:thời|giải|một|hai|thêm)|(?:có thể|được) gia hạn|kéo dài"
    r"|xác minh|niêm yết|trình |họp|báo cáo|trả lời|công bố|hoàn thiện"
    r"|từ chối|không (?:được )?tính vào|thành lập hội đồng|phối hợp",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"^\W*(?:thời (?:hạn|gian) (?:giải quyết|thực hiện)(?: hồ sơ| thủ tục)?\s*:?\s*)?(?:là\s+)?"
    r"(?:trong (?:thời (?:hạn|gian)|vòng)\s+)?(?:không quá\s+|tối đa\s+|chậm nhất\s+)?"
    r"(?:là\s+)?\(?\d",
    re.IGNORECASE,
)
_SAME_DAY = re.compile(
    r"^\W*(?:thời (?:hạn|gian) giải quyết\s*:?\s*)?(?:giải quyết\s+)?(?:ngay\s+)?trong ngày"
    r"(?:\s+làm việc)?(?:\s+(?:tiếp\s+)?nhận|\s*[.,;(]|\s*$)",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\W*(?:không(?: có| quy định| áp dụng)?(?: thời hạn| cụ thể)?(?: giải quyết)?"
    r"|không phải trả kết quả.*)\W*",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER_WORDS = re.compile(
    r"^(?:(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mươi|lăm)\s+)+(?=đối với|kể từ)",
    re.IGNORECASE,
)
_LONGEST = 200  # characters of a condition that is still read


@dataclass(frozen=True, slots=True)
class Times:
    """What a row says about time. ``readable`` is False where a figure has no sure unit."""

    values: tuple[Duration, ...] = ()
    readable: bool = True
    none: bool = False  # the source says that there is no time limit


def times_of(cell: str, description: str) -> Times:
    """The times of one row: ``cell`` is the table's, ``description`` the running text.

    The table decides. The description adds cases only where it lists the
    table's own figure among them; a figure that has no unit in the table
    takes one only from the same figure in the description.
    """
    found = _figures(description)
    if match := _CELL.fullmatch(cell):
        value = _duration(match)
        if not value.amount:
            return _from_description(description, found) or Times(readable=False)
        return Times(_with_cases(value, found))
    if cell.strip(" .").casefold() in ("", "không có thông tin"):
        return _from_description(description, found) or Times()
    if _NOTHING.fullmatch(cell):
        return _from_description(description, found) or Times(none=True)
    if re.fullmatch(r"\d+(?:[.,]\d+)?", cell.strip()):
        same = {f.value for f in found if f.value.amount == float(cell.replace(",", "."))}
        if len({value.unit for value in same}) == 1:
            return Times((next(iter(same)),))
    return _from_description(description, found) or Times(readable=False)


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Duration
    clause: str
    alone: bool  # the only figure of its clause


def _figures(description: str) -> list[_Figure]:
    found = []
    joined = re.sub(r"\s*\n\s*(?=[a-zà-ỹ]|\((?![\divx]{1,3}\)))", " ", description)
    for clause in _CLAUSES.split(_DATES.sub(" ", joined)):
        matches = list(_FIGURE.finditer(clause))
        for match in matches:
            value = _duration(match)
            if match["to"]:
                found.append(_Figure(replace(value, condition="ít nhất"), clause, False))
                value = replace(value, amount=float(match["to"]), condition="nhiều nhất")
            if value.amount:
                found.append(_Figure(value, clause, len(matches) == 1))
    return found


def _with_cases(value: Duration, found: list[_Figure]) -> tuple[Duration, ...]:
    """The table's time; with the other cases where the description lists them all alike."""
    if any(figure.value == value for figure in found) and len({f.value for f in found}) > 1:
        cases = _cases(found)
        if cases:
            return cases
    units = {f.value.unit for f in found if f.value.amount == value.amount}
    if units and value.unit not in units and len(units) == 1 and len(found) == 1:
        other = f"{value.amount:g} {UNIT[units.pop()]}"
        return (replace(value, condition=f"theo bảng của nguồn (phần mô tả lại ghi {other})"),)
    return (value,)


def case_of(description: str, value: Duration) -> str:
    """What a row's description says that ``value`` holds for, when rows differ only in that."""
    own = [figure for figure in _figures(description) if figure.value == value]
    if own and own[0].alone:
        return _condition(own[0].clause)
    line = re.sub(r"^[\s\-+*•]+", "", " ".join(description.split())).rstrip(" .;")
    return line if len(line) <= _LONGEST else line[:_LONGEST].rsplit(" ", 1)[0] + "…"


def _cases(found: list[_Figure]) -> tuple[Duration, ...]:
    """The figures with what each holds for; nothing where one is a stage or has no case."""
    if any(not f.alone or not _CASE.search(f.clause) or _STAGE.search(f.clause) for f in found):
        return ()
    return tuple(dict.fromkeys(replace(f.value, condition=_condition(f.clause)) for f in found))


def _from_description(description: str, found: list[_Figure]) -> Times | None:
    """The time of a row whose table cell has none; None where the description has none either."""
    if not found:
        same_day = _SAME_DAY.search(description)
        return Times((Duration(TimeUnit.SAME_DAY),)) if same_day else None
    values = [figure.value for figure in found]
    first = found[0].clause
    if len(found) == 1 and _WHOLE.search(first) and not _STAGE.search(first):
        return Times((values[0],))
    if [value.condition for value in values] == ["ít nhất", "nhiều nhất"]:
        return Times(tuple(values))
    cases = _cases(found) if len(found) > 1 else ()
    return Times(cases, readable=bool(cases))


def _duration(match: re.Match[str]) -> Duration:
    unit = _UNITS[" ".join(match["unit"].casefold().split())]
    return Duration(unit, float(match["amount"].replace(",", ".")))


def _condition(clause: str) -> str:
    """What is left of a clause when its figure is taken out."""
    rest = " ".join(_BOUND.sub(" ", clause).split())
    rest = re.sub(r"\s*[:,]\s*(?=kể từ)|\s*:\s*,\s*", ", ", rest)
    rest = _NUMBER_WORDS.sub("", rest)
    if rest.count(")") > rest.count("("):  # its partner went with the figure
        rest = rest.replace(")", "", 1)
    rest = re.sub(r"^\W+|[^\w)]+$", "", rest)
    return rest if len(rest) <= _LONGEST else rest[:_LONGEST].rsplit(" ", 1)[0] + "…"
