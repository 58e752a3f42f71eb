"""The assistant: a `Question` in, a stream of `AnswerEvent`s out."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace

from assistant.as_of import today
from assistant.capabilities.answer_question import Parts
from assistant.capabilities.lists import steps_of
from assistant.config import Config
from assistant.errors import StateError
from assistant.finish import Finisher
from assistant.known_documents import KnownDocuments
from assistant.language_model.port import LanguageModel
from assistant.pipeline import Step, run
from assistant.procedures import Procedures
from assistant.profiles.profile import CITIZEN, Profile
from assistant.profiles.way import Seen, Way, Ways
from assistant.receipts import Receipts
from assistant.replies import Replies
from assistant.vocabulary import (
    Answer,
    AnswerEvent,
    Draft,
    Ending,
    EventKind,
    Question,
    Status,
    StepTrace,
)
from knowledge_base.documents import Document
from knowledge_base.law.library import Library
from knowledge_base.query import EVERYTHING, Filter
from knowledge_base.scope import Scope
from knowledge_base.search import KnowledgeBase

log = logging.getLogger(__name__)


class Assistant:
    """Answers questions; safe to use from several threads at once."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        config: Config,
        *,
        model: LanguageModel | None,
        receipts: Receipts | None,
    ) -> None:
        self.knowledge = knowledge
        self.config = config
        self.receipts = receipts
        self.replies = Replies(config.contacts)
        self.procedures = Procedures(knowledge)
        self.documents = KnownDocuments(knowledge)
        self._model = model
        self._finisher = Finisher(self.replies, knowledge)
        self._ways = self._make_ways()

    def _make_ways(self) -> Ways:
        seen = Seen(self.knowledge, self.procedures, self.documents)
        return Ways(self.config.profiles, seen, self._make_steps)

    def _make_steps(self, profile: Profile, seen: Seen, whole: Seen | None) -> tuple[Step, ...]:
        parts = Parts(
            seen.knowledge,
            seen.procedures,
            seen.documents,
            self.replies.of(profile),
            replace(self._finisher, replies=self.replies.of(profile)),
            self.config,
            self._model,
            profile,
            whole if profile.keeps_to_a_part else None,
        )
        return steps_of(profile.capability, parts)

    def way(self, profile: str = CITIZEN, within: Filter = EVERYTHING) -> Way:
        """What a profile sees, and its steps. Raises `ConfigError` where there is no such one."""
        return self._ways.of(profile, within)

    @property
    def whole(self) -> Way:
        """All there is, with no steps over it: nobody is answered from it unasked."""
        seen = Seen(self.knowledge, self.procedures, self.documents)
        return Way(Profile(title="troly", audience="officers"), seen, ())

    def use_model(self, model: LanguageModel | None) -> None:
        """Answer with ``model`` from the next question on (it may arrive after the start)."""
        self._model = model
        self._ways = self._make_ways()

    def answer(self, question: Question, *, keep: bool = True) -> Iterator[AnswerEvent]:
        """Events in the order they become true; the last is ``final``.

        Never raises for a user's words: what goes wrong inside becomes an
        answer that says so. Closing the iterator cancels the work. ``keep``
        says whether a receipt is written.
        """
        draft = Draft(question, as_of=question.as_of or today())
        finish = self._finish if keep else self._finisher
        try:
            way = self.way(question.profile, question.within)
            yield from run(way.steps, draft, finish)
        except Exception:
            log.exception("a step failed")
            text = self.replies.status(Status.FAILED_SEARCH)
            ending = Ending(draft, Status.FAILED_SEARCH, text)
            yield AnswerEvent(EventKind.ERROR, text)
            yield AnswerEvent(EventKind.FINAL, self._finisher(ending, ()))

    def ask(self, question: Question, *, keep: bool = True) -> Answer:
        """The final answer alone."""
        for event in self.answer(question, keep=keep):
            if event.kind is EventKind.FINAL:
                final: Answer = event.data
        return final

    def _finish(self, ending: Ending, trace: tuple[StepTrace, ...]) -> Answer:
        answer = self._finisher(ending, trace)
        if self.receipts is not None:
            bare = self._finisher.deterministic(ending)
            try:
                self.receipts.keep(ending.draft, answer, bare)
            except StateError as error:  # a full disk costs the receipt, not the answer
                log.warning("no receipt for %s: %s", answer.id, error)
        return answer

    def source(self, document_id: str, scope: Scope) -> Document | None:
        """A stored document, if the caller may see it."""
        return self.knowledge.document(document_id, scope)

    def library(self, scope: Scope) -> Library | None:
        """The legal documents the caller may see, for one request; None without a record."""
        return self.knowledge.library(scope)

    @property
    def corpus_version(self) -> str:
        return self.knowledge.corpus_version

    @property
    def model_name(self) -> str | None:
        return self._model.name if self._model else None

    def health(self) -> Mapping[str, object]:
        """What works and what does not, without asking the model anything."""
        return {
            "record": "ok",
            "index": "ok" if self.knowledge.corpus_version else "missing",
            "corpus_version": self.knowledge.corpus_version,
            "model": "off" if self._model is None else "ready",
        }

    def close(self) -> None:
        """Give back the model's process and the open files."""
        if self._model is not None:
            self._model.close()
        self.knowledge.close()
