"""English questions: which are, mistyped words put right, and what their words are called here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from assistant.tables import phrases, table
from knowledge_base.syllables import is_syllable
from knowledge_base.typed.words import is_loanword
from knowledge_base.vietnamese import tokens

#: Fewer English words than this may be names in a Vietnamese question ("form", "passport").
_ENGLISH_WORDS = 2
_MOSTLY, _LITTLE_WORDS = 0.8, 2
_SHORTEST, _LONG = 4, 7  # letters of a word that is put right, and of one with two slips
#: What are no Vietnamese syllables typed without diacritics, or hardly ever stand alone as one.
_LITTLE = frozenset(
    ["i", "it", "my", "the", "is", "are", "a", "and", "for", "of", "to", "you", "me", "we", "our",
     "with", "your", "what", "how", "can", "do"]
)  # fmt: skip
_WITH_A_STATE = {
    "passport": "hộ chiếu", "visa": "thị thực", "citizenship": "quốc tịch",
    "nationality": "quốc tịch", "driving licence": "giấy phép lái xe",
    "driving license": "giấy phép lái xe", "driver license": "giấy phép lái xe",
    "licence": "giấy phép lái xe", "license": "giấy phép lái xe", "embassy": "đại sứ quán",
    "husband": "chồng người", "wife": "vợ người", "citizen": "người", "man": "người",
    "woman": "người", "father": "bố người", "dad": "bố người", "mother": "mẹ người",
}  # fmt: skip


def is_english(spoken: Sequence[str]) -> bool:
    """Whether the question is in English rather than Vietnamese without diacritics."""
    known = {str(word) for word in table("words")["english"]}
    hits = sum(word in known for word in spoken)
    accented = sum(not word.isascii() for word in spoken)  # "fiancée", "café"
    if accented > len(spoken) // 10:
        return False
    if hits >= _ENGLISH_WORDS and hits * 4 >= len(spoken):
        return True
    foreign = sum(_is_foreign(word) for word in set(spoken))
    little = sum(word in _LITTLE for word in set(spoken))
    if not (foreign >= _ENGLISH_WORDS or (little >= _LITTLE_WORDS and (foreign or "i" in spoken))):
        return False
    return sum(word in _vocabulary() for word in spoken) >= _MOSTLY * len(spoken)


def is_mixed(spoken: Sequence[str]) -> bool:
    """Whether English words stand between Vietnamese ones with their diacritics."""
    foreign = sum(_is_foreign(word) for word in set(spoken))
    return not is_english(spoken) and foreign >= _ENGLISH_WORDS


def _is_foreign(word: str) -> bool:
    """Whether it is a known English word that nobody uses in Vietnamese."""
    return word in _vocabulary() and not is_syllable(word) and not is_loanword(word)


def corrected(spoken: Sequence[str]) -> list[str]:
    """``spoken`` with words one slip (long ones two) away from a known word put right.

    >>> corrected(["how", "mutch", "is", "a", "pasport"])
    ['how', 'much', 'is', 'a', 'passport']
    """
    return [_corrected(word) for word in spoken]


def in_vietnamese(spoken: Sequence[str]) -> str:
    """An English question with the words the table knows in Vietnamese, the longest first.

    Words that hold the sentence together or tell the story around it are left out; what is not
    known stays.

    >>> in_vietnamese(["where", "to", "renew", "a", "driving", "licence"])
    'where cấp đổi giấy phép lái xe'
    """
    terms, aside = _terms(), _aside()
    longest = max(map(len, terms))
    said: list[str] = []
    at = 0
    while at < len(spoken):
        for size in range(min(longest, len(spoken) - at), 0, -1):
            known = terms.get(tuple(spoken[at : at + size]))
            if known:
                said.append(known)
            elif size == 1 and spoken[at] not in aside:
                said.append(spoken[at])
            if known or size == 1:
                at += size
                break
    return " ".join(said)


@cache
def _terms() -> dict[tuple[str, ...], str]:
    found = dict(_of_states())
    found |= {tuple(tokens(str(k))): str(v) for k, v in table("english")["terms"].items()}
    return found


def _of_states() -> Iterator[tuple[tuple[str, ...], str]]:
    """ "Australian", "Australian passport", "Australia" and so on."""
    for here, names in table("english")["states"].items():
        for name in map(str, names):
            said = tuple(tokens(name))
            yield said, f"người {here}"
            for having in ("with a", "have a", "hold a", "holding a", "holder of a", "on a"):
                yield (*having.split(), *said, "passport"), f"người {here}"
            for thing, word in _WITH_A_STATE.items():
                yield (*said, *thing.split()), f"{word} {here}"
    for here, names in table("english")["countries"].items():
        for name in map(str, names):
            yield tuple(tokens(name)), str(here)


@cache
def _aside() -> frozenset[str]:
    return frozenset(str(word) for row in ("aside", "little") for word in table("english")[row])


@cache
def _vocabulary() -> frozenset[str]:
    """English words that mean something here: of the tables, and ASCII ones of phrases."""
    found = {word for key in _terms() for word in key}
    found |= {str(word) for word in table("words")["english"]} | _aside() | _LITTLE
    for name, row in [("words", "function"), *(("slots", slot) for slot in table("slots"))]:
        for phrase in phrases(name, row):
            if all(word.isascii() for word in phrase.syllables):
                found |= {w for w in phrase.syllables if len(w) > 3 or not is_syllable(w)}
    return frozenset(word for word in found if word.isascii() and word.isalpha())


@cache
def _corrected(word: str) -> str:
    known = _vocabulary()
    if len(word) < _SHORTEST or word in known or not (word.isascii() and word.isalpha()):
        return word
    if is_syllable(word):
        return word
    most = 2 if len(word) >= _LONG else 1
    near = sorted(
        (slips, other)
        for other in known
        if len(other) >= _SHORTEST and abs(len(other) - len(word)) <= most
        if (slips := _slips(word, other, most)) <= most
    )
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return word
    return near[0][1]


def _slips(one: str, other: str, most: int) -> int:
    """Letters to change, add, leave out or swap with a neighbour; ``most`` + 1 where more."""
    if one[0] != other[0]:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row, older = row, [i], before
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before = last
    return row[-1]
