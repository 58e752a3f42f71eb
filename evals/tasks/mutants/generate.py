"""Ask a faulty assistant what the sound one was asked, and compare the two runs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from assistant.config import Config
from evals.mutants import MUTANTS
from evals.mutants.mutant import forget, opened
from evals.running.compare import compare, side
from evals.running.folder import RunFolder
from evals.running.plan import Choice, sets_of
from evals.running.run import Wanted, execute
from evals.subjects.port import Setting, Subject
from evals.tasks import every
from evals.vocabulary import Sample
from knowledge_base.home import Home

_OURS = "troly"
#: Less than this is no way to notice a fault, however certain it is.
_NOTICEABLE = 0.005
#: Of each set; thirty assistants are asked them all.
_CHOICE = Choice(limit=50, fast=True)


def generate(sample: Sample, subject: Subject, setting: Setting) -> dict[str, Any]:
    """Which task, and what of it, tells this mutant from the sound assistant."""
    mutant = next(each for each in MUTANTS if each.name == sample.id)
    sound = _sound(
        setting.home.path, setting.work, subject.describe()["corpus_version"], mutant.only
    )
    folder = RunFolder(setting.work / "mutants" / f"run-{mutant.name}")
    shutil.rmtree(folder.path, ignore_errors=True)
    faulty, trusted = opened(mutant, setting, _asked(), sample.given["seed"])
    try:
        execute(
            _wanted(mutant.only), folder, replace(setting, home=trusted), _quiet, {_OURS: faulty}
        )
    finally:
        faulty.close()
        forget(mutant, setting)
    found = compare(side(sound.path), side(folder.path))
    killed = [f"blocker: {blocker}" for blocker in found.blockers[0]][:3]
    killed += [
        f"{row.task} · {row.measure}: {row.before:.3f} → {row.after:.3f}"
        for row in found.rows
        if row.verdict == "worse" and abs(row.difference) >= _NOTICEABLE
    ]
    killed += ["errors"] if found.errors[1] > found.errors[0] else []
    shutil.rmtree(folder.path, ignore_errors=True)
    return {
        "killed": killed,
        "blockers": len(found.blockers[0]),
        "changed": len(found.changed),
    }


@cache
def _sound(home: Path, work: Path, corpus_version: str, only: str) -> RunFolder:
    """The same run without a fault, once a process, corpus and choice of tasks."""
    from evals.subjects.in_process import open_plain

    folder = RunFolder(work / "mutants" / f"sound-{only or corpus_version}")
    shutil.rmtree(folder.path, ignore_errors=True)
    setting = Setting(Home(home), Config(), work)
    subject = open_plain(setting)
    try:
        execute(_wanted(only), folder, setting, _quiet, {_OURS: subject})
    finally:
        subject.close()
    return folder


def _wanted(only: str) -> Wanted:
    """What every commit is checked with, but the tasks that open assistants of their own."""
    tasks = tuple(task.name for task in every() if task.card.fast and task.generate is None)
    return Wanted((only,) if only else tasks, (_OURS,), choice=_CHOICE, measured=False)


def _asked() -> list[str]:
    """Codes of procedures that the sampled questions are about: where a fault can be noticed."""
    tasks = [task for task in every() if task.card.fast]
    codes: dict[str, None] = {}
    for dataset in sets_of([])[0]:
        scoring = [task for task in tasks if task.name in dataset.card.tasks]
        for sample in _CHOICE.of(dataset.samples, scoring) if scoring else ():
            for turn in sample.turns:
                if turn.target is not None:
                    codes.update(dict.fromkeys(turn.target.codes[:1]))
    return list(codes)


def _quiet(stage: str, done: int, total: int) -> None:
    """Runs inside a run show no bars of their own."""
