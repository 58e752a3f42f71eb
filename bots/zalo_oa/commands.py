"""``troly zalo-oa``: the consent of the OA, and how its grant stands. No token is ever shown."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Annotated, Protocol, cast

import typer

from assistant.errors import InputError, TrolyError
from bots.zalo_oa.replies import sentence

if TYPE_CHECKING:  # the web costs half a second to import, which other commands need not pay
    from assistant.config import Config
    from bots.zalo_oa.grant import Grant
    from knowledge_base.home import Home

zalo_oa = typer.Typer(
    no_args_is_help=True, help="Zalo Official Account: xin quyền gửi tin, xem quyền còn hạn không."
)


class _State(Protocol):
    @property
    def home(self) -> Home: ...
    @property
    def config(self) -> Config: ...


@zalo_oa.command()
def authorise(
    context: typer.Context,
    redirect: Annotated[
        str,
        typer.Option(
            help="Địa chỉ đã khai ở mục Official Account Callback URL.", show_default=False
        ),
    ] = "",
    answer: Annotated[
        str,
        typer.Option(
            help="Địa chỉ mà Zalo chuyển đến sau khi đồng ý, hoặc mã code trong đó.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Xin quyền gửi tin của OA: in liên kết đồng ý, rồi nhận địa chỉ hoặc mã trả về."""
    from bots.zalo_oa import consent
    from bots.zalo_oa.oauth import OAuthError
    from bots.zalo_oa.opening import open_oauth

    state = cast("_State", context.obj)
    settings = state.config.channels.zalo_oa
    file, oauth = open_oauth(settings, state.home, os.environ)
    before = time.time()
    if not answer:
        if not redirect:
            raise InputError(sentence("no_redirect"))
        print(consent.begin(file, oauth, redirect))
        print(sentence("open_link"), file=sys.stderr)
        if not sys.stdin.isatty():
            print(sentence("open_later"), file=sys.stderr)
            return
        answer = typer.prompt(sentence("paste"), default="", show_default=False, err=True)
    if answer.strip():
        code, given, oa_id = consent.read_answer(answer)
        try:
            grant: Grant | None = consent.finish(
                file, oauth, code, given, oa_id=oa_id, wanted=settings.oa_id
            )
        except OAuthError as error:
            raise TrolyError(sentence("callback_failed", reason=error)) from None
    else:  # the server's callback may have taken it
        grant = file.read()
        if grant is None or grant.issued < before:
            raise InputError(sentence("not_yet"))
    print(sentence("authorised", oa_id=grant.oa_id if grant else ""))


@zalo_oa.command()
def status(context: typer.Context) -> None:
    """Quyền gửi tin của OA còn tốt không, còn bao lâu. Mã thoát 1 khi cần xin quyền lại."""
    from bots.zalo_oa.grant import GrantFile
    from bots.zalo_oa.tokens import at, gone

    state = cast("_State", context.obj)
    grant = GrantFile(state.home.path).read()
    if grant is None:
        print(sentence("status_none"))
        raise typer.Exit(1)
    if grant.dead:
        says = gone(grant)
    elif grant.trying:
        says = sentence("state_pending", when=at(grant.trying))
    else:
        says = sentence("state_good")
    hours = max(0.0, grant.expires - time.time()) / 3600
    print(
        sentence(
            "status", oa_id=grant.oa_id or "?", issued=at(grant.issued), hours=hours, state=says
        )
    )
    if grant.dead:
        raise typer.Exit(1)
