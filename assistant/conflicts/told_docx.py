"""A comparison as a Word document: two columns of quotes for each difference."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.conflicts.opinion import NAMES as OPINIONS
from assistant.conflicts.opinion import Opinion
from assistant.conflicts.told import CONFIRM, NOTICE, OPINION, describe
from assistant.conflicts.verdicts import NAMES
from assistant.conflicts.vocabulary import Comparison, Finding, Quote


def write(comparisons: Sequence[Comparison], path: Path) -> None:
    """Write the report. Raises `OSError` where the file cannot be written."""
    from docx import Document as Paper  # takes a moment to import

    paper = Paper()
    paper.add_heading("So sánh văn bản", 1)
    paper.add_paragraph(NOTICE)
    for each in comparisons:
        paper.add_heading(f"{each.a.name} / {each.b.name}", 2)
        for name, standing in (("A", each.a), ("B", each.b)):
            paper.add_paragraph(f"{name}: {describe(standing)}")
        for remark in each.remarks:
            paper.add_paragraph(f"Lưu ý: {remark}")
        paper.add_paragraph(f"{len(each.findings)} chỗ nói khác nhau cần cán bộ xác nhận.")
        _table(paper, each.findings)
        if each.explained:
            paper.add_heading("Khác nhau có lý do", 3)
            _table(paper, each.explained)
    paper.save(str(path))


def _table(paper: Any, findings: Sequence[Finding]) -> None:
    if not findings:
        return
    table = paper.add_table(rows=1, cols=2)
    table.style = "Table Grid"
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "A", "B"
    for one in findings:
        head = table.add_row().cells
        told = f"Có lý do: {one.cause}" if one.cause else f"{CONFIRM} (độ tin {one.confidence:.2f})"
        opinion = f"{OPINION}: {OPINIONS[Opinion(one.opinion)]}." if one.opinion else ""
        head[0].merge(head[1]).text = " ".join(
            filter(None, (f"{NAMES[one.kind]}. {told}", one.note, opinion))
        )
        cells = table.add_row().cells
        _quote(cells[0], one.a)
        _quote(cells[1], one.b)


def _quote(cell: Any, quote: Quote) -> None:
    cell.text = ""
    paragraph = cell.paragraphs[0]
    paragraph.add_run(f"{', '.join(reversed(quote.path))} ({quote.rank_name})\n").italic = True
    at, end = (max(0, mark - quote.start) for mark in quote.mark)
    paragraph.add_run(quote.quote[:at])
    paragraph.add_run(quote.quote[at:end]).bold = True
    paragraph.add_run(quote.quote[end:])
