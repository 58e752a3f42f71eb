"""``troly conflicts A B``: where two documents say one thing differently."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import InputError
from knowledge_base.command_state import State, asked_day
from knowledge_base.errors import KnowledgeError, WrongUse

if TYPE_CHECKING:
    from assistant.conflicts.sources import Named
    from assistant.conflicts.vocabulary import Comparison
    from assistant.session import SessionState


def conflicts(
    ctx: typer.Context,
    a: Annotated[
        str,
        typer.Argument(
            help="Tệp (.docx .pdf .html .md .txt), số hiệu hay tên trong kho, hoặc - (đọc stdin)."
        ),
    ],
    b: Annotated[
        str, typer.Argument(help="Văn bản thứ hai; bỏ trống khi dùng --corpus.", show_default=False)
    ] = "",
    corpus: Annotated[
        bool, typer.Option("--corpus", help="So A với các văn bản đang có hiệu lực trong kho.")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=1, max=200, help="Với --corpus: số văn bản gần nhất được so.")
    ] = 20,
    as_of: Annotated[
        str, typer.Option("--as-of", help="Ngày xét, dạng 2026-07-01 (mặc định hôm nay).")
    ] = "",
    least: Annotated[
        float, typer.Option("--least", min=0.0, max=1.0, help="Độ tin thấp nhất được nêu.")
    ] = 0.6,
    explained: Annotated[
        bool, typer.Option("--explained", help="Kể cả chỗ khác nhau có lý do.")
    ] = False,
    model: Annotated[
        bool,
        typer.Option("--model", help="Hỏi thêm ý kiến mô hình trên máy; không đổi kết quả."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Ghi báo cáo thành trang HTML.")
    ] = None,
    docx: Annotated[Path | None, typer.Option("--docx", help="Ghi báo cáo thành tệp Word.")] = None,
) -> None:
    """Tìm chỗ hai văn bản nói khác nhau về cùng một việc, để cán bộ xác nhận.

    Ví dụ: troly conflicts du-thao.docx 30/2020/NĐ-CP
    """
    from assistant.conflicts.told import comparison_json, lines, page

    if a == b == "-":
        raise typer.BadParameter("Chỉ một bên đọc từ stdin (-).")
    if bool(b) == corpus:
        raise typer.BadParameter("Cần hai văn bản A và B, hoặc một văn bản A với --corpus.")
    try:
        on = asked_day(as_of)
        found = list(_compared(ctx.obj, a, b, on, least, limit))
        if model:
            found = _with_opinions(ctx.obj, found)
        if html is not None:
            html.write_text(page(found), encoding="utf-8")
        if docx is not None:
            from assistant.conflicts.told_docx import write

            write(found, docx)
    except (WrongUse, InputError, KnowledgeError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2 if isinstance(error, WrongUse) else 1) from None
    if as_json:
        made = [comparison_json(each) for each in found]
        shown = {"comparisons": made} if corpus else made[0]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for each in found:
        if not corpus or each.findings:
            typer.echo("\n".join(lines(each, with_explained=explained)) + "\n")
    if corpus:
        alarms = sum(len(each.findings) for each in found)
        typer.echo(f"Đã so với {len(found)} văn bản; {alarms} chỗ cần cán bộ xác nhận.")


def _compared(
    state: State, a: str, b: str, on: date, least: float, limit: int
) -> Iterator[Comparison]:
    from assistant.conflicts.sources import in_force_beside, named
    from knowledge_base.prepare import ensure_ready, store_bundled
    from knowledge_base.progress import bars
    from knowledge_base.search import KnowledgeBase
    from knowledge_base.store import Record

    with bars(state.console) as progress:
        store_bundled(state.home, state.knowledge, progress)
    record = Record(state.home.record())
    first = named(a, record, state.knowledge)
    if b:
        yield between(first, named(b, record, state.knowledge), on, least)
        return
    with bars(state.console) as progress:
        ensure_ready(state.home, state.knowledge, progress)
    knowledge = KnowledgeBase(state.home, state.knowledge)
    try:
        from assistant.conflicts.sources import Named

        for other in in_force_beside(first.document, knowledge, on, limit):
            # What is in force is what the draft is held against.
            yield between(Named(other, other.number), first, on, least)
    finally:
        knowledge.close()


def _with_opinions(state: SessionState, found: list[Comparison]) -> list[Comparison]:
    from assistant.conflicts.opinion import with_opinions
    from assistant.language_model.opening import open_model

    home = state.home
    opened = open_model(state.config.model, models=home.models, logs=home.logs)
    if opened is None:
        raise InputError(
            "Cấu hình không có mô hình (model.kind: none). Bỏ --model, hoặc đặt model."
        )
    try:
        return [with_opinions(each, opened) for each in found]
    finally:
        opened.close()


def between(first: Named, second: Named, on: date, least: float) -> Comparison:
    """Two named documents compared, with what has to be said of each."""
    from assistant.conflicts.compare import compare

    made = compare(
        first.document, second.document, on, least=least, sources=(first.source, second.source)
    )
    return replace(made, remarks=(*first.remarks, *second.remarks, *made.remarks))
