"""Names on lines that are all capitals, and on lines typed without diacritics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from knowledge_base.judgments.likely import is_initials, is_word, places
from knowledge_base.judgments.short_forms import forms_of
from knowledge_base.judgments.spelled import Spelled
from knowledge_base.judgments.wordlist import words

if TYPE_CHECKING:
    from knowledge_base.judgments.people import Mention

_LONGEST = 5
_IN_HEADER = re.compile(
    r"(?:NHÂN|NHÂN DANH|HẠNH|BẢN|HÒA|HOÀ|CỘNG|TỰ|ĐỘC|NƯỚC|HÌNH|DÂN|TÒA|TOÀ|ÁN)$"
)
_STOPS = frozenset(
    [
        "và",
        "khai",
        "bị",
        "có",
        "không",
        "đã",
        "là",
        "do",
        "tại",
        "theo",
        "về",
        "cùng",
        "với",
        "trong",
        "cho",
        "được",
        "đang",
        "sẽ",
    ]
)
_TITLES = ("ông", "bà", "anh", "chị", "cáo", "cụ", "cháu", "hại", "đơn", "sư", "can", "em")


def shouted(spelled: Spelled, known: Sequence[str]) -> Iterator[Mention]:
    """Names among capitals: a surname and what names are made of; known ones by any form."""
    from knowledge_base.judgments.people import Mention

    shorts = set(known) | {form for name in known for form in forms_of(name)}
    found: set[str] = set()
    at = 0
    every = spelled.words
    spans: list[tuple[int, int]] = []
    while at < len(every):
        size = _full(spelled, at) if every[at].shouted else 0
        if size:
            spans.append((at, at + size))
            found.add(" ".join(word.low for word in every[at : at + size]))
            at += size
        else:
            at += 1
    shorts |= found | {form for name in found for form in forms_of(name)}
    taken = {n for first, last in spans for n in range(first, last)}
    for at, word in enumerate(every):
        if not word.shouted or at in taken:
            continue
        titled = (
            at > 0
            and every[at - 1].low in _TITLES
            and not spelled.between(at - 1, at).strip(" :\n")
        )
        if titled and (word.low in words().given or word.low in shorts or is_initials(word.text)):
            spans.append((at, at + 1))
        elif _IN_HEADER.search(spelled.before(at, 12) + word.text):
            continue
        elif word.low in shorts and len(word.low) > 1 and not _in_word(spelled, at):
            spans.append((at, at + 1))
    for first, last in spans:
        low = " ".join(word.low for word in every[first:last])
        yield Mention(every[first].start, every[last - 1].end, low)


def _full(spelled: Spelled, at: int) -> int:
    """How many words from here on are a whole name; 0 for none."""
    listed, every = words(), spelled.words
    if every[at].low not in listed.surnames or every[at].low in _TITLES:
        return 0
    size = 1
    while (
        size < _LONGEST
        and at + size < len(every)
        and every[at + size].shouted
        and not re.sub(r"[  ]", "", spelled.between(at + size - 1, at + size))
        and every[at + size].low not in _STOPS
        and (
            every[at + size].low in listed.given
            or (size == 1 and every[at].low in listed.sure and every[at + 1].low in listed.sure)
            or (size == 2 and every[at + 1].low in listed.between)
            or (size == 1 and every[at].low in ("y", "siu", "h"))
            or (size >= 2 and _ends_here(spelled, at + size))
        )
    ):
        size += 1
    lows = [word.low for word in every[at : at + size]]
    if size == _LONGEST or size < 2 or " ".join(lows[:2]) in listed.not_names:
        return 0 if size < 2 or " ".join(lows[:2]) in listed.not_names else size
    for length in range(size, 1, -1):
        if " ".join(lows[:length]) in places():
            return 0
    before = every[at - 1].low if at else ""
    if before in listed.place_leads or before in ("tỉnh", "phố", "huyện"):
        return 0
    if size == 2 and is_word(lows[0], lows[1]) and before not in _TITLES:
        return 0
    pairs = pairwise(lows)
    if before not in _TITLES and any(
        is_word(a, b, strongly=True) for n, (a, b) in enumerate(pairs) if n or a not in listed.sure
    ):
        return 0
    if (
        before
        and not spelled.between(at - 1, at).strip()
        and is_word(before, lows[0], strongly=True)
    ):
        return 0
    # The last syllable may open a word of the court: "VÕ THỊ HẠNH | ĐỒNG PHẠM".
    if size > 2 and at + size < len(every) and every[at + size].shouted:
        gap = spelled.between(at + size - 1, at + size)
        if not gap.strip() and is_word(lows[-1], every[at + size].low) and size > 3:
            size -= 1
    return size


def _ends_here(spelled: Spelled, at: int) -> bool:
    """Whether something other than a space stands after a word."""
    if at + 1 >= len(spelled.words):
        return True
    return bool(re.search(r"[^ \u00a0]", spelled.between(at, at + 1)))


def _in_word(spelled: Spelled, at: int) -> bool:
    """Whether a capital syllable belongs to the word beside it."""
    every = spelled.words
    if (
        at + 1 < len(every)
        and not spelled.between(at, at + 1).strip(" ")
        and is_word(every[at].low, every[at + 1].low)
    ):
        return True
    return (
        at > 0
        and not spelled.between(at - 1, at).strip(" ")
        and is_word(every[at - 1].low, every[at].low)
    )
