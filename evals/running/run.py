"""``troly eval run`` and ``score``: plan, ask, score, sum up."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant import VERSION
from evals.errors import MissingData, RunFolderError
from evals.grading.section import section as graded
from evals.ground import cited, of_home
from evals.ground import read as read_ground
from evals.ground import write as write_ground
from evals.loaders.public import datasets
from evals.running.folder import REPORT, RunFolder, dump, read_jsonl
from evals.running.generate import Progress, generate
from evals.running.plan import Choice, Group, Plan, plan, sets_of
from evals.running.scoring import Scored, read_scores, score_group
from evals.running.summary import summary
from evals.samples import chosen
from evals.subjects import kinds
from evals.subjects.port import Kind, Setting, Subject
from evals.tasks import named
from evals.tasks.task import Sources, Task
from evals.vocabulary import Sample

#: The day questions are asked on where neither they nor the caller name one: a run of next year
#: must give the same bytes. It is moved when the bundled sets are reviewed.
DAY = date(2026, 11, 22)

_CSV = ("task", "subject", "dataset", "sample", "kind", "split", "measure", "value", "weight",
        "state", "blocker", "why")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    tasks: tuple[str, ...]
    subjects: tuple[str, ...]
    datasets: tuple[Path, ...] = ()
    data: Path | None = None
    choice: Choice = field(default_factory=Choice)
    as_of: date = DAY
    measured: bool = True
    seed: int = 0


def execute(
    wanted: Wanted,
    folder: RunFolder,
    setting: Setting,
    progress: Progress,
    given: Mapping[str, Subject] | None = None,
) -> dict[str, Any]:
    """Do all of it; what report.json says. Whatever was done before is not done again.

    ``given`` are opened subjects that stand in for those of the same names, and
    are not closed: how the suite is tried on an assistant with a fault.
    """
    with folder.locked():
        tasks = _tasks(wanted)
        found = _planned(wanted, tasks, setting)
        if not found.groups and not found.skipped:
            raise RunFolderError("There is nothing to ask: no sample fits --split and --limit.")
        skipped = [*found.skipped]
        opened: dict[str, Subject] = dict(given or {})
        try:
            for kind in kinds(wanted.subjects):
                if kind.name in opened or not any(
                    group.takes(kind.name, kind.role) for group in found.groups
                ):
                    continue
                try:
                    opened[kind.name] = kind.open(setting)
                except MissingData as error:
                    skipped.append((kind.name, str(error)))
            described = {
                kind.name: {"role": kind.role, "title": kind.title.model_dump(),
                            "most": kind.most, "sets": list(kind.sets),
                            **opened[kind.name].describe()}
                for kind in kinds(wanted.subjects) if kind.name in opened
            }  # fmt: skip
            folder.begin(_run(wanted, tasks, found, described, skipped))
            if not (folder.path / "ground.jsonl").exists():
                write_ground(of_home(setting.home), folder.path)
            _ask(folder, found, kinds(wanted.subjects), opened, setting, progress)
        finally:
            for name, subject in opened.items():
                if name not in (given or {}):
                    subject.close()
        return _scored(folder, found, tasks)


def rescore(folder: RunFolder, setting: Setting) -> dict[str, Any]:
    """Score again what was generated, without asking anybody anything."""
    with folder.locked():
        run = folder.run()
        asked = run["asked"]
        wanted = Wanted(
            tuple(asked["tasks"]),
            tuple(asked["subjects"]),
            tuple(map(Path, asked["datasets"])),
            Path(asked["data"]) if asked["data"] else None,
            Choice(asked["split"], asked["limit"], asked["fast"]),
            date.fromisoformat(asked["as_of"]),
            asked["measured"],
            asked.get("seed", 0),
        )
        tasks = _tasks(wanted)
        return _scored(folder, _planned(wanted, tasks, setting), tasks)


def _planned(wanted: Wanted, tasks: Sequence[Task], setting: Setting) -> Plan:
    sets, bad = sets_of(wanted.datasets)
    public, missing = datasets(wanted.data, [task.name for task in tasks])
    sources = Sources([*sets, *public], wanted.data, setting, wanted.seed, missing)
    found = plan(tasks, sources, wanted.choice, bad)
    groups = tuple(
        replace(group, samples=tuple(_dated(sample, wanted.as_of) for sample in group.samples))
        for group in found.groups
    )
    return replace(found, groups=groups)


def _tasks(wanted: Wanted) -> list[Task]:
    tasks = named(wanted.tasks)
    return [task for task in tasks if wanted.measured or not task.card.measured]


def _run(
    wanted: Wanted,
    tasks: Sequence[Task],
    found: Plan,
    described: Mapping[str, Any],
    skipped: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """What run.yml says: all that makes two runs comparable, and nothing that differs by itself."""
    return {
        "version": VERSION,
        "as_of": wanted.as_of.isoformat(),
        "tasks": [task.name for task in tasks],
        "subjects": dict(described),
        "groups": {
            group.name: {"samples": len(group.samples), "sha256": group.hash}
            for group in found.groups
        },
        "skipped": [{"what": what, "why": why} for what, why in skipped],
        "asked": {
            "tasks": list(wanted.tasks),
            "subjects": list(wanted.subjects),
            "datasets": [str(path) for path in wanted.datasets],
            "data": str(wanted.data) if wanted.data else "",
            "split": wanted.choice.split,
            "limit": wanted.choice.limit,
            "fast": wanted.choice.fast,
            "as_of": wanted.as_of.isoformat(),
            "measured": wanted.measured,
            "seed": wanted.seed,
        },
    }


def _ask(
    folder: RunFolder,
    found: Plan,
    known: Sequence[Kind],
    opened: Mapping[str, Subject],
    setting: Setting,
    progress: Progress,
) -> None:
    for group in found.groups:
        task = group.tasks[0] if group.own else None
        for kind in known:
            subject = opened.get(kind.name)
            if subject is not None and group.takes(kind.name, kind.role):
                asked = _asked(group, kind.sets, kind.most)
                if asked:
                    generate(folder, group.name, asked, subject, setting, progress, task)


def _asked(group: Group, sets: Sequence[str], most: int) -> tuple[Sample, ...]:
    """What of a group one subject is asked."""
    if sets and group.name not in sets:
        return ()
    return tuple(chosen(group.samples, "all", most))


def _dated(sample: Sample, day: date) -> Sample:
    return sample if sample.as_of else replace(sample, as_of=day)


def _scored(folder: RunFolder, found: Plan, tasks: Sequence[Task]) -> dict[str, Any]:
    run = folder.run()
    ground = read_ground(folder.path)
    scores: list[Scored] = []
    for group in found.groups:
        for subject, about in run["subjects"].items():
            if group.takes(subject, about["role"]):
                part = replace(group, samples=_asked(group, about["sets"], about["most"]))
                scores += score_group(folder, subject, about["role"], part, ground)
    order = {task.name: at for at, task in enumerate(tasks)}
    rows = [scored.row() for scored in sorted(scores, key=lambda each: order[each.task])]
    folder.write("scores.jsonl", "".join(map(dump, rows)))
    folder.write("scores.csv", _csv(rows))
    bad = [{"where": line.where, "why": line.why} for line in found.bad]
    report = summary(run, tasks, rows, dict(_examples(folder, run, found.groups)), bad)
    if (grading := graded(folder, rows)) is not None:
        report["grading"] = grading
    folder.write(REPORT, json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return report


def _examples(
    folder: RunFolder, run: Mapping[str, Any], groups: Sequence[Group]
) -> Iterator[tuple[tuple[str, str, str], dict[str, Any]]]:
    """By subject, set and sample: what a person needs to judge a score."""
    for group in groups:
        samples = {sample.id: sample for sample in group.samples}
        for subject in run["subjects"]:
            for _, row in read_jsonl(folder.generated(subject, group.name)):
                sample = samples.get(str((row or {}).get("_id")))
                if row is None or sample is None:
                    continue
                example = _example(sample, row)
                yield (subject, sample.dataset, sample.id), example
                if sample.pair:
                    yield (subject, sample.dataset, sample.pair), example


def _example(sample: Sample, row: Mapping[str, Any]) -> dict[str, Any]:
    answers = row.get("answers") or [{}]
    answer = answers[-1] if isinstance(answers[-1], dict) else {}
    target = sample.target.model_dump(mode="json", exclude_defaults=True)
    return {
        "question": " ⏎ ".join(turn.text for turn in sample.turns),
        "answer": str(answer.get("text", row.get("error", row.get("value", ""))))[:2000],
        "status": str(answer.get("status", "")),
        "expected": target,
        "evidence": [
            {key: c.get(key) for key in ("document_id", "title", "quote")}
            for c in answer.get("citations", ())[:5]
        ],
        "sources": len(list(cited([answer]))),
    }


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _CSV, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


__all__ = ["DAY", "Wanted", "execute", "read_scores", "rescore"]
