"""``troly figures``: indicators out of documents and tables, with where each comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import InputError
from knowledge_base.command_state import State

if TYPE_CHECKING:
    from assistant.figures.model import Figure, Reading

figures_app = typer.Typer(
    no_args_is_help=True,
    help="Số liệu trong văn bản và bảng biểu: rút ra kèm ô hoặc câu gốc, hỏi, xem theo thời gian.",
)

_Files = Annotated[
    list[Path], typer.Argument(help="Tệp .docx, .xlsx, .pdf, .html, .md, .csv hoặc thư mục.")
]
_Json = Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")]


@figures_app.command()
def extract(ctx: typer.Context, files: _Files, as_json: _Json = False) -> None:
    """Rút mọi số liệu: giá trị, đơn vị, phạm vi, thời gian, và ô hoặc câu chứa nó."""
    from assistant.figures.told import failed_lines, reading_json, reading_lines

    readings, failed = _read(ctx, files)
    if as_json:
        made = {
            "files": [reading_json(one) for one in readings],
            "failed": [{"file": str(path), "reason": reason} for path, reason in failed],
        }
        typer.echo(json.dumps(made, ensure_ascii=False, indent=2))
    else:
        for reading in readings:
            typer.echo("\n".join(reading_lines(reading)))
        for line in failed_lines(failed):
            typer.echo(line, err=True)
    if not any(reading.figures for reading in readings):
        raise typer.Exit(1)


@figures_app.command()
def ask(
    ctx: typer.Context,
    question: Annotated[str, typer.Argument(help="Câu hỏi, ví dụ: năm 2024 đạt bao nhiêu?")],
    files: _Files,
    as_json: _Json = False,
) -> None:
    """Trả lời từ các tệp đã cho, kèm công thức và nguồn; không có số thì nói là không có."""
    from assistant.as_of import today
    from assistant.figures.asking import answered
    from assistant.figures.told import answer_json, answer_lines, failed_lines

    if not question.strip():
        raise InputError('Câu hỏi trống. Ví dụ: troly figures ask "năm 2024 đạt bao nhiêu?" a.docx')
    readings, failed = _read(ctx, files)
    answer = answered(question, _all(readings), today())
    if as_json:
        reasons = [{"file": str(path), "reason": reason} for path, reason in failed]
        made = {**answer_json(answer), "failed": reasons}
        typer.echo(json.dumps(made, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(answer_lines(answer)))
        for line in (*failed_lines(failed), *_notes(readings)):
            typer.echo(line, err=True)
    if not answer.findings:
        raise typer.Exit(1)


@figures_app.command()
def series(
    ctx: typer.Context,
    indicator: Annotated[str, typer.Argument(help="Tên chỉ tiêu, ví dụ: tỷ lệ hộ nghèo.")],
    files: _Files,
    csv: Annotated[Path | None, typer.Option("--csv", help="Ghi bảng ra tệp CSV.")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Ghi bảng ra tệp Excel.")] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="Vẽ biểu đồ ra tệp SVG.")] = None,
    png: Annotated[Path | None, typer.Option("--png", help="Vẽ biểu đồ ra ảnh PNG.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")] = False,
    as_json: _Json = False,
) -> None:
    """Một chỉ tiêu theo thời gian; các nguồn khác nhau thì để cạnh nhau, không lấy trung bình."""
    from assistant.figures.chart import drawn
    from assistant.figures.exporting import as_csv, as_xlsx, rows_of
    from assistant.figures.matching import matching
    from assistant.figures.png import as_png
    from assistant.figures.series import series_of
    from assistant.figures.svg import as_svg
    from assistant.figures.told import Sources, failed_lines, series_json, series_lines

    outputs = [path for path in (csv, xlsx, svg, png) if path is not None]
    for path in outputs:
        _free(path, force)
    readings, failed = _read(ctx, files)
    figures = _all(readings)
    levels = [figure for figure in figures if figure.kind.value == "level"]
    match = matching(indicator, levels)
    for line in failed_lines(failed):
        typer.echo(line, err=True)
    if match is None:
        changed = matching(indicator, [one for one in figures if one.kind.value == "change"])
        if changed is not None:
            raise InputError(
                f"Các tệp chỉ ghi mức tăng, giảm của “{changed.name}”, không ghi giá trị. "
                f'Hãy hỏi: troly figures ask "{indicator} tăng bao nhiêu?" …'
            )
        names = list(dict.fromkeys(figure.indicator for figure in levels))[:15]
        have = f" Có: {'; '.join(names)}." if names else " Các tệp không có số liệu nào."
        raise InputError(f"Không thấy chỉ tiêu “{indicator}”.{have}")
    found = series_of(match.figures)
    if as_json:
        made = {"others": list(match.others), "series": [series_json(one) for one in found]}
        typer.echo(json.dumps(made, ensure_ascii=False, indent=2))
    else:
        sources = Sources()
        lines = [*series_lines(found, sources), *sources.lines()]
        typer.echo("\n".join(lines))
        for name in match.others:
            typer.echo(f"Tên gần giống, không gộp: {name}")
    if csv:
        _write(csv, as_csv(rows_of(found)))
    if xlsx:
        _write(xlsx, as_xlsx(rows_of(found)))
    picture = drawn(found) if svg or png else None
    if svg and picture:
        _write(svg, as_svg(picture).encode())
    if png and picture:
        _write(png, as_png(picture))
    if picture:
        left = {one.unit or "không ghi" for one in found} - {found[0].unit or "không ghi"}
        if left:
            typer.echo(f"Biểu đồ chỉ vẽ một đơn vị; không vẽ: {', '.join(sorted(left))}.", err=True)
    for path in outputs:
        typer.echo(f"Đã ghi {path}", err=True)


def _read(ctx: typer.Context, files: list[Path]) -> tuple[list[Reading], list[tuple[Path, str]]]:
    from assistant.figures.reading import existing, read_figures

    state: State = ctx.obj
    return read_figures(existing(files), state.knowledge)


def _all(readings: list[Reading]) -> list[Figure]:
    return [figure for reading in readings for figure in reading.figures]


def _notes(readings: list[Reading]) -> list[str]:
    return [f"Lưu ý, {one.source.file}: {note}" for one in readings for note in one.notes]


def _free(path: Path, force: bool) -> None:
    if path.exists() and not force:
        raise InputError(f"{path} đã có. Hãy chọn tên khác, hoặc thêm --force để ghi đè.")


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing: a full disk leaves no half file behind."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(f"Không ghi được {path}: {error.strerror}. Hãy chọn chỗ khác.") from error
