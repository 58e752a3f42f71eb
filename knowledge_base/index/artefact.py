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
    vectors.npy chroma/     embeddings by row, and the same in Chroma
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
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
from knowledge_base.index.definitions import defined_terms
from knowledge_base.index.embedding import Embedder, VectorCache, embed_all
from knowledge_base.index.lexical import (
    Field,
    FieldTokens,
    LexicalIndex,
    Vocabulary,
    build,
    term_hashes,
)
from knowledge_base.index.passage_json import passage_from_json, passage_to_json
from knowledge_base.vietnamese import (
    clean,
    document_number,
    expand_abbreviations,
    fold,
    procedure_code,
    tokens,
)

FORMAT_VERSION = 3

Progress = Callable[[str, int, int], None]

TITLE = Field(2.5, 0.5)
NAMES = Field(1.5, 0.5)
PATH = Field(1.5, 0.5)
BODY = Field(1.0, 0.5)

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
    _write_lexical(passages, documents, folder, progress)
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
    with (folder / "manifest.json").open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def embedded_text(passage: Passage) -> str:
    """What of a passage is embedded: its title, where it stands, and its first words."""
    head = " › ".join(dict.fromkeys((passage.title, *passage.path)))
    return clean(f"{head}. {passage.text}" if head else passage.text)


def _version_of(passages: Sequence[Passage]) -> str:
    seen = sorted({(passage.document_id, passage.sha256) for passage in passages})
    return sha256(json.dumps(seen).encode()).hexdigest()[:16]


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
                )
            )
    np.save(folder / "passages.offsets.npy", np.array(offsets, dtype=np.int64))
    rows = np.array(columns, dtype=np.int32).reshape(len(columns), 6)
    np.save(folder / "rows.npy", rows)
    lists = {name: list(table) for name, table in tables.items()}
    (folder / "tables.json").write_text(json.dumps(lists, ensure_ascii=False), encoding="utf-8")
    return rows[:, 0].copy()


_COLUMNS = ("document", "labels", "kind", "collection", "starts", "ends")


def _day(value: date | None, missing: int) -> int:
    return value.toordinal() if value is not None else missing


def _facts(folder: Path) -> list[dict[str, int]]:
    return [dict(zip(_COLUMNS, row, strict=True)) for row in np.load(folder / "rows.npy").tolist()]


# --- words ----------------------------------------------------------------------------------


def indexed_tokens(text: str) -> list[str]:
    """Tokens of a document's text, formal abbreviations written out."""
    return tokens(expand_abbreviations(clean(text), document=True))


def code_keys(words: Sequence[str]) -> list[str]:
    """The short keys of codes among ``words``: ``30/2020`` of ``30/2020/nd-cp``, ``1.004222``."""
    keys = []
    for word in words:
        if word[0].isdigit() and not word.isdigit():
            number, code = document_number(word), procedure_code(word)
            keys += [key for key in (number and number.key, code) if key and key != word]
    return keys


def _write_lexical(
    passages: Sequence[Passage],
    documents: npt.NDArray[np.int32],
    folder: Path,
    progress: Progress,
) -> None:
    vocabulary = Vocabulary()
    names = ("title", "names", "path", "body", "codes")
    ids: dict[str, list[npt.NDArray[np.int32]]] = {name: [] for name in names}
    heads: dict[tuple[str, ...], npt.NDArray[np.int32]] = {}

    def numbered(words: Sequence[str]) -> npt.NDArray[np.int32]:
        return np.array(vocabulary.ids(words), dtype=np.int32)

    def head(*texts: str) -> npt.NDArray[np.int32]:
        if texts not in heads:  # passages of one document share theirs
            heads[texts] = numbered(indexed_tokens(" . ".join(text for text in texts if text)))
        return heads[texts]

    for done, passage in enumerate(passages, 1):
        body = indexed_tokens(passage.text)
        ids["title"].append(head(passage.title, passage.number))
        ids["names"].append(head(*passage.other_names))
        ids["path"].append(head(*(part for part in passage.path if part != passage.title)))
        ids["body"].append(numbered(body))
        ids["codes"].append(
            numbered(code_keys([*body, *tokens(passage.title), *tokens(passage.number)]))
        )
        if done % 500 == 0 or done == len(passages):
            progress("words", done, len(passages))

    words = vocabulary.words
    plain = Vocabulary()
    to_plain = np.array(plain.ids([fold(word) for word in words]), dtype=np.int32)
    _write_syllables(folder, words, ids["body"] + ids["title"])
    fields = {
        name: FieldTokens(
            np.concatenate(rows) if rows else np.zeros(0, np.int32),
            np.array([len(row) for row in rows], dtype=np.int32),
        )
        for name, rows in ids.items()
    }
    weights = {"title": TITLE, "names": NAMES, "path": PATH, "body": BODY, "codes": BODY}
    accented = [(weights[name], fields[name]) for name in names]
    folded = [(field, _mapped(found, to_plain)) for field, found in accented]
    build(accented, term_hashes(words), len(passages), pairs=True).save(folder, "words")
    plain_hashes = term_hashes(plain.words)
    build(folded, plain_hashes, len(passages), pairs=True).save(folder, "folded")
    merged = [
        (field, _by_document(found, documents, name))
        for (field, found), name in zip(folded, names, strict=True)
    ]
    count = int(documents.max()) + 1 if len(documents) else 0
    build(merged, plain_hashes, count, pairs=False).save(folder, "documents")
    _write_citations(passages, folder)
    initials.write(_headings(passages), folder)
    named.write(_names(passages), folder)


