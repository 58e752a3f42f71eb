"""A question about figures taken apart; with diacritics or without them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from assistant.figures.periods import Period, period_of_label, periods_in
from assistant.figures.scopes import COUNTRY, Scope, scopes_in
from assistant.figures.tables import questions

_YEAR = re.compile(r"(?<![\d/.,-])(?:19|20)\d{2}(?![\d/])")
# Words of time get their marks back, letter for letter, so that one grammar reads both.
_MARKED = (
    (r"\bnam(?=\s+(?:\d{4}|hoc\b|nay\b))|(?:(?<=dau )|(?<=cuoi ))nam\b", "năm"),
    (r"\bhoc(?=\s+\d{4}\s*[-–])", "học"),
    (r"\bquy(?=\s+(?:iv|i{1,3}|[1-4])\b)", "quý"),
    (r"\bthang(?=\s+\d)|(?<=\d )thang\b|(?<=sau )thang\b|(?<=chin )thang\b", "tháng"),
    (r"\bdau(?=\s+n[aă]m)", "đầu"),
    (r"\bcuoi(?=\s+(?:n[aă]m|qu[yý]|th[aá]ng))", "cuối"),
    (r"\bngay(?=\s+\d)", "ngày"),
    (r"\bgiai doan(?=\s+\d)", "giai đoạn"),
    (r"\bden(?=\s+(?:ng[aà]y|th[aá]ng|n[aă]m|qu[yý]|het|cu[oố]i|\d))", "đến"),
    (r"\bhet(?=\s+(?:ng[aà]y|th[aá]ng|n[aă]m|qu[yý]))", "hết"),
    (r"\bsau(?=\s+th[aá]ng\s+đ[aầ]u)", "sáu"),
    (r"\bchin(?=\s+th[aá]ng)", "chín"),
)  # fmt: skip
_AGAINST = re.compile(
    r"\b(?:(?:so voi|so|voi)\s+)?(?P<what>cung ky(?:\s+nam\s+(?:truoc|ngoai))?|"
    r"(?:nam hoc|nam|quy|thang)\s+(?:truoc do|truoc|ngoai|lien truoc))\b"
)
_NOW = re.compile(r"\b(?P<unit>nam|quy|thang)\s+(?P<which>nay|hien tai)\b")
_FIRST = re.compile(r"\b(?:top\s*)?(?P<n>\d{1,2})\s+(?:tinh|dia phuong|don vi|bo|xa|phuong|noi)\b")
_KINDS = {
    "province": r"\b(?:tinh|tinh thanh|tinh, thanh pho|thanh pho|dia phuong)\s+nao\b",
    "ministry": r"\b(?:bo|bo nganh|bo, nganh)\s+nao\b",
    "commune": r"\b(?:xa|phuong|xa phuong|xa, phuong)\s+nao\b",
    "level": r"\bcap\s+nao\b",
}
_OVER_TIME = re.compile(r"\b(?:nam hoc|nam|quy|thang|ky|thoi diem)\s+nao\b|\bkhi nao\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart; ``periods`` in the order they were named.

    ``against``: "same" (cùng kỳ), "year", "quarter", "month": the one before what is asked for.
    ``part`` and ``whole`` are the two names of "A chiếm bao nhiêu phần trăm B".
    """

    indicator: str
    periods: tuple[Period, ...]
    scopes: tuple[Scope, ...]
    growth: bool = False
    total: bool = False
    share: bool = False
    most: bool = False
    least: bool = False
    mean: bool = False
    goal: bool = False
    against: str = ""
    kind: str = ""
    over_time: bool = False
    first: int = 0
    ratio: bool = False  # "gấp mấy lần"
    span: bool = False  # "từ 2022 đến 2024": every time between the two
    part: str = ""
    whole: str = ""
    marked: bool = True  # the question was written with diacritics


