"""What a question asks about the law: which places of which documents, and what of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache

from assistant.as_of import day_asked
from assistant.steps.understand_question import content
from assistant.tables import first, phrases
from assistant.vocabulary import Draft, Status, Turn
from knowledge_base.law.catalogue import Mentioned
from knowledge_base.law.keys import Number, asked_numbers, numbers_in
from knowledge_base.law.library import Library
from knowledge_base.law.references import Place, places_in
from knowledge_base.vietnamese import expand_abbreviations, fold, tokens

_ARTICLE = re.compile(r"(?i)\b(?:điều|dieu|khoản|khoan|điểm|diem)\s+\d*[a-zđ]?\d*\b")
_KIND_BEFORE = re.compile(
    r"(?i)\b(?:bộ luật|luật|pháp lệnh|nghị định|nghị quyết(?: liên tịch)?|thông tư(?: liên tịch)?"
    r"|quyết định|chỉ thị|nghi dinh|thong tu|quyet dinh|nghi quyet|luat|nđ|tt|qđ|nq)"
    r"\s*(?:số|so)?\s*:?\s*$"
)
_OF_A_KIND = re.compile(
    r"(?i)(?:bộ luật|bo luat|luật|luat|pháp lệnh|phap lenh|nghị định|nghi dinh|nghị quyết"
    r"|nghi quyet|thông tư|thong tu|quyết định|quyet dinh|chỉ thị|chi thi|hiến pháp|hien phap)\b"
)
_LAW_NAMED = re.compile(
    r"(?i)\b(?:bộ luật|luật|pháp lệnh)\s+(?!(?:này|đó|nào|gì|số|quy|có|về|là|khác)\b)\w+"
    r"(?:,?\s+(?!(?:quy định|nói|về|thế|là|có|khoản|điều|điểm|năm|số|như|ra sao|của|cho|thì|ngày"
    r"|còn|được|bị|đã|trước|sau|hiện)\b)[^\W\d]+){0,8}(?:\s+(?:19|20)\d\d)?"
)
_PART = re.compile(r"(?i)\b(?:khoản|khoan)\s+\d|\b(?:điểm|diem)\s+[a-zđ]\b")
_CHOICES = 5
_GAP = " . "


class Intent(StrEnum):
    """What is wanted."""

    COMPARE = "compare"
    GUIDES = "guides"
    WHICH = "which"  # an article of no document
    LIST = "list"
    PROVISION = "provision"
    STANDING = "standing"
    NONE = "none"  # nothing of the law by name: the search answers


@dataclass(frozen=True, slots=True)
class Document:
    """A document that a question names: its words, and the keys it may stand for.

    No keys: it is not in the record; ``near`` are keys like it.
    """

    said: str
    keys: tuple[str, ...]
    near: tuple[str, ...] = ()
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class LawQuestion:
    """A question read. ``topic`` are the syllables left: what is asked about."""

    intent: Intent
    documents: tuple[Document, ...]
    places: tuple[Place, ...]
    topic: tuple[str, ...]
    text: str
    by_place: tuple[int, ...] = ()  # the document that each place is of
    asks_standing: bool = False  # whether it holds, or who changed it, is asked, too
    named: int = 0  # how many documents are named, each as often as it is

    def __str__(self) -> str:
        """As a receipt keeps it."""
        named = ", ".join(document.keys[0] if document.keys else "?" for document in self.documents)
        return f"{self.intent.value}: {named}; {', '.join(map(str, self.places))}"


def asked(draft: Draft) -> LawQuestion | None:
    """What ReadLawQuestion made of a draft; None where it asks nothing of the law by name."""
    found = draft.verdicts.get("law")
    return found if isinstance(found, LawQuestion) else None


def read(draft: Draft, library: Library) -> LawQuestion:
    """The question of a draft, with what a follow-up leaves out put back."""
    text = _spoken(draft)
    said = tokens(text)
    documents = documents_in(text, library, draft.as_of)
    places = places_in(text)
    before = _before(draft.question.history, library, draft.as_of)
    leans = first("law", "that_law", said) or first("law", "that_article", said)
    part = not places and _PART.search(text) and before is not None and before.places
    if before is not None and not documents and (places or leans or part or _only_asks(said)):
        documents = before.documents
        places = _put_back(text, places, before.places)
    if places and not documents:
        documents = tuple(_unknown(text, library))
    topic = _topic(text, documents)
    standing = first("law", "standing", said) is not None
    intent = _intent(said, documents, places)
    bare = bool(places) or _PART.search(text) is not None
    if intent is Intent.NONE and bare and not topic:
        intent = Intent.WHICH
    if intent is Intent.STANDING and topic:
        intent = Intent.PROVISION  # "… quy định thời hạn thế nào, ai sửa đổi?"
    owners = _owners(text, documents, places)
    named = len(asked_numbers(text)) + len(library.names.find(text, draft.as_of))
    return LawQuestion(intent, documents, places, topic, text, owners, standing, named)


def _spoken(draft: Draft) -> str:
    text = draft.text
    named = numbers_in(text)
    return text if next(iter(named), None) else expand_abbreviations(text)


def documents_in(text: str, library: Library, on: date) -> tuple[Document, ...]:
    """The documents a text names, by number or by name, in order."""
    found: list[Document] = []
    for number in asked_numbers(text):
        found.append(_numbered(text, number, library))
    names = library.names
    for mentioned in names.find(text, on):
        if any(d.start < mentioned.end and mentioned.start < d.end for d in found):
            continue
        if not _names_one(text, mentioned, library):
            continue
        beside = next((n for n, d in enumerate(found) if _numbers(text, mentioned, d)), None)
        if beside is not None:  # "Luật Đất đai số 45/2013/QH13": the number says which
            found[beside] = replace(found[beside], start=mentioned.start)
            continue
        found.append(_named(text, mentioned))
        found += _other_years(text, mentioned, library)
    found.sort(key=lambda document: document.start)
    return tuple(_once(found))


def _names_one(text: str, mentioned: Mentioned, library: Library) -> bool:
    """Whether the words name a document, and not only a matter that it is about.

    "Đăng ký thường trú" is a procedure, though people also find Luật Cư trú by it:
    a document is called by its kind ("luật hộ chiếu") or by its own title.
    """
    said = text[mentioned.start : mentioned.end]
    if _OF_A_KIND.match(said) or _KIND_BEFORE.search(text[: mentioned.start]):
        return True
    titles = (library.names.entries[key].title for key in mentioned.alike)
    words = fold(" ".join(tokens(said)))
    return any(fold(" ".join(tokens(title))).startswith(words) for title in titles)


def _numbered(text: str, number: Number, library: Library) -> Document:
    written = text[number.start : number.end]
    resolution = library.graph.resolve(written)
    keys = resolution.keys
    if not number.whole and not number.year and len(keys) > 1:
        # "Nghị định 118": without a year the newest that is there is no more than a guess.
        keys = tuple(sorted(keys, reverse=True))
    kind = _KIND_BEFORE.search(text[: number.start])  # "Nghị định 30/2020/NĐ-CP"
    start = kind.start() if kind else number.start
    return Document(text[start : number.end], keys, resolution.near, start, number.end)


def _named(text: str, mentioned: Mentioned) -> Document:
    said = text[mentioned.start : mentioned.end]
    near = () if mentioned.keys else mentioned.alike
    return Document(said, mentioned.keys, near, mentioned.start, mentioned.end)


def _unknown(text: str, library: Library) -> Iterable[Document]:
    """A law that is named beside an article, and is not in the record: "Luật Nhà giáo"."""
    found = _LAW_NAMED.search(text)
    if found is None:
        return
    name = " ".join(found[0].split()).rstrip(" ,.")
    end = found.start() + len(found[0].rstrip(" ,."))
    part = library.graph.resolve(name).keys  # "Luật Xuất nhập cảnh" is a part of two names
    entries = library.names.entries
    begun = tuple(k for k in part if k in entries and fold(entries[k].title).startswith(fold(name)))
    part = begun or part  # not the decrees whose names have the law's in them
    titles = {fold(entry.title): entry.key for entry in entries.values()}
    alike = get_close_matches(fold(name), titles, n=3, cutoff=0.8)
    near = tuple(titles[title] for title in alike)
    yield Document(name, part if len(part) <= _CHOICES else (), near, found.start(), end)


def _numbers(text: str, mentioned: Mentioned, document: Document) -> bool:
    """Whether a number stands behind a name and is that of a document of this name."""
    between = text[mentioned.end : document.start]
    behind = document.start >= mentioned.end and re.fullmatch(r"[\s(,]*(?:số|so)?\s*", between)
    return behind is not None and not set(document.keys).isdisjoint(mentioned.alike)


def _other_years(text: str, mentioned: Mentioned, library: Library) -> Iterable[Document]:
    """ "Luật Đất đai 2013 và 2024": the second is named by its year alone."""
    beside = re.match(
        r"\s*(?:và|với|,|so với)\s*(?:năm\s*)?((?:19|20)\d\d)\b", text[mentioned.end :]
    )
    if not mentioned.year or beside is None:
        return ()
    keys = tuple(
        key for key in mentioned.alike if str(library.names.entries[key].year) == beside[1]
    )
    start = mentioned.end + beside.start(1)
    said = (
        f"{text[mentioned.start : mentioned.end].replace(mentioned.year, '').strip()} {beside[1]}"
    )
    return (Document(said, keys, mentioned.alike, start, start + 4),)


def _once(found: Iterable[Document]) -> Iterable[Document]:
    seen: set[tuple[str, ...]] = set()
    for document in found:
        mark = document.keys or (fold(document.said),)
        if mark not in seen:
            seen.add(mark)
            yield document


def _intent(said: Sequence[str], documents: Sequence[Document], places: Sequence[Place]) -> Intent:
    if documents and first("law", "compare", said):
        return Intent.COMPARE
    if documents and first("law", "guides", said):
        return Intent.GUIDES
    if not documents and first("law", "list", said) and _of_documents(said):
        return Intent.LIST
    if not documents and _is_filter(said):
        return Intent.LIST
    if not documents:
        return Intent.NONE
    if not places and first("law", "standing", said):
        return Intent.STANDING
    return Intent.PROVISION


def _of_documents(said: Sequence[str]) -> bool:
    """Whether what is to be listed are documents: "liệt kê giấy tờ" is about a dossier."""
    return "văn bản" in " ".join(said) or any(p.at(said) >= 0 for p in phrases("law", "kinds"))


def _is_filter(said: Sequence[str]) -> bool:
    """ "thông tư của Bộ Y tế năm 2025 về …": a kind, and who issued it or when."""
    kind = next((p for p in phrases("law", "kinds") if p.at(said) == 0), None)
    return kind is not None and first("law", "issued", said) is not None


def _only_asks(said: Sequence[str]) -> bool:
    """Whether a message is nothing but "so sánh trước và sau", "ai sửa đổi"."""
    asks = any(first("law", row, said) for row in ("compare", "guides", "standing"))
    return asks and len(said) <= 12


def _before(history: Sequence[Turn], library: Library, on: date) -> LawQuestion | None:
    """What the last answered question was about, if that was a document of the law."""
    for turn in reversed(history):
        if turn.status not in (Status.ANSWERED, Status.ANSWERED_PARTLY):
            continue
        documents = documents_in(turn.question, library, on)
        places = places_in(turn.question)
        if not documents and turn.document_id:
            stored = library.document(turn.document_id)
            if stored is not None and stored.number:
                keys = library.graph.resolve(stored.number).keys
                documents = (Document(stored.number, keys[:1]),) if keys else ()
        return LawQuestion(Intent.NONE, documents, places, (), "") if documents else None
    return None


def _put_back(text: str, places: Sequence[Place], before: Sequence[Place]) -> tuple[Place, ...]:
    """ "còn khoản 3?" after Điều 15 is khoản 3 Điều 15."""
    if places:
        return tuple(places)
    within = before[0] if before else None
    if within is None:
        return ()
    return places_in(text, within) or tuple(before)


def day_beside(text: str, found: LawQuestion, library: Library, on: date) -> date | None:
    """The day a question asks about: not the one on which a document it names was issued."""
    day = day_asked(without_documents(text, found.documents), on)
    entries = library.names.entries
    issued = {entries[k].issued_on for d in found.documents for k in d.keys if k in entries}
    return None if day in issued else day


def without_documents(text: str, documents: Sequence[Document]) -> str:
    """A question without the names and numbers in it."""
    for document in sorted(documents, key=lambda d: -d.start):
        text = text[: document.start] + _GAP + text[document.end :]
    for number in sorted(asked_numbers(text), key=lambda n: -n.start):  # one named twice
        kind = _KIND_BEFORE.search(text[: number.start])
        start = kind.start() if kind else number.start
        text = text[:start] + _GAP + text[number.end :]
    return text


def _topic(text: str, documents: Sequence[Document]) -> tuple[str, ...]:
    """The syllables that are neither a reference nor words around it."""
    plain = _ARTICLE.sub(_GAP, without_documents(text, documents))
    left = [*tokens(plain)]
    for row in ("compare", "guides", "standing", "list", "around"):
        for phrase in phrases("law", row):
            while (at := phrase.at(left)) >= 0:
                left[at : at + len(phrase.syllables)] = ["\0"] * len(phrase.syllables)
    return tuple(word for word in content([word for word in left if word != "\0"]) if len(word) > 1)


def _owners(text: str, documents: Sequence[Document], places: Sequence[Place]) -> tuple[int, ...]:
    """For each place the document it is of: the next one named behind it, else the last before."""
    owners: list[int] = []
    for place in places:
        at = _where(text, place)
        behind = [n for n, document in enumerate(documents) if document.start >= at]
        owners.append(behind[0] if behind else max(0, len(documents) - 1))
    return tuple(owners)


@lru_cache(maxsize=512)
def _where(text: str, place: Place) -> int:
    match = re.search(rf"(?i)\b(?:điều|dieu)\s+{re.escape(place.article)}\b", text)
    return match.start() if match else 0
