"""Texts the assistant says itself, and pairs of an office's sentence with its plain twin."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import yaml

from assistant.plain_language.own import own_texts
from evals.samples import sample_of
from evals.tasks.task import Sources
from evals.vocabulary import Sample

_TWINS = Path(__file__).with_name("twins.yml")


def samples(_: Sources) -> Sequence[Sample]:
    """Pairs first; every second of them is of the test half, and so are all texts of ours."""
    twins = yaml.safe_load(_TWINS.read_text(encoding="utf-8"))["twins"]
    rows = [
        {
            "_id": f"twin{number:02}",
            "text": twin["office"][:80],
            "kind": "twin",
            "split": "test" if number % 2 else "dev",
            "given": dict(twin),
        }
        for number, twin in enumerate(twins)
    ]
    for own in dict.fromkeys(own_texts()):
        digest = hashlib.sha256(f"{own.where}\n{own.text}".encode()).hexdigest()[:10]
        given = {"text": own.text, "of": own.where}
        rows.append({"_id": f"own-{digest}", "text": own.where, "kind": "own", "given": given})
    return [sample_of(row, "plain") for row in rows]
