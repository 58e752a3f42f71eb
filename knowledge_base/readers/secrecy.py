"""Papers stamped Mật, Tối mật, Tuyệt mật are refused: they do not belong on this machine."""

from __future__ import annotations

import re
import unicodedata

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.legacy import readings

# A stamp stands alone, in capitals, on its line or in its column; the word in a sentence is none.
_EDGE = r"(?:^|\t|\s{2,}|\||\[|\()\s*"
_CLOSE = r"\s*(?:$|\t|\s{2,}|\||\]|\))"
_STAMP = re.compile(
    rf"{_EDGE}(?:TUYỆT\s+M\s?Ậ\s?T|TỐI\s+M\s?Ậ\s?T|M\s?Ậ\s?T|TUYET MAT|TOI MAT){_CLOSE}",
    re.MULTILINE,
)
_FIELD = re.compile(
    r"^\W*(?:độ|mức độ|dấu độ) mật\s*:\s*(?:tuyệt mật|tối mật|mật)\W*$",
    re.MULTILINE | re.IGNORECASE,
)
_HEAD = 3000  # characters: the first page


def refuse_secret(text: str) -> None:
    """Raise `Unreadable` where the head of a text carries a secrecy stamp.

    The text may still be in an encoding from before Unicode.
    """
    for reading in readings(text[: 2 * _HEAD]):
        head = unicodedata.normalize("NFC", reading)[:_HEAD]
        if _STAMP.search(head) or _FIELD.search(head):
            raise Unreadable(
                "văn bản đóng dấu độ mật (Mật, Tối mật hoặc Tuyệt mật): không được nạp vào hệ "
                "thống này",
                QuarantineReason.SECRET,
            )
