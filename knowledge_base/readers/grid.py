"""Tables of cells as text: under a letterhead, a header row, and a line of facts per row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge_base.readers.reading import Block

Row = Sequence[str]
#: Cells that are one: ``((top, left), (bottom, right))``, inclusive.
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]

_SEARCHED = 40  # rows in which a header is looked for
_LONG_HEADER = 120  # characters; what is longer is a sentence
_DEEPEST = 4  # rows a header may have
_NATION = re.compile(r"CỘNG H\S{2} XÃ HỘI|độc lập\s*[-–]", re.IGNORECASE)
_RULE = re.compile(r"[\W_]*")
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,2}|[A-Za-zĐ])\s*\)?(\s*=.*)?")
_NAME = re.compile(r"\btên\b|nội dung|danh mục", re.IGNORECASE)


def grid_blocks(rows: Sequence[Row], merged: Merged = ()) -> Iterator[Block]:
    """A sheet's cells as blocks: what is above the header, then each row as its own section."""
    width = max(map(len, rows), default=0)
    cells = [[" ".join(cell.split("\t")).strip() for cell in row] for row in rows]
    cells = [row + [""] * (width - len(row)) for row in cells]
    top = _header_at(cells)
    if top is None:
        for row in cells:
            yield Block(" | ".join(cell for cell in row if cell))
        return
    for row in cells[:top]:
        yield Block("\n".join(dict.fromkeys(cell for cell in row if cell)))
    depth = _depth(cells, top, merged)
    header = _headers(cells, top, depth, merged)
    _fill_down(cells, top + depth, merged)
    for row in cells[top + depth :]:
        yield from _row(row, header)


def title_of(blocks: Sequence[Block]) -> str:
    """The longest line above the rows that is neither the nation's name nor a rule."""
    lines = [
        " ".join(line.split())
        for block in blocks
        if not block.level
        for line in block.text.split("\n")
        if not _NATION.search(line) and not _RULE.fullmatch(line)
    ]
    return max(lines[:8], key=len, default="")[:200]


def _header_at(cells: list[list[str]]) -> int | None:
    """The first row that names columns: short distinct words over a row about as full."""
    fullest = max((_filled(row) for row in cells[: _SEARCHED * 2]), default=0)
    if fullest < 2:
        return None
    for place, row in enumerate(cells[:_SEARCHED]):
        named = [cell for cell in row if cell]
        below = max((_filled(other) for other in cells[place + 1 : place + 4]), default=0)
        if (
            len(named) >= max(2, fullest // 2)
            and below >= len(named) - 1
            and len(set(named)) == len(named)
            and all(len(cell) <= _LONG_HEADER for cell in named)
            and not any(re.fullmatch(r"[\d\W]+", cell) for cell in named)
            and not any(_NATION.search(cell) for cell in named)
        ):
            return place
    return None


def _filled(row: Row) -> int:
    return sum(bool(cell) for cell in row)


def _depth(cells: list[list[str]], top: int, merged: Merged) -> int:
    """How many rows the header has, by its merged cells and a row of column numbers."""
    depth = 1
    for (first, left), (last, right) in merged:
        if first == top and last > first:
            depth = max(depth, min(_DEEPEST, last - first + 1))
        elif first == last == top and right > left:
            depth = max(depth, 2)
    under = cells[top + depth] if top + depth < len(cells) else []
    numbers = [cell for cell in under if cell]
    if len(numbers) > 1 and all(_COLUMN_NUMBER.fullmatch(cell) for cell in numbers):
        depth += 1
    return depth


def _headers(cells: list[list[str]], top: int, depth: int, merged: Merged) -> list[str]:
    spread = [list(row) for row in cells[top : top + depth]]
    for (first, left), (last, right) in merged:
        if top <= first < top + depth:
            for row in range(first, min(last, top + depth - 1) + 1):
                for column in range(left, min(right, len(cells[0]) - 1) + 1):
                    spread[row - top][column] = cells[first][left]
    header = []
    for column in range(len(cells[0])):
        words = dict.fromkeys(" ".join(row[column].split()) for row in spread if row[column])
        names = [word for word in words if not _COLUMN_NUMBER.fullmatch(word)] or list(words)
        header.append(" – ".join(names))
    return header


def _fill_down(cells: list[list[str]], start: int, merged: Merged) -> None:
    """A cell merged over several rows holds for each of them."""
    for (first, left), (last, right) in merged:
        if first >= start and last > first and left == right and left < len(cells[0]):
            for row in range(first + 1, min(last, len(cells) - 1) + 1):
                cells[row][left] = cells[first][left]


def _row(row: list[str], header: list[str]) -> Iterator[Block]:
    held = [(name, cell) for name, cell in zip(header, row, strict=True) if cell]
    if not held:
        return
    if len(held) == 1 or (len(held) == 2 and re.fullmatch(r"[IVXLC]+|[A-ZĐ]|\d{1,3}", held[0][1])):
        text = " ".join(" ".join(cell.split()) for _, cell in held)
        yield Block(text, 2 if len(text) <= _LONG_HEADER else 0)
        return
    lines = [
        f"{name}: {'; '.join(part for part in cell.split(chr(10)) if part.strip())}"
        if name
        else cell
        for name, cell in held
    ]
    named = [cell for name, cell in held if _NAME.search(name)]
    words = [cell for _, cell in held if not re.fullmatch(r"[\d\W]+", cell)]
    name = (named or words or [held[0][1]])[0]
    yield Block("\n".join(lines), 3, " ".join(name.split()))
