"""Spelling, and capitals as Decree 30/2020, Annex II, has them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from assistant.drafting.faults import Fault, Words, at_line
from assistant.drafting.parts import Parts
from assistant.drafting.sheet import Line, Sheet
from assistant.drafting.tables import read_table
from knowledge_base.syllables import (
    TONES,
    apart,
    can_be,
    compose,
    is_spelt,
    is_syllable,
    well_placed,
)
from knowledge_base.typed.reader import Reader
from knowledge_base.typed.spelling import respelled
from knowledge_base.typed.words import is_english, is_loanword
from knowledge_base.vietnamese import fold

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_ADDRESS = re.compile(
    r"(?<!\S)\S{0,200}?(?:@|://|www\.|\.vn\b|\.com\b)\S{0,300}"
    r"|(?<![\w.-])[\w.-]{0,40}/[A-ZĐ][\w./-]*",
    re.IGNORECASE,
)
_CITED = re.compile(
    r"\b(nghị định|thông tư(?: liên tịch)?|quyết định|nghị quyết|chỉ thị|công văn|luật)\s+số\s+\d",
    re.UNICODE,
)
_UNITS_OF_LAW = re.compile(r"\b(điều|chương|phụ lục)\s+(?=(?:\d+|[IVX]+)\b)")
_SMALL_UNITS = re.compile(
    r"\b(Khoản|Điểm)\s+(?=(?:\d{1,2}|[a-zđ])(?:\s*(?:,|và|đến|khoản|Khoản|Điều|Điểm|điều|;))|\d{1,2}\s+Điều)"
)
_WEEKDAY = re.compile(r"\bthứ (hai|ba|tư|năm|sáu|bảy)(?=,?\s*\(?ngày\s+\d)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[^\W\d_]{2}[.?!])\s+([^\W\d_])")
_SHORT = re.compile(
    r"(?:\b(?:TP|tp|tr|v\.v|vv|GS|TS|ThS|BS|PGS|Tel|No|St|Mr|Ms|Dr|ĐT|Tp|đ|km|nt))\.$"
)
_DOUBLED = re.compile(r"\b([^\W\d_]{2,})\s+\1\b")
_TAKES = re.compile(r"\s+(?:khẩu|nhập|phát|hiện|bản|trình|cảnh|bến|xưởng|ra|tinh)\b")
#: Words that are rightly said twice.
_TWICE = frozenset(
    [
        "xanh",
        "luôn",
        "dần",
        "mãi",
        "đều",
        "thường",
        "ngày",
        "người",
        "nhà",
        "từ",
        "nhiều",
        "khác",
        "ai",
        "đâu",
        "cùng",
        "mau",
        "ba",
        "năm",
    ]
)


@dataclass(frozen=True, slots=True)
class _Tables:
    mistakes: Mapping[str, str]
    mistake: re.Pattern[str]
    allowed: frozenset[str]
    capitals: Mapping[str, str]
    capital: re.Pattern[str]
    branch: re.Pattern[str]
    branches: Mapping[str, str]
    place: re.Pattern[str]
    places: Mapping[str, str]


@cache
def _tables() -> _Tables:
    given = read_table("words.yml")

    def any_of(words: list[str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

    branches = {name.lower(): name for name in given["branches"]}
    places = {name.lower(): name for name in given["places"] if " " in name}
    return _Tables(
        given["mistakes"],
        re.compile(rf"\b(?:{any_of(list(given['mistakes']))})\b", re.IGNORECASE),
        frozenset(str(word) for word in given["allowed"]),
        given["capitals"],
        re.compile(rf"\b(?:{any_of(list(given['capitals']))})\b"),
        branches=branches,
        branch=re.compile(rf"\b(Bộ|Sở|bộ|sở)\s+({any_of(list(branches))})\b", re.IGNORECASE),
        places=places,
        place=re.compile(rf"\b(?:{any_of(list(places))})\b", re.IGNORECASE),
    )


@cache
def _reader() -> Reader:
    return Reader()


def check_spelling(sheet: Sheet, parts: Parts) -> Iterator[Fault]:
    """Words that are no Vietnamese syllables, and those that official papers confuse."""
    for line in sheet.lines:
        if not line.text or parts.role(line) in ("signer", "country", "motto"):
            continue
        text = _ADDRESS.sub(lambda found: " " * len(found[0]), line.text)
        found: set[int] = set()
        for fault, start in (
            *_mistakes(line, text),
            *_syllables(line, text),
            *_doubled(line, text),
        ):
            if start not in found:
                found.add(start)
                yield fault
        if not found:
            yield from _sounds(line, text)


def _mistakes(line: Line, text: str) -> Iterator[tuple[Fault, int]]:
    tables = _tables()
    for match in tables.mistake.finditer(text):
        # "điện năng xuất khẩu": the word after it takes "xuất" away.
        if match[0].endswith("xuất") and _TAKES.match(text, match.end()):
            continue
        right = _with_case(tables.mistakes[match[0].lower()], match[0])
        yield _word(line, match[0], right, match.start()), match.start()


def _syllables(line: Line, text: str) -> Iterator[tuple[Fault, int]]:
    matches = list(_WORD.finditer(text))
    for match in matches:
        word = match[0]
        low = word.lower()
        if (
            len(low) == 1
            or low in _tables().allowed
            or is_loanword(low)
            or "'" in low
            or "’" in low
        ):
            continue
        if is_spelt(word) and well_placed(low):
            continue
        if not (
            word.islower() or (word.istitle() and _opens(text, match.start())) or line.is_capital
        ):
            continue  # a name may come from another language
        if line.is_capital and low.isascii():
            continue  # abbreviations
        if _ethnic(low):
            continue
        if low.isascii():
            # "duoc" lacks its marks; what cannot be one is a word of another language or a slip.
            lacking = is_syllable(low) and len(low) > 2 and not is_english([low])
            if not lacking:
                if len(low) > 3 and not is_english([low]) and _near(low):
                    yield (
                        _word(line, word, _with_case(_near(low), word), match.start()),
                        match.start(),
                    )
                continue
            right = next(iter(_reader().readings(low)), "")
            yield (
                _word(line, word, "", match.start(), right and f"có thể là “{right}”"),
                match.start(),
            )
            continue
        letters, tone = apart(low)
        one_tone = sum(mark in TONES for mark in unicodedata.normalize("NFD", low)) == 1
        right = compose(letters, tone) if one_tone and can_be(letters, tone) else _near(low)
        yield (
            _word(line, word, _with_case(right, word) if right else "", match.start()),
            match.start(),
        )


def _near(low: str) -> str:
    """The one Vietnamese syllable that stands there with a letter typed twice; "" for none."""
    ways = {low[:at] + low[at + 1 :] for at in range(1, len(low)) if low[at] == low[at - 1]}
    fits = sorted({way for way in ways if is_spelt(way) and not way.isascii() and _seen(way)})
    return fits[0] if len(fits) == 1 else ""


def _seen(word: str) -> bool:
    return _reader().table.count(word) > 50


def _doubled(line: Line, text: str) -> Iterator[tuple[Fault, int]]:
    for match in _DOUBLED.finditer(text):
        if (
            match[1].islower()
            and match[1] not in _TWICE
            and match[1]
            in (
                "của",
                "và",
                "các",
                "những",
                "được",
                "cho",
                "trong",
                "với",
                "là",
                "có",
                "về",
                "tại",
                "theo",
                "đã",
                "để",
            )
        ):
            yield _word(line, match[0], match[1], match.start()), match.start()


def _sounds(line: Line, text: str) -> Iterator[Fault]:
    """Pairs that are never written so, where a like-sounding pair is a common term."""
    for run in _small_runs(text):
        for at, meant in respelled([match[0] for match in run], _reader()):
            yield _word(line, run[at][0], meant, run[at].start())


def _small_runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Words in lower case that follow each other: names and marks part them."""
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        if run and (not match[0].islower() or text[run[-1].end() : match.start()] != " "):
            yield run
            run = []
        if match[0].islower():
            run.append(match)
    if run:
        yield run


