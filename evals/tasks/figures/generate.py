"""Read the files as ``troly figures`` does, and ask them."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from assistant.figures.asking import answered
from assistant.figures.reading import read_figures
from assistant.figures.told import answer_json, figure_json
from evals.subjects.port import Setting, Subject
from evals.tasks.figures.files import bytes_of
from evals.tasks.figures.samples import document
from evals.vocabulary import Sample

_ON = date(2026, 11, 1)


def generate(sample: Sample, _: Subject, setting: Setting) -> dict[str, Any]:
    """The figures of the files, and the answer where a question is asked."""
    with tempfile.TemporaryDirectory(prefix="troly-eval-") as folder:
        paths = []
        for name in sample.given["files"]:
            path = Path(folder) / name
            path.write_bytes(bytes_of(document(sample.split, name)))
            paths.append(path)
        readings, failed = read_figures(paths, setting.config.knowledge_base)
    figures = [figure for reading in readings for figure in reading.figures]
    asked = sample.given["ask"]
    return {
        "figures": [figure_json(figure) for figure in figures],
        "failed": [why for _, why in failed],
        "answer": answer_json(answered(asked, figures, _ON)) if asked else None,
    }
