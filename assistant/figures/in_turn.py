""" "Năm 2023 và 2024, … lần lượt là 33,1% và 45,2%": the first to the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.figures.model import Figure, SentencePlace
from assistant.figures.naming import says, trimmed
from assistant.figures.periods import Found as FoundPeriod
from assistant.figures.periods import period_of_label
from assistant.figures.scopes import Found as FoundScope
from assistant.figures.sentences import Sentence

_TURN = re.compile(r"\b(?:lần lượt|tương ứng)\b", re.IGNORECASE)
_ACTS = r"số hóa|giải quyết|xử lý|tiếp nhận|cấp|thu|chi|giải ngân|tái sử dụng|khai thác|thanh toán"
_VERB = re.compile(rf"(?:{_ACTS}|nộp|trả|hoàn thành|thực hiện)\b", re.IGNORECASE)
_HEAD = re.compile(
    r"(?P<head>(?:tỷ lệ|tỉ lệ|tỷ trọng|tỉ trọng|kim ngạch|sản lượng|diện tích|năng suất|"
    r"giá trị|doanh thu|tốc độ tăng|số lượng|mức độ|chỉ số|số)(?!\s+hóa))"
    rf"(?:\s+(?P<verb>{_ACTS}))?(?!\w)",
    re.IGNORECASE,
)
_HOW = re.compile(
    r"(?<!\w)(?:(?:trước|đúng|quá|chậm|trễ) hạn|trực tuyến|trực tiếp|toàn trình|một phần)$", re.I
)
_NOTE = "câu liệt kê “lần lượt” nhưng số mục không khớp số giá trị"


def in_turn(
    sentence: Sentence,
    found: list[Figure],
    periods: Sequence[FoundPeriod],
    scopes: Sequence[FoundScope],
) -> list[Figure]:
    """Times, scopes or names listed before "lần lượt", given to the values behind in turn."""
    turn = _TURN.search(sentence.text)
    if not turn:
        return found
    behind = [n for n, one in enumerate(found) if _number_at(one) - sentence.start >= turn.start()]
    if len(behind) < 2:
        return found
    strict = turn[0].lower() == "lần lượt"
    years = [one.period for one in _listed(sentence.text, periods, turn.start())]
    places = [one.scope for one in scopes if one.start < turn.start()]
    names = _names(sentence.text[: turn.start()])
    for place, n in enumerate(behind):
        one = found[n]
        if len(years) == len(behind):
            one = replace(one, period=years[place])
        elif len(places) == len(behind):
            one = replace(one, scope=places[place])
        elif len(names) == len(behind):
            one = replace(one, indicator=names[place])
        elif strict and (len(years) > 1 or len(places) > 1):
            one = replace(
                one,
                period=None if len(years) > 1 else one.period,
                scope=None if len(places) > 1 else one.scope,
                notes=(*one.notes, _NOTE),
            )
        found[n] = one
    return found


def _names(text: str) -> list[str]:
    """Things listed in the last part of a text: "số tiếp nhận, giải quyết và trả lại"."""
    part = re.split(r"[;:]", text)[-1]
    pieces = [trimmed(one) for one in re.split(r",(?!\d)| và ", part)]
    pieces = [one for one in pieces if says(one)]
    head = _HEAD.match(pieces[0]) if pieces else None
    if head is None:
        return pieces
    if (how := _HOW.search(pieces[0])) and all(_HOW.fullmatch(one) for one in pieces[1:]):
        return [pieces[0], *(f"{pieces[0][: how.start()]}{one}" for one in pieces[1:])]
    # "tỷ lệ số hóa hồ sơ, kết quả": the second is "tỷ lệ số hóa kết quả"
    return [
        pieces[0],
        *(
            one
            if _HEAD.match(one)
            else f"{head['head']} {one}"
            if head["verb"] is None or _VERB.match(one)
            else f"{head[0]} {one}"
            for one in pieces[1:]
        ),
    ]


def _number_at(figure: Figure) -> int:
    return figure.place.number_start if isinstance(figure.place, SentencePlace) else 0


def _listed(text: str, periods: Sequence[FoundPeriod], end: int) -> list[FoundPeriod]:
    """Years named before a place; "năm 2023 và 2024" and "các năm 2022, 2023" are both."""
    found = [p for p in periods if p.start < end]
    if not found and not re.search(r"các năm", text[:end]):
        return []
    for match in re.finditer(r"(?<![\d/.,-])(?:19|20)\d{2}(?![\d/])", text[:end]):
        inside = any(p.start <= match.start() < p.end for p in found)
        period = period_of_label(match[0])
        if not inside and period:
            found.append(FoundPeriod(period, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)
