"""``troly search``: one query for a person, or a file of queries for a benchmark."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from knowledge_base.command_state import State, asked_day
from knowledge_base.documents import Validity
from knowledge_base.errors import KnowledgeError, WrongUse
from knowledge_base.query import Filter

if TYPE_CHECKING:
    from knowledge_base.documents import Hit
    from knowledge_base.law.validity import Verdict
    from knowledge_base.search import KnowledgeBase

NOTHING_FOUND = (
    "Không tìm thấy nội dung nào trong kho tài liệu phù hợp với câu hỏi này. "
    "Anh/chị thử nói rõ tên thủ tục, giấy tờ hoặc số hiệu văn bản."
)
_SNIPPET = 220


class Format(StrEnum):
    text = "text"
    json = "json"
    trec = "trec"


def search(
    ctx: typer.Context,
    query: Annotated[str | None, typer.Argument(help="Câu hỏi hoặc từ khóa.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Số kết quả.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
    queries: Annotated[
        Path | None,
        typer.Option(help="Tệp JSONL gồm nhiều câu hỏi: _id, text.", show_default=False),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="text, json hoặc trec (mặc định trec khi có --queries)."),
    ] = None,
    collection: Annotated[
        list[str] | None,
        typer.Option(
            help="Chỉ tìm trong bộ tài liệu này (lặp lại được). Với --queries, mặc định là những "
            "gì đã nạp bằng ingest; kho kèm theo tên là bundled.",
            show_default=False,
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="Ngày áp dụng, dạng 2026-07-01 (mặc định hôm nay; với --queries, xếp hạng cả "
            "văn bản đã hết hiệu lực)."
        ),
    ] = None,
) -> None:
    """Tìm trong kho tài liệu: tên thủ tục, câu hỏi, số hiệu văn bản, mã thủ tục."""
    state: State = ctx.obj
    try:
        day = asked_day(as_of)
        if (query is None) == (queries is None):
            raise WrongUse("Hãy cho một câu hỏi, hoặc một tệp câu hỏi với --queries.")
        knowledge = _ready(state)
        if queries is not None:
            # A run without a day is about finding texts, whatever has become of them since.
            within = replace(
                _within(knowledge, collection, ingested=True),
                include_not_in_force=as_of is None,
            )
            _many(state, knowledge, queries, k, form or Format.trec, day, within)
        elif query is not None:
            within = _within(knowledge, collection, ingested=False)
            _one(knowledge, query, k, Format.json if as_json else form, day, within)
    except WrongUse as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except KnowledgeError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except BrokenPipeError:  # the reader has seen enough
        sys.stderr.close()
        raise typer.Exit(0) from None


def _ready(state: State) -> KnowledgeBase:
    from knowledge_base.prepare import ensure_ready
    from knowledge_base.progress import bars
    from knowledge_base.search import KnowledgeBase

    with bars(state.console) as progress:
        ensure_ready(state.home, state.knowledge, progress)
    return KnowledgeBase(state.home, state.knowledge)


def _within(knowledge: KnowledgeBase, asked: list[str] | None, *, ingested: bool) -> Filter:
    """Where to look. A run over a file of queries ranks what was ingested, if anything was:
    the bundled corpus would take places that its judgements know nothing of."""
    from knowledge_base.card_text import BUNDLED

    there = knowledge.collections()
    if asked:
        unknown = sorted(set(asked) - set(there))
        if unknown:
            raise WrongUse(
                f"Không có bộ tài liệu {', '.join(unknown)}. Đang có: {', '.join(there)}."
            )
        return Filter(collections=frozenset(asked))
    others = frozenset(there) - {BUNDLED}
    return Filter(collections=others) if ingested and others else Filter()


def _hits(
    knowledge: KnowledgeBase,
    text: str,
    k: int,
    day: date,
    within: Filter,
    *,
    run: bool,
    once: bool = False,
) -> tuple[Hit, ...]:
    from knowledge_base.query import Query
    from knowledge_base.scope import citizen

    # A run for a benchmark ranks documents, and ranks them all the way down.
    return knowledge.search(
        Query(text),
        scope=citizen(),
        as_of=day,
        within=within,
        limit=k,
        per_document=1 if run or once else None,
        gate=not run,
    )


def _one(
    knowledge: KnowledgeBase, text: str, k: int, form: Format | None, day: date, within: Filter
) -> None:
    if not text.strip():
        raise WrongUse("Câu hỏi đang trống. Hãy gõ câu hỏi hoặc từ khóa cần tìm.")
    readable = form not in (Format.json, Format.trec)
    hits = _hits(knowledge, text, k, day, within, run=form is Format.trec, once=readable)
    if form is Format.trec:
        typer.echo("\n".join(_trec("1", hits)))
        return
    judged = _ended_last([(hit, knowledge.standing(hit.passage, day)) for hit in hits])
    if form is Format.json:
        found = [
            {**_as_json(hit), "validity": verdict.validity.value, "why": verdict.reason}
            for hit, verdict in judged
        ]
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    elif not hits:
        typer.echo(NOTHING_FOUND)
    else:
        _show(judged)


def _ended_last(judged: Sequence[tuple[Hit, Verdict]]) -> list[tuple[Hit, Verdict]]:
    """What another text ended goes last, as answers leave it out where anything else is found.

    A text that was asked for by its number keeps its place.
    """
    return sorted(judged, key=lambda one: _has_ended(one[1]) and not one[0].parts.get("resolved"))


def _has_ended(verdict: Verdict) -> bool:
    return verdict.validity is Validity.NOT_IN_FORCE


def _many(
    state: State,
    knowledge: KnowledgeBase,
    file: Path,
    k: int,
    form: Format,
    day: date,
    within: Filter,
) -> None:
    from rich.progress import track

    asked = list(_queries(file))
    rows = track(asked, description="Đang tìm", console=state.console, transient=True)
    for key, text in rows:
        hits = _hits(knowledge, text, k, day, within, run=True)
        if form is Format.trec:
            lines = list(_trec(key, hits))
        else:
            found = {"_id": key, "text": text, "hits": [_as_json(hit) for hit in hits]}
            lines = [json.dumps(found, ensure_ascii=False)]
        if lines:
            sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _queries(file: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except FileNotFoundError:
        raise WrongUse(f"Không có tệp {file}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"Không đọc được tệp {file} ({error}); cần tệp JSONL dạng UTF-8.") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
                yield str(row["_id"]), str(row["text"])
            except (ValueError, KeyError, TypeError):
                raise WrongUse(
                    f'{file}, dòng {number}: cần một đối tượng JSON có "_id" và "text".'
                ) from None


def _trec(key: str, hits: tuple[Hit, ...]) -> Iterator[str]:
    for rank, hit in enumerate(hits, 1):
        source = hit.passage.source_id
        # Ids are printed as they are; tabs keep the fields apart where one holds a blank.
        gap = "\t" if any(letter.isspace() for letter in key + source) else " "
        yield gap.join((key, "Q0", source, str(rank), f"{hit.score:.8g}", "troly"))


def _as_json(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "document_id": passage.document_id,
        "source_id": passage.source_id,
        "kind": passage.kind.value,
        "document_number": passage.number,
        "title": passage.title,
        "path": list(passage.path),
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "sha256": passage.sha256,
        "url": passage.url,
        "effective_from": _iso(passage.effective_from),
        "effective_to": _iso(passage.effective_to),
        "score": round(hit.score, 6),
        "parts": hit.parts,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _show(judged: Sequence[tuple[Hit, Verdict]]) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console()
    for rank, (hit, verdict) in enumerate(judged, 1):
        passage = hit.passage
        place = " › ".join(part for part in passage.path if part != passage.title)
        head = Text.assemble(
            (f"{rank:>2}. ", "dim"),
            (passage.title or passage.source_id, "bold"),
            (f"  {hit.score:.2f}", "cyan"),
            (f"  không còn hiệu lực: {verdict.reason}" if _has_ended(verdict) else "", "red"),
        )
        console.print(head)
        where = " · ".join(
            dict.fromkeys(part for part in (place, passage.number, passage.source_id) if part)
        )
        below = Text.assemble((where, "green"), "\n", _snippet(passage.text))
        console.print(Padding(below, (0, 0, 0, 4)))


def _snippet(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SNIPPET else line[:_SNIPPET].rsplit(" ", 1)[0] + " …"
