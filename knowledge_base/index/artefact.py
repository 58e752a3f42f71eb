"""The index on disk: written once into an empty folder, then only read.

::

    manifest.json           what this is; written last, so a folder without it is no index
    passages.jsonl          the passages, found by passages.offsets.npy
    rows.npy tables.json    what rows are filtered by: document, labels, kind, collection, dates
    words.* folded.*        BM25 over passages, with diacritics and without
    documents.*             BM25 over whole documents (folded)
    citations.*             document numbers, articles and procedure codes by row
    heads.*                 the names of each row: title, other names, headings
    laws.json               names of laws, which are keys of the citations too
    initials.json           what clipped words of a query may stand for
    syllables.npz           how often each syllable was seen, for putting diacritics back
    vectors.npy chroma/     embeddings by row, and the same in Chroma (if it found them again)
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.documents import DocumentKind, Passage
from knowledge_base.errors import IndexCorrupt, IndexMissing, IndexOutdated
from knowledge_base.index import heads as named
from knowledge_base.index import initials, laws
from knowledge_base.index import vectors as chroma
from knowledge_base.index.embedding import Embedder, VectorCache, embed_all
from knowledge_base.index.lexical import LexicalIndex
from knowledge_base.index.passage_json import passage_from_json, passage_to_json
from knowledge_base.index.words import write_lexical
from knowledge_base.vietnamese import clean

FORMAT_VERSION = 4
EXACT = "exact"

Progress = Callable[[str, int, int], None]

_FIRST_DAY = 0
_LAST_DAY = date.max.toordinal()
_NEVER_STARTED = -1  # effective_from is not known


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index is made of."""

    format_version: int
    corpus_version: str
    documents: int
    passages: int
    vectors: int
    embedder: str
    built_at: str
    nearest: str = "chroma"  # how the nearest vectors are found; or "exact": one by one


