"""Papers stamped Mật, Tối mật, Tuyệt mật are refused: they do not belong on this machine."""

from __future__ import annotations

import re
import unicodedata

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.legacy import readings

_STAMP = re.compile(r"TUYỆT\s+M\s?Ậ\s?T|TỐI\s+M\s?Ậ\s?T|M\s?Ậ\s?T|TUYET MAT|TOI MAT")
_FIELD = re.compile(
    r"^\W*(?:độ|mức độ|dấu độ) mật\s*:\s*(?:tuyệt mật|tối mật|mật)\W*$", re.IGNORECASE
)
_HEAD = 3000  # characters: the first page


def refuse_secret(text: str) -> None:
    """Raise `Unreadable` where the head of a text carries a secrecy stamp.

    The text may still be in an encoding from before Unicode.
    """
    for reading in readings(text[: 2 * _HEAD]):
        head = unicodedata.normalize("NFC", reading)[:_HEAD]
        stamped = any(_stands_alone(head, found) for found in _STAMP.finditer(head))
        if stamped or any(map(_FIELD.match, head.splitlines())):
            raise Unreadable(
                "văn bản đóng dấu độ mật (Mật, Tối mật hoặc Tuyệt mật): không được nạp vào hệ "
                "thống này",
                QuarantineReason.SECRET,
            )


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    """A stamp is alone on its line, in its column or in brackets; a word in a sentence is not.

    Looked at from the word outwards: a pattern for the blanks before it takes minutes
    on a page of blanks.
    """
    before, after = text[: found.start()], text[found.end() :]
    left, right = before.rstrip(), after.lstrip()
    return _is_edge(before[len(left) :], left[-1:], "|[(") and _is_edge(
        after[: len(after) - len(right)], right[:1], "|])"
    )


def _is_edge(blanks: str, neighbour: str, brackets: str) -> bool:
    wide = len(blanks) > 1 or "\n" in blanks or "\t" in blanks
    return wide or not neighbour or neighbour in brackets
