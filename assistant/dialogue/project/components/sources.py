"""What a trained model was made with, beside Rasa's own files: our tables and the code that reads.

Rasa keeps what it has trained under the source of the component's class alone;
without this, a phrase added to a table would change nothing until the cache is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[4]
_OURS = Path(__file__).resolve().parent
_TABLES = ("turns", "slots", "routes", "words", "politeness")
_CODE = ("assistant/asked.py", "assistant/politeness.py", "assistant/tables/__init__.py",
         "knowledge_base/vietnamese.py", "knowledge_base/syllables.py",
         "knowledge_base/abbreviations.yml")  # fmt: skip
_LEARNT_BY = ("signals", "intent_features", "intent_model", "things")


def fingerprint() -> str:
    """A short hash of them; changes when any of them does. Raises OSError where one is gone."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files() -> Iterator[Path]:
    yield from (_OURS / f"{name}.py" for name in _LEARNT_BY)
    yield from (_ROOT / "assistant" / "tables" / f"{name}.yml" for name in _TABLES)
    yield from (_ROOT / name for name in _CODE)
    typed = _ROOT / "knowledge_base" / "typed"
    yield from (path for path in sorted(typed.iterdir()) if path.is_file())
