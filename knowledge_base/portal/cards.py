"""A record of the portal as a typed card and the document that is stored of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from knowledge_base.card_text import document_of_card
from knowledge_base.documents import SLOTS, Document, DossierItem, FeeState, ProcedureCard, Source
from knowledge_base.portal.basis import basis_of, number_in
from knowledge_base.portal.channels import Channels, channels_of
from knowledge_base.portal.dossier import HEADER as PAPERS
from knowledge_base.portal.dossier import Papers, paper, papers_of
from knowledge_base.portal.records import Paper, Raw, Schema
from knowledge_base.portal.rows import HEADER as ROWS
from knowledge_base.portal.rows import Row, before_first, rows
from knowledge_base.portal.texts import (
    known,
    levels,
    listed,
    other_names,
    paragraphs,
    required,
    results,
    short_name,
    steps,
)
from knowledge_base.wording import HOW

SOURCE = "portal"
CATALOGUE_DATE = "2025-04"
STALE = (
    "Bản ghi này chỉ có tên, lấy từ danh mục tháng 4/2025, trước khi bỏ cấp huyện (01/7/2025); "
    "cơ quan, thời hạn, phí và hồ sơ hiện nay phải xem trên Cổng Dịch vụ công quốc gia."
)
_OVERRULED = (
    "Bảng của Cổng ghi “Miễn phí”, còn phần chữ bên cạnh nêu mức hoặc căn cứ thu; "
    "ở đây theo phần chữ, hãy hỏi lại nơi nộp hồ sơ trước khi nộp tiền."
)
_LONGEST_RAW = 6000  # characters of a cell that are kept beside an unreadable slot


def card_of(raw: Raw) -> ProcedureCard:
    """The typed card of a record. What cannot be read for sure is in ``unreadable``."""
    if raw.schema is Schema.CATALOGUE:
        return _stale_card(raw)
    raw = mended(raw)
    table = raw.rows or tuple(rows(known(raw.channels)))
    channels = _channels(raw, table)
    papers = _papers(raw)
    basis, basis_readable = _basis(raw)
    conditions, none_required = required(raw.conditions)
    authority = listed(raw.authority) or listed(raw.carried_out_by)
    notes = []
    if channels.overruled:
        notes.append(_OVERRULED)
    by = listed(raw.carried_out_by)
    if by and by != authority:
        notes.append(f"Cơ quan trực tiếp thực hiện: {by}")
    unreadable = set(channels.unreadable)
    unreadable |= set() if papers.readable else {"dossier"}
    unreadable |= set() if basis_readable else {"legal_basis"}
    nothing = {"conditions"} if none_required else set()
    nothing |= {"times"} if channels.no_time_limit else set()
    card = ProcedureCard(
        code=raw.code,
        name=" ".join(raw.name.split()).rstrip(" ."),
        short_name=short_name(raw.name),
        field=known(raw.field),
        levels=levels(raw.level),
        authority=authority,
        where="; ".join(paragraphs(known(raw.where))),
        who=listed(raw.who),
        channels=channels.channels,
        dossier=papers.items,
        steps=steps(raw.steps),
        result=results(raw.result),
        conditions=paragraphs(conditions),
        legal_basis=basis,
        other_names=other_names(raw.name),
        english_name="",
        english_other_names=(),
        related=(),
        notes=tuple(notes),
        sources=(_source(raw),),
        slot_sources={"all": (SOURCE,)},
        none_required=tuple(slot for slot in SLOTS if slot in nothing),
        unreadable=tuple(slot for slot in SLOTS if slot in unreadable),
        raw=_kept(raw, table, unreadable),
    )
    empty = {slot for slot in SLOTS if not _filled(card, slot)} - nothing - unreadable
    return replace(card, unknown=tuple(slot for slot in SLOTS if slot in empty))


def document_of(
    card: ProcedureCard, schema: Schema, *, collection: str, labels: tuple[str, ...]
) -> Document:
    """The stored document of an imported card: ``portal:<code>``."""
    document = document_of_card(card)
    return replace(
        document,
        id=f"portal:{card.code}",
        collection=collection,
        labels=labels,
        other_names=tuple(filter(None, document.other_names)),
        meta={**document.meta, "schema": schema.value},
    )


def mended(raw: Raw) -> Raw:
    """A record whose cells were cut at a heading that stood inside a text, put together again.

    "(Căn cứ pháp lý: Thông tư …)" inside a fee made the crawler begin the next
    cell there; the rest of the table is then found in that cell.
    """
    if raw.schema is not Schema.PORTAL:
        return raw
    if raw.channels.startswith(ROWS) and raw.channels.count("(") > raw.channels.count(")"):
        rest = raw.basis
        if rest and not rest.startswith("Tên văn bản") and list(rows(rest)):
            joined = f"{raw.channels}Căn cứ pháp lý{rest}"
            raw = replace(raw, channels=joined, basis="")
    return raw


def _channels(raw: Raw, table: Sequence[Row]) -> Channels:
    found = channels_of(table)
    text = known(raw.channels)
    if text and (not found.channels or before_first(text)):
        found.unreadable |= {"times", "fees"}
    return found


def _papers(raw: Raw) -> Papers:
    if raw.schema is Schema.MINISTRY:
        return Papers(tuple(_paper(row) for row in raw.papers))
    if PAPERS not in raw.dossier and "Thành phần hồ sơ" in raw.steps:
        return Papers(readable=False)
    return papers_of(raw.dossier)


def _paper(row: Paper) -> DossierItem:
    originals = re.search(r"Bản chính\s*:\s*(\d+)", row.quantity)
    copies = re.search(r"Bản sao\s*:\s*(\d+)", row.quantity)
    return paper(
        row.name,
        row.form.split("\n")[0],
        int(originals[1]) if originals else None,
        int(copies[1]) if copies and int(copies[1]) else None,
    )


def _basis(raw: Raw) -> tuple[tuple[str, ...], bool]:
    if raw.schema is Schema.MINISTRY:
        numbers = [number_in(cell) for cell in raw.numbers]
        found = tuple(dict.fromkeys(filter(None, numbers)))
        return found, bool(found) or not any(raw.numbers)
    basis = basis_of(raw.basis)
    return basis.numbers, basis.readable


def _filled(card: ProcedureCard, slot: str) -> bool:
    if slot == "times":
        return any(channel.times for channel in card.channels)
    if slot == "fees":
        return any(
            fee.state is not FeeState.UNKNOWN for channel in card.channels for fee in channel.fees
        )
    return bool(getattr(card, slot))


def _kept(raw: Raw, table: Sequence[Row], unreadable: set[str]) -> dict[str, str]:
    """The source's own words for what could not be read."""
    cells = {
        "times": _written(table, lambda row: row.time),
        "fees": _written(table, lambda row: row.fee_cell),
        "dossier": raw.dossier,
        "legal_basis": raw.basis or "; ".join(raw.numbers),
    }
    whole = raw.channels.removeprefix(ROWS)
    kept = {slot: cells.get(slot) or whole for slot in sorted(unreadable)}
    return {slot: text[:_LONGEST_RAW] for slot, text in kept.items() if text}


