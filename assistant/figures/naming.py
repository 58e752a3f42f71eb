"""What of the words beside a number names an indicator."""

from __future__ import annotations

import re
from functools import cache

from assistant.figures.scopes import folded
from assistant.figures.tables import words
from assistant.figures.written import _any

_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")
_BULLET = re.compile(r"^\s*(?:\d+(?:\.\d+)*[.)]|[-–+•*]|[a-zđ]\)|[IVX]+\.|\(\d{1,2}\))\s+")
_SHORT_FORM = re.compile(r"\(([^\W\d_a-zà-ỹ]{2,8}(?: [^\W\d_a-zà-ỹ]{2,8}){0,2})\)")
# "xuất, nhập khẩu", "thu, chi": one name that a comma cuts
_HALVES = re.compile(r"(?<!\w)(?:xuất,\s*nhập|nhập,\s*xuất|thu,\s*chi)(?!\w)", re.IGNORECASE)
_BACK = re.compile(
    r"(?:tỷ lệ|tỉ lệ|con số|chỉ số|số|mức|kết quả) (?:này|đó|trên)"
    r"|(?:(?:tiếp(?: theo| đến)?|kế(?: đến| tiếp)|sau đó|xếp sau|đứng thứ \w+|"
    r"thấp hơn|cao hơn)(?: là)?)"
    r"|(?:(?:một số|các|những|nhiều) )?(?:bộ|bộ, ngành|tỉnh|tỉnh, thành phố|địa phương|đơn vị|"
    r"xã|xã, phường|phường|cơ quan|nơi)(?: có| đạt)*"
    r"(?: (?:kết quả|tỷ lệ|tỉ lệ|mức|chỉ số)(?: này)?)?"
    r"(?: (?:rất )?(?:cao|thấp|tốt|khá)(?: nhất)?)?(?: (?:như|gồm|là))?"
    r"|(?:cao|thấp|tốt|kém)(?: nhất)?(?: là)?|(?:dẫn đầu|đứng đầu|đứng cuối)(?: là)?"
)
_HARD = re.compile(r"[;:“”\"]")
_LONGEST_PART = 10  # words: a longer piece before a comma is a clause of its own


def named_by(lead: str) -> str:
    """The name in the words before a number; "" where they name nothing.

    >>> named_by("Nhìn chung, tỷ lệ hồ sơ chậm, quá hạn giảm mạnh, chỉ còn")
    'tỷ lệ hồ sơ chậm, quá hạn'
    """
    kept = _SHORT_FORM.sub(lambda m: f"\ue000{m[1]}\ue001", lead)
    kept = re.sub(r"\([^()]*\)", " ", kept)
    inside = kept.rpartition("(")[2]  # a bracket that is still open
    for part in (inside, kept.replace("(", ",")) if "(" in kept else (kept,):
        pieces = _pieces(part)
        if pieces:
            return pieces[-1].replace("\ue000", "(").replace("\ue001", ")")
    return ""


def _pieces(text: str) -> list[str]:
    found = []
    for hard in _HARD.split(text):
        for clause in _breaks().split(hard):
            name = _last_of(re.split(r",(?!\d)", clause))
            if name:
                found.append(name)
    return found


def _last_of(pieces: list[str]) -> str:
    """The last piece that names something, with those of one list with it."""
    pieces = [_subject().sub("", piece) for piece in pieces]
    at = len(pieces) - 1
    while at >= 0 and not says(trimmed(pieces[at])):
        at -= 1
    if at < 0:
        return ""
    name = trimmed(pieces[at])
    while at > 0 and _is_list(pieces[at - 1], pieces[at]):
        at -= 1
        name = f"{trimmed(pieces[at])}, {name}"
    return name


def _is_list(before: str, piece: str) -> bool:
    """Whether a comma parts things of one list ("vận tải, bưu điện"), not two clauses."""
    if _HALVES.search(f"{before[-8:]},{piece[:8]}"):
        return True
    if _opens().match(piece.strip()) or re.search(r"\d", before):
        return False
    if _clause().search(before.strip()) or not says(trimmed(before)):
        return False
    return len(before.split()) <= _LONGEST_PART


