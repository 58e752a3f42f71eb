"""``troly journey``: what a life event asks for, step by step, with days."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import InputError
from knowledge_base.command_state import State

if TYPE_CHECKING:
    from assistant.journeys.checklist import Checklist
    from assistant.journeys.guide import Guide

journey_app = typer.Typer(
    no_args_is_help=True,
    help="Sinh con, mua nhà, mở quán, chuyển tỉnh…: cần làm những thủ tục gì, trước sau, hạn nào.",
)


def _read_day(text: str) -> date:
    from assistant.as_of import today
    from assistant.journeys.said import said_day

    day = said_day(text[:40], today())
    if day is None:
        raise typer.BadParameter(
            f"“{text[:40]}” không phải một ngày. "
            "Hãy viết như 2026-11-20, 20/11/2026 hoặc “hôm qua”."
        )
    return day


_Code = Annotated[str, typer.Argument(help="Mã của danh sách, ví dụ 7K2M-9QXA-4TRW.")]
_On = Annotated[
    date | None,
    typer.Option("--on", parser=_read_day, help="Ngày xảy ra sự kiện, để tính các hạn."),
]
_Answers = Annotated[
    list[str] | None,
    typer.Option("--answer", "-a", help="Trả lời một câu hỏi của hành trình: tên=giá trị."),
]
_Today = Annotated[
    date | None,
    typer.Option("--today", parser=_read_day, help="Tính như thể hôm nay là ngày này."),
]
_Json = Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")]


@journey_app.command("list")
def list_journeys(as_json: _Json = False) -> None:
    """Các hành trình đang có và những câu cần trả lời trước."""
    from assistant.journeys.schema import journeys

    found = journeys().values()
    if as_json:
        told = [
            {
                "id": each.id,
                "title": each.title,
                "event": each.event,
                "steps": len(each.steps),
                "questions": [
                    {"id": q.id, "ask": q.ask, "choices": q.choices, "many": q.many}
                    for q in each.questions
                ],
            }
            for each in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for each in found:
        typer.echo(f"{each.id.removeprefix('event_'):18} {each.title} ({len(each.steps)} việc)")


@journey_app.command()
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Tên hành trình, ví dụ birth (xem: journey list).")],
    on: _On = None,
    answer: _Answers = None,
    keep: Annotated[bool, typer.Option("--keep", help="Lưu lại và in mã để xem tiếp.")] = False,
    today: _Today = None,
    as_json: _Json = False,
) -> None:
    """Danh sách việc của một sự kiện, theo thứ tự làm được, kèm hạn và nguồn."""
    guide = _guide(ctx)
    made = guide.begin(name, on, _answers(answer), today=today)
    _print(guide.keep(made) if keep else made, as_json)


@journey_app.command()
def resume(
    ctx: typer.Context,
    code: _Code,
    on: _On = None,
    answer: _Answers = None,
    today: _Today = None,
    as_json: _Json = False,
) -> None:
    """Xem lại một danh sách đã lưu; có thể trả lời thêm hoặc sửa ngày."""
    guide = _guide(ctx)
    if on is not None:
        guide.on(code, on, today=today)
    for question, value in _answers(answer).items():
        guide.answer(code, question, value, today=today)
    _print(guide.take_up(code, today=today), as_json)


@journey_app.command()
def mark(
    ctx: typer.Context,
    code: _Code,
    step: Annotated[str, typer.Argument(help="Tên hoặc số thứ tự của việc trong danh sách.")],
    on: Annotated[
        date | None, typer.Option("--on", parser=_read_day, help="Ngày đã làm xong.")
    ] = None,
    skip: Annotated[bool, typer.Option("--skip", help="Không cần làm việc này.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Bỏ đánh dấu.")] = False,
    today: _Today = None,
    as_json: _Json = False,
) -> None:
    """Đánh dấu một việc đã xong, không cần làm, hoặc bỏ đánh dấu."""
    from assistant.journeys.checklist import StepStatus

    guide = _guide(ctx)
    if skip and undo:
        raise InputError("Chỉ chọn một: --skip (không cần làm) hoặc --undo (bỏ đánh dấu).")
    status = StepStatus.SKIPPED if skip else StepStatus.OPEN if undo else StepStatus.DONE
    steps = guide.take_up(code, today=today).steps
    if step.isdecimal():
        if not 1 <= int(step[:4]) <= len(steps):
            raise InputError(
                f"Danh sách có {len(steps)} việc, không có việc số {step[:20]}. "
                f"Hãy chọn số từ 1 đến {len(steps)}."
            )
        step = steps[int(step[:4]) - 1].id
    _print(guide.mark(code, step, status, on, today=today), as_json)


@journey_app.command()
def forget(ctx: typer.Context, code: _Code) -> None:
    """Xóa một danh sách đã lưu."""
    if not _guide(ctx).forget(code):
        raise InputError(
            "Không có danh sách nào với mã này; có thể đã xóa rồi. Hãy kiểm tra lại mã."
        )
    typer.echo("Đã xóa danh sách.")


def _guide(ctx: typer.Context) -> Guide:
    from assistant.journeys.guide import Guide
    from knowledge_base.prepare import store_bundled
    from knowledge_base.progress import bars

    state: State = ctx.obj
    with bars(state.console) as progress:
        store_bundled(state.home, state.knowledge, progress)
    return Guide.over(state.home.record(), state.home.state_database)


def _answers(given: list[str] | None) -> dict[str, str]:
    """``name=value`` by name. Raises `InputError` for anything else."""
    told: dict[str, str] = {}
    for each in given or []:
        name, equals, value = each.partition("=")
        if not (equals and name.strip() and value.strip()):
            raise InputError(f"“{each}” chưa đúng dạng tên=giá trị, ví dụ: --answer family=vietnam")
        told[name.strip()] = value.strip()
    return told


def _print(checklist: Checklist, as_json: bool) -> None:
    from assistant.journeys.told import checklist_json, checklist_text

    if as_json:
        typer.echo(json.dumps(checklist_json(checklist), ensure_ascii=False, indent=2))
    else:
        typer.echo(checklist_text(checklist), nl=False)
