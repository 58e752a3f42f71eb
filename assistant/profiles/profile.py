"""One block of ``profiles:`` in config.yml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge_base.documents import DocumentKind

#: Who may be served: anyone, or who has signed in as an officer.
Audience = Literal["public", "officers"]
#: The lists of steps a profile may choose; `assistant.capabilities.lists` has each.
Capability = Literal["answer_question", "answer_law", "help_judge"]


class Profile(BaseModel):
    """What an assistant is called, whom it serves, and what it may look in.

    The filters (``kinds`` to ``years``) restrict; an empty one restricts nothing.
    ``years`` are the first and the last year of issue.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    audience: Audience = "public"
    capability: Capability = "answer_question"
    kinds: frozenset[DocumentKind] = frozenset(DocumentKind)
    collections: frozenset[str] = frozenset()
    fields: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    document_types: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    prompt: str = ""
    greeting: str = ""
    suggestions: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
