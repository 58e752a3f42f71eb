"""The slots of one sentence of law: figures, days, bodies, places, duty, exceptions, references.

Everything is found by rules in the words themselves; spans are those of the
sentence, so that what differs can be shown where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import inf

from assistant.conflicts.words import words
from knowledge_base.vietnamese import canonical, tokens


class Kind(StrEnum):
    """What a slot holds."""

    REFERENCE = "reference"
    EXCEPTION = "exception"
    DAY = "day"
    FIGURE = "figure"
    BODY = "body"
    PLACE = "place"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Slot:
    """``sentence[start:end]``. ``value`` is canonical; of a figure ``number`` of ``unit``.

    ``bound`` of a figure is "least", "most", "from", "to" or "".
    """

    kind: Kind
    start: int
    end: int
    text: str
    value: str
    number: float = 0.0
    unit: str = ""
    bound: str = ""


_DAY = r"ngày\s+\d{1,2}\s*(?:/\s*\d{1,2}\s*/\s*|\s+tháng\s+\d{1,2}\s+năm\s+)\d{4}"
_CITED = re.compile(
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư(?: liên tịch)?|Quyết định|Hiến pháp)"
    rf"(?:\s+số)?\s+\d+[\w/.-]*(?:\s+{_DAY})?(?:\s+của\s+(?:Chính phủ|Thủ tướng Chính phủ"
    r"|Quốc hội|Bộ trưởng Bộ [^,;.]{3,40}))?"
)
_PARTS = r"\d+[a-zđ]?(?:(?:\s*,\s*|\s+và\s+|\s+hoặc\s+|\s*-\s*)\d+[a-zđ]?)*"
_PLACE_IN_LAW = re.compile(
    r"(?:(?:các\s+)?điểm\s+[a-zđ](?:(?:\s*,\s*|\s+và\s+|\s+hoặc\s+)(?:điểm\s+)?[a-zđ](?!\w))*,?\s+)?"
    rf"(?:(?:các\s+)?khoản\s+{_PARTS}\s*,?\s*)?(?:và\s+)?(?:(?:các\s+)?[Đđ]iều\s+{_PARTS})"
    r"(?:\s+(?:của\s+)?(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư|Quyết định|Quy định"
    r"|Quy chế)(?:\s+này)?)?"
    rf"|(?:điểm\s+[a-zđ](?:(?:\s*,\s*|\s+và\s+)[a-zđ](?!\w))*\s+)?khoản\s+{_PARTS}(?:\s+(?:của\s+)?Điều\s+này)?"
    r"|(?:Chương|Mục|Phần)\s+[IVXLC\d]+(?:\s+(?:của\s+)?(?:Bộ luật|Luật|Nghị định|Thông tư) này)?"
    r"|Phụ lục(?:\s+(?:số\s+)?[IVXLC\d]+)?"
)
_EXCEPT = re.compile(
    r"(?:,\s*)?(?:\(\s*)?(?:trừ(?:\s+(?:các\s+)?trường hợp|\s+khi|\s+những)?|ngoại trừ|loại trừ"
    r"|không áp dụng (?:đối với|cho))\b[^;.\n)]*",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:ngày\s+)?(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)"
    r"|ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm\s+(\d{4}))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"năm\s+((?:19|20)\d\d)(?!\d)", re.IGNORECASE)

_ONES = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9, "mốt": 1, "nhăm": 5,
}  # fmt: skip
_WORD_NUMBER = (
    r"(?:(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín)\s+trăm(?:\s+(?:linh|lẻ)\s+\w+|\s+\w+\s+mươi"
    r"(?:\s+(?:mốt|hai|ba|bốn|tư|lăm|sáu|bảy|tám|chín))?)?"
    r"|(?:hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín)\s+mươi(?:\s+(?:mốt|một|hai|ba|bốn|tư|lăm|sáu|bảy"
    r"|bẩy|tám|chín))?"
    r"|mười(?:\s+(?:một|hai|ba|bốn|lăm|sáu|bảy|bẩy|tám|chín))?"
    r"|một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín)"
)
_BODY_HEAD = (
    r"(?:Chủ tịch\s+|Phó Chủ tịch\s+|Thường trực\s+)?(?:Ủy ban nhân dân|Uỷ ban nhân dân|UBND"
    r"|Hội đồng nhân dân|HĐND)(?:\s+(?:các\s+)?(?:cấp\s+(?:xã|huyện|tỉnh)|xã|huyện|tỉnh|phường"
    r"|thành phố|quận)(?:,\s*(?:xã|huyện|quận|phường|thị trấn|thị xã|đặc khu|thành phố)"
    r"(?![\w\s]*\btrực thuộc [Tt]rung ương đó))*(?:\s+trực thuộc [Tt]rung ương)?"
    r"(?:\s+[A-ZĐÀ-Ỹ]\w+){0,3})?"
)
# Words of the names of ministries and departments that are not in capitals.
_OF_NAMES = (
    "nghệ|tế|tài|xã|hội|dựng|vụ|an|thương|lao|binh|thao|lịch|thông|vận|tải|tạo|pháp|phòng|trường"
    "|nguyên|thôn|nghiệp|tư|chính|nhà|ngoại|môi|truyền|công|dân|đất|đai|quản|lý|giao|du|kế|hoạch"
    "|đầu|khoa|học|giáo|dục|và|đào|văn|hóa|thể|y|tin|tỉnh|quốc|hành|xuất|nhập|cảnh|cục|sát|hải"
    "|quan|thuế|đăng|kiểm|bảo hiểm"
)
_NAMED = (
    r"(?:\s+[A-ZĐÀ-Ỹ][\w-]*)(?:(?:\s*,\s*|\s+và\s+|\s+|\s+-\s+)"
    r"(?!Bộ\b|Sở\b|Cục\b|Ủy\b|Chủ\b|Hội\b|Tòa\b)[A-ZĐÀ-Ỹ][\w-]*"
    rf"|\s+(?:{_OF_NAMES})(?=\s|[,.;)]|$)){{0,10}}"
)
_BODIES = re.compile(
    rf"{_BODY_HEAD}"
    r"|(?:Chánh án\s+|Viện trưởng\s+|Thẩm phán\s+)?(?:Tòa án|Toà án|Viện kiểm sát)(?:\s+nhân dân"
    r"|\s+quân sự)?(?:\s+(?:tối cao|cấp cao|cấp tỉnh|cấp huyện|khu vực|có thẩm quyền))?"
    r"|(?:Phó\s+)?Thủ tướng(?:\s+Chính phủ)?|Chính phủ|Quốc hội|Ủy ban [Tt]hường vụ Quốc hội"
    r"|Chủ tịch nước"
    r"|(?:Bộ trưởng|Thứ trưởng)\s+Bộ"
    + _NAMED
    + r"|(?:Giám đốc\s+)?(?:Bộ|Sở|Tổng cục|Chi cục|Cục|Vụ|Thanh tra|Phòng|Ban|Kho bạc|Ngân hàng)"
    + _NAMED
    + r"|(?:Giám đốc\s+)?[Cc]ông an\s+(?:cấp\s+(?:xã|huyện|tỉnh)|xã|phường|huyện|tỉnh"
    r"|nơi\s+\w+\s+\w+)|[Vv]ăn phòng đăng ký đất đai|[Pp]hòng công chứng"
    r"|[Tt]ổ chức hành nghề công chứng"
    r"|[Cc]ơ quan\s+(?:đăng ký\s+\w+\s+\w+|thuế|hải quan|công an|kiểm lâm|thanh tra|điều tra"
    r"|đại diện(?:\s+ngoại giao)?|bảo hiểm xã hội|quản lý xuất nhập cảnh|thi hành án dân sự|tư pháp"
    r"|y tế|tài chính|công chứng|báo chí|chuyên môn về \w+\s+\w+|nhà nước có thẩm quyền"
    r"|có thẩm quyền|tiếp nhận|quản lý nhà nước)"
    r"|[Tt]rung tâm [Pp]hục vụ hành chính công(?:\s+cấp\s+(?:xã|tỉnh))?"
    r"|[Hh]ội đồng\s+(?:quản trị|thành viên|trọng tài(?:\s+\w+\s+\w+)?|thẩm định|nhân dân"
    r"|tuyển dụng|xét duyệt|kỷ luật|trường)|[Đđ]ại hội đồng cổ đông"
    r"|[Hh]òa giải viên(?:\s+lao động)?"
)


@cache
def _figures() -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in sorted(words().units, key=len, reverse=True))
    number = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[,.]\d+)?"
    return re.compile(
        rf"(?<![\w/.,])(?:(?P<digits>{number})|(?P<words>{_WORD_NUMBER}))\s*"
        rf"(?:\([^)]{{2,60}}\)\s*)?(?P<unit>{units})(?![\w²]|/(?!\s*[^\W\d]{{2}}))",
        re.IGNORECASE,
    )


@cache
def _places() -> re.Pattern[str]:
    from knowledge_base.corpus_files import read_yaml
    from knowledge_base.place_table import PLACES_FILE, PlacesFile

    table = PlacesFile.model_validate(read_yaml(PLACES_FILE))
    names = {row.name for row in table.provinces}
    names |= {name for row in table.provinces for name in row.merged_from}
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"(?:(?:trên\s+)?địa bàn\s+)?(?:(?:tỉnh|thành phố|Thành phố|TP\.?)\s+)?(?:{listed})(?!\w)"
        r"|(?:trong\s+|trên\s+)?(?:phạm vi\s+)?(?:cả nước|toàn quốc)"
        r"|(?:(?:trong\s+)?phạm vi|(?:trên\s+)?địa bàn)\s+(?:cấp\s+)?"
        r"(?:tỉnh|xã|huyện|thành phố)(?!\w)"
        r"|khu vực\s+(?:nội thành|ngoại thành|đô thị|nông thôn|biên giới|miền núi|hải đảo|nội địa"
        r"|đồng bằng)"
    )


def slots_of(sentence: str) -> tuple[Slot, ...]:
    """The slots of a sentence, in order; none overlaps another."""
    taken: list[tuple[int, int]] = []
    found: list[Slot] = []
    for slot in _all(sentence):
        if not any(start < slot.end and slot.start < end for start, end in taken):
            taken.append((slot.start, slot.end))
            found.append(slot)
    return tuple(sorted(found, key=lambda s: s.start))


def _all(sentence: str) -> Iterator[Slot]:
    for match in _EXCEPT.finditer(sentence):
        yield _slot(Kind.EXCEPTION, match, " ".join(tokens(match[0])))
    for pattern in (_CITED, _PLACE_IN_LAW):
        for match in pattern.finditer(sentence):
            yield _slot(Kind.REFERENCE, match, " ".join(tokens(match[0])))
    for match in _DATE.finditer(sentence):
        day, month, year = (match[i] or match[i + 3] or "" for i in (1, 2, 3))
        yield _slot(Kind.DAY, match, f"{int(day)}/{int(month)}/{year}")
    for match in _YEAR.finditer(sentence):
        yield _slot(Kind.DAY, match, match[1])
    yield from _figure_slots(sentence)
    yield from _other_figures(sentence)
    for match in _COEFFICIENT.finditer(sentence):
        number = number_of(match[1], None)
        yield Slot(
            Kind.FIGURE, match.start(), match.end(), match[0], f"{number:g} hệ số", number, "hệ số"
        )
    for match in _BODIES.finditer(sentence):
        yield _slot(Kind.BODY, match, body_name(match[0]))
    for match in _places().finditer(sentence):
        yield _slot(Kind.PLACE, match, _place_name(match[0]))
    yield from _duties(sentence)


def _slot(kind: Kind, match: re.Match[str], value: str) -> Slot:
    return Slot(kind, match.start(), match.end(), match[0], value)


def _place_name(text: str) -> str:
    name = re.sub(r"^(?:(?:trong|trên)\s+)?(?:(?:phạm vi|địa bàn)\s+)?", "", text.lower())
    name = re.sub(r"^(?:tỉnh|thành phố|tp\.?)\s+(?=\w)", "", name)
    return "cả nước" if name == "toàn quốc" else name


_HEADS = re.compile(
    r"^(?:(?:phó )?giám đốc (?=sở|cục)|bộ trưởng (?=bộ )|chánh thanh tra "
    r"|(?:tổng )?cục trưởng (?=cục|tổng cục)|trưởng phòng (?=phòng)|thủ trưởng (?=cơ quan))"
)


def body_name(text: str) -> str:
    """One spelling of a body's name, in lower case, its abbreviations written out."""
    name = " ".join(canonical(t) for t in text.replace("UBND", "Ủy ban nhân dân").split())
    name = name.replace("hđnd", "hội đồng nhân dân").replace("uỷ", "ủy")
    name = name.replace("chính quyền cấp", "ủy ban nhân dân cấp")
    # Who heads a ministry or department acts for it; the chairman of a committee does not.
    name = _HEADS.sub("", name)
    return name.replace("cấp ", "").replace("tòa án nhân dân", "tòa án").strip(" ,")


