"""Matters as files: the schema of ``matters/*.yml``, and how they are read.

One file is one matter of people's lives (wages that are not paid, a neighbour on
one's land). Each line names the article it stands on; what it quotes must stand
there, so the law is written once, in the knowledge base. A mistake is a
`MatterError` that names file and field.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from assistant.errors import TrolyError
from assistant.tables import Phrase
from knowledge_base.vietnamese import tokens

MATTERS = Path(__file__).parent / "matters"

#: The parts of an answer, in the order they are told.
PARTS = ("law", "deadlines", "bodies", "next", "aid")
Safety = Literal["", "violence", "child", "threat"]

#: Groups of phrases; one of each has to be said.
Cue = tuple[tuple[Phrase, ...], ...]


class MatterError(TrolyError):
    """A file of a matter is wrong; the message names file and field."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class LineFile(_Strict):
    """One line of an answer: an article of a stored law, and what is quoted of it.

    ``words`` pick sentences of the article (all of it, where they are left out);
    ``say`` is what is shown in place of the quote, in plainer words. ``only``: phrases
    of which one must be said for the line to be shown; ``unless``: none of which may.
    """

    law: str = Field(pattern=r"^\d+/\d{4}/[^\s/]+$")
    article: str = Field(min_length=5)
    words: str = ""
    say: str = ""
    only: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @property
    def document_id(self) -> str:
        return f"law:{self.law}"


class MatterFile(_Strict):
    """One matter. ``law`` may hold lines of earlier law; they are told for days of their own.

    ``cues``: groups of phrases; a message is about the matter when one phrase of every
    group of a cue stands in it. ``unless``: phrases that make it something else.
    ``instead_of``: matters that are not told beside it, because it tells more exactly.
    ``firm``: its cues tell of trouble, so that a procedure named beside it gives way.
    ``lead`` and ``prepare`` are our own words and hold no figure. ``transition``: which
    law holds for what happened before a change; without one it is said that this is
    not known.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=5, max_length=80)
    group: Literal[
        "work", "family", "property", "authority", "traffic", "consumer", "safety", "residence"
    ]
    checked_on: date
    cues: tuple[tuple[tuple[str, ...], ...], ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    firm: bool = False
    instead_of: tuple[str, ...] = ()
    safety: Safety = ""
    lead: str = Field(min_length=20)
    law: tuple[LineFile, ...] = Field(min_length=1)
    deadlines: tuple[LineFile, ...] = ()
    bodies: tuple[LineFile, ...] = ()
    next: tuple[LineFile, ...] = ()
    prepare: tuple[str, ...] = Field(min_length=1)
    transition: LineFile | None = None
    legal_aid: bool = True
    suggestions: tuple[str, ...] = ()

    @field_validator("lead")
    @classmethod
    def _no_figure(cls, value: str) -> str:
        if any(character.isdigit() for character in value):
            raise ValueError("figures belong in lines that cite them")
        return value

    @field_validator("cues")
    @classmethod
    def _has_words(cls, value: tuple[tuple[tuple[str, ...], ...], ...]) -> Any:
        empty = [text for cue in value for group in cue for text in group if not tokens(text)]
        if empty or not all(group for cue in value for group in cue):
            raise ValueError(f"a phrase without words: {empty}")
        return value

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        if not (self.deadlines or self.bodies or self.next):
            raise ValueError("say where to go, until when, or what comes next")
        return self

    def lines(self) -> Iterator[tuple[str, LineFile]]:
        """All lines with the part they belong to."""
        for part in PARTS[:-1]:
            for line in getattr(self, part):
                yield part, line
        if self.transition is not None:
            yield "transition", self.transition


def phrase(text: str) -> Phrase:
    """A phrase of a table; with "=" before it it must be typed with its diacritics."""
    return Phrase(tuple(tokens(text.lstrip("="))), text.startswith("="))


def read(path: Path) -> MatterFile:
    """The matter in one file. Raises `MatterError`."""
    try:
        matter = MatterFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise MatterError(f"{path.name}: {error}") from error
    if matter.id != path.stem:
        raise MatterError(f"{path.name}: id is {matter.id}")
    return matter


@cache
def matters(folder: Path = MATTERS) -> tuple[MatterFile, ...]:
    """All matters, by file name."""
    return tuple(read(path) for path in sorted(folder.glob("*.yml")))
