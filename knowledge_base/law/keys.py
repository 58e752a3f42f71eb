"""Document numbers: every way to write one, brought to one key.

The key of "30/2020/NĐ-CP" is ``30/2020/nd-cp``: digits without leading zeros,
then the year where the number has one, then the folded letters joined by
hyphens. What names a document without all of these ("nghị định 30 năm 2020")
is a partial number, which `resolve` completes from the numbers that exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal

from knowledge_base.vietnamese import fold

# What the letters of a number begin with. Folded; the longest first where one begins another.
_TYPES = (
    r"ttlt|nqlt|vbhn|ubtvqh\d*|qh\d{1,2}|hdbt|lct|ctn|htd|tt|nd|nq|qd|ct|cd|cv|kh|tb|hd|pl|lb|"
    r"sl|hp|tc|cp|ca|l"
)
_LETTER = r"[^\W\d_]"
_WORD = rf"(?:(?:UBTV)?QH \d{{1,2}}\b|{_LETTER}[^\W_]*)"  # "QH15", "QH 11", "TTg", "NĐ"
_DIGITS = r"\d{1,5}(?:\.\d{1,3})?"  # the dot: "66.16/2026/NQ-CP"

# "30/2020/NĐ-CP", "8 /2016/TT-BGTVT", "23/2020/TTLT/BCA-BTP", "159/NQ-CP", "21-LCT/HĐNN8", "45-CP"
_WHOLE = re.compile(
    rf"(?:(?<![\w./-])|(?<=\b[NnTtQq][ĐđDdTtQq]))(?P<number>{_DIGITS}[a-z]?)\s?[/-]\s?(?:(?P<year>(?:19|20)\d\d)\s?[/-]\s?)?"
    rf"(?P<letters>(?:{_WORD})(?:\s?[-‐‑–—/]\s?(?:{_WORD})){{0,9}})"
)
_LETTERS = re.compile(rf"(?:{_TYPES})(?:-|$)")

# The words for a kind of document, with the letters its numbers begin with.
_KINDS = {
    "bo luat": "qh",
    "luat": "qh",
    "phap lenh": "pl",
    "nghi dinh": "nd",
    "nghi quyet lien tich": "nqlt",
    "nghi quyet": "nq",
    "thong tu lien tich": "ttlt",
    "thong tu": "tt",
    "quyet dinh": "qd",
    "chi thi": "ct",
    "cong dien": "cd",
    "thong bao": "tb",
    "ke hoach": "kh",
    "van ban hop nhat": "vbhn",
    "nd": "nd",
    "nq": "nq",
    "tt": "tt",
    "ttlt": "ttlt",
    "qd": "qd",
    "ct": "ct",
    "vbhn": "vbhn",
}
_KIND_WORDS = (
    r"(?:bộ\s+luật|bo\s+luat|luật|luat|pháp\s+lệnh|phap\s+lenh|nghị\s+định|nghi\s+dinh|"
    r"nghị\s+quyết(?:\s+liên\s+tịch)?|nghi\s+quyet(?:\s+lien\s+tich)?|"
    r"thông\s+tư(?:\s+liên\s+tịch)?|thong\s+tu(?:\s+lien\s+tich)?|quyết\s+định|quyet\s+dinh|"
    r"chỉ\s+thị|chi\s+thi|công\s+điện|cong\s+dien|thông\s+báo|thong\s+bao|kế\s+hoạch|ke\s+hoach|"
    r"văn\s+bản\s+hợp\s+nhất|van\s+ban\s+hop\s+nhat|nđ|nd|nq|ttlt|tt|qđ|qd|ct|vbhn)"
)
# "nghị định 30 năm 2020", "nđ 30/2020", "NĐ30/2020", "thông tư số 01", "nghị định 30-2020"
_PARTIAL = re.compile(
    rf"(?<![\w/-])(?P<kind>{_KIND_WORDS})(?:\s*(?:số|so)\s*:?)?\s*(?P<number>{_DIGITS})"
    r"(?:(?:\s*[/-]\s*|\s*(?:năm|nam)\s*|\s+)(?P<year>(?:19|20)\d\d))?"
    rf"(?![\w./-]*\d|\s*[/-]\s*{_LETTER})",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w/.-])(?P<number>\d{1,5})/(?P<year>(?:19|20)\d\d)(?![\w/]|[.-]\d)")
_QUERY_SUFFIX = re.compile(
    rf"(?P<number>{_DIGITS})\s*[/ -]\s*(?P<year>(?:19|20)\d\d)\s*[/ -]?\s*"
    r"(?P<letters>(?:nd|nq|tt|qd|ct|nghi dinh|thong tu|quyet dinh|ttlt|qh ?\d{2})[a-z\d -]*)"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A document number in a text: ``text[start:end]`` writes it.

    ``letters`` is empty, or only the type ("nd"), where the number is partial.
    """

    number: str
    year: str
    letters: str
    whole: bool
    start: int = 0
    end: int = 0

    @property
    def key(self) -> str:
        """``30/2020/nd-cp``; of a partial number what there is of it (``30/2020/nd``)."""
        return "/".join(part for part in (self.number, self.year, self.letters) if part)

    def means(self, key: str) -> bool:
        """Whether a whole key may be what this number names."""
        if self.whole:
            return key == self.key
        known = Number(*_apart(key), whole=True)
        return (
            known.number == self.number
            and (not self.year or known.year == self.year)
            and _begins(known.letters, self.letters)
        )


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a number someone wrote stands for: one key, several choices, or none.

    ``near`` holds keys that are close to a number that is not there.
    """

    state: Literal["found", "several", "none"]
    keys: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


@lru_cache(maxsize=50_000)
def document_key(text: str) -> str:
    """The key of the first whole number in ``text``; "" when there is none.

    >>> document_key("Nghị định số 30/2020/NĐ-CP ngày 05/3/2020")
    '30/2020/nd-cp'
    >>> document_key("nghị định 30 năm 2020")
    ''
    """
    return next((found.key for found in numbers_in(text) if found.whole), "")


def numbers_in(text: str) -> Iterator[Number]:
    """Every document number in a text, whole or partial, in order.

    A date, an amount, or "khoản 1/2020" is none. Partial numbers need the word
    for the kind of document before them.
    """
    found = [*_whole_in(text)]
    taken = [(n.start, n.end) for n in found]
    for match in _PARTIAL.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            kind = _KINDS[" ".join(fold(match["kind"]).split())]
            if match["year"] or len(fold(match["kind"])) > 2:
                found.append(
                    Number(_plain(match["number"]), match["year"] or "", kind, False, *match.span())
                )
    yield from sorted(found, key=lambda n: n.start)


def resolve(text: str, known: Iterable[str]) -> Resolution:
    """What a number, as a person writes it, stands for among the keys that exist.

    >>> resolve("nđ 30/2020", ["30/2020/nd-cp", "30/2020/tt-btc"]).keys
    ('30/2020/nd-cp',)
    >>> resolve("30/2020", ["30/2020/nd-cp", "30/2020/tt-btc"]).state
    'several'
    """
    keys = sorted(set(known))
    asked = next(iter(asked_numbers(text)), None)
    if asked is None:
        return Resolution("none")
    found = tuple(key for key in keys if asked.means(key))
    if not found and asked.whole:
        # "30/2020/NĐ" and "23/2020/TTLT-BCA" are beginnings of whole numbers.
        longer = Number(asked.number, asked.year, asked.letters, False)
        found = tuple(key for key in keys if longer.means(key))
    if found:
        return Resolution("found" if len(found) == 1 else "several", found)
    return Resolution("none", near=_near(asked, keys))


def asked_numbers(text: str) -> tuple[Number, ...]:
    """Numbers in what a person typed: as `numbers_in`, and looser ones, "30/2020" alone too."""
    found = tuple(numbers_in(text))
    if found:
        return found
    loose = _QUERY_SUFFIX.search(fold(text))
    if loose:
        letters = _KINDS.get(loose["letters"].strip(), "-".join(loose["letters"].split()))
        letters = re.sub(r"^qh-(?=\d)", "qh", letters)
        return (Number(_plain(loose["number"]), loose["year"], letters, False, *loose.span()),)
    return tuple(
        Number(_plain(match["number"]), match["year"], "", False, *match.span())
        for match in _BARE.finditer(text)
    )


def _whole_in(text: str) -> Iterator[Number]:
    for match in _WHOLE.finditer(text):
        words = re.split(r"\s?[-‐‑–—/]\s?", match["letters"])
        if not _LETTERS.match(fold(words[0]).replace(" ", "") + "-"):
            continue
        kept, end = _issuers(match, words)
        letters = "-".join(fold(word).replace(" ", "") for word in kept)
        year = match["year"] or ""
        if not year and letters in ("tt", "nd", "nq", "qd", "ct", "l", "ca", "tc"):
            continue  # "5/TT" of a table is no number
        yield Number(_plain(match["number"]), year, letters, True, match.start(), end)


def _issuers(match: re.Match[str], words: list[str]) -> tuple[list[str], int]:
    """The words of the letters up to where running text goes on ("…/NĐ-CP - Sửa đổi …")."""
    kept = [words[0]]
    at = match.start("letters") + len(words[0])
    rest = match.string
    for word in words[1:]:
        start = rest.index(word, at)
        gap = rest[at:start]
        capitals = word.isupper() or word.lower() == "ttg" or word == word.lower() == match[0]
        # A spaced dash joins only what is in capitals; lower case goes on where all is lower.
        all_lower = match["letters"].islower()
        if not (capitals or (all_lower and " " not in gap)) or (
            gap.count(" ") == 2 and not capitals
        ):
            break
        kept.append(word)
        at = start + len(word)
    return kept, at


def _apart(key: str) -> tuple[str, str, str]:
    number, _, rest = key.partition("/")
    year, _, letters = rest.partition("/")
    if letters or re.fullmatch(r"(?:19|20)\d\d", year):
        return number, year, letters
    return number, "", year


def _begins(letters: str, beginning: str) -> bool:
    if not beginning:
        return True
    if beginning == "qh":
        return bool(re.match(r"qh\d|l-|lct|l$", letters))
    if beginning == "pl":
        return letters.startswith("pl") or letters.startswith("ubtvqh")
    return letters.startswith(beginning) and not re.match(r"[a-z]", letters[len(beginning) :])


def _plain(number: str) -> str:
    return re.sub(r"^0+(?=\d)", "", number)


def _near(asked: Number, keys: list[str]) -> tuple[str, ...]:
    """Keys like one that is not there: the same number in another year, then like spellings."""
    same = [
        k for k in keys if _apart(k)[0] == asked.number and _begins(_apart(k)[2], asked.letters)
    ]
    alike = get_close_matches(asked.key, keys, n=5, cutoff=0.75)
    return tuple(dict.fromkeys([*alike, *same]))[:5]
