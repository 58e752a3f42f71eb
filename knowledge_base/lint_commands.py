"""``troly kb lint``: is what the knowledge base says sourced, current and without contradiction?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated

import typer

from knowledge_base.command_state import State
from knowledge_base.kb_commands import Json, print_json
from knowledge_base.meant import records

if TYPE_CHECKING:
    from knowledge_base.lint import Finding

_SHOWN = 15  # findings of one kind; --json has them all
_VIETNAM = timezone(timedelta(hours=7))

WEIGHT = {"error": "LỖI", "warning": "Cảnh báo", "note": "Ghi chú"}


def lint(
    ctx: typer.Context,
    bundled: Annotated[
        bool, typer.Option("--bundled", help="Chỉ xét bộ tài liệu kèm theo chương trình.")
    ] = False,
    days: Annotated[
        int, typer.Option(min=1, help="Đối chiếu với nguồn quá bao nhiêu ngày thì cảnh báo.")
    ] = 365,
    everything: Annotated[bool, typer.Option("--all", help="Kể cả ghi chú.")] = False,
    as_json: Json = False,
) -> None:
    """Thiếu nguồn, đối chiếu cũ, cấp đã bỏ, liên kết chết, mâu thuẫn. Có lỗi thì mã thoát là 1."""
    from knowledge_base import lint as checks

    state: State = ctx.obj
    subjects = list(checks.bundled_subjects()) if bundled or state.knowledge.bundled_corpus else []
    if not bundled:
        for record in records(state.home).values():
            subjects += checks.stored_subjects(record)
    found = checks.lint(subjects, datetime.now(_VIETNAM).date(), days)
    counts = Counter(finding.weight for finding in found)
    if as_json:
        counted = {weight: counts[weight] for weight in ("error", "warning", "note")}
        rows = [asdict(finding) for finding in found]
        print_json({"documents": len(subjects), **counted, "findings": rows})
    else:
        _show([f for f in found if everything or f.weight != "note"])
        typer.echo(
            f"Đã xét {len(subjects)} tài liệu: {counts['error']} lỗi, {counts['warning']} cảnh "
            f"báo, {counts['note']} ghi chú."
        )
    if counts["error"]:
        raise typer.Exit(1)


def _show(found: Sequence[Finding]) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for finding in found:
        kind = (finding.weight, finding.problem)
        seen[kind] += 1
        if seen[kind] <= _SHOWN:
            typer.echo(f"{WEIGHT[finding.weight]}: {finding.document_id}: {finding.message}")
    for (weight, problem), count in seen.items():
        if count > _SHOWN:
            typer.echo(
                f"… và {count - _SHOWN} {WEIGHT[weight].lower()} {problem} nữa (xem bằng --json)."
            )
