"""``troly law map OLD NEW``: which article of the new law says what one of the old law said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Annotated, Any

import typer

from knowledge_base.command_state import State
from knowledge_base.errors import KnowledgeError
from knowledge_base.law.article_map import MapArticle, MapKind, Pair, article_map
from knowledge_base.law.article_map_known import KnownPair, known_pairs
from knowledge_base.law.graph import Graph
from knowledge_base.law.view import Article, Law, law
from knowledge_base.store import Record

NOTICE = (
    "Máy ghép theo tên điều, nội dung và thứ tự; ghép không có nghĩa là hai điều quy định như "
    "nhau. "
    "Hãy đối chiếu nguyên văn."
)
NAMES = {
    MapKind.SAME: "một thành một",
    MapKind.SPLIT: "một tách thành nhiều",
    MapKind.MERGED: "nhiều gộp thành một",
    MapKind.DROPPED: "không thấy ở luật mới",
    MapKind.NEW: "không có ở luật cũ",
}
_WHOLE = ("codified", "text")


@dataclass(frozen=True, slots=True)
class Mapped:
    """Two laws side by side; ``known`` are pairs of the shipped table, where a text is missing."""

    old: Law | None
    new: Law | None
    old_number: str
    new_number: str
    pairs: tuple[Pair, ...]
    known: tuple[KnownPair, ...]
    remarks: tuple[str, ...]


def mapped(record: Record, old: str, new: str) -> Mapped:
    """The map of two laws by number or name. Raises `KnowledgeError` where neither is known."""
    first, second = _named(record, old), _named(record, new)
    known = known_pairs(first, second)
    laws = (law(record, first), law(record, second))
    texts = [_articles(each) for each in laws]
    numbers = [
        each.number if each else key.upper()
        for each, key in zip(laws, (first, second), strict=True)
    ]
    remarks = [
        f"Kho chưa có toàn văn {number}: nạp bằng troly ingest TỆP rồi chạy lại để máy ghép "
        f"theo nội dung."
        for number, articles in zip(numbers, texts, strict=True)
        if not articles
    ]
    if remarks and not known:
        raise KnowledgeError(" ".join(remarks))
    pairs = tuple(article_map(*texts)) if all(texts) else ()
    if remarks:
        remarks.append("Dưới đây là các cặp điều đã biết chắc, kèm theo phần mềm; không đầy đủ.")
    return Mapped(laws[0], laws[1], numbers[0], numbers[1], pairs, known, tuple(remarks))


def map_laws(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(help="Luật cũ: số hiệu hoặc tên kèm năm.")],
    new: Annotated[str, typer.Argument(help="Luật mới: số hiệu hoặc tên kèm năm.")],
    article: Annotated[
        str, typer.Option("--article", "-a", help="Chỉ một điều của luật cũ (hoặc “mới 173”).")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Ghi bảng thành trang HTML.")] = None,
) -> None:
    """Đối chiếu điều của luật cũ với điều của luật mới.

    Ví dụ: troly law map 15/1999/QH10 100/2015/QH13 --article 138
    """
    state: State = ctx.obj
    try:
        with closing(Record(state.home.record())) as record:
            found = mapped(record, old, new)
        found = _only(found, article)
        if html is not None:
            html.write_text(page(found), encoding="utf-8")
    except (KnowledgeError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(map_json(found), ensure_ascii=False, indent=2))
        return
    for line in lines(found):
        typer.echo(line)


def _named(record: Record, text: str) -> str:
    found = Graph(record).resolve(text)
    if found.state == "found" and found.keys:
        return found.keys[0]
    if found.state == "several":
        graph = Graph(record)
        names = ", ".join(graph.written(key) for key in found.keys[:8])
        raise KnowledgeError(f"“{text}” có thể là nhiều văn bản: {names}. Hãy ghi đủ số hiệu.")
    from knowledge_base.law.keys import document_key

    key = document_key(text)
    if not key:
        near = ", ".join(Graph(record).written(k) for k in found.near)
        hint = f" Số hiệu gần giống: {near}." if near else ""
        raise KnowledgeError(
            f"Kho không có luật nào là “{text}”.{hint} Nạp bằng: troly ingest TỆP."
        )
    return key


def _articles(each: Law | None) -> list[MapArticle]:
    if each is None:
        return []
    whole = [a for a in each.articles if a.form in _WHOLE]
    return [MapArticle(a.label, a.heading, a.text) for a in whole]


def _only(found: Mapped, article: str) -> Mapped:
    if not article:
        return found
    asked = article.lower().removeprefix("điều").strip()
    side, label = (
        ("new", asked.split()[-1]) if asked.startswith(("mới", "moi", "new")) else ("old", asked)
    )
    pairs = tuple(p for p in found.pairs if getattr(p, side) == label)
    known = tuple(k for k in found.known if (label in k.new if side == "new" else k.old == label))
    if not pairs and not known:
        raise KnowledgeError(
            f"Không có Điều {label} trong phần đã ghép. Xem cả bảng bằng cách bỏ --article."
        )
    return Mapped(
        found.old, found.new, found.old_number, found.new_number, pairs, known, found.remarks
    )


def map_json(found: Mapped) -> dict[str, Any]:
    """Both laws, the pairs with their headings, the pairs that come with the program."""
    return {
        "old": found.old_number,
        "new": found.new_number,
        "pairs": [
            {
                "kind": p.kind.value,
                "confidence": p.confidence,
                "old": _side(found.old, p.old),
                "new": _side(found.new, p.new),
            }
            for p in found.pairs
        ],
        "known": [{"old": k.old, "new": list(k.new), "about": k.about} for k in found.known],
        "remarks": list(found.remarks),
        "notice": NOTICE,
    }


def _side(each: Law | None, label: str) -> dict[str, Any] | None:
    article = each.article(label) if each and label else None
    if article is None:
        return None
    return {
        "article": label,
        "heading": article.heading,
        "quote": _quote(article),
        "document_id": article.document_id,
        "start": article.start,
        "end": article.end,
        "sha256": article.sha256,
    }


def _quote(article: Article) -> str:
    """The beginning of an article, verbatim."""
    text = article.text
    return text if len(text) <= 400 else text[: text.rfind(" ", 0, 400)]


def lines(found: Mapped) -> Iterator[str]:
    """What a person reads in a terminal."""
    yield f"{found.old_number} → {found.new_number}"
    for remark in found.remarks:
        yield f"Lưu ý: {remark}"
    for pair in found.pairs:
        yield (
            f"{_told(found.old, pair.old)} → {_told(found.new, pair.new)}   "
            f"[{NAMES[pair.kind]}, độ tin {pair.confidence:.2f}]"
        )
        if len(found.pairs) <= 6:
            for each, label in ((found.old, pair.old), (found.new, pair.new)):
                article = each.article(label) if each and label else None
                if article:
                    yield f"    {article.text}"
    if not found.pairs:
        for known in found.known:
            yield f"Điều {known.old} → Điều {', '.join(known.new)}   [{known.about}]"
    elif len(found.pairs) <= 6:
        for known in found.known:
            yield f"Đã biết: Điều {known.old} → Điều {', '.join(known.new)} ({known.about})"
    yield NOTICE


def _told(each: Law | None, label: str) -> str:
    if not label:
        return "(không có)"
    article = each.article(label) if each else None
    heading = f". {article.heading}" if article and article.heading else ""
    return f"Điều {label}{heading}"


def page(found: Mapped) -> str:
    """A page that stands alone: a row for each pair, both beginnings verbatim."""
    rows = "".join(
        f"<tr><td>{_cell(found.old, p.old)}</td><td>{_cell(found.new, p.new)}</td>"
        f"<td>{NAMES[p.kind]}<br>độ tin {p.confidence:.2f}</td></tr>"
        for p in found.pairs
    )
    rows += "".join(
        f"<tr><td>Điều {escape(k.old)}: {escape(k.about)}</td><td>Điều "
        f"{', '.join(k.new)}</td><td>đã biết</td></tr>"
        for k in (found.known if not found.pairs else ())
    )
    remarks = "".join(f"<p>Lưu ý: {escape(r)}</p>" for r in found.remarks)
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Đối chiếu điều '
        "luật</title>"
        "<style>body{font:16px/1.5 sans-serif;max-width:72rem;margin:1rem auto;padding:0 1rem}"
        "table{width:100%;border-collapse:collapse}td,th{border:1px solid "
        "#999;padding:.4rem;vertical-align:top}"
        f"</style></head><body><h1>{escape(found.old_number)} → {escape(found.new_number)}</h1>"
        f"<p>{NOTICE}</p>{remarks}<table><tr><th>{escape(found.old_number)}</th>"
        f"<th>{escape(found.new_number)}</th><th>Ghép</th></tr>{rows}</table></body></html>"
    )


def _cell(each: Law | None, label: str) -> str:
    article = each.article(label) if each and label else None
    if article is None:
        return escape(f"Điều {label}") if label else "—"
    return f"<b>Điều {escape(label)}. {escape(article.heading)}</b><br>{escape(_quote(article))}"