def understood(
    question: str, known: Iterable[Scope] = (), year: int | None = None, day: date | None = None
) -> Asked:
    """The indicator, times, scopes and sums that a question names.

    ``known`` are the scopes the files have, ``year`` completes "quý I" and ``day`` is today.
    """
    question = " ".join(unicodedata.normalize("NFC", question).split())
    low = same_length(question)
    marked = low != question.lower()
    text = question.lower() if marked else low
    said = {
        name: bool(re.search(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", text))
        for name, words in _does(marked)
    }
    silent = _silent(marked)
    timed = _with_marks(low)
    spans = [(one.start, one.end, one.period) for one in periods_in(timed, year)]
    for match in _YEAR.finditer(low):
        period = period_of_label(match[0])
        if period and not any(a <= match.start() < b for a, b, _ in spans):
            spans.append((match.start(), match.end(), period))
    against, cut = _against(low, said["growth"])
    spans += _relative(low, cut, day)
    spans.sort(key=lambda one: one[0])
    scopes = _scopes(question, low, known)
    taken = [(a, b) for a, b, _ in spans] + [(a, b) for a, b, _ in scopes] + cut
    left = _without(question, text, taken, silent)
    part, whole = _two_names(question, low, text, taken, silent[:-2]) if said["share"] else ("", "")
    kinds = [kind for kind, words in _KINDS.items() if re.search(words, low)]
    first = _FIRST.search(low)
    return Asked(
        left, tuple(dict.fromkeys(period for _, _, period in spans)),
        tuple(dict.fromkeys(scope for _, _, scope in scopes)),
        growth=said["growth"] or said["ratio"] or bool(against),
        total=said["total"] or (len(scopes) > 1 and bool(re.search(r"\btong\b", low))),
        share=said["share"],
        most=said["most"], least=said["least"],
        mean=said["mean"] and "binh quan" not in same_length(left), goal=said["goal"],
        against=against, kind=kinds[0] if kinds else "", over_time=bool(_OVER_TIME.search(low)),
        first=int(first["n"]) if first else 0, part=part, whole=whole,
        ratio=said["ratio"], span=_is_span(low, spans), marked=marked,
    )  # fmt: skip


def _is_span(low: str, spans: list[tuple[int, int, Period]]) -> bool:
    if len(spans) != 2:
        return False
    return bool(re.fullmatch(r"\s*(?:den|toi|-|–|den nam)\s*", low[spans[0][1] : spans[1][0]]))


def same_length(text: str) -> str:
    """Small letters without marks, each where it was.

    >>> same_length("Tỷ lệ ĐẠT")
    'ty le dat'
    """
    plain = (unicodedata.normalize("NFD", letter)[0] for letter in text)
    return "".join(plain).lower().replace("đ", "d")


def _with_marks(low: str) -> str:
    for pattern, word in _MARKED:
        low = re.sub(pattern, word, low)
    return low


def _against(low: str, growth: bool) -> tuple[str, list[tuple[int, int]]]:
    """What "so với năm trước" compares with, and where all such words stand."""
    found, cut = "", []
    for match in _AGAINST.finditer(low):
        compared = growth or match[0] != match["what"] or match["what"].startswith("cung")
        if not compared:
            continue
        cut.append((match.start(), match.end()))
        units = {"cung": "same", "nam": "year", "quy": "quarter", "than": "month"}
        found = units.get(match["what"][:4].strip(), "")
    return found, cut


def _relative(
    low: str, cut: list[tuple[int, int]], day: date | None
) -> list[tuple[int, int, Period]]:
    """ "năm ngoái", "năm nay", "quý trước", counted from today."""
    if day is None:
        return []
    found = []
    every = [(match, match["what"], 1) for match in _AGAINST.finditer(low)]
    every += [(match, match["unit"], 0) for match in _NOW.finditer(low)]
    for match, what, back in every:
        if what.startswith("cung") or (match.start(), match.end()) in cut:
            continue
        labels = {
            "nam": f"năm {day.year}",
            "quy": f"quý {(day.month + 2) // 3}/{day.year}",
            "tha": f"tháng {day.month}/{day.year}",
        }
        period = period_of_label(labels[what[:3]])
        period = period.previous() if period and back else period
        if period:
            found.append((match.start(), match.end(), period))
    return found


def _scopes(question: str, low: str, known: Iterable[Scope]) -> list[tuple[int, int, Scope]]:
    """Scopes by their names as written, and those of the files by their letters."""
    found = [(one.start, one.end, one.scope) for one in scopes_in(question)]
    for scope in sorted({*known, COUNTRY}, key=lambda one: -len(one.key)):
        key = re.escape(re.sub(r"^(?:cac|khoi) ", "", scope.key)).replace(",", ",?")
        for match in re.finditer(rf"(?<!\w)(?:(?:cac|khoi) )?{key}(?!\w)(?! nao)", low):
            if not any(a < match.end() and match.start() < b for a, b, _ in found):
                found.append((match.start(), match.end(), scope))
    return sorted(found, key=lambda one: one[0])


@cache
def _does(marked: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (name, words if marked else tuple(map(same_length, words)))
        for name, words in questions().does
    )


@cache
def _silent(marked: bool) -> tuple[str, ...]:
    found = questions().silent
    return found if marked else tuple(map(same_length, found))


def _without(
    question: str, low: str, taken: Iterable[tuple[int, int]], silent: Iterable[str]
) -> str:
    """The words that are left when all that asks, dates and places is taken away."""
    letters, plain = list(question), list(low)
    for start, end in taken:
        letters[start:end] = plain[start:end] = " " * (end - start)
    text = "".join(plain)
    for words in silent:
        for match in re.finditer(rf"(?<!\w)(?:{words})(?!\w)", text):
            letters[match.start() : match.end()] = " " * (match.end() - match.start())
            text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return " ".join(re.sub(r"[?.,!“”\"();:]", " ", "".join(letters)).split())


_SHARE = re.compile(
    r"\b(?:chiem|bang|dat)\s+"
    r"(?:(?:bao nhieu|may)\s*(?:%|phan tram)?|ty (?:le|trong)(?: bao nhieu)?)"
    r"(?:\s+(?:cua|trong|so voi|tren|tong so|trong tong so))*\s*"
)


def _two_names(
    question: str, low: str, text: str, taken: Iterable[tuple[int, int]], silent: Iterable[str]
) -> tuple[str, str]:
    match = _SHARE.search(low)
    if not match:
        return "", ""
    taken = list(taken)
    silent = list(silent)
    before = _without(
        question[: match.start()], text[: match.start()],
        [(a, min(b, match.start())) for a, b in taken if a < match.start()], silent,
    )  # fmt: skip
    at = match.end()
    behind = _without(
        question[at:], text[at:], [(max(a - at, 0), b - at) for a, b in taken if b > at], silent
    )
    return (before, behind) if before and behind else ("", "")
