"""Guiding documents and lists of documents, as text (Vietnamese) and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from knowledge_base.documents import Validity
from knowledge_base.law.guides import Guide, Guided
from knowledge_base.law.listing import Listed
from knowledge_base.law.told import STATES, verdict_json
from knowledge_base.wording import day as written

INTERNAL = "nội bộ"
_HEADS = {
    "guides": "Quy định chi tiết, hướng dẫn thi hành:",
    "through": "Hướng dẫn các văn bản trên:",
    "amends_guide": "Sửa đổi các văn bản trên:",
    "based_on": "Lấy làm căn cứ ban hành (không tự nhận là văn bản hướng dẫn):",
}


def guide_lines(found: Guided, guides: Sequence[Guide], on: date, article: str) -> Iterator[str]:
    """What guides a law, the ways apart."""
    named = found.title if found.number in found.title else f"{found.title} ({found.number})"
    part = f", Điều {article}" if article else ""
    yield f"Văn bản hướng dẫn {named.strip()}{part}, xét ngày {written(on)}:"
    if not guides:
        yield "Kho chưa có văn bản nào nêu là hướng dẫn văn bản này."
        return
    for how, head in _HEADS.items():
        group = [guide for guide in guides if guide.how == how]
        if group:
            yield ""
            yield head
            yield from (f"- {guide_line(guide)}" for guide in group)


def guide_line(guide: Guide) -> str:
    """ "69/2024/NĐ-CP: Nghị định … (còn hiệu lực; hướng dẫn Điều 5)"."""
    if not guide.there:
        return f"{guide.number}: được nêu tên nhưng chưa có trong kho"
    assert guide.verdict is not None  # noqa: S101 - what is there has a verdict
    facts = [STATES[guide.verdict.validity]]
    if guide.verdict.validity is not Validity.IN_FORCE:
        facts = [f"{STATES[guide.verdict.validity]}: {guide.verdict.reason.rstrip('.')}"]
    if guide.issued_on:
        facts.append(f"ban hành {written(guide.issued_on)}")
    if guide.effective_from:
        facts.append(f"hiệu lực từ {written(guide.effective_from)}")
    if guide.through:
        verb = "sửa" if guide.how == "amends_guide" else "hướng dẫn"
        facts.append(f"{verb} {guide.through}")
    if guide.places:
        shown = ", ".join(str(place) for place in guide.places[:12])
        more = f" và {len(guide.places) - 12} chỗ khác" if len(guide.places) > 12 else ""
        facts.append(f"hướng dẫn {shown}{more}")
    if guide.restricted:
        facts.append(INTERNAL)
    title = " ".join(guide.title.split())
    named = title if guide.number in title else f"{guide.number}: {title}"
    return f"{named} ({'; '.join(facts)})"


def guides_json(found: Guided, guides: Sequence[Guide], on: date, article: str) -> dict[str, Any]:
    """The same for programs."""
    return {
        "key": found.key,
        "number": found.number,
        "title": found.title,
        "article": article,
        "as_of": on.isoformat(),
        "guides": [
            {
                "key": guide.key,
                "number": guide.number,
                "title": guide.title,
                "how": guide.how,
                "in_record": guide.there,
                "issuer": guide.issuer,
                "issued_on": _iso(guide.issued_on),
                "effective_from": _iso(guide.effective_from),
                "validity": verdict_json(guide.verdict) if guide.verdict else None,
                "through": guide.through,
                "guided": [str(place) for place in guide.places],
                "document_id": guide.document_id,
                "start": guide.start,
                "end": guide.end,
                "internal": guide.restricted,
            }
            for guide in guides
        ],
    }


def list_lines(found: Sequence[Listed], on: date, limit: int) -> Iterator[str]:
    """One document a line, the newest first."""
    if not found:
        yield "Kho không có văn bản nào như vậy. Hãy bớt điều kiện lọc."
        return
    for one in found[:limit]:
        entry, verdict = one.entry, one.verdict
        facts = [entry.issuer] if entry.issuer else []
        if entry.issued_on:
            facts.append(f"ban hành {written(entry.issued_on)}")
        facts.append(STATES[verdict.validity])
        if entry.restricted:
            facts.append(INTERNAL)
        title = " ".join(entry.title.split())
        named = title if entry.number in title else f"{entry.number}: {title}"
        yield f"- {named} ({'; '.join(facts)})"
    more = f"; đang nêu {limit} văn bản mới nhất (thêm: --limit)" if len(found) > limit else ""
    yield f"{len(found)} văn bản, hiệu lực xét ngày {written(on)}{more}."


def list_json(found: Sequence[Listed], on: date, limit: int) -> dict[str, Any]:
    """The same for programs; ``total`` counts what ``limit`` leaves out, too."""
    return {
        "as_of": on.isoformat(),
        "total": len(found),
        "documents": [
            {
                "key": one.entry.key,
                "number": one.entry.number,
                "title": one.entry.title,
                "kind": one.entry.kind,
                "issuer": one.entry.issuer,
                "issued_on": _iso(one.entry.issued_on),
                "effective_from": _iso(one.entry.effective_from),
                "year": one.entry.year,
                "field": one.entry.field,
                "validity": verdict_json(one.verdict),
                "internal": one.entry.restricted,
            }
            for one in found[:limit]
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
