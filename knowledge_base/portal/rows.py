"""The portal's table of ways to file, flattened into one line, as rows again.

"Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến5 NgàyMiễn phí…": a row begins
with a way to file that is followed, without a space, by a time and a fee.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.documents import How

HEADER = "Hình thức nộpThời gianPhí, lệ phíMô tả"
HOWS = {
    "trực tiếp": How.IN_PERSON,
    "trực tuyến": How.ONLINE,
    "dịch vụ bưu chính": How.POST,
    "bưu chính": How.POST,
}

_FEE = r"Miễn phí|Không có thông tin|\d[\d.,]*\s(?:VNĐ|Việt Nam Đồng|USD)"
_START = re.compile(
    r"(?P<how>Trực tiếp|Trực tuyến|Dịch vụ bưu chính)\s?"
    rf"(?=\d[^\n]{{0,25}}?(?:{_FEE})|Không có thông tin(?:{_FEE})"
    rf"|[A-ZĐ][^\n.]{{1,150}}?\.?(?:{_FEE}))"
)
_TIME = re.compile(
    r"\d+(?:[.,]\d+)?\s+(?!VNĐ|Việt|USD|Miễn)[A-ZĐ][a-zà-ỹ]+(?:\slàm việc)?|Không có thông tin"
)
_MONEY = re.compile(r"(?P<number>\d[\d.,]{0,30})(?P<currency>\s(?:VNĐ|Việt Nam Đồng|USD))")
_FEE_CELL = re.compile(_FEE)
_ENUMERATED = re.compile(r"\((?:\d{1,2}|[ivx]{1,4}|[a-zđ])\)|\((?:Cách thức|Thời hạn)")
_GLUE = re.compile(r"\)(?=[^\s.,;:)/\]]|\s[A-ZĐ*-])")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells as text. ``fee`` is the figure, ``fee_note`` the brackets behind it.

    ``sure`` is False where time and fee ran together in more than one possible way.
    """

    how: How
    time: str
    fee: str
    fee_note: str
    description: str
    sure: bool = True

    @property
    def fee_cell(self) -> str:
        """The fee with its note, as the source has it."""
        return f"{self.fee}{self.fee_note}"


def rows(text: str) -> Iterator[Row]:
    """The rows of a flattened table, in order."""
    text = text.removeprefix(HEADER)
    starts = list(_START.finditer(text))
    for n, start in enumerate(starts):
        end = starts[n + 1].start() if n + 1 < len(starts) else len(text)
        yield _row(HOWS[start["how"].casefold()], text[start.end() : end].strip())


def before_first(text: str) -> str:
    """What stands before the first row: empty in a table that was read as a whole."""
    text = text.removeprefix(HEADER)
    start = _START.search(text)
    return text[: start.start()].strip() if start else text.strip()


def _row(how: How, body: str) -> Row:
    sure = True
    if match := _TIME.match(body):
        time, rest = match[0], body[match.end() :].lstrip()
    elif match := _MONEY.match(body):
        # Time without a unit, glued to the fee: "120,000 VNĐ" can only be "1" and "20,000".
        ways = _ways(match["number"])
        sure = len(ways) == 1
        cut = len(ways[0][0]) if sure else 0
        time, rest = body[:cut], body[cut:]
    else:
        fee = _FEE_CELL.search(body)
        cut = fee.start() if fee else 0
        time, rest = body[:cut].strip(), body[cut:]
    fee = _FEE_CELL.match(rest)
    header = fee[0] if fee else ""
    note, description = _note(rest[len(header) :])
    return Row(how, time, header, note, description, sure)


def _ways(number: str) -> list[tuple[str, str]]:
    """How glued digits split into a time and a fee written with its thousands apart."""
    found = []
    for cut in range(1, len(number)):
        time, fee = number[:cut], number[cut:]
        if time.isdigit() and re.fullmatch(r"0|[1-9]\d{0,2}(?:,\d{3})*", fee):
            found.append((time, fee))
    return found


def _note(rest: str) -> tuple[str, str]:
    """The brackets right behind a fee, and the description that follows."""
    if not rest.startswith("(") or _ENUMERATED.match(rest):
        return "", rest.strip()
    end = _closing(rest)
    note, left = rest[:end], rest[end:]
    if left.startswith("(") and not _ENUMERATED.match(left) and re.search(r"phí|thu", left[:60]):
        more, left = _note(left)
        note += more
    if re.match(r"\s*\)", left):  # one bracket too many
        left = left.lstrip()[1:]
    return note, left.strip()


def _closing(text: str) -> int:
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return at + 1
    # Never closed: the last bracket that something is glued to, or the last of all.
    glued = [match.end() for match in _GLUE.finditer(text)]
    if glued:
        return glued[-1]
    last = text.rfind(")")
    return last + 1 if last > 0 else len(text)
