"""``troly up``: the web door, on this machine alone unless told otherwise."""

from __future__ import annotations

import os
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
) -> None:
    """Mở trang hỏi đáp, API và cổng /v1 tương thích OpenAI, đến khi nhấn Ctrl-C."""
    from assistant.desk.opening import open_desk
    from bots.delivery.opening import open_delivery
    from bots.getting_ready import GettingReady
    from bots.rasa_beside import rasa_beside
    from bots.web.desk import Desk
    from bots.web.server import CannotListenError, address_of, listen, serve

    state = cast("SessionState", context.obj)
    server = state.config.server
    try:  # before anything slow is begun
        listening = listen(host or server.host, server.port if port is None else port)
    except CannotListenError as error:
        state.console.print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    address = address_of(listening)
    desk = Desk(state.config)
    desk.record = state.home.record()
    desk.officers = open_desk(state.home.state_database, state.config)
    desk.delivery = open_delivery(desk, state.home, os.environ, say=_sayer(state))
    readying = GettingReady(state, desk)
    desk.rasa = rasa = rasa_beside(state, getattr(context.obj, "config_path", None))

    def started() -> None:
        state.console.print(f"troly: {address}", markup=False, highlight=False, soft_wrap=True)
        readying.start()

    try:
        serve(desk, listening, started)
    finally:
        readying.stopped.set()
        if rasa is not None:
            rasa.close()
    state.console.print("Đã dừng.", markup=False)


def _sayer(state: SessionState) -> Callable[[str], object]:
    return lambda text: state.console.print(text, markup=False, highlight=False, soft_wrap=True)
