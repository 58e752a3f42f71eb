"""``troly uploads``: ask files without keeping anything, and look after what officers uploaded."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.as_of import VIET_NAM
from assistant.errors import InputError
from assistant.session import SessionState

if TYPE_CHECKING:
    from assistant.uploads.store import Uploads
    from assistant.uploads.vocabulary import Held

uploads_app = typer.Typer(
    no_args_is_help=True,
    help="Hỏi trên tài liệu của mình, và quản lý tài liệu cán bộ tải lên: để riêng, tự xóa.",
)
_Json = Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")]


@uploads_app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="Câu hỏi, ví dụ: thời hạn thuê là bao lâu?")],
    files: Annotated[list[Path], typer.Argument(help="Tệp .docx .pdf .xlsx .html .md .txt …")],
    as_json: _Json = False,
) -> None:
    """Trả lời bằng lời trích nguyên văn từ các tệp; đọc xong là quên, không lưu gì.

    Ví dụ: troly uploads ask "ai chủ trì cuộc họp?" bien-ban.docx
    """
    from assistant.presentation import answer_json, sources_text
    from assistant.uploads.answering import UploadAnswers, Vectors
    from assistant.vocabulary import Question
    from knowledge_base.scope import citizen
    from knowledge_base.search import KnowledgeBase

    state: SessionState = context.obj
    vectors = Vectors(state.config.knowledge_base)
    held = [_held(path, state, vectors) for path in _existing(files)]
    knowledge = KnowledgeBase(state.home.for_citizens(), state.config.knowledge_base)
    try:
        answers = UploadAnswers(state.config, knowledge, vectors)
        answer = answers.ask(Question(question, citizen()), held)
    finally:
        knowledge.close()
    if as_json:
        typer.echo(json.dumps(answer_json(answer), ensure_ascii=False, indent=2))
    else:
        typer.echo(answer.text)
        if answer.citations:
            typer.echo("\nNguồn:\n" + sources_text(answer.citations))
    if not answer.citations:
        for remark in (f"{h.upload.name}: {r}" for h in held for r in h.upload.remarks):
            typer.echo(f"Lưu ý, {remark}", err=True)
        raise typer.Exit(1)


@uploads_app.command()
def status(context: typer.Context, as_json: _Json = False) -> None:
    """Đang giữ bao nhiêu tài liệu tải lên, bao nhiêu MB, khi nào tài liệu đầu tiên bị xóa."""
    uploads = _store(context)
    count, size, first = uploads.counted()
    if as_json:
        told = {"documents": count, "bytes": size, "first_expires": first or None}
        typer.echo(json.dumps(told))
        return
    if not count:
        typer.echo("Không giữ tài liệu tải lên nào.")
        return
    at = datetime.fromtimestamp(first, VIET_NAM)
    typer.echo(
        f"Đang giữ {count} tài liệu tải lên, {size / 1e6:.1f} MB; tài liệu đầu tiên bị xóa lúc "
        f"{at:%H:%M} ngày {at:%d/%m/%Y}."
    )


@uploads_app.command()
def sweep(context: typer.Context) -> None:
    """Xóa ngay tài liệu đã hết giờ giữ (máy chủ cán bộ tự làm mỗi phút)."""
    typer.echo(f"Đã xóa {_store(context).sweep()} tài liệu hết giờ giữ.")


@uploads_app.command()
def clear(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại.")] = False,
) -> None:
    """Xóa mọi tài liệu tải lên của mọi cán bộ."""
    uploads = _store(context)
    count = uploads.counted()[0]
    if count and not yes:
        typer.confirm(f"Xóa {count} tài liệu tải lên? Xóa rồi không lấy lại được", abort=True)
    uploads.clear()
    typer.echo(f"Đã xóa {count} tài liệu tải lên.")


def _store(context: typer.Context) -> Uploads:
    from assistant.uploads.store import Uploads

    state: SessionState = context.obj
    folder = state.home.restricted / "uploads"
    return Uploads(folder, state.config.uploads, state.config.knowledge_base)


def _held(path: Path, state: SessionState, vectors: object) -> Held:
    from assistant.uploads.answering import Vectors
    from assistant.uploads.holding import held_of
    from assistant.uploads.taking_in import file_name, taken
    from assistant.uploads.vocabulary import NotTaken

    assert isinstance(vectors, Vectors)  # noqa: S101 - imported late
    try:
        name = file_name(path.name)
        read = taken(path, state.config.knowledge_base)
    except NotTaken as error:
        raise InputError(f"{path}: {error}") from None
    return held_of(read, name, secrets.token_hex(4), vectors)


def _existing(files: list[Path]) -> list[Path]:
    for path in files:
        if path.is_dir():
            raise InputError(f"{path} là thư mục: hãy ghi tên từng tệp.")
        if not path.exists():
            raise InputError(f"Không có tệp {path}. Hãy kiểm tra lại đường dẫn.")
    return list(dict.fromkeys(files))
