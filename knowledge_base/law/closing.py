"""What a document does to others: its name, its amending articles, its closing clauses.

Only what is said plainly becomes a relation: a number that stands as the
object of "sửa đổi, bổ sung", "bãi bỏ", "thay thế", "hết hiệu lực", "đính
chính" or "quy định chi tiết". A part of an article that is taken away is an
amendment of it; an exception ("trừ …") goes into the note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from knowledge_base.documents import Relation
from knowledge_base.law.dates import DAY, day_of, flat, labels_in
from knowledge_base.law.keys import Number, document_key, numbers_in
from knowledge_base.law.orders import orders_in
from knowledge_base.law.structure import Part, Provision, is_attached

_KIND = (
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư|Quyết định|Chỉ thị)(?: liên tịch)?"
)
_AMENDS = re.compile(r"(?:sửa đổi|bổ sung|thay thế)", re.IGNORECASE)
_ENDS = (
    (
        "replaces",
        re.compile(r"\bthay thế(?!\s+(?:cụm từ|từ|bằng|số|các cụm|mẫu|phụ lục|biểu|danh mục))"),
    ),
    (
        "repeals",
        re.compile(
            r"\b(?:bãi bỏ|hủy bỏ)(?!\s+(?:cụm từ|từ|các cụm|từ ngữ))|hết hiệu lực", re.IGNORECASE
        ),
    ),
    ("corrects", re.compile(r"\bđính chính\b", re.IGNORECASE)),
)
_CLOSING = re.compile(
    r"hiệu lực|thi hành|bãi bỏ|thay thế|sửa đổi|điều khoản cuối|tổ chức thực hiện|trách nhiệm",
    re.IGNORECASE,
)
# What another text did to a document that is named on the way.
_ON_THE_WAY = re.compile(
    r"(?:được|đã|bị)\s+(?:được\s+)?(?:sửa đổi|bổ sung|thay thế|bãi bỏ|đính chính)[^;]{0,80}$"
    r"|(?:sửa đổi|bổ sung)[^;]{0,30} một số (?:điều|nội dung|quy định) (?:của|tại)[^;]{0,70}$"
    r"|(?:hướng dẫn thi hành|quy định chi tiết)[^;]{0,90}$"
    r"|(?:(?<!kèm )theo|căn cứ|thi hành)\s+(?:quy định\s+(?:tại|của)\s+)?[^;,]{0,40}$"
)
_SMALLER = re.compile(r"(?:khoản|điểm|cụm từ|đoạn|phụ lục|mẫu|biểu|tiêu đề)\s", re.IGNORECASE)
_SOME = re.compile(
    r"một số|một phần|tương ứng|phụ lục|mẫu|biểu|danh mục|chương|mục|quy định tại\s+\S+ \S+ số",
    re.IGNORECASE,
)
_BASES = re.compile(r"Căn c[ứúư]\s+")
_BASE = re.compile(
    r"(?:[^;]{0,60}\bcủa\s+)?((?:Hiến pháp|Bộ luật|Luật|Pháp lệnh|Nghị)\b[^;]{3,250})"
)
_OPENS = re.compile(r"(?:Điều \d+[a-zđ]?\s*[.:]?\s*)?(?:Sửa đ|Bổ sung|Thay thế|Bãi bỏ|sửa đổi)")
_CONDITION = re.compile(r"\b(?:khi|trường hợp|nếu|căn cứ|đến ngày)\b[^,;:]*$", re.IGNORECASE)
_LABELS = re.compile(r"[Đđ]iều\s+(\d+[a-zđ]?(?:\s*(?:,|;|và)\s*\d+[a-zđ]?\b(?!\s*(?:năm|tháng)))*)")
_SENTENCE = re.compile(r"(?<=[^\d][.;])\s+(?=[A-ZĐÀ-Ỹ\d])|(?<=\d[.;])\s+(?=[A-ZĐÀ-Ỹ])|\n+")
_GUIDES = re.compile(
    r"(?:quy định chi tiết|hướng dẫn)(?:[^.;]{0,90}?)(?:thi hành|một số điều|một số nội dung"
    r"|các điều|Điều \d+|khoản \d+)",
    re.IGNORECASE,
)
_BARE = ("Nghị định", "Nghị quyết", "Thông tư", "Pháp lệnh", "Bộ luật")
_SCOPE = re.compile(
    r"\b(?:Nghị định|Thông tư|Quyết định|Nghị quyết|Văn bản)(?: liên tịch)? này"
    r"\s+(?:quy định chi tiết|hướng dẫn)",
    re.IGNORECASE,
)
# "Luật Giáo dục" does not end in "Luật Giáo dục đại học".
_NAME_ENDS = re.compile(
    r"\s*(?:$|[,;.:()]|\d|(?:số|ngày|năm|về|và|đã|được|của|có|trong|đối với|theo|tại|một số|các"
    r"|sửa đổi|liên quan|thuộc|cho|ban hành|để|Luật|Bộ luật|Pháp lệnh|Nghị)\b)",
    re.IGNORECASE,
)
_SENTENCE_MOST = 4000  # characters of one sentence that are read
_NOTE = 300  # characters of the sentence that are kept


@dataclass(frozen=True, slots=True)
class Object:
    """A document that something is done to. ``articles``: labels, True where only a part of it."""

    number: Number
    written: str
    articles: tuple[tuple[str, bool], ...]
    some: bool  # "một số nội dung của …": not all of it


def relations_of(
    text: str,
    parts: tuple[Provision, ...],
    *,
    number: str,
    title: str,
    effective_from: date | None,
) -> tuple[Relation, ...]:
    """The relations that a document states itself, each once, without those to itself."""
    own = document_key(number)
    first = next((p.start for p in parts if p.part is Part.ARTICLE), 0)
    preamble = text[:first][-6000:]
    found: dict[tuple[str, str, str, str], Relation] = {}
    for relation in (
        *_by_title(title, preamble, effective_from),
        *_by_scope(text, parts, preamble, effective_from),
        *_by_articles(text, parts, title, effective_from),
        *(Relation("based_on", base) for _, base in named_bases(preamble)),
    ):
        key = document_key(relation.target)
        if key and key != own:
            one = (relation.kind, key, relation.article, relation.target_article)
            found.setdefault(one, relation)
    return tuple(_without_doubles(list(found.values())))


def _without_doubles(relations: list[Relation]) -> Iterator[Relation]:
    """Leave out what says less: the whole document from its title, where articles say which."""
    told = {(r.kind, document_key(r.target)) for r in relations if r.article}
    named = {document_key(r.target) for r in relations if r.kind == "guides"}
    for relation in relations:
        key = document_key(relation.target)
        doubled = not relation.article and (relation.kind, key) in told
        if not doubled and not (relation.kind == "based_on" and key in named):
            yield relation


def _by_title(title: str, preamble: str, since: date | None) -> Iterator[Relation]:
    line = flat(title)
    numbers = [number for number in numbers_in(line) if number.whole]
    for number in numbers:
        before = line[: number.start].lower()
        if "sửa đổi" in before or ("bổ sung" in before and "bãi bỏ" not in before):
            kind = "amends"
        elif "bãi bỏ" in before:
            kind = "amends" if re.search(r"một số|khoản|điều \d", before) else "repeals"
        elif "đính chính" in before:
            kind = "corrects"
        elif _GUIDES.search(before):
            kind = "guides"
        else:
            continue
        yield Relation(kind, _compact(line[number.start : number.end]), line[:_NOTE], since)
        if kind != "guides" and not re.search(r"\bcác\b", before):
            break  # further numbers are in the name of the first
    if _GUIDES.search(line) and not numbers:
        for name, base in named_bases(preamble):
            if len(name) > 6 and _names(line, name):
                yield Relation("guides", base, line[:_NOTE], since)


def _by_scope(
    text: str, parts: tuple[Provision, ...], preamble: str, since: date | None
) -> Iterator[Relation]:
    """ "Nghị định này quy định chi tiết khoản 5 Điều 36 Luật Trồng trọt" in the first article."""
    first = next((p for p in parts if p.part is Part.ARTICLE), None)
    body = flat(text[first.start : first.end][:_SENTENCE_MOST]) if first else ""
    said = _SCOPE.search(body)
    if said is None:
        return
    sentence = body[said.start() : said.start() + 1200]
    for name, base in named_bases(preamble):
        if len(name.split()) > 1 and name not in _BARE and _names(sentence, name):
            yield Relation("guides", base, sentence[:_NOTE], since)
    number = next((n for n in numbers_in(sentence[:300]) if n.whole), None)
    if number is not None:
        written = _compact(sentence[number.start : number.end])
        yield Relation("guides", written, sentence[:_NOTE], since)


def _names(line: str, name: str) -> bool:
    """Whether a line has a law's name, and not a longer one that begins with it."""
    at = line.lower().find(name.lower())
    return at >= 0 and _NAME_ENDS.match(line, at + len(name)) is not None


