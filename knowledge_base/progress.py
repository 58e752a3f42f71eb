"""How far long work is, as bars on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

STAGES = {
    "documents": "Nạp bộ thủ tục có sẵn",
    "files": "Đọc tệp",
    "scan": "Nhận dạng chữ trên trang ảnh quét",
    "waiting": "Chờ tiến trình khác lập chỉ mục xong",
    "words": "Lập chỉ mục theo từ",
    "vectors": "Lập chỉ mục theo nghĩa (tính vector)",
    "chroma": "Ghi vector vào Chroma",
    "verify": "Kiểm tra chỉ mục mới",
    "index": "Lập chỉ mục",
}


def title(stage: str) -> str:
    """What a person reads for a stage of ingesting or indexing."""
    return STAGES.get(stage, stage)


@contextmanager
def bars(
    console: Console, titled: Callable[[str], str] = title
) -> Iterator[Callable[[str, int, int], None]]:
    """A ``progress(stage, done, total)`` that draws one bar a stage while the block runs.

    Nothing is drawn before the first call. ``titled`` names the stages.
    """
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    tasks: dict[str, TaskID] = {}
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )

    def show(stage: str, done: int, total: int) -> None:
        if not tasks:
            progress.start()
        if stage not in tasks:
            tasks[stage] = progress.add_task(titled(stage), total=total or None)
        progress.update(tasks[stage], completed=done, total=total or None)

    try:
        yield show
    finally:
        if tasks:
            progress.stop()
