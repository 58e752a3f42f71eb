"""Whether a word is a Vietnamese syllable by the rules of spelling, tones and all."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ONSET = r"(?:ngh|ng|nh|gh|gi|ch|kh|ph|th|tr|qu|[bcdđghklmnprstvx])?"
_NUCLEUS = (
    r"(?:iêu|yêu|oai|oao|oay|oeo|uao|uây|uôi|uya|uyê|uyu|ươi|ươu|uêu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê"
    r"|iu|oa|oă|oe|oi|ôi|ơi|oo|ua|uâ|ue|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy])"
)
_CODA = r"(ch|ng|nh|[cmnpt])?"
_SHAPE = re.compile(_ONSET + _NUCLEUS + _CODA)
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LETTERS = re.compile(r"[a-zđăâêôơư]+")


@lru_cache(maxsize=200_000)
def is_syllable(word: str) -> bool:
    """Whether ``word`` is spelt as a Vietnamese syllable; case counts only inside it.

    >>> is_syllable("quyền"), is_syllable("quyÒn"), is_syllable("hoäi")
    (True, False, False)
    """
    if not (word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())):
        return False
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [letter for letter in apart if letter in _TONES]
    if len(tones) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(x for x in apart if x not in _TONES))
    shape = _SHAPE.fullmatch(plain)
    if shape is None or not _LETTERS.fullmatch(plain):
        return False
    # A syllable that ends in a stop has the sharp or the heavy tone.
    return shape[1] not in ("c", "ch", "p", "t") or (bool(tones) and tones[0] in "\u0301\u0323")
