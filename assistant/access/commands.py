"""``troly access``: who may sign in to the officers' server, and what was granted and refused."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.as_of import VIET_NAM

if TYPE_CHECKING:
    from assistant.access.access import Access
    from assistant.access.accounts import Account, Enrolled

access_app = typer.Typer(
    no_args_is_help=True,
    help="Tài khoản cán bộ: ai được đăng nhập máy chủ cán bộ, thấy nhãn tài liệu nào.",
)

_Name = Annotated[str, typer.Argument(help="Tên tài khoản, ví dụ: nguyen.lan")]
_Json = Annotated[bool, typer.Option("--json", help="In JSON.")]
_Groups = Annotated[
    list[str] | None,
    typer.Option("--group", help="Nhóm trong access.groups của config.yml; lặp lại được."),
]
_Generate = Annotated[
    bool, typer.Option("--generate", help="Máy đặt mật khẩu và in ra một lần, thay vì hỏi.")
]


@access_app.command()
def add(
    context: typer.Context, name: _Name, group: _Groups = None, generate: _Generate = False
) -> None:
    """Thêm tài khoản: hỏi mật khẩu hai lần, in mã QR để ứng dụng tạo mã 6 số."""
    access = _open(context)
    groups = access.labels.check(group or [])
    password = _password(name, generate=generate)
    enrolled = access.accounts.add(name, password, groups)
    _tell(enrolled, password if generate else "")
    held = ", ".join(sorted(access.labels.of(groups))) or "chỉ tài liệu công khai"
    typer.echo(f"Nhóm: {', '.join(groups) or 'không có'}. Thấy nhãn: {held}.", err=True)


@access_app.command()
def reset(context: typer.Context, name: _Name, generate: _Generate = False) -> None:
    """Cấp lại mật khẩu và mã QR; mọi phiên đang đăng nhập bị kết thúc."""
    access = _open(context)
    password = _password(name, generate=generate)
    _tell(access.accounts.reset(name, password), password if generate else "")


@access_app.command()
def revoke(context: typer.Context, name: _Name) -> None:
    """Thu hồi: tài khoản không mở được gì nữa, kể cả phiên đang dùng."""
    shown, ended = _open(context).accounts.revoke(name)
    typer.echo(f"Đã thu hồi tài khoản {shown}; kết thúc {ended} phiên đang đăng nhập.")


@access_app.command()
def restore(context: typer.Context, name: _Name) -> None:
    """Cho tài khoản đã thu hồi đăng nhập lại, với mật khẩu và mã cũ."""
    typer.echo(f"Tài khoản {_open(context).accounts.restore(name)} đăng nhập lại được.")


@access_app.command("groups")
def groups_command(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="Tên tài khoản cần đổi nhóm; bỏ trống để xem.", show_default=False)
    ] = "",
    group: _Groups = None,
    none: Annotated[bool, typer.Option("--none", help="Bỏ tài khoản khỏi mọi nhóm.")] = False,
    as_json: _Json = False,
) -> None:
    """Nhóm nào thấy nhãn nào; có tên và --group thì đổi nhóm của tài khoản đó."""
    access = _open(context)
    if name:
        if bool(group) == none:
            raise typer.BadParameter("Cần --group NHÓM (lặp lại được), hoặc --none.")
        shown = access.accounts.set_groups(name, access.labels.check(group or []))
        typer.echo(f"Nhóm của {shown}: {', '.join(group or []) or 'không có'}. Có hiệu lực ngay.")
        return
    known = access.labels.all()
    if as_json:
        typer.echo(json.dumps({k: list(v) for k, v in known.items()}, ensure_ascii=False, indent=2))
        return
    for each, labels in known.items():
        typer.echo(f"{each}: {', '.join(labels) or 'không nhãn nào'}")
    if not known:
        typer.echo(
            "Chưa có nhóm nào. Thêm vào config.yml, ví dụ:\n"
            "access:\n  groups:\n    tu-phap: [noi-bo, tu-phap]"
        )


@access_app.command("list")
def list_accounts(context: typer.Context, as_json: _Json = False) -> None:
    """Các tài khoản, nhóm, nhãn thấy được, lần đăng nhập cuối."""
    access = _open(context)
    accounts = access.accounts.all()
    if as_json:
        told = [_account_json(access, each) for each in accounts]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for each in accounts:
        seen = f"đăng nhập cuối {_day(each.seen_at)}" if each.seen_at else "chưa đăng nhập"
        state = f"đã thu hồi {_day(each.revoked_at)}" if each.revoked_at else seen
        labels = ", ".join(sorted(access.labels.of(each.groups))) or "công khai"
        kind = "" if each.source == "local" else "  (tài khoản cơ quan)"
        typer.echo(
            f"{each.name}{kind}  nhóm: {', '.join(each.groups) or 'không'}  nhãn: {labels}  {state}"
        )
    if not accounts:
        typer.echo("Chưa có tài khoản nào. Thêm bằng: troly access add TÊN --group NHÓM")


@access_app.command()
def log(
    context: typer.Context,
    most: Annotated[int, typer.Option("--most", min=1, help="Số dòng mới nhất.")] = 200,
    check: Annotated[
        bool, typer.Option("--check", help="Kiểm tra không dòng nào bị sửa hay xóa giữa chừng.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Nhật ký đăng nhập: ai được vào, ai bị từ chối. Không có nội dung câu hỏi."""
    from assistant.access.log import EVENTS, broken_at, entries

    database = _open(context).database
    if check:
        since = broken_at(database)
        if since is not None:
            typer.echo(f"Nhật ký đã bị sửa: sai từ dòng lúc {since.astimezone(VIET_NAM):%c}.")
            raise typer.Exit(1)
        typer.echo("Nhật ký nguyên vẹn.")
        return
    found = entries(database, most)
    if as_json:
        rows = [{**_fields(each), "at": each.at.isoformat(timespec="seconds")} for each in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for each in found:
        detail = f"  ({each.detail})" if each.detail else ""
        who = each.who or "không rõ tài khoản"
        at = each.at.astimezone(VIET_NAM)
        typer.echo(f"{at:%d/%m/%Y %H:%M:%S}  {EVENTS.get(each.event, each.event)}: {who}{detail}")
    if not found:
        typer.echo("Nhật ký còn trống.")


def _fields(entry: Any) -> dict[str, str]:
    return {"event": entry.event, "who": entry.who, "detail": entry.detail}


def _account_json(access: Access, account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "source": account.source,
        "groups": list(account.groups),
        "labels": sorted(access.labels.of(account.groups)),
        "added_at": account.added_at.isoformat(timespec="seconds"),
        "seen_at": account.seen_at.isoformat(timespec="seconds") if account.seen_at else None,
        "revoked_at": account.revoked_at.isoformat(timespec="seconds")
        if account.revoked_at
        else None,
    }


def _tell(enrolled: Enrolled, password: str) -> None:
    from assistant.access.one_time import picture_of

    if password:
        typer.echo(f"Mật khẩu (chỉ in một lần này): {password}")
    typer.echo(picture_of(enrolled.address))
    typer.echo(enrolled.address)
    typer.echo(
        f"Tài khoản {enrolled.name}: quét mã QR (hoặc nhập địa chỉ trên) bằng ứng dụng tạo mã trên "
        "điện thoại của cán bộ, rồi xóa màn hình này: mã bí mật không xem lại được.",
        err=True,
    )


def _password(name: str, *, generate: bool) -> str:
    """Asked twice without showing it; from a pipe, one line of it."""
    from assistant.access.errors import AccessError
    from assistant.access.passwords import check_strength, made_up

    if generate:
        return made_up()
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first: str = typer.prompt("Mật khẩu (từ 12 ký tự)", hide_input=True, err=True)
    check_strength(first, name)
    if typer.prompt("Nhập lại mật khẩu", hide_input=True, err=True) != first:
        raise AccessError("Hai lần nhập mật khẩu khác nhau. Hãy chạy lại lệnh.")
    return first


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIET_NAM):%d/%m/%Y}" if moment else ""


def _open(context: typer.Context) -> Access:
    from assistant.access.access import open_access

    state = context.obj
    return open_access(state.home, state.config.access, state.config_path)
