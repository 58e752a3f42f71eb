"""What a sentence compares with: "so với cùng kỳ năm trước", "cao hơn năm 2023"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.figures.periods import Period, periods_in

_SAME = (
    r"cùng\s+k[ỳì](?:\s+(?:của\s+)?(?:(?:các\s+)?năm\s+)?(?:trước|ngoái|(?:19|20)\d{2}(?!\d)))?"
    r"(?:\s+năm\s+(?:trước|ngoái|(?:19|20)\d{2}))?"
)
_STOP = (
    r"(?=\s*(?:[;,()]|:|\.(?!\d)|$)|\s+(?:tăng|giảm|thì|đạt|là|và|đưa|nhưng|song|còn|lên|xuống|"
    r"mới|cao|thấp)\b|\s+\d+(?:,\d+)?\s*%)"
)
_COMPARED = re.compile(
    rf"(?:(?P<lead>so\s+với|so|cao\s+hơn|thấp\s+hơn|bằng|vượt)\s+)?(?P<same>{_SAME})"
    rf"|so\s+với\s+(?P<what>.+?){_STOP}"
    r"|(?:cao|thấp|nhiều|ít)\s+hơn\s+(?:so\s+với\s+)?(?:mức\s+)?(?:của\s+)?"
    r"(?P<that>(?:năm|quý|tháng)\s+(?:trước|ngoái|(?:(?:IV|I{1,3}|\d{1,2})[/.]?\s*)?"
    r"(?:năm\s+)?(?:19|20)\d{2}))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class Compared:
    """A phrase of comparison: where it stands, its words, whether "so với" opens it."""

    start: int
    end: int
    what: str
    opened: bool

    def period(self, base: Period | None, year: int | None) -> Period | None:
        """The time that is meant, told from the time of what is compared."""
        said = self.what.lower()
        if "cùng k" in said:
            if base is None:
                return None
            named = _YEAR.search(said)
            back = base.end.year - int(named[0]) if named else 1
            return base.earlier(back)
        found = periods_in(self.what, year)
        if found:
            return found[-1].period
        if base is None:
            return None
        kinds = {"năm": "year", "quý": "quarter", "tháng": "month"}
        told = re.search(r"\b(năm|quý|tháng)\s+(?:trước|ngoái)", said)
        return base.previous() if told and kinds[told[1]] == base.kind else None


def comparisons_in(text: str) -> Iterator[Compared]:
    """All phrases of comparison, in order."""
    for match in _COMPARED.finditer(text):
        what = (match["same"] or match["what"] or match["that"] or "").strip()
        opened = bool(match["lead"]) or match["same"] is None
        yield Compared(match.start(), match.end(), what, opened)


def without_comparisons(text: str) -> str:
    """A text with blanks where it compares; offsets stay."""
    return _COMPARED.sub(lambda match: " " * len(match[0]), text)
