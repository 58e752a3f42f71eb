"""Slots that are running text: names, levels, steps, conditions, results."""

from __future__ import annotations

import re
from itertools import pairwise

from knowledge_base import vietnamese
from knowledge_base.documents import Level

NOTHING_KNOWN = ("", "không có thông tin", "-", "--", ".")
_NOT_REQUIRED = re.compile(
    r"\W*(?:không(?: có| quy định| yêu cầu| áp dụng)?"
    r"(?: yêu cầu, điều kiện| điều kiện| cụ thể)?)\W*",
    re.IGNORECASE,
)
_LEVELS = (
    (re.compile(r"\bbộ\b|trung ương", re.IGNORECASE), Level.CENTRAL),
    (re.compile(r"tỉnh|thành phố trực thuộc", re.IGNORECASE), Level.PROVINCE),
    (re.compile(r"\bxã\b|phường", re.IGNORECASE), Level.COMMUNE),
)
_STEP = re.compile(r"(?:^|(?<=[\s.;+]))[+\-*\s]*(?:[a-zđ]\)\s*)?(?=Bước\s+\d{1,2}\b)")
_NUMBERING = re.compile(r"\s*(?:\d+\.){1,4}\s*$|\s+[a-zđ]\)\s*$")
_MARK = re.compile(
    r"(?:(?P<letter>[a-zđ])\s?\)|\(?(?P<number>\d{1,2}(?:\.\d{1,2})*)[.)\s]\s*(?=[^\W\d])|"
    r"(?P<bullet>[-+*•–])\s*(?=\w))"
)
_RESULT_CODE = re.compile(r"Mã:\s?[A-Z0-9][A-Z0-9.\-]*\d")
_PAGE_END = re.compile(
    r"Từ khóa\s?(?:Không có thông tin)?\s?Mô tả.*$|Chọn cơ quan thực hiện.*$", re.DOTALL
)
_PREFIX = re.compile(r"^(?:thủ tục(?: hành chính)?\s*:?\s+)", re.IGNORECASE)
_AT_LEVEL = re.compile(
    r"\s*\((?:(?:thực hiện|nộp)\s+)?(?:tại\s+|ở\s+)?"
    r"(?:cấp\s+|trung ương|công an|(?:ủy|uỷ) ban|bộ\b)[^()]*\)",
    re.IGNORECASE,
)
_LONGEST_NAME = 80


def clean(text: object) -> str:
    """A value of a record as text: NFC, nothing hidden, no blanks around it.

    What should be text and is a number, a list or an object is its words: the
    source says something, and that is not to look like nothing.
    """
    if isinstance(text, str):
        return vietnamese.clean(text.encode("utf-8", "replace").decode()).strip()
    if isinstance(text, int | float) and not isinstance(text, bool):
        return str(text)
    if isinstance(text, list):
        return "\n".join(filter(None, map(clean, text)))
    if isinstance(text, dict):
        return "\n".join(filter(None, map(clean, text.values())))
    return ""


def known(text: str) -> str:
    """``text``, or nothing where the portal wrote that it has no information."""
    return "" if text.strip(" .").casefold() in NOTHING_KNOWN else text


def required(text: str) -> tuple[str, bool]:
    """``(text, False)``; ``("", True)`` where the record says that nothing is required."""
    if text and _NOT_REQUIRED.fullmatch(text):
        return "", True
    return known(text), False


def levels(text: str) -> tuple[Level, ...]:
    """The levels named, highest first. There is no district any more: it names none."""
    return tuple(level for pattern, level in _LEVELS if pattern.search(text))


def listed(text: str) -> str:
    """A list of bodies or people without its repetitions."""
    parts = [
        " ".join(part.split()).rstrip(" .") for part in re.split(r",(?![^()]*\))", known(text))
    ]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def results(text: str) -> str:
    """The results of a procedure, without their codes and the buttons of the page."""
    text = _PAGE_END.sub("", text)
    parts = [" ".join(part.split()).strip(" .;-") for part in _RESULT_CODE.split(text)]
    return "; ".join(dict.fromkeys(part for part in parts if known(part)))


def steps(text: str) -> tuple[str, ...]:
    """The steps: by "Bước 1", else by the lines that are not details of the line above."""
    text = known(text)
    if len(text) < 3:
        return ()
    starts = [match.end() for match in _STEP.finditer(text)]
    if len(starts) > 1:
        head = text[: starts[0]]
        found = [text[a:b] for a, b in pairwise([*starts, len(text)])]
        lines = [_NUMBERING.sub("", _line(one)) for one in [head, *found]]
        return tuple(line for line in lines if re.search(r"[^\W\d_]{2}", line))
    lines = [line.strip() for line in text.split("\n") if re.search(r"\w", line)]
    marks = [_mark(line) for line in lines]
    top = next((mark for mark in marks if mark), "")
    joined: list[str] = []
    for line, mark in zip(lines, marks, strict=True):
        goes_on = mark != top if top and joined else bool(joined) and line[:1].islower()
        if joined and (goes_on or (not top and joined[-1].endswith(":"))):
            joined[-1] += " " + line
        else:
            joined.append(line)
    return tuple(filter(None, map(_line, joined)))


def _mark(line: str) -> str:
    """What kind of list a line is of: "1.", "1.1.", "a)", "-", "+"; empty for plain lines."""
    match = _MARK.match(line)
    if match is None:
        return ""
    if match["letter"]:
        return "a)"
    if match["number"]:
        return "1." * len(re.findall(r"\d+", match["number"]))
    return match["bullet"]


def paragraphs(text: str) -> tuple[str, ...]:
    """A text as its lines, without bullets."""
    return tuple(filter(None, (_line(line) for line in text.split("\n") if re.search(r"\w", line))))


def short_name(name: str) -> str:
    """The name without "Thủ tục" and "(cấp tỉnh)", at most 80 characters, whole words."""
    short = _AT_LEVEL.sub("", _PREFIX.sub("", " ".join(name.split()))).strip(" .;,")
    short = short[:1].upper() + short[1:] if short else name
    if len(short) <= _LONGEST_NAME:
        return short
    without = re.sub(r"\s*\([^()]*\)", "", short)
    if len(without) <= _LONGEST_NAME:
        return without
    cut = without[: _LONGEST_NAME - 1].rsplit(" ", 1)[0]
    return cut.rstrip(" ,;.-(") + "…"


def other_names(name: str) -> tuple[str, ...]:
    """Ways to say the name that are in the name itself; none is made up."""
    whole = " ".join(name.split()).strip(" .;,")
    plain = _AT_LEVEL.sub("", _PREFIX.sub("", whole)).strip(" .;,")
    bare = re.sub(r"\s*\([^()]*\)", "", plain).strip(" .;,")
    found = [plain[:1].upper() + plain[1:], bare[:1].upper() + bare[1:]]
    return tuple(dict.fromkeys(one for one in found if len(one) > 5 and one != whole))


def _line(text: str) -> str:
    return re.sub(r"^[\s\-+*•–]+", "", " ".join(text.split())).strip()
