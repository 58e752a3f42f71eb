"""A second look at what was read: does every figure stand in the source?

It shares no code with the readers, so that it does not share their mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge_base.documents import Duration, Fee, FeeState, TimeUnit
from knowledge_base.portal.rows import Row
from knowledge_base.wording import UNIT

_DIGITS = re.compile(r"\d(?:[\d.,]{0,30}\d)?")
_MILLIONS = re.compile(r"(?<!\d)(\d{1,9}(?:[.,]\d{1,6})?)\s*(triệu|nghìn|ngàn)", re.IGNORECASE)
_SCALE = {"triệu": 1_000_000, "nghìn": 1_000, "ngàn": 1_000}


def unsupported(row: Row, times: Iterable[Duration], fees: Iterable[Fee]) -> set[str]:
    """The slots ("times", "fees") with a figure that the row's cells do not hold."""
    wrong = set()
    words = " ".join(f"{row.time} ; {row.description}".casefold().split())
    if any(not _said(value, words) for value in times):
        wrong.add("times")
    money = _figures(f"{row.fee_cell} ; {row.description}")
    for fee in fees:
        if fee.state is FeeState.KNOWN and fee.amount not in money:
            wrong.add("fees")
    return wrong


def _said(value: Duration, words: str) -> bool:
    if value.unit is TimeUnit.SAME_DAY or value.amount is None:
        return "trong ngày" in words
    unit = UNIT[value.unit]
    amount = f"{value.amount:g}"
    pattern = (
        rf"(?<![\d.,/])0*{re.escape(amount).replace(re.escape('.'), '[.,]')}\b[^\d;]{{0,40}}?{unit}"
    )
    if value.unit is TimeUnit.DAY:
        pattern += r"(?! làm việc)"
    # "từ 10 đến 25 ngày": the unit stands behind the second figure only.
    ranged = rf"(?<![\d.,/])0*{re.escape(amount)}\s*(?:-|–|đến)\s*\d+[^\d;]{{0,20}}?{unit}"
    return bool(re.search(pattern, words) or re.search(ranged, words))


def _figures(text: str) -> set[int]:
    """Every number of a text as an amount in đồng, with and without its scale."""
    found = {int(re.sub(r"\D", "", match[0])) for match in _DIGITS.finditer(text)}
    for number, scale in _MILLIONS.findall(text):
        found.add(round(float(number.replace(",", ".")) * _SCALE[scale.casefold()]))
    return found
