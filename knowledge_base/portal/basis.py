"""Numbers of legal documents in the portal's list, which has lost the borders of its rows.

"Luật 54/2014/QH1354/2014/QH13Nghị định số 70/2025/NĐ-CP ngày…70/2025/NĐ-CP": a row
is a name and then the document's own number; numbers inside a name are other
documents and do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HEADER = "Tên văn bản pháp lýMã văn bản"

_ISSUERS = (
    "BNNPTNT|BNNMT|BTNMT|BLĐTBXH|BVHTTDL|BVHTT|BKHCNMT|BKHCN|BKHĐT|BGDĐT|BTTTT|BGTVT|BTM|BTC|BTP|"
    r"BCA|BCT|BCN|BXD|BNV|BYT|BQP|BNG|BTS|BDTTG|BCĐ|NHNN|VPCP|TTCP|TTg|UBTVQH\d{1,2}|UBTVQH|UBDT|"
    "UBCK|UBND|HĐND|TANDTC|VKSNDTC|KTNN|TLĐ|BHXH|TCHQ|TCT|HĐTP|HĐBT|CTN|CP|ĐCTUBTWMTTQVN|MTTQ|BTV"
)
_TYPES = "TTLT|TT|NĐ|NÐ|ND|NQLT|NQ|QĐ|QÐ|QD|CT|PL|L|VBHN|HD|KH"
_NUMBER = re.compile(
    r"(?P<number>(?<!\d)\d{2,3}\.\d{1,2}|\d{1,4})\s?/\s?(?:(?P<year>(?:19|20)\d\d)\s?[/-]\s?)?"
    rf"(?P<letters>QH(?:1[0-6]|[89X])|UBTVQH\d{{1,2}}|(?:{_TYPES})(?:\s?[-/_]\s?(?:{_ISSUERS}|QH\d{{1,2}}))+"
    r"|L-CTN)"
)
# "…tín dụngLuật số 32/2024/QH15": the number's own cell may have the words of its kind.
_CELL_START = re.compile(
    r"(?<=[^\s(“/-])(?:(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư(?: liên tịch)?"
    r"|Quyết định)(?:\s+số)?|số|Số)\s*:?\s*$"
)
_OLD = re.compile(r"(?<![\d/])(?P<whole>\d{1,3}-(?:CP|HĐBT|TTg|LCT/HĐNN\d))")


@dataclass(frozen=True, slots=True)
class Basis:
    """Document numbers as a citizen cites them; not readable where the cell has no list."""

    numbers: tuple[str, ...] = ()
    readable: bool = True


def basis_of(text: str) -> Basis:
    """The numbers of a flattened list, in its order, each once."""
    text = " ".join(text.split())
    if not text.startswith(HEADER):
        return Basis(readable=text.casefold() in ("", "không có thông tin"))
    text = text.removeprefix(HEADER)
    matches = list(_NUMBER.finditer(text))
    found = [
        number_of(match)
        for n, match in enumerate(matches)
        if _ends_a_row(text, match, matches[n + 1] if n + 1 < len(matches) else None)
    ]
    found += [
        match["whole"]
        for match in _OLD.finditer(text)
        if text[match.end() : match.end() + 1].strip()
    ]
    return Basis(tuple(dict.fromkeys(found)), readable=bool(found) or not text)


def number_in(text: str) -> str:
    """The first document number of a cell that holds just one; "" if there is none."""
    match = _NUMBER.search(" ".join(text.split()))
    return number_of(match) if match else ""


def number_of(match: re.Match[str]) -> str:
    """The number without the digits that were glued in front of it, in one spelling."""
    number = match["number"]
    letters = (
        re.sub(r"\s", "", match["letters"]).replace("Ð", "Đ").replace("/", "-").replace("_", "-")
    )
    letters = re.sub(r"^ND-", "NĐ-", re.sub(r"^QD-", "QĐ-", letters))
    before = match.string[max(0, match.start() - 4) : match.start()]
    digits = re.search(r"\d*$", before)
    if digits and digits[0]:
        whole = digits[0] + number
        number = whole[4:] if re.match(r"(?:19|20)\d\d", whole) else number
    return "/".join(part for part in (number, match["year"], letters) if part)


def _ends_a_row(text: str, match: re.Match[str], following: re.Match[str] | None) -> bool:
    after = text[match.end() : match.end() + 2]
    if _CELL_START.search(text[max(0, match.start() - 40) : match.start()]):
        return True
    before = text[match.start() - 1 : match.start()]
    if following and before.isspace() and not text[match.end() : following.start()].strip():
        return False  # a name that ends with a number, and the number of the row behind it
    if not after or not after[0].isspace():
        return not after or after[0] not in ".,;:)]”'–-/"
    return bool(before) and not before.isspace() and before not in "(“/"