def named_bases(preamble: str) -> Iterator[tuple[str, str]]:
    """``(name, number)`` of the texts that a document says it is based on.

    "Căn cứ Luật Viên chức số 129/2025/QH15;" gives ("Luật Viên chức", "129/2025/QH15").
    """
    for piece in _BASES.split(flat(preamble))[1:]:
        base = _BASE.match(piece)
        number = next((n for n in numbers_in(base[1]) if n.whole), None) if base else None
        if base is not None and number is not None:
            written = base[1][number.start : number.end]
            name = re.split(r"\s+(?:số|ngày)\b", base[1], maxsplit=1)[0]
            yield " ".join(name.split()), _compact(written)


def _by_articles(
    text: str, parts: tuple[Provision, ...], title: str, since: date | None
) -> Iterator[Relation]:
    amended = _single_target(title)
    for index, part in enumerate(parts):
        if part.part is not Part.ARTICLE or is_attached(parts, index):
            continue
        body = text[part.start : part.end]
        heading = flat(body.split("\n\n", 1)[0])[:400]
        target = _named_in(heading) or amended
        opens = _OPENS.match(heading)
        amends = opens and re.search(r"sửa đ|bổ sung|thay thế", heading[:200], re.IGNORECASE)
        if amends and target is not None:
            yield from _amendments(text, parts, index, target, since)
        elif _CLOSING.search(part.heading or heading[:120]) or _ends_others(body):
            yield from _closing(body, part.label, since)


