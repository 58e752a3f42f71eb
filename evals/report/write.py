"""Writing report.html and report.csv of a scored run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals import ground
from evals.report.grades import agreements
from evals.report.page import page
from evals.report.read import Figures, ReportTold, read_report
from evals.report.timings import read_timings
from evals.report.voice import Language
from evals.running.compare import compare, side
from evals.running.folder import RunFolder, write_whole

HTML, CSV = "report.html", "report.csv"
_COLUMNS = ("task", "measure", "subject", "split", "mean", "low", "high", "n")


def write_report(
    folder: RunFolder,
    *,
    previous: Path | None = None,
    out: Path | None = None,
    lang: Language = "vi",
    timings: bool = True,
) -> ReportTold:
    """Write the page and, beside it, the figures as CSV; what report.json says.

    ``previous``: an earlier run's folder, or a baseline kept of one.
    ``out``: the page's file (default: report.html in the run's folder).
    ``timings`` false leaves out all that depends on the machine: the same run
    then gives the same bytes. Raises `RunFolderError` where the run is not
    scored, shares nothing with ``previous``, or a file cannot be written.
    """
    report = read_report(folder)
    comparison = compare(side(previous), side(folder.path)) if previous else None
    timed = read_timings(folder) if timings else None
    html = out or folder.path / HTML
    write_whole(html, page(report, comparison, timed, lang, _titles(folder)))
    write_whole(html.with_name(CSV) if out is None else html.with_suffix(".csv"),
                table(report, timings=timings))  # fmt: skip
    return report


def _titles(folder: RunFolder) -> dict[str, str]:
    """Of the documents the run was checked against; codes stand alone where it kept none."""
    try:
        return {known.id: known.title for known in ground.read(folder.path).documents.values()}
    except (ValueError, KeyError, TypeError):
        return {}


def table(report: ReportTold, *, timings: bool = True) -> str:
    """Every mean with its interval as CSV: all samples of a measure, then each half."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in _rows(report, timings):
        writer.writerow(row)
    return out.getvalue()


def _rows(report: ReportTold, timings: bool) -> Iterator[tuple[Any, ...]]:
    for task in report.tasks:
        if task.measured and not timings:
            continue
        for subject, measures in task.subjects.items():
            for measure, found in measures.items():
                yield task.name, measure, subject, "all", *_figures(found.all)
                for split, part in found.split.items():
                    yield task.name, measure, subject, split, *_figures(part)
    yield from agreements(report)


def _figures(found: Figures) -> tuple[Any, ...]:
    values = ("" if value is None else value for value in (found.mean, found.low, found.high))
    return (*values, found.n)
