"""Asking: every sample once, resumable, an error a line and never the end of the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from evals.errors import EvalError
from evals.ground import cited, keep_source
from evals.running.folder import RunFolder, append, dump, read_jsonl, write_whole
from evals.subjects.port import Setting, Subject
from evals.tasks.task import Task
from evals.vocabulary import Sample

Progress = Callable[[str, int, int], None]


def generate(
    folder: RunFolder,
    group: str,
    samples: Sequence[Sample],
    subject: Subject,
    setting: Setting,
    progress: Progress,
    task: Task | None = None,
) -> int:
    """Ask ``subject`` what of ``samples`` it has not answered yet; how many errors there are.

    ``group`` names the file: a set's name, or the task's where it asks in its
    own way. A line answers a sample only while the sample's hash is the same.
    Errors are asked again when a run is taken up again.
    """
    path = folder.generated(subject.name, group)
    done = _answered(path, samples)
    timings = {
        row["_id"]: row for _, row in read_jsonl(folder.timings(subject.name, group))
        if row and row.get("_id") in done
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():  # a line cut short by a kill is taken away before going on
        write_whole(path, "".join(map(dump, done.values())))
    name = f"{subject.name} · {group}"
    with path.open("a", encoding="utf-8", newline="\n") as file:
        for at, sample in enumerate(samples):
            progress(name, at, len(samples))
            if sample.id in done:
                continue
            row, timing = _asked(folder, sample, subject, setting, task)
            append(file, row)
            done[sample.id] = row
            timings[sample.id] = timing
    progress(name, len(samples), len(samples))
    # In the order of the set, whatever was interrupted or asked again.
    write_whole(path, "".join(dump(done[s.id]) for s in samples))
    times = (timings[s.id] for s in samples if s.id in timings)
    write_whole(folder.timings(subject.name, group), "".join(map(dump, times)))
    return sum("error" in row for row in done.values())


def _answered(path: Any, samples: Sequence[Sample]) -> dict[str, dict[str, Any]]:
    hashes = {sample.id: sample.hash for sample in samples}
    return {
        row["_id"]: row
        for _, row in read_jsonl(path)
        if row and "error" not in row and hashes.get(row.get("_id", "")) == row.get("sample")
    }


def _asked(
    folder: RunFolder, sample: Sample, subject: Subject, setting: Setting, task: Task | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    row: dict[str, Any] = {"_id": sample.id, "sample": sample.hash}
    timing: dict[str, Any] = {"_id": sample.id, "ms": []}
    try:
        if task is not None and task.generate is not None:
            row["value"] = task.generate(sample, subject, setting)
            return row, timing
        replies = subject.converse([turn.text for turn in sample.turns], sample.as_of)
        row["answers"] = [reply.answer for reply in replies]
        timing["ms"] = [round(reply.ms, 3) for reply in replies]
        timing["steps"] = replies[-1].steps if replies else {}
        for document_id, sha256 in cited(row["answers"]):
            text = subject.source(document_id, sha256)
            if text is not None:
                keep_source(folder.path, sha256, text)
    except EvalError as error:
        row["error"] = str(error)
    except Exception as error:  # a subject's fault is counted, and the run goes on
        row["error"] = f"{type(error).__name__}: {error}"
    return row, timing
