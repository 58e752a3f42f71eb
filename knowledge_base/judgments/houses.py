"""A house with its street, wherever it is told: "trước nhà số 18 đường Tôn Đản, phường …"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NAME = r"(?:(?i:số)\s*\d+\w*|[A-ZĐÀ-Ỹ][\w/-]*(?:\s+(?:[A-ZĐÀ-Ỹ\d][\w/-]*|tháng(?=\s\d)))*)"
_HOUSE = r"\d{1,4}[A-Za-z]?(?:/\d{1,4}[A-Za-z]?)*"
_LANE = r"(?i:ngõ|ngách|hẻm|kiệt)\s+\d[\w/]*"
_STREET = rf"(?:{_LANE}|(?i:đường|phố|đại lộ|quốc lộ|tỉnh lộ|ngõ|ngách|hẻm|kiệt)\s+{_NAME})"
_WITHIN = rf"(?:{_LANE}|(?i:đường|phố|tổ|khu phố|khóm|ấp|thôn)\s+(?:\d+\w*|{_NAME}))"
_WARD = rf"(?:,\s*(?i:xã|phường|thị trấn)\s+(?:\d+|{_NAME}))?"
_AT = r"(?<=tại )|(?<=ở )|(?<=trước )|(?<=đến )"
_PATTERNS = (
    re.compile(
        rf"(?<![\w/])((?:(?i:số nhà|nhà số|số|nhà|sn)\s*{_HOUSE}|\d{{1,4}}[A-Za-z]?/{_HOUSE}"
        rf"|(?:{_AT}){_HOUSE}),?\s+{_STREET}(?:,\s*{_WITHIN})*{_WARD})"
    ),
    # Without the word "street" only what is surely a house.
    re.compile(
        rf"(?<!\w)((?:(?i:số nhà|nhà số)|(?:{_AT})(?i:số))\s*{_HOUSE},?\s+"
        rf"(?!(?i:xã|phường|thị trấn|quận|huyện|tỉnh|tổ|khu)\s){_NAME}{_WARD})"
    ),
)


def houses(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand, each to the ward; a street alone is none."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield match.span(1)
