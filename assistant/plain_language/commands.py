"""``troly plain``: how easily a text is read, its hard sentences, and what to write instead."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import InputError
from knowledge_base.command_state import State

_MOST = 5
_LONGEST = 2_000_000  # characters


def plain(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="Đoạn chữ, tên tệp, hoặc - để đọc từ đầu vào.")],
    all_: Annotated[bool, typer.Option("--all", help="Hiện mọi câu khó.")] = False,
    least: Annotated[
        float, typer.Option(help="Mã thoát 1 nếu điểm thấp hơn mức này.", min=0, max=100)
    ] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")] = False,
) -> None:
    """Đo độ dễ đọc của văn bản (0–100), chỉ câu khó và cách viết lại."""
    from assistant.plain_language.measure import measure
    from assistant.plain_language.told import as_json as told_json
    from assistant.plain_language.told import lines

    measured = measure(_read(ctx, text))
    if not measured.sentences:
        raise InputError("Không thấy chữ nào để đo. Hãy đưa một câu, một tệp có chữ, hoặc dùng -.")
    if as_json:
        typer.echo(json.dumps(told_json(measured), ensure_ascii=False, indent=2))
    else:
        for line in lines(measured, len(measured.sentences) if all_ else _MOST):
            typer.echo(line)
    if measured.score < least:
        raise typer.Exit(1)


def _read(ctx: typer.Context, given: str) -> str:
    """The text itself, what comes on stdin, or what a file says."""
    if given == "-":
        return _held(sys.stdin.read())
    path = Path(given)
    if not _is_file(path):
        if path.suffix and " " not in given.strip():
            raise InputError(f"Không có tệp {given}. Hãy xem lại tên, hoặc đưa thẳng đoạn chữ.")
        return _held(given)
    return _held(_text_of(ctx, path))


def _text_of(ctx: typer.Context, path: Path) -> str:
    """The text of a file, read where a broken or hostile one does no harm."""
    from knowledge_base.errors import Unreadable
    from knowledge_base.readers.jail import Jail

    state: State = ctx.obj
    try:
        with Jail(state.knowledge) as jail:
            return jail.read(path).text
    except Unreadable as error:
        raise InputError(f"Không đọc được {path.name}: {error}") from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # longer than a name can be, or with a null in it
        return False


def _held(text: str) -> str:
    if len(text) > _LONGEST:
        raise InputError(f"Văn bản dài quá {_LONGEST:,} ký tự; hãy chia nhỏ rồi đo từng phần.")
    return text
