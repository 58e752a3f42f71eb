"""Days as legal texts write them, and the clauses that say from when a text holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

#: "01 tháng 7 năm 2026", "05/6/2026", "15-7-2026"
DAY = (
    r"(?:(?:ngày\s*)?\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}"
    r"|(?:ngày\s*)?\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4})"
)
_PARTS = re.compile(r"(\d{1,2})\D{1,9}?(\d{1,2})\D{1,7}?(\d{4})")
_KIND = (
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư|Quyết định|Chỉ thị|Quy chế|Quy định"
    r"|Quy chuẩn(?: kỹ thuật)?|Văn bản)(?: liên tịch)?"
)
# Scanned texts read "thì hành", "kế từ".
_EFFECT = re.compile(
    rf"\b{_KIND}\s+này\s+có\s+hiệu\s+lực"
    r"(?:\s+th[iíìị]\s+hành)?\s*(?:k[ểếẻề]\s+)?từ\s+"
    rf"(?P<day>{DAY}|(?:ngày|khi)\s+(?:được\s+)?(?:ký|công bố|ban hành)(?:\s+ban\s+hành)?)"
    rf"(?P<until>[^.;]{{0,40}}?\bđến\s+(?:trước\s+|hết\s+)?(?:ngày\s+)?{DAY})?"
)
_AFTER = re.compile(
    rf"(?P<kind>\b{_KIND})\s+này\s+có\s+hiệu\s+lực(?:\s+thi\s+hành)?\s+sau\s+(?P<days>\d{{1,3}})\s*"
    r"(?:\([^)]{1,30}\)\s*)?ngày,?\s*(?:kể\s+)?từ\s+ngày\s+(?:ký|ban hành)"
)
# "Nghị định này hết hiệu lực vào ngày …", "… có hiệu lực đến hết ngày …"
_ENDS = re.compile(
    rf"\b{_KIND}\s+này\s+(?:hết\s+hiệu\s+lực(?:\s+thi\s+hành)?"
    rf"\s*(?:(?P<from>kể\s+từ|từ)|vào|sau)"
    rf"|(?:có\s+)?hiệu\s+lực(?:\s+thi\s+hành)?\s+đến(?P<before>\s+trước)?(?:\s+hết)?)"
    rf"\s+(?:ngày\s+)?(?P<day>{DAY})",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^([\s#*>_]*Điều\s+\d+[a-zđ]?)[\s*_.:]*$", re.MULTILINE)
_ARTICLES = re.compile(r"\b(?:các\s+)?Điều\s+((?:\d+[a-zđ]?\s*(?:,|và|;)?\s*(?:Điều\s+)?)+)")
_SMALLER = re.compile(r"(?:khoản|điểm)[^.;]{0,60}?Điều\s+\d+[a-zđ]?", re.IGNORECASE)
_BEFORE = re.compile(r"(?:trước|kể từ|từ|sau|đến|tại thời điểm|thời điểm)(?: ngày| khi)?\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Effect:
    """When a text holds. ``articles``: those that begin on another day, by label."""

    since: date | None = None
    until: date | None = None
    articles: tuple[tuple[str, date], ...] = ()
    sentence: str = ""


def day_of(text: str) -> date | None:
    """The first day written in ``text``; None when there is none, or no such day.

    >>> day_of("kể từ ngày 01 tháng 7 năm 2026")
    datetime.date(2026, 7, 1)
    """
    match = _PARTS.search(text)
    if match is None:
        return None
    try:
        found = date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None
    return found if 1945 <= found.year <= 2100 else None


def flat(text: str) -> str:
    """One line without the marks of Markdown, as sentences are read."""
    return " ".join(re.sub(r"[*_|#>]+", " ", text).split())


def effect_of(text: str, issued: date | None) -> Effect:
    """What the closing clauses of a document say about when it holds.

    ``text`` is that of the articles in question. "từ ngày ký" is the day of
    issue; what names no day stays unknown.
    """
    # "Điều 36" alone on its line is a heading, not the subject of the sentence below it.
    line = flat(_HEADING.sub(r"\1. ", text))
    since = until = None
    sentence = ""
    articles: dict[str, date] = {}
    for match in _EFFECT.finditer(line):
        before = re.split(r"[.;]", line[max(0, match.start() - 240) : match.start()])[-1]
        if _BEFORE.search(before):
            continue
        begins = day_of(match["day"]) if re.search(r"\d", match["day"]) else issued
        if begins is None:
            continue
        tail = before[-200:]
        if re.search(r"Điều\s+\d", tail):
            if not _SMALLER.search(tail) and "trừ" not in tail:
                articles.update((label, begins) for label in _labels(tail))
            continue
        if re.search(r"(?:khoản|điểm|Phụ lục|Chương)\s+\S+\s*(?:của\s*)?$", tail):
            continue
        if since is None:
            since, sentence = begins, match[0].strip()
            until = day_of(match["until"][-30:]) if match["until"] else None
            if until and "trước" in (match["until"] or ""):
                until -= timedelta(days=1)
    later = _AFTER.search(line)
    if since is None and issued and later:
        since, sentence = issued + timedelta(days=int(later["days"])), later[0]
    ends = _ENDS.search(line) if until is None else None
    last = day_of(ends["day"]) if ends else None
    if ends and last:
        until = last - timedelta(days=1) if ends["from"] or ends["before"] else last
    return Effect(since, until, tuple(sorted(articles.items())), sentence)


def _labels(text: str) -> list[str]:
    return [label for match in _ARTICLES.finditer(text) for label in labels_in(match[1])]


def labels_in(text: str) -> list[str]:
    """ "5, 6a và 7" as labels."""
    return re.findall(r"\d+[a-zđ]?\b", text)
