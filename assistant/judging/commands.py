"""``troly judgment …``: import judgments, find like ones, the law on two days, tables of issues."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import InputError
from knowledge_base.command_state import State, asked_day
from knowledge_base.errors import KnowledgeError, WrongUse

if TYPE_CHECKING:
    from assistant.judging.library import Library

judgment_app = typer.Typer(
    name="judgment",
    help="Bản án, án lệ: nạp (che tên người), tìm vụ giống, luật ngày hành vi và ngày xét xử, "
    "bảng vấn đề.",
    no_args_is_help=True,
)

_JSON = typer.Option("--json", help="In JSON ra stdout.")


@judgment_app.command("import")
def import_(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Tệp hoặc thư mục (.docx .pdf .html .md .txt).", show_default=False),
    ] = None,
    samples: Annotated[
        bool, typer.Option("--samples", help="Nạp các bản án mẫu (hư cấu) kèm theo phần mềm.")
    ] = False,
    keep_officials: Annotated[
        bool,
        typer.Option("--keep-officials", help="Giữ tên thẩm phán, thư ký, kiểm sát viên, luật sư."),
    ] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Nạp bản án: đọc, che tên người và thông tin riêng, rồi mới lưu.

    Ví dụ: troly judgment import ban-an-12-2023.docx
    """
    from assistant.judging.told import imported_json
    from knowledge_base.judgments.importing import import_files, import_samples
    from knowledge_base.judgments.store import Judgments

    if not files and not samples:
        raise typer.BadParameter("Hãy ghi tệp bản án, hoặc --samples để nạp các bản án mẫu.")
    with _told():
        done = []
        with Judgments(ctx.obj.home) as judgments:
            if samples:
                done += _shown(import_samples(judgments), as_json)
            if files:
                found = import_files(
                    files, judgments, ctx.obj.knowledge, keep_officials=keep_officials
                )
                done += _shown(found, as_json)
    refused = sum(one.judgment is None for one in done)
    if as_json:
        _print({"imported": [imported_json(one) for one in done], "refused": refused})
    elif not done:
        typer.echo("Không thấy tệp bản án nào ở đó.", err=True)
    if refused or not done:
        raise typer.Exit(1)


def _shown(found: Iterator[Any], as_json: bool) -> list[Any]:
    from assistant.judging.told import imported_line

    done = []
    for one in found:
        done.append(one)
        for line in () if as_json else imported_line(one):
            typer.echo(line, err=one.judgment is None)
    return done


@judgment_app.command("list")
def list_(ctx: typer.Context, as_json: Annotated[bool, _JSON] = False) -> None:
    """Những bản án đã nạp, mới nhất trước.

    Ví dụ: troly judgment list
    """
    from assistant.judging.told import judgment_json

    with _told():
        found = _library(ctx.obj, sense=False).judgments()
    if as_json:
        _print({"judgments": [judgment_json(one) for one in found]})
        return
    for one in found:
        sample = " [mẫu]" if one.sample else ""
        typer.echo(
            f"{one.id}  {one.name} — {one.relation.value or 'chưa đọc được quan hệ'}{sample}"
        )
    if not found:
        typer.echo("Chưa nạp bản án nào. Nạp: troly judgment import TỆP (hoặc --samples).")


