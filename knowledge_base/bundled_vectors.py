"""Vectors of the bundled corpus that come with it, so that a first run need not wait for them.

``python -m knowledge_base.bundled_vectors`` writes ``corpus/vectors.npz`` again
after the corpus has changed; what it computes is kept in the record of the home
(``TROLY_HOME``), so that it can be interrupted. Vectors are found by the hash of
the embedded text: a stale file only means that some are computed on the spot.
"""

from __future__ import annotations

from pathlib import Path

from knowledge_base.home import Home
from knowledge_base.passages import passages_of
from knowledge_base.prepare import CORPUS, bundled_documents
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

FILE = CORPUS / "vectors.npz"


def load(record: Record, file: Path = FILE) -> int:
    """Put the vectors that come with the program into the record; returns how many."""
    import numpy as np

    if not file.is_file():
        return 0
    with np.load(file, allow_pickle=False) as kept:
        model, shas, vectors = str(kept["model"]), kept["shas"], kept["vectors"]
    record.put_vectors(
        model, {bytes(sha).hex(): row.tobytes() for sha, row in zip(shas, vectors, strict=True)}
    )
    return len(shas)


def texts_of_corpus() -> list[str]:
    """What is embedded of the bundled corpus, each text once, ordered by hash."""
    from knowledge_base.index.artefact import embedded_text
    from knowledge_base.index.embedding import text_hash

    passages = (p for document, _ in bundled_documents() for p in passages_of(document))
    return sorted({embedded_text(passage) for passage in passages}, key=text_hash)


def hashes(file: Path = FILE) -> frozenset[str]:
    """The hashes of the texts whose vectors are in ``file``."""
    import numpy as np

    with np.load(file, allow_pickle=False) as kept:
        return frozenset(bytes(sha).hex() for sha in kept["shas"])


def write(record: Record, file: Path = FILE) -> int:
    """Embed the bundled corpus with the default embedder and write ``file``."""
    import numpy as np

    from knowledge_base.index.embedding import embed_all, embedder_of, text_hash

    settings = KnowledgeSettings()
    embedder = embedder_of(settings, settings.threads)
    if embedder is None:  # not with the default settings
        return 0
    load(record, file)
    texts = texts_of_corpus()
    vectors = embed_all(texts, embedder, record, lambda *_: None)
    shas = np.array([list(bytes.fromhex(text_hash(text))) for text in texts], dtype=np.uint8)
    np.savez_compressed(file, model=np.array(embedder.name), shas=shas, vectors=vectors)
    return len(texts)


if __name__ == "__main__":
    print(f"{write(Record(Home.find().record()))} vectors in {FILE}")
