"""The knowledge base as a LangChain retriever."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from knowledge_base.documents import Hit
from knowledge_base.query import Filter, Query
from knowledge_base.scope import Scope
from knowledge_base.search import KnowledgeBase


class KnowledgeRetriever(BaseRetriever):
    """Passages for a query, with what a citation needs in ``metadata``.

    ``scope`` has no default: who asks decides what is found. Without ``as_of``
    the texts must hold today.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    knowledge: KnowledgeBase
    scope: Scope
    within: Filter = Field(default_factory=Filter)
    as_of: date | None = None
    limit: int = 10

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
    ) -> list[Document]:
        hits = self.knowledge.search(
            Query(query),
            scope=self.scope,
            as_of=self.as_of or datetime.now(UTC).date(),
            within=self.within,
            limit=self.limit,
        )
        return [as_document(hit) for hit in hits]


def as_document(hit: Hit) -> Document:
    """A hit as a LangChain document."""
    passage = hit.passage
    metadata: dict[str, Any] = {
        "document_id": passage.document_id,
        "source_id": passage.source_id,
        "kind": passage.kind.value,
        "title": passage.title,
        "number": passage.number,
        "path": list(passage.path),
        "start": passage.start,
        "end": passage.end,
        "sha256": passage.sha256,
        "url": passage.url,
        "score": hit.score,
        **{f"score_{name}": value for name, value in hit.parts.items()},
    }
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)
