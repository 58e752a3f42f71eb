"""A comparison as JSON, as lines for a terminal, and as a page that stands alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from assistant.conflicts.opinion import NAMES as OPINIONS
from assistant.conflicts.opinion import Opinion
from assistant.conflicts.verdicts import NAMES
from assistant.conflicts.vocabulary import Comparison, Finding, Quote, Standing
from knowledge_base.wording import day as written

OPINION = "Ý kiến mô hình (không quyết định)"
_TITLE = 160  # characters of a title that are shown
CONFIRM = "Cần cán bộ xác nhận"
NOTICE = (
    "Máy chỉ chỉ ra chỗ hai văn bản nói khác nhau theo từng chữ đã trích; đây không phải kết luận "
    "văn bản nào sai."
)


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Everything that was found; ``explained`` are differences with a legitimate cause."""
    return {
        "a": _standing(comparison.a),
        "b": _standing(comparison.b),
        "as_of": comparison.on.isoformat(),
        "provisions": list(comparison.provisions),
        "pairs": comparison.pairs,
        "findings": [_finding(f) for f in comparison.findings],
        "explained": [_finding(f) for f in comparison.explained],
        "remarks": list(comparison.remarks),
        "notice": NOTICE,
    }


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "document_id": one.document_id,
        "source": one.source,
        "number": one.number,
        "title": one.title,
        "kind": one.kind,
        "issuer": one.issuer,
        "rank": one.rank or None,
        "rank_name": one.rank_name,
        "issued_on": one.issued_on and one.issued_on.isoformat(),
        "effective_from": one.effective_from and one.effective_from.isoformat(),
        "effective_to": one.effective_to and one.effective_to.isoformat(),
        "sha256": one.sha256,
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "kind_name": NAMES[one.kind],
        "confidence": one.confidence,
        "alike": one.alike,
        "status": CONFIRM if not one.cause else "",
        "cause": one.cause,
        "note": one.note,
        "opinion": one.opinion or None,
        "a": _quote(one.a, one.said_a),
        "b": _quote(one.b, one.said_b),
    }


def _quote(one: Quote, said: str) -> dict[str, Any]:
    return {
        "document_id": one.document_id,
        "number": one.number,
        "path": list(one.path),
        "quote": one.quote,
        "start": one.start,
        "end": one.end,
        "said": said,
        "mark": list(one.mark),
        "sha256": one.sha256,
        "quote_sha256": one.quote_sha256,
        "rank": one.rank or None,
        "rank_name": one.rank_name,
    }


def lines(comparison: Comparison, *, with_explained: bool = False) -> Iterator[str]:
    """What a person reads in a terminal."""
    yield f"A: {describe(comparison.a)}"
    yield f"B: {describe(comparison.b)}"
    for remark in comparison.remarks:
        yield f"Lưu ý: {remark}"
    a, b = comparison.provisions
    yield (
        f"Đã so {a} và {b} quy định: {len(comparison.findings)} chỗ nói khác nhau cần cán bộ xác "
        f"nhận, {len(comparison.explained)} chỗ khác nhau có lý do."
    )
    for n, finding in enumerate(comparison.findings, 1):
        yield ""
        yield from _told(n, finding)
    if with_explained:
        for n, finding in enumerate(comparison.explained, 1):
            yield ""
            yield from _told(n, finding)
    if comparison.findings:
        yield ""
        yield NOTICE


def _told(number: int, one: Finding) -> Iterator[str]:
    head = (one.cause and f"Có lý do: {one.cause}") or f"{CONFIRM} (độ tin {one.confidence:.2f})"
    yield f"{number}. {NAMES[one.kind][0].upper()}{NAMES[one.kind][1:]}. {head}"
    for name, quote, said in (("A", one.a, one.said_a), ("B", one.b, one.said_b)):
        at = ", ".join(reversed(quote.path)) or f"ký tự {quote.start}"
        yield f"   {name} [{at}; {quote.rank_name}]" + (f" nói “{said}”:" if said else ":")
        yield f"      “{quote.quote}”"
    if one.note:
        yield f"   {one.note}"
    if one.opinion:
        yield f"   {OPINION}: {OPINIONS[Opinion(one.opinion)]}."


def describe(one: Standing) -> str:
    """Name, title, rank and days of a document in one line."""
    parts = [one.name]
    if one.title and one.title not in one.name:
        parts.append(one.title if len(one.title) <= _TITLE else f"{one.title[:_TITLE].rstrip()}…")
    parts.append(f"cấp: {one.rank_name}")
    if one.effective_from:
        parts.append(f"hiệu lực từ {written(one.effective_from)}")
    if one.effective_to:
        parts.append(f"đến {written(one.effective_to)}")
    return "; ".join(parts)


_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:72rem;margin:1rem auto;padding:0 1rem}"
    "table{width:100%;border-collapse:collapse;table-layout:fixed}"
    "td,th{border:1px solid #999;padding:.5rem;vertical-align:top;text-align:left}"
    "mark{background:#ffe08a}.cause{color:#555}"
)


def page(comparisons: Sequence[Comparison]) -> str:
    """A page that needs nothing else; quotes side by side, what differs marked."""
    body = "".join(_part(each) for each in comparisons)
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        f"<title>So sánh văn bản</title><style>{_STYLE}</style></head>"
        f"<body><h1>So sánh văn bản</h1><p>{escape(NOTICE)}</p>{body}</body></html>"
    )


def _part(comparison: Comparison) -> str:
    rows = "".join(_row(f) for f in comparison.findings)
    explained = "".join(_row(f) for f in comparison.explained)
    remarks = "".join(f"<p>Lưu ý: {escape(r)}</p>" for r in comparison.remarks)
    head = (
        f"<h2>{escape(comparison.a.name)} / {escape(comparison.b.name)}</h2>"
        f"<p>A: {escape(describe(comparison.a))}<br>B: {escape(describe(comparison.b))}</p>"
        f"{remarks}<p>{len(comparison.findings)} chỗ nói khác nhau cần cán bộ xác nhận.</p>"
    )
    table = "<table><tr><th>A</th><th>B</th></tr>{}</table>"
    shown = table.format(rows) if rows else ""
    if explained:
        shown += f"<h3>Khác nhau có lý do</h3>{table.format(explained)}"
    return head + shown


def _row(one: Finding) -> str:
    cause = f'<br><span class="cause">Có lý do: {escape(one.cause)}</span>' if one.cause else ""
    status = "" if one.cause else f" — {CONFIRM} (độ tin {one.confidence:.2f})"
    note = f"<br>{escape(one.note)}" if one.note else ""
    if one.opinion:
        note += f"<br>{OPINION}: {OPINIONS[Opinion(one.opinion)]}"
    return (
        f'<tr><td colspan="2"><b>{escape(NAMES[one.kind])}</b>{status}{note}{cause}</td></tr>'
        f"<tr><td>{_marked(one.a)}</td><td>{_marked(one.b)}</td></tr>"
    )


def _marked(quote: Quote) -> str:
    at, end = (max(0, mark - quote.start) for mark in quote.mark)
    text = quote.quote
    if at == 0 and end >= len(text):
        shown = escape(text)
    else:
        shown = f"{escape(text[:at])}<mark>{escape(text[at:end])}</mark>{escape(text[end:])}"
    return (
        f"<i>{escape(', '.join(reversed(quote.path)))} ({escape(quote.rank_name)})</i><br>{shown}"
    )
