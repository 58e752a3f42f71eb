"""What there is to grade in a run, and which of it a grader is given."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.errors import EvalError, UnknownName
from evals.grading.words import Grade, Key
from evals.running.folder import RunFolder
from evals.running.plan import Group, sets_of
from evals.running.scoring import outputs_of
from evals.vocabulary import AnswerRead, Sample

COUNT, SEED = 40, 1
SPLITS = ("dev", "test", "all")


@dataclass(frozen=True, slots=True)
class Item:
    """One conversation and the answers to it, as they were given."""

    subject: str
    sample: Sample
    answers: tuple[AnswerRead, ...]

    @property
    def key(self) -> Key:
        return self.subject, self.sample.dataset, self.sample.id

    @property
    def stratum(self) -> tuple[str, str]:
        """Samples of one set and kind are alike."""
        return self.sample.dataset, self.sample.kind

    @property
    def hash(self) -> str:
        """Of the answers: a grade of other ones does not hold."""
        told = [answer.model_dump(mode="json") for answer in self.answers]
        data = json.dumps(told, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def items_of(folder: RunFolder, subject: str) -> list[Item]:
    """Every answer of ``subject`` that can be shown. Raises `EvalError` where there is none.

    Errors and tasks that do not ask questions have no answer to judge; samples
    that were changed since the run are left out.
    """
    run = folder.run()
    if subject not in run["subjects"]:
        raise UnknownName(
            f"Lần chạy {folder.path} không hỏi “{subject}”. Có: {', '.join(run['subjects'])}."
        )
    sets, _ = sets_of([Path(path) for path in run["asked"]["datasets"]])
    found = []
    for dataset in sets:
        if dataset.name not in run["groups"]:
            continue
        outputs = outputs_of(folder, subject, Group(dataset.name, dataset.samples, ()))
        for sample in dataset.samples:
            output = outputs.get(sample.id)
            if output is not None and not isinstance(output, str) and output.answers:
                found.append(Item(subject, sample, output.answers))
    if not found:
        raise EvalError(
            f"{folder.path} chưa có câu trả lời nào của “{subject}” để chấm. Hãy chạy: "
            f"troly eval run all --out {folder.path}"
        )
    return found


def drawn(items: Iterable[Item], count: int, seed: int, split: str) -> list[Item]:
    """At most ``count`` of the items of ``split``, drawn by ``seed``, each kind in proportion.

    The same for everybody with the same seed; who grades fewer grades the first
    of what the others grade. Within a kind the order is by chance; kinds are
    merged by how far each has come, beginning at a place that chance chooses.
    """
    if split not in SPLITS:
        raise EvalError("--split là dev, test hoặc all.")
    strata: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        if split in ("all", item.sample.split):
            strata[item.stratum].append(item)
    placed: list[tuple[float, float, Item]] = []
    for stratum, members in strata.items():
        members.sort(key=lambda item: _chance(seed, *item.key))
        offset = _chance(seed, *stratum)
        placed += [
            ((rank + offset) / len(members), _chance(seed, *item.key), item)
            for rank, item in enumerate(members)
        ]
    placed.sort(key=lambda each: each[:2])
    return [item for _, _, item in placed[:count]]


def holds(grade: Grade, item: Item) -> bool:
    """Whether a grade is of this very question and answer."""
    return (grade.sample, grade.answer) == (item.sample.hash, item.hash)


def by_key(items: Sequence[Item]) -> dict[Key, Item]:
    """The items by what a grade calls them."""
    return {item.key: item for item in items}


def _chance(seed: int, *parts: str) -> float:
    """A number in [0, 1) that depends on these alone, on every machine."""
    digest = hashlib.sha256("\0".join((str(seed), *parts)).encode("utf-8")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
