"""``troly draft``: official papers made from a form or a sentence, and checked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import InputError
from knowledge_base.command_state import State

if TYPE_CHECKING:
    from assistant.drafting.bases import Bases

draft_app = typer.Typer(
    no_args_is_help=True,
    help="Soạn văn bản hành chính đúng thể thức Nghị định 30/2020/NĐ-CP và kiểm tra văn bản đã có.",
)

_Force = Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")]
_CheckBases = Annotated[
    bool, typer.Option("--bases/--no-bases", help="Tra hiệu lực các căn cứ trong kho.")
]
_Json = Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")]


@draft_app.command("kinds")
def list_kinds(
    kind: Annotated[
        str, typer.Argument(help="In biểu mẫu trống của một loại, ví dụ cong_van.")
    ] = "",
    as_json: _Json = False,
) -> None:
    """Các loại văn bản soạn được; kèm tên một loại thì in biểu mẫu trống để điền."""
    from assistant.drafting.tables import kinds
    from assistant.drafting.told import blank_form, kind_json

    if kind:
        found = kinds()[_kind(kind)]
        if as_json:
            typer.echo(json.dumps(kind_json(found), ensure_ascii=False, indent=2))
        else:
            typer.echo("\n".join(blank_form(found)))
        return
    if as_json:
        made = [kind_json(each) for each in kinds().values()]
        typer.echo(json.dumps(made, ensure_ascii=False, indent=2))
        return
    for each in kinds().values():
        typer.echo(f"{each.id:12} {each.name:12} {each.letters}")


@draft_app.command()
def new(
    ctx: typer.Context,
    kind: Annotated[
        str, typer.Argument(help="Loại văn bản, ví dụ cong_van; có --from thì không bắt buộc.")
    ] = "",
    form: Annotated[
        Path | None, typer.Option("--form", help="Tệp biểu mẫu .yml (mẫu: troly draft kinds LOẠI).")
    ] = None,
    sentence: Annotated[
        str, typer.Option("--from", help="Một câu: loại, nơi gửi, việc gì, ngày, số tiền, hạn.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="Tệp .docx ghi ra (không ghi đè, trừ --force).")
    ] = None,
    force: _Force = False,
    check_bases: _CheckBases = True,
    as_json: _Json = False,
) -> None:
    """Soạn một văn bản từ biểu mẫu hoặc từ một câu; chỗ chưa biết để trống và được hỏi lại."""
    from assistant.as_of import today
    from assistant.capabilities.draft_document import draft_document
    from assistant.drafting.form import read_form
    from assistant.drafting.from_sentence import form_of
    from assistant.drafting.told import asked_lines, basis_lines, draft_json

    asked = _kind(kind) if kind else ""
    if (form is None) == (not sentence.strip()):
        raise InputError('Hãy cho đúng một trong hai: --form tệp.yml hoặc --from "câu".')
    filled = read_form(form, asked) if form else form_of(sentence, today(), asked)
    target = _target(out, filled.kind, force)
    drafted = draft_document(filled, _bases(ctx) if check_bases and filled.bases else None, today())
    _write(target, drafted.data)
    if as_json:
        made = {**draft_json(drafted.paper, drafted.bases), "file": str(target)}
        typer.echo(json.dumps(made, ensure_ascii=False, indent=2))
        return
    typer.echo(f"Đã soạn {drafted.paper.kind.name}: {target}")
    _section("Còn thiếu (trong văn bản là […]):", asked_lines(drafted.paper.missing))
    _section("Căn cứ cần xem lại:", basis_lines(drafted.bases))


@draft_app.command()
def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="Tệp .docx cần kiểm tra.")],
    fix: Annotated[
        Path | None, typer.Option("--fix", help="Ghi bản đã sửa những lỗi sửa được ra tệp này.")
    ] = None,
    force: _Force = False,
    check_bases: _CheckBases = True,
    as_json: _Json = False,
) -> None:
    """Kiểm tra thể thức, căn cứ, số tiền, ngày tháng, viết hoa, chính tả; mã thoát 1 khi có lỗi."""
    from assistant.as_of import today
    from assistant.capabilities.check_document import faults_of
    from assistant.drafting.faults import Level
    from assistant.drafting.fixing import corrected
    from assistant.drafting.sheet import read_sheet
    from assistant.drafting.told import check_json, count_line, fault_lines

    sheet = read_sheet(file)
    target = _free(fix, force) if fix is not None else None
    faults = faults_of(sheet, _bases(ctx) if check_bases else None, today())
    fixed = None
    if target is not None:
        data, done = corrected(sheet, faults)
        _write(target, data)
        fixed = {"file": str(target), "faults": len(done), "left": len(faults) - len(done)}
    if as_json:
        typer.echo(json.dumps(check_json(file.name, faults, fixed), ensure_ascii=False, indent=2))
    else:
        for line in fault_lines(faults):
            typer.echo(line)
        typer.echo(count_line(faults))
        if fixed is not None:
            typer.echo(f"Đã sửa {fixed['faults']} chỗ, còn {fixed['left']} chỗ: {fixed['file']}")
    if any(fault.level is Level.ERROR for fault in faults):
        raise typer.Exit(1)


def _kind(text: str) -> str:
    from assistant.drafting.form import kind_of
    from assistant.drafting.tables import kinds

    found = kind_of(text)
    if found is None:
        names = ", ".join(each.id for each in kinds().values())
        raise InputError(f"Không có loại văn bản “{text[:40]}”. Các loại: {names}.")
    return found


def _bases(ctx: typer.Context) -> Bases:
    from assistant.drafting.bases import Bases
    from knowledge_base.prepare import store_bundled
    from knowledge_base.progress import bars
    from knowledge_base.store import Record

    state: State = ctx.obj
    with bars(state.console) as progress:
        store_bundled(state.home, state.knowledge, progress)
    return Bases(Record(state.home.record()))


def _target(out: Path | None, kind: str, force: bool) -> Path:
    if out is not None:
        return _free(out, force)
    for number in range(1, 1000):
        path = Path(f"{kind.replace('_', '-')}{'' if number == 1 else f'-{number}'}.docx")
        if not path.exists():
            return path
    raise InputError("Thư mục này đã có quá nhiều bản soạn. Hãy chỉ tệp bằng --out.")


def _free(path: Path, force: bool) -> Path:
    if path.suffix.lower() != ".docx":
        raise InputError(f"{path} phải có đuôi .docx.")
    if path.exists() and not force:
        raise InputError(f"{path} đã có. Hãy chọn tên khác, hoặc thêm --force để ghi đè.")
    return path


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing: a full disk leaves no half file behind."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(
            f"Không ghi được {path}: {error.strerror}. Hãy chọn chỗ khác bằng --out hoặc --fix."
        ) from error


def _section(title: str, lines: Iterable[str]) -> None:
    shown = list(lines)
    if shown:
        typer.echo("\n".join([title, *shown]))
