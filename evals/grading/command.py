"""What ``troly eval grade`` does: a page for a person, a model, or a table of all grades."""

from __future__ import annotations

import csv
import getpass
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.language_model.opening import open_model
from assistant.language_model.port import LanguageModel
from assistant.language_model.settings import ModelSettings
from evals.errors import EvalError, MissingData
from evals.grading import labelled
from evals.grading.app import Desk, listen, serve
from evals.grading.grades import Ledger, books, checked_name, file_of
from evals.grading.items import Item, drawn, items_of
from evals.grading.model import grade_all, name_of
from evals.grading.section import counts, section
from evals.grading.words import Grade
from evals.ground import read as read_ground
from evals.running.folder import REPORT, RunFolder, write_whole
from evals.running.scoring import read_scores
from evals.subjects.port import Setting

#: κ of fewer answers says nothing.
_FEW = 10

Say = Callable[[str], None]
Progress = Callable[[str, int, int], None]

_CSV = ("grader", "kind", "subject", "dataset", "sample", "question", "verdict", "reasons",
        "readability", "tone", "comment", "state", "at", "model", "prompt")  # fmt: skip


def to_grade(folder: RunFolder, subject: str, count: int, seed: int, split: str) -> list[Item]:
    """The answers that a grader is given. Raises `EvalError` where there is none."""
    found = drawn(items_of(folder, subject), count, seed, split)
    if not found:
        raise EvalError(f"Lần chạy {folder.path} không có câu nào thuộc nửa “{split}”.")
    return found


def person(folder: RunFolder, items: Sequence[Item], grader: str, port: int, say: Say) -> None:
    """Show the page until the grader ends it; then bring the report up to date."""
    name = checked_name(grader or _login())
    with Ledger(file_of(folder.path, name)) as ledger:
        for line in ledger.book.bad:
            say(f"Bỏ qua dòng hỏng {line.where}: {line.why}")
        desk = Desk(items, ledger, read_ground(folder.path))
        with listen(port) as listening:
            done = sum(not grade.skipped for grade in desk.grades().values())
            say(f"Người chấm: {name}. {len(items)} câu, đã chấm {done}. Điểm lưu ở {ledger.path}")
            serve(
                desk,
                listening,
                lambda address: say(f"Mở trang này để chấm (Ctrl-C để dừng):\n  {address}"),
            )
        done = sum(not grade.skipped for grade in desk.grades().values())
    say(f"Đã chấm {done}/{len(items)} câu.")
    renew(folder, say)


def model(
    folder: RunFolder,
    items: Sequence[Item],
    setting: Setting,
    name: str,
    say: Say,
    progress: Progress,
    *,
    with_labelled: bool = True,
) -> None:
    """Have a model judge the labelled sample, then ``items``; then bring the report up to date."""
    settings = setting.config.model
    if name:
        settings = settings.model_copy(update={"name": name, "path": None, "sha256": None})
    judge = _opened(settings, setting)
    try:
        judged_by(judge, folder, items, settings, say, progress, with_labelled=with_labelled)
    finally:
        judge.close()
    renew(folder, say)


def judged_by(
    judge: LanguageModel,
    folder: RunFolder,
    items: Sequence[Item],
    settings: ModelSettings,
    say: Say,
    progress: Progress,
    *,
    with_labelled: bool,
) -> None:
    """As `model`, with a model that is open already."""
    name = name_of(judge.name)
    parts: list[tuple[str, Sequence[Item], Path]] = []
    if with_labelled:
        file = labelled.folder_of(folder.path) / f"{name}.jsonl"
        parts.append(("mẫu đã chấm sẵn", labelled.read()[0], file))
    parts.append(("lần chạy này", items, file_of(folder.path, name)))
    for title, part, file in parts:
        grades = grade_all(
            judge,
            part,
            file,
            seconds=settings.deadlines.total,
            context=settings.context,
            progress=lambda at, all_, title=title: progress(title, at, all_),  # type: ignore[misc]
        )
        say(f"{title}: {_told(grades)}")


