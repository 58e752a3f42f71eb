"""Reading datasets: folders with ``dataset.yml`` and versions, or a plain JSONL file.

A line that cannot be read is never dropped in silence: it comes back as a
`BadLine` with file and line number, and a run counts it as an error.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from evals.errors import EvalError, UnknownName
from evals.vocabulary import SPLITS, AskedTurn, Sample, Target, Words

BUNDLED = Path(__file__).parent / "datasets"

#: What a set is scored by where its ``dataset.yml`` does not say.
DEFAULT_TASKS = ("answers", "routing", "citations", "numbers", "safety")
_TARGET = frozenset(Target.model_fields)


class Version(BaseModel):
    """One immutable file of a set."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    version: int
    file: str
    samples: int
    sha256: str
    changes: str


class SetCard(BaseModel):
    """``dataset.yml``: what a set is, where it comes from, and its versions (newest last)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: Words
    origin: str
    licence: str
    versions: tuple[Version, ...]
    as_of: date | None = None
    tasks: tuple[str, ...] = DEFAULT_TASKS


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no sample: where, and what is wrong with it."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """The samples of one version of a set."""

    card: SetCard
    version: Version
    samples: tuple[Sample, ...]
    bad: tuple[BadLine, ...]
    path: Path

    @property
    def name(self) -> str:
        return self.card.name


def bundled_sets() -> list[Path]:
    """Folders of all sets that come with the program, by name."""
    return sorted(path.parent for path in BUNDLED.glob("*/dataset.yml"))


def load(path: Path, version: int | None = None) -> Dataset:
    """The set in a folder (its newest version, or the one asked for), or in a JSONL file."""
    if path.is_file():
        return _loose(path)
    file = path / "dataset.yml"
    try:
        card = SetCard.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise UnknownName(
            f"{path} is no dataset: it needs dataset.yml, or give a .jsonl file."
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise EvalError(f"{file} cannot be used: {_short(error)}") from error
    chosen = next(
        (v for v in reversed(card.versions) if version is None or v.version == version), None
    )
    if chosen is None:
        known = ", ".join(str(v.version) for v in card.versions) or "none"
        raise UnknownName(f"{path} has no version {version}. There are: {known}.")
    text = _read(path / chosen.file)
    found = hashlib.sha256(text.encode()).hexdigest()
    if found != chosen.sha256:
        raise EvalError(
            f"{path / chosen.file} is not what {file} lists as version {chosen.version} (SHA-256 "
            f"{found[:12]}…, listed {chosen.sha256[:12]}…). Versions never change: add a new one."
        )
    samples, bad = read_lines(text, str(path / chosen.file), card.name, card.as_of)
    return Dataset(card, chosen, samples, bad, path)


def _loose(path: Path) -> Dataset:
    """A file without a card; it is named after itself and scored by the usual tasks."""
    text = _read(path)
    samples, bad = read_lines(text, str(path), path.stem, None)
    version = Version(
        version=1,
        file=path.name,
        samples=len(samples),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        changes="given",
    )
    card = SetCard(
        name=path.stem,
        title=Words(vi=path.stem, en=path.stem),
        origin="given on the command line",
        licence="unknown",
        versions=(version,),
    )
    return Dataset(card, version, samples, bad, path)


def read_lines(
    text: str, where: str, dataset: str, as_of: date | None
) -> tuple[tuple[Sample, ...], tuple[BadLine, ...]]:
    """Samples of JSONL text, and the lines that are none. Ids must not repeat."""
    samples: dict[str, Sample] = {}
    bad: list[BadLine] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        place = f"{where}:{number}"
        try:
            sample = sample_of(json.loads(line), dataset, as_of)
        except (ValueError, TypeError, KeyError) as error:
            bad.append(BadLine(place, _short(error)))
            continue
        if sample.id in samples:
            bad.append(BadLine(place, f"the _id {sample.id!r} occurs twice"))
            continue
        samples[sample.id] = sample
    return tuple(samples.values()), tuple(bad)


def sample_of(row: Any, dataset: str, as_of: date | None = None) -> Sample:
    """One line as a sample. Raises `ValueError` that says what is wrong.

    Keys of a target may also stand in the line itself, as in files for
    ``troly ask --questions`` to which somebody added ``facts``.
    """
    if not isinstance(row, dict):
        raise ValueError("expected an object")
    name = row.get("_id", row.get("id"))
    if not isinstance(name, (str, int)) or name == "":
        raise ValueError("needs '_id'")
    turns = _turns(row)
    split = str(row.get("split", "test"))
    if split not in SPLITS:
        raise ValueError(f"'split' is {split!r}; it is dev or test")
    given = row.get("as_of")
    canonical = json.dumps(row, ensure_ascii=False, sort_keys=True)
    return Sample(
        id=str(name),
        dataset=dataset,
        turns=turns,
        kind=str(row.get("kind", "")),
        split=split,
        as_of=date.fromisoformat(given) if given else as_of,
        hash=hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        pair=str(row.get("pair", "")),
        tags=tuple(map(str, row.get("tags", ()))),
        given=row.get("given"),
    )


def _turns(row: dict[str, Any]) -> tuple[AskedTurn, ...]:
    if "turns" in row:
        turns = tuple(AskedTurn.model_validate(turn) for turn in row["turns"])
        if not turns:
            raise ValueError("'turns' is empty")
        return turns
    text = row.get("text", row.get("question"))
    if not isinstance(text, str):
        if "given" in row:
            text = ""
        else:
            raise ValueError("needs 'text' or 'turns'")
    target = row.get("target")
    if target is None:
        found = {key: row[key] for key in _TARGET if key in row}
        target = found or None
    return (AskedTurn.model_validate({"text": text, "target": target}),)


def content_hash(samples: Iterable[Sample]) -> str:
    """SHA-256 over the hashes of samples, in their order: what a run was asked."""
    return hashlib.sha256("\n".join(f"{s.id} {s.hash}" for s in samples).encode()).hexdigest()


def chosen(samples: Iterable[Sample], split: str, limit: int) -> Iterator[Sample]:
    """Those of ``split`` ("all" for both), evenly thinned out to at most ``limit`` (0: all).

    Thinning keeps pairs whole, so it is groups of a pair that are taken.
    """
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        if split in ("all", sample.split):
            groups.setdefault(sample.pair or f"\0{sample.id}", []).append(sample)
    every = list(groups.values())
    count = sum(map(len, every))
    if not limit or count <= limit:
        yield from (sample for group in every for sample in group)
        return
    taken = 0
    for group in every:
        taken += limit * len(group)
        if taken >= count * len(group):
            taken -= count * len(group)
            yield from group


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvalError(f"{path} cannot be read as UTF-8 text: {error}.") from error


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return f"{place}: {first['msg']}" if place else str(first["msg"])
    return str(error)
