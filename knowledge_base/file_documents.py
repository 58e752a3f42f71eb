"""What was read from files, as documents of the record."""

from __future__ import annotations

import hashlib
from pathlib import Path

from knowledge_base.documents import Document, DocumentKind, Section
from knowledge_base.law.codified import with_note
from knowledge_base.law.header import header_of
from knowledge_base.law.law_document import as_law
from knowledge_base.law.published import published_document
from knowledge_base.readers.beir import Line
from knowledge_base.readers.reading import Reading
from knowledge_base.readers.titles import title_of_text

_HEAD = 3000  # characters in which a document says what it is


def document_of_file(
    reading: Reading, name: str, *, collection: str, labels: tuple[str, ...]
) -> Document:
    """The document of one file; ``name`` is its path below the folder that was given."""
    document = Document(
        id=f"file:{collection}/{name}",
        source_id=name,
        kind=DocumentKind.GUIDANCE,
        title=reading.title or _title(reading.text[:_HEAD]) or Path(name).stem.replace("_", " "),
        text=reading.text,
        sha256=hashlib.sha256(reading.text.encode()).hexdigest(),
        labels=labels,
        collection=collection,
        sections=tuple(Section(path, start, end) for path, start, end in reading.sections),
        meta={**reading.meta, "file": name},
    )
    return as_law(document)


def document_of_line(line: Line, *, collection: str, labels: tuple[str, ...]) -> Document:
    """The document of one line of a BEIR corpus; ``source_id`` is its ``_id``.

    What its ``meta`` says of an article of the law becomes number, days and relations.
    """
    if line.published:
        return published_document(
            line.id, line.text, line.meta, collection=collection, labels=labels
        )
    document = Document(
        id=f"beir:{collection}/{line.id}",
        source_id=line.id,
        kind=DocumentKind.OTHER,
        title=line.title,
        text=line.text,
        sha256=hashlib.sha256(line.text.encode()).hexdigest(),
        url=line.url,
        labels=labels,
        collection=collection,
    )
    return with_note(document, line.meta) if line.meta else document


def _title(head: str) -> str:
    """The name below "NGHỊ ĐỊNH", or what the first lines say that the text is."""
    return header_of(head).title or title_of_text(head)
