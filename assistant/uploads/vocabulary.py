"""The nouns of uploads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import InputError
from knowledge_base.documents import Document
from knowledge_base.errors import QuarantineReason
from knowledge_base.readers.cell_table import Table

#: The label of an uploaded document. No scope holds it: what searches by scope never finds one.
LABEL = "upload"
#: What may be uploaded, by the end of its name.
SUFFIXES = (
    ".docx", ".doc", ".pdf", ".html", ".htm", ".md", ".txt", ".xlsx", ".xls", ".ods", ".csv",
    ".odt", ".rtf", ".png", ".jpg", ".jpeg",
)  # fmt: skip


class NotTaken(InputError):
    """A file that was not taken in; the message says why and what to do.

    ``code`` sorts the reasons: those of `QuarantineReason`, and ``too_many``, ``no_room``,
    ``disk_full``.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class NoUpload(InputError):
    """There is no such document, it has expired, or it belongs to somebody else."""


#: Reasons for which nothing of a file may stay, not even for a second look.
DANGEROUS = frozenset({QuarantineReason.SECRET.value, QuarantineReason.UNSAFE.value})


@dataclass(frozen=True, slots=True)
class Upload:
    """What is told of an uploaded document. Times are seconds since 1970, UTC.

    ``sha256`` is that of the file's bytes; ``remarks`` are sentences about what could not be
    read. ``name`` is that of the file on the officer's machine: it is text like any other.
    """

    id: str
    name: str
    sha256: str
    size: int
    created: float
    expires: float
    title: str
    number: str
    pages: int
    characters: int
    tables: int
    articles: int
    remarks: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """The end of the name, in small letters: ".docx"."""
        return f".{self.name.rpartition('.')[2].lower()}" if "." in self.name else ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a document that is found and quoted: a clause, a paragraph, rows of a table.

    ``document.text[start:end]``, under the headings ``path``; ``stem`` is what opens its list.
    """

    path: tuple[str, ...]
    start: int
    end: int
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """An uploaded document as it is answered from."""

    upload: Upload
    document: Document
    units: tuple[Unit, ...]
    tables: tuple[Table, ...]
    vectors: Any = None  # float32, one row a unit; None where there are none
    #: What is counted of it when it is first asked, and forgotten with it.
    counted: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it was read, before it is kept."""

    title: str
    text: str
    sections: tuple[tuple[tuple[str, ...], int, int], ...]
    meta: Mapping[str, str]
    tables: tuple[Table, ...]
    remarks: tuple[str, ...]
