"""A table of issues as a page that stands alone, and as a Word document."""

from __future__ import annotations

from html import escape
from pathlib import Path

from assistant.judging.issues import NOTHING, NOTICE, IssueTable, Row
from assistant.judging.provision import Provision
from assistant.judging.told import excerpt, why
from knowledge_base.wording import day as written

_HEADS = (
    "Vấn đề",
    "Tình tiết trong hồ sơ",
    "Điều luật và nguyên văn",
    "Án tương tự",
    "Cần hỏi thêm",
)
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:80rem;margin:1rem auto;padding:0 1rem}"
    "table{width:100%;border-collapse:collapse}td,th{border:1px solid "
    "#999;padding:.5rem;vertical-align:top;text-align:left}"
)


def page(table: IssueTable) -> str:
    """Needs nothing else; quotes are verbatim."""
    rows = "".join(
        "<tr>"
        + "".join(f"<td>{'<br>'.join(map(escape, cell))}</td>" for cell in _cells(row))
        + "</tr>"
        for row in table.rows
    )
    heads = "".join(f"<th>{name}</th>" for name in _HEADS)
    remarks = "".join(f"<p>Lưu ý: {escape(remark)}</p>" for remark in table.remarks)
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Bảng vấn đề pháp '
        "lý</title>"
        f"<style>{_STYLE}</style></head><body><h1>Bảng vấn đề pháp lý</h1>"
        f"<p>Luật có hiệu lực ngày {written(table.day)}. {escape(NOTICE)}</p>{remarks}"
        f"<table><tr>{heads}</tr>{rows}</table></body></html>"
    )


def write_docx(table: IssueTable, path: Path) -> None:
    """Write the table as a Word document. Raises `OSError`."""
    from docx import Document as Paper  # takes a moment to import

    paper = Paper()
    paper.add_heading("Bảng vấn đề pháp lý", 1)
    paper.add_paragraph(f"Luật có hiệu lực ngày {written(table.day)}. {NOTICE}")
    for remark in table.remarks:
        paper.add_paragraph(f"Lưu ý: {remark}")
    made = paper.add_table(rows=1, cols=len(_HEADS))
    made.style = "Table Grid"
    for cell, name in zip(made.rows[0].cells, _HEADS, strict=True):
        cell.text = name
    for row in table.rows:
        for cell, lines in zip(made.add_row().cells, _cells(row), strict=True):
            cell.text = "\n".join(lines)
    paper.save(str(path))


def _cells(row: Row) -> tuple[list[str], ...]:
    return (
        [row.issue.name, f"({row.issue.branch})"],
        [f"{c.name}: “{c.quote}”" for c in row.raised] or [NOTHING],
        [line for one in row.provisions for line in _provision(one)] or [NOTHING],
        [f"{one.judgment.name}: {why(one)}" for one in row.cases] or [NOTHING],
        list(row.issue.ask),
    )


def _provision(one: Provision) -> list[str]:
    head = one.name + (f". {one.heading}" if one.heading else "")
    return [head, f"“{excerpt(one, 900)}”" if one.text else one.missing, *one.notes]
