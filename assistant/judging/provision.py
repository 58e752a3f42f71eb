"""An article named in words, and its text as it stood on a day, as far as the record knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from assistant.errors import InputError
from knowledge_base.documents import Document
from knowledge_base.judgments.codes import Code, CodeText, code_of, code_of_key, names_pattern
from knowledge_base.law.article_map_known import partners
from knowledge_base.law.graph import Graph
from knowledge_base.law.keys import document_key, numbers_in
from knowledge_base.law.structure import Part, clauses
from knowledge_base.law.validity import Event
from knowledge_base.store import Record
from knowledge_base.wording import day as written

_ARTICLE = re.compile(r"(?i)(?:điều|dieu|đ\.)\s*(\d{1,3}[a-zđ]?)\b")
_CLAUSE = re.compile(r"(?i)(?:khoản|khoan|k\.)\s*(\d{1,2}[a-z]?)\b")
_HEAD = re.compile(r"Điều\s+(\d+[a-zđ]{0,2})\b[.:]?\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Named:
    """What a person named: an article of a law; ``text`` where they said which text of it."""

    article: str
    clause: str
    code: Code | None
    text: CodeText | None
    number: str = ""  # of a law that the table of codes does not have


@dataclass(frozen=True, slots=True)
class Provision:
    """One article on one day; no ``text`` where the record lacks it, as ``missing`` says.

    ``text`` is ``[start:end]`` of the document ``document_id`` with ``sha256``.
    """

    day: date
    law: str
    number: str
    article: str
    heading: str = ""
    text: str = ""
    document_id: str = ""
    sha256: str = ""
    start: int = 0
    end: int = 0
    since: date | None = None
    events: tuple[Event, ...] = ()
    missing: str = ""
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        number = f" ({self.number})" if self.number and self.number not in self.law else ""
        return f"Điều {self.article} {self.law}{number}" if self.article else f"{self.law}{number}"

    def clause(self, label: str) -> str:
        """The text of one clause, or ""."""
        for part in clauses(self.text):
            if part.part is Part.CLAUSE and part.label == label:
                return self.text[part.start : part.end].strip()
        return ""


def named(text: str) -> Named:
    """The article that ``text`` names. Raises `InputError` where it names none."""
    article, clause = _ARTICLE.search(text), _CLAUSE.search(text)
    if article is None:
        raise InputError(
            'Hãy ghi điều cần xem, ví dụ: troly judgment law "Điều 173 BLHS" --act 2017-05-01.'
        )
    label, number = article[1].lower(), clause[1] if clause else ""
    law = names_pattern().search(text)
    if law is not None:
        code = code_of(law["name"])
        chosen = code.of_year(int(law["year"])) if code and law["year"] else None
        if code and law["year"] and chosen is None:
            years = ", ".join(str(t.year) for t in code.texts)
            raise InputError(f"Chưa biết {code.name} năm {law['year']}; biết các năm: {years}.")
        return Named(label, number, code, chosen)
    whole = next((n for n in numbers_in(text) if n.whole), None)
    if whole is not None:
        key = document_key(whole.key) or whole.key
        found = code_of_key(key)
        return Named(label, number, found[0] if found else None, found[1] if found else None, key)
    return Named(label, number, code_of("Bộ luật Hình sự"), None)


def text_on(one: Named, day: date) -> CodeText | None:
    """The text of the law that was in force on a day."""
    return one.code.on(day) if one.code else None


def label_in(one: Named, target: CodeText, origin: CodeText) -> tuple[str, ...]:
    """The article's label in another text of the same law, by the pairs that are known for sure."""
    if target.number == origin.number:
        return (one.article,)
    if target.since < origin.since:
        pairs = partners(target.key, origin.key, one.article, of_new=True)
        return tuple(pair.old for pair in pairs)
    pairs = partners(origin.key, target.key, one.article)
    return tuple(label for pair in pairs for label in pair.new)


def provision(record: Record, law: str, number: str, article: str, day: date) -> Provision:
    """An article of the document with this number as it stood on ``day``."""
    key = document_key(number)
    held = [
        found
        for document in map(record.document, record.numbered(key))
        if document is not None
        for found in _in(document, article)
    ]
    events = tuple(
        event
        for label, event in Graph(record).events(key)
        if label in ("", article) and (event.since is None or event.since <= day)
        and event.kind in ("amended_by", "replaced_by", "repealed_by", "corrected_by")
        and (label or event.kind != "amended_by")
    )  # fmt: skip
    whole = [one for one in held if not _is_summary(one[0])]
    began = [one for one in whole if one[2] is None or one[2] <= day]
    chosen = max(
        began or whole, key=lambda one: (one[2] or date.min, one[1][1] - one[1][0]), default=None
    )
    if chosen is None:
        told = "chưa có nguyên văn điều này" if record.numbered(key) else "chưa có văn bản này"
        what = f"Kho {told}: {law} {number}. Nạp toàn văn bằng: troly ingest TỆP."
        short = tuple(
            f"bản tóm tắt kèm phần mềm, không phải nguyên văn: {d.text[s:e].strip()}"
            for d, (s, e), _, _ in held[:1]
        )
        return Provision(day, law, number, article, events=events, missing=what, notes=short)
    document, (start, end), since, heading = chosen
    text = document.text[start:end]
    notes = []
    if since and since > day:
        notes.append(
            f"Văn bản có trong kho bắt đầu có hiệu lực {written(since)}, sau ngày đang xét: "
            f"chữ có thể khác."
        )
    later = [e for e in events if e.since and since and e.since > since and not e.included]
    notes += [
        f"Đã được sửa đổi bởi {e.by} từ {written(e.since)}; chữ dưới đây là bản trước khi sửa."
        for e in later
        if e.since
    ]
    return Provision(
        day, law, number, article, heading, text, document.id, document.sha256, start, end, since,
        events, "", tuple(notes),
    )  # fmt: skip


_Held = tuple[Document, tuple[int, int], date | None, str]


def _in(document: Document, article: str) -> list[_Held]:
    """Where a document has the article."""
    if document.meta.get("article") == article:
        span = (0, len(document.text))
        return [(document, span, document.effective_from, document.title)]
    found: list[_Held] = []
    for section in document.sections:
        match = _HEAD.match(section.path[-1]) if section.path else None
        if match and match[1] == article and not found:
            since = section.effective_from or document.effective_from
            heading = " ".join(match[2].split())
            found.append((document, (section.start, section.end), since, heading))
    return found


def _is_summary(held: Document) -> bool:
    return held.id.startswith("law:") or bool(held.meta.get("summary"))
