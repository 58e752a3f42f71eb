"""``troly bench``: speed, memory and quality, measured here and printed as tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evals.benchmarks.answers import answers
from evals.benchmarks.index import index
from evals.benchmarks.model import model
from evals.benchmarks.questions import questions
from evals.benchmarks.startup import startup

bench = typer.Typer(help="Đo tốc độ, bộ nhớ và chất lượng; in bảng Markdown.", no_args_is_help=True)

bench.command()(startup)
bench.command()(answers)
bench.command()(model)
bench.command()(index)
bench.command()(questions)


@bench.command()
def retrieval(
    sets: Annotated[list[Path], typer.Argument(help="Thư mục dạng BEIR: corpus, queries, qrels.")],
    work: Annotated[Path, typer.Option(help="Nơi giữ các chỉ mục.")] = Path("benchmark-homes"),
    no_vectors: Annotated[bool, typer.Option(help="Chỉ đo BM25.")] = False,
) -> None:
    """Chất lượng tìm kiếm theo từng chặng trên các bộ câu hỏi có đáp án."""
    from evals.benchmarks.retrieval import main

    options = ["--no-vectors"] if no_vectors else []
    raise typer.Exit(main([*map(str, sets), "--work", str(work), *options]))
