"""The command ``troly``: reads configuration once and mounts what the packages can do."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant import VERSION
from assistant.access.commands import access_app
from assistant.commands import ask, chat, replay, verify
from assistant.config import Config, find_config, load_config
from assistant.conflicts.commands import conflicts
from assistant.desk.commands import desk
from assistant.dialogue.commands import dialogue
from assistant.drafting.commands import draft_app
from assistant.errors import TrolyError
from assistant.figures.commands import figures_app
from assistant.journeys.commands import journey_app
from assistant.judging.commands import judgment_app
from assistant.language_model.commands import models
from assistant.plain_language.commands import plain
from assistant.profiles.commands import profile_app
from assistant.profiles.loading import FOLDER
from assistant.receipts import Receipts
from assistant.state_file import keep_in_files
from assistant.uploads.commands import uploads_app
from bots.commands import up
from bots.delivery.commands import channels_app
from bots.demo.commands import demo
from bots.zalo_oa.commands import zalo_oa
from evals.commands import bench
from evals.eval_commands import evaluation
from knowledge_base.errors import KnowledgeError, disk_full, is_full
from knowledge_base.home import Home
from knowledge_base.ingest_commands import ingest
from knowledge_base.kb_commands import kb
from knowledge_base.law.article_map_command import map_laws
from knowledge_base.law.commands import laws
from knowledge_base.lint_commands import lint
from knowledge_base.portal.commands import cards, show
from knowledge_base.quarantine_commands import quarantine
from knowledge_base.search_commands import search
from knowledge_base.settings import KnowledgeSettings


@dataclass(frozen=True, slots=True)
class State:
    """What every command gets: where things are, how they are set, where progress goes."""

    home: Home
    config: Config
    config_path: Path | None
    console: Console = field(default_factory=lambda: Console(stderr=True))

    @property
    def knowledge(self) -> KnowledgeSettings:
        return self.config.knowledge_base

    @property
    def past_answers(self) -> Receipts:
        return Receipts(self.home.state_database, days=self.config.receipts.days)


app = typer.Typer(
    name="troly",
    help="Trợ lý dịch vụ công: hỏi bằng tiếng Việt, trả lời có dẫn nguồn kiểm tra được, chạy "
    "ngay trên máy này.\n\nAn offline assistant for Vietnamese public services: ask in plain "
    "Vietnamese, get a cited answer.",
    epilog='Ví dụ: troly ask "Làm hộ chiếu phổ thông hết bao nhiêu tiền, mấy ngày có?"',
    no_args_is_help=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def main_options(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(help="Thư mục dữ liệu (hoặc biến TROLY_HOME).", show_default=False),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="Tệp config.yml khác (hoặc TROLY_CONFIG).", show_default=False),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="In phiên bản rồi thoát.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Ghi nhật ký ra stderr.")
    ] = False,
) -> None:
    """Read the configuration; everything else is up to the command."""
    if version:
        print(f"troly {VERSION}")
        raise typer.Exit
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.ERROR,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )
    if context.resilient_parsing:  # shell completion asks for words, not for work
        return
    if context.invoked_subcommand in ("bench", "demo", "eval"):
        keep_in_files()
    place = Home.find(home)
    path = find_config(config, place.path)
    context.obj = State(place, load_config(path, place.path / FOLDER), path)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Chạy bộ kiểm thử (tham số chuyển cho pytest)."""
    import pytest  # only this command needs it

    root = Path(__file__).parent
    # A whole run waits much: side by side it takes half. Arguments: somebody looks closer.
    way = context.args or ["-n", "auto", "--maxprocesses=4", "--dist=worksteal"]
    raise typer.Exit(int(pytest.main([f"--rootdir={root}", f"-c={root / 'pyproject.toml'}", *way])))


app.command()(ask)
app.command()(chat)
app.command()(search)
app.command()(ingest)
app.command()(up)
app.command()(demo)
app.command()(verify)
app.command()(replay)
app.command()(conflicts)
app.command()(plain)
kb.command()(lint)
kb.command()(show)
kb.command()(cards)
kb.add_typer(quarantine, name="quarantine")
app.add_typer(kb, name="kb")
laws.command("map")(map_laws)
app.add_typer(laws, name="law")
app.add_typer(journey_app, name="journey")
app.add_typer(draft_app, name="draft")
app.add_typer(figures_app, name="figures")
app.add_typer(judgment_app, name="judgment")
app.add_typer(uploads_app, name="uploads")
app.add_typer(profile_app, name="profile")
app.add_typer(models, name="models")
app.add_typer(dialogue, name="dialogue")
app.add_typer(desk, name="desk")
app.add_typer(access_app, name="access")
app.add_typer(channels_app, name="channels")
app.add_typer(zalo_oa, name="zalo-oa")
app.add_typer(bench, name="bench")
app.add_typer(evaluation, name="eval")


def general_first(arguments: list[str]) -> list[str]:
    """``--home`` and ``--config`` may stand after the command, too: people put them there.

    >>> general_first(["search", "hộ chiếu", "--home", "kb", "-k", "3"])
    ['--home', 'kb', 'search', 'hộ chiếu', '-k', '3']
    """
    if arguments[:1] == ["test"]:  # its arguments are pytest's
        return arguments
    first: list[str] = []
    rest: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument in ("--home", "--config"):
            first += [argument, *[value for value in [next(left, None)] if value is not None]]
        elif argument.startswith(("--home=", "--config=")):
            first.append(argument)
        else:
            rest.append(argument)
    return [*first, *rest]


def main() -> None:
    """Entry point: one sentence for what can be put right, a traceback only for our faults."""
    try:
        app(general_first(sys.argv[1:]))
    except (TrolyError, KnowledgeError) as error:
        Console(stderr=True).print(f"troly: {error}", style="red", markup=False, highlight=False)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(141)  # the reader has seen enough
    except OSError as error:
        if not is_full(error):
            raise
        full = disk_full(error.filename or "thư mục dữ liệu")
        Console(stderr=True).print(f"troly: {full}", style="red", markup=False, highlight=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
