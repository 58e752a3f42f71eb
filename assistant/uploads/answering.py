"""Questions over uploaded documents: a question in, one `Answer` out, nothing kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.as_of import today
from assistant.capabilities import answer_uploads
from assistant.config import Config
from assistant.finish import ANSWERED, numbered_lines
from assistant.pipeline import run
from assistant.replies import Replies
from assistant.uploads.search import Embed
from assistant.uploads.vocabulary import Held
from assistant.uploads.words import say
from assistant.vocabulary import (
    Answer,
    Citation,
    Draft,
    Ending,
    EventKind,
    Question,
    Status,
    StepTrace,
)
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings

if TYPE_CHECKING:
    from knowledge_base.index.embedding import Embedder

log = logging.getLogger(__name__)

_STEPS = 4  # of the path of a quote that stand before it: article, clause, point, page


class Vectors:
    """The embedder of this installation, opened when it is first needed; None where there is none.

    It keeps nothing of what it embeds.
    """

    def __init__(self, settings: KnowledgeSettings) -> None:
        self._settings = settings
        self._embedder: Embedder | None = None
        self._tried = False
        self._lock = threading.Lock()

    def query_embedder(self) -> Embed | None:
        """What makes a question's vector; None where there is no embedder."""
        return self._queries if self._settings.embedder != "none" else None

    def _queries(self, texts: Sequence[str]) -> Any:
        embedder = self._opened()
        try:
            return [None] * len(texts) if embedder is None else embedder.queries(texts)
        except Exception as error:  # words alone still find
            log.warning("no vector for a question: %s", type(error).__name__)
            return [None] * len(texts)

    def passages(self, texts: Sequence[str]) -> Any:
        """One row a text; None where there is no embedder, or it fails: words alone still find."""
        embedder = self._opened()
        if embedder is None or not texts:
            return None
        try:
            return embedder.passages(texts)
        except Exception as error:  # what it was given must not get into the log
            log.warning("no vectors for an upload: %s", type(error).__name__)
            return None

    def _opened(self) -> Embedder | None:
        with self._lock:
            if not self._tried:
                from knowledge_base.index.embedding import embedder_of

                self._embedder = embedder_of(self._settings, self._settings.threads)
                self._tried = True
            return self._embedder


@dataclass(frozen=True, slots=True)
class UploadAnswers:
    """Answers over whatever documents it is handed; it reads nothing else, and writes nothing."""

    config: Config
    knowledge: KnowledgeBase | None
    vectors: Vectors | None = None

    def ask(self, question: Question, documents: Sequence[Held]) -> Answer:
        """The answer. Never raises for what a question or a document says."""
        replies = Replies(self.config.contacts)
        way = answer_uploads.steps(
            documents, replies, self.config.limits, self.knowledge,
            self.vectors.query_embedder() if self.vectors else None,
            self.vectors.passages if self.vectors else None,
        )  # fmt: skip
        draft = Draft(question, as_of=question.as_of or today())
        try:
            for event in run(way, draft, _finished):
                if event.kind is EventKind.FINAL:
                    final: Answer = event.data
            return final
        except Exception as error:  # its message may hold words of a document
            log.error("a question over uploads broke: %s", type(error).__name__)
            return _finished(Ending(draft, Status.FAILED_SEARCH, say("failed")), ())


def _finished(ending: Ending, trace: tuple[StepTrace, ...]) -> Answer:
    draft = ending.draft
    answered = ending.status in ANSWERED
    citations: tuple[Citation, ...] = ()
    text = ending.text
    status = ending.status
    if status is Status.ANSWERED and draft.missing:
        status = Status.ANSWERED_PARTLY
    if answered:
        citations, numbered = numbered_lines(draft.lines)
        several = len({line.citation.document_id for line in draft.lines}) > 1
        listed = [
            f"- {_labelled(line.citation, several)}{said} [{n}]"
            for line, (said, n) in zip(draft.lines, numbered, strict=True)
        ]
        text = "\n".join([draft.lead, *listed, *draft.notices, say("closing")])
    return Answer(
        id=draft.id,
        status=status,
        text=text,
        citations=tuple(replace(each, url="") for each in citations),
        card=None,
        as_of=draft.as_of,
        ai_generated=False,
        model=None,
        corpus_version="",
        suggestions=(),
        trace=trace,
        notices=draft.notices if answered else (),
    )


def _labelled(citation: Citation, several: bool) -> str:
    """Where a quote stands, before its words: "Điều 5, khoản 2, trang 3: "; with its document
    where there are ``several``."""
    title = citation.title.casefold()
    path = [step for step in citation.path if not title.startswith(step.casefold())]
    article = next((n for n, step in enumerate(path) if step.startswith("Điều ")), None)
    if article is not None:
        path = [path[article].partition(". ")[0], *path[article + 1 :]]
    steps = [*([citation.title] if several else []), *path[-_STEPS:]]
    return f"{', '.join(steps)}: " if steps else ""
