"""``troly bench``: speed, memory and quality, measured here and printed as tables."""

from __future__ import annotations

import typer

from evals.benchmarks.answers import answers
from evals.benchmarks.index import index
from evals.benchmarks.model import model
from evals.benchmarks.startup import startup

bench = typer.Typer(help="Đo tốc độ, bộ nhớ và chất lượng; in bảng Markdown.", no_args_is_help=True)

bench.command()(startup)
bench.command()(answers)
bench.command()(model)
bench.command()(index)
