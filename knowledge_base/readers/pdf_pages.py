"""Where the pages of a PDF begin in its text, and which of them said nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from knowledge_base.vietnamese import clean

_TELLING = 12  # characters of a line that can be found again
_KEY = 40
_LINES = 12  # of a page that are tried; running heads are no longer in the text
_AHEAD = 400  # characters that what was left out of a page may have beside its own


def of_pages(text: str, pages: Sequence[str]) -> dict[str, str]:
    """``pages`` (how many), ``page_starts`` (offsets in ``text``, one a page, in order) and
    ``unread`` (numbers of pages without a letter): as a reading's ``meta``.

    A page is found by its first lines that stand in the text; one that is not found begins
    where the page before it does.
    """
    places = [n for n, letter in enumerate(text) if not letter.isspace()]
    packed = "".join(text[n] for n in places)
    at, ahead, starts = 0, _AHEAD, list[int]()
    for page in pages:
        own = len("".join(page.split()))
        found = _place(packed, at, at + ahead, page) if starts else 0
        if found < 0:
            starts.append(starts[-1])
            ahead += own
        else:
            starts.append(places[found] if found < len(places) else len(text))
            at, ahead = found + own // 2, own - own // 2 + _AHEAD
    unread = [n for n, page in enumerate(pages, 1) if not any(map(str.isalnum, page))]
    meta = {"pages": str(len(pages)), "page_starts": " ".join(map(str, starts))}
    return {**meta, "unread": " ".join(map(str, unread))} if unread else meta


def _place(packed: str, first: int, last: int, page: str) -> int:
    """Where a page begins in text without spaces, from ``first`` to ``last``; -1: not known."""
    for line in page.split("\n")[:_LINES]:
        key = "".join(clean(line).split())[:_KEY]
        found = packed.find(key, first, last + _KEY) if len(key) >= _TELLING else -1
        if found >= 0:
            return found
    return -1


def page_at(meta: Mapping[str, str], offset: int) -> int:
    """The number of the page that ``offset`` is on; 0 where the file has none."""
    starts = [int(each) for each in meta.get("page_starts", "").split()]
    return bisect_right(starts, offset) if starts else 0
