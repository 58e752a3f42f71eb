"""Scoring what was generated: needs the run's folder and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from evals.ground import Ground
from evals.running.folder import RunFolder, read_jsonl
from evals.running.plan import Group
from evals.tasks.task import Task
from evals.vocabulary import AnswerRead, Output, Sample, Score, State, failed

#: Statuses of a breakdown: neither an answer nor a refusal.
_FAILED = "failed_"


@dataclass(frozen=True, slots=True)
class Scored:
    """A score and whose it is. ``sample`` is a sample's id, or a pair's."""

    task: str
    subject: str
    dataset: str
    sample: str
    kind: str
    split: str
    score: Score
    turn: int = 0

    def row(self) -> dict[str, Any]:
        """As in scores.jsonl."""
        score = self.score
        return {
            "task": self.task,
            "subject": self.subject,
            "dataset": self.dataset,
            "sample": self.sample,
            "kind": self.kind,
            "split": self.split,
            "measure": score.measure,
            "value": None if score.value is None else round(score.value, 6),
            "weight": score.weight,
            "state": score.state.value,
            "blocker": score.blocker,
            "why": score.explanation,
        }


def read_scores(folder: RunFolder) -> Iterator[dict[str, Any]]:
    """The rows of scores.jsonl."""
    for _, row in read_jsonl(folder.path / "scores.jsonl"):
        if row is not None:
            yield row


def score_group(
    folder: RunFolder, subject: str, role: str, group: Group, ground: Ground
) -> Iterator[Scored]:
    """The scores of one subject on one group. What is missing or unreadable is an error."""
    outputs = outputs_of(folder, subject, group)
    for task in group.tasks:
        if not task.takes(subject, role):
            continue
        found: list[tuple[Sample, Output]] = []
        for sample in group.samples:
            output = outputs.get(sample.id, "there is no answer: the run was cut short")
            if isinstance(output, str):
                scores = [failed(task.card.headline, output)]
            else:
                found.append((sample, output))
                scores = _careful(task, sample, output, ground)
            yield from (_scored(task, subject, sample, score) for score in scores)
        yield from _pairs(task, subject, group, found, ground)


def outputs_of(folder: RunFolder, subject: str, group: Group) -> Mapping[str, Output | str]:
    """By sample: what came back, or in a sentence why it cannot be scored."""
    path = folder.generated(subject, group.name)
    hashes = {sample.id: sample for sample in group.samples}
    found: dict[str, Output | str] = {}
    for number, row in read_jsonl(path):
        sample = hashes.get(str((row or {}).get("_id", "")))
        if row is None or sample is None:
            continue  # whose line it was cannot be told; its sample shows up as missing
        place = f"{path.name}:{number}"
        if row.get("sample") != sample.hash:
            found[sample.id] = f"{place}: answered another version of this sample"
        elif "error" in row:
            found[sample.id] = str(row["error"])
        else:
            found[sample.id] = _output(row, sample, place)
    return found


def _output(row: dict[str, Any], sample: Sample, place: str) -> Output | str:
    if "value" in row:
        return Output(value=row["value"])
    try:
        answers = tuple(AnswerRead.model_validate(each) for each in row["answers"])
    except (ValidationError, KeyError, TypeError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error)
        return f"{place}: the answer does not parse: {what}"
    broken = next((each.status for each in answers if each.status.startswith(_FAILED)), "")
    if broken:
        return f"{place}: it could not be answered: {broken}"
    if len(answers) != len(sample.turns):
        return f"{place}: {len(answers)} answers to {len(sample.turns)} messages"
    return Output(answers)


def _careful(task: Task, sample: Sample, output: Output, ground: Ground) -> list[Score]:
    try:
        return task.score(sample, output, ground)
    except Exception as error:  # a scorer's fault is an error of the sample, never a pass
        return [failed(task.card.headline, f"the scorer failed: {type(error).__name__}: {error}")]


def _pairs(
    task: Task,
    subject: str,
    group: Group,
    found: Sequence[tuple[Sample, Output]],
    ground: Ground,
) -> Iterator[Scored]:
    if task.score_pair is None:
        return
    size: dict[str, int] = {}
    for sample in group.samples:
        size[sample.pair] = size.get(sample.pair, 0) + 1
    pairs: dict[str, list[tuple[Sample, Output]]] = {}
    for sample, output in found:
        if sample.pair:
            pairs.setdefault(sample.pair, []).append((sample, output))
    for name, members in pairs.items():
        if len(members) < max(2, size[name]):
            scores = [failed(task.card.headline, f"pair {name}: a member has no answer")]
        else:
            try:
                scores = task.score_pair(members, ground)
            except Exception as error:
                scores = [failed(task.card.headline, f"the scorer failed: {error!r}")]
        first = members[0][0]
        for score in scores:
            yield Scored(task.name, subject, first.dataset, name, first.kind, first.split, score)


def _scored(task: Task, subject: str, sample: Sample, score: Score) -> Scored:
    return Scored(task.name, subject, sample.dataset, sample.id, sample.kind, sample.split, score)


def errors_of(scores: Sequence[Scored]) -> int:
    """How many scores are errors."""
    return sum(each.score.state is State.ERROR for each in scores)