def _written(table: Sequence[Row], cell: Callable[[Row], str]) -> str:
    """A column of the table with the descriptions; ways to file that agree share their words."""
    shared: dict[str, list[str]] = {}
    for row in table:
        words = " – ".join(filter(None, (f"“{cell(row)}”" if cell(row) else "", row.description)))
        if words:
            shared.setdefault(words, []).append(HOW[row.how])
    return "; ".join(f"{', '.join(dict.fromkeys(hows))}: {words}" for words, hows in shared.items())


def _source(raw: Raw) -> Source:
    decision = re.sub(r"^quyết định(?: số)?\s*", "", raw.decision, flags=re.IGNORECASE)
    return Source(
        key=SOURCE,
        title=f"Cổng Dịch vụ công quốc gia, thủ tục {raw.code}",
        url=raw.url if raw.url.startswith(("http://", "https://")) else "",
        decision_number=decision.replace(" /", "/").strip(),
    )


def _stale_card(raw: Raw) -> ProcedureCard:
    source = replace(
        _source(raw),
        title="Danh mục thủ tục hành chính tháng 4/2025 (trước khi bỏ cấp huyện)",
        published=CATALOGUE_DATE,
    )
    return ProcedureCard(
        code=raw.code,
        name=" ".join(raw.name.split()).rstrip(" ."),
        short_name=short_name(raw.name),
        field=known(raw.field),
        levels=(),
        authority="",
        where="",
        who="",
        channels=(),
        dossier=(),
        steps=(),
        result="",
        conditions=(),
        legal_basis=(),
        other_names=other_names(raw.name),
        english_name="",
        english_other_names=(),
        related=(),
        notes=(STALE,),
        sources=(source,),
        slot_sources={"all": (SOURCE,)},
        unknown=SLOTS,
    )
