"""``troly eval``: run, score, report, compare, grade, list."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, cast

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
    seed: Annotated[
        int, typer.Option(min=0, help="Hạt giống: gõ sai chỗ nào, cài lỗi vào đâu.")
    ] = 0,
    measure: Annotated[
        bool, typer.Option(help="Đo cả thời gian, bộ nhớ (mỗi lần mỗi khác).")
    ] = True,
) -> None:
    """Chạy các bài đo, chấm và lập báo cáo. Dừng giữa chừng thì chạy lại đúng lệnh ấy là làm tiếp.

    Mã thoát 1 khi có điểm chặn hoặc lỗi: trợ lý chưa được đưa vào dùng.
    """
    from evals.report.write import write_report
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
        seed,
    )
    with bars(state.console, str) as progress:
        report = execute(wanted, RunFolder(out), _setting(state, url), progress)
    write_report(RunFolder(out), timings=measure)
    _tell(out, report)
    raise typer.Exit(0 if report["verdict"]["may_go_live"] else 1)


@evaluation.command()
def score(context: typer.Context, folder: _Run) -> None:
    """Chấm lại một lần chạy từ những câu trả lời đã lưu, không hỏi lại ai."""
    from evals.running.run import rescore

    state = cast(SessionState, context.obj)
    report = rescore(RunFolder(folder), _setting(state, ""))
    _tell(folder, report)
    raise typer.Exit(0 if report["verdict"]["may_go_live"] else 1)


@evaluation.command()
def compare(
    before: Annotated[
        Path, typer.Argument(help="Lần chạy trước, hoặc mốc của nó (.json).", metavar="A")
    ],
    after: Annotated[Path, typer.Argument(help="Lần chạy sau.", metavar="B")],
    as_json: Annotated[bool, typer.Option("--json", help="In JSON, đủ từng mẫu.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Ghi JSON vào tệp này.", show_default=False)
    ] = None,
) -> None:
    """Điều gì đổi giữa hai lần chạy, từng mẫu, kèm khoảng tin cậy. Có gì kém đi: mã thoát 1."""
    from evals.running.compare import compare as compared
    from evals.running.compare import side, told
    from evals.running.folder import write_whole

    found = compared(side(before), side(after))
    data = json.dumps(found.json(), ensure_ascii=False, indent=1)
    if out is not None:
        write_whole(out, data + "\n")
    typer.echo(data if as_json else "\n".join(told(found)))
    raise typer.Exit(1 if found.regressed else 0)


@evaluation.command()
def grade(
    context: typer.Context,
    folder: _Run,
    grader: Annotated[
        str, typer.Option(help="Tên người chấm (mặc định: tên đăng nhập của máy).")
    ] = "",
    count: Annotated[int, typer.Option(min=1, help="Chấm bao nhiêu câu.")] = 40,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Cổng (0: máy tự chọn).")] = 0,
    seed: Annotated[int, typer.Option(help="Cùng số thì mọi người chấm cùng các câu.")] = 1,
    split: Annotated[str, typer.Option(help="dev, test hoặc all.")] = "all",
    subject: Annotated[str, typer.Option(help="Chấm câu trả lời của ai.")] = "troly",
    model: Annotated[
        bool, typer.Option("--model", help="Mô hình trong config.yml chấm thay người.")
    ] = False,
    model_name: Annotated[
        str, typer.Option(help="Mô hình khác để chấm (xem: models list); không cần --model.")
    ] = "",
    labelled: Annotated[
        bool, typer.Option(help="Mô hình chấm cả mẫu đã chấm sẵn, để biết tin được đến đâu.")
    ] = True,
    export: Annotated[
        Path | None, typer.Option(help="Chỉ ghi mọi điểm ra tệp CSV này.", show_default=False)
    ] = None,
) -> None:
    """Mở một trang trên máy này để chấm câu trả lời; hoặc để mô hình chấm, hoặc xuất điểm."""
    from evals.grading import command

    state, run_folder = cast(SessionState, context.obj), RunFolder(folder)
    if export is not None:
        typer.echo(f"{export}: {command.export(run_folder, export)} điểm.")
        return
    items = command.to_grade(run_folder, subject, count, seed, split)
    if not (model or model_name):
        command.person(run_folder, items, grader, port, typer.echo)
        return
    setting = _setting(state, "")
    with bars(state.console, str) as progress:
        command.model(
            run_folder, items, setting, model_name, typer.echo, progress, with_labelled=labelled
        )


@evaluation.command()
def report(
    folder: _Run,
    previous: Annotated[
        Path | None,
        typer.Option(help="Lần chạy trước, hoặc mốc của nó (.json).", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Ghi trang vào tệp này (mặc định: RUN/report.html).", show_default=False),
    ] = None,
    lang: Annotated[str, typer.Option(help="Ngôn ngữ khi mở trang: vi hoặc en.")] = "vi",
    timings: Annotated[
        bool, typer.Option(help="Gồm cả số đo thời gian (mỗi lần mỗi khác).")
    ] = True,
) -> None:
    """Viết trang báo cáo và bảng số (report.csv). Chưa được đưa vào dùng: mã thoát 1."""
    from evals.report.voice import LANGUAGES
    from evals.report.write import HTML, write_report

    chosen = next((known for known in LANGUAGES if known == lang), None)
    if chosen is None:
        raise typer.BadParameter("--lang là vi hoặc en.")
    if out is not None and out.suffix == ".csv":
        raise typer.BadParameter("--out là tệp trang web (.html); bảng số .csv được ghi cạnh đó.")
    found = write_report(
        RunFolder(folder), previous=previous, out=out, lang=chosen, timings=timings
    )
    typer.echo(f"Đã viết {out or folder / HTML}.")
    raise typer.Exit(0 if found.verdict.may_go_live else 1)


@evaluation.command()
def baseline(
    folder: _Run,
    out: Annotated[Path, typer.Option(help="Tệp mốc (.json) để so các lần sau.")],
) -> None:
    """Giữ điểm của một lần chạy làm mốc: `eval compare MỐC.json RUN`."""
    from evals.running.compare import baseline as kept
    from evals.running.folder import write_whole

    write_whole(out, json.dumps(kept(folder), ensure_ascii=False, indent=0, sort_keys=True) + "\n")


@evaluation.command("list")
def list_(
    data: Annotated[
        Path | None, typer.Option(help="Thư mục các bộ công khai.", show_default=False)
    ] = None,
) -> None:
    """Các bài đo, những ai có thể được hỏi, và các bộ mẫu."""
    from evals.loaders.public import listed
    from evals.running.plan import sets_of
    from evals.subjects import KINDS
    from evals.tasks import every

    typer.echo("Bài đo (tasks):")
    for task in every():
        marks = [
            mark for mark, on in (("fast", task.card.fast), ("đo máy", task.card.measured)) if on
        ]
        typer.echo(
            f"  {task.name:15} {task.card.title.vi}{f' ({chr(44).join(marks)})' if marks else ''}"
        )
    typer.echo("Hỏi ai (subjects):")
    for kind in KINDS:
        typer.echo(f"  {kind.name:15} {kind.title.vi}")
    typer.echo("Bộ mẫu (datasets):")
    sets, bad = sets_of([])
    for each in sets:
        typer.echo(
            f"  {each.name:15} {each.card.title.vi}: {len(each.samples)} mẫu, bản "
            f"{each.version.version}, {each.card.licence}"
        )
    for line in bad:
        typer.echo(f"  hỏng: {line.where}: {line.why}")
    typer.echo("Bộ công khai (thư mục trong --data):")
    for public in listed(data):
        here = "" if data is None else " (có)" if public.here else " (không có: sẽ bỏ qua)"
        typer.echo(f"  {public.folder:18} {', '.join(public.tasks)}{here}")


#: Asked where nobody else is named: every door, and what others would build.
DEFAULT_SUBJECTS = ("troly", "troly-model", "http", "openai", "bm25", "chain", "model")


def _setting(state: SessionState, url: str) -> Setting:
    return Setting(state.home, state.config, state.home.path / "eval", url)


def _tell(folder: Path, report: dict[str, Any]) -> None:
    """A few lines on what came out; the rest is in the report."""
    verdict = report["verdict"]
    for goal in report["goals"]:
        mean = "–" if goal["mean"] is None else f"{goal['mean']:.3f}"
        bound = goal["at_least"] if goal["at_least"] is not None else goal["at_most"]
        sign = "≥" if goal["at_least"] is not None else "≤"
        mark = {"yes": "đạt", "no": "chưa đạt"}.get(goal["met"], "chưa đo được")
        typer.echo(
            f"{goal['task']:15} {goal['measure']:22} {mean} ({sign} {bound:g}, n = {goal['n']}): "
            f"{mark}"
        )
    for line in report["bad_lines"]:
        typer.echo(f"dòng hỏng  {line['where']}: {line['why']}")
    for error in report["errors"][:10]:
        typer.echo(f"lỗi  {error['task']} · {error['subject']} · {error['sample']}: {error['why']}")
    for blocker in report["blockers"][:10]:
        what = " · ".join(blocker[key] for key in ("task", "sample", "measure"))
        typer.echo(f"CHẶN  {what}: {blocker['why']}")
    asked = report["run"]["asked"]
    part = asked["tasks"] != ["all"] or asked["limit"] or asked["split"] != "all"
    live = "CHƯA được đưa vào dùng"
    if verdict["may_go_live"]:
        live = "không có gì chặn ở phần đã đo" if part else "được đưa vào dùng"
    typer.echo(
        f"{folder}: {live}. Điểm chặn: {verdict['blockers']}; mục tiêu đạt: "
        f"{verdict['goals_met']}/{verdict['goals']}; lỗi: {verdict['errors']}."
    )
