"""A process that reads files which came over the network, and may die of them.

``python -m assistant.figures.apart`` reads from stdin, as JSON, the paths of files with the
names they were sent under, a question, the name of an indicator and how files are read;
to stdout it writes the JSON of the answer, or ``{"error": …}``. Its processor time is capped.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.apart import run_apart
from assistant.errors import InputError
from knowledge_base.settings import KnowledgeSettings

_SECONDS = 90  # of the processor, and of the clock
_MEMORY = 3 * 1024**3  # bytes of address space
_MOST_SHOWN = 2_000  # figures in one answer


def figures_apart(
    files: Sequence[tuple[Path, str]], question: str, indicator: str, settings: KnowledgeSettings
) -> dict[str, Any]:
    """What the files say, as `answer_of` has it. Raises `InputError`."""
    asked = {
        "files": [(str(path), name) for path, name in files],
        "question": question,
        "indicator": indicator,
        "settings": settings.model_dump(mode="json"),
    }
    return run_apart(
        "assistant.figures.apart",
        data=json.dumps(asked).encode(),
        seconds=_SECONDS,
        too_long="Các tệp này đọc quá lâu. Hãy gửi ít tệp hơn, hoặc tách nhỏ.",
        unreadable="Không đọc được các tệp này. Hãy lưu lại, hoặc tách nhỏ rồi thử lại.",
    )


def answer_of(
    files: Sequence[tuple[Path, str]], question: str, indicator: str, settings: KnowledgeSettings
) -> dict[str, Any]:
    """Figures of files, the answer to a question, the series of an indicator; tables and charts.

    ``exports`` has CSV, Excel and pictures as base64.
    """
    from assistant.as_of import today
    from assistant.figures.asking import answered
    from assistant.figures.chart import drawn
    from assistant.figures.exporting import as_csv, as_xlsx, row_of, rows_of
    from assistant.figures.matching import matching
    from assistant.figures.model import Kind
    from assistant.figures.png import as_png
    from assistant.figures.reading import read_figures
    from assistant.figures.series import Series, series_of
    from assistant.figures.svg import as_svg
    from assistant.figures.told import answer_json, reading_json, series_json

    names = dict(files)
    readings, failed = read_figures([path for path, _ in files], settings, names)
    figures = [figure for reading in readings for figure in reading.figures]
    made: dict[str, Any] = {
        "files": [reading_json(one, _MOST_SHOWN) for one in readings],
        "failed": [{"file": names.get(path, path.name), "reason": why} for path, why in failed],
        "answer": None,
        "series": [],
        "others": [],
    }
    drawable: list[Series] = []
    if question:
        answer = answered(question, figures, today())
        made["answer"] = answer_json(answer)
        drawable = [one.series for one in answer.findings]
    if indicator:
        match = matching(indicator, [one for one in figures if one.kind is Kind.LEVEL])
        drawable = series_of(match.figures) if match else []
        made["series"] = [series_json(one) for one in drawable]
        made["others"] = list(match.others) if match else []
    rows = rows_of(drawable) if drawable else [row_of(figure) for figure in figures]
    made["exports"] = {"csv": _coded(as_csv(rows)), "xlsx": _coded(as_xlsx(rows))} if rows else {}
    if sum(len(one.points) for one in drawable) > 1:
        picture = drawn(drawable)
        made["chart"] = as_svg(picture, styled=False)
        made["exports"] |= {"svg": _coded(as_svg(picture).encode()), "png": _coded(as_png(picture))}
    return made


def _coded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def main() -> None:
    """Answer what is on stdin; see the module."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    asked = json.load(sys.stdin.buffer)
    try:
        answer = answer_of(
            [(Path(path), str(name)) for path, name in asked["files"]],
            str(asked["question"]), str(asked["indicator"]),
            KnowledgeSettings.model_validate(asked["settings"]),
        )  # fmt: skip
    except InputError as error:
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
