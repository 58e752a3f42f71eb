"""``troly desk``: tickets and feedback in the terminal. Results go to stdout alone."""

from __future__ import annotations

import getpass
import io
import json
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, cast

import typer

from assistant.desk.officer_commands import officer_app
from assistant.errors import InputError

if TYPE_CHECKING:  # what only these commands need is imported when one of them runs
    from assistant.config import Config
    from assistant.desk.opening import OfficerDesk
    from assistant.desk.tickets import Ticket
    from knowledge_base.home import Home

desk = typer.Typer(
    no_args_is_help=True,
    help="Phiếu người dân gửi cán bộ: xem, nhận, trả lời, đóng; và góp ý về câu trả lời.",
)
desk.add_typer(officer_app, name="officer")

_Code = Annotated[str, typer.Argument(help="Mã phiếu, ví dụ TR-4821-A.")]
_Officer = Annotated[
    str, typer.Option(help="Tên cán bộ; bỏ trống: tên tài khoản.", show_default=False)
]
_Note = Annotated[str, typer.Option(help="Ghi chú nội bộ, người dân không thấy.")]
_Json = Annotated[bool, typer.Option("--json", help="In JSON.")]


def _number(least: int, most: int) -> Callable[[str | int], int]:
    def read(given: str | int) -> int:  # typer hands the default over as it is
        text = str(given)
        if not (text.isascii() and text.isdecimal() and least <= int(text[:9]) <= most):
            raise typer.BadParameter(f"Hãy viết một số từ {least} đến {most}, ví dụ 20.")
        return int(text)

    return read


class _State(Protocol):
    @property
    def home(self) -> Home: ...
    @property
    def config(self) -> Config: ...


