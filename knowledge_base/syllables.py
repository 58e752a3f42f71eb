"""What can be a Vietnamese syllable: onset, rime, tone, and where the tone mark stands.

Rules of the spelling, not a word list: "nghiêng" can be one, "ngiêng" and "test" cannot.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

#: Combining marks of the five written tones: huyền, sắc, ngã, hỏi, nặng.
TONES = "\u0300\u0301\u0303\u0309\u0323"
_STOPPED = frozenset("\u0301\u0323")  # the tones of syllables that end in c, ch, p, t

_ONSETS = frozenset(
    """
    b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x
    """.split()  # noqa: SIM905
) | {""}
_RIMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu yêm yên yêng yêt yêu y
    o oc oi om on ong oong ooc op ot oa oac oach oai oam oan oang oanh oao oap oat oay
    oăc oăm oăn oăng oăt oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung up ut uân uâng uât uây uê uêch uên uênh uơ
    uy uya uych uyên uyêt uyn uynh uyp uyt uyu uôc uôi uôm uôn uông uôt
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    """.split()  # noqa: SIM905
)
#: After "qu" the rimes in u- lose their u: "quân", "quyết".
_AFTER_QU = frozenset(
    """
    a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây e en eo et ê ên ênh êt êu
    i ich it y yên yêt ynh yt ych ơ ô ôc
    """.split()  # noqa: SIM905
)
#: What bare rimes may stand for that are none by themselves: "ieu", "uong".
_SHAPED = (
    ("ie", "iê"), ("ye", "yê"), ("uo", "uô"), ("uo", "ươ"), ("uu", "ưu"), ("ua", "uâ"),
    ("ua", "uă"), ("uay", "uây"), ("uou", "ươu"), ("uye", "uyê"), ("u", "ư"), ("a", "â"),
    ("e", "ê"), ("o", "ơ"),
)  # fmt: skip
_FRONT = tuple("ieêy")  # k, gh, ngh stand before these; c, g, ng before the others
_VOWELS = frozenset("aăâeêioôơuưy")


@lru_cache(maxsize=100_000)
def apart(syllable: str) -> tuple[str, str]:
    """Lower-case letters without the tone, and the tone ("" or one mark; more: the last).

    >>> apart("Đường") == ("đương", "\\u0300")
    True
    """
    letters: list[str] = []
    tone = ""
    for letter in unicodedata.normalize("NFD", syllable.lower()):
        if letter in TONES:
            tone = letter
        else:
            letters.append(letter)
    return unicodedata.normalize("NFC", "".join(letters)), tone


@lru_cache(maxsize=100_000)
def is_syllable(word: str) -> bool:
    """Whether a lower-case NFC word can be a syllable, wherever its tone mark stands.

    Without any diacritics it may be one that lacks them: "cap", "duoc".
    """
    if not 0 < len(word) <= 8 or _tone_count(word) > 1:
        return False
    if word.isascii():
        return any(can_be(letters, "\u0323") for letters in _shapes(word))
    return can_be(*apart(word))


@lru_cache(maxsize=200_000)
def is_spelt(word: str) -> bool:
    """Whether a word is a syllable as it stands, tone and all; case counts only inside it.

    >>> is_spelt("Quyền"), is_spelt("quyÒn"), is_spelt("hoäi"), is_spelt("duoc")
    (True, False, False, False)
    """
    lower = word.lower()
    if not (word == lower or word.isupper() or (word[:1].isupper() and word[1:].islower())):
        return False
    return 0 < len(lower) <= 8 and _tone_count(lower) <= 1 and can_be(*apart(lower))


def _shapes(bare: str) -> Iterator[str]:
    """The letters as they are and with the hats and horns that rimes have."""
    yield bare
    for plain, shaped in _SHAPED:
        if plain in bare:
            head, _, tail = bare.rpartition(plain)
            yield head + shaped + tail


def _tone_count(word: str) -> int:
    return sum(letter in TONES for letter in unicodedata.normalize("NFD", word))


@lru_cache(maxsize=100_000)
def can_be(letters: str, tone: str) -> bool:
    """Whether toneless letters and a tone make a syllable."""
    if letters.endswith(("c", "ch", "p", "t")) and tone not in _STOPPED:
        return False
    for size in (3, 2, 1, 0):
        onset, rime = letters[:size], letters[size:]
        if onset in _ONSETS and _fits(onset, rime):
            return True
    return letters == "gi"


def _fits(onset: str, rime: str) -> bool:
    if not rime:
        return False
    if onset == "qu":
        return rime in _AFTER_QU
    if onset == "gi":  # "giếng" is gi + êng, and i-rimes share the i: "gìn"
        return rime in _RIMES or "i" + rime in _RIMES or rime in ("ên", "êt", "êm", "êc")
    if onset in ("k", "gh", "ngh") and not rime.startswith(_FRONT):
        return False
    if onset in ("c", "g", "ng") and rime.startswith(_FRONT) and (onset, rime) != ("g", "in"):
        return False
    if rime.startswith("yê") and onset:
        return False
    return rime in _RIMES


def compose(letters: str, tone: str) -> str:
    """The syllable with its tone mark where schoolbooks put it ("hóa", "quý", "người")."""
    if not tone:
        return letters
    at = _tone_seat(letters)
    return unicodedata.normalize("NFC", letters[: at + 1] + tone + letters[at + 1 :])


def _tone_seat(letters: str) -> int:
    first = 0
    if letters.startswith("qu") or (
        letters.startswith("gi") and len(letters) > 2 and letters[2] in _VOWELS
    ):
        first = 2
    vowels = [at for at in range(first, len(letters)) if letters[at] in _VOWELS]
    if not vowels:
        return max(0, len(letters) - 1)
    shaped = [at for at in vowels if letters[at] in "ăâêôơư"]
    if shaped:
        return shaped[-1]  # "ươ": the second
    closed = vowels[-1] < len(letters) - 1
    if len(vowels) == 1:
        return vowels[0]
    if len(vowels) == 2:
        return vowels[1] if closed else vowels[0]
    return vowels[1]


def well_placed(word: str) -> bool:
    """Whether the tone mark of a syllable stands where someone would put it: both "hòa", "hoà"."""
    letters, tone = apart(word)
    if not tone or word == compose(letters, tone):
        return True
    if not letters.endswith(("oa", "oe", "uy")):
        return False
    later = letters[:-1] + unicodedata.normalize("NFC", letters[-1] + tone)
    return word == later
