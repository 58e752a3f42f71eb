"""Published texts as JSON lines: ``id``, ``markdown``, and tables of facts about each document.

``front_matter`` and ``info_table`` name the same thing in many ways ("Số ký
hiệu", "so_hieu", "ngày có hiệu lực"); the text itself is read too, and where
the two differ on a day, the text's own closing clause wins.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from knowledge_base.documents import Document, DocumentKind, Relation
from knowledge_base.law.closing import objects_in
from knowledge_base.law.dates import day_of
from knowledge_base.law.keys import document_key, numbers_in
from knowledge_base.law.law_document import LawText, read_law, with_law
from knowledge_base.law.structure import Part
from knowledge_base.vietnamese import clean, fold

_LONGEST_FACT = 2000  # characters
_NAMES = {
    "number": ("sohieu", "sokyhieu", "sovanban", "number"),
    "kind": ("loaivanban", "loai", "type"),
    "issuer": ("coquanbanhanh", "cquanbanhanh", "noibanhanh", "issuer", "coquan"),
    "issued": ("ngaybanhanh", "date"),
    "since": ("ngayhieuluc", "ngaycohieuluc", "effectivedate", "hieuluc"),
    "until": ("ngayhethieuluc",),
    "state": ("trangthai", "tinhtrang", "status"),
    "about": ("trichyeu", "description"),
    "replaces": ("thaythe", "vanbanthaythe", "replaces", "vanbanbibaibo"),
    "amends": ("vanbanduocsuadoi",),
    "url": ("source_url", "sourceurl", "pdfurl"),
}
_SUMMARY = re.compile(r"^#+\s.*(?:tóm tắt|tóm lược|nội dung chính)", re.IGNORECASE | re.MULTILINE)
_TITLE_NUMBER = re.compile(r"^(?:[^\d]{0,40}?(?:số\s*)?)(?=\d)")


def is_published(found: Mapping[str, Any]) -> bool:
    """Whether a JSON object has the keys of a published text."""
    return isinstance(found.get("markdown"), str) and isinstance(found.get("id"), str)


def facts_of(found: Mapping[str, Any]) -> dict[str, str]:
    """The facts of both tables under one name each, as strings; what they leave out is left out."""
    given: dict[str, str] = {}
    for table in (found.get("front_matter"), found.get("info_table")):
        for name, value in (table if isinstance(table, dict) else {}).items():
            plain = re.sub(r"[^a-z0-9]", "", fold(str(name)))
            text = clean(str(value or "")).strip().strip("*").strip()
            if text and text not in ("—", "-") and len(text) <= _LONGEST_FACT:
                given[plain] = text
    facts = {}
    for fact, names in _NAMES.items():
        value = next((given[name] for name in names if name in given), "")
        if value:
            facts[fact] = value
    if "title" in given:
        facts["title"] = given["title"]
    return facts


def published_document(
    key: str, text: str, facts: Mapping[str, str], *, collection: str, labels: tuple[str, ...]
) -> Document:
    """The document of one published text; ``facts`` as of `facts_of`, ``text`` as it was read."""
    read = read_law(text, issued=_day(facts.get("issued", "")))
    number = _number(facts, read)
    title = facts.get("title") or read.header.title or facts.get("about", "") or key
    document = Document(
        id=f"beir:{collection}/{key}",
        source_id=key,
        kind=DocumentKind.LAW if document_key(number) else DocumentKind.GUIDANCE,
        title=title,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        number=number,
        url=facts["url"] if facts.get("url", "").startswith("http") else "",
        labels=labels,
        collection=collection,
        effective_from=read.effect.since or _day(facts.get("since", "")),
        effective_to=_day(facts.get("until", "")),
        meta={
            name: value
            for name, value in (
                ("state", facts.get("state", "")),
                ("issuer", facts.get("issuer", "")),
                ("summary", "1" if is_summary(text, read, number) else ""),
            )
            if value
        },
    )
    if not document_key(number):
        return document
    made = with_law(document, read)
    return replace(made, relations=_once(tuple(_relations(facts)), made.relations))


def is_summary(text: str, read: LawText, number: str) -> bool:
    """Whether a text is plainly a summary of the document it names, not the document.

    That is so for a law, decree or circular without articles, and where
    many articles are a line or two each.
    """
    articles = [read.parts[n] for n in read.own_articles]
    kind = document_key(number).rpartition("/")[2]
    if len(articles) < 2:
        normative = re.match(r"(?:qh\d|nd-|tt-|ttlt-|pl-)", kind)
        return bool(normative) or bool(_SUMMARY.search(text))
    size = sum(a.end - a.start for a in articles) / len(articles)
    clauses = sum(p.part is Part.CLAUSE for p in read.parts)
    return len(text) < 30_000 and len(articles) >= 10 and size < 400 and clauses < 2 * len(articles)


def _number(facts: Mapping[str, str], read: LawText) -> str:
    for text in (facts.get("number", ""), read.header.number):
        found = next((n for n in numbers_in(text) if n.whole), None)
        if found is not None:
            return text[found.start : found.end].replace(" ", "")
    title = facts.get("title", "")
    begins = _TITLE_NUMBER.match(title)
    first = next((n for n in numbers_in(title) if n.whole), None)
    if begins and first is not None and first.start == begins.end():
        return title[first.start : first.end].replace(" ", "")
    return ""


def _relations(facts: Mapping[str, str]) -> list[Relation]:
    """What the tables say; without a day, because they name none."""
    found = []
    for kind in ("replaces", "amends"):
        text = facts.get(kind, "")
        for one in objects_in(text):
            note = f"Theo thông tin kèm văn bản: {text[:250]}"
            if one.articles:
                found += [
                    Relation("amends", one.written, note, target_article=label)
                    for label, _ in one.articles
                ]
            else:
                found.append(Relation("amends" if one.some else kind, one.written, note))
    return found


def _once(told: tuple[Relation, ...], read: tuple[Relation, ...]) -> tuple[Relation, ...]:
    """What the text says, and what its tables tell of documents that the text does not name."""
    touched = {
        document_key(r.target)
        for r in read
        if r.kind in ("amends", "replaces", "repeals", "corrects")
    }
    return read + tuple(r for r in told if document_key(r.target) not in touched)


def _day(text: str) -> date | None:
    found = day_of(text)
    if found is not None:
        return found
    iso = re.match(r"\s*(\d{4})-(\d\d)-(\d\d)", text)
    try:
        return date(*map(int, iso.groups())) if iso else None
    except ValueError:
        return None
