"""Which notes of a card belong to an answer although nobody asked for notes.

What a note says of a day counts where it changes the answer: since when something
is as the card has it, where the question is about a day before, and what holds
only until a day, where that is still to come.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.amounts import dates
from assistant.vocabulary import Understanding
from knowledge_base.vietnamese import tokens

#: Words of notes that are about what is asked.
_ABOUT = {
    "fees": frozenset(("phí", "tiền", "miễn", "giảm")),
    "times": frozenset(("ngày", "giờ", "tháng")),
    "where": frozenset(("nộp", "cơ", "quan")),
    "authority": frozenset(("cơ", "quan", "giao")),
    "dossier": frozenset(("giấy", "hồ", "mẫu")),
}
_PERIOD = re.compile(r"(?i)\b(?:từ|đến|hết)\b")
_HOW_MUCH = ({"bao", "nhiêu"}, {"mấy"}, {"mức"})


def tells(note: str, slots: Sequence[str], said: Understanding, on: date) -> bool:
    """Whether a note belongs to an answer about ``slots`` on a day."""
    words = set(tokens(note))
    if "result" in slots and any(asked <= set(said.syllables) for asked in _HOW_MUCH):
        return any(word[0].isdigit() for word in words) and "hưởng" in words
    days = [day for day, _, _ in dates(note)]
    if not days or not _PERIOD.search(note):
        return False
    if not any(_ABOUT.get(slot, frozenset()) & words for slot in slots):
        return False
    began_later = on < min(days)
    still_runs = len(days) > 1 and min(days) <= on <= max(days)
    return began_later or still_runs
