"""Reading published sets: JSON lines, plain or compressed, and tables of what answers what.

A set is published in halves: ``queries.dev.jsonl.zst`` beside, elsewhere,
``queries.<another>.jsonl.zst``. Whichever half lies in a folder is read.
"""

from __future__ import annotations

import filecmp
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def lines(path: Path) -> Iterator[Row]:
    """The objects of a ``.jsonl`` or ``.jsonl.zst`` file.

    Raises `OSError` where it is not there, `ValueError` where it is no such file.
    """
    import zstandard

    with path.open("rb") as file:
        packed = path.suffix == ".zst"
        stream = zstandard.ZstdDecompressor().stream_reader(file) if packed else file
        try:
            for line in io.TextIOWrapper(stream, encoding="utf-8"):
                if line.strip():
                    yield json.loads(line)
        except zstandard.ZstdError as error:
            raise ValueError(f"{path} is no zstd file") from error


def half(folder: Path, stem: str, ending: str) -> Path:
    """The half of a file that a folder has: ``stem.dev.ending``, or another than ``dev``.

    Where there is none, the name of the development half, which then is not found.
    """
    first = folder / f"{stem}.dev.{ending}"
    return first if first.exists() else next(iter(sorted(folder.glob(f"{stem}.*.{ending}"))), first)


_PARTS = 3  # of a name: stem, kind, compression


def split_of(path: Path) -> str:
    """``test`` for the half of another name than ``dev``; what is published whole is ``dev``."""
    parts = path.name.split(".")
    return "test" if len(parts) > _PARTS and parts[1] != "dev" else "dev"


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Query and document of each line of a qrels table whose score is above zero."""
    for line in path.read_text("utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        if int(score) > 0:
            yield query, document


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write a file; one that says the same already keeps its time, so no index is made anew."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    if path.exists() and filecmp.cmp(beside, path, shallow=False):
        beside.unlink()
    else:
        beside.replace(path)
