"""What every loader needs: a half of a published file, and some of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tarfile import TarError

from evals.benchmarks.files import Row, half, lines, split_of
from evals.errors import MissingData
from evals.tasks.task import Sources
from evals.vocabulary import Sample


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Files of another form than theirs cost their set, not the run: `MissingData` is raised."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError, TarError) as error:
        raise MissingData(f"{what} cannot be read ({type(error).__name__}: {error})") from error


def need(data: Path | None, name: str) -> Path:
    """The folder of a set. Raises `MissingData` that says what to do."""
    if data is None:
        raise MissingData("no folder is named with --data")
    if not (data / name).is_dir():
        raise MissingData(f"{data / name} is not there")
    return data / name


def rows_of(data: Path | None, name: str, stem: str) -> tuple[list[Row], str]:
    """The rows of the half that lies in a folder, and which half. Raises `MissingData`."""
    path = half(need(data, name), stem, "jsonl.zst")
    if not path.exists():
        raise MissingData(f"{path} is not there")
    with readable(str(path)):
        return list(lines(path)), split_of(path)


def placed(sample: Sample, **paths: Path) -> Sample:
    """``sample`` with where its files lie, which is no part of what it is: its hash stays."""
    return replace(sample, given={**(sample.given or {}), **{k: str(v) for k, v in paths.items()}})


def chosen(rows: Iterable[Row], named: Callable[[Row], str], most: int) -> list[tuple[str, Row]]:
    """At most ``most`` rows by hashes of what names them, each with a short stable id.

    Rows of the same name are one.
    """
    found = {sha256(named(row).encode()).hexdigest()[:12]: row for row in rows}
    return sorted(found.items(), key=lambda item: item[0])[:most]


def those_here(
    task: str, loads: Sequence[Callable[..., Iterable[Sample]]], sources: Sources
) -> list[Sample]:
    """The samples of those public sets that are in the folder; the others are told as skipped.

    Raises `MissingData` where none is.
    """
    found: list[Sample] = []
    missing: list[str] = []
    for load in loads:
        try:
            with readable(getattr(load, "__name__", task)):
                found += load(sources.data)
        except MissingData as error:
            missing.append(str(error))
    if not found:
        raise MissingData("; ".join(dict.fromkeys(missing)))
    for why in missing:
        sources.skip(task, why)
    return found