@judgment_app.command()
def show(
    ctx: typer.Context,
    judgment: Annotated[str, typer.Argument(help="Mã hoặc số bản án, ví dụ 14/2024/HS-ST.")],
    text: Annotated[bool, typer.Option("--text", help="In cả toàn văn đã che tên.")] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Những gì đọc được từ một bản án.

    Ví dụ: troly judgment show 14/2024/HS-ST
    """
    from assistant.judging.told import judgment_json, judgment_lines

    with _told():
        found = _library(ctx.obj, sense=False).find(judgment)
    if as_json:
        _print(judgment_json(found, text=text))
        return
    for line in judgment_lines(found, whole=text):
        typer.echo(line)


@judgment_app.command()
def forget(
    ctx: typer.Context,
    judgments: Annotated[list[str], typer.Argument(help="Mã hoặc số bản án; “all” là tất cả.")],
) -> None:
    """Xoá hẳn bản án đã nạp, cả chữ lẫn chỉ mục.

    Ví dụ: troly judgment forget 14/2024/HS-ST
    """
    from knowledge_base.judgments.store import Judgments

    with _told():
        library = _library(ctx.obj, sense=False)
        every = judgments == ["all"]
        found = library.judgments() if every else [library.find(name) for name in judgments]
        with Judgments(ctx.obj.home) as kept:
            done = kept.forget(*(one.id for one in found))
    typer.echo(f"Đã xoá {done} bản án.")


@judgment_app.command()
def similar(
    ctx: typer.Context,
    case: Annotated[str, typer.Argument(help="Tệp, số bản án đã nạp, hoặc sự việc kể bằng lời.")],
    count: Annotated[int, typer.Option("-k", "--count", min=1, max=50, help="Bao nhiêu án.")] = 5,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Những bản án giống một vụ việc, kèm lý do giống và chỗ khác.

    Ví dụ: troly judgment similar "cho vay 200 triệu không lãi, đến hạn không trả"
    """
    from assistant.judging.told import SIMILAR_NOTICE, likeness_json, similar_lines

    with _told():
        library = _library(ctx.obj)
        found = library.similar(library.case(case, files=True).case, count)
    if as_json:
        _print({"similar": [likeness_json(one) for one in found], "notice": SIMILAR_NOTICE})
        return
    for line in similar_lines(found):
        typer.echo(line)


@judgment_app.command()
def law(
    ctx: typer.Context,
    provision: Annotated[str, typer.Argument(help="Điều cần xem, ví dụ “Điều 173 BLHS”.")],
    act: Annotated[str, typer.Option("--act", help="Ngày hành vi, dạng 2017-05-01.")],
    trial: Annotated[str, typer.Option("--trial", help="Ngày xét xử (mặc định hôm nay).")] = "",
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Một điều luật vào ngày hành vi và ngày xét xử, đặt cạnh nhau, không chọn.

    Ví dụ: troly judgment law "Điều 173" --act 2017-05-01 --trial 2026-11-22
    """
    from assistant.judging.law_on_days import beside_json
    from assistant.judging.told import beside_lines

    with _told():
        days = asked_day(act), asked_day(trial)
        found = _library(ctx.obj, sense=False).law(provision, *days)
    if as_json:
        _print(beside_json(found))
        return
    for line in beside_lines(found):
        typer.echo(line)


@judgment_app.command()
def issues(
    ctx: typer.Context,
    case: Annotated[str, typer.Argument(help="Tệp, số bản án đã nạp, hoặc sự việc kể bằng lời.")],
    as_of: Annotated[
        str, typer.Option("--as-of", help="Ngày của luật, dạng 2017-05-01 (mặc định hôm nay).")
    ] = "",
    html: Annotated[Path | None, typer.Option("--html", help="Ghi bảng thành trang HTML.")] = None,
    docx: Annotated[Path | None, typer.Option("--docx", help="Ghi bảng thành tệp Word.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Bảng vấn đề pháp lý: vấn đề, điều luật với nguyên văn, án tương tự, điều cần hỏi.

    Ví dụ: troly judgment issues "cho vay 200 triệu có thế chấp đất, không trả nợ" --docx bang.docx
    """
    from assistant.judging.issues import table_json
    from assistant.judging.told import issue_lines
    from assistant.judging.told_page import page, write_docx

    with _told():
        day = asked_day(as_of)
        library = _library(ctx.obj)
        told = library.case(case, files=True)
        table = library.issues(told, day, source=case if len(case) < 200 else "")
        if html is not None:
            html.write_text(page(table), encoding="utf-8")
        if docx is not None:
            write_docx(table, docx)
    if as_json:
        _print(table_json(table))
        return
    for line in issue_lines(table):
        typer.echo(line)


def _library(state: State, *, sense: bool = True) -> Library:
    from assistant.judging.library import Library

    return Library(state.home, state.knowledge, sense=sense)


def _print(made: dict[str, Any]) -> None:
    typer.echo(json.dumps(made, ensure_ascii=False, indent=2))


@contextmanager
def _told() -> Iterator[None]:
    """One sentence for what can be put right; 2 for wrong use."""
    try:
        yield
    except (WrongUse, InputError, KnowledgeError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2 if isinstance(error, WrongUse) else 1) from None