def _figure_slots(sentence: str) -> Iterator[Slot]:
    given = words()
    last = -1.0
    for match in _figures().finditer(sentence):
        unit, factor = given.units[match["unit"].lower()]
        number = number_of(match["digits"], match["words"]) * factor
        before = sentence[max(0, match.start() - 24) : match.start()].lower().rstrip()
        if match["words"] and match["words"].lower() in ("một", "hai") and unit in ("người", "bản"):
            continue  # "một người" is an article, not a count
        bare_year = match["digits"] and unit == "month" and 1900 <= number / 12 <= 2100
        if bare_year or re.search(r"(?:điều|khoản|chương|mục|số|thứ)$", before):
            continue
        if before.endswith("(") and number == last:
            continue  # "10.000.000 đồng (mười triệu đồng)"
        last = number
        bound = _bound(before, sentence[match.end() : match.end() + 14].lower())
        # A week and a month are compared by their days: "30 ngày" is no other than "một tháng".
        yield Slot(
            Kind.FIGURE, match.start(), match.end(), match[0], f"{number:.12g} {unit}",
            number, unit, bound,
        )  # fmt: skip


_FRACTION = re.compile(
    r"(?<!ngày )\b(?P<of>một|hai|ba|bốn|\d{1,2})\s*(?:phần\s*|/\s*)"
    r"(?P<in>hai|ba|tư|bốn|năm|mười|\d{1,2})(?![\w/])"
    r"(?!\s*/)|\bmột nửa\b|\b(?P<more>quá (?:bán|nửa))\b",
    re.IGNORECASE,
)
_ENDLESS = re.compile(
    r"(?:không (?:có |quy định |giới hạn |hạn chế )?(?:về )?(?:thời hạn|thời gian)|vô thời hạn"
    r"|không giới hạn thời (?:hạn|gian)|(?:ổn định,?\s+)?lâu dài)(?:\s+sử dụng)?",
    re.IGNORECASE,
)
_OFTEN = re.compile(
    r"không (?:hạn chế|giới hạn|khống chế|quy định)(?: về)? số lần(?: \w+ hạn)?"
    r"|(?<=được )[^,;.]{0,40}?\b(?P<often>nhiều lần)\b",
    re.IGNORECASE,
)
_AGED = re.compile(r"\btuổi\s+(?:là\s+)?(\d{2})(?!\w|[.,/]\d)", re.IGNORECASE)


