"""What comes before or after what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.conflicts.norms import Norm, said_of
from assistant.conflicts.verdicts import ConflictKind, Difference
from assistant.conflicts.words import words

_WHEN = re.compile(
    r"\b(?P<side>trước|sau)\s+(?:khi\s+|lúc\s+)?(?P<event>[^,;.]{6,90})", re.IGNORECASE
)
_CUT = re.compile(r"\s(?:và|hoặc)\s+(?:trước|sau)\s.*$|\s+nhưng\s.*$")


def orders(a: Norm, b: Norm, alike: float) -> Iterator[Difference]:
    """Where the one wants something before what the other wants it after."""
    for one in _WHEN.finditer(a.text):
        for other in _WHEN.finditer(b.text):
            here, there = _event(one["event"]), _event(other["event"])
            if one["side"].lower() != other["side"].lower():
                against = _same(here, there)
            else:  # "làm A trước khi làm B" and "làm B trước khi làm A"
                first, second = _event(a.text[: one.start()]), _event(b.text[: other.start()])
                swapped = _same(here, second) and _same(there, first)
                against = swapped and not _same(here, there)
            if against:
                yield Difference(
                    ConflictKind.MANNER, one.span(), other.span(), one[0].strip(), other[0].strip(),
                    round(0.35 + 0.55 * alike, 2),
                )  # fmt: skip
                return


def _event(text: str) -> set[str]:
    light = words().light
    said = [word for word, _ in said_of(_CUT.sub("", text)) if word not in light]
    return set(said)


def _same(one: set[str], other: set[str]) -> bool:
    """Whether two events are one: most of what the shorter says the longer says, too."""
    shared = len(one & other)
    return shared >= 2 and shared >= 0.6 * min(len(one), len(other))
