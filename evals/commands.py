"""``troly bench``: speed, memory and quality, measured here and printed as tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evals.benchmarks.answers import answers
from evals.benchmarks.channels import channels
from evals.benchmarks.conflicts import conflicts
from evals.benchmarks.delivery import delivery
from evals.benchmarks.dialogue import dialogue
from evals.benchmarks.index import index
from evals.benchmarks.law import law
from evals.benchmarks.model import model
from evals.benchmarks.slots import slots
from evals.benchmarks.startup import startup
from evals.benchmarks.typed import typed

bench = typer.Typer(help="Đo tốc độ, bộ nhớ và chất lượng; in bảng Markdown.", no_args_is_help=True)

bench.command()(startup)
bench.command()(answers)
bench.command()(model)
bench.command()(index)
bench.command()(typed)
bench.command()(slots)
bench.command()(law)
bench.command()(dialogue)
bench.command()(conflicts)
bench.command()(delivery)
bench.command()(channels)


@bench.command()
def retrieval(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Thư mục dạng BEIR: corpus.jsonl, queries.jsonl, qrels.tsv."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Thư mục chứa các bộ câu hỏi công khai.", show_default=False),
    ] = None,
    sets: Annotated[
        str,
        typer.Option(help="Tên các bộ trong --data, cách nhau dấu phẩy (mặc định: tất cả)."),
    ] = "",
    work: Annotated[Path, typer.Option(help="Nơi giữ các chỉ mục.")] = Path("benchmark-homes"),
    noise: Annotated[
        str,
        typer.Option(help="Cách gõ: none,bare,half,telex,vni,teencode,glue,nfd."),
    ] = "none,bare",
    ways: Annotated[
        str,
        typer.Option(
            help="Cách tìm (mặc định: tất cả): bm25,bm25-bare,dense,dense-read,rrf,"
            "zscore,chain,lexical,words,troly."
        ),
    ] = "",
    vectors: Annotated[
        bool | None,
        typer.Option(
            help="Có tính vector không (mặc định: có, với kho tới 10.000 văn bản).",
            show_default=False,
        ),
    ] = None,
    speed: Annotated[
        bool, typer.Option(help="Đo thời gian và bộ nhớ, mỗi cách một tiến trình.")
    ] = True,
    limit: Annotated[int, typer.Option(min=0, help="Số câu hỏi mỗi bộ (0: tất cả).")] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Số luồng tính vector.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Chất lượng tìm kiếm theo từng chặng trên các bộ câu hỏi có đáp án."""
    from evals.benchmarks.retrieval import main  # numpy and the index: not for every command

    options = [f"--work={work}", f"--noise={noise}", f"--threads={threads}", f"--limit={limit}"]
    options += [f"--data={data}"] if data else []
    options += [f"--sets={sets}"] if sets else []
    options += [f"--ways={ways}"] if ways else []
    options += [] if vectors is None else ["--vectors" if vectors else "--no-vectors"]
    options += [] if speed else ["--no-speed"]
    options += ["--json"] if as_json else []
    raise typer.Exit(main([*map(str, folders or []), *options]))
