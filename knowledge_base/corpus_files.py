"""The bundled corpus as files: the schema of its YAML, and how it is read.

``corpus/procedures/*.yml`` holds one procedure card a file,
``corpus/documents/*.yml`` one legal document or guidance text a file. A key
that is not in the schema is an error with the file's name and the nearest
valid key, because a misspelt slot would otherwise be silently unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from knowledge_base.documents import (
    SLOTS,
    DocumentKind,
    DossierItem,
    Duration,
    Fee,
    FeeState,
    FilingChannel,
    How,
    Level,
    OnlineLevel,
    ProcedureCard,
    Relation,
    Source,
    TimeUnit,
)

CORPUS = Path(__file__).parent / "corpus"


class CorpusError(ValueError):
    """A corpus file is wrong; the message names the file and the key."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class SourceFile(_Strict):
    title: str = Field(min_length=5)
    url: str = ""
    decision_number: str = ""
    published: str = ""
    checked_on: date | None = None  # left out where nobody compared with the full text


class DurationFile(_Strict):
    unit: TimeUnit
    amount: float | None = Field(default=None, gt=0)
    condition: str = ""

    @model_validator(mode="after")
    def _amount_goes_with_unit(self) -> DurationFile:
        if (self.amount is None) != (self.unit is TimeUnit.SAME_DAY):
            raise ValueError("amount is needed for every unit but same_day, and only there")
        return self


class FeeFile(_Strict):
    state: FeeState = FeeState.KNOWN
    amount: int | None = Field(default=None, gt=0)
    per: str = ""
    condition: str = ""
    text: str = ""

    @model_validator(mode="after")
    def _amount_goes_with_state(self) -> FeeFile:
        if (self.amount is not None) != (self.state is FeeState.KNOWN):
            raise ValueError("amount is needed when state is known, and only then")
        if self.state is FeeState.FORMULA and not self.text:
            raise ValueError("text must say how the fee is computed when state is formula")
        return self


class ChannelFile(_Strict):
    how: How
    online_level: OnlineLevel | None = None
    times: tuple[DurationFile, ...] = ()
    fees: tuple[FeeFile, ...] = ()
    note: str = ""


class DossierFile(_Strict):
    name: str = Field(min_length=3)
    form: str = ""
    originals: int | None = Field(default=None, ge=0)
    copies: int | None = Field(default=None, ge=0)
    condition: str = ""
    show_only: bool = False


class ProcedureFile(_Strict):
    """One file of ``corpus/procedures``."""

    code: str = Field(pattern=r"^\d\.\d{6}(\.[0-9A-Z.-]+)?$|^TROLY\.\d{3}$")
    name: str = Field(min_length=8)
    short_name: str = Field(min_length=3, max_length=80)
    field: str
    levels: tuple[Level, ...] = Field(min_length=1)
    authority: str = ""
    where: str = ""
    who: str = ""
    channels: tuple[ChannelFile, ...] = Field(min_length=1)
    dossier: tuple[DossierFile, ...] = ()
    steps: tuple[str, ...] = ()
    result: str = ""
    conditions: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    other_names: tuple[str, ...] = Field(min_length=2)
    english_name: str = Field(min_length=3)
    english_other_names: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: dict[str, SourceFile] = Field(min_length=1)
    slot_sources: dict[str, tuple[str, ...]]
    none_required: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _every_slot_accounted_for(self) -> ProcedureFile:
        for key, names in self.slot_sources.items():
            if key != "all" and key not in SLOTS:
                raise ValueError(f"slot_sources names no slot: {key}")
            for name in names:
                if name not in self.sources:
                    raise ValueError(f"slot_sources.{key} names no source: {name}")
        for key in (*self.none_required, *self.unknown):
            if key not in SLOTS:
                raise ValueError(f"none_required/unknown names no slot: {key}")
        for slot in SLOTS:
            filled = self._filled(slot)
            if filled and (slot in self.unknown or slot in self.none_required):
                raise ValueError(f"slot {slot} is filled and also said to be empty or unknown")
            if not filled and slot not in self.unknown and slot not in self.none_required:
                raise ValueError(f"slot {slot} is empty: name it in none_required or unknown")
            if filled and slot not in self.slot_sources and "all" not in self.slot_sources:
                raise ValueError(f"slot {slot} has no source (slot_sources)")
        return self

    def _filled(self, slot: str) -> bool:
        if slot == "times":
            return any(channel.times for channel in self.channels)
        if slot == "fees":
            return any(
                fee.state is not FeeState.UNKNOWN
                for channel in self.channels
                for fee in channel.fees
            )
        return bool(getattr(self, slot))

    def card(self) -> ProcedureCard:
        """The card as the rest of the code knows it."""
        data = self.model_dump()
        data["channels"] = tuple(
            FilingChannel(
                how=c.how,
                online_level=c.online_level,
                times=tuple(Duration(**t.model_dump()) for t in c.times),
                fees=tuple(Fee(**f.model_dump()) for f in c.fees),
                note=c.note,
            )
            for c in self.channels
        )
        data["dossier"] = tuple(DossierItem(**item.model_dump()) for item in self.dossier)
        data["sources"] = tuple(
            Source(key=key, **source.model_dump()) for key, source in self.sources.items()
        )
        return ProcedureCard(**data)


