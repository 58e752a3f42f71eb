"""Published law, text by text, with what its publisher says of each."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.benchmarks.files import half, lines, split_of
from evals.errors import MissingData
from evals.loaders.reading import chosen, need, placed
from evals.samples import sample_of
from evals.vocabulary import Sample

CODIFIED, PUBLISHED, OLD, FILES = "phapdien", "van_ban_2026", "vlc_laws", "gov_docs"
_MOST = 400
#: Characters of a file's text layer; of fewer, a stamp is all there is and the pages are pictures.
_SOME_TEXT = 2000


def codified(data: Path | None) -> Iterator[Sample]:
    """Some articles of the codification, with number, article and day. Raises `MissingData`."""
    for key, row in _rows(data, CODIFIED, "corpus"):
        yield _sample(CODIFIED, key, "codified", row)


def published(data: Path | None) -> Iterator[Sample]:
    """Decrees and circulars in Markdown. Raises `MissingData`."""
    for key, row in _rows(data, PUBLISHED, "documents"):
        yield _sample(PUBLISHED, key, "published", row)


def old(data: Path | None) -> Iterator[Sample]:
    """Laws as plain text, whose articles are numbered through. Raises `MissingData`."""
    for key, row in _rows(data, OLD, "laws"):
        line = {"_id": row["id"], "title": "", "text": row["text"]}
        yield _sample(OLD, key, "plain text", line)


def files(data: Path | None) -> Iterator[Sample]:
    """Files of offices that have a text layer, with how long it is. Raises `MissingData`."""
    folder = need(data, FILES)
    archive = folder / "docs.tar.gz"
    if not archive.exists():
        raise MissingData(f"{archive} is not there")
    with tarfile.open(archive) as packed:
        names = {member.name.removeprefix("./") for member in packed if member.isfile()}
    for row in lines(folder / "manifest.jsonl"):
        if row["file"] in names and row["text_chars"] >= _SOME_TEXT and not row["scanned_guess"]:
            split = "dev" if row["half"] == "shared" else "test"
            expected = {"characters": row["text_chars"]}
            given = {"file": row["file"]}
            sample = _sample(FILES, row["file"], row["magic"], given, expected, split)
            yield placed(sample, archive=archive)


def _rows(data: Path | None, name: str, stem: str) -> Iterator[tuple[str, Any]]:
    folder = need(data, name)
    path = folder / f"{stem}.jsonl.zst"
    path = path if path.exists() else half(folder, stem, "jsonl.zst")
    if not path.exists():
        raise MissingData(f"{folder / stem}.jsonl.zst is not there")
    split = split_of(path)
    for key, row in chosen(lines(path), lambda row: str(row.get("_id", row.get("id"))), _MOST):
        yield key, {**row, "_split": split}


def _sample(
    name: str, key: str, kind: str, given: Any, expected: Any = None, split: str = ""
) -> Sample:
    split = split or given.pop("_split", "dev")
    row = {"_id": f"{name}:{key}", "kind": kind, "split": split, "given": given}
    return sample_of({**row, "target": {"expected": expected}} if expected else row, name)
