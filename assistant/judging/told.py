"""Judgments, like cases, laws side by side and tables of issues, as JSON and as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.judging.issues import NOTHING, IssueTable
from assistant.judging.issues import NOTICE as ISSUES_NOTICE
from assistant.judging.law_on_days import Beside
from assistant.judging.provision import Provision
from knowledge_base.judgments.codes import code_of_key
from knowledge_base.judgments.importing import Imported
from knowledge_base.judgments.judgment import UNREAD, Judgment, Read
from knowledge_base.judgments.similar import Likeness
from knowledge_base.wording import day as written

SIMILAR_NOTICE = (
    "Giống nhau về tình tiết và điều luật được nêu; không dùng kết quả của vụ khác để đoán vụ này. "
    "Bản án không phải là luật đang có hiệu lực."
)
MASKED_NAMES = {
    "name": "tên người",
    "organisation": "tên tổ chức",
    "address": "địa chỉ",
    "birth": "ngày, năm sinh",
    "papers": "số giấy tờ",
    "phone": "số điện thoại",
    "plate": "biển số xe",
    "account": "số tài khoản",
    "email": "email",
    "land": "số thửa, số giấy đất",
}
OUTCOMES = {
    "death": "tử hình",
    "life": "tù chung thân",
    "suspended": "án treo",
    "imprisonment": "tù",
    "non_custodial": "cải tạo không giam giữ",
    "fine": "phạt tiền",
    "divorce": "ly hôn",
    "custody": "giao con",
    "set_aside": "hủy",
    "refused": "không chấp nhận",
    "accepted": "chấp nhận",
    "payment": "buộc thực hiện",
}


def read_json(one: Read) -> dict[str, Any]:
    """A field: ``value`` null where it was not read, the span it was read from, confidence."""
    if not one.value:
        return {"value": None, "start": None, "end": None, "confidence": 0.0, "told": UNREAD}
    return {"value": one.value, "start": one.start, "end": one.end, "confidence": one.confidence}


def judgment_json(one: Judgment, *, text: bool = False) -> dict[str, Any]:
    """Everything that was read; offsets are those of the masked text with ``sha256``."""
    made: dict[str, Any] = {
        "id": one.id,
        "name": one.name,
        "kind": one.kind,
        "sample": one.sample,
        "number": read_json(one.number),
        "court": read_json(one.court),
        "decided_on": read_json(one.decided_on),
        "level": read_json(one.level),
        "branch": read_json(one.branch),
        "relation": read_json(one.relation),
        "source": read_json(one.source) if one.kind == "án lệ" else None,
        "rule": [one.rule.start, one.rule.end] if one.rule.end else None,
        "parties": [{"role": p.role, "signs": list(p.signs)} for p in one.parties],
        "applied": [
            {
                "law": a.law,
                "number": a.number or None,
                "key": a.key or None,
                "article": a.article,
                "clause": a.clause,
                "points": a.points,
                "start": a.start,
                "end": a.end,
                "sure": a.sure,
                "decisive": a.decisive,
            }
            for a in one.applied
        ],
        "facts": [one.facts.start, one.facts.end] if one.facts.end else None,
        "reasoning": [one.reasoning.start, one.reasoning.end] if one.reasoning.end else None,
        "decision": [one.decision.start, one.decision.end] if one.decision.end else None,
        "outcomes": [
            {
                "kind": o.kind,
                "quote": o.quote,
                "start": o.start,
                "end": o.end,
                "amounts": list(o.amounts),
            }
            for o in one.outcomes
        ],
        "masked": dict(one.masked),
        "remarks": list(one.remarks),
        "sha256": one.sha256,
    }
    return made | ({"text": one.text} if text else {})


def judgment_lines(one: Judgment, *, whole: bool = False) -> Iterator[str]:
    """A judgment for a terminal."""
    yield one.name + (" (bản án mẫu, hư cấu)" if one.sample else "")
    yield f"  mã: {one.id}"
    for name, field in (
        ("cấp xét xử", one.level),
        ("lĩnh vực", one.branch),
        ("tội danh, quan hệ tranh chấp", one.relation),
    ):
        sure = f" (độ tin {field.confidence:.2f})" if field.value and field.confidence < 0.9 else ""
        yield f"  {name}: {field.value or UNREAD}{sure}"
    if one.kind == "án lệ":
        yield f"  nguồn án lệ: {one.source.value or UNREAD}"
        yield f"  nội dung án lệ: {one.rule.of(one.text) or UNREAD}"
    for party in one.parties:
        yield f"  {party.role}: {', '.join(party.signs)}"
    yield "  điều luật đã áp dụng: " + ("; ".join(a.name for a in one.applied) or UNREAD)
    for outcome in one.outcomes:
        yield f"  đã quyết định ({OUTCOMES[outcome.kind]}): {outcome.quote}"
    for remark in one.remarks:
        yield f"  Lưu ý: {remark}"
    if whole:
        yield ""
        yield one.text


def imported_line(one: Imported) -> Iterator[str]:
    """What became of a file."""
    if one.judgment is None:
        yield f"{one.source}: không nạp: {one.refused}." + (f" {one.advice}" if one.advice else "")
        return
    changed = {"added": "đã nạp", "changed": "đã thay bản cũ", "unchanged": "đã có, không đổi"}
    yield f"{one.source}: {changed[one.change or 'added']}: {one.judgment.name}"
    masked = ", ".join(f"{n} {MASKED_NAMES.get(k, k)}" for k, n in one.judgment.masked.items())
    yield f"   đã che: {masked or 'không thấy gì phải che'}"
    for remark in one.judgment.remarks:
        yield f"   Lưu ý: {remark}"


def imported_json(one: Imported) -> dict[str, Any]:
    """``judgment`` is null for a file that was refused, and ``refused`` says why."""
    return {
        "file": one.source,
        "change": one.change,
        "refused": one.refused or None,
        "advice": one.advice or None,
        "judgment": judgment_json(one.judgment) if one.judgment else None,
    }


def article_name(key: str) -> str:
    """ "Điều 466 Bộ luật Dân sự (91/2015/QH13)" of "91/2015/qh13#466"."""
    document, _, article = key.partition("#")
    known = code_of_key(document)
    if known:
        return f"Điều {article} {known[0].name} ({known[1].number})"
    return f"Điều {article} {document.upper()}"


def likeness_json(one: Likeness) -> dict[str, Any]:
    """A like case with why: articles and circumstances in common, and those only one side has."""
    judgment = one.judgment
    return {
        "id": judgment.id,
        "name": judgment.name,
        "sample": judgment.sample,
        "relation": judgment.relation.value or None,
        "score": one.score,
        "parts": one.parts,
        "same_articles": [article_name(key) for key in one.articles],
        "same_circumstances": [
            {"name": s.name, "here": s.here.quote, "there": s.there.quote} for s in one.shared
        ],
        "only_here": [{"name": c.name, "quote": c.quote} for c in one.only_here],
        "only_there": [{"name": c.name, "quote": c.quote} for c in one.only_there],
    }


def why(one: Likeness) -> str:
    """The reasons in one line."""
    parts = []
    if one.articles:
        parts.append("cùng áp dụng " + ", ".join(article_name(k) for k in one.articles[:4]))
    if one.shared:
        parts.append("cùng tình tiết: " + ", ".join(s.name for s in one.shared))
    if one.only_there:
        parts.append("khác, chỉ ở án này: " + ", ".join(c.name for c in one.only_there[:5]))
    if one.only_here:
        parts.append("chỉ ở vụ đang xét: " + ", ".join(c.name for c in one.only_here[:5]))
    return "; ".join(parts) or "gần nhau về lời kể"


def similar_lines(found: Sequence[Likeness]) -> Iterator[str]:
    """Like cases for a terminal."""
    for n, one in enumerate(found, 1):
        sample = " (bản án mẫu, hư cấu)" if one.judgment.sample else ""
        yield (
            f"{n}. {one.judgment.name}{sample} — {one.judgment.relation.value or UNREAD} "
            f"(giống {one.score:.2f})"
        )
        yield f"   {why(one)}"
        for shared in one.shared[:3]:
            yield f"   {shared.name}: vụ này “{shared.here.quote}” | án “{shared.there.quote}”"
        for other in one.only_there[:2]:
            yield f"   chỉ ở án này, {other.name}: “{other.quote}”"
    yield (
        SIMILAR_NOTICE
        if found
        else (
            "Không thấy bản án nào giống trong số đã nạp. Nạp thêm bằng: troly judgment import TỆP."
        )
    )


def beside_lines(found: Beside) -> Iterator[str]:
    """The provision on both days for a terminal."""
    for name, side in (("NGÀY HÀNH VI", found.act), ("NGÀY XÉT XỬ", found.trial)):
        for one in side:
            yield from provision_lines(one, f"{name} {written(one.day)}")
            yield ""
    if found.how != "cùng một văn bản":
        yield f"Cách ghép: {found.how}."
    if found.observations:
        yield "Chỗ khác có thể đáng lưu ý khi xem xét quy định có lợi:"
        for n, seen in enumerate(found.observations, 1):
            yield f"  {n}. {seen.what}"
            for name, quote in (("hành vi", seen.act), ("xét xử", seen.trial)):
                if quote:
                    yield f"     ngày {name}: “{quote}”"
    if found.rule is not None:
        yield f"Quy tắc: khoản 3 {found.rule.name}." + (
            f" “{found.rule.clause('3')}”" if found.rule.clause("3") else ""
        )
    for remark in found.remarks:
        yield f"Lưu ý: {remark}"
    yield found.notice


def provision_lines(one: Provision, head: str) -> Iterator[str]:
    """One provision with what is known of it."""
    yield f"{head}: {one.name}"
    if one.missing:
        yield f"   {one.missing}"
    for note in one.notes:
        yield f"   Lưu ý: {note}"
    for line in one.text.splitlines():
        if line.strip():
            yield f"   {line.strip()}"


def issue_lines(table: IssueTable) -> Iterator[str]:
    """The table of issues for a terminal, one issue below the other."""
    yield f"Các vấn đề cần xem xét, theo luật có hiệu lực ngày {written(table.day)}"
    for n, row in enumerate(table.rows, 1):
        yield ""
        yield f"{n}. {row.issue.name} ({row.issue.branch})"
        for raised in row.raised:
            yield f"   vì: {raised.name}: “{raised.quote}”"
        if not row.provisions:
            yield f"   điều luật: {NOTHING} (không có văn bản nào trong bảng có hiệu lực ngày này)"
        for one in row.provisions:
            yield f"   {one.name}" + (f". {one.heading}" if one.heading else "")
            yield f"      “{excerpt(one)}”" if one.text else f"      {one.missing}"
            yield from (f"      Lưu ý: {note}" for note in one.notes)
        cases = "; ".join(one.judgment.name for one in row.cases)
        yield f"   án tương tự: {cases or NOTHING}"
        for question in row.issue.ask:
            yield f"   cần hỏi: {question}"
    for remark in table.remarks:
        yield f"Lưu ý: {remark}"
    yield ""
    yield ISSUES_NOTICE


def excerpt(one: Provision, size: int = 500) -> str:
    """The beginning of a provision, verbatim and whole where it is short."""
    text = " ".join(one.text.split())
    return text if len(text) <= size else text[: text.rfind(" ", 0, size)] + " …"
