"""The rank, days and issuer of a document, and what two documents have to do with each other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from assistant.conflicts.vocabulary import Standing
from knowledge_base.documents import Document
from knowledge_base.law.header import issuer_of
from knowledge_base.law.keys import document_key, numbers_in
from knowledge_base.law.law_document import read_law
from knowledge_base.vietnamese import fold

# By the Law on Promulgation of Legal Normative Documents (64/2025/QH15), Article 4.
_RANKS = (
    (1, "Hiến pháp", ("hiến pháp",)),
    (2, "Bộ luật, luật, nghị quyết của Quốc hội", ("bộ luật", "luật")),
    (3, "Pháp lệnh, nghị quyết của Ủy ban Thường vụ Quốc hội", ("pháp lệnh",)),
    (5, "Nghị định, nghị quyết của Chính phủ", ("nghị định",)),
    (6, "Quyết định của Thủ tướng Chính phủ", ()),
    (8, "Thông tư", ("thông tư", "thông tư liên tịch")),
    (10, "Nghị quyết của Hội đồng nhân dân cấp tỉnh", ()),
    (11, "Quyết định của Ủy ban nhân dân cấp tỉnh", ()),
)
_NAMES = {rank: name for rank, name, _ in _RANKS}
_HEAD = 3000
_LOCAL = re.compile(r"(?:ỦY|UỶ) BAN NHÂN DÂN|HỘI ĐỒNG NHÂN DÂN")
_AMENDS = re.compile(
    r"sửa đổi,?\s*bổ sung|sửa đổi|bổ sung một số điều|bãi bỏ|thay thế", re.IGNORECASE
)
_ENDS_EARLIER = re.compile(
    r"(?:những|các)?\s*quy định (?:trước đây|trước ngày)[^.]{0,120}?(?:trái|khác)[^.]{0,80}?"
    r"(?:bãi bỏ|hết hiệu lực)",
    re.IGNORECASE,
)


def standing_of(document: Document, source: str = "") -> Standing:
    """What a document says of itself; what it does not say stays unknown."""
    header = read_law(document.text).header if len(document.text) < 5_000_000 else None
    number = document.number or (header.number if header else "")
    kind = document.meta.get("document_type", "") or (header.kind if header else "")
    key = document_key(number)
    issuer = document.meta.get("issuer", "") or (header.issuer if header else "")
    rank = _rank(kind, key, document.text[:_HEAD])
    issued = document.meta.get("issued_on", "")
    day = date.fromisoformat(issued) if issued else (header.issued_on if header else None)
    since = document.effective_from or (header.effective_from if header else None)
    return Standing(
        document.id, number, document.title, kind, issuer or issuer_of(key), rank,
        _NAMES.get(rank, "chưa rõ"), day, since, document.effective_to, document.sha256, source,
    )  # fmt: skip


def _rank(kind: str, key: str, head: str) -> int:
    letters = key.rsplit("/", 1)[-1] if key else ""
    folded = kind.lower()
    if folded.startswith("nghị quyết"):
        if "ubtvqh" in letters:
            return 3
        if letters.startswith("qh") or "/qh" in key:
            return 2
        return 5 if letters.endswith("-cp") else (10 if "hdnd" in letters else 0)
    if folded == "quyết định":
        if letters.endswith("ttg"):
            return 6
        return 11 if "ubnd" in letters or _LOCAL.search(head) else 0
    for rank, _, kinds in _RANKS:
        if folded in kinds:
            return rank
    if re.search(r"qh\d{1,2}$", letters):
        return 2
    return 5 if letters == "nd-cp" else (8 if letters.startswith("tt") else 0)


def with_record(standing: Standing, document: Document | None) -> Standing:
    """``standing`` with days that the record knows of the same document."""
    if document is None:
        return standing
    return replace(
        standing,
        effective_from=standing.effective_from or document.effective_from,
        effective_to=standing.effective_to or document.effective_to,
    )


def changes(document: Document, other: Standing) -> str:
    """What ``document`` does to the other one as a whole: a Vietnamese verb, or ""."""
    key = document_key(other.number)
    words = {"amends": "sửa đổi, bổ sung", "replaces": "thay thế", "repeals": "bãi bỏ"}
    if not key:
        return ""
    for relation in document.relations:
        if relation.kind in words and document_key(relation.target) == key:
            return words[relation.kind]
    text = document.text
    for found in numbers_in(text[:_HEAD]):
        before = text[max(0, found.start - 160) : found.start]
        if found.key == key and (match := _last(before)):
            return match
    closing = text[-6000:]
    for found in numbers_in(closing):
        around = closing[max(0, found.start - 200) : found.end + 160]
        if found.key == key and re.search(r"thay thế|hết hiệu lực|bãi bỏ", around):
            return "thay thế hoặc bãi bỏ"
    return ""


def _last(before: str) -> str:
    line = before.rsplit("\n", 1)[-1]
    if re.search(r"[Cc]ăn cứ", line):
        return ""
    found = _AMENDS.findall(before.rsplit("\n\n", 1)[-1])
    return fold(found[-1]) and found[-1].lower() if found else ""


def ends_earlier(document: Document) -> bool:
    """Whether it ends earlier rules against it ("các quy định trước đây trái … bãi bỏ")."""
    return _ENDS_EARLIER.search(document.text[-6000:]) is not None


def prevails(a: Standing, b: Standing) -> str:
    """Which of two would be applied, by the general rule; one Vietnamese sentence, or ""."""
    if a.rank and b.rank and a.rank != b.rank:
        higher = a if a.rank < b.rank else b
        return f"{higher.name} có hiệu lực pháp lý cao hơn."
    same = a.rank and a.rank == b.rank and fold(a.issuer) == fold(b.issuer) and a.issuer
    if same and a.issued_on and b.issued_on and a.issued_on != b.issued_on:
        later = a if a.issued_on > b.issued_on else b
        return f"Cùng cơ quan ban hành: thông thường áp dụng văn bản ban hành sau ({later.name})."
    return ""
