"""The parts of an án lệ: where it comes from, what it says, which law it speaks of.

It is no judgment itself: where the texts of the case are left out, it has neither reasoning
nor decision, and is whole all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from knowledge_base.judgments.judgment import Read, Span

_MARK = r"[\W\d_]*"  # "**", "## ", "1. "
_HEADS = {
    "source": r"nguồn(?: của)? án lệ",
    "place": r"vị trí nội dung(?: của)? án lệ",
    "summary": r"khái quát nội dung(?: của)? án lệ|khái quát nội dung",
    "law": r"(?:các )?quy định (?:của )?pháp luật(?: có)? liên quan(?: đến án lệ)?",
    "words": r"từ kh(?:óa|oá)(?: của án lệ)?",
    "case": r"nội dung vụ (?:án|việc)|nhận định của|xét thấy|nhận thấy",
    "decision": r"quyết định\s*:?\s*$",
    "rule": r"nội dung(?: của)? án lệ",
}
_HEAD = re.compile(
    rf"(?im)^{_MARK}(?:{'|'.join(f'(?P<{name}>{said})' for name, said in _HEADS.items())})"
    r"(?=\W|$)[*_\s]*:?[*_ \t]*"
)
_SOURCE = re.compile(
    r"(?i)(?:bản án|quyết định)[^\n]{0,60}?số\s*:?\s*"
    r"(\d{1,5}[a-z]?/(?:19|20)\d\d/[A-ZĐ]{2,8}(?:\s*[-–]\s*[A-ZĐ]{2,6})?)"
)
_DAY = re.compile(r"(?i)ngày\s*(\d{1,2})\s*(?:[-/.]|tháng)\s*(\d{1,2})\s*(?:[-/.]|năm)\s*(\d{4})")
_UNREAD, _NOWHERE = Read(), Span()


@dataclass(frozen=True, slots=True)
class Precedent:
    """``rule`` is the part "Nội dung án lệ", else the summary; ``law`` the articles named.

    ``day`` is that of the decision it was taken from, None where it is not written.
    """

    source: Read = _UNREAD
    summary: Span = _NOWHERE
    rule: Span = _NOWHERE
    law: Span = _NOWHERE
    day: date | None = None

    @property
    def is_one(self) -> bool:
        """Whether enough of one is there: what it says, and where from or on what law."""
        return bool(self.rule.end and (self.source.value or self.law.end))


def precedent(text: str) -> Precedent:
    """What the parts of an án lệ say; all empty in a text that has none of them."""
    heads = [(match, match.lastgroup or "") for match in _HEAD.finditer(text)]
    parts: dict[str, Span] = {}
    for n, (match, name) in enumerate(heads):
        stop = heads[n + 1][0].start() if n + 1 < len(heads) else len(text)
        span = Span(match.end(), stop)
        if span.of(text):
            parts[name] = span if name == "rule" else parts.get(name, span)
    source, day = Read(), None
    if "source" in parts:
        begin, end = parts["source"].start, parts["source"].end
        found = _SOURCE.search(text, begin, end)
        if found:
            value = re.sub(r"\s", "", found[1]).replace("–", "-")
            source = Read(value, found.start(1), found.end(1), 0.95)
            day = _day(text, found.end(), end)
    summary = parts.get("summary", Span())
    return Precedent(source, summary, parts.get("rule", summary), parts.get("law", Span()), day)


def _day(text: str, start: int, end: int) -> date | None:
    match = _DAY.search(text, start, end)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None
