"""Answer a question: the way of every question, in the order it is walked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.config import Config
from assistant.finish import Finisher
from assistant.known_documents import KnownDocuments
from assistant.language_model.port import LanguageModel
from assistant.pipeline import Step
from assistant.procedures import Procedures
from assistant.replies import Replies
from assistant.steps.compose_card import ComposeCard
from assistant.steps.compose_passages import ComposePassages
from assistant.steps.decide_answerability import DecideAnswerability
from assistant.steps.phrase_answer import PhraseAnswer
from assistant.steps.resolve_follow_up import ResolveFollowUp
from assistant.steps.retrieve_evidence import RetrieveEvidence
from assistant.steps.route_question import RouteQuestion
from assistant.steps.screen_question import ScreenQuestion
from assistant.steps.show_card import ShowCard
from assistant.steps.understand_question import UnderstandQuestion
from assistant.steps.verify_answer import VerifyAnswer
from knowledge_base.search import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Parts:
    """What the steps are made with."""

    knowledge: KnowledgeBase
    procedures: Procedures
    documents: KnownDocuments
    replies: Replies
    finisher: Finisher
    config: Config
    model: LanguageModel | None


def steps(parts: Parts) -> Sequence[Step]:
    """The way of one question. The code decides; the model only phrases, and last."""
    return (
        ScreenQuestion(parts.replies, parts.config.limits, parts.knowledge),
        UnderstandQuestion(parts.knowledge),
        ResolveFollowUp(parts.procedures, parts.replies),
        RouteQuestion,
        RetrieveEvidence(
            parts.knowledge, parts.procedures, parts.documents, parts.config, parts.replies
        ),
        DecideAnswerability(parts.procedures, parts.knowledge, parts.replies),
        ComposeCard(parts.knowledge, parts.procedures, parts.replies),
        ComposePassages(parts.knowledge, parts.procedures, parts.replies),
        ShowCard(parts.finisher),
        PhraseAnswer(parts.model, parts.config.model),
        VerifyAnswer(parts.knowledge, parts.replies),
    )
