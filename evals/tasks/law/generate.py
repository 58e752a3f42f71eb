"""Reading a text of the law, or a file of an office, as it is read when it is ingested."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evals.benchmarks.law import codified_one, published_one
from evals.errors import SubjectError
from evals.loaders.law import CODIFIED, FILES
from evals.subjects.port import Setting, Subject
from evals.vocabulary import Sample
from knowledge_base.errors import Unreadable
from knowledge_base.readers.beir import parse
from knowledge_base.readers.jail import Jail


def generate(sample: Sample, _: Subject, setting: Setting) -> Any:
    """The counts of the law benchmark for one text; the characters read of a file."""
    if sample.dataset == FILES:
        return {"characters": _characters(sample.given, setting)}
    line = parse(json.dumps(sample.given, ensure_ascii=False), 1)
    if line.problem:
        raise SubjectError(f"{sample.id}: {line.problem}")
    count = codified_one if sample.dataset == CODIFIED else published_one
    return {name: int(value) for name, value in count(line).items()}


def _characters(given: Any, setting: Setting) -> int:
    with TemporaryDirectory() as folder, tarfile.open(given["archive"]) as packed:
        name = given["file"]
        member = next(each for each in packed if each.name.removeprefix("./") == name)
        packed.extract(member, folder, filter="data")
        with Jail(setting.config.knowledge_base) as jail:
            try:
                return len(jail.read(Path(folder) / member.name).text)
            except Unreadable as error:
                raise SubjectError(f"{name}: {error}") from error
