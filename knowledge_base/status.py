"""What a home holds: documents, versions, indexes, vectors, changes, files put aside."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from knowledge_base.home import Home
from knowledge_base.index.build import VECTORS_LOCK, embedder_name, serves
from knowledge_base.index.swap import current
from knowledge_base.locks import locked
from knowledge_base.meant import records
from knowledge_base.quarantine import Quarantine
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

CHANGES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class CollectionStatus:
    """One collection; ``documents`` are current, ``kinds`` counts them by kind."""

    name: str
    documents: int
    cards: int
    withdrawn: int
    kinds: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """The index that serves.

    ``state``: ``full`` (words and vectors, up to date), ``words`` (up to date,
    vectors to come), ``behind`` (an older one serves; what is withdrawn or
    changed since is left out: ``left_out`` documents), ``none``. ``nearest``:
    how vectors are found, by ``chroma`` or ``exact``, one by one (slower; where
    Chroma did not pass the checks of the index).
    """

    state: str
    corpus_version: str
    passages: int
    vectors: int
    embedder: str
    built_at: str
    left_out: int
    computing: bool
    nearest: str = "chroma"


@dataclass(frozen=True, slots=True)
class LastChange:
    """A document that changed, was withdrawn, restored or removed."""

    at: str
    kind: str
    document_id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """One store. Sizes are bytes; ``vectors_kept`` counts those computed so far."""

    store: str
    corpus_version: str
    documents: int
    withdrawn: int
    versions: int
    cards: int
    collections: tuple[CollectionStatus, ...]
    index: IndexStatus
    vectors_kept: int
    changes: tuple[LastChange, ...]
    quarantine: dict[str, int]
    record_bytes: int
    index_bytes: int


@dataclass(frozen=True, slots=True)
class Status:
    """The whole home. ``embedder`` is the configured one, empty for words alone."""

    home: str
    embedder: str
    free_bytes: int
    stores: tuple[StoreStatus, ...]


def status_of(home: Home, settings: KnowledgeSettings) -> Status:
    """What is there now. Reads only; seconds at most, however large the record is."""
    stores = tuple(_store(home, settings, name, record) for name, record in records(home).items())
    existing = next(p for p in (home.path, *home.path.parents) if p.exists())
    embedder = embedder_name(settings)
    return Status(str(home.path), embedder, shutil.disk_usage(existing).free, stores)


def _store(home: Home, settings: KnowledgeSettings, store: str, record: Record) -> StoreStatus:
    version = record.corpus_version()
    return StoreStatus(
        store=store,
        corpus_version=version,
        documents=record.count(),
        withdrawn=_count(record, "documents WHERE withdrawn_at <> ''"),
        versions=_count(record, "versions"),
        cards=_count(record, "documents WHERE withdrawn_at = '' AND card <> ''"),
        collections=tuple(_collections(record)),
        index=_index(home, settings, store, record, version),
        vectors_kept=_vectors(record, embedder_name(settings)),
        changes=tuple(_changes(record)),
        quarantine=Quarantine(record).counts(),
        record_bytes=sum(_size(Path(f"{home.record(store)}{end}")) for end in ("", "-wal")),
        index_bytes=_size(home.index(store)),
    )


def _collections(record: Record) -> list[CollectionStatus]:
    counts: dict[str, dict[str, int]] = {}
    cards: dict[str, int] = {}
    gone: dict[str, int] = {}
    query = (
        "SELECT collection, kind, withdrawn_at <> '' AS gone, count(*) AS n,"
        " sum(card <> '') AS cards FROM documents GROUP BY 1, 2, 3 ORDER BY 1, 2"
    )
    for row in record.rows(query):
        name = row["collection"]
        kinds = counts.setdefault(name, {})
        if row["gone"]:
            gone[name] = gone.get(name, 0) + row["n"]
        else:
            kinds[row["kind"]] = row["n"]
            cards[name] = cards.get(name, 0) + row["cards"]
    return [
        CollectionStatus(
            name, sum(kinds.values()), cards.get(name, 0), gone.get(name, 0), kinds
        )
        for name, kinds in counts.items()
    ]  # fmt: skip


def _index(
    home: Home, settings: KnowledgeSettings, store: str, record: Record, version: str
) -> IndexStatus:
    folder = current(home.index(store))
    found: dict[str, str | int] = {}
    if folder is not None:
        try:
            found = json.loads((folder / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError):
            folder = None
    built_from = str(found.get("corpus_version", ""))
    state = serves(home, settings, store, version)
    if state == "nothing":
        state = "none" if folder is None else "behind"
    _, seen = record.changes_unseen(built_from)
    stale = record.changed_since(seen) if folder is not None and seen is not None else ()
    with locked(home.index(store) / VECTORS_LOCK, wait=False) as free:
        computing = not free
    return IndexStatus(
        state=state,
        corpus_version=built_from,
        passages=int(found.get("passages", 0)),
        vectors=int(found.get("vectors", 0)),
        embedder=str(found.get("embedder", "")),
        built_at=str(found.get("built_at", "")),
        left_out=len(stale),
        computing=computing,
        nearest=str(found.get("nearest", "chroma")),
    )


def _changes(record: Record) -> list[LastChange]:
    query = (
        "SELECT c.at, c.kind, c.document_id, coalesce(d.title, '') AS title, c.reason"
        " FROM changes AS c LEFT JOIN documents AS d ON d.id = c.document_id"
        " ORDER BY c.seq DESC LIMIT ?"
    )
    return [LastChange(*row) for row in record.rows(query, CHANGES_SHOWN)]


def _vectors(record: Record, model: str) -> int:
    row = record.one("SELECT count(*) AS n FROM vectors WHERE model = ?", model)
    return int(row["n"]) if row else 0


def _count(record: Record, of: str) -> int:
    row = record.one(f"SELECT count(*) AS n FROM {of}")  # noqa: S608
    return int(row["n"]) if row else 0


def _size(path: Path) -> int:
    """Bytes of a file, or of everything in a folder."""
    try:
        if path.is_dir() and not path.is_symlink():
            return sum(map(_size, path.iterdir()))
        return path.lstat().st_size
    except OSError:
        return 0
