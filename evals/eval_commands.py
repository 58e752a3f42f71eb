"""``troly eval``: run, score, report, compare, grade, list."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from assistant.session import SessionState
from evals.running.folder import RunFolder
from evals.subjects.port import Setting
from knowledge_base.progress import bars

evaluation = typer.Typer(
    name="eval",
    help="Đánh giá trợ lý: chạy các bài đo, chấm, lập báo cáo, so hai lần chạy.",
    no_args_is_help=True,
)

_Run = Annotated[Path, typer.Argument(help="Thư mục của một lần chạy.", metavar="RUN")]


@evaluation.command()
def run(
    context: typer.Context,
    tasks: Annotated[
        list[str] | None, typer.Argument(help="all, fast, hoặc tên các bài đo (xem: eval list).")
    ] = None,
    out: Annotated[Path, typer.Option(help="Thư mục của lần chạy.")] = Path("runs/latest"),
    subjects: Annotated[
        str, typer.Option(help="Hỏi ai, cách nhau dấu phẩy (xem: eval list).")
    ] = "",
    dataset: Annotated[
        list[Path] | None,
        typer.Option(help="Thêm bộ mẫu: thư mục có dataset.yml, hoặc .jsonl."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Thư mục các bộ công khai.", show_default=False)
    ] = None,
    split: Annotated[str, typer.Option(help="dev, test hoặc all.")] = "all",
    limit: Annotated[int, typer.Option(min=0, help="Số mẫu mỗi bộ (0: tất cả).")] = 0,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help="Ngày hỏi.", show_default=False),
    ] = None,
    url: Annotated[str, typer.Option(help="Máy chủ troly đang chạy, cho http.")] = "",
    measure: Annotated[
        bool, typer.Option(help="Đo cả thời gian, bộ nhớ (mỗi lần mỗi khác).")
    ] = True,
) -> None:
    """Chạy các bài đo rồi chấm. Dừng giữa chừng thì chạy lại đúng lệnh ấy là làm tiếp."""
    from evals.running.plan import Choice
    from evals.running.run import DAY, Wanted, execute

    state = cast(SessionState, context.obj)
    names = tuple(tasks or ["all"])
    fast = "fast" in names
    if split not in ("dev", "test", "all"):
        raise typer.BadParameter("--split là dev, test hoặc all.")
    wanted = Wanted(
        names,
        tuple(name.strip() for name in subjects.split(",") if name.strip())
        or (("troly",) if fast else DEFAULT_SUBJECTS),
        tuple(path.absolute() for path in dataset or ()),
        data.absolute() if data else None,
        Choice(split, limit, fast),
        as_of.date() if as_of else DAY,
        measure and not fast,
    )
    work = state.home.path / "eval"
    setting = Setting(state.home, state.config, work, url)
    with bars(state.console, str) as progress:
        report = execute(wanted, RunFolder(out), setting, progress)
    _tell(report)
    raise typer.Exit(0 if report["verdict"]["may_go_live"] else 1)


DEFAULT_SUBJECTS = ("troly",)


def _tell(report: dict[str, object]) -> None:
    typer.echo(str(report["verdict"]))
