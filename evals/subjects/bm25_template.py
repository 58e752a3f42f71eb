"""The plainest assistant that works: textbook BM25 and a template.

What somebody builds in an afternoon without a model: rank the documents by
their words, name the best one, and copy its lines that share most with the
question. Nothing is refused as long as one word is found; days and earlier
messages are not looked at.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from evals.benchmarks.textbook import Textbook
from evals.subjects.port import Reply, Setting
from evals.subjects.quoting import answer, citation, stored
from knowledge_base.documents import Document

_LINES = 5
_NOTHING = "Không tìm thấy văn bản nào có từ trong câu hỏi. Anh/chị thử hỏi bằng từ khác."


class Bm25Template:
    """Documents by id, ranked by their whole texts."""

    name = "bm25"

    def __init__(self, documents: Mapping[str, Document], corpus_version: str) -> None:
        self._documents = documents
        self._corpus_version = corpus_version
        self._index = Textbook.build((key, each.text) for key, each in documents.items())

    def describe(self) -> dict[str, Any]:
        return {"corpus_version": self._corpus_version, "model": None, "lines": _LINES}

    def converse(self, messages: Sequence[str], as_of: date | None) -> list[Reply]:
        return [self._reply(message, as_of) for message in messages]

    def _reply(self, message: str, as_of: date | None) -> Reply:
        started = time.perf_counter()
        best = self._index.ranking(message, 1)
        if best:
            told = self._told(self._documents[best[0]], message, as_of)
        else:
            told = answer("no_source", _NOTHING, (), as_of)
        return Reply(told, (time.perf_counter() - started) * 1000)

    def _told(self, document: Document, message: str, as_of: date | None) -> dict[str, Any]:
        spans = dict(lines(document.text))
        by_words = Textbook.build(
            (str(start), document.text[start:end]) for start, end in spans.items()
        )
        nearest = sorted(map(int, by_words.ranking(message, _LINES))) or [next(iter(spans))]
        cited = [citation(document, start, spans[start], n) for n, start in enumerate(nearest, 1)]
        quoted = "\n".join(f"- {each['quote']} [{each['number']}]" for each in cited)
        return answer("answered", f"Theo “{document.title}”:\n{quoted}", cited, as_of)

    def source(self, document_id: str, sha256: str) -> str | None:
        return source(self._documents, document_id, sha256)

    def close(self) -> None:
        """Nothing is held."""


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every line that has words, without the white space around it."""
    start = 0
    for line in text.split("\n"):
        inner = line.strip()
        if inner:
            begin = start + line.index(inner)
            yield begin, begin + len(inner)
        start += len(line) + 1


def source(documents: Mapping[str, Document], document_id: str, sha256: str) -> str | None:
    """The text a citation was made from."""
    document = documents.get(document_id)
    return document.text if document is not None and document.sha256 == sha256 else None


def open_bm25(setting: Setting) -> Bm25Template:
    """BM25 over what is stored in this home."""
    return Bm25Template(*stored(setting))
