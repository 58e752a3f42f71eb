"""``troly law``: what a document says, whether it holds on a day, and what changed it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from knowledge_base.command_state import State, asked_day
from knowledge_base.errors import WrongUse
from knowledge_base.law import told
from knowledge_base.law.library import Library, NotThere
from knowledge_base.law.listing import Wanted, years_of
from knowledge_base.law.shelves import Shelves
from knowledge_base.store import Record

laws = typer.Typer(
    no_args_is_help=True,
    help="Văn bản pháp luật trong kho: nội dung từng điều, hiệu lực theo ngày, diễn biến sửa đổi.",
)

Number = Annotated[str, typer.Argument(help='Số hiệu, ví dụ "30/2020/NĐ-CP", "nghị định 30/2020".')]
ArticleOption = Annotated[str, typer.Option("--article", help="Điều, ví dụ 5 hoặc 5a.")]
Json = Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")]


@laws.command()
def show(
    ctx: typer.Context,
    number: Number,
    article: ArticleOption = "",
    clause: Annotated[str, typer.Option("--clause", help="Khoản của điều đó.")] = "",
    as_of: Annotated[
        str, typer.Option("--as-of", help="Ngày xét hiệu lực, dạng 2026-07-01 (mặc định hôm nay).")
    ] = "",
    as_json: Json = False,
) -> None:
    """Xem một văn bản, hoặc một điều, một khoản, và hiệu lực của nó vào một ngày."""
    with _clear_errors():
        on = asked_day(as_of)
        if clause and not article:
            raise WrongUse("--clause cần đi cùng --article, ví dụ: --article 5 --clause 2")
        library = _library(ctx)
        found = library.find(number, on)
        if not article:
            _print(told.law_json(found, on) if as_json else told.overview_lines(found, on))
            return
        one = library.article(found, article)
        label = library.clause(found, one, clause)
        if as_json:
            _print(told.part_json(found, one, label, on))
        else:
            _print(told.article_lines(found, one, on, label))


@laws.command()
def history(
    ctx: typer.Context, number: Number, article: ArticleOption = "", as_json: Json = False
) -> None:
    """Diễn biến của một văn bản hoặc một điều: ban hành, có hiệu lực, sửa đổi, thay thế, bãi bỏ."""
    with _clear_errors():
        library = _library(ctx)
        found = library.find(number, asked_day(""))
        label = library.article(found, article).label if article else ""
        if not as_json:
            _print(told.history_lines(found, label))
            return
        _print(
            {
                "key": found.key,
                "number": found.number,
                "title": found.title,
                "article": label,
                "issued_on": found.issued_on or None,
                "effective_from": found.effective_from and found.effective_from.isoformat(),
                "effective_to": found.effective_to and found.effective_to.isoformat(),
                "events": [
                    told.event_json(a, e) for a, e in found.events if not label or a in ("", label)
                ],
                "relations": [
                    told.edge_json(e)
                    for e in found.outgoing
                    if not e.kind.endswith("_by") and label in ("", e.source_article)
                ],
            }
        )


@laws.command()
def compare(
    ctx: typer.Context,
    one: Annotated[
        str, typer.Argument(help="Số hiệu hoặc tên văn bản, ví dụ “luật đất đai 2013”.")
    ],
    other: Annotated[
        str, typer.Argument(help="Văn bản thứ hai; bỏ trống để so trước và sau khi sửa đổi.")
    ] = "",
    article: ArticleOption = "",
    with_article: Annotated[
        str, typer.Option("--with", help="Điều của văn bản thứ hai, khi muốn tự chọn.")
    ] = "",
    before: Annotated[str, typer.Option("--before", help="Ngày thứ nhất, dạng 2024-01-01.")] = "",
    after: Annotated[str, typer.Option("--after", help="Ngày thứ hai (mặc định hôm nay).")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Kể cả khoản giữ nguyên.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Ghi trang HTML hai cột.")] = None,
    as_json: Json = False,
) -> None:
    """Trước và sau: hai văn bản, hoặc một văn bản ở hai ngày, từng khoản, chữ đổi được đánh dấu."""
    from knowledge_base.law import told_compare

    with _clear_errors():
        days = tuple(asked_day(day) if day else None for day in (before, after))
        made = _library(ctx).compare(
            one, other, asked_day(""), label=article, with_=with_article, days=(days[0], days[1])
        )
        if html is not None:
            try:
                html.write_text(told_compare.page(made), encoding="utf-8")
            except OSError as error:
                raise WrongUse(f"Không ghi được {html}: {error.strerror}.") from error
        if as_json:
            _print(told_compare.comparison_json(made))
        elif html is not None:
            typer.echo(f"Đã ghi {html}: {len(made.articles)} điều khác nhau.")
        else:
            _print(told_compare.lines(made, same=everything))


@laws.command()
def guides(
    ctx: typer.Context,
    number: Number,
    article: ArticleOption = "",
    as_of: Annotated[str, typer.Option("--as-of", help="Ngày xét hiệu lực.")] = "",
    as_json: Json = False,
) -> None:
    """Văn bản hướng dẫn một luật, nghị định: còn hiệu lực hay không, hướng dẫn điều nào."""
    from knowledge_base.law import told_lists

    with _clear_errors():
        on = asked_day(as_of)
        of, found = _library(ctx).guides(number, on, article)
        if as_json:
            _print(told_lists.guides_json(of, found, on, article))
        else:
            _print(told_lists.guide_lines(of, found, on, article))


@laws.command("list")
def list_(
    ctx: typer.Context,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Loại: luat, nghi-dinh, thong-tu…")
    ] = None,
    authority: Annotated[
        list[str] | None, typer.Option("--authority", help="Cơ quan ban hành, ví dụ “Bộ Công an”.")
    ] = None,
    year: Annotated[str, typer.Option("--year", help="Năm ban hành: 2026, hoặc 2020-2024.")] = "",
    field: Annotated[
        list[str] | None, typer.Option("--field", help="Lĩnh vực, ví dụ “đất đai”.")
    ] = None,
    about: Annotated[
        list[str] | None, typer.Option("--about", help="Từ có trong tên văn bản.")
    ] = None,
    in_force: Annotated[bool, typer.Option("--in-force", help="Chỉ văn bản còn hiệu lực.")] = False,
    as_of: Annotated[str, typer.Option("--as-of", help="Ngày xét hiệu lực.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Số văn bản nêu ra.")] = 50,
    as_json: Json = False,
) -> None:
    """Liệt kê văn bản theo cơ quan, lĩnh vực, năm, loại và hiệu lực vào một ngày."""
    from knowledge_base.law import told_lists

    with _clear_errors():
        on = asked_day(as_of)
        years = years_of(year)
        if year and years is None:
            raise WrongUse(f"Năm {year!r} không đúng dạng, ví dụ: --year 2026, --year 2020-2024.")
        wanted = Wanted(
            tuple(kind or ()), tuple(authority or ()), years, tuple(field or ()),
            tuple(about or ()), in_force,
        )  # fmt: skip
        found = _library(ctx).list(wanted, on)
        if as_json:
            _print(told_lists.list_json(found, on, limit))
        else:
            _print(told_lists.list_lines(found, on, limit))


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Errors as one sentence on stderr: 2 for a wrong use, 1 for what is not there."""
    try:
        yield
    except WrongUse as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except NotThere as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _library(ctx: typer.Context) -> Library:
    from knowledge_base.prepare import store_bundled
    from knowledge_base.progress import bars

    state: State = ctx.obj
    with bars(state.console) as progress:
        store_bundled(state.home, state.knowledge, progress)
    return Library(Shelves(Record(state.home.record())))


def _print(what: dict[str, Any] | Iterable[str]) -> None:
    if isinstance(what, dict):
        typer.echo(json.dumps(what, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(what))