def _other_figures(sentence: str) -> Iterator[Slot]:
    """Parts of a whole ("hai phần ba", "quá bán"), time without end, "ở tuổi 55"."""
    for match in _FRACTION.finditer(sentence):
        number, bound = 50.0, "trên" if match["more"] else ""
        if match["of"]:
            part, whole = (number_of(*_either(match[key])) for key in ("of", "in"))
            if not 0 < part < whole <= 10:
                continue
            number = round(100 * part / whole, 1)
        before = sentence[max(0, match.start() - 24) : match.start()].lower().rstrip()
        yield Slot(
            Kind.FIGURE, match.start(), match.end(), match[0], f"{number:g} %", number, "%",
            bound or _bound(before, ""),
        )  # fmt: skip
    for match in _ENDLESS.finditer(sentence):
        yield Slot(Kind.FIGURE, match.start(), match.end(), match[0], "endless", inf, "month")
    for match in _OFTEN.finditer(sentence):
        start = match.start("often") if match["often"] else match.start()
        yield Slot(
            Kind.FIGURE, start, match.end(), sentence[start : match.end()], "often", inf, "lần"
        )
    for match in _AGED.finditer(sentence):
        number = float(match[1])
        yield Slot(
            Kind.FIGURE, match.start(), match.end(), match[0], f"{number:g} tuổi", number, "tuổi"
        )


