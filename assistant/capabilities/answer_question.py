"""Answer a question: the way of every question, in the order it is walked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.config import Config
from assistant.finish import Finisher
from assistant.known_documents import KnownDocuments
from assistant.language_model.port import LanguageModel
from assistant.legal_support.support import LegalSupport
from assistant.pipeline import Step
from assistant.procedures import Procedures
from assistant.profiles.elsewhere import Elsewhere
from assistant.profiles.profile import Profile
from assistant.profiles.way import Seen
from assistant.replies import Replies
from assistant.steps.compare_days import CompareDays
from assistant.steps.compose_card import ComposeCard
from assistant.steps.compose_matter import ComposeMatter
from assistant.steps.compose_passages import ComposePassages
from assistant.steps.decide_answerability import DecideAnswerability
from assistant.steps.keep_to_profile import KeepToProfile, LookBeyond
from assistant.steps.phrase_answer import PhraseAnswer
from assistant.steps.resolve_follow_up import ResolveFollowUp
from assistant.steps.retrieve_evidence import RetrieveEvidence
from assistant.steps.route_question import RouteQuestion
from assistant.steps.screen_question import ScreenQuestion
from assistant.steps.show_card import ShowCard
from assistant.steps.understand_question import UnderstandQuestion
from assistant.steps.verify_answer import VerifyAnswer
from knowledge_base.search import KnowledgeBase

_ANY = Profile(title="troly")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the steps are made with.

    ``whole`` is all there is, where the profile is for a part of it.
    """

    knowledge: KnowledgeBase
    procedures: Procedures
    documents: KnownDocuments
    replies: Replies
    finisher: Finisher
    config: Config
    model: LanguageModel | None
    profile: Profile = _ANY
    whole: Seen | None = None


def steps(parts: Parts) -> Sequence[Step]:
    """The way of one question. The code decides; the model only phrases, and last."""
    support = LegalSupport(parts.knowledge) if parts.whole is None else None
    return (
        ScreenQuestion(parts.replies, parts.config.limits, parts.knowledge, support),
        UnderstandQuestion(parts.knowledge),
        ResolveFollowUp(parts.procedures, parts.replies),
        RouteQuestion,
        *_looking_beyond(parts),
        RetrieveEvidence(parts.knowledge, parts.procedures, parts.documents, parts.replies),
        ComposeMatter(support),
        DecideAnswerability(parts.procedures, parts.knowledge, parts.replies)
        if parts.whole is None
        else _kept_to_profile(parts),
        ComposeCard(parts.knowledge, parts.procedures, parts.replies),
        ComposePassages(parts.knowledge, parts.procedures, parts.replies),
        CompareDays(parts.knowledge),
        ShowCard(parts.finisher),
        PhraseAnswer(parts.model, parts.config.model, parts.profile.prompt),
        VerifyAnswer(parts.knowledge, parts.replies),
    )


def _looking_beyond(parts: Parts) -> Iterator[LookBeyond]:
    """What a profile for a part of what there is asks first."""
    whole = parts.whole
    if whole is not None:
        yield LookBeyond(
            RetrieveEvidence(whole.knowledge, whole.procedures, whole.documents, parts.replies),
            DecideAnswerability(whole.procedures, whole.knowledge, parts.replies),
            whole.knowledge,
            parts.knowledge,
            parts.procedures,
            whole.procedures,
        )


def _kept_to_profile(parts: Parts) -> KeepToProfile:
    """The gate of such a profile."""
    gate = DecideAnswerability(parts.procedures, parts.knowledge, parts.replies)
    portal = parts.config.contacts.portal
    elsewhere = Elsewhere(parts.profile, parts.config.profiles, portal)
    return KeepToProfile(gate, elsewhere, parts.replies)
