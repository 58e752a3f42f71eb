"""Vietnamese from before Unicode: TCVN3 (ABC, fonts ``.Vn…``) and VNI for Windows.

Both put Vietnamese letters where Latin-1 has others, so a text in them is not
wrong by its bytes, only by its words. What counts is whether the words are
Vietnamese syllables as they stand or after conversion; a font's name is a hint
that lowers what is asked, never a proof (texts in Unicode name ``.VnTime`` too).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from knowledge_base.syllables import is_spelt

TCVN3 = "TCVN3"
VNI = "VNI"

# Letters by their code in the fonts; what lies between is not used.
TCVN3_TABLE = {
    first + place: letter
    for first, letters in (
        (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
        (0xB5, "àảãáạ"),
        (0xBB, "ằẳẵắ"),
        (0xC6, "ặầẩẫấậè"),
        (0xCE, "ẻẽéẹềểễếệìỉ"),
        (0xDC, "ĩíịò"),
        (0xE1, "ỏõóọồổỗốộờởỡớợù"),
        (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
        (0x3BC, "à"),  # the Greek letter that some software makes of 0xB5
    )
    for place, letter in enumerate(letters)
}
# VNI writes a vowel and then its marks as one more letter.
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_BREVE, _HAT = "\u0306", "\u0302"
_VNI_TONES = {"ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT}
_VNI_HATS = {
    **{"â": _HAT, "á": _HAT + _ACUTE, "à": _HAT + _GRAVE},
    **{"å": _HAT + _HOOK, "ã": _HAT + _TILDE, "ä": _HAT + _DOT},
}
_VNI_BREVES = {
    **{"ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE},
    **{"ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT},
}
_VNI_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
_VNI_ALONE |= {"î": "ỵ"}
_VNI_PAIR = re.compile(r"([aeiouyôö])([ùøûõïâáàåãäêéèúüë])|([ñôöíìæóòî])", re.IGNORECASE)

_WORD = re.compile(r"[A-Za-z\u00a1-\u024f\u0300-\u0323\u03bc\u1ea0-\u1ef9\uf0a1-\uf0ff]+")
_ASCII = re.compile(r"[A-Za-z]")
_BEYOND_LATIN1 = re.compile(r"[\u0102-\u01b0\u1ea0-\u1ef9]")
_FONT = re.compile(r"\s*(?:(\.?vn[a-z]|\.vn)|(vni[- ]))", re.IGNORECASE)
# Runs in such a font are put between marks by the reader; `settle` takes them out again.
_MARKS = {(TCVN3, False): "\ue000", (TCVN3, True): "\ue001", (VNI, False): "\ue002"}
_END = "\ue003"
_MARKED = re.compile(f"([\ue000-\ue002])([^\ue000-\ue003]*){_END}")
_NEIGHBOURS = re.compile(f"([\ue000-\ue002])([^\ue000-\ue003]*){_END}\\1")
_ANY_MARK = re.compile("[\ue000-\ue003]")

_FEW = 4  # words without which nothing is concluded
_SHARE = 0.7  # of the words with marks must be syllables after conversion
_BAD = 0.5  # of them must be none before


def marked(text: str, font: str) -> str:
    """A run of text with a note of its font, where that font's name means an old encoding."""
    text = _ANY_MARK.sub("", text)
    found = _FONT.match(font)
    if not found or not text:
        return text
    capital = bool(found[1]) and font.strip().upper().endswith("H")
    mark = _MARKS[(TCVN3, capital)] if found[1] else _MARKS[(VNI, False)]
    return f"{mark}{text}{_END}"


def settle(texts: Sequence[str]) -> tuple[list[str], str]:
    """``texts`` in Unicode and the encoding that was found in them ("" where none was).

    Texts that are Unicode already come back as they are, but for NFC.
    """
    now = [unicodedata.normalize("NFC", text) for text in texts]
    encoding = ""
    if any(_ANY_MARK.search(text) for text in now):
        now, encoding = _by_fonts([_joined(text) for text in now])
    whole = _encoding_of(now, _FEW)
    for place, text in enumerate(now):
        if text.isascii():
            continue
        found = whole if whole and _fits(text, whole) else _encoding_of([text], _FEW)
        if found:
            now[place], encoding = convert(text, found), found
    return now, encoding


def convert(text: str, encoding: str) -> str:
    """``text`` with its letters in Unicode (NFC), taken to be in ``encoding``."""
    return "\n".join(_line(line, encoding, _is_loud(line)) for line in text.split("\n"))


def _line(line: str, encoding: str, loud: bool) -> str:
    return _WORD.sub(lambda word: _converted(word[0], encoding, loud), line)


