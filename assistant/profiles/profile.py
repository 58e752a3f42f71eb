"""One block of ``profiles:`` in config.yml: an assistant without a line of Python."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from assistant.profiles.narrowing import Name, Narrowing, one_line_each
from assistant.profiles.prompt import faults_of
from knowledge_base.documents import DocumentKind
from knowledge_base.query import Filter

#: Who may be served: anyone, or who has signed in as an officer.
Audience = Literal["public", "officers"]
#: The lists of steps a profile may choose; `assistant.capabilities.lists` has each.
Capability = Literal["answer_question", "answer_law", "help_judge"]
#: What a page may offer beside the chat.
Tool = Literal["conflicts", "draft", "figures", "uploads"]

#: The profile of every door that is told no other.
CITIZEN = "citizen"
#: How a profile may be called: it stands in addresses, in names of models and of folders.
NAME = r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?"
#: Names that mean something else where a profile's name may stand.
TAKEN = frozenset({"card"})

#: Kinds that nobody is answered from who has not signed in.
_NOT_PUBLIC = frozenset({"judgment"})


class Profile(Narrowing):
    """What an assistant is called, whom it serves, and what it may look in.

    ``prompt`` is the text that the model is told beside its fixed prompt
    (config.yml may name a file of it).
    """

    title: str = Field(min_length=1, max_length=100)
    audience: Audience = "public"
    capability: Capability = "answer_question"
    prompt: str = ""
    greeting: str = Field(default="", max_length=600)
    suggestions: tuple[Name, ...] = Field(default=(), max_length=12)
    tools: tuple[Tool, ...] = ()

    @field_validator("suggestions", mode="before")
    @classmethod
    def _questions(cls, value: Any) -> Any:
        return one_line_each(value)

    @field_validator("title", "greeting", mode="after")
    @classmethod
    def _one_line(cls, value: str) -> str:
        said = " ".join(value.split())
        if value and not said:
            raise ValueError("đang để trống; hãy ghi vài chữ")
        return said

    @field_validator("prompt", mode="after")
    @classmethod
    def _bounded(cls, value: str) -> str:
        faults = faults_of(value)
        if faults:
            raise ValueError("; ".join(faults))
        return value.strip()

    @model_validator(mode="after")
    def _has_something_to_look_in(self) -> Profile:
        """An empty list of kinds would mean all of them."""
        if self.audience == "public" and {kind.value for kind in self.kinds} & _NOT_PUBLIC:
            raise ValueError("kinds: bản án (judgment) chỉ dùng được với audience: officers")
        return self

    @property
    def within(self) -> Filter:
        """What it may look in."""
        kinds = self.kinds or frozenset(DocumentKind)
        if self.audience == "public":
            kinds -= {kind for kind in DocumentKind if kind.value in _NOT_PUBLIC}
        whole = kinds == frozenset(DocumentKind)
        return replace(super().within, kinds=frozenset() if whole else kinds)

    def about(self) -> str:
        """What it is for, as the end of "chỉ trả lời về …"."""
        return "; ".join(self.parts()) or self.title
