"""A comparison as text (Vietnamese), as JSON, and as a page with the two texts side by side."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from knowledge_base.law.compare import Compared, Comparison, ordered
from knowledge_base.law.pieces import Piece
from knowledge_base.law.side_by_side import Change, Mark, Row
from knowledge_base.law.text_on import ArticleText
from knowledge_base.law.told import STATES, event_json, event_line, verdict_json
from knowledge_base.law.view import Law
from knowledge_base.wording import day as written

CHANGES = {
    Change.SAME: "giữ nguyên",
    Change.CHANGED: "thay đổi",
    Change.MOVED: "chuyển chỗ, lời văn giữ nguyên",
    Change.MOVED_CHANGED: "chuyển chỗ và thay đổi",
    Change.ADDED: "thêm mới",
    Change.DROPPED: "bỏ",
}


def lines(found: Comparison, *, same: bool = False) -> Iterator[str]:
    """For a terminal: what is gone as [-…-], what is new as {+…+}. ``same``: all clauses."""
    yield heading(found)
    for law, on in zip((found.before, found.after), found.on, strict=True):
        verdict = law.verdict(on)
        yield f"- {law.number}, ngày {written(on)}: {STATES[verdict.validity]}. {verdict.reason}"
    yield from (f"Lưu ý: {remark}" for remark in found.remarks)
    for article in ordered(found.articles):
        yield ""
        yield from _article_lines(found, article, same=same)
    yield ""
    if not found.articles:
        yield "Không thấy điều nào khác nhau trong phần có trong kho."
    if found.same:
        yield f"{found.same} điều không khác."


def heading(found: Comparison) -> str:
    """ "So sánh Luật A (1/2013/QH13) và Luật B (2/2024/QH15)"."""
    if found.before.key == found.after.key:
        days = " và ".join(f"ngày {written(on)}" for on in found.on)
        return f"{_named(found.before)}: so sánh {days}"
    return f"So sánh {_named(found.before)} và {_named(found.after)}"


def title_of(found: Comparison, article: Compared) -> str:
    """ "Điều 5. Tên → Điều 7. Tên khác"."""
    sides = [_side(each) for each in (article.before, article.after)]
    if not sides[0]:
        return f"{sides[1]} (chỉ thấy ở {_where(found, 1)})"
    if not sides[1]:
        return f"{sides[0]} (không thấy ở {_where(found, 1)})"
    return sides[0] if sides[0] == sides[1] else f"{sides[0]} → {sides[1]}"


def row_title(row: Row) -> str:
    """ "khoản 2 → khoản 3: chuyển chỗ, lời văn giữ nguyên"."""
    names = [piece.name for piece in (row.before, row.after) if piece is not None]
    name = names[0] if len(set(names)) == 1 else " → ".join(names)
    whole = ", viết lại toàn bộ" if row.change is Change.CHANGED and not row.marks else ""
    return f"{name}: {CHANGES[row.change]}{whole}"


def marked(text: str, marks: tuple[tuple[int, int], ...], signs: tuple[str, str]) -> str:
    """``text`` with signs around each span."""
    made, at = [], 0
    for start, end in marks:
        if start < end:
            made += [text[at:start], signs[0], text[start:end], signs[1]]
            at = end
    return "".join([*made, text[at:]])


def _article_lines(found: Comparison, article: Compared, *, same: bool) -> Iterator[str]:
    yield title_of(found, article)
    for event in _events(found, article):
        yield f"  {event}"
    if article.before is None or article.after is None:
        text = article.before or article.after
        assert text is not None  # noqa: S101 - one side is always there
        yield from (f"    {line}" for piece in text.pieces for line in piece.text.splitlines())
        return
    kept = 0
    for row in article.rows:
        if row.change is Change.SAME and not same:
            kept += 1
            continue
        yield f"  {row_title(row)}"
        if row.change in (Change.SAME, Change.MOVED):
            yield from _quoted("", row.after, (), ("", ""))
            continue
        before = tuple(mark.before for mark in row.marks)
        after = tuple(mark.after for mark in row.marks)
        yield from _quoted("Trước", row.before, before, ("[-", "-]"))
        yield from _quoted("Sau", row.after, after, ("{+", "+}"))
    for row, amendment in article.swaps:
        yield f"  {row.after.name if row.after else ''}: thay cụm từ".lstrip(": ")
        yield from _quoted("Trước", row.after, (), ("", ""))
        said = " ".join(amendment.said.text.split())
        yield f"    Sửa theo ({_origin(amendment.said)}): {said}"
    if kept:
        yield f"  {kept} khoản, điểm giữ nguyên."


def _quoted(
    side: str, piece: Piece | None, marks: tuple[tuple[int, int], ...], signs: tuple[str, str]
) -> Iterator[str]:
    if piece is None:
        return
    label = f"{side} ({_origin(piece)}): " if side else ""
    text = marked(piece.text, marks, signs)
    first, *rest = text.splitlines()
    yield f"    {label}{first}"
    yield from (f"    {line}" for line in rest if line.strip())


def _origin(piece: Piece) -> str:
    return f"Điều {piece.source.article} {piece.source.number}".strip()


def _events(found: Comparison, article: Compared) -> Iterator[str]:
    label = next(t.article.label for t in (article.after, article.before) if t is not None)
    for each, event in found.events:
        if each == label:
            yield event_line(event)


def _side(text: ArticleText | None) -> str:
    return f"Điều {text.article.label}. {text.article.heading}".rstrip(". ") if text else ""


def _where(found: Comparison, side: int) -> str:
    if found.before.key == found.after.key:
        return f"ngày {written(found.on[side])}"
    return (found.before, found.after)[side].number


def _named(law: Law) -> str:
    return law.title if law.number in law.title else f"{law.title} ({law.number})"


# --- JSON ---------------------------------------------------------------------------------


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The whole comparison; every quote with the span it is cut from."""
    return {
        "before": _law_json(found, 0),
        "after": _law_json(found, 1),
        "articles": [_article_json(article) for article in ordered(found.articles)],
        "same": found.same,
        "events": [event_json(article, event) for article, event in found.events],
        "remarks": list(found.remarks),
    }


