"""Decide which kind of source answers: a procedure card, or passages of documents."""

from __future__ import annotations

from dataclasses import replace

from assistant.old_places import asks_where_it_is_now
from assistant.tables import first
from assistant.vocabulary import Draft


def RouteQuestion(draft: Draft) -> Draft:
    """Set ``kind`` to ``document`` where the words name a law or a place, else ``procedure``."""
    said = draft.understood
    spoken = list(said.syllables)
    if said.document_numbers or first("routes", "document", spoken):
        return replace(draft, kind="document")
    if first("routes", "place", spoken) or (draft.card is None and asks_where_it_is_now(said)):
        return replace(draft, kind="place")
    return replace(draft, kind="procedure")