class PassageFile(_Strict):
    path: tuple[str, ...] = Field(min_length=1)
    text: str = Field(min_length=20)
    effective_from: date | None = None
    effective_to: date | None = None


class RelationFile(_Strict):
    kind: Literal[
        "amends",
        "replaces",
        "repeals",
        "guides",
        "corrects",
        "amended_by",
        "replaced_by",
        "repealed_by",
        "guided_by",
        "based_on",
    ]
    target: str
    note: str = ""
    since: date | None = None


class LegalDocumentFile(_Strict):
    """One file of ``corpus/documents``: metadata, relations, and passages in our words."""

    number: str = ""
    title: str = Field(min_length=8)
    kind: Literal["law", "guidance"] = "law"
    document_type: str  # "Luật", "Nghị định", "Thông tư", "Hướng dẫn", …
    issuer: str
    issued_on: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    other_names: tuple[str, ...] = ()
    summary: str = Field(min_length=20)
    passages: tuple[PassageFile, ...] = Field(min_length=1)
    relations: tuple[RelationFile, ...] = ()
    sources: dict[str, SourceFile] = Field(min_length=1)
    unknown: tuple[str, ...] = ()

    @property
    def document_kind(self) -> DocumentKind:
        return DocumentKind(self.kind)

    def typed_relations(self) -> tuple[Relation, ...]:
        return tuple(Relation(**relation.model_dump()) for relation in self.relations)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file, or a `CorpusError` that names the line."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path.name}: not readable as YAML: {error}") from error
    if not isinstance(data, dict):
        raise CorpusError(f"{path.name}: expected a mapping at the top")
    return data


def read_procedure(path: Path) -> ProcedureCard:
    """The card in one file."""
    try:
        return ProcedureFile.model_validate(read_yaml(path)).card()
    except ValidationError as error:
        raise CorpusError(f"{path.name}: {error}") from error


def read_legal_document(path: Path) -> LegalDocumentFile:
    """The legal document or guidance text in one file."""
    try:
        return LegalDocumentFile.model_validate(read_yaml(path))
    except ValidationError as error:
        raise CorpusError(f"{path.name}: {error}") from error


def procedures(corpus: Path = CORPUS) -> Iterator[ProcedureCard]:
    """All bundled cards, by file name."""
    for path in sorted((corpus / "procedures").glob("*.yml")):
        yield read_procedure(path)


def legal_documents(corpus: Path = CORPUS) -> Iterator[LegalDocumentFile]:
    """All bundled legal documents and guidance texts, by file name."""
    for path in sorted((corpus / "documents").glob("*.yml")):
        yield read_legal_document(path)
