"""``troly desk officer``: who may use the desk over HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.desk.opening import OfficerDesk

officer_app = typer.Typer(
    no_args_is_help=True,
    help="Cán bộ được dùng bàn cán bộ qua HTTP, mỗi người một mã truy cập riêng.",
)

_Name = Annotated[str, typer.Argument(help="Tên cán bộ, như đồng nghiệp vẫn gọi.")]
_Json = Annotated[bool, typer.Option("--json", help="In JSON.")]


@officer_app.command()
def add(context: typer.Context, name: _Name) -> None:
    """Thêm cán bộ và in mã truy cập của người đó, chỉ một lần này."""
    token = _open(context).accounts.add(name)
    typer.echo(token)
    typer.echo(
        "Hãy chuyển mã trên cho cán bộ và giữ kín: mã không xem lại được. "
        "Gửi kèm mỗi yêu cầu: Authorization: Bearer MÃ.",
        err=True,
    )


@officer_app.command()
def revoke(context: typer.Context, name: _Name) -> None:
    """Thu hồi mã truy cập của một cán bộ; việc đã làm vẫn ghi tên người đó."""
    written, held = _open(context).accounts.revoke(name)
    typer.echo(f"Đã thu hồi mã truy cập của {written}.")
    if held:
        typer.echo(
            f"{written} còn giữ {held} phiếu. Trả lại hàng chờ bằng: "
            "troly desk release MÃ-PHIẾU (xem: troly desk list --status taken).",
            err=True,
        )


@officer_app.command("list")
def list_officers(context: typer.Context, as_json: _Json = False) -> None:
    """Cán bộ đang có và đã thu hồi mã, lần cuối dùng mã."""
    opened = _open(context)
    accounts = opened.accounts.all()
    if as_json:
        told = [
            {
                "name": each.name,
                "added_at": each.added_at.isoformat(timespec="seconds"),
                "seen_on": each.seen_on or None,
                "revoked_at": each.revoked_at.isoformat(timespec="seconds")
                if each.revoked_at
                else None,
            }
            for each in accounts
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    zone = opened.queue.settings.zone
    for each in accounts:
        used = f"dùng lần cuối {each.seen_on}" if each.seen_on else "chưa dùng"
        if each.revoked_at:
            used = f"đã thu hồi {each.revoked_at.astimezone(zone):%d/%m/%Y}"
        typer.echo(f"{each.name}  từ {each.added_at.astimezone(zone):%d/%m/%Y}  {used}")
    if not accounts:
        typer.echo("Chưa có cán bộ nào. Thêm bằng: troly desk officer add TÊN.")


def _open(context: typer.Context) -> OfficerDesk:
    from assistant.desk.opening import open_desk

    return open_desk(context.obj.home.state_database, context.obj.config)
