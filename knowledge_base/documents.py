"""The nouns of the knowledge base: what is stored, cited and searched.

Everything here is a frozen dataclass without behaviour beyond small questions
about itself. Offsets are always counted in Unicode code points of the stored
text (which is NFC), never in bytes, so that ``text[start:end]`` is the quote.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Validity(StrEnum):
    """Whether a text holds on a day. *Unknown* is an answer, not an error."""

    IN_FORCE = "in_force"
    NOT_IN_FORCE = "not_in_force"
    UNKNOWN = "unknown"


class DocumentKind(StrEnum):
    """What a stored document is, as far as retrieval needs to know."""

    PROCEDURE = "procedure"
    LAW = "law"
    GUIDANCE = "guidance"
    PLACE = "place"
    JUDGMENT = "judgment"  # kept apart, in a record of its own; never evidence of the law in force
    OTHER = "other"


class TimeUnit(StrEnum):
    """Units of a processing time. ``day`` and ``working_day`` are never mixed."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"
    SAME_DAY = "same_day"  # settled in the working day the file arrives; no amount


class FeeState(StrEnum):
    """What is known about a fee."""

    KNOWN = "known"  # ``amount`` đồng
    FREE = "free"
    BY_PROVINCE = "by_province"  # the provincial People's Council sets it
    FORMULA = "formula"  # ``text`` says how it is computed
    UNKNOWN = "unknown"


class Level(StrEnum):
    """Levels of government since 1 July 2025: there is no district level."""

    CENTRAL = "central"
    PROVINCE = "province"
    COMMUNE = "commune"


class How(StrEnum):
    """How a file can be handed in."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    POST = "post"


class OnlineLevel(StrEnum):
    """Levels of online service by Decree 42/2022."""

    FULL = "full"  # toàn trình
    PARTIAL = "partial"  # một phần


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from, and when a person last compared the two."""

    key: str
    title: str
    url: str = ""
    decision_number: str = ""
    published: str = ""  # as the source dates itself, "2026-07" or "2026-07-14"
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """A processing time: ``amount`` of ``unit``, under ``condition``."""

    unit: TimeUnit
    amount: float | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee in đồng. ``per`` is what one pays for ("hộ chiếu", "lần")."""

    state: FeeState
    amount: int | None = None
    per: str = ""
    condition: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class FilingChannel:
    """One way to file, with its own times and fees."""

    how: How
    online_level: OnlineLevel | None = None
    times: tuple[Duration, ...] = ()
    fees: tuple[Fee, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class DossierItem:
    """One paper to hand in or to show."""

    name: str
    form: str = ""
    originals: int | None = None
    copies: int | None = None
    condition: str = ""
    show_only: bool = False


#: Slots that are filled, or else said to be none, unknown or unreadable.
SLOTS = (
    "authority",
    "where",
    "who",
    "times",
    "fees",
    "dossier",
    "steps",
    "result",
    "conditions",
    "legal_basis",
)


@dataclass(frozen=True, slots=True)
class ProcedureCard:
    """The typed slots of one administrative procedure.

    An empty slot that is listed in ``none_required`` is known to be empty
    ("không quy định"); one listed in ``unknown`` was not found in the source. A
    slot in ``unreadable`` says something there that could not be read for sure,
    wholly or in part: ``raw`` has the source's own words of it, by slot.
    """

    code: str
    name: str
    short_name: str
    field: str
    levels: tuple[Level, ...]
    authority: str
    where: str
    who: str
    channels: tuple[FilingChannel, ...]
    dossier: tuple[DossierItem, ...]
    steps: tuple[str, ...]
    result: str
    conditions: tuple[str, ...]
    legal_basis: tuple[str, ...]
    other_names: tuple[str, ...]
    english_name: str
    english_other_names: tuple[str, ...]
    related: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    slot_sources: dict[str, tuple[str, ...]]
    none_required: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    unreadable: tuple[str, ...] = ()
    raw: dict[str, str] = dataclasses.field(default_factory=dict)  # ``field`` is a slot here

    def source_of(self, slot: str) -> Source:
        """The source of ``slot``; the card's first source where none is named."""
        keys = self.slot_sources.get(slot) or self.slot_sources.get("all") or ()
        by_key = {source.key: source for source in self.sources}
        return by_key[keys[0]] if keys else self.sources[0]


@dataclass(frozen=True, slots=True)
class Relation:
    """An edge of the graph of documents: this one ``kind`` that ``target``.

    ``article`` is the article of this document that says so and
    ``target_article`` the one it is said of ("12", "5a"); empty for the whole.
    """

    kind: str  # amends, replaces, repeals, guides, corrects, …; the schema has the list
    target: str  # document number
    note: str = ""
    since: date | None = None
    article: str = ""
    target_article: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A titled span of a document: what a passage is cut from.

    ``slot`` names the slot of a procedure card ("fees") or is empty.
    """

    path: tuple[str, ...]
    start: int
    end: int
    slot: str = ""
    effective_from: date | None = None
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one stored document: the text that citations point into.

    ``source_id`` is the id the document had where it came from (``_id`` of a
    BEIR line, the procedure code, the file name) and is what ``search
    --format trec`` prints. ``sha256`` is that of ``text`` in UTF-8.
    """

    id: str
    source_id: str
    kind: DocumentKind
    title: str
    text: str
    sha256: str
    number: str = ""
    other_names: tuple[str, ...] = ()
    url: str = ""
    labels: tuple[str, ...] = ("public",)
    collection: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    sections: tuple[Section, ...] = ()
    relations: tuple[Relation, ...] = ()
    meta: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document version: what is indexed, found and quoted."""

    id: str  # "<document id>#<start>-<end>"
    document_id: str
    sha256: str  # of the whole document version, so that the offsets mean something
    source_id: str
    kind: DocumentKind
    title: str
    number: str
    path: tuple[str, ...]
    text: str
    start: int
    end: int
    labels: tuple[str, ...]
    slot: str = ""
    url: str = ""
    collection: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    other_names: tuple[str, ...] = ()
    article: str = ""  # where the document is one article of a law: its number, "35"
    part_of: str = ""  # … and the name of that law, where the source gives it: "Luật Cư trú"


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage. ``score`` is the calibrated fusion in [0, 1]; the parts
    say how it came about (``lexical``, ``dense``, ``coverage``, …)."""

    passage: Passage
    score: float
    parts: dict[str, float] = field(default_factory=dict)


def validity_on(effective_from: date | None, effective_to: date | None, day: date) -> Validity:
    """Three-valued validity of a text on ``day``; ``effective_to`` is inclusive.

    >>> validity_on(date(2024, 7, 1), None, date(2026, 1, 1))
    <Validity.IN_FORCE: 'in_force'>
    >>> validity_on(None, None, date(2026, 1, 1))
    <Validity.UNKNOWN: 'unknown'>
    """
    if effective_to is not None and day > effective_to:
        return Validity.NOT_IN_FORCE
    if effective_from is None:
        return Validity.UNKNOWN
    return Validity.IN_FORCE if day >= effective_from else Validity.NOT_IN_FORCE
