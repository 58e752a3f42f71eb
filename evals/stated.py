"""Typed facts in words and of cards, and whether a text of the corpus states them.

For authors of datasets: what is read here is frozen into the files. It shares no
code with the assistant, whose mistakes it would otherwise repeat.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from knowledge_base.documents import DossierItem, Fee, FeeState, How, OnlineLevel, ProcedureCard

Json = dict[str, Any]
Time = tuple[float | None, str]  # amount and unit; ``(None, "same_day")``

#: Bodies one applies to, by the names that count as the same. Which level it is must be said.
BODIES: tuple[tuple[str, ...], ...] = (
    ("Trung tâm Phục vụ hành chính công cấp xã", "Trung tâm hành chính công cấp xã"),
    ("Trung tâm Phục vụ hành chính công", "Trung tâm hành chính công"),
    ("Ủy ban nhân dân cấp xã", "UBND cấp xã", "Ủy ban nhân dân xã", "UBND xã"),
    ("Công an cấp xã", "Công an xã"),
    ("Phòng Quản lý xuất nhập cảnh",),
    ("Cục Quản lý xuất nhập cảnh",),
    ("Phòng Cảnh sát giao thông", "Phòng CSGT"),
    ("Phòng Cảnh sát quản lý hành chính về trật tự xã hội", "Công an cấp tỉnh"),
    ("Công an cấp tỉnh", "Công an tỉnh"),
    ("Cục Hồ sơ nghiệp vụ",),
    ("Văn phòng đăng ký đất đai",),
    ("cơ quan Bảo hiểm xã hội", "Bảo hiểm xã hội tỉnh", "bảo hiểm xã hội cơ sở"),
    ("Tổ chức dịch vụ thu", "đại lý thu"),
    ("đơn vị sử dụng lao động", "đơn vị nơi", "nơi làm việc", "cho đơn vị"),
    ("Sở Tư pháp",),
    ("Sở Xây dựng",),
    ("Cơ quan thuế", "Thuế cơ sở", "Thuế tỉnh"),
    ("cơ quan đăng ký kinh doanh cấp xã",),
    ("cơ quan đăng ký kinh doanh cấp tỉnh", "Sở Tài chính"),
    ("Trung tâm Dịch vụ việc làm",),
    ("Ban Chỉ huy quân sự cấp xã", "Ban Chỉ huy quân sự xã"),
    ("Cơ sở đăng kiểm", "trung tâm đăng kiểm"),
    ("Cơ sở đào tạo lái xe",),
    ("Tòa án nhân dân", "Tòa án"),
    ("cơ quan thi hành án",),
    ("Trung tâm trợ giúp pháp lý",),
    ("Cơ quan quản lý con đường",),
    ("Cơ quan được phân cấp quản lý cây xanh",),
    ("Cơ quan được Chủ tịch Ủy ban nhân dân cấp tỉnh giao",),
    ("giữ sổ gốc", "quản lý sổ gốc"),
    ("Cổng thông tin của Cục Thuế", "Cổng thông tin điện tử của Cục Thuế"),
    ("cơ quan đăng ký xe",),
    ("Bưu điện",),
    ("Cổng Dịch vụ công quốc gia",),
    ("Cổng Dịch vụ công",),
    ("VNeID",),
    ("Chủ tịch nước",),
)

_UNITS = {
    "phút": "minute", "giờ": "hour", "ngày": "day", "ngày làm việc": "working_day",
    "tháng": "month", "năm": "year",
}  # fmt: skip
_UNIT = "ngày làm việc|ngày|giờ|phút|tháng|năm"
_TIME = re.compile(
    rf"(?<![\d/.,])(\d+(?:,\d+)?)(?:\s*(?:đến|–|-|hoặc|và)\s*(\d+(?:,\d+)?))?\s*({_UNIT})(?!\w)",
    re.I,
)
_SAME_DAY = re.compile(r"trong ngày|ngay trong buổi", re.IGNORECASE)
_AMOUNT = r"\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?"
_MONEY = re.compile(
    rf"(?<![\d/.,])({_AMOUNT})(?:\s*(?:đến|–|-)\s*({_AMOUNT}))?\s*"
    r"(nghìn|triệu|tỷ)?\s*(?:đồng|VNĐ|VND)(?!\w)",
    re.IGNORECASE,
)
_FACTOR = {"nghìn": 1_000, "triệu": 1_000_000, "tỷ": 1_000_000_000}
_FREE = re.compile(r"miễn phí|không thu|không phải nộp|miễn lệ phí|miễn:", re.IGNORECASE)
_UNKNOWN = re.compile(r"chưa có (?:thông tin|mức)|nguồn không ghi|chưa đọc được", re.IGNORECASE)
_FORM = re.compile(
    r"(?<!/)\b(?:[A-Z]{2,3}\d{2}[a-z]?|\d{2}[\w.-]*/[\w-]*[A-ZĐ][\w-]*|\d{2}-[A-Z]+)\b"
)
_NUMBERED = re.compile(r"đủ |từ |hơn |tối đa |ít nhất ")


def money(text: str) -> set[int]:
    """Sums in đồng. Both ends of "35.000 đến 105.000 đồng" count."""
    found = set()
    for low, high, factor in _MONEY.findall(text):
        for amount in filter(None, (low, high)):
            plain = float(amount.replace(".", "").replace(",", "."))
            found.add(int(plain * _FACTOR.get(factor.lower(), 1)))
    return found


def durations(text: str) -> set[Time]:
    """Durations with their units; "within the day" is ``(None, "same_day")``."""
    found: set[Time] = {(None, "same_day")} if _SAME_DAY.search(text) else set()
    for low, high, unit in _TIME.findall(text):
        for amount in filter(None, (low, high)):
            value = float(amount.replace(",", "."))
            if not (unit.lower() == "năm" and value >= 1900):
                found.add((value, _UNITS[unit.lower()]))
    return found


def typed(slot: str, words: str) -> Json:
    """The fact that words of an answer state; words of no known kind are a ``text``."""
    fact: Json = {"slot": slot} if slot else {}
    if " | " in words:
        return fact | {"type": "text", "any": words.split(" | ")}
    if words.casefold() in ("miễn phí", "không mất tiền"):
        return fact | {"type": "free"}
    if "HĐND cấp tỉnh" in words:
        return fact | {"type": "text", "any": ["HĐND cấp tỉnh", "Hội đồng nhân dân cấp tỉnh"]}
    if re.fullmatch(r"(?:Thông tư |Luật |Nghị định )?\d+/\d{4}/[A-ZĐ\w-]+", words):
        return fact | {"type": "document", "value": words.split()[-1]}
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", words):
        day, month, year = map(int, match.groups())
        return fact | {"type": "date", "value": date(year, month, day).isoformat()}
    if match := re.fullmatch(r"Điều (\d+[a-zđ]?)(?: (.+))?", words):
        near = {"near": [match[2]]} if match[2] else {}
        return fact | {"type": "article", "value": match[1]} | near
    if re.fullmatch(rf"(?:{_AMOUNT}) ?(?:(?:nghìn|triệu|tỷ) )?đồng", words):
        return fact | {"type": "money", "value": money(words).pop()}
    if words in ("trong ngày", "trong ngày làm việc"):
        return fact | {"type": "duration", "value": None, "unit": "same_day"}
    if match := re.fullmatch(rf"(\d+(?:,\d+)?) ({_UNIT})", words):
        return fact | {"type": "duration", "value": _number(match[1]), "unit": _UNITS[match[2]]}
    if match := re.fullmatch(r"(\d+(?:,\d+)?%?)(?: ([^\d]+))?", _NUMBERED.sub("", words)):
        unit = "%" if match[1].endswith("%") else match[2] or ""
        return fact | {"type": "number", "value": _number(match[1].rstrip("%")), "unit": unit}
    for names in BODIES:
        if words in names:
            return fact | {"type": "text", "any": [*names]}
    return fact | {"type": "text", "any": [words]}


def _number(digits: str) -> float | int:
    return _whole(float(digits.replace(",", "."))) or 0


def stands(fact: Mapping[str, Any], text: str) -> bool:
    """Whether a text of the corpus states the fact. ``near`` is for answers and not looked at."""
    kind, value = fact["type"], fact.get("value")
    low = text.casefold()
    if kind == "money":
        return value in money(text)
    if kind == "free":
        return _FREE.search(text) is not None
    if kind == "duration":
        return (value, fact["unit"]) in durations(text)
    if kind == "date":
        day = date.fromisoformat(str(value))
        written = re.findall(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)", text)
        return (day.day, day.month, day.year) in {(int(d), int(m), int(y)) for d, m, y in written}
    if kind == "number":
        unit = re.escape(str(fact.get("unit") or "").casefold())
        digits = f"{value:g}".replace(".", ",")
        return re.search(rf"(?<![\d.,])0?{digits}(?!\d)\s*{unit}", low) is not None
    if kind == "article":
        return re.search(rf"điều {value}(?!\w)", low) is not None
    if kind == "unknown":
        return _UNKNOWN.search(text) is not None
    accepted = [str(value)] if kind == "document" else fact["any"]
    return any(words.casefold() in low for words in accepted)


# --- facts of a card ---------------------------------------------------------------------------


def facts_of(card: ProcedureCard, slot: str, how: str = "", text: str = "") -> list[Json]:
    """The key facts of a slot: what is always so, else what is so under some condition.

    ``how`` keeps to one way of filing. ``text`` is what the card says of the slot.
    """
    if slot in card.unknown:
        return [{"slot": slot, "type": "unknown"}]
    if slot in card.none_required:
        return [{"slot": slot, "type": "text", "any": ["không quy định", "không yêu cầu"]}]
    channels = [c for c in card.channels if how in ("", c.how.value)]
    if slot == "fees":
        fees = [fee for channel in channels for fee in channel.fees]
        always = [fee for fee in fees if not fee.condition] or fees
        known = [fee for fee in always if fee.state is not FeeState.UNKNOWN]
        return _once(fact for fee in (known or always[:1]) for fact in _fee(fee))
    if slot == "times":
        times = [time for channel in channels for time in channel.times]
        always_ = [time for time in times if not time.condition]
        return _once(
            {
                "slot": slot,
                "type": "duration",
                "value": _whole(time.amount),
                "unit": time.unit.value,
            }
            for time in (always_ or times)
        )
    if slot in ("where", "authority"):
        return [{"slot": slot, "type": "text", "any": [*any_]} for any_ in _body(text)]
    if slot == "online":
        return [_online(card)]
    if slot == "dossier":
        return _papers(card.dossier)
    if slot == "result":
        return [{"slot": slot, "type": "text", "any": [_short(card.result)]}]
    if slot == "legal_basis":
        return [{"slot": slot, "type": "document", "value": n} for n in card.legal_basis[:2]]
    return []


def _whole(amount: float | None) -> float | int | None:
    return int(amount) if amount is not None and amount == int(amount) else amount


def _fee(fee: Fee) -> Iterator[Json]:
    if fee.state is FeeState.KNOWN:
        yield {"slot": "fees", "type": "money", "value": fee.amount}
    elif fee.state is FeeState.FREE:
        yield {"slot": "fees", "type": "free"}
    elif fee.state is FeeState.BY_PROVINCE:
        yield typed("fees", "HĐND cấp tỉnh")
    elif fee.state is FeeState.UNKNOWN:
        yield {"slot": "fees", "type": "unknown"}
    else:
        dollars = re.findall(r"(\d+) USD", fee.text)
        yield from (
            {"slot": "fees", "type": "number", "value": int(n), "unit": "USD"} for n in dollars
        )
        numbers = re.findall(r"\d+/\d{4}/[A-ZĐ-]+", fee.text)
        yield from ({"slot": "fees", "type": "document", "value": n} for n in numbers[:1])


def _body(text: str) -> list[tuple[str, ...]]:
    """The accepted names of the body that a text names first."""
    low = text.casefold()
    found = [(low.find(name.casefold()), -len(name), names) for names in BODIES for name in names]
    return [names for at, _, names in sorted(found) if at >= 0][:1]


def _online(card: ProcedureCard) -> Json:
    levels = [c.online_level for c in card.channels if c.how is How.ONLINE or c.online_level]
    if not levels:
        return {"slot": "online", "type": "unknown"}
    words = {OnlineLevel.FULL: "toàn trình", OnlineLevel.PARTIAL: "một phần"}
    return typed("online", words[levels[0]] if levels[0] else "trực tuyến")


def _papers(items: Sequence[DossierItem]) -> list[Json]:
    """At most three papers that everybody hands in, by short name or by the form's code."""
    always = [item for item in items if not item.condition and not item.show_only]
    codes = [code for item in items for code in _FORM.findall(item.form)]
    found = []
    for item in (always or items)[:3]:
        own = [code for code in _FORM.findall(item.form) if codes.count(code) == 1]
        found.append({"slot": "dossier", "type": "text", "any": [_short(item.name), *own[:1]]})
    return found


def _short(name: str) -> str:
    """The words of a name that tell it apart: up to the first bracket or comma, nine at most."""
    return " ".join(re.split(r"[(,;]| theo mẫu| kèm |/", " ".join(name.split()))[0].split()[:9])


def _once(facts: Iterator[Json]) -> list[Json]:
    return list({json.dumps(fact, sort_keys=True): fact for fact in facts}.values())
