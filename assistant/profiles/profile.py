"""One block of ``profiles:`` in config.yml: an assistant without a line of Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from assistant.profiles.prompt import faults_of
from knowledge_base.documents import DocumentKind
from knowledge_base.query import Filter

#: Who may be served: anyone, or who has signed in as an officer.
Audience = Literal["public", "officers"]
#: The lists of steps a profile may choose; `assistant.capabilities.lists` has each.
Capability = Literal["answer_question", "answer_law", "help_judge"]
#: What a page may offer beside the chat.
Tool = Literal["journeys", "conflicts", "draft", "figures", "uploads"]

#: The profile of every door that is told no other.
CITIZEN = "citizen"
#: How a profile may be called: it stands in addresses, in names of models and of folders.
NAME = r"^[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?$"
#: Names that mean something else where a profile's name may stand.
TAKEN = frozenset({"card"})

#: Kinds that nobody is answered from who has not signed in.
_NOT_PUBLIC = frozenset({"judgment"})
_YEARS = re.compile(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?")
_FIRST_YEAR, _LAST_YEAR = 1945, 2100


class Profile(BaseModel):
    """What an assistant is called, whom it serves, and what it may look in.

    The filters (``kinds`` to ``years``) restrict; an empty one restricts nothing.
    ``years`` are the first and the last year of issue. ``prompt`` is the text that
    the model is told beside its fixed prompt (config.yml may name a file of it).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=100)
    audience: Audience = "public"
    capability: Capability = "answer_question"
    kinds: frozenset[DocumentKind] = frozenset()
    collections: frozenset[str] = frozenset()
    fields: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    document_types: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    prompt: str = ""
    greeting: str = Field(default="", max_length=600)
    suggestions: tuple[str, ...] = Field(default=(), max_length=12)
    tools: tuple[Tool, ...] = ()

    @field_validator("fields", "authorities", "document_types", "suggestions", mode="before")
    @classmethod
    def _list(cls, value: Any) -> Any:
        """One name may stand without its list; an empty one is a slip, not "everything"."""
        named = [value] if isinstance(value, str) else value
        if isinstance(named, (list, tuple)):
            named = [" ".join(each.split()) if isinstance(each, str) else each for each in named]
            if "" in named:
                raise ValueError("có một tên để trống; hãy ghi tên hoặc bỏ dòng đó đi")
        return named

    @field_validator("title", "greeting", mode="after")
    @classmethod
    def _one_line(cls, value: str) -> str:
        said = " ".join(value.split())
        if value and not said:
            raise ValueError("đang để trống; hãy ghi vài chữ")
        return said

    @field_validator("years", mode="before")
    @classmethod
    def _range(cls, value: Any) -> Any:
        """``2024``, ``2020-2026`` or ``[2020, 2026]``."""
        if isinstance(value, (int, str)) and not isinstance(value, bool):
            found = _YEARS.fullmatch(str(value).strip())
            if found is None:
                raise ValueError("hãy ghi một năm (2024) hoặc từ năm đến năm (2020-2026)")
            value = (int(found[1]), int(found[2] or found[1]))
        if isinstance(value, (list, tuple)) and len(value) == 2 and value[0] > value[1]:
            raise ValueError(f"năm đầu {value[0]} sau năm cuối {value[1]}; hãy đổi chỗ hai năm")
        return value

    @field_validator("years", mode="after")
    @classmethod
    def _plausible(cls, value: tuple[int, int] | None) -> tuple[int, int] | None:
        if value and not _FIRST_YEAR <= value[0] <= value[1] <= _LAST_YEAR:
            raise ValueError(f"năm phải từ {_FIRST_YEAR} đến {_LAST_YEAR}")
        return value

    @field_validator("prompt", mode="after")
    @classmethod
    def _bounded(cls, value: str) -> str:
        faults = faults_of(value)
        if faults:
            raise ValueError("; ".join(faults))
        return value.strip()

    @property
    def within(self) -> Filter:
        """What it may look in."""
        kinds = self.kinds or frozenset(DocumentKind)
        if self.audience == "public":
            kinds -= {kind for kind in DocumentKind if kind.value in _NOT_PUBLIC}
        return Filter(
            kinds=frozenset() if kinds == frozenset(DocumentKind) else kinds,
            collections=self.collections,
            fields=frozenset(self.fields),
            authorities=frozenset(self.authorities),
            document_types=frozenset(self.document_types),
            years=self.years,
        )

    @property
    def keeps_to_a_part(self) -> bool:
        """Whether it is for a part of what there is, so that questions beside it are refused."""
        return any(
            (self.collections, self.fields, self.authorities, self.document_types, self.years)
        )

    def about(self) -> str:
        """What it is for, as the end of "chỉ trả lời về …"."""
        return "; ".join(self._parts()) or self.title

    def _parts(self) -> Iterator[str]:
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