def _amendments(
    text: str, parts: tuple[Provision, ...], index: int, target: str, since: date | None
) -> Iterator[Relation]:
    """ "Sửa đổi, bổ sung khoản 2 Điều 5 như sau:" in the clauses of an amending article."""
    article = parts[index]
    labels: dict[str, str] = {}
    for order in orders_in(text[article.start : article.end], document_key(target)):
        if order.place.article:
            labels.setdefault(order.place.article, order.sentence[:_NOTE])
    if not labels:
        labels = _listed(text[article.start : article.start + 400])
    if not labels:
        note = flat(text[article.start : article.end])[:_NOTE]
        yield Relation("amends", target, note, since, article.label)
    for label, note in labels.items():
        yield Relation("amends", target, note, since, article.label, label)


def _listed(text: str) -> dict[str, str]:
    """The articles that the beginning of an amending article names, where nothing is ordered."""
    line = re.sub(r"^Điều \d+[a-zđ]?\s*[.:]", "", flat(text).split("“")[0].split(' "')[0])
    if not _AMENDS.search(line):
        return {}
    said = re.split(r"như sau|vào sau", line, maxsplit=1)[0]
    found = [label for match in _LABELS.finditer(said) for label in labels_in(match[1])]
    return dict.fromkeys(found, line[:_NOTE])


def _closing(body: str, label: str, since: date | None) -> Iterator[Relation]:
    """Sentences of a closing article, and lists under one ("Các văn bản sau hết hiệu lực: …")."""
    verb = ""
    day = since
    note = ""
    for sentence in filter(None, (flat(piece[:_SENTENCE_MOST]) for piece in _SENTENCE.split(body))):
        kind, start = _verb(sentence)
        listed = bool(re.match(r"[a-zđ]\)|[-–+]|\d+[.)]", sentence))
        if kind:
            verb, note = kind, _noted(sentence)
            day = day_of(_since(sentence)) or since
            before = sentence[:start]
            # "Nghị định số X hết hiệu lực": the object stands before the verb.
            if sentence[start:].lower().startswith("hết hiệu lực") and _has_number(before):
                yield from _relations(verb, before, label, day, note)
            else:
                yield from _relations(verb, sentence[start:], label, day, note)
            if not sentence.endswith(":"):
                verb = verb if sentence.endswith(";") else ""
        elif verb and listed:
            yield from _relations(verb, sentence, label, day, f"{note} {sentence}"[:_NOTE])
        elif not listed:
            verb = ""


