"""Tables of formats that are read as text only: rows whose cells a bar or a tab parts.

A reader leaves empty cells out, so that only rows with as many cells as the widest are
sure. The others are left out and counted by who calls.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from knowledge_base.readers.cell_table import Table

_ABOVE = 4
_LEAST = 2  # rows of a table, its header among them
_TABBED = {".txt"}


def tables_of_text(text: str, suffix: str) -> Iterator[Table]:
    """Runs of rows with the same number of cells, with the lines above each."""
    mark = re.compile(r"\t+|\s{3,}| \| ") if suffix in _TABBED else re.compile(r" \| ")
    above: list[str] = []
    held: list[list[str]] = []
    for line in [*text.split("\n"), "\n"]:
        stripped = line.strip().removeprefix("|").removesuffix("|").strip()
        if not stripped and line != "\n":
            continue
        cells = [cell.strip() for cell in mark.split(stripped)]
        if len(cells) > 1 and not re.search(r"[.;]$", cells[-1]):
            held.append(cells)
            continue
        if made := _table(held, above):
            yield made
        if held:
            above = []
        held = []
        above.append(stripped)


def _table(rows: list[list[str]], above: list[str]) -> Table | None:
    if not rows:
        return None
    wide, count = Counter(map(len, rows)).most_common(1)[0]
    if wide < 2 or count < _LEAST:
        return None
    kept = tuple(tuple(row) for row in rows if len(row) == wide)
    return Table("", tuple(above[-_ABOVE:]), kept)
