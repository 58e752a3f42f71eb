"""``troly up``: the web door, on this machine alone unless told otherwise."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Protocol

import typer
from rich.console import Console

from assistant.config import Config
from knowledge_base.home import Home

if TYPE_CHECKING:  # the web costs half a second to import, which other commands need not pay
    from bots.web.desk import AssistantPort, Desk

logger = logging.getLogger(__name__)


class _State(Protocol):
    @property
    def home(self) -> Home: ...
    @property
    def config(self) -> Config: ...
    @property
    def console(self) -> Console: ...


def up(
    ctx: typer.Context,
    host: Annotated[
        str | None,
        typer.Option(help="Address to listen on. Default: server.host of config.yml, 127.0.0.1."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port; 0 takes a free one. Default: server.port, 8080."
        ),
    ] = None,
) -> None:
    """Serve the chat page, its API, and an OpenAI-compatible /v1, until Ctrl-C."""
    state: _State = ctx.obj
    from assistant.build import build_assistant
    from knowledge_base.prepare import ensure_ready

    def build() -> AssistantPort:
        ensure_ready(state.home, state.config.knowledge_base)
        return build_assistant(state.home, state.config)

    config = state.config
    run(
        config,
        state.console,
        build,
        host or config.server.host,
        config.server.port if port is None else port,
    )


def run(
    config: Config, console: Console, build: Callable[[], AssistantPort], host: str, port: int
) -> None:
    """Listen first, serve at once, and build the assistant meanwhile.

    Raises:
        typer.Exit: code 1 after one sentence, when the address cannot be listened on.
    """
    from bots.web.desk import Desk
    from bots.web.server import CannotListenError, address_of, listen, serve

    try:
        listening = listen(host, port)
    except CannotListenError as error:
        console.print(str(error), markup=False, highlight=False)
        raise typer.Exit(1) from None
    address = address_of(listening)
    desk = Desk(config)

    def started() -> None:
        console.print(f"troly: {address}", markup=False, highlight=False, soft_wrap=True)
        threading.Thread(target=_open, args=(desk, build, console), daemon=True).start()

    serve(desk, listening, started)
    console.print("Đã dừng.", markup=False)


def _open(desk: Desk, build: Callable[[], AssistantPort], console: Console) -> None:
    try:
        assistant = build()
    except Exception as error:
        desk.break_down()
        logger.exception("the assistant could not be built")
        console.print(f"Chưa trả lời được câu hỏi: {error}", markup=False, highlight=False)
    else:
        desk.open(assistant)
        console.print("Sẵn sàng trả lời.", markup=False)