@desk.command("list")
def list_tickets(
    context: typer.Context,
    status: Annotated[
        list[str] | None,
        typer.Option(
            help="waiting, taken, answered, closed hay expired; lặp lại được.", show_default=False
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Cả phiếu đã đóng và quá hạn.")] = False,
    limit: Annotated[
        int, typer.Option(parser=_number(1, 200), help="Số phiếu mỗi lần, từ 1 đến 200.")
    ] = 50,
    after: Annotated[
        str, typer.Option(help="Xem tiếp: giá trị “next” của lần trước.", show_default=False)
    ] = "",
    as_json: _Json = False,
) -> None:
    """Phiếu còn mở, chờ lâu nhất trước."""
    from assistant.desk.presentation import list_lines, ticket_json
    from assistant.desk.tickets import OPEN, TicketStatus

    opened = _open(context)
    try:
        wanted = () if everything else [TicketStatus(each) for each in status or ()] or OPEN
    except ValueError:
        valid = ", ".join(each.value for each in TicketStatus)
        raise typer.BadParameter(f"--status nhận một trong: {valid}.") from None
    try:
        page = opened.officers.tickets(wanted, after=after, limit=limit)
    except ValueError:
        raise typer.BadParameter(
            "--after phải là giá trị “next” của lần trước; bỏ trống để xem từ đầu."
        ) from None
    counts = opened.officers.counts()
    if as_json:
        tickets = [ticket_json(each, whole=False) for each in page.tickets]
        _print_json({"tickets": tickets, "next": page.next, "counts": counts})
        return
    for line in list_lines(page.tickets, opened.queue.settings.zone):
        typer.echo(line)
    if not page.tickets:
        typer.echo("Không có phiếu nào.")
    told = f"Đang chờ {counts['waiting']}, đang xử lý {counts['taken']}."
    more = f" Xem tiếp: --after {page.next}" if page.next else ""
    typer.echo(told + more, err=True)


@desk.command()
def show(context: typer.Context, code: _Code, as_json: _Json = False) -> None:
    """Một phiếu: cuộc trò chuyện đã che dữ liệu cá nhân, câu trả lời, diễn biến."""
    opened = _open(context)
    _print(opened.officers.ticket(code), opened, as_json)


@desk.command()
def take(
    context: typer.Context, code: _Code, officer: _Officer = "", as_json: _Json = False
) -> None:
    """Nhận phiếu để xử lý."""
    _act(context, "take", code, officer, as_json=as_json)


@desk.command()
def answer(
    context: typer.Context,
    code: _Code,
    text: Annotated[str, typer.Argument(help="Câu trả lời gửi người dân; - đọc từ stdin.")],
    officer: _Officer = "",
    note: _Note = "",
    as_json: _Json = False,
) -> None:
    """Trả lời; câu trả lời được chuyển vào cuộc trò chuyện của người dân."""
    said = _standard_input() if text == "-" else text
    _act(context, "answer", code, officer, text=said, note=note, as_json=as_json)


@desk.command()
def close(
    context: typer.Context,
    code: _Code,
    officer: _Officer = "",
    note: _Note = "",
    as_json: _Json = False,
) -> None:
    """Đóng phiếu; câu trả lời chưa chuyển vẫn được chuyển."""
    _act(context, "close", code, officer, note=note, as_json=as_json)


@desk.command()
def release(
    context: typer.Context,
    code: _Code,
    officer: _Officer = "",
    note: _Note = "",
    as_json: _Json = False,
) -> None:
    """Trả phiếu lại hàng chờ, giữ nguyên thứ tự."""
    _act(context, "release", code, officer, note=note, as_json=as_json)


@desk.command()
def export(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option(help="Tệp JSONL để ghi; bỏ trống: stdout.", show_default=False)
    ] = None,
) -> None:
    """Xuất mọi phiếu, mỗi dòng một phiếu JSON (đã che dữ liệu cá nhân)."""
    from assistant.desk.presentation import ticket_json

    tickets = _open(context).officers.everything()
    lines = (json.dumps(ticket_json(each), ensure_ascii=False) + "\n" for each in tickets)
    if out is None:
        for line in lines:
            typer.echo(line, nl=False)
        return
    written = _write(out, lines)
    typer.echo(f"Đã ghi {written} phiếu vào {out}.", err=True)


@desk.command()
def feedback(
    context: typer.Context,
    days: Annotated[
        int | None,
        typer.Option(parser=_number(1, 3650), help="Chỉ tính từng này ngày gần đây."),
    ] = None,
    latest: Annotated[
        int, typer.Option(parser=_number(0, 1000), help="Số góp ý gần nhất được in ra.")
    ] = 20,
    as_json: _Json = False,
) -> None:
    """Người dân đánh giá câu trả lời thế nào: đếm theo lý do, theo thủ tục, góp ý gần nhất."""
    from assistant.desk.presentation import tally_json, tally_lines

    opened = _open(context)
    since = datetime.now(UTC) - timedelta(days=days) if days else None
    tally = opened.feedback.tally(since, latest=latest)
    if as_json:
        _print_json(tally_json(tally))
    else:
        for line in tally_lines(tally, opened.queue.settings.zone):
            typer.echo(line)


def _open(context: typer.Context) -> OfficerDesk:
    from assistant.desk.opening import open_desk

    state = cast(_State, context.obj)
    return open_desk(state.home.state_database, state.config)


def _act(
    context: typer.Context, action: str, code: str, officer: str, *,
    as_json: bool, text: str = "", note: str = "",
) -> None:  # fmt: skip
    """Do one of `assistant.desk.tickets.ACTIONS`, and print the ticket as it is then."""
    opened = _open(context)
    name = officer or _account()
    _print(opened.officers.act(action, code, name, text=text, note=note), opened, as_json)


def _print(ticket: Ticket, opened: OfficerDesk, as_json: bool) -> None:
    from assistant.desk.presentation import ticket_json, ticket_lines

    if as_json:
        _print_json(ticket_json(ticket))
        return
    for line in ticket_lines(ticket, opened.queue.settings.zone):
        typer.echo(line)


def _write(out: Path, lines: Iterable[str]) -> int:
    """Write all lines or leave what was there: a half export would look like a whole one."""
    part = out.with_name(out.name + ".part")
    count = 0
    try:
        with part.open("w", encoding="utf-8") as sink:
            for count, line in enumerate(lines, 1):  # noqa: B007 - the last count is the answer
                sink.write(line)
            sink.flush()
            os.fsync(sink.fileno())
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(
            f"Không ghi được {out} ({error.strerror}). Hãy chọn một thư mục có sẵn và ghi được."
        ) from error
    return count


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return ""


def _standard_input() -> str:
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    return sys.stdin.read(1_000_000)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
