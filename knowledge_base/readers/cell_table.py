"""A table as it stands in a file, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

Cell = str | int | float
Span = tuple[int, int, int, int]  # top, left, bottom, right, inclusive


@dataclass(frozen=True, slots=True)
class Table:
    """One table; ``rows`` as they stand, empty cells "", ``above`` the lines before it.

    ``name`` is the sheet's, ``page`` counts from 1 (0: the format has none).
    """

    name: str
    above: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Span, ...] = ()
    page: int = 0
    unsaved: int = 0  # formulas whose result the file does not hold
    guessed: bool = False  # columns by where words stand: no lines are drawn between them
    unseen: tuple[str, ...] = ()  # what the file hides and was left out, in words