def readings(text: str) -> Iterable[str]:
    """A text as it stands and as each encoding would have it, for who must miss nothing."""
    plain = _ANY_MARK.sub("", text)
    yield plain
    if plain.isascii():
        return
    capital = _MARKS[(TCVN3, True)]

    def run(match: re.Match[str]) -> str:
        found = convert(match[2], TCVN3)
        return found.upper() if match[1] == capital else found

    yield (
        convert(_ANY_MARK.sub("", _MARKED.sub(run, text)), TCVN3)
        if plain != text
        else (convert(plain, TCVN3))
    )
    yield convert(plain, VNI)


def _is_loud(line: str) -> bool:
    """Whether a line is mostly in capitals, by its letters that every encoding has."""
    return sum("A" <= x <= "Z" for x in line) > sum("a" <= x <= "z" for x in line)


@lru_cache(maxsize=100_000)
def _converted(word: str, encoding: str, loud: bool = False) -> str:
    if word.isascii():
        return word
    # Word keeps fonts of its own character set in the private use area.
    word = "".join(chr(ord(x) - 0xF000) if "\uf000" <= x <= "\uf0ff" else x for x in word)
    if encoding == TCVN3:
        found = word.translate(TCVN3_TABLE)
        plain = [letter for letter in word if letter.isascii()]
        # Only fonts have capitals with tones: their text has small ones among plain capitals.
        # One capital alone ("Hồ", "HỘ") does as its line does.
        shouted = all(x.isupper() for x in plain) and (loud or len(plain) > 1)
        return found.upper() if shouted else found
    return unicodedata.normalize("NFC", _VNI_PAIR.sub(_vni_letter, word))


def _vni_letter(match: re.Match[str]) -> str:
    if match[3]:
        letter = _VNI_ALONE[match[3].lower()]
        return letter.upper() if match[3].isupper() else letter
    base, mark = match[1], match[2].lower()
    marks = _VNI_TONES.get(mark, "")
    if base in "iI" and marks not in (_ACUTE, _GRAVE):
        marks = ""  # the others have letters of their own
    if not marks and base.lower() in "aeo":
        marks = _VNI_HATS.get(mark, "")
    if not marks and base.lower() == "a":
        marks = _VNI_BREVES.get(mark, "")
    if not marks:
        return match[0]
    if base.lower() in _VNI_ALONE:  # ô and ö carry ơ and ư
        letter = _VNI_ALONE[base.lower()]
        base = letter.upper() if base.isupper() else letter
    return unicodedata.normalize("NFC", base + marks)


def _counts(texts: Iterable[str], most: int = 20_000) -> tuple[int, int, dict[str, int]]:
    """Words with letters outside ASCII: how many, how many are none, and after conversion."""
    total = bad = 0
    fixed = {TCVN3: 0, VNI: 0}
    for text in texts:
        if text.isascii():
            continue
        for match in _WORD.finditer(text):
            word = match[0]
            if word.isascii() or not _ASCII.search(word):
                continue  # a lone sign of a formula says nothing
            total += 1
            bad += not is_spelt(word)
            for encoding in fixed:
                fixed[encoding] += is_spelt(_converted(word, encoding))
        if total > most:
            break
    return total, bad, fixed


def _encoding_of(texts: Iterable[str], few: int) -> str:
    total, bad, fixed = _counts(texts)
    if bad < few or bad < _BAD * total:
        return ""
    best = max(fixed, key=lambda encoding: fixed[encoding])
    return best if fixed[best] >= _SHARE * total else ""


def _fits(text: str, encoding: str) -> bool:
    """Whether a text of a document in ``encoding`` may be in it too: no worse for it."""
    if _BEYOND_LATIN1.search(text):
        return False
    total, bad, fixed = _counts([text])
    return fixed[encoding] >= total - bad


def _by_fonts(texts: list[str]) -> tuple[list[str], str]:
    meant: dict[str, bool] = {}
    used = ""
    for encoding in (TCVN3, VNI):
        marks = [mark for (name, _), mark in _MARKS.items() if name == encoding]
        runs = [m[2] for text in texts for m in _MARKED.finditer(text) if m[1] in marks]
        total, bad, fixed = _counts(runs)
        beyond = sum(len(_BEYOND_LATIN1.findall(run)) for run in runs)
        holds = bad > 0 and beyond < bad and fixed[encoding] >= 0.7 * total
        meant.update(dict.fromkeys(marks, holds))
        used = encoding if holds else used

    def run(match: re.Match[str]) -> str:
        if not meant[match[1]] or _BEYOND_LATIN1.search(match[2]):
            return match[2]
        encoding = VNI if match[1] == _MARKS[(VNI, False)] else TCVN3
        text = convert(match[2], encoding)
        return text.upper() if match[1] == _MARKS[(TCVN3, True)] else text

    return [_ANY_MARK.sub("", _MARKED.sub(run, text)) for text in texts], used


def _joined(text: str) -> str:
    """Neighbouring runs of one font made one: programs cut words at any letter."""
    before = ""
    while before != text:
        before, text = text, _NEIGHBOURS.sub(r"\1\2", text)
    return text