@cache
def _breaks() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_any(words().breaks)})(?!\w)", re.IGNORECASE)


@cache
def _opens() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any(words().heads)})(?!\w)", re.IGNORECASE)


@cache
def _subject() -> re.Pattern[str]:
    """ "Huyện A đứng đầu với tỷ lệ …": what is before "với" does not name the value."""
    return re.compile(rf"^.*\b(?:với|đưa|nâng)\s+(?=(?:{_any(words().heads)})(?!\w))", re.I)


@cache
def _clause() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_any(words().clauses)})(?!\w)", re.IGNORECASE)


def trimmed(text: str) -> str:
    """Words without links, verbs of saying and bullets at both ends."""
    text = " ".join(_BULLET.sub("", text.strip()).split())
    ends, starts, kept = _trims()
    before = None
    while before != text:
        before = text
        if not kept.search(text):
            text = ends.sub("", text).strip(" .,:;–-")
        text = starts.sub("", text).strip(" .,:;–-")
    cut = _rising().sub("", text)
    return cut if says(cut) else text


@cache
def _trims() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    table = words()
    ends = _any((*table.links, *table.about, *table.targets, *table.ends, *_all_changes()))
    starts = _any((*table.starts, *table.targets))
    kept = _any(table.whole_names)
    return (
        re.compile(rf"(?:^|\s)(?:{ends})\s*$", re.IGNORECASE),
        re.compile(rf"^(?:{starts})(?:\s|$)", re.IGNORECASE),
        re.compile(rf"(?:{kept})\s*$", re.IGNORECASE),
    )


@cache
def _rising() -> re.Pattern[str]:
    """What a sentence says of the way of a value, behind its name."""
    return re.compile(
        r"\s+(?:(?:đã|tiếp tục|đang|đều|cũng|có xu hướng|duy trì|vẫn|mặc dù|tuy)\s+)+"
        r"(?:tăng|giảm|ổn định|cao|thấp|cải thiện|phục hồi|ở mức)\b.*$",
        re.IGNORECASE,
    )


def _all_changes() -> tuple[str, ...]:
    return tuple(word for group in words().changes.values() for word in group)


def says(piece: str) -> bool:
    """Whether a piece of a sentence names something."""
    if folded(piece).startswith("theo "):
        return False
    left = _silent().sub(" ", folded(piece))
    return bool(_WORD.search(left)) and len(left.strip()) > 1


@cache
def _silent() -> re.Pattern[str]:
    table = words()
    every = {folded(one) for one in (*table.verbs, *table.links, *table.about)}
    return re.compile(rf"(?<!\w)(?:{_any(every)})(?!\w)")


def points_back(name: str) -> bool:
    """ "tỷ lệ này", "Một số bộ có kết quả cao:": what was named in the sentence before."""
    return bool(_BACK.fullmatch(name.lower()))


_FOR_PLACES = re.compile(
    r"\s+(?:(?:của|tại|ở|theo|phân theo|chia theo)\s+)(?:(?:các|từng|mỗi|một số|34|63)\s+)?"
    r"(?:tỉnh|địa phương|bộ|đơn vị|xã|phường|cơ quan|sở|cấp|vùng|khối)"
    r"(?:,? (?:ngành|thành phố|phường|xã|đơn vị|địa phương|tỉnh|trực thuộc|trung ương|"
    r"hành chính)| và| cơ quan)*\s*$",
    re.IGNORECASE,
)
_ITS_OWN = re.compile(r"\b(?:tỷ lệ|tỉ lệ|tỷ trọng|tỉ trọng)\b", re.IGNORECASE)


def without_places(name: str) -> str:
    """A name without the group of places that it is told for: "… của các địa phương"."""
    return _FOR_PLACES.sub("", name.rstrip())


def points_to_share(name: str) -> bool:
    """ "đơn vị có tỷ lệ cao nhất": the share that was named last, whatever came in between."""
    return points_back(name) and bool(_ITS_OWN.search(name))


def is_measure_verb(name: str) -> bool:
    """Whether words only say how a value belongs to what was named before: "đóng góp"."""
    return folded(name) in {folded(one) for one in words().measure_verbs}
