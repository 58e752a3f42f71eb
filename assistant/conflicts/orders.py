"""What comes before or after what, and what is in force without an end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.conflicts.norms import Norm
from assistant.conflicts.terms import terms_of
from assistant.conflicts.verdicts import ConflictKind, Difference

_WHEN = re.compile(
    r"\b(?P<side>trước|sau)\s+(?:khi\s+|lúc\s+)?(?P<event>[^,;.]{6,90})", re.IGNORECASE
)
_CUT = re.compile(r"\s(?:và|hoặc)\s+(?:trước|sau)\s.*$|\s+nhưng\s.*$")
_NEXT = 3  # telling terms of an event that say which it is


def orders(a: Norm, b: Norm, alike: float) -> Iterator[Difference]:
    """Where the one wants something before what the other wants it after."""
    for one in _WHEN.finditer(a.text):
        for other in _WHEN.finditer(b.text):
            if one["side"].lower() == other["side"].lower():
                continue
            here, there = _event(one["event"]), _event(other["event"])
            shared = here & there
            if len(shared) >= 2 and len(shared) >= 0.6 * min(len(here), len(there)):
                yield Difference(
                    ConflictKind.MANNER, one.span(), other.span(), one["side"], other["side"],
                    round(0.35 + 0.55 * alike, 2),
                )  # fmt: skip
                return


def _event(text: str) -> set[tuple[str, ...]]:
    text = _CUT.sub("", text)
    said = [t.said for t in terms_of(text) if t.weight >= 0.5]
    return set(said[: _NEXT + 1])