def renew(folder: RunFolder, say: Say) -> None:
    """Put what was graded into report.json, where there is one, and say how far graders agree."""
    found = section(folder, list(read_scores(folder)))
    if found is None:
        return
    for line in lines_of(found):
        say(line)
    if not (folder.path / REPORT).exists():
        return
    try:
        with folder.locked():
            report = folder.report()
            report["grading"] = found
            folder.write(
                REPORT, json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            )
    except EvalError as error:
        say(f"Báo cáo chưa được cập nhật: {error}")
        return
    say(f"Làm lại trang báo cáo: troly eval report {folder.path}")


def lines_of(found: dict[str, Any]) -> list[str]:
    """Agreement in a few lines; of fewer answers than `_FEW` nothing is said."""
    rows = [(f"{pair['a']} – {pair['b']}", pair) for pair in found["pairs"]]
    rows += [(f"{row['grader']} – bài đo {row['task']}", row) for row in found["with_suite"]]
    of_labelled = found["labelled"] or {"models": []}
    rows += [
        (
            f"{row['model']} – mẫu chấm sẵn, {reading['reading'].replace('reading', 'lần đọc')}",
            reading,
        )
        for row in of_labelled["models"]
        for reading in row["readings"]
    ]
    return [
        f"{who}: n = {row['n']}, giống nhau {_figure(row, 'agreement')}, κ = "
        f"{_figure(row, 'kappa')}, κ có trọng số = {_figure(row, 'weighted')}"
        for who, row in rows
        if row["n"] >= _FEW
    ]


def export(folder: RunFolder, out: Path) -> int:
    """Every decision that holds as CSV, one a line; how many."""
    folder.run()
    rows: list[dict[str, Any]] = []
    questions: dict[tuple[str, str, str], str] = {}
    for book in books(folder.path):
        for key, grade in sorted(book.latest().items()):
            if key[0] not in {each[0] for each in questions}:
                questions |= _questions(folder, key[0])
            rows.append({
                "grader": book.grader,
                "kind": "model" if book.is_model else "person",
                "subject": key[0], "dataset": key[1], "sample": key[2],
                "question": questions.get(key, ""),
                "verdict": grade.verdict.value if grade.verdict else "",
                "reasons": " ".join(reason.value for reason in grade.reasons),
                "readability": grade.readability or "", "tone": grade.tone or "",
                "comment": grade.comment, "state": grade.state.value, "at": grade.at,
                "model": grade.model, "prompt": grade.prompt,
            })  # fmt: skip
    if not rows:
        raise EvalError(f"{folder.path} chưa có ai chấm. Hãy chạy: troly eval grade {folder.path}")
    text = io.StringIO()
    writer = csv.DictWriter(text, _CSV, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _harmless(value) for key, value in row.items()} for row in rows)
    write_whole(out, "\ufeff" + text.getvalue())  # the mark: spreadsheets read UTF-8 by it
    return len(rows)


def _questions(folder: RunFolder, subject: str) -> dict[tuple[str, str, str], str]:
    try:
        items = items_of(folder, subject)
    except EvalError:
        return {}
    return {item.key: " ⏎ ".join(turn.text for turn in item.sample.turns) for item in items}


def _harmless(value: Any) -> Any:
    """A spreadsheet would run a text that begins like a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


def _opened(settings: ModelSettings, setting: Setting) -> LanguageModel:
    try:
        found = open_model(settings, models=setting.home.models, logs=setting.home.logs)
    except ModelError as error:
        raise MissingData(
            f"Mô hình “{settings.name}” không mở được: {error} Xem: troly models list"
        ) from error
    if found is None:
        raise MissingData("config.yml không đặt mô hình nào (model.kind: none).")
    return found


def _told(grades: Sequence[Grade]) -> str:
    found = counts(grades)
    verdicts = ", ".join(f"{name} {count}" for name, count in found["verdicts"].items() if count)
    return f"{found['n']}/{len(grades)} câu có điểm ({verdicts or '–'}), lỗi {found['errors']}"


def _figure(row: dict[str, Any], name: str) -> str:
    if row[name] is None:
        return "–"
    return f"{row[name]:.2f} ({row[f'{name}_low']:.2f}…{row[f'{name}_high']:.2f})"


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user on this machine
        return "nguoi-cham"
