"""Bundled legal documents, guidance texts and places as the documents that are stored and cited."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from knowledge_base.card_text import BUNDLED
from knowledge_base.corpus_files import LegalDocumentFile
from knowledge_base.documents import Document, DocumentKind, Section, Source
from knowledge_base.place_texts import PlaceText
from knowledge_base.vietnamese import fold
from knowledge_base.wording import RELATION, UNKNOWN, day, one_line, sentence, source_line


@dataclass(frozen=True, slots=True)
class Part:
    """Lines under one heading, which become one section."""

    path: tuple[str, ...]
    lines: tuple[str, ...]
    slot: str = ""
    effective_from: date | None = None
    effective_to: date | None = None


def document_of_legal(file: LegalDocumentFile) -> Document:
    """The stored document: facts about the text, its passages, its relations, its sources."""
    name = _name(file)
    parts = [Part(("Thông tin chung",), _facts(file, name), "summary")]
    parts += [
        Part(p.path, (sentence(p.text),), "", p.effective_from, p.effective_to)
        for p in file.passages
    ]
    if file.relations:
        parts.append(Part(("Quan hệ với văn bản khác",), _relations(file, name), "relations"))
    sources = tuple(Source(key=k, **s.model_dump()) for k, s in file.sources.items())
    parts.append(Part(("Nguồn",), tuple(source_line(s) for s in sources), "sources"))
    text, sections = laid_out(name, parts)
    return Document(
        id=f"law:{file.number or slug(file.title)}",
        source_id=file.number or slug(file.title),
        kind=file.document_kind,
        title=name,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        number=file.number,
        other_names=file.other_names,
        url=next((s.url for s in sources if s.url), ""),
        collection=BUNDLED,
        effective_from=file.effective_from,
        effective_to=file.effective_to,
        sections=sections,
        relations=file.typed_relations(),
        meta={
            "document_type": file.document_type,
            "issuer": file.issuer,
            "issued_on": file.issued_on.isoformat() if file.issued_on else "",
        },
    )


def document_of_place(place: PlaceText) -> Document:
    """The stored document of a province."""
    name = place.id.removeprefix("place-")
    source = source_line(Source("place", place.source, place.source_url))
    text, sections = laid_out(
        place.title,
        [
            Part(("Địa bàn",), (place.text,), "summary", place.effective_from, place.effective_to),
            Part(("Nguồn",), (source,), "sources"),
        ],
    )
    return Document(
        id=f"place:{name}",
        source_id=name,
        kind=DocumentKind.PLACE,
        title=place.title,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        other_names=place.other_names,
        url=place.source_url,
        collection=BUNDLED,
        effective_from=place.effective_from,
        effective_to=place.effective_to,
        sections=sections,
    )


def laid_out(title: str, parts: list[Part]) -> tuple[str, tuple[Section, ...]]:
    """A text with a title and headings between its parts, and the span of each part."""
    written = [unicodedata.normalize("NFC", one_line(title)) + "\n"]
    length = len(written[0])
    sections = []
    for part in parts:
        path = tuple(unicodedata.normalize("NFC", one_line(step)) for step in part.path)
        heading = f"\n{', '.join(path)}\n"
        body = unicodedata.normalize("NFC", "\n".join(part.lines))
        start = length + len(heading)
        sections.append(
            Section(
                path, start, start + len(body), part.slot, part.effective_from, part.effective_to
            )
        )
        written += [heading, body, "\n"]
        length = start + len(body) + 1
    return "".join(written), tuple(sections)


def slug(text: str) -> str:
    """
    >>> slug("Đăng ký khai sinh")
    'dang-ky-khai-sinh'
    """
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))


def _name(file: LegalDocumentFile) -> str:
    title = one_line(file.title)
    if file.kind == "guidance" or title.lower().startswith(file.document_type.lower()):
        return title
    return f"{file.document_type} {title}"


def _facts(file: LegalDocumentFile, name: str) -> tuple[str, ...]:
    number = f" số {file.number}" if file.number and file.number not in name else ""
    issued = f" ban hành ngày {day(file.issued_on)}" if file.issued_on else " ban hành"
    since = f"có hiệu lực từ ngày {day(file.effective_from)}" if file.effective_from else ""
    until = f"hết hiệu lực sau ngày {day(file.effective_to)}" if file.effective_to else ""
    if not since and file.kind == "law":
        since = f"ngày có hiệu lực {UNKNOWN}"
    lines = [
        ", ".join(
            part for part in (f"{name}{number} do {file.issuer}{issued}", since, until) if part
        )
    ]
    if file.other_names:
        lines.append("Tên thường gọi: " + ", ".join(file.other_names))
    lines.append(file.summary)
    return tuple(sentence(line) for line in lines)


def _relations(file: LegalDocumentFile, name: str) -> tuple[str, ...]:
    subject = name if not file.number or file.number in name else f"{name} số {file.number}"
    lines = []
    for relation in file.relations:
        since = f" từ ngày {day(relation.since)}" if relation.since else ""
        note = f" ({one_line(relation.note).rstrip('.')})" if relation.note else ""
        lines.append(
            sentence(f"{subject} {RELATION[relation.kind]} {relation.target}{since}{note}")
        )
    return tuple(lines)
