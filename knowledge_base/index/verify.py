"""Whether a new index may serve: opened in a process of its own and asked.

A library that crashes on a damaged file takes down the process that opens it,
so this runs as ``python -m knowledge_base.index.verify FOLDER PASSAGES LABELS``
and speaks by its exit code (0, or a sentence on stderr).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge_base.errors import BuildFailed

if TYPE_CHECKING:
    from knowledge_base.documents import Passage
    from knowledge_base.index.artefact import Index

PROBES = 50
NEAREST = 10
RECALL = 0.95  # of Chroma against exact search, over the probes


def verify(folder: Path, passages: int, label_sets: set[tuple[str, ...]]) -> None:
    """Raise `BuildFailed` unless counts, labels and probe queries are right."""
    from knowledge_base.index.artefact import open_index

    index = open_index(folder)
    try:
        if len(index) != passages:
            raise BuildFailed(f"the new index has {len(index)} passages instead of {passages}")
        if set(index.label_sets) != label_sets:
            raise BuildFailed("the labels in the new index are not those of the record")
        rows = range(0, passages, max(1, passages // PROBES))
        for row in rows:
            _by_words(index, row, index.passage(row))
        if index.vectors is not None:
            _by_meaning(index, rows)
    finally:
        index.close()


def _by_words(index: Index, row: int, passage: Passage) -> None:
    import numpy as np

    from knowledge_base.index.lexical import term_hashes
    from knowledge_base.index.words import indexed_tokens
    from knowledge_base.vietnamese import fold

    words = sorted({fold(word) for word in indexed_tokens(passage.text)})
    present = index.folded.presence(term_hashes(words), np.array([row], dtype=np.int32))
    if not present.all():
        raise BuildFailed(f"the new index does not find {passage.id} by its own words")


def _by_meaning(index: Index, rows: range) -> None:
    import numpy as np

    from knowledge_base.index.artefact import EXACT

    if index.vectors is None or len(index.vectors) != len(index):
        raise BuildFailed("the new index does not have a vector for each passage")
    if index.manifest.nearest == EXACT:
        return
    if index.chroma is None:
        raise BuildFailed("the new index has no Chroma although it says so")
    if index.chroma.count() != len(index):
        raise BuildFailed("Chroma does not hold a vector for each passage")
    everything = np.asarray(index.vectors, dtype=np.float32)
    right = asked = 0
    for row in rows:
        scores = everything @ everything[row]
        count = min(NEAREST, len(index))
        # Passages with the same words have the same vector: any of them is right.
        enough = float(np.sort(scores)[-count]) - 1e-3
        found = index.chroma.nearest(everything[row], count)
        right += sum(scores[other] >= enough for other in found)
        asked += count
    if asked and right / asked < RECALL:
        raise BuildFailed(f"Chroma finds only {right} of the {asked} nearest passages")


def main(arguments: list[str]) -> int:
    folder, passages, labels = arguments
    try:
        verify(Path(folder), int(passages), {tuple(some) for some in json.loads(labels)})
    except Exception as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
