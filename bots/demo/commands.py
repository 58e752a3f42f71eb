"""``troly demo``: a chat channel tried on this machine, without an account and without network."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, cast

import typer

from assistant.errors import InputError

if TYPE_CHECKING:  # the web costs half a second to import, which other commands need not pay
    from assistant.config import Config
    from assistant.session import SessionState

#: What can be tried; `bots.demo.people` has the providers.
NAMES = ("zalo-oa", "zalo-bot", "telegram")


def demo(
    context: typer.Context,
    channel: Annotated[str, typer.Argument(help=f"Kênh muốn thử: {', '.join(NAMES)}.")],
    model: Annotated[
        bool, typer.Option("--model", help="Dùng cả mô hình ngôn ngữ (đã tải sẵn).")
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Cho chương trình: mỗi dòng vào và ra là một đối tượng JSON."),
    ] = False,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="Không chờ 1,5 giây xem người dân gõ tiếp không.")
    ] = False,
) -> None:
    """Thử một kênh chat ngay trên máy này: gõ như người dân, xem người dân thấy gì.

    Ví dụ: troly demo zalo-oa
    """
    if channel not in NAMES:
        raise InputError(f"Không có kênh “{channel}”. Các kênh: {', '.join(NAMES)}.")
    from bots.demo.by_lines import by_lines
    from bots.demo.console import Console
    from bots.demo.people import PLATFORMS
    from bots.demo.replies import sentence
    from bots.demo.stage import Stage

    state = cast("SessionState", context.obj)
    config = _config(state.config, model=model)
    typed = sys.stdin.isatty() and not as_json
    with contextlib.ExitStack() as opened:
        folder = opened.enter_context(TemporaryDirectory(prefix="troly-demo-"))
        platform = opened.enter_context(PLATFORMS[channel]())
        state.console.print(sentence("preparing"), markup=False, highlight=False)
        stage = opened.enter_context(
            Stage(
                state.home, config, [platform], Path(folder) / "home",
                console=state.console, together=0.0 if at_once else None,
            )
        )  # fmt: skip
        with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
            if as_json:
                by_lines(stage, platform, sys.stdin, _say)
            else:
                _say(sentence("hello", name=channel, address=stage.address))
                lines = _typed() if typed else sys.stdin
                Console(stage, platform, _say).run(lines, patiently=not typed)


def _config(config: Config, *, model: bool) -> Config:
    """Rules decide, nothing is kept for later; the language model only where it is asked for."""
    changes: dict[str, object] = {
        "dialogue": config.dialogue.model_copy(update={"mode": "direct"}),
        "desk": config.desk.model_copy(update={"staffed": True}),
    }
    if not model:
        changes["model"] = config.model.model_copy(update={"kind": "none"})
    return config.model_copy(update=changes)


def _typed() -> Iterator[str]:
    with contextlib.suppress(EOFError):
        while True:
            yield input()


def _say(text: str) -> None:
    print(text, flush=True)
