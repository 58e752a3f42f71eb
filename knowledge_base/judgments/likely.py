"""Whether a run of capitals looks like the name of a person, a place or an ordinary word."""

from __future__ import annotations

import re
from functools import cache

from knowledge_base.judgments.spelled import Run, Spelled
from knowledge_base.judgments.wordlist import words

_INITIALS = re.compile(r"(?:[A-ZĐ]\.)+[A-ZĐ]?\d?|[A-ZĐƯƠÂÊÔ]\d{0,2}")
_SEEN = 4.0  # a pair of syllables seen as often may be a word of its own
_SHARE = 0.01  # … and with this share of all that follows the first, it is one


_ACRONYM = re.compile(r"[A-ZĐ]{2,}\d*")


def is_acronym(text: str) -> bool:
    """ "QNCN", "UBND": capitals without a vowel between consonants are no syllable."""
    from knowledge_base.syllables import is_syllable

    return _ACRONYM.fullmatch(text) is not None and not is_syllable(text.lower())


@cache
def places() -> frozenset[str]:
    """Provinces and districts, as they are and were, lower case."""
    from knowledge_base.old_addresses import former_units
    from knowledge_base.place_table import provinces

    named: set[str] = set()
    for row in provinces():
        named |= {row.name.lower(), *(name.lower() for name in row.merged_from)}
    for unit in former_units():
        named.add(re.sub(r"^(?:quận|huyện|thị xã|thành phố)\s+", "", unit.district.lower()))
    return frozenset(named - {""})


def is_word(left: str, right: str, *, strongly: bool = False) -> bool:
    """Whether two syllables side by side are commonly so: "thu giữ", not "thu dắt"."""
    from knowledge_base.typed.table import table

    seen = table().pair_count(left, right)
    if strongly:
        return seen >= _SEEN and seen >= _SHARE * table().count(left)
    return seen >= _SEEN and (right not in words().does or seen >= _SHARE * table().count(left))


def is_initials(text: str) -> bool:
    """ "T", "H1", "N.T.K"."""
    return _INITIALS.fullmatch(text) is not None


def follows_place_word(spelled: Spelled, run: Run) -> bool:
    """ "đường Lê Lợi", "tỉnh Thái Bình", "màu Xanh"."""
    if run.first == 0:
        return False
    listed = words().place_leads
    gap = spelled.between(run.first - 1, run.first)
    before = spelled.words[run.first - 1].low
    if gap.strip() not in ("", "-", "–", "/", "."):
        return False
    if gap.strip() == ".":  # "TP. Huế", not the end of a sentence
        return before in ("tp", "q", "p", "h", "t", "tx", "tt", "x")
    two = f"{spelled.words[run.first - 2].low} {before}" if run.first > 1 else before
    return before in listed or two in listed or (f"{before}." in listed and gap.startswith("."))


def is_place(spelled: Spelled, run: Run) -> bool:
    """A place by the word before it or by its own name."""
    low = " ".join(word.low for word in spelled.words[run.first : run.last + 1])
    return follows_place_word(spelled, run) or low in places()


def is_ordinary(spelled: Spelled, run: Run, *, strongly: bool = False) -> bool:
    """A word of the language or of the court that only bears a capital."""
    listed = words()
    lows = [word.low for word in spelled.words[run.first : run.last + 1]]
    following = _after(spelled, run)
    pair = f"{lows[0]} {lows[1] if len(lows) > 1 else following}"
    if pair in listed.not_names or all(low in listed.brands for low in lows):
        return True
    return len(lows) == 1 and bool(following) and is_word(lows[0], following, strongly=strongly)


def _after(spelled: Spelled, run: Run) -> str:
    """The next word where only a space is between, else ""."""
    if run.last + 1 >= len(spelled.words):
        return ""
    following = spelled.words[run.last + 1]
    joined = re.fullmatch(r"[  ]{1,2}", spelled.between(run.last, run.last + 1))
    return following.low if joined and not following.capital else ""


def is_full_name(spelled: Spelled, run: Run) -> bool:
    """A surname with what follows it, without any word before to say so."""
    listed = words()
    lows = [word.low for word in spelled.words[run.first : run.last + 1]]
    texts = [word.text for word in spelled.words[run.first : run.last + 1]]
    if re.match(r"[hk]['’]", lows[0]) and len(lows) <= 4:
        return True
    if not 2 <= len(lows) <= 7:
        return False
    if 3 <= len(lows) <= 5 and lows[1] in listed.between and not is_place(spelled, run):
        return lows[0] not in listed.stop
    if lows[0] not in listed.surnames:
        return False
    if is_place(spelled, run) or f"{lows[0]} {lows[1]}" in listed.not_names:
        return False
    last = lows[-1] in listed.given or is_initials(texts[-1])
    if lows[0] in words().of_peoples and not is_word(lows[0], lows[1]):
        return True
    if lows[0] in words().sure:
        return last or lows[1] in words().middle or len(lows) >= 3 or lows[0] in ("y", "h")
    return last and len(lows) >= 3 and (lows[1] in words().middle or lows[1] in listed.given)


def is_given(spelled: Spelled, run: Run) -> bool:
    """One or two syllables that names are made of, or initials."""
    listed = words()
    pieces = spelled.words[run.first : run.last + 1]
    if len(pieces) == 1 and pieces[0].low in ("anh", "nam", "bình") and len(pieces[0].text) > 1:
        return not spelled.opens_sentence(run.first)
    return len(pieces) <= 3 and all(p.low in listed.given or is_initials(p.text) for p in pieces)
