"""The words of a typed text, with what is no word (codes, addresses, acronyms) set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge_base.syllables import is_syllable
from knowledge_base.typed.keyboards import vni

# Nothing in these is touched: addresses, files, codes with digits and joints, handles.
_APART = re.compile(
    r"(?:https?://|www\.)\S+|\S*@\S+|[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org|info|pdf|docx?|xlsx?)\b\S*"
    r"|(?=[\w./\-]*\d)[\w]+(?:[./\-][\w]+)+|#\w+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_CHUNK = re.compile(r"\S+")
_LONGEST = 120  # letters without a blank that anyone would read


class Word:
    """A word of the text: where it stands, how it was typed, what it is now."""

    __slots__ = ("changed", "end", "free", "low", "now", "start", "typed")

    def __init__(self, typed: str, start: int, end: int, *, free: bool = True) -> None:
        self.typed, self.start, self.end = typed, start, end
        self.low = typed.lower().replace("ð", "đ")  # U+00F0 is often typed for U+0111
        self.now = typed
        self.free = free
        self.changed = False

    def becomes(self, text: str) -> None:
        self.now, self.changed = text, True

    def cut(self, parts: list[str]) -> list[Word]:
        """The words glued into this one; those after the first stand at its end."""
        first, *rest = parts
        return [Word(first, self.start, self.end), *(Word(p, self.end, self.end) for p in rest)]


def split(text: str) -> list[Word]:
    """The words of clean text; those that must stay as they are are not ``free``."""
    apart = list(_apart(text))
    shouted = text.isupper() and " " in text.strip()
    found: list[Word] = []
    for match in _WORD.finditer(text):
        typed, start = match[0], match.start()
        kept = any(a <= start < b for a, b in apart) or (not shouted and _is_acronym(typed))
        lone = len(typed) == 1 and "-" in (
            text[start - 1 : start],
            text[match.end() : match.end() + 1],
        )
        free = not kept and not typed.isdigit() and not lone  # "e-visa", "x-quang"
        found.append(Word(typed, start, match.end(), free=free))
    return found


def _apart(text: str) -> Iterator[tuple[int, int]]:
    """Where nothing may be touched; patterns never see more than a chunk between blanks."""
    for chunk in _CHUNK.finditer(text):
        if len(chunk[0]) > _LONGEST:
            yield chunk.span()
            continue
        for match in _APART.finditer(chunk[0]):
            if not _only_keys(match[0]):
                yield chunk.start() + match.start(), chunk.start() + match.end()


def _only_keys(code: str) -> bool:
    """Whether what looks like a code is words in VNI keys: "phi1/le65"."""
    return all(part.isalpha() or vni(part) for part in re.split(r"[/\-]", code.lower()))


def _is_acronym(typed: str) -> bool:
    """ "CT", "VNeID", "CT01"; not "Tôi", nor a word in capitals for emphasis ("KHÔNG")."""
    if len(typed) > 3 and typed.isupper() and is_syllable(typed.lower()):
        return False
    return any(letter.isupper() for letter in typed[1:]) or (
        typed[0].isupper() and (len(typed) == 1 or typed[1:].isdigit())
    )


def rejoined(text: str, words: list[Word]) -> str:
    """``text`` with every word as it is now; an emptied word takes the blank before it along."""
    parts: list[str] = []
    done = 0
    for word in words:
        between = text[done : word.start] if word.start < word.end else " "
        parts.append(between if word.now or between.strip() else "")
        parts.append(word.now)
        done = word.end
    return "".join([*parts, text[done:]])


def with_case_of(typed: str, meant: str) -> str:
    """``meant`` in the case of ``typed``: "HO" → "HỘ", "Lam" → "Làm"."""
    if len(typed) > 1 and typed.isupper():
        return meant.upper()
    if typed[:1].isupper():
        return meant[:1].upper() + meant[1:]
    return meant
