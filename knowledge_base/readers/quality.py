"""Whether what came out of a file is Vietnamese one can read."""

from __future__ import annotations

import re

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.syllables import is_spelt
from knowledge_base.vietnamese import fold

_WORD = re.compile(r"[^\W\d_]{2,}")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|ch|kh|ph|th|tr|qu|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
# Letters and signs that Vietnamese never has inside a word, but fonts of the 1990s (TCVN3, VNI)
# and UTF-8 read as something else are full of.
_STRANGE = re.compile(
    r"[A-Za-zÀ-ỹ][¡-´¶-¿÷×]|[¡-´¶-¿÷×][A-Za-zÀ-ỹ]|[åæçëîïñöøûüþÿßÆÇÐÖØÞ]|Ã[\u0080-¿]|á[º»]|Ä[\u0080-¿]"
    # What a program put for letters that its encoding did not have.
    r"|[A-Za-zÀ-ỹ]\?[A-Za-zÀ-ỹ]|\?\?[A-Za-zÀ-ỹ]"
    # Glyphs that a font numbered for itself, with no word about which letters they are.
    r"|[A-Za-zÀ-ỹ][\ue000-\uf8ff\ufffd]|[\ue000-\uf8ff\ufffd][A-Za-zÀ-ỹ]"
)
_OWN = re.compile(r"[\ue000-\uf8ff]")  # what each font may use as it likes
_FEW = 20  # words; fewer say nothing about a language
_SYLLABLES = 0.6
_STRANGE_SHARE = 0.10


def check(text: str) -> None:
    """Raise `Unreadable` where a text is empty, garbled or not Vietnamese."""
    if not text.strip():
        raise Unreadable("tệp không có chữ nào", QuarantineReason.EMPTY)
    if "\ufffd" in text and text.count("\ufffd") > len(text) / 200:
        raise Unreadable(_GARBLED, QuarantineReason.LEGACY_ENCODING_UNREADABLE)
    sample = text[:200_000]
    if len(_OWN.findall(sample)) > len(sample) / 20:
        raise Unreadable(_GARBLED, QuarantineReason.LEGACY_ENCODING_UNREADABLE)
    chunks = sample.split()
    strange = sum(bool(_STRANGE.search(chunk)) for chunk in chunks)
    if len(chunks) >= _FEW and strange > _STRANGE_SHARE * len(chunks):
        raise Unreadable(_GARBLED, QuarantineReason.LEGACY_ENCODING_UNREADABLE)
    accented = [word for word in _WORD.findall(sample) if not word.isascii()]
    if len(accented) >= _FEW and sum(map(is_spelt, accented)) < _SYLLABLES * len(accented):
        raise Unreadable(_GARBLED, QuarantineReason.LEGACY_ENCODING_UNREADABLE)
    # Names and abbreviations in capitals (UBND, HTTPS) are neither here nor there.
    words = [word for word in _WORD.findall(sample) if not word.isupper()]
    good = sum(bool(_SYLLABLE.fullmatch(fold(word))) for word in words)
    if len(words) >= _FEW and good < _SYLLABLES * len(words):
        raise Unreadable(
            f"chỉ {good * 100 // len(words)}% số từ là tiếng Việt: tệp bằng tiếng khác "
            "hoặc bị lỗi bảng mã",
            QuarantineReason.NOT_VIETNAMESE,
        )


_GARBLED = (
    "chữ bị lỗi bảng mã (có thể là phông TCVN3, VNI hoặc UTF-8 mở sai): "
    "hãy chuyển sang Unicode (UTF-8) rồi nạp lại"
)