def _names(passages: Sequence[Passage]) -> Iterator[named.Names]:
    known: dict[tuple[str, ...], named.Names] = {}  # passages of one document share most of theirs
    for passage in passages:
        heads = (passage.title, *passage.other_names, *passage.path)
        if heads not in known:
            known[heads] = _tokenised(
                part for head in dict.fromkeys(heads) for part in named.parts(head)
            )
        yield (*known[heads], *_tokenised(defined_terms(passage.text)))


def _tokenised(texts: Iterable[str]) -> named.Names:
    found = (tuple(map(fold, indexed_tokens(text))) for text in texts)
    return tuple(words for words in found if words)


def _headings(passages: Sequence[Passage]) -> Iterator[str]:
    for passage in passages:
        yield passage.title
        yield from passage.other_names
        yield from passage.path


# A codified article opens with where it comes from: "(Điều 35 Luật số 04/2017/QH14 …".
_PROVENANCE = re.compile(
    r"\W{0,3}(?:Điều\s+(\d+\w?)\s+)?"
    r"(?:Luật|Bộ luật|Nghị định|Thông tư|Nghị quyết|Quyết định|Pháp lệnh)\b"
    r"[^\d\n]{0,60}(\d{1,5}/\d{4}/[^\s,;)]+)"
)
_ARTICLE = re.compile(r"\bĐiều\s+(\d+[a-zđ]?)\b", re.IGNORECASE)


def citation_keys(passage: Passage) -> list[str]:
    """Names a passage answers to: ``30/2020``, ``30/2020/nd-cp``, ``30/2020#35``, ``1.004222``.

    Only what the passage *is* counts (its number, title, heading, stated
    provenance), never what its text refers to.
    """
    codes = tokens(clean(f"{passage.number} {passage.title}"))
    articles = set(_ARTICLE.findall(" ".join((passage.title, *passage.path))))
    articles |= {passage.article} if passage.article else set()
    source = _PROVENANCE.match(passage.text)
    if source is not None:
        codes += tokens(clean(source[2]))
        articles |= {source[1]} if source[1] else set()
    keys: dict[str, None] = {}
    for code in codes:
        number, procedure = document_number(code), procedure_code(code)
        if procedure is not None:
            keys[procedure] = None
        if number is not None:
            named = (number.key, *((f"{number.key}/{number.issuer}",) if number.issuer else ()))
            for key in named:
                keys[key] = None
                keys |= {f"{key}#{article.lower()}": None for article in articles}
    return list(keys)


def _write_citations(passages: Sequence[Passage], folder: Path) -> None:
    vocabulary = Vocabulary()
    names = laws.Names(passages)
    rows = [
        np.array(vocabulary.ids([*citation_keys(p), *names.keys(p)]), dtype=np.int32)
        for p in passages
    ]
    laws.write(vocabulary.words, folder)
    found = FieldTokens(
        np.concatenate(rows) if rows else np.zeros(0, np.int32),
        np.array([len(row) for row in rows], dtype=np.int32),
    )
    hashes = term_hashes(vocabulary.words)
    build([(BODY, found)], hashes, len(passages), pairs=False).save(folder, "citations")


def _mapped(found: FieldTokens, mapping: npt.NDArray[np.int32]) -> FieldTokens:
    return FieldTokens(mapping[found.ids] if len(found.ids) else found.ids, found.lengths)


def _by_document(found: FieldTokens, documents: npt.NDArray[np.int32], name: str) -> FieldTokens:
    """The fields of whole documents: bodies put together, heads taken once."""
    if len(documents) == 0:
        return found
    starts = np.concatenate(([0], np.cumsum(found.lengths)))
    order = np.argsort(documents, kind="stable")
    if name in ("title", "names"):
        _, first = np.unique(documents[order], return_index=True)
        order = order[first]
    pieces = [found.ids[starts[row] : starts[row + 1]] for row in order]
    lengths = np.bincount(
        documents[order], weights=found.lengths[order], minlength=int(documents.max()) + 1
    )
    return FieldTokens(np.concatenate(pieces), lengths.astype(np.int32))


def _write_syllables(
    folder: Path, words: Sequence[str], rows: Sequence[npt.NDArray[np.int32]]
) -> None:
    everything = np.concatenate(rows) if rows else np.zeros(0, np.int32)
    counts = np.bincount(everything, minlength=len(words))
    kept = [number for number, word in enumerate(words) if word.isalpha() and counts[number] > 0]
    np.savez_compressed(
        folder / "syllables.npz",
        words=np.array([words[number] for number in kept], dtype=np.str_),
        counts=counts[kept].astype(np.int64),
    )


# --- reading --------------------------------------------------------------------------------


class Index:
    """An opened index. Everything big is mapped, nothing is changed; safe for many threads."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        columns: npt.NDArray[np.int32] = np.ascontiguousarray(np.load(folder / "rows.npy").T)
        self.document, self.labels, self.kind, self.collection, self.starts, self.ends = columns
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
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise IndexCorrupt(
            f"Chỉ mục ở {folder} thiếu hoặc hỏng tệp ({error}). Hãy dựng lại: troly ingest"
        ) from error
