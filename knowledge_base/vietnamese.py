"""Vietnamese as people type it: cleaning, folding, tokens, abbreviations, words.

Nothing here guesses: cleaning removes what cannot be seen, folding drops what
can be dropped, abbreviations come from a curated table and are replaced as
whole tokens only. Codes (``1.004222``, ``30/2020/NĐ-CP``) are one token.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

# Characters nobody sees: zero-width, direction marks, soft hyphen, BOM, tags.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")

_LETTERS = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"""
      \d{{1,5}}(?:/\d{{2,4}})?/{_LETTERS}\w*(?:[-/]{_LETTERS}\w*)*  # 30/2020/NĐ-CP, 01/VBHN-VPQH
    | \d\.\d{{6}}(?:\.\w+)*                                         # 1.004222, 1.004222.H29
    | \d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}(?!\d)                     # 01/07/2025
    | \d{{1,5}}/\d{{4}}(?!\d)                                       # 30/2020
    | \d{{1,3}}(?:\.\d{{3}})+(?!\d)                                 # 200.000
    | \d+,\d+                                                       # 2,5
    | [^\W_]+
    """,
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_DOCUMENT_NUMBER = re.compile(rf"(\d{{1,5}})/(\d{{4}})(?:/({_LETTERS}\w*(?:[-/]{_LETTERS}\w*)*))?")
_PROCEDURE_CODE = re.compile(r"(\d\.\d{6})(?:\.\w+)*")

# "hoà" and "hòa" are one word: the tone goes on the first vowel here ("qu" has no such pair).
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LATE_TONE = re.compile(rf"(?<!q)(oa|oe|uy)([{_TONES}])$")
# "kí" and "ký" are one word too.
_SHORT_I = re.compile(rf"^([hklmst])i([{_TONES}])$")


def clean(text: str) -> str:
    """NFC without hidden or control characters; odd spaces become spaces.

    Line breaks and tabs stay. Clean text comes back as it is.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _HIDDEN.sub("", _CONTROL.sub("", text))
    # Removing a joiner may bring a letter and its mark together.
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text))


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Lower case without diacritics; ``đ`` becomes ``d``. ``fold("Đăng ký") == "dang ky"``."""
    plain = unicodedata.normalize("NFD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return plain.replace("đ", "d").replace("ð", "d")


@lru_cache(maxsize=200_000)
def canonical(token: str) -> str:
    """One spelling for a token: lower case, one place for the tone, digits ungrouped."""
    token = token.lower().replace("ð", "đ")  # U+00F0 is often typed for U+0111
    if "/" in token:  # a document number: "nđ-cp" and "nd-cp" are one
        return fold(token)
    if token.isascii():
        return token.replace(".", "") if _THOUSANDS.fullmatch(token) else token
    apart = unicodedata.normalize("NFD", token)
    apart = _LATE_TONE.sub(lambda m: m[1][0] + m[2] + m[1][1], apart)
    apart = _SHORT_I.sub(r"\1y\2", apart)
    return unicodedata.normalize("NFC", apart)


def tokens(text: str) -> list[str]:
    """Lower-case tokens of clean text: syllables, numbers, whole codes."""
    return [canonical(token) for token in _TOKEN.findall(text)]


def is_bare(text: str) -> bool:
    """Whether a text is typed without diacritics (and is not just codes and digits)."""
    words = [word for word in tokens(text) if word.isalpha()]
    if not words:
        return False
    marked = sum(not word.isascii() for word in words)
    # Clean Vietnamese marks about three syllables in four; a stray mark does not make it accented.
    return marked == 0 or (len(words) >= 6 and marked / len(words) < 0.12)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """``30/2020/NĐ-CP`` taken apart; ``issuer`` ("nđ-cp") may be empty."""

    number: str
    year: str
    issuer: str = ""

    @property
    def key(self) -> str:
        """What two spellings of one number share: ``30/2020``."""
        return f"{int(self.number)}/{self.year}"


def document_number(token: str) -> DocumentNumber | None:
    """The document number a token is, if it is one."""
    match = _DOCUMENT_NUMBER.fullmatch(token)
    if match is None:
        return None
    return DocumentNumber(match[1], match[2], fold(match[3] or ""))


def procedure_code(token: str) -> str | None:
    """``1.004222`` of ``1.004222`` or ``1.004222.000.00.00.H29``."""
    match = _PROCEDURE_CODE.fullmatch(token)
    return match[1] if match else None


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """The curated table. Keys are tuples of canonical tokens.

    ``formal`` ones ("UBND") mean the same everywhere and are expanded in
    documents too; ``typed`` ones ("ko", "dk") only in what people type;
    ``synonyms`` ("sổ đỏ") keep the words and add what the law calls it.
    """

    formal: Mapping[tuple[str, ...], str]
    typed: Mapping[tuple[str, ...], str]
    synonyms: Mapping[tuple[str, ...], str]

    def longest(self) -> int:
        return max(map(len, (*self.formal, *self.typed, *self.synonyms)), default=1)


@lru_cache(maxsize=1)
def abbreviations() -> Abbreviations:
    """The table shipped in ``abbreviations.yml``."""
    import yaml

    from knowledge_base.syllables import is_syllable  # it needs nothing from here

    file = Path(__file__).with_name("abbreviations.yml")
    table = yaml.safe_load(file.read_text("utf-8"))

    def group(name: str) -> dict[tuple[str, ...], str]:
        rows = {tuple(tokens(str(key))): str(value) for key, value in table[name].items()}
        if name == "synonyms":  # ordinary words: "số đo" is not "sổ đỏ"
            return rows
        # "đktt" is typed "dktt" as often as not; an explicit entry wins.
        loose = {
            way: value
            for key, value in rows.items()
            for way in product(*({word, fold(word)} for word in key))
            if len(way) > 1 or not is_syllable(way[0])
        }
        return loose | rows

    return Abbreviations(group("formal"), group("typed"), group("synonyms"))


def expand_abbreviations(
    text: str,
    extra: Mapping[str, str] | None = None,
    *,
    document: bool = False,
    synonyms: bool = False,
) -> str:
    """``text`` with known abbreviations written out.

    Whole tokens only (so never inside a code), the longest key first. In a
    document only the formal ones are expanded. ``extra`` comes from the
    operator's config.yml and wins over the table. With ``synonyms`` everyday
    names are replaced by what the law calls the thing, instead of standing beside it.
    """
    table = abbreviations()
    replace = dict(table.formal)
    if synonyms:
        replace |= table.synonyms
    if not document:
        replace |= table.typed
    if extra:
        replace |= {tuple(tokens(key)): value for key, value in extra.items()}
    spans = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
    # A token glued to another by "-" or "/" is part of some code: it is left alone.
    words = ["" if _glued(text, start, end) else canonical(text[start:end]) for start, end in spans]
    out: list[str] = []
    added: list[str] = []
    at, done = 0, 0
    longest = max(table.longest(), max(map(len, replace), default=1))
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            key = tuple(words[at : at + size])
            if key in replace:
                out += [text[done : spans[at][0]], replace[key]]
                done, at = spans[at + size - 1][1], at + size
                break
            if not document and key in table.synonyms:
                added.append(table.synonyms[key])
                at += size
                break
        else:
            at += 1
    out.append(text[done:])
    return " ".join(["".join(out), *added]) if added else "".join(out)


def _glued(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (len(before) == 2 and before[1] in "-/" and before[0].isalnum()) or (
        len(after) == 2 and after[0] in "-/" and after[1].isalnum()
    )


def words(text: str) -> list[str]:
    """Words as underthesea segments them, syllables joined by a space: ``["hộ chiếu", …]``."""
    from underthesea import word_tokenize  # a tenth of a second the first time

    return [str(word) for word in word_tokenize(text)]
