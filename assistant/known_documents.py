"""The legal documents, guidance texts and provinces an installation knows by name."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from assistant.steps.understand_question import function_syllables
from knowledge_base.documents import DocumentKind
from knowledge_base.names import NameIndex, NameMatch
from knowledge_base.search import KnowledgeBase

_KINDS = (DocumentKind.LAW, DocumentKind.GUIDANCE, DocumentKind.PLACE)


class KnownDocuments:
    """Documents by the names people use for them; made anew when the corpus changes."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._lock = threading.Lock()
        self._version: str | None = None
        self._names = NameIndex((), frozenset())

    def match(self, said: Sequence[str], core: Sequence[str], limit: int = 5) -> list[NameMatch]:
        """Which documents a question names, best first; codes are stored document ids."""
        version = self._knowledge.corpus_version
        if version != self._version:
            with self._lock:
                if version != self._version:
                    self._names = self._read()
                    self._version = version
        return self._names.match(said, core, limit)

    def _read(self) -> NameIndex:
        rows = self._knowledge.headings(kind.value for kind in _KINDS)
        named = ((key, (title, *others)) for key, title, _, others in rows)
        return NameIndex(named, function_syllables())
