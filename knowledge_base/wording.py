"""Typed facts in plain Vietnamese: money, durations, dates, levels, channels.

The words are tables; tests read them. Nothing here guesses: what is unknown is
said to be unknown.
"""

from __future__ import annotations

from datetime import date

from knowledge_base.documents import (
    Duration,
    Fee,
    FeeState,
    FilingChannel,
    How,
    Level,
    OnlineLevel,
    Source,
    TimeUnit,
)

UNKNOWN = "chưa có thông tin trong nguồn"
NONE_REQUIRED = "không quy định"
UNREADABLE = "chưa đọc được chắc chắn từ nguồn, hãy xem nguyên văn ở nguồn"
AS_WRITTEN = "nguyên văn trong nguồn"

HOW = {How.IN_PERSON: "trực tiếp", How.ONLINE: "trực tuyến", How.POST: "bưu chính"}
LEVEL = {Level.CENTRAL: "trung ương", Level.PROVINCE: "cấp tỉnh", Level.COMMUNE: "cấp xã"}
ONLINE_LEVEL = {OnlineLevel.FULL: "toàn trình", OnlineLevel.PARTIAL: "một phần"}
UNIT = {
    TimeUnit.MINUTE: "phút",
    TimeUnit.HOUR: "giờ",
    TimeUnit.DAY: "ngày",
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.MONTH: "tháng",
    TimeUnit.YEAR: "năm",
}
RELATION = {
    "amends": "sửa đổi, bổ sung",
    "replaces": "thay thế",
    "repeals": "bãi bỏ",
    "guides": "hướng dẫn thi hành",
    "corrects": "đính chính",
    "amended_by": "được sửa đổi, bổ sung bởi",
    "replaced_by": "được thay thế bởi",
    "repealed_by": "bị bãi bỏ bởi",
    "guided_by": "được hướng dẫn thi hành bởi",
    "based_on": "căn cứ vào",
}


def one_line(text: str) -> str:
    """``text`` on one line, with single spaces and real ellipses."""
    return " ".join(text.split()).replace("...", "…")


def sentence(text: str) -> str:
    """``text`` on one line, ending as a sentence does."""
    text = one_line(text)
    return text if text.endswith((".", "!", "?", "…")) else text.rstrip(";:,") + "."


def money(amount: int) -> str:
    """
    >>> money(200000)
    '200.000 đồng'
    """
    return f"{amount:,}".replace(",", ".") + " đồng"


def number(amount: float) -> str:
    """
    >>> number(8.0), number(0.5)
    ('8', '0,5')
    """
    return f"{amount:g}".replace(".", ",")


def day(value: date) -> str:
    """
    >>> day(date(2026, 7, 1))
    '01/07/2026'
    """
    return value.strftime("%d/%m/%Y")


def published(value: str) -> str:
    """A source's own date, ``2026-07`` or ``2026-07-14``, as people write it."""
    parts = value.split("-")
    if not all(part.isdigit() for part in parts):
        return one_line(value)
    if len(parts) == 3:
        return "ngày " + "/".join(reversed(parts))
    return "tháng " + "/".join(reversed(parts)) if len(parts) == 2 else "năm " + value


def duration(value: Duration) -> str:
    """A processing time; its condition first, as a person asks for it."""
    if value.unit is TimeUnit.SAME_DAY or value.amount is None:
        words = "giải quyết ngay trong ngày làm việc"
    else:
        words = f"{number(value.amount)} {UNIT[value.unit]}"
    return _under(value.condition, words)


def fee(value: Fee) -> str:
    """A fee; its condition first."""
    if value.state is FeeState.KNOWN and value.amount is not None:
        words = money(value.amount)
        if value.per:
            words += "/" + one_line(value.per).removeprefix("/")
        if value.text:
            words += f" ({_clause(value.text)})"
    else:
        words = {
            FeeState.FREE: "Miễn phí",
            FeeState.BY_PROVINCE: "do HĐND cấp tỉnh quy định",
            FeeState.FORMULA: "",
            FeeState.UNKNOWN: "chưa có mức chắc chắn trong nguồn" if value.text else UNKNOWN,
        }[value.state if value.state is not FeeState.KNOWN else FeeState.UNKNOWN]
        words = "; ".join(part for part in (words, _clause(value.text)) if part)
    return _under(value.condition, words)


def district_named(text: str) -> str:
    """A body's name, with a remark where it is one of a district: there are none any more.

    >>> district_named("Công an cấp huyện")
    'Công an cấp huyện (nguồn còn ghi cấp huyện, đã bỏ từ 01/7/2025)'
    """
    if "huyện" not in text.casefold():
        return text
    return f"{text} (nguồn còn ghi cấp huyện, đã bỏ từ 01/7/2025)"


def durations(channel: FilingChannel) -> str:
    """All times of a channel, or the empty string."""
    return "; ".join(duration(value) for value in channel.times)


def fees(channel: FilingChannel) -> str:
    """All fees of a channel, or the empty string."""
    return "; ".join(fee(value) for value in channel.fees)


def channel_name(channel: FilingChannel) -> str:
    """``trực tuyến toàn trình``, ``bưu chính``, …"""
    level = f" {ONLINE_LEVEL[channel.online_level]}" if channel.online_level else ""
    return HOW[channel.how] + level


def source_line(source: Source) -> str:
    """Where facts come from and when they were last compared with it."""
    parts = [f"Nguồn: {one_line(source.title)}"]
    reference = one_line(source.decision_number)
    if reference and reference not in source.title:
        parts.append(
            f"quyết định công bố số {reference}" if "QĐ" in reference else f"số {reference}"
        )
    if source.published:
        parts.append(f"dữ liệu {published(source.published)}")
    if source.checked_on:
        parts.append(f"đối chiếu ngày {day(source.checked_on)}")
    if source.url:
        parts.append(source.url)
    # No full stop after an address: it would become part of the link.
    return "; ".join(parts) if source.url else sentence("; ".join(parts))


def _clause(text: str) -> str:
    return one_line(text).rstrip(".;")


def _under(condition: str, words: str) -> str:
    # A semicolon ends a case on these lines, so that inside a condition it is a comma.
    return f"{_clause(condition).replace(';', ',')}: {words}" if condition else words