def _word(line: Line, word: str, right: str, start: int, maybe: str = "") -> Fault:
    around = line.text[max(0, start - 15) : start + len(word) + 15].strip()
    return at_line(
        line,
        "spelling",
        f"“{word}” viết sai chính tả.",
        f"Viết: {right}" if right else maybe.capitalize(),
        words=around,
        change=Words(word, right, start) if right else None,
    )


def _opens(text: str, start: int) -> bool:
    before = text[:start].rstrip()
    return not before or before.endswith((".", ":", ";", ")", "-", "“"))


def _ethnic(low: str) -> bool:
    """Names of places and peoples in other languages of the country: "Đắk", "Krông", "Ê-đê"."""
    return low.endswith("k") or bool(
        re.match(r"(?:kr|kl|bl|br|pl|pr|gr|gl|m'|b'|h'|jr|ia|ea|y[^êếềểễệ])", low)
    )


def check_capitals(sheet: Sheet, parts: Parts) -> Iterator[Fault]:
    """Letters that should be capitals, and capitals that should be none."""
    before = ""
    for line in sheet.lines:
        running = parts.role(line) == "body" and line.cell is None and not line.label
        # A line after an unfinished one may be its other half.
        after_stop, before = running and before.endswith("."), line.text or before
        if not line.text or line.is_capital or parts.role(line) in ("signer", "motto", "country"):
            continue
        for start, wrong, right in sorted(set(_capitals(line, after_stop=after_stop))):
            yield at_line(
                line,
                "capitals",
                f"“{wrong}” viết hoa chưa đúng quy định.",
                f"Viết: {right}",
                words=line.text[max(0, start - 12) : start + len(wrong) + 15].strip(),
                change=Words(wrong, right, start),
            )


