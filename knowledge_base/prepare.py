"""Get a home ready to answer: the bundled corpus in the record, an index that serves it.

`ensure_ready` is called at every start. When nothing has changed it only
compares hashes. What was interrupted goes on: documents are stored in one
transaction, vectors batch by batch, and the index is swapped as a whole.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from knowledge_base.documents import Document, ProcedureCard
from knowledge_base.errors import KnowledgeError
from knowledge_base.home import Home
from knowledge_base.index.build import (
    VECTORS_LOCK,
    build_in_background,
    build_index,
    seconds_of_vectors,
    serves,
)
from knowledge_base.locks import locked
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

Progress = Callable[[str, int, int], None]

CORPUS = Path(__file__).parent / "corpus"

#: Longer than this, vectors are computed in the background and words serve meanwhile.
FOREGROUND_SECONDS = 60.0

_NOTICEABLE = 5.0  # seconds; below, one build is quicker than two

# Code that decides what the bundled documents say: when it changes, they are stored again.
_WRITERS = ("card_text.py", "legal_text.py", "wording.py", "place_texts.py", "corpus_files.py")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was done. ``seconds`` by part (``documents``, ``words``, ``vectors``, ``index``).

    ``vectors`` says whether the index that serves searches by meaning too;
    ``background`` is the process that is computing vectors, if any was started.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    vectors: bool = True
    background: int | None = None


def ensure_ready(
    home: Home,
    settings: KnowledgeSettings,
    progress: Progress | None = None,
    *,
    foreground_seconds: float = FOREGROUND_SECONDS,
) -> Prepared:
    """Make ``home`` answer from the bundled corpus and whatever was ingested.

    An index that is missing, damaged, outdated or of another format is built
    again. Raises `KnowledgeError` with what to do when that is impossible.
    """
    seconds = store_bundled(home, settings, progress)
    prepared = refresh_index(home, settings, progress, foreground_seconds=foreground_seconds)
    return replace(prepared, seconds={**seconds, **prepared.seconds})


def store_bundled(
    home: Home, settings: KnowledgeSettings, progress: Progress | None = None
) -> dict[str, float]:
    """Bring the bundled documents of the record up to date; returns the seconds it took."""
    record = Record(home.record())
    seconds: dict[str, float] = {}
    wanted = bundled_hash() if settings.bundled_corpus else ""
    if (record.fact("bundled") or "") != wanted:
        with _timed(seconds, "documents"), locked(home.store() / ".prepare.lock"):
            if (record.fact("bundled") or "") != wanted:
                _store_bundled(record, wanted, progress)
    return seconds


def refresh_index(
    home: Home,
    settings: KnowledgeSettings,
    progress: Progress | None = None,
    *,
    store: str = "public",
    foreground_seconds: float = FOREGROUND_SECONDS,
) -> Prepared:
    """Make the index serve what the record holds now.

    Words come first and serve at once; vectors follow here when they take less
    than about ``foreground_seconds``, else in the background.
    """
    seconds: dict[str, float] = {}
    version = Record(home.record(store)).corpus_version()
    state = serves(home, settings, store, version)
    if state == "full":
        return Prepared(seconds)
    with locked(home.index(store) / VECTORS_LOCK, wait=False) as free:
        pass
    remaining = seconds_of_vectors(home, settings, store) if free or state == "nothing" else 0.0
    if state == "nothing" and remaining > _NOTICEABLE:
        with _timed(seconds, "words"):
            build_index(home, settings, store=store, progress=progress, words_only=True)
        state = "words"
    if state == "words" and not free:  # somebody is computing the vectors already
        return Prepared(seconds, vectors=False)
    if remaining > foreground_seconds:
        process = build_in_background(home, settings, store=store)
        return Prepared(seconds, vectors=False, background=process)
    with _timed(seconds, "vectors" if remaining else "index"):
        build_index(home, settings, store=store, progress=progress)
    return Prepared(seconds)


def bundled_hash(corpus: Path = CORPUS) -> str:
    """What changes when the bundled corpus, or the code that words it, changes."""
    digest = hashlib.sha256()
    files = sorted(path for path in corpus.rglob("*") if path.is_file())
    for path in [*files, *(corpus.parent / name for name in _WRITERS)]:
        if path.is_file():
            digest.update(path.relative_to(corpus.parent).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def bundled_documents() -> Iterator[tuple[Document, ProcedureCard | None]]:
    """Everything that comes with the program, as it is stored."""
    from knowledge_base.card_text import document_of_card
    from knowledge_base.corpus_files import legal_documents, procedures
    from knowledge_base.legal_text import document_of_legal, document_of_place
    from knowledge_base.place_texts import places_text

    for card in procedures():
        yield document_of_card(card), card
    for file in legal_documents():
        yield document_of_legal(file), None
    for place in places_text():
        yield document_of_place(place), None


def _store_bundled(record: Record, wanted: str, progress: Progress | None) -> None:
    from knowledge_base.bundled_vectors import load
    from knowledge_base.card_text import BUNDLED
    from knowledge_base.corpus_files import CorpusError

    try:
        documents = list(bundled_documents()) if wanted else []
    except CorpusError as error:
        raise KnowledgeError(f"Kho kèm theo bị hỏng ({error}). Hãy cài lại troly.") from error
    if progress:
        progress("documents", 0, len(documents))
    # An update of the program does not bring back what an officer has taken out.
    record.put_many(documents, revive=False)
    record.remove(set(record.ids(BUNDLED)) - {document.id for document, _ in documents})
    load(record)
    record.set_fact("bundled", wanted)
    if progress:
        progress("documents", len(documents), len(documents))


@contextmanager
def _timed(seconds: dict[str, float], part: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[part] = round(time.perf_counter() - start, 2)
