"""Two texts compared as ``troly conflicts A B`` does."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from assistant.conflicts.compare import compare
from assistant.conflicts.told import comparison_json
from evals.subjects.port import Setting, Subject
from evals.vocabulary import Sample
from knowledge_base.documents import Document, DocumentKind

_ON = date(2026, 1, 1)


def generate(sample: Sample, _: Subject, __: Setting) -> Any:
    """The comparison as JSON."""
    made = compare(_document(sample.given["a"], "a"), _document(sample.given["b"], "b"), _ON)
    return comparison_json(made)


def _document(text: str, name: str) -> Document:
    sha = hashlib.sha256(text.encode()).hexdigest()
    return Document(name, name, DocumentKind.LAW, name, text, sha)
