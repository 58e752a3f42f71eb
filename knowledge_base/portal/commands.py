"""``troly kb show`` and ``troly kb cards``: the typed slots, for people and programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from knowledge_base.command_state import State
from knowledge_base.kb_commands import Collection, Json, prepared, print_json
from knowledge_base.meant import records

if TYPE_CHECKING:
    from knowledge_base.documents import Document, ProcedureCard
    from knowledge_base.store import Record


class CardFormat(StrEnum):
    JSONL = "jsonl"
    TABLE = "table"


def show(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="Mã thủ tục, ví dụ 1.001612.")],
    as_json: Json = False,
) -> None:
    """Mọi ô của một thủ tục: cách nộp, thời hạn, phí, hồ sơ, căn cứ; ô nào chưa đọc được."""
    state = prepared(ctx)
    found = _card(state, code.strip())
    if found is None:
        typer.echo(
            f"Không có thủ tục mã {code}. Tìm theo tên: troly search; nạp thêm: troly ingest.",
            err=True,
        )
        raise typer.Exit(1)
    document, card = found
    if as_json:
        print_json(card_json(document, card))
    else:
        typer.echo(document.text)


def cards(
    ctx: typer.Context,
    collection: Collection = "",
    format: Annotated[
        CardFormat, typer.Option("--format", help="jsonl: mọi ô; table: mã, tên, ô chưa đọc được.")
    ] = CardFormat.JSONL,
) -> None:
    """Mọi thủ tục đang có với các ô đã định kiểu, mỗi dòng một thủ tục."""
    state = prepared(ctx)
    for document, card in _cards(state, collection):
        if format is CardFormat.JSONL:
            line = json.dumps(card_json(document, card), ensure_ascii=False)
            typer.echo(line)
        else:
            typer.echo(f"{card.code}\t{card.name}\t{', '.join(card.unreadable)}")


def card_json(document: Document, card: ProcedureCard) -> dict[str, Any]:
    """A card as JSON: the names of `ProcedureCard`, and where it is stored.

    ``raw`` has the source's words of each slot in ``unreadable``; days are ISO.
    """
    values: dict[str, Any] = json.loads(json.dumps(asdict(card), default=_plain))
    return {"document_id": document.id, "collection": document.collection, **values}


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _card(state: State, code: str) -> tuple[Document, ProcedureCard] | None:
    for record in records(state.home).values():
        if found := _stored(record, code):
            return found
    return None


def _stored(record: Record, code: str) -> tuple[Document, ProcedureCard] | None:
    card = record.card(code)
    if card is None:
        return None
    document = record.document(f"procedure:{code}") or record.document(f"portal:{code}")
    return (document, card) if document else None


def _cards(state: State, collection: str) -> Iterator[tuple[Document, ProcedureCard]]:
    for record in records(state.home).values():
        for card in record.cards():
            found = _stored(record, card.code)
            if found and (not collection or found[0].collection == collection):
                yield found
