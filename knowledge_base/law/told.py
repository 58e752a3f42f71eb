"""A legal document as text for people (Vietnamese) and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from knowledge_base.documents import Validity
from knowledge_base.law.graph import Edge
from knowledge_base.law.structure import Part, clauses
from knowledge_base.law.validity import Event, TextState, Verdict
from knowledge_base.law.view import Article, Law
from knowledge_base.wording import RELATION
from knowledge_base.wording import day as written

STATES = {
    Validity.IN_FORCE: "còn hiệu lực",
    Validity.NOT_IN_FORCE: "không có hiệu lực",
    Validity.UNKNOWN: "chưa rõ hiệu lực",
}
FORMS = {
    "codified": "văn bản pháp điển (đã gồm các sửa đổi nêu ở nguồn)",
    "text": "toàn văn đã nạp",
    "published_summary": "bản tóm tắt đã nạp, không phải toàn văn",
    "summary": "tóm tắt kèm theo phần mềm, không phải nguyên văn",
}
TEXTS = {
    TextState.OLDER: "Nội dung ở đây là bản trước khi được sửa đổi: hãy xem văn bản sửa đổi.",
    TextState.MAYBE_OLDER: "Văn bản này đã được sửa đổi, chưa rõ có sửa điều này không: "
    "hãy xem diễn biến (troly law history).",
    TextState.NEWER: "Nội dung ở đây đã gồm sửa đổi có hiệu lực sau ngày này.",
}
KINDS = {
    **RELATION,
    "corrected_by": "được đính chính bởi",
    "suspended_by": "bị ngưng hiệu lực theo",
    "suspends": "ngưng hiệu lực",
    "basis_of": "là căn cứ của",
}
_SHOWN = 40  # articles named after one relation


def heading_lines(law: Law, on: date) -> Iterator[str]:
    """Name, issuer, days and validity of a document."""
    number = "" if law.number in law.title else f" ({law.number})"
    yield f"{law.title}{number}"
    facts = [law.issuer]
    if law.issued_on:
        facts.append(f"ban hành {written(date.fromisoformat(law.issued_on))}")
    if law.effective_from:
        facts.append(f"hiệu lực từ {written(law.effective_from)}")
    if any(facts):
        yield " · ".join(fact for fact in facts if fact)
    yield verdict_line(law.verdict(on), on)


def verdict_line(verdict: Verdict, on: date) -> str:
    """ "Ngày 01/07/2026: còn hiệu lực. Có hiệu lực từ …"."""
    return f"Ngày {written(on)}: {STATES[verdict.validity]}. {verdict.reason}"


def overview_lines(law: Law, on: date) -> Iterator[str]:
    """The whole document: what it is, its articles, and its relations in short."""
    yield from heading_lines(law, on)
    if law.overview:
        yield ""
        yield law.overview
    if law.articles:
        yield ""
        yield f"{len(law.articles)} điều trong kho:"
        above: tuple[str, ...] = ()
        for article in law.articles:
            if article.form in ("text", "published_summary") and article.path[:-1] != above:
                above = article.path[:-1]
                if above:
                    yield f"  {' > '.join(above)}"
            verdict = law.verdict_of(article, on)
            mark = "" if verdict.validity is Validity.IN_FORCE else f" [{STATES[verdict.validity]}]"
            if verdict.text is TextState.OLDER:
                mark += " [đã được sửa đổi]"
            yield f"  Điều {article.label}. {article.heading}".rstrip(". ") + mark
    yield from relation_lines(law)
    yield ""
    yield f'Xem một điều: troly law show "{law.number}" --article SỐ. Diễn biến: troly law history.'


def article_lines(law: Law, article: Article, on: date, clause: str) -> Iterator[str]:
    """One article (or one clause of it), whether it holds, and what changed it."""
    yield from list(heading_lines(law, on))[:1]
    above = " > ".join(article.path[:-1]) if article.form in ("text", "published_summary") else ""
    if above:
        yield above
    yield ""
    begins = article.text.lstrip().startswith(("Điều", "ĐIỀU", "**Điều"))
    if clause:
        yield f"Khoản {clause} Điều {article.label}. {article.heading}".rstrip(". ")
        yield article.clause(clause)
    else:
        if not begins:
            yield f"Điều {article.label}. {article.heading}".rstrip(". ")
        yield article.text
    yield ""
    verdict = law.verdict_of(article, on)
    yield verdict_line(verdict, on)
    if verdict.text in TEXTS:
        yield TEXTS[verdict.text]
    for _, event in _of_article(law, article.label):
        yield f"- {event_line(event)}"
    yield f"Nguồn: {FORMS[article.form]}; {article.document_id}"
    if article.note:
        yield f"Ghi chú của nguồn: {article.note}"


def relation_lines(law: Law) -> Iterator[str]:
    """What others did to the document, and what it does to others, one line for each."""
    done = [pair for pair in law.events if pair[1].kind not in ("basis_of",)]
    if done:
        yield ""
        yield "Văn bản khác tác động đến văn bản này:"
        yield from (f"- {line}" for line in _grouped(done))
    made = [e for e in law.outgoing if not e.kind.endswith("_by") and e.kind != "based_on"]
    if made:
        yield ""
        yield "Văn bản này tác động đến:"
        yield from (f"- {line}" for line in _grouped_edges(made))
    bases = list(dict.fromkeys(e.target for e in law.outgoing if e.kind == "based_on"))
    if bases:
        yield ""
        yield "Căn cứ: " + ", ".join(bases)


def history_lines(law: Law, label: str) -> Iterator[str]:
    """What happened to a document, or to one article of it, by day."""
    yield f"{law.title}" + ("" if law.number in law.title else f" ({law.number})")
    if label:
        yield f"Điều {label}"
    if law.issued_on:
        yield f"- {written(date.fromisoformat(law.issued_on))}: ban hành"
    if law.effective_from:
        yield f"- {written(law.effective_from)}: có hiệu lực"
    events = [p for p in law.events if not label or p[0] in ("", label)]
    events = [p for p in events if p[1].kind not in ("basis_of", "guided_by")]
    for line in _grouped(events, dated=True):
        yield f"- {line}"
    if law.effective_to:
        yield f"- {written(law.effective_to)}: ngày cuối cùng còn hiệu lực"
    guides = list(dict.fromkeys(e.by for _, e in law.events if e.kind == "guided_by"))
    if guides:
        yield "Được hướng dẫn thi hành bởi: " + ", ".join(guides)
    made = [
        e
        for e in law.outgoing
        if not e.kind.endswith("_by") and e.kind != "based_on" and label in ("", e.source_article)
    ]
    if made:
        yield "Văn bản này tác động đến:"
        yield from (f"- {line}" for line in _grouped_edges(made))


def event_line(event: Event) -> str:
    """ "được sửa đổi, bổ sung bởi Điều 1 23/2023/QH15, từ 15/08/2023"."""
    article = f"Điều {event.by_article} " if event.by_article else ""
    since = f", từ {written(event.since)}" if event.since else ", chưa rõ từ ngày nào"
    return f"{KINDS.get(event.kind, event.kind)} {article}{event.by}{since}"


def _of_article(law: Law, label: str) -> list[tuple[str, Event]]:
    return [(article, event) for article, event in law.events if article == label]


def _grouped(events: list[tuple[str, Event]], *, dated: bool = False) -> Iterator[str]:
    def of(pair: tuple[str, Event]) -> tuple[date, str, str]:
        return (pair[1].since or date.max, pair[1].kind, pair[1].by)

    for (since, kind, by), group in groupby(sorted(events, key=of), key=of):
        labels = [article for article, _ in group if article]
        when = written(since) if since != date.max else "chưa rõ ngày"
        where = _articles(labels)
        told = f"{where}{KINDS.get(kind, kind)} {by}"
        yield f"{when}: {told}" if dated else f"{told} ({when})"


def _grouped_edges(edges: list[Edge]) -> Iterator[str]:
    def of(edge: Edge) -> tuple[str, str, date]:
        return (edge.kind, edge.target, edge.since or date.max)

    for (kind, target, since), group in groupby(sorted(edges, key=of), key=of):
        labels = [edge.target_article for edge in group if edge.target_article]
        when = f" (từ {written(since)})" if since != date.max else ""
        where = _articles(labels)
        yield f"{KINDS.get(kind, kind)} {where}{target}{when}"


def _articles(labels: list[str]) -> str:
    distinct = sorted(set(labels), key=lambda x: (int("".join(filter(str.isdigit, x)) or 0), x))
    if not distinct:
        return ""
    more = f" và {len(distinct) - _SHOWN} điều khác" if len(distinct) > _SHOWN else ""
    return f"Điều {', '.join(distinct[:_SHOWN])}{more} "


# --- JSON ---------------------------------------------------------------------------------


def law_json(law: Law, on: date) -> dict[str, Any]:
    """A document with its articles, without their texts."""
    return {
        "key": law.key,
        "number": law.number,
        "title": law.title,
        "kind": law.kind,
        "issuer": law.issuer,
        "issued_on": law.issued_on or None,
        "effective_from": _iso(law.effective_from),
        "effective_to": _iso(law.effective_to),
        "as_of": on.isoformat(),
        "validity": verdict_json(law.verdict(on)),
        "stated_status": law.state,
        "url": law.url,
        "documents": list(law.documents),
        "articles": [article_json(law, a, on, text=False) for a in law.articles],
        "events": [event_json(article, event) for article, event in law.events],
        "relations": [edge_json(e) for e in law.outgoing if not e.kind.endswith("_by")],
    }


def article_json(law: Law, article: Article, on: date, *, text: bool = True) -> dict[str, Any]:
    """One article; ``start`` and ``end`` point into the stored text with this ``sha256``."""
    verdict = law.verdict_of(article, on)
    found: dict[str, Any] = {
        "article": article.label,
        "heading": article.heading,
        "path": list(article.path),
        "validity": verdict_json(verdict),
        "form": article.form,
        "document_id": article.document_id,
        "sha256": article.sha256,
        "start": article.start,
        "end": article.end,
    }
    if text:
        found["text"] = article.text
        found["clauses"] = _clauses(article)
        found["events"] = [event_json(a, e) for a, e in _of_article(law, article.label)]
        found["source_note"] = article.note
    return found


def part_json(law: Law, article: Article, clause: str, on: date) -> dict[str, Any]:
    """A document with one article of it, or one clause of that."""
    made = law_json(law, on)
    for part in ("articles", "events", "relations"):
        del made[part]
    whole = article_json(law, article, on)
    if clause:
        whole["clause"] = clause
        whole["text"] = article.clause(clause)
    return {**made, "article": whole}


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "state": verdict.validity.value,
        "reason": verdict.reason,
        "note": verdict.note,
        "since": _iso(verdict.since),
        "until": _iso(verdict.until),
        "text": verdict.text.value,
    }


def event_json(article: str, event: Event) -> dict[str, Any]:
    return {
        "article": article,
        "kind": event.kind,
        "by": event.by,
        "by_article": event.by_article,
        "since": _iso(event.since),
        "in_text": event.included,
        "note": event.note,
    }


def edge_json(edge: Edge) -> dict[str, Any]:
    return {
        "article": edge.source_article,
        "kind": edge.kind,
        "target": edge.target,
        "target_article": edge.target_article,
        "since": _iso(edge.since),
        "note": edge.note,
    }


def _clauses(article: Article) -> list[dict[str, Any]]:
    parts = clauses(article.text)
    found: list[dict[str, Any]] = []
    for part in parts:
        one = {"label": part.label, "text": article.text[part.start : part.end].strip()}
        if part.part is Part.CLAUSE:
            found.append({**one, "points": []})
        elif part.parent is not None and found:
            found[-1]["points"].append(one)
    return found


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
