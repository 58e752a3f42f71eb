"""What to look in, as people write it: in a profile, in a request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from knowledge_base.documents import DocumentKind
from knowledge_base.query import Filter

_YEARS = re.compile(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?")
_FIRST_YEAR, _LAST_YEAR = 1945, 2100
_MOST = 50  # names in one list

#: A name of a field, an authority, a type of documents.
Name = Annotated[str, StringConstraints(max_length=200)]


class Narrowing(BaseModel):
    """Filters: each restricts, an empty one restricts nothing.

    ``years`` are the first and the last year of issue, also written ``2024`` or
    ``2020-2026``. A name may stand without its list.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: frozenset[DocumentKind] = frozenset()
    collections: frozenset[Name] = Field(default=frozenset(), max_length=_MOST)
    fields: tuple[Name, ...] = Field(default=(), max_length=_MOST)
    authorities: tuple[Name, ...] = Field(default=(), max_length=_MOST)
    document_types: tuple[Name, ...] = Field(default=(), max_length=_MOST)
    years: tuple[int, int] | None = None

    @field_validator("fields", "authorities", "document_types", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        return one_line_each(value)

    @field_validator("years", mode="before")
    @classmethod
    def _range(cls, value: Any) -> Any:
        if isinstance(value, (int, str)) and not isinstance(value, bool):
            found = _YEARS.fullmatch(str(value).strip())
            if found is None:
                raise ValueError("hãy ghi một năm (2024) hoặc từ năm đến năm (2020-2026)")
            value = (int(found[1]), int(found[2] or found[1]))
        return value

    @field_validator("years", mode="after")
    @classmethod
    def _plausible(cls, value: tuple[int, int] | None) -> tuple[int, int] | None:
        if value and value[0] > value[1]:
            raise ValueError(f"năm đầu {value[0]} sau năm cuối {value[1]}; hãy đổi chỗ hai năm")
        if value and not _FIRST_YEAR <= value[0] <= value[1] <= _LAST_YEAR:
            raise ValueError(f"năm phải từ {_FIRST_YEAR} đến {_LAST_YEAR}")
        return value

    @property
    def within(self) -> Filter:
        """The same for a search."""
        return Filter(
            kinds=frozenset() if self.kinds == frozenset(DocumentKind) else self.kinds,
            collections=self.collections,
            fields=frozenset(self.fields),
            authorities=frozenset(self.authorities),
            document_types=frozenset(self.document_types),
            years=self.years,
        )

    @property
    def keeps_to_a_part(self) -> bool:
        """Whether it is for a part of what there is, kinds of documents aside."""
        return any(
            (self.collections, self.fields, self.authorities, self.document_types, self.years)
        )

    def parts(self) -> Iterator[str]:
        """The parts in words, each as the end of "chỉ trả lời về …"."""
        if self.fields:
            yield f"lĩnh vực {', '.join(self.fields)}"
        if self.authorities:
            yield f"việc của {', '.join(self.authorities)}"
        if self.document_types:
            yield f"văn bản loại {', '.join(self.document_types)}"
        if self.years:
            first, last = self.years
            yield f"văn bản năm {first}" if first == last else f"văn bản năm {first} đến {last}"
        if self.collections:
            yield f"bộ tài liệu {', '.join(sorted(self.collections))}"


def one_line_each(value: Any) -> Any:
    """Names without odd spaces, one alone as a list; an empty one is a slip, not "everything"."""
    named = [value] if isinstance(value, str) else value
    if isinstance(named, (list, tuple)):
        named = [" ".join(each.split()) if isinstance(each, str) else each for each in named]
        if "" in named:
            raise ValueError("có một tên để trống; hãy ghi tên hoặc bỏ dòng đó đi")
    return named
