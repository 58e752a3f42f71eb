"""``troly kb``: what the knowledge base holds, what changed, what is taken out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from knowledge_base.changes import Affected
from knowledge_base.command_state import State
from knowledge_base.errors import BuildFailed
from knowledge_base.meant import Meant, in_collection, meant, records
from knowledge_base.prepare import refresh_index, store_bundled
from knowledge_base.progress import bars

kb = typer.Typer(
    no_args_is_help=True,
    help="Kho tri thức: tình trạng, thay đổi, rút tài liệu, tệp không đọc được.",
)

Json = Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")]
Targets = Annotated[
    list[str] | None,
    typer.Argument(help="Mã tài liệu, mã thủ tục, số hiệu văn bản hoặc tệp đã nạp."),
]
Collection = Annotated[
    str, typer.Option("--collection", help="Cả bộ tài liệu này, thay cho từng mã.")
]


def prepared(ctx: typer.Context) -> State:
    """The state, over a record that holds at least what comes with the program."""
    state: State = ctx.obj
    with bars(state.console) as progress:
        store_bundled(state.home, state.knowledge, progress)
    return state


def print_json(value: Any) -> None:
    """JSON for a program, on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@kb.command()
def status(ctx: typer.Context, as_json: Json = False) -> None:
    """Kho có gì, chỉ mục đến đâu, thay đổi gần đây, bao nhiêu tệp chưa đọc được."""
    from knowledge_base.kb_lines import show_status
    from knowledge_base.status import status_of

    state = prepared(ctx)
    found = status_of(state.home, state.knowledge)
    if as_json:
        print_json(asdict(found))
    else:
        show_status(found)


@kb.command()
def diff(
    ctx: typer.Context,
    target: Annotated[
        str,
        typer.Argument(
            help="Mã tài liệu, mã thủ tục, số hiệu, hoặc tệp đã nạp (tệp đã sửa mà chưa nạp lại "
            "thì so với bản trong kho)."
        ),
    ],
    since: Annotated[
        str, typer.Option("--from", help="Mã băm (phần đầu) của bản cũ; mặc định bản liền trước.")
    ] = "",
    until: Annotated[
        str, typer.Option("--to", help="Mã băm (phần đầu) của bản mới; mặc định bản cuối.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Thay đổi giữa hai phiên bản, và những câu trả lời đã lưu bị ảnh hưởng."""
    from knowledge_base.diffs import compared
    from knowledge_base.kb_lines import say, show_report

    state = prepared(ctx)
    found = list(compared(state, target, since, until))
    if as_json:
        print_json(
            [
                {
                    **asdict(one.report),
                    "versions": [
                        {"sha256": v.sha256, "at": v.at, "current": v.current}
                        for v in one.versions
                    ],
                    "preview": one.preview,
                    "affected": [asdict(a) for a in one.affected],
                }
                for one in found
            ]
        )  # fmt: skip
        return
    for number, one in enumerate(found):
        if number:
            say()
        show_report(one.report, one.affected, preview=one.preview)


@kb.command()
def withdraw(
    ctx: typer.Context,
    targets: Targets = None,
    collection: Collection = "",
    reason: Annotated[str, typer.Option(help="Vì sao rút; được ghi lại.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Không hỏi lại.")] = False,
    as_json: Json = False,
) -> None:
    """Rút tài liệu: biến mất ngay khỏi tìm kiếm và câu trả lời; trích dẫn cũ vẫn kiểm tra được."""
    from knowledge_base.kb_lines import say, show_affected, show_meant

    state = prepared(ctx)
    named = _named(state, targets, collection)
    chosen = [one for one in named if not one.withdrawn_at]
    affected = _resting_on(state, chosen)
    if not as_json:
        if not chosen:
            say("Những tài liệu này đã được rút từ trước.")
            return
        show_meant(f"Sẽ rút {len(chosen)} tài liệu", chosen)
        show_affected(affected)
    if not yes:
        _confirm(f"Rút {len(chosen)} tài liệu này?")
    for store, record in records(state.home).items():
        record.withdraw(*(one.id for one in chosen if one.store == store), reason=reason.strip())
    index = _reindex(state, chosen)
    if as_json:
        print_json(
            {
                "withdrawn": [asdict(one) for one in chosen],
                "already": [asdict(one) for one in named if one.withdrawn_at],
                "affected": [asdict(one) for one in affected],
                "index": index,
            }
        )
    else:
        say(f"Đã rút {len(chosen)} tài liệu. Lấy lại bằng: troly kb restore MÃ")


@kb.command()
def restore(
    ctx: typer.Context, targets: Targets = None, collection: Collection = "", as_json: Json = False
) -> None:
    """Đưa trở lại tài liệu đã rút, đúng như trước khi rút."""
    from knowledge_base.kb_lines import say, show_meant

    state = prepared(ctx)
    named = _named(state, targets, collection)
    chosen = [one for one in named if one.withdrawn_at]
    for store, record in records(state.home).items():
        record.restore(*(one.id for one in chosen if one.store == store))
    index = _reindex(state, chosen)
    if as_json:
        print_json({"restored": [asdict(one) for one in chosen], "index": index})
    elif chosen:
        show_meant(f"Đã khôi phục {len(chosen)} tài liệu", chosen)
    else:
        say("Những tài liệu này không bị rút.")


def _named(state: State, targets: Sequence[str] | None, collection: str) -> list[Meant]:
    if not targets and not collection:
        raise typer.BadParameter("Cần ít nhất một mã, số hiệu hoặc tệp; hoặc --collection TÊN.")
    found = [one for text in targets or () for one in meant(state.home, text)]
    found += in_collection(state.home, collection) if collection else []
    return list(dict.fromkeys(found))


def _resting_on(state: State, chosen: Iterable[Meant]) -> list[Affected]:
    """Past answers that cite any version of these documents."""
    return list(state.past_answers.citing({one.id: "" for one in chosen}))


def _confirm(question: str) -> None:
    try:
        said = str(typer.prompt(f"{question} [c/K]", default="", show_default=False))
    except typer.Abort:
        said = ""
    if said.strip().lower() not in ("c", "có", "co", "y", "yes"):
        typer.echo("Không làm gì cả. (Không có bàn phím thì thêm --yes.)", err=True)
        raise typer.Exit(1)


def _reindex(state: State, chosen: Sequence[Meant]) -> str:
    """Bring the indexes up to date. What is withdrawn is left out of search already."""
    done = "full"
    for store in dict.fromkeys(one.store for one in chosen):
        try:
            with bars(state.console) as progress:
                ready = refresh_index(state.home, state.knowledge, progress, store=store)
        except BuildFailed as error:
            state.console.print(
                f"Việc rút hay khôi phục đã có hiệu lực, nhưng chưa lập lại được chỉ mục: {error}",
                style="yellow",
                markup=False,
            )
            done = "behind"
        else:
            done = done if ready.vectors or done == "behind" else "words"
    return done
