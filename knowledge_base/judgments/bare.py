"""Names on lines that somebody typed without diacritics: "Ong Tran Van Dung vay …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from knowledge_base.judgments.spelled import Spelled
from knowledge_base.judgments.wordlist import words
from knowledge_base.vietnamese import fold, is_bare

if TYPE_CHECKING:
    from knowledge_base.judgments.people import Mention

_RUN = re.compile(r"[A-Z][A-Za-z']*\d?(?: [A-Z][A-Za-z']*\d?){0,4}")
_LEAST = 4  # words of a line that can be said to lack diacritics
#: Leads that are other words without their diacritics, or say too little.
_NOT_LEADS = frozenset(
    [
        "do",
        "cua",
        "cho",
        "voi",
        "giua",
        "gom",
        "con",
        "co",
        "ma",
        "dai",
        "dien",
        "chu",
        "em",
        "ten",
        "em",
        "bo",
        "can",
    ]
)
_TITLES = ("ong", "ba", "anh", "chi", "chau", "cu", "bi cao", "luat su")


@cache
def _lead() -> re.Pattern[str]:
    listed = sorted(set(words().bare_leads) - _NOT_LEADS, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(listed)})\s*:?\s+$")


def bare_names(spelled: Spelled) -> Iterator[Mention]:
    """Names by what stands before them and by surname, on lines without any diacritic."""
    from knowledge_base.judgments.people import Mention

    at = 0
    for line in spelled.text.splitlines(keepends=True):
        start, at = at, at + len(line)
        if len(line.split()) < _LEAST or line.isupper() or not is_bare(line) or not _telling(line):
            continue
        last = -1
        for match in _RUN.finditer(line):
            begin, run = match.start(), match[0].split()
            while len(run) > 1 and fold(run[0]) in _TITLES:
                begin += len(run[0]) + 1
                run = run[1:]
            titled = begin > match.start()
            before = fold(line[max(0, begin - 40) : begin])
            listed = last >= 0 and re.fullmatch(r"\s*(?:,|;|va)\s*", line[last:begin]) is not None
            whole = len(run) >= 2 and fold(run[0]) in words().bare_surnames
            lead = titled or _lead().search(before) is not None
            one = len(run) == 1 and (titled or re.search(r"\b(?:ong|ba|anh|chi|bi cao)\s$", before))
            if whole or (lead and len(run) >= 2) or one or (listed and len(run) >= 2):
                yield Mention(start + begin, start + match.end(), fold(" ".join(run)))
                last = match.end()


def _telling(line: str) -> bool:
    """Whether a line is Vietnamese without diacritics, not English."""
    found = set(re.findall(r"[a-z]+", line.lower()))
    return len(found & _VIETNAMESE) >= 1


_VIETNAMESE = frozenset(
    [
        "ong",
        "cua",
        "nguoi",
        "khong",
        "duoc",
        "toa",
        "theo",
        "vay",
        "tra",
        "cho",
        "nguyen",
        "bi",
        "cao",
        "sinh",
        "tai",
        "va",
        "la",
        "cac",
        "toi",
    ]
)
