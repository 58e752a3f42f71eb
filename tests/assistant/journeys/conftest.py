"""The bundled corpus in memory, as the record that journeys quote."""

from __future__ import annotations

import pytest

from assistant.journeys.sources import RecordSources
from knowledge_base.documents import Document, ProcedureCard
from knowledge_base.prepare import bundled_documents


class Corpus:
    """The part of a record that `RecordSources` asks."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.cards: dict[str, ProcedureCard] = {}
        for document, card in bundled_documents():
            self.documents[document.id] = document
            if card is not None:
                self.cards[card.code] = card

    def document(self, document_id: str) -> Document | None:
        return self.documents.get(document_id)

    def card(self, code: str) -> ProcedureCard | None:
        return self.cards.get(code)


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return Corpus()


@pytest.fixture(scope="session")
def sources(corpus: Corpus) -> RecordSources:
    return RecordSources(corpus)
