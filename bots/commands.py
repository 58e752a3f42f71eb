"""``troly up``: the web door, on this machine alone unless told otherwise."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:  # the web costs half a second to import, which other commands need not pay
    from assistant.session import SessionState


def up(
    context: typer.Context,
    host: Annotated[
        str | None,
        typer.Option(help="Địa chỉ để nghe (mặc định server.host, 127.0.0.1).", show_default=False),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Cổng; 0 là cổng trống bất kỳ (mặc định server.port, 8080).",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        str,
        typer.Option(
            help="Hồ sơ trợ lý trong config.yml; hồ sơ dành cho cán bộ mở máy chủ cán bộ, "
            "phải đăng nhập."
        ),
    ] = "citizen",
) -> None:
    """Mở trang hỏi đáp, API và cổng /v1 tương thích OpenAI, đến khi nhấn Ctrl-C."""
    from assistant.desk.opening import open_desk
    from assistant.uploads.workbench import Workbench
    from bots.delivery.opening import open_delivery
    from bots.for_whom import ServerState, agency_told, serving, told
    from bots.getting_ready import GettingReady
    from bots.rasa_beside import rasa_beside
    from bots.web.desk import Desk
    from bots.web.server import CannotListenError, address_of, listen, serve

    operator = cast("SessionState", context.obj)
    config, config_path = operator.config, getattr(context.obj, "config_path", None)
    served = serving(operator.home, config, profile, config_path)
    state = ServerState(served.home, config, operator.console)
    asked = host or config.server.host
    try:  # before anything slow is begun
        listening = listen(asked, config.server.port if port is None else port)
    except CannotListenError as error:
        state.console.print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    address, say = address_of(listening), _sayer(state)
    desk = Desk(config)
    desk.profile, desk.access = profile, served.access
    if served.access is not None:
        desk.workbench = Workbench(served.home, config)
    desk.record = state.home.record()
    desk.officers = open_desk(state.home.state_database, config)
    readying = GettingReady(state, desk, served.build)
    rasa = None
    if served.access is None:  # Rasa keeps what it hears, and channels lead to chat apps
        desk.delivery = open_delivery(desk, state.home, os.environ, say=say)
        desk.rasa = rasa = rasa_beside(state, config_path)

    def started() -> None:
        say(f"troly: {address}")
        for line in told(served, config, asked):
            say(line)
        readying.start()
        threading.Thread(target=lambda: (why := agency_told(served)) and say(why)).start()

    try:
        serve(desk, listening, started)
    finally:
        readying.stopped.set()
        if rasa is not None:
            rasa.close()
    state.console.print("Đã dừng.", markup=False)


def _sayer(state: SessionState) -> Callable[[str], object]:
    return lambda text: state.console.print(text, markup=False, highlight=False, soft_wrap=True)