def write_index(
    passages: Sequence[Passage],
    folder: Path,
    embedder: Embedder | None,
    cache: VectorCache,
    progress: Progress,
    *,
    corpus_version: str = "",
) -> Manifest:
    """Build an index of ``passages`` in the empty ``folder``.

    ``progress(stage, done, total)`` is called for the stages ``words``,
    ``vectors`` and ``chroma``. Without an embedder the index is lexical only.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    documents = _write_rows(passages, folder)
    write_lexical(passages, documents, folder, progress)
    if embedder is not None and passages:
        vectors = embed_all([embedded_text(p) for p in passages], embedder, cache, progress)
        np.save(folder / "vectors.npy", vectors)
        chroma.write(folder / "chroma", vectors, _facts(folder), progress)
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        corpus_version=corpus_version or _version_of(passages),
        documents=len(set(documents.tolist())),
        passages=len(passages),
        vectors=len(passages) if embedder is not None else 0,
        embedder=embedder.name if embedder is not None else "",
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    _write_manifest(manifest, folder)
    return manifest


def without_chroma(folder: Path) -> bool:
    """Take Chroma out of a new index: its vectors are then compared one by one.

    Slower, with the same answers. False where there was nothing to take out.
    """
    found = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest = Manifest(**found)
    if not manifest.vectors or manifest.nearest == EXACT:
        return False
    shutil.rmtree(folder / "chroma", ignore_errors=True)
    _write_manifest(replace(manifest, nearest=EXACT), folder)
    return True


def _write_manifest(manifest: Manifest, folder: Path) -> None:
    with (folder / "manifest.json").open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())


def embedded_text(passage: Passage) -> str:
    """What of a passage is embedded: its title, where it stands, and its first words."""
    head = " › ".join(dict.fromkeys((passage.title, *passage.path)))
    return clean(f"{head}. {passage.text}" if head else passage.text)


def _version_of(passages: Sequence[Passage]) -> str:
    seen = sorted({(passage.document_id, passage.sha256) for passage in passages})
    return sha256(json.dumps(seen).encode()).hexdigest()[:16]


_COLUMNS = ("document", "labels", "kind", "collection", "starts", "ends", "subordinate")


# --- rows -----------------------------------------------------------------------------------


def _write_rows(passages: Sequence[Passage], folder: Path) -> npt.NDArray[np.int32]:
    tables: dict[str, dict[Any, int]] = {
        name: {} for name in ("documents", "labels", "kinds", "collections")
    }

    def number(table: str, key: object) -> int:
        rows = tables[table]
        return rows.setdefault(key, len(rows))

    offsets = [0]
    columns: list[tuple[int, ...]] = []
    with (folder / "passages.jsonl").open("wb") as file:
        for passage in passages:
            line = json.dumps(passage_to_json(passage), ensure_ascii=False).encode() + b"\n"
            file.write(line)
            offsets.append(offsets[-1] + len(line))
            columns.append(
                (
                    number("documents", passage.document_id),
                    number("labels", tuple(sorted(passage.labels))),
                    number("kinds", passage.kind.value),
                    number("collections", passage.collection),
                    _day(passage.effective_from, _NEVER_STARTED),
                    _day(passage.effective_to, _LAST_DAY),
                    int(laws.is_subordinate(passage.number)),
                )
            )
    np.save(folder / "passages.offsets.npy", np.array(offsets, dtype=np.int64))
    rows = np.array(columns, dtype=np.int32).reshape(len(columns), len(_COLUMNS))
    np.save(folder / "rows.npy", rows)
    lists = {name: list(table) for name, table in tables.items()}
    (folder / "tables.json").write_text(json.dumps(lists, ensure_ascii=False), encoding="utf-8")
    return rows[:, 0].copy()


def _day(value: date | None, missing: int) -> int:
    return value.toordinal() if value is not None else missing


def _facts(folder: Path) -> list[dict[str, int]]:
    return [dict(zip(_COLUMNS, row, strict=True)) for row in np.load(folder / "rows.npy").tolist()]


# --- reading --------------------------------------------------------------------------------


class Index:
    """An opened index. Everything big is mapped, nothing is changed; safe for many threads."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        columns: npt.NDArray[np.int32] = np.ascontiguousarray(np.load(folder / "rows.npy").T)
        self.document, self.labels, self.kind, self.collection, self.starts, self.ends = columns[:6]
        self.subordinate = columns[6].astype(np.float32)  # 1 for decrees, circulars and the like
        tables = json.loads((folder / "tables.json").read_text("utf-8"))
        self.document_ids: list[str] = tables["documents"]
        self.label_sets: list[tuple[str, ...]] = [tuple(labels) for labels in tables["labels"]]
        self.kinds: list[DocumentKind] = [DocumentKind(kind) for kind in tables["kinds"]]
        self.collections: list[str] = tables["collections"]
        self._offsets: npt.NDArray[np.int64] = np.load(folder / "passages.offsets.npy")
        self._lines = (folder / "passages.jsonl").open("rb")
        count = manifest.passages
        self.words = LexicalIndex.open(folder, "words", count)
        self.folded = LexicalIndex.open(folder, "folded", count)
        self.documents = LexicalIndex.open(folder, "documents", len(self.document_ids))
        self.citations = LexicalIndex.open(folder, "citations", count)
        self.initials = initials.read(folder)
        self.laws = laws.read(folder)
        self.heads = named.Heads.open(folder)
        self.vectors: npt.NDArray[np.float16] | None = None
        self.chroma: chroma.VectorStore | None = None
        if manifest.vectors:
            self.vectors = np.load(folder / "vectors.npy", mmap_mode="r")
            if manifest.nearest != EXACT and (folder / "chroma").is_dir():
                self.chroma = chroma.VectorStore(folder / "chroma")

    def __len__(self) -> int:
        return self.manifest.passages

    def passage(self, row: int) -> Passage:
        """The passage of a row."""
        start, end = int(self._offsets[row]), int(self._offsets[row + 1])
        return passage_from_json(json.loads(os.pread(self._lines.fileno(), end - start, start)))

    def close(self) -> None:
        self._lines.close()
        if self.chroma is not None:
            self.chroma.close()


def open_index(folder: Path) -> Index:
    """Open what `write_index` wrote.

    Raises `IndexMissing`, `IndexCorrupt` or `IndexOutdated` (another format version).
    """
    try:
        found = json.loads((folder / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        raise IndexMissing(f"Chưa có chỉ mục ở {folder}. Hãy chạy: troly ingest") from None
    except ValueError:
        raise IndexCorrupt(f"Chỉ mục ở {folder} bị hỏng. Hãy dựng lại: troly ingest") from None
    if found.get("format_version") != FORMAT_VERSION:
        raise IndexOutdated(
            f"Chỉ mục ở {folder} thuộc phiên bản {found.get('format_version')}, chương trình này "
            f"đọc phiên bản {FORMAT_VERSION}. Hãy dựng lại: troly ingest"
        )
    try:
        return Index(folder, Manifest(**found))
    except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError) as error:
        raise IndexCorrupt(
            f"Chỉ mục ở {folder} thiếu hoặc hỏng tệp ({error}). Hãy dựng lại: troly ingest"
        ) from error