def _either(text: str) -> tuple[str | None, str | None]:
    return (text, None) if text.isdigit() else (None, text)


def _bound(before: str, after: str) -> str:
    if re.match(r"\s*trở (?:lên|đi)", after):
        return "least"
    if re.match(r"\s*trở xuống", after):
        return "most"
    for bound, phrases in words().bounds.items():
        if any(before.endswith(each) for each in phrases):
            return bound
    end = re.search(r"\b(từ đủ|từ|đến dưới|chưa đủ|đến|trên|dưới|quá)$", before)
    return _BOUNDING.get(end[1], end[1]) if end else ""


_BOUNDING = {"từ đủ": "from", "từ": "from", "đến dưới": "to", "đến": "to", "chưa đủ": "dưới"}


def number_of(digits: str | None, spelt: str | None) -> float:
    """The number written in digits ("1.500.000", "2,5") or in words ("mười lăm")."""
    if digits:
        plain = re.sub(r"\.(?=\d{3}(?!\d))", "", digits)
        return float(plain.replace(",", "."))
    total = current = 0
    for word in (spelt or "").lower().split():
        if word == "trăm":
            total, current = total + current * 100, 0
        elif word == "mươi":
            total, current = total + current * 10, 0
        elif word == "mười":
            total += 10
        elif word not in ("linh", "lẻ"):
            current = _ONES.get(word, 0)
    return float(total + current)


