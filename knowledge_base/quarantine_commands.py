"""``troly kb quarantine``: files that could not be read, and what to do about them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from knowledge_base.command_state import State
from knowledge_base.ingest import Target, ingest_again
from knowledge_base.ingest_commands import Vectors, index_after, show
from knowledge_base.ingest_report import Report
from knowledge_base.kb_commands import Json, print_json
from knowledge_base.meant import records
from knowledge_base.progress import bars
from knowledge_base.quarantine import Quarantine, Quarantined

quarantine = typer.Typer(
    invoke_without_command=True, help="Những tệp chưa đọc được: vì sao, nạp lại, bỏ khỏi danh sách."
)

Under = Annotated[
    Path | None,
    typer.Argument(help="Một tệp hoặc thư mục; bỏ trống: tất cả.", show_default=False),
]


@quarantine.callback()
def listed(ctx: typer.Context, as_json: Json = False) -> None:
    """Những tệp chưa đọc được: vì sao, nạp lại, bỏ khỏi danh sách."""
    if ctx.invoked_subcommand is None:
        list_files(ctx, None, as_json)


@quarantine.command("list")
def list_files(ctx: typer.Context, under: Under = None, as_json: Json = False) -> None:
    """Liệt kê tệp chưa đọc được, lý do và cách xử lý."""
    from knowledge_base.kb_lines import aside_json, show_quarantine

    found = [aside for _, asides in _found(ctx.obj, under) for aside in asides]
    if as_json:
        print_json([aside_json(aside) for aside in found])
    else:
        show_quarantine(found)


@quarantine.command()
def retry(ctx: typer.Context, under: Under = None, as_json: Json = False) -> None:
    """Đọc lại những tệp này (sau khi đã sửa, hoặc đã cài thêm công cụ)."""
    state: State = ctx.obj
    total: list[Report] = []
    for _, asides in _found(state, under):
        groups: dict[tuple[tuple[str, ...], str], dict[Path, str]] = {}
        for aside in asides:
            files = groups.setdefault((aside.labels, aside.collection), {})
            if aside.file.is_file():
                files[aside.file] = aside.name or aside.file.name
        for (labels, collection), files in groups.items():
            target = Target(state.home, labels, collection)
            with bars(state.console) as progress:
                report = ingest_again(list(files.items()), target, state.knowledge, progress)
                index_after(state, target, report, Vectors.AUTO, progress)
            total.append(report)
    if as_json:
        print_json(
            {
                "files": sum(r.files for r in total),
                "taken": sum(r.taken for r in total),
                "failed": [
                    {"path": f.path, "code": f.code, "reason": f.reason}
                    for r in total
                    for f in r.failed
                ],
            }
        )
    elif not total:
        typer.echo("Không có tệp nào để đọc lại.")
    else:
        for report in total:
            show(report, state.console)


@quarantine.command()
def forget(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="Tệp hoặc thư mục.")],
    as_json: Json = False,
) -> None:
    """Bỏ tệp (hoặc cả thư mục) khỏi danh sách; tệp trên đĩa còn nguyên."""
    state: State = ctx.obj
    key = str(path.expanduser().absolute())
    count = sum(
        Quarantine(record).forget(key) or Quarantine(record).forget(str(path.resolve()))
        for record in records(state.home).values()
    )
    if as_json:
        print_json({"forgotten": count})
    else:
        typer.echo(
            f"Đã bỏ {count} mục khỏi danh sách." if count else f"Không có {path} trong danh sách."
        )
    if not count:
        raise typer.Exit(1)


def _found(state: State, under: Path | None) -> list[tuple[str, list[Quarantined]]]:
    below = str(under.expanduser().resolve()) if under else ""
    return [
        (store, asides)
        for store, record in records(state.home).items()
        if (asides := Quarantine(record).files(below))
    ]
