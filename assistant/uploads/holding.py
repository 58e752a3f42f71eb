"""An uploaded document as files of its folder, and back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from assistant.uploads.answering import Vectors
from assistant.uploads.units import embedded_text, units_of
from assistant.uploads.vocabulary import LABEL, Held, Taken, Upload
from knowledge_base.documents import Document
from knowledge_base.file_documents import document_of_file
from knowledge_base.law.structure import Part, provisions
from knowledge_base.readers.cell_table import Table
from knowledge_base.readers.reading import Reading

_EMBEDDED = 200  # units of a document; of a longer one those that share words are, when asked
_TELLING = 25  # characters of a title that stands alone
_LARGEST = 5_000_000  # characters whose articles are counted


def held_of(read: Taken, name: str, upload_id: str, vectors: Vectors) -> Held:
    """A file that was read, as it is answered from. Its size and times are filled in later."""
    document = _document(read, name, upload_id)
    units = units_of(document)
    parts = provisions(read.text) if len(read.text) <= _LARGEST else ()
    upload = Upload(
        id=upload_id,
        name=name,
        sha256="",
        size=0,
        created=0.0,
        expires=0.0,
        title=document.title,
        number=document.number,
        pages=int(read.meta.get("pages", "0")),
        characters=len(read.text),
        tables=len(read.tables),
        articles=sum(part.part is Part.ARTICLE for part in parts),
        remarks=read.remarks,
    )
    texts = [embedded_text(document, unit) for unit in units]
    made = vectors.passages(texts) if len(texts) <= _EMBEDDED else None
    return Held(upload, document, units, read.tables, made)


def kept_files(held: Held, read: Taken) -> Iterator[tuple[str, bytes]]:
    """The files, beside the one that was uploaded, that `read_held` makes the document of."""
    reading = {
        "title": read.title,
        "text": read.text,
        "sections": read.sections,
        "meta": dict(read.meta),
        "remarks": read.remarks,
    }
    yield "reading.json", json.dumps(reading, ensure_ascii=False).encode("utf-8")
    tables = [asdict(table) for table in read.tables]
    yield "tables.json", json.dumps(tables, ensure_ascii=False).encode("utf-8")
    if held.vectors is not None:
        import numpy as np

        buffer = io.BytesIO()
        np.save(buffer, np.asarray(held.vectors, dtype=np.float16), allow_pickle=False)
        yield "vectors.npy", buffer.getvalue()


def read_held(folder: Path, upload: Upload) -> Held:
    """The document of a folder that `kept_files` filled."""
    told: dict[str, Any] = json.loads((folder / "reading.json").read_text("utf-8"))
    tables = tuple(map(table_of, json.loads((folder / "tables.json").read_text("utf-8"))))
    read = Taken(
        told["title"],
        told["text"],
        tuple((tuple(path), int(a), int(b)) for path, a, b in told["sections"]),
        told["meta"],
        tables,
        tuple(told["remarks"]),
    )
    document = _document(read, upload.name, upload.id)
    units = units_of(document)
    vectors: Any = None
    if (folder / "vectors.npy").exists():
        import numpy as np

        vectors = np.load(folder / "vectors.npy", allow_pickle=False).astype(np.float32)
        if len(vectors) != len(units):  # cut otherwise by an earlier version
            vectors = None
    return Held(upload, document, units, tables, vectors)


def table_of(one: dict[str, Any]) -> Table:
    """A table as JSON has it."""
    return Table(
        str(one["name"]),
        tuple(one["above"]),
        tuple(tuple(row) for row in one["rows"]),
        tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in one["merged"]),
        int(one["page"]),
        int(one["unsaved"]),
    )


def _document(read: Taken, name: str, upload_id: str) -> Document:
    reading = Reading(read.title, read.text, read.sections, read.meta)
    document = document_of_file(reading, name, collection="", labels=(LABEL,))
    # "BIÊN BẢN" alone does not say which of three.
    title = document.title
    if " | " in title or name.lower().endswith(".csv"):  # a row of a table
        title = name
    elif len(title) < _TELLING and not document.number:
        title = f"{title} ({name})"
    return replace(document, id=f"upload:{upload_id}", source_id=upload_id, title=title)