def _capitals(line: Line, *, after_stop: bool) -> Iterator[tuple[int, str, str]]:
    text, tables = line.text, _tables()
    for match in tables.capital.finditer(text):
        yield match.start(), match[0], tables.capitals[match[0]]
    for match in tables.branch.finditer(text):
        right = f"{match[1].capitalize()} {tables.branches[match[2].lower()]}"
        before = re.findall(r"\w+", fold(text[: match.start()]))[-1:]
        mixed = any(letter.isupper() for letter in match[0])
        led = before and before[0] in ("cua", "gui", "do", "giam", "truong")
        ministry = match[1].lower() == "sở" or mixed
        if (
            match[0] != right
            and not match[0].isupper()
            and (mixed or (led and ministry))
            and before != ["can"]
        ):
            yield match.start(), match[0], right
    for match in tables.place.finditer(text):
        right = tables.places[match[0].lower()]
        words = match[0].split()
        if (
            match[0] != right
            and match[0][0].isupper()
            and words[-1].islower()
            and right not in _ALSO_WORDS
        ):
            yield match.start(), match[0], right
    for pattern in (_CITED, _UNITS_OF_LAW):
        for match in pattern.finditer(text):
            word = match[1]
            if match.start() and word[0].islower():
                yield match.start(), word, word[0].upper() + word[1:]
    for match in _SMALL_UNITS.finditer(text):
        if not _opens(text, match.start()):
            yield match.start(), match[1], match[1].lower()
    for match in _WEEKDAY.finditer(text):
        if match[1].islower():
            yield match.start(1), match[1], match[1].capitalize()
    for match in _SENTENCE.finditer(text):
        if (
            match[1].islower()
            and not _SHORT.search(text[: match.start()].rstrip())
            and "./." not in text[max(0, match.start() - 4) : match.start() + 1]
        ):
            yield match.start(1), match[1], match[1].upper()
    if after_stop and len(text) > 25 and text[0].islower() and not re.match(r"[a-zđ]\s?[.)]", text):
        yield 0, text[0], text[0].upper()


#: Names that are words too: "An giang" is none of ours, "Sơn la" neither.
_ALSO_WORDS = frozenset(("An Giang",))


def _with_case(right: str, typed: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return right.upper()
    return right[:1].upper() + right[1:] if typed[:1].isupper() else right
