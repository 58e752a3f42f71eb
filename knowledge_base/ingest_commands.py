"""``troly ingest``: files and corpora in, a report out."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from knowledge_base.command_state import State
from knowledge_base.errors import BuildFailed, WrongUse
from knowledge_base.home import Home
from knowledge_base.ingest import Target, ingest_files, labels_of
from knowledge_base.ingest_report import Report
from knowledge_base.prepare import Progress, refresh_index, store_bundled
from knowledge_base.progress import bars
from knowledge_base.store import Record

SHOWN = 20  # failures written out on the terminal; --json has them all
FOREGROUND_SECONDS = 900.0


class InputFormat(StrEnum):
    AUTO = "auto"
    BEIR = "beir"


class Vectors(StrEnum):
    AUTO = "auto"
    NOW = "now"
    LATER = "later"


def ingest(
    ctx: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Tệp hoặc thư mục: Word, Excel, PDF (cả bản quét nếu có Tesseract), .html "
            ".md .txt, corpus.jsonl dạng BEIR."
        ),
    ],
    format: Annotated[
        InputFormat, typer.Option("--format", help="beir: chỉ đọc .jsonl dạng BEIR.")
    ] = InputFormat.AUTO,
    label: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            help="Nhãn phạm vi, mặc định public. Nhãn khác public đi vào kho hạn chế riêng.",
        ),
    ] = None,
    collection: Annotated[
        str, typer.Option("--collection", help="Tên bộ tài liệu; mặc định là tên thư mục.")
    ] = "",
    vectors: Annotated[
        Vectors,
        typer.Option(
            help="Tính vector ngay (now), ở nền (later), hoặc ngay nếu dưới 15 phút (auto)."
        ),
    ] = Vectors.AUTO,
    as_json: Annotated[bool, typer.Option("--json", help="In báo cáo dạng JSON.")] = False,
) -> None:
    """Nạp tài liệu vào kho tri thức rồi lập lại chỉ mục.

    Tệp không đổi được bỏ qua; tệp không đọc được được liệt kê kèm lý do.
    """
    state: State = ctx.obj
    try:
        target = Target(state.home, labels_of(label or []), collection)
    except WrongUse as error:
        raise typer.BadParameter(str(error)) from error
    with bars(state.console) as progress:
        store_bundled(state.home, state.knowledge, progress)
        report = ingest_files(
            paths, target, state.knowledge, format=format.value, progress=progress
        )
        failed: BuildFailed | None = None
        try:
            index_after(state, target, report, vectors, progress)
        except BuildFailed as error:  # what was stored stays, and is told
            failed = error
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        show(report, state.console)
    if failed is not None:
        raise failed
    if report.failed and not report.taken:
        raise typer.Exit(1)


def index_after(
    state: State, target: Target, report: Report, vectors: Vectors, progress: Progress
) -> None:
    """Bring the indexes up to date, and complete the report with what they hold."""
    waits = {Vectors.AUTO: FOREGROUND_SECONDS, Vectors.NOW: float("inf"), Vectors.LATER: 0.0}
    # A text that became restricted has left the public store: its index changes too.
    for store in dict.fromkeys((target.store, "public", "restricted")):
        record = Record(state.home.record(store)) if state.home.record(store).exists() else None
        if record is None or (not record.count() and store != target.store):
            continue
        if store == target.store:  # told even when the index cannot be built
            report.documents = record.count()
        prepared = refresh_index(
            state.home,
            state.knowledge,
            progress,
            store=store,
            foreground_seconds=waits[vectors],
        )
        if store == target.store:
            report.passages = _passages(state.home, store)
            report.vectors = "ready" if prepared.vectors else "later"
            if state.knowledge.embedder == "none":
                report.vectors = "none"
            report.seconds = round(report.seconds + sum(prepared.seconds.values()), 2)


def _passages(home: Home, store: str) -> int:
    try:
        manifest = json.loads((home.index(store) / "CURRENT" / "manifest.json").read_text("utf-8"))
        return int(manifest["passages"])
    except (OSError, ValueError, KeyError):
        return 0


def show(report: Report, console: Console) -> None:
    """The report for a person."""
    typer.echo(
        f"Thêm {report.added}, đổi {report.changed}, không đổi {report.unchanged}, "
        f"không đọc được {len(report.failed)} "
        f"(xem {report.files} tệp trong {report.seconds:.1f} giây)."
    )
    typer.echo(f"Kho hiện có {report.documents} tài liệu, {report.passages} đoạn.")
    for failure in report.failed[:SHOWN]:
        console.print(f"  {failure.path}: {failure.reason}", style="yellow", markup=False)
    if len(report.failed) > SHOWN:
        console.print(f"  … và {len(report.failed) - SHOWN} mục nữa (xem đủ bằng --json)")
    if any(failure.code for failure in report.failed):
        console.print("Xem lại và nạp lại những tệp chưa đọc được: troly kb quarantine")
    if report.gone:
        console.print(
            f"Không còn trong thư mục: {len(report.gone)} tệp; tài liệu của chúng vẫn dùng được "
            "(muốn bỏ: troly kb withdraw MÃ)."
        )
        for gone in report.gone[:SHOWN]:
            ids = ", ".join(gone.documents[:3]) + (", …" if len(gone.documents) > 3 else "")
            console.print(f"  {gone.path}{ids and ': ' + ids}", style="yellow", markup=False)
    if report.vectors == "later":
        console.print(
            "Tìm theo từ đã dùng được ngay; phần tìm theo nghĩa đang được tính ở nền "
            "(muốn chờ tại chỗ: thêm --vectors now)."
        )