def _relations(
    kind: str, text: str, label: str, since: date | None, note: str
) -> Iterator[Relation]:
    for one in objects_in(text):
        if not one.articles:
            yield Relation("amends" if one.some else kind, one.written, note, since, label)
        for article, part in one.articles:
            # A clause of an article, or another article in its place: the article lives on.
            told = "amends" if part or kind == "replaces" else kind
            yield Relation(told, one.written, note, since, label, article)


def objects_in(text: str) -> Iterator[Object]:
    """The documents that a text lists as something is done to them, with the articles named."""
    at = 0
    for number in numbers_in(text):
        if not number.whole:
            continue
        between = text[at : number.start]
        before = text[max(0, number.start - 110) : number.start]
        if _ON_THE_WAY.search(before) and not re.search(
            r"[;:]\s*(?:[a-zđ]\)\s*)?[^;]{0,60}$|,\s*(?:và\s+)?(?:\w+ ){0,3}số\s*$", between
        ):
            continue
        if re.search(r"(?:được|đã|bị) (?:được )?(?:sửa đổi|bổ sung)[^;]*$", between):
            continue
        labels: dict[str, bool] = {}
        last = 0
        vague = bool(re.search(r"(?:quy định|nội dung) về", between))
        for match in _LABELS.finditer(between):
            part = vague or bool(_SMALLER.search(between[last : match.start()]))
            for label in labels_in(match[1]):
                labels[label] = labels.get(label, True) and part
            last = match.end()
        some = vague or bool(_SOME.search(between))
        written = _compact(text[number.start : number.end])
        yield Object(number, written, tuple(labels.items()), some)
        at = number.end


def _compact(number: str) -> str:
    return re.sub(r"\s*([-‐‑–—/])\s*", lambda m: "/" if m[1] == "/" else "-", number)


def _noted(sentence: str) -> str:
    """The beginning of a sentence; that it has exceptions is kept wherever it says so."""
    note = sentence[:_NOTE]
    return f"{note} … trừ …" if re.search(r"\btrừ\b", sentence[_NOTE:]) else note


def _verb(sentence: str) -> tuple[str, int]:
    best: tuple[int, str] | None = None
    for kind, pattern in _ENDS:
        for match in pattern.finditer(sentence):
            before = sentence[max(0, match.start() - 25) : match.start()].lower()
            if _CONDITION.search(sentence[: match.start()]):
                continue
            if re.search(r"(?:được|bị|đã|chưa|không|khi|hoặc)\s*(?:bị\s*|được\s*)?$", before):
                continue
            if best is None or match.start() < best[0]:
                best = (match.start(), kind)
            break
    return (best[1], best[0]) if best else ("", 0)


def _since(sentence: str) -> str:
    found = re.search(rf"(?:kể từ|từ)\s+({DAY})", sentence)
    return found[1] if found else ""


def _has_number(text: str) -> bool:
    return any(number.whole for number in numbers_in(text))


def _named_in(heading: str) -> str | None:
    """The number in "Sửa đổi, bổ sung một số điều của Nghị định số …"."""
    if not _AMENDS.search(heading[:200]):
        return None
    for number in numbers_in(heading):
        if number.whole:
            return _compact(heading[number.start : number.end])
    return None


def _single_target(title: str) -> str | None:
    """The one document that a title says is amended; None where there are several."""
    line = flat(title)
    if not _AMENDS.search(line) or re.search(r"\bcác (?:nghị định|thông tư|luật)", line.lower()):
        return None
    first = next((n for n in numbers_in(line) if n.whole), None)
    return _compact(line[first.start : first.end]) if first else None


def _ends_others(body: str) -> bool:
    head = flat(body[:600])
    return bool(re.search(r"\b(?:Bãi bỏ|Thay thế) (?:toàn bộ |các )?" + _KIND, head))
