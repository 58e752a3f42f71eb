"""Reading a record as ``troly kb`` does when it is ingested."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from evals.errors import SubjectError
from evals.subjects.port import Setting, Subject
from evals.vocabulary import Sample
from knowledge_base.portal.files import read_records


def generate(sample: Sample, _: Subject, __: Setting) -> Any:
    """The card that is made of the record, as JSON."""
    cards = _cards(Path(sample.given["file"]))
    code = sample.given["code"]
    if code not in cards:
        raise SubjectError(f"no card was made of the record {code}")
    return json.loads(cards[code])


@lru_cache(maxsize=1)
def _cards(file: Path) -> dict[str, str]:
    """Cards as JSON text by code."""
    made = (record.card for record in read_records(file) if record.card)
    return {json.loads(card)["code"]: card for card in made}
