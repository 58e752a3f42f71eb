"""``troly channels``: which chat channels are on, and the switch that a person throws."""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, cast
from zoneinfo import ZoneInfo

import typer

from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.session import SessionState
    from bots.delivery.mailbox import Mailbox
    from bots.delivery.switches import Switch

channels_app = typer.Typer(
    no_args_is_help=True,
    help="Các kênh trò chuyện (Zalo, Telegram): xem, tạm dừng, mở lại. "
    "Máy chủ đang chạy làm theo trong vòng hai giây.",
)

_Name = Annotated[str, typer.Argument(help="Tên kênh: zalo_oa, zalo_bot hoặc telegram.")]


@channels_app.command("list")
def list_channels(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Mỗi kênh một dòng: bật hay không, đang tạm dừng vì sao, còn bao nhiêu tin chưa gửi."""
    from bots.delivery.opening import NAMES
    from bots.delivery.outbox import Outgoings
    from bots.delivery.switches import Switch, Switches

    state = cast("SessionState", context.obj)
    mailbox = _mailbox(context)
    known = Switches(mailbox.tables).all()
    waiting = Outgoings(mailbox.tables).depth()
    told = [
        {
            "channel": name,
            "configured": getattr(state.config.channels, name).on,
            **_told(known.get(name, Switch(name))),
            "unsent": waiting.get(name, 0),
        }
        for name in NAMES
    ]
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for each in told:
        typer.echo(_line(each))


@channels_app.command()
def off(
    context: typer.Context,
    name: _Name,
    reason: Annotated[
        str, typer.Option(help="Lý do, người dân sẽ đọc: “Kênh này đang tạm dừng vì …”.")
    ],
    by: Annotated[
        str, typer.Option(help="Ai quyết định; mặc định là người dùng của máy.", show_default=False)
    ] = "",
) -> None:
    """Tạm dừng một kênh: vẫn nhận tin, ai nhắn được báo lý do; câu trả lời chưa gửi được giữ."""
    from bots.delivery.switches import Switches

    reason, name = " ".join(reason.split()), _known(name)
    if not reason:
        raise InputError("Hãy nêu lý do, ví dụ: --reason “đang cập nhật dữ liệu lệ phí”.")
    Switches(_mailbox(context).tables).turn_off(name, reason=reason, by=by or getpass.getuser())
    typer.echo(f"Đã tạm dừng {name}. Mở lại bằng: troly channels on {name}")


@channels_app.command()
def on(context: typer.Context, name: _Name) -> None:
    """Mở lại một kênh; câu trả lời đã giữ được gửi tiếp."""
    from bots.delivery.switches import Switches

    name = _known(name)
    switches = Switches(_mailbox(context).tables)
    was = switches.of(name)
    switches.turn_on(name)
    typer.echo(f"Đã mở lại {name}." if was.off_reason else f"{name} không bị tạm dừng.")
    if was.held_reason:
        typer.echo(f"Kênh còn bị nhà cung cấp từ chối: {was.held_reason}", err=True)


def _known(name: str) -> str:
    from bots.delivery.opening import NAMES

    written = name.strip().lower().replace("-", "_")
    if written not in NAMES:
        raise InputError(f"Không có kênh “{name}”. Các kênh: {', '.join(NAMES)}.")
    return written


def _mailbox(context: typer.Context) -> Mailbox:
    from bots.delivery.mailbox import Mailbox

    return Mailbox(cast("SessionState", context.obj).home.state_database)


def _told(switch: Switch) -> dict[str, Any]:
    told: dict[str, Any] = {"state": switch.state}
    if switch.off_reason:
        told |= {"reason": switch.off_reason, "by": switch.off_by, "at": _when(switch.off_at)}
    if switch.held_reason:
        told |= {"held": switch.held_reason, "held_at": _when(switch.held_at)}
    return told


def _when(seconds: float) -> str:
    at = datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    return at.isoformat(timespec="seconds")


def _line(told: dict[str, Any]) -> str:
    configured = "bật" if told["configured"] else "tắt trong config.yml"
    parts = [f"{told['channel']}: {configured}"]
    if "reason" in told:
        parts.append(f"tạm dừng từ {told['at']} vì {told['reason']} ({told['by']})")
    if "held" in told:
        parts.append(f"giữ tin từ {told['held_at']}: {told['held']}")
    if told["unsent"]:
        parts.append(f"{told['unsent']} tin chưa gửi")
    return "; ".join(parts)
