"""``troly kb``: what the knowledge base holds, what changed, what is taken out."""

from __future__ import annotations

import typer

kb = typer.Typer(
    no_args_is_help=True,
    help="Kho tri thức: tình trạng, thay đổi, rút tài liệu, tệp không đọc được.",
)
