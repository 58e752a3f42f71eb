"""Who does something by a provision: "do X quyết định", "X quyết định", "thẩm quyền của X"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.conflicts.slots import body_name
from assistant.conflicts.words import words

_HEADS = (
    r"(?:các\s+)?(?:[Cc]ơ quan(?: quản lý| đăng ký| thanh tra| tiếp nhận| tổ chức)?|[Cc]hủ"
    r"|[Bb]an(?: quản lý| quản trị| chỉ đạo)?|[Hh]ội đồng(?: thẩm định| quản lý)?|[Hh]ội nghị"
    r"|[Hh]iệu trưởng|[Gg]iám đốc|[Tt]ổng giám đốc|[Nn]gười (?:đứng đầu|sử dụng lao động)"
    r"|[Vv]ăn phòng(?: đăng ký)?|[Pp]hòng(?: quản lý)?|[Ss]ở|[Bb]ộ|[ỦủUu]y ban|[Uu]ỷ ban|UBND|HĐND"
    r"|[Cc]hính phủ|[Tt]hủ tướng|[Tt]hủ trưởng|[Qq]uốc hội|[Tt][òo][aà] án|[Tt]oà án"
    r"|[Vv]iện|[Cc]ông an|[Tt]hanh tra|[Cc]ục(?: quản lý)?|[Tt]ổng cục|[Cc]hi cục|[Kk]ho bạc"
    r"|[Bb]ảo hiểm|[Tt]rường|[Bb]ệnh viện|[Đđ]ại hội|[Dd]oanh nghiệp|[Cc]hính quyền"
    r"|[Nn]hà đầu tư|[Nn]hà thầu|[Tt]rung tâm|[Tt]rưởng|[Cc]hánh|[Nn]gân hàng|[Cc]ông ty"
    r"|[Tt]hẩm phán)"
)
_WORD = r"[^\s,;:.()]+"
_AGENT = rf"(?P<who>{_HEADS}(?:\s+{_WORD}){{0,9}}?(?:\s+nơi(?:\s+{_WORD}){{1,14}}?)?)"
_NOT_AGENT = re.compile(r"\b(?:được|phải|không|là|về|để|theo|mà)\b")
# What follows a name and only says which of them: "Sở Y tế nơi tổ chức quảng cáo".
_WHICH = re.compile(
    r"\s+(?:nơi|có thẩm quyền|trên địa bàn|của tỉnh|đó|này|các cấp)\b.*$", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Agent:
    """``sentence[start:end]`` does ``act``, a group of verbs."""

    start: int
    end: int
    text: str
    value: str
    act: str


def agents(sentence: str) -> tuple[Agent, ...]:
    """Whom a sentence gives something to decide or to do, each once."""
    found: dict[tuple[int, int], Agent] = {}
    for agent in _all(sentence):
        if not any(start < agent.end and agent.start < end for start, end in found):
            found[agent.start, agent.end] = agent
    return tuple(found.values())


def _all(sentence: str) -> Iterator[Agent]:
    for pattern in _patterns():
        for match in pattern.finditer(sentence):
            which = _WHICH.search(match["who"])
            who = match["who"][: which.start()] if which else match["who"]
            if _NOT_AGENT.search(who):
                continue
            verb = (match.groupdict().get("verb") or "quyết định").lower()
            start = match.start("who")
            # "Sở Y tế nơi tổ chức quảng cáo xác nhận": which verb is its own cannot be told.
            act = "" if which and which[0].lstrip().startswith("nơi") else words().acts[verb]
            yield Agent(start, start + len(who), who, body_name(who), act)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    verbs = "|".join(sorted(words().acts, key=len, reverse=True))
    level = (
        r"(?!\s+(?:tỉnh|xã|huyện|trung ương|trên|dưới|có thẩm quyền|ủy|cơ sở|đất đai|kinh doanh))"
    )
    verb = rf"(?P<verb>{verbs})\b{level}"
    may = r"(?:\s+(?:phải|có trách nhiệm|có thẩm quyền|có quyền|chịu trách nhiệm|sẽ))?"
    return (
        re.compile(rf"\bdo\s+{_AGENT}{may}\s+{verb}"),
        re.compile(rf"\bđược\s+{_AGENT}\s+{verb}"),
        re.compile(
            rf"(?:thuộc thẩm quyền(?: của)?|thẩm quyền[^,;.]{{3,90}}?\bthuộc(?: về)?"
            rf"|theo quyết định của|thuộc trách nhiệm(?: của)?)\s+"
            rf"(?P<who>{_HEADS}(?:\s+{_WORD}){{0,9}})(?=[,;.]|$)",
            re.IGNORECASE,
        ),
        re.compile(rf"(?:^|[,;:]\s+){_AGENT}{may}\s+{verb}"),
    )
