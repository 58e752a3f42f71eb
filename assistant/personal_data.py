"""Personal data in what people type is masked before anything is stored, embedded or prompted.

Procedure codes (``1.001456``), document numbers, money, dates and hotlines
look similar and must stay; the patterns below are written around them.
"""

from __future__ import annotations

import re

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"), "[email]"),
    # Citizen number: 12 digits, province 001–096, often typed in groups.
    (
        re.compile(r"(?<![\d./-])0(?:0[1-9]|[1-8]\d|9[0-6])(?:[ .-]?\d){9}(?![\d/])"),
        "[số định danh]",
    ),
    # Mobile numbers, +84 or 0, in groups.
    (re.compile(r"(?<![\d./])(?:\+?84|0)[ .-]?[35789](?:[ .-]?\d){8}(?!\d)"), "[số điện thoại]"),
    # Old identity card: 9 digits, only beside a word that says so.
    (
        re.compile(
            r"(?i)\b(cmnd|cmt|chứng minh(?: nhân dân| thư)?|chung minh(?: nhan dan| thu)?)"
            r"(\D{0,12})\d(?:[ .-]?\d){8}\b"
        ),
        r"\1\2[số giấy tờ]",
    ),
    (
        re.compile(r"(?i)\b(số tài khoản|so tai khoan|stk)(\D{0,8})\d{6,16}\b"),
        r"\1\2[số tài khoản]",
    ),
    (
        re.compile(r"(?i)\b(mã số thuế|ma so thue|mst)(\D{0,8})\d{10}(?:-?\d{3})?\b"),
        r"\1\2[mã số thuế]",
    ),
    # The code of a checklist (assistant/journeys/keeping.py): who has it reads the list.
    (
        re.compile(
            r"(?<![\w-])(?=[\dA-Z -]{0,13}\d)(?=[\d -]{0,13}[A-Z])"
            r"(?:[2-9A-HJ-NP-Z]{4}[- ]?){2}[2-9A-HJ-NP-Z]{4}(?![\w-])"
        ),
        "[mã danh sách]",
    ),
    (
        re.compile(
            r"(?i)(?<![\w-])(?=[a-z-]{0,13}\d)(?=[\d-]{0,13}[a-z])"
            r"(?:[2-9a-hj-np-z]{4}-){2}[2-9a-hj-np-z]{4}(?![\w-])"
        ),
        "[mã danh sách]",
    ),
    # Passport numbers of Viet Nam: a letter and 7–8 digits.
    (re.compile(r"\b[A-Z]\d{7,8}\b"), "[số hộ chiếu]"),
)

_SIGN = re.compile(
    r"\[(?:số (?:định danh|điện thoại|giấy tờ|tài khoản|hộ chiếu)|mã (?:số thuế|danh sách)|họ tên"
    r"|email)\]"
)

_NAME = re.compile(
    r"(?P<lead>(?i:\b(?:tên (?:tôi |em |mình |cháu )?là|tôi tên(?: là)?|em tên(?: là)?|tôi là"
    r"|họ tên(?: là)?:?|tên:))\s+)(?P<words>\w+(?: \w+){1,4})"
)


def mask(text: str) -> str:
    """``text`` with personal data replaced by what it was.

    >>> mask("CCCD của tôi là 001 085 012345")
    'CCCD của tôi là [số định danh]'
    >>> mask("thủ tục 1.001456 phí 200.000 đồng, gọi 18001096")
    'thủ tục 1.001456 phí 200.000 đồng, gọi 18001096'
    """
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return _NAME.sub(_mask_name, text)


def _mask_name(match: re.Match[str]) -> str:
    """Two to five capitalised syllables are a name; anything shorter is left alone."""
    words = match["words"].split()
    name = []
    for word in words:
        if not word[0].isupper():
            break
        name.append(word)
    if len(name) < 2:
        return match[0]
    return " ".join([match["lead"] + "[họ tên]", *words[len(name) :]])


def without_signs(text: str) -> str:
    """Masked ``text`` without what `mask` put there: "[số định danh]" is no word of a question."""
    return " ".join(_SIGN.sub(" ", text).split())


def has_personal_data(text: str) -> bool:
    """Whether `mask` would change ``text``."""
    return mask(text) != text
