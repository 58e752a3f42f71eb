"""What is compared: a file, or a document of the record by id, number or name."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assistant.conflicts.norms import norms_of
from assistant.errors import InputError
from knowledge_base.documents import Document, DocumentKind, Validity
from knowledge_base.errors import Unreadable
from knowledge_base.law.graph import Graph
from knowledge_base.law.keys import document_key
from knowledge_base.law.law_document import as_law
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record
from knowledge_base.vietnamese import clean

_SHORTEST = 20  # characters of a document that can be compared
_ASKED = 150  # provisions of a document that are looked up against everything
_EACH = 6
_LONGEST_PIPED = 5_000_000  # bytes
_SUFFIXES = (".docx", ".doc", ".pdf", ".html", ".htm", ".md", ".txt", ".rtf", ".odt")


@dataclass(frozen=True, slots=True)
class Named:
    """A document with what has to be said of it before it is compared."""

    document: Document
    source: str
    remarks: tuple[str, ...] = ()


def named(text: str, record: Record, settings: KnowledgeSettings) -> Named:
    """The document that ``text`` names.

    Raises:
        InputError: there is none, or it cannot be read; the message says what to do.
    """
    if text == "-":
        return from_text(_piped(), "văn bản từ stdin")
    path = Path(text)
    if path.is_file():
        return from_file(path, settings)
    if path.is_dir():
        raise InputError(f"{text} là thư mục: hãy ghi một tệp, ví dụ {text}/quyet-dinh.docx.")
    if path.suffix.lower() in _SUFFIXES:
        raise InputError(f"Không có tệp {text}. Hãy xem lại đường dẫn.")
    return named_in_record(text, record)


def _piped() -> str:
    import sys

    data = sys.stdin.buffer.read(_LONGEST_PIPED + 1)
    if len(data) > _LONGEST_PIPED:
        raise InputError("Văn bản từ stdin dài quá 5 MB. Hãy lưu thành tệp rồi so.")
    try:
        return clean(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError("Văn bản từ stdin không phải chữ UTF-8. Hãy lưu lại bằng UTF-8.") from None


def from_text(text: str, source: str) -> Named:
    """The document of a plain text. Raises `InputError` where there is hardly any."""
    if len(text.strip()) < _SHORTEST:
        raise InputError(f"{source} không có chữ để so.")
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document(f"text:{sha[:12]}", "", DocumentKind.OTHER, source, text, sha)
    return Named(as_law(document), source)


def from_file(path: Path, settings: KnowledgeSettings) -> Named:
    """The document of a file, read in the process that may die of it. Raises `InputError`."""
    from knowledge_base.file_documents import document_of_file
    from knowledge_base.readers.jail import Jail

    try:
        with Jail(settings) as jail:
            reading = jail.read(path)
    except Unreadable as error:
        raise InputError(f"Không đọc được {path.name}: {error.reason}.") from error
    document = document_of_file(reading, path.name, collection="", labels=("public",))
    if len(document.text.strip()) < _SHORTEST:
        raise InputError(f"{path.name} không có chữ để so (tệp rỗng hoặc chỉ có ảnh).")
    remarks = []
    if document.meta.get("ocr"):
        remarks.append(f"{path.name} là bản quét: chữ do máy đọc, hãy đối chiếu với bản gốc.")
    return Named(document, path.name, tuple(remarks))


def named_in_record(text: str, record: Record) -> Named:
    """The document of the record with this id, number or name. Raises `InputError`."""
    document = record.document(text)
    if document is not None:
        return Named(document, text, _remarks(document))
    graph = Graph(record)
    found = graph.resolve(text)
    if found.state == "several":
        names = ", ".join(graph.written(key) for key in found.keys[:8])
        raise InputError(f"“{text}” có thể là nhiều văn bản: {names}. Hãy ghi đủ số hiệu.")
    if found.state == "none":
        near = ", ".join(graph.written(key) for key in found.near)
        hint = f" Số hiệu gần giống: {near}." if near else ""
        raise InputError(
            f"Không có tệp nào, và kho không có văn bản nào, là “{text}”.{hint} "
            "Nạp thêm bằng: troly ingest TỆP."
        )
    whole = [d for d in map(record.document, record.numbered(found.keys[0])) if d is not None]
    parts = [d for d in whole if d.meta.get("article")]
    texts = [d for d in whole if not d.meta.get("article")]
    full = [d for d in texts if not _is_summary(d)]
    if full:
        chosen = max(full, key=lambda d: (len(d.text), d.id))
    elif parts:
        chosen = _joined(parts)
    else:
        chosen = max(texts, key=lambda d: (len(d.text), d.id))
    return Named(chosen, text, _remarks(chosen))


def _joined(parts: list[Document]) -> Document:
    """Articles that are stored one by one, as one text; quotes are cut from that text."""
    parts.sort(key=lambda d: (len(d.meta["article"].rstrip("abcdđ")), d.meta["article"], d.id))
    text = "\n\n".join(
        d.text if d.text.startswith("Điều") else f"Điều {d.meta['article']}. {d.title}\n\n{d.text}"
        for d in parts
    )
    return as_law(
        replace(
            parts[0],
            id=f"joined:{parts[0].number}",
            kind=DocumentKind.LAW,
            title=parts[0].meta.get("document_type", parts[0].number),
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            sections=(),
            meta={k: v for k, v in parts[0].meta.items() if k != "article"},
        )
    )


def _is_summary(document: Document) -> bool:
    return document.id.startswith("law:") or bool(document.meta.get("summary"))


def _remarks(document: Document) -> tuple[str, ...]:
    if _is_summary(document):
        return (
            f"Kho chỉ có bản tóm tắt của {document.number or document.title}: chỉ so được "
            "những điều có trong đó. Nạp toàn văn bằng: troly ingest TỆP.",
        )
    return ()


def in_force_beside(
    document: Document, knowledge: KnowledgeBase, on: date, limit: int
) -> Iterator[Document]:
    """Documents in force that speak of what ``document`` does, most of it first."""
    from knowledge_base.query import Query
    from knowledge_base.scope import citizen

    norms = norms_of(document)
    step = max(1, len(norms) // _ASKED)
    own = document_key(document.number)
    seen: Counter[str] = Counter()
    for norm in norms[::step]:
        query = Query(" ".join(norm.text.split())[:400])
        for hit in knowledge.search(query, scope=citizen(), as_of=on, limit=_EACH):
            passage = hit.passage
            if passage.kind is not DocumentKind.LAW and not document_key(passage.number):
                continue
            if own and document_key(passage.number) == own:
                continue
            if passage.document_id in seen:
                seen[passage.document_id] += 1
                continue
            held = knowledge.standing(passage, on).validity
            if held is not Validity.NOT_IN_FORCE:
                seen[passage.document_id] += 1
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    for document_id, _ in ranked[:limit]:
        found = knowledge.document(document_id, citizen())
        if found is not None and found.sha256 != document.sha256:
            yield found
