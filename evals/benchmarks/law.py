"""``troly bench law``: how much of published law is read: numbers, articles, days, changes.

``--data`` names a folder with the sets ``phapdien`` (codified articles with
source notes) and ``van_ban_2026`` (published texts in Markdown); neither is in
this repository. Where a set says a number, an article or a day itself, what was
read is compared with it; everything else is a count of what was found.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from knowledge_base.documents import Document
from knowledge_base.file_documents import document_of_line
from knowledge_base.law.keys import document_key
from knowledge_base.law.law_document import read_law
from knowledge_base.law.structure import Part
from knowledge_base.readers.beir import Line, read_beir

_SETS = {"phapdien": "corpus.jsonl", "van_ban_2026": "documents.jsonl"}
_CHANGED = re.compile(r"sửa đổi|bổ sung bởi|bãi bỏ|hủy bỏ|thay thế bởi|đính chính|ngưng hiệu lực")


def law(
    data: Annotated[Path, typer.Option(help="Thư mục có phapdien/ và van_ban_2026/.")],
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Đọc văn bản pháp luật: số hiệu, điều, ngày hiệu lực, quan hệ sửa đổi, cấu trúc."""
    found = {}
    for name, file in _SETS.items():
        path = next(
            (p for p in (data / name / file, data / name / f"{file}.zst") if p.exists()), None
        )
        if path is None:
            typer.echo(f"{data / name} has no {file}: left out.", err=True)
            continue
        started = time.perf_counter()
        counts = codified(path) if name == "phapdien" else published(path)
        counts["seconds"] = round(time.perf_counter() - started)
        found[name] = counts
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(table(found)))
    if not found:
        raise typer.Exit(1)


def codified(path: Path) -> Counter[str]:
    """Counts over articles whose set says number, article and day itself."""
    counts: Counter[str] = Counter()
    for line in read_beir(path):
        if not line.problem:
            counts.update(codified_one(line))
    return counts


def codified_one(line: Line) -> Counter[str]:
    """The counts of one article."""
    counts: Counter[str] = Counter()
    made, meta = _document(line), line.meta
    counts["articles"] += 1
    read, said = document_key(made.number), document_key(meta.get("doc_number", ""))
    counts["number: as the set says, or fuller"] += bool(read) and read.startswith(said)
    counts["number: another"] += bool(read and said) and not read.startswith(said)
    counts["number: none"] += not read
    same = made.meta.get("article", "") == meta.get("article")
    counts["article: as the set says"] += same
    day = made.effective_from.isoformat() if made.effective_from else ""
    later = made.meta.get("article", "")[-1:].isalpha() and day > meta.get("effective_from", "")
    counts["day: as the set says"] += day == meta.get("effective_from", "")
    counts["day: later, an article put in afterwards"] += later
    if _CHANGED.search(_tail(meta.get("source_note", ""))):
        counts["notes of a change"] += 1
        counts["… with a relation"] += bool(made.relations)
        counts["… with every day"] += bool(made.relations) and all(r.since for r in made.relations)
        counts["… with every changing article"] += bool(made.relations) and all(
            r.target_article for r in made.relations
        )
    counts["notes with a part not understood"] += "note_unread" in made.meta
    counts["articles ended by a note"] += made.effective_to is not None
    return counts


def published(path: Path) -> Counter[str]:
    """Counts over texts that come with tables of facts."""
    counts: Counter[str] = Counter()
    for line in read_beir(path):
        if not line.problem:
            counts.update(published_one(line))
    return counts


def published_one(line: Line) -> Counter[str]:
    """The counts of one text."""
    counts: Counter[str] = Counter()
    made = _document(line)
    read = read_law(made.text)
    labels = [read.parts[n].label for n in read.own_articles]
    counts["documents"] += 1
    counts["number"] += bool(document_key(made.number))
    counts["day of effect"] += made.effective_from is not None
    counts["day of issue"] += "issued_on" in made.meta
    counts["plainly a summary"] += "summary" in made.meta
    counts["with articles"] += bool(labels)
    running = labels == [str(n) for n in range(1, len(labels) + 1)]
    counts["… numbered 1 to n without a gap"] += bool(labels) and running
    counts["articles"] += len(labels)
    counts["clauses"] += sum(p.part is Part.CLAUSE for p in read.parts)
    counts["with a relation to another document"] += any(
        r.kind != "based_on" for r in made.relations
    )
    for relation in made.relations:
        counts[f"relations: {relation.kind}"] += 1
    return counts


def table(found: dict[str, Counter[str]]) -> Iterator[str]:
    """A table for each set."""
    for name, counts in found.items():
        yield f"\n**{name}**, {counts['seconds']} s\n"
        yield "| what | count |"
        yield "|---|---|"
        yield from (f"| {what} | {count} |" for what, count in counts.items() if what != "seconds")


def _document(line: Line) -> Document:
    return document_of_line(line, collection="law", labels=("public",))


def _tail(note: str) -> str:
    """A note without the name of its own document, which may speak of amending."""
    return note.partition("có hiệu lực")[2]