def _law_json(found: Comparison, side: int) -> dict[str, Any]:
    law, on = (found.before, found.after)[side], found.on[side]
    return {
        "key": law.key,
        "number": law.number,
        "title": law.title,
        "as_of": on.isoformat(),
        "validity": verdict_json(law.verdict(on)),
    }


def _article_json(article: Compared) -> dict[str, Any]:
    return {
        "before": _text_json(article.before),
        "after": _text_json(article.after),
        "likeness": article.share,
        "rows": [_row_json(row) for row in article.rows],
        "swaps": [
            {
                "row": row.after.name if row.after else "",
                "words": [list(pair) for pair in amendment.swaps],
                "said": piece_json(amendment.said),
            }
            for row, amendment in article.swaps
        ],
    }


def _text_json(text: ArticleText | None) -> dict[str, Any] | None:
    if text is None:
        return None
    return {
        "article": text.article.label,
        "heading": text.article.heading,
        "path": list(text.article.path),
        "form": text.article.form,
        "made": text.made,
        "by": list(text.by),
    }


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "change": row.change.value,
        "before": piece_json(row.before),
        "after": piece_json(row.after),
        "marks": [{"before": list(m.before), "after": list(m.after)} for m in row.marks],
    }


def piece_json(piece: Piece | None) -> dict[str, Any] | None:
    """A quote: ``text`` is ``[start:end]`` of the version ``sha256`` of ``document_id``."""
    if piece is None:
        return None
    return {
        "clause": piece.clause,
        "point": piece.point,
        "text": piece.text,
        "document_id": piece.source.document_id,
        "sha256": piece.source.sha256,
        "start": piece.start,
        "end": piece.end,
        "number": piece.source.number,
        "article": piece.source.article,
    }


# --- HTML ---------------------------------------------------------------------------------

_STYLE = (
    "body{font-family:system-ui,sans-serif;max-width:72rem;margin:auto;padding:1rem;line-height:1.5}"
    "table{width:100%;border-collapse:collapse;table-layout:fixed}td,th{border:1px solid #bbb;"
    "padding:.5rem;vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere;text-align:left}"
    "del{background:#fdd}ins{background:#dfd}.name{color:#555}small{color:#555}"
)


def page(found: Comparison) -> str:
    """A page of its own: both texts side by side, words that differ marked."""
    parts = [f"<h1>{escape(heading(found))}</h1>"]
    for remark in found.remarks:
        parts.append(f"<p><strong>Lưu ý:</strong> {escape(remark)}</p>")
    for article in ordered(found.articles):
        parts.append(f"<h2>{escape(title_of(found, article))}</h2>")
        parts += [f"<p>{escape(event)}</p>" for event in _events(found, article)]
        parts.append(_table(found, article))
    if not found.articles:
        parts.append("<p>Không thấy điều nào khác nhau trong phần có trong kho.</p>")
    elif found.same:
        parts.append(f"<p>{found.same} điều không khác.</p>")
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        f"<title>{escape(heading(found))}</title>"
        '<meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


def _table(found: Comparison, article: Compared) -> str:
    heads = "".join(f'<th scope="col">{escape(_column(found, side))}</th>' for side in (0, 1))
    rows = "".join(_row_html(row) for row in article.rows)
    for row, amendment in article.swaps:
        said = escape(" ".join(amendment.said.text.split()))
        name = escape(row.after.name if row.after else "")
        rows += (
            f'<tr><td colspan="2"><span class="name">{name}: thay cụm từ</span>\n{said}</td></tr>'
        )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _column(found: Comparison, side: int) -> str:
    law = (found.before, found.after)[side]
    return f"{'Trước' if side == 0 else 'Sau'}: {law.number}, ngày {written(found.on[side])}"


def _row_html(row: Row) -> str:
    cells = "".join(
        _cell(piece, [span(mark) for mark in row.marks], tag)
        for piece, tag, span in (
            (row.before, "del", _before),
            (row.after, "ins", _after),
        )
    )
    name = escape(row_title(row))
    return f'<tr><td colspan="2" class="name">{name}</td></tr><tr>{cells}</tr>'


def _cell(piece: Piece | None, spans: list[tuple[int, int]], tag: str) -> str:
    if piece is None:
        return "<td>–</td>"
    made, at = [], 0
    for start, end in spans:
        if start < end:
            made += [escape(piece.text[at:start]), f"<{tag}>", escape(piece.text[start:end])]
            made.append(f"</{tag}>")
            at = end
    made.append(escape(piece.text[at:]))
    return f"<td>{''.join(made)}\n<small>{escape(_origin(piece))}</small></td>"


def _before(mark: Mark) -> tuple[int, int]:
    return mark.before


def _after(mark: Mark) -> tuple[int, int]:
    return mark.after
