"""``troly law``: what a document says, whether it holds on a day, and what changed it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from knowledge_base.command_state import State, asked_day
from knowledge_base.errors import KnowledgeError, WrongUse
from knowledge_base.law import told
from knowledge_base.law.graph import Edge, Graph
from knowledge_base.law.keys import asked_numbers
from knowledge_base.law.view import Article, Law, law
from knowledge_base.store import Record

laws = typer.Typer(
    no_args_is_help=True,
    help="Văn bản pháp luật trong kho: nội dung từng điều, hiệu lực theo ngày, diễn biến sửa đổi.",
)

Number = Annotated[str, typer.Argument(help='Số hiệu, ví dụ "30/2020/NĐ-CP", "nghị định 30/2020".')]
ArticleOption = Annotated[str, typer.Option("--article", help="Điều, ví dụ 5 hoặc 5a.")]
Json = Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")]


class _NotThere(KnowledgeError):
    """The document or the part of it that was asked for is not in the record (exit code 1)."""


@laws.command()
def show(
    ctx: typer.Context,
    number: Number,
    article: ArticleOption = "",
    clause: Annotated[str, typer.Option("--clause", help="Khoản của điều đó.")] = "",
    as_of: Annotated[
        str, typer.Option("--as-of", help="Ngày xét hiệu lực, dạng 2026-07-01 (mặc định hôm nay).")
    ] = "",
    as_json: Json = False,
) -> None:
    """Xem một văn bản, hoặc một điều, một khoản, và hiệu lực của nó vào một ngày."""
    with _clear_errors():
        on = asked_day(as_of)
        if clause and not article:
            raise WrongUse("--clause cần đi cùng --article, ví dụ: --article 5 --clause 2")
        found = _found(_record(ctx), number)
        if not article:
            _print(told.law_json(found, on) if as_json else told.overview_lines(found, on))
            return
        one = _article(found, article)
        label = clause.lower().removeprefix("khoản").strip()
        if label and not one.clause(label):
            raise _NotThere(
                f"Điều {one.label} của {found.number} không có khoản {label} trong kho."
            )
        if as_json:
            made = told.law_json(found, on)
            for part in ("articles", "events", "relations"):
                del made[part]
            whole = told.article_json(found, one, on)
            if label:
                whole["clause"] = label
                whole["text"] = one.clause(label)
            _print({**made, "article": whole})
        else:
            _print(told.article_lines(found, one, on, label))


@laws.command()
def history(
    ctx: typer.Context, number: Number, article: ArticleOption = "", as_json: Json = False
) -> None:
    """Diễn biến của một văn bản hoặc một điều: ban hành, có hiệu lực, sửa đổi, thay thế, bãi bỏ."""
    with _clear_errors():
        found = _found(_record(ctx), number)
        label = _article(found, article).label if article else ""
        if not as_json:
            _print(told.history_lines(found, label))
            return
        _print(
            {
                "key": found.key,
                "number": found.number,
                "title": found.title,
                "article": label,
                "issued_on": found.issued_on or None,
                "effective_from": found.effective_from and found.effective_from.isoformat(),
                "effective_to": found.effective_to and found.effective_to.isoformat(),
                "events": [
                    told.event_json(a, e) for a, e in found.events if not label or a in ("", label)
                ],
                "relations": [
                    told.edge_json(e)
                    for e in found.outgoing
                    if not e.kind.endswith("_by") and label in ("", e.source_article)
                ],
            }
        )


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Errors as one sentence on stderr: 2 for a wrong use, 1 for what is not there."""
    try:
        yield
    except WrongUse as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except _NotThere as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _record(ctx: typer.Context) -> Record:
    from knowledge_base.prepare import store_bundled
    from knowledge_base.progress import bars

    state: State = ctx.obj
    with bars(state.console) as progress:
        store_bundled(state.home, state.knowledge, progress)
    return Record(state.home.record())


def _found(record: Record, text: str) -> Law:
    graph = Graph(record)
    resolution = graph.resolve(text)
    if resolution.state == "several":
        names = [graph.written(key) for key in resolution.keys[:12]]
        raise _NotThere(
            f"“{text}” có thể là nhiều văn bản: {', '.join(names)}. Hãy ghi đủ số hiệu."
        )
    found = law(record, resolution.keys[0]) if resolution.state == "found" else None
    if found is None:
        near = [graph.written(key) for key in resolution.near]
        hint = f" Số hiệu gần giống: {', '.join(near)}." if near else ""
        raise _NotThere(f"Kho không có văn bản “{text}”.{_mentions(graph, text)}{hint}")
    return found


def _mentions(graph: Graph, text: str) -> str:
    """What documents that are there say of one that is not."""
    asked = next(iter(asked_numbers(text)), None)
    edges: list[Edge] = graph.incoming(asked.key) if asked is not None and asked.whole else []
    words = {"repeals": "bãi bỏ", "replaces": "thay thế", "amends": "sửa đổi, bổ sung"}
    articles: dict[tuple[str, str], list[str]] = {}
    for edge in edges:
        if edge.kind in words:
            articles.setdefault((edge.source, edge.kind), []).append(edge.target_article)
    said = [
        f"{source} {words[kind]} "
        + (f"Điều {', '.join(labels)} của văn bản này" if all(labels) else "văn bản này")
        for (source, kind), labels in articles.items()
    ]
    return f" Văn bản trong kho có nói: {'; '.join(said[:5])}." if said else ""


def _article(found: Law, label: str) -> Article:
    one = found.article(label)
    if one is None:
        known = [a.label for a in found.articles]
        there = f"{known[0]} đến {known[-1]}" if len(known) > 12 else ", ".join(known) or "không có"
        raise _NotThere(
            f"{found.number} trong kho không có Điều {label} (các điều đang có: {there})."
        )
    return one


def _print(what: dict[str, Any] | Iterable[str]) -> None:
    if isinstance(what, dict):
        typer.echo(json.dumps(what, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(what))
