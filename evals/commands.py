"""``troly bench``: speed, memory and quality, measured here and printed as tables."""

from __future__ import annotations

import typer

bench = typer.Typer(help="Đo tốc độ, bộ nhớ và chất lượng; in bảng Markdown.", no_args_is_help=True)