_COEFFICIENT = re.compile(r"hệ số\s+(?:là\s+|bằng\s+)?(\d+(?:,\d+)?)(?!\w)", re.IGNORECASE)
_SYLLABLE = re.compile(r"[^\W_]+")


def _duties(sentence: str) -> Iterator[Slot]:
    given = words()
    spans = [(m.start(), m.end()) for m in _SYLLABLE.finditer(sentence)]
    said = [canonical(sentence[a:b]) for a, b in spans]
    longest = max(map(len, given.modality))
    n = 0
    while n < len(said):
        for size in range(min(longest, len(said) - n), 0, -1):
            kind = given.modality.get(tuple(said[n : n + size]))
            if kind is None:
                continue
            if _is_duty(said, n, size, kind):
                start, end = spans[n][0], spans[n + size - 1][1]
                yield Slot(Kind.DUTY, start, end, sentence[start:end], kind)
            n += size - 1
            break
        n += 1


def _is_duty(said: list[str], at: int, size: int, kind: str) -> bool:
    given = words()
    if at and said[at - 1] in given.not_before and said[max(0, at - 2)] != "tiếp":
        return False
    last = said[at + size - 1]
    following = tuple(said[at + size : at + size + 3])
    if kind == "bare" and following[:1] and following[0] in ("không", "phép", "quyền"):
        return False
    return not any(following[: len(p)] == p for p in given.not_after.get(last, ()))
