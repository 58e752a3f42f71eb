"""Answer over laws, decrees, circulars and internal guidance: the way of an officer's question."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.capabilities import answer_question
from assistant.capabilities.answer_question import Parts
from assistant.law.compare_texts import CompareTexts
from assistant.law.find_guides import FindGuides
from assistant.law.list_documents import ListDocuments
from assistant.law.mark_internal import MarkInternal
from assistant.law.name_document import NameDocument
from assistant.law.quote_found import QuoteFound
from assistant.law.quote_provision import QuoteProvision
from assistant.law.read_law_question import ReadLawQuestion
from assistant.law.screen_law_question import ScreenLawQuestion
from assistant.law.tell_standing import TellStanding
from assistant.law.unless_told import unless_told
from assistant.pipeline import Step, name_of
from assistant.steps.compose_card import ComposeCard
from assistant.steps.compose_passages import ComposePassages
from assistant.steps.phrase_answer import PhraseAnswer
from assistant.steps.resolve_follow_up import ResolveFollowUp
from assistant.steps.screen_question import ScreenQuestion
from assistant.steps.show_card import ShowCard
from assistant.steps.understand_question import UnderstandQuestion
from assistant.steps.verify_answer import VerifyAnswer


def steps(parts: Parts) -> Sequence[Step]:
    """What the question names is answered from the law itself; anything else as everywhere."""
    return (
        ScreenLawQuestion(
            ScreenQuestion(parts.replies, parts.config.limits, parts.knowledge), parts.knowledge
        ),
        UnderstandQuestion(parts.knowledge),
        ResolveFollowUp(parts.procedures, parts.replies),
        ReadLawQuestion(parts.knowledge),
        NameDocument(parts.knowledge, parts.replies),
        CompareTexts(parts.knowledge, parts.replies),
        FindGuides(parts.knowledge, parts.replies),
        ListDocuments(parts.knowledge, parts.replies),
        QuoteProvision(parts.knowledge, parts.replies),
        TellStanding(parts.knowledge),
        *map(unless_told, _searching(parts)),
        unless_told(QuoteFound(parts.knowledge)),
        unless_told(ComposeCard(parts.knowledge, parts.procedures, parts.replies)),
        unless_told(ComposePassages(parts.knowledge, parts.procedures, parts.replies)),
        MarkInternal(parts.knowledge),
        ShowCard(parts.finisher),
        PhraseAnswer(parts.model, parts.config.model, parts.profile.prompt),
        VerifyAnswer(parts.knowledge, parts.replies),
    )


def _searching(parts: Parts) -> Sequence[Step]:
    """How every question is searched for: from routing to the gate."""
    usual = answer_question.steps(parts)
    names = [name_of(step) for step in usual]
    found = usual[names.index("ResolveFollowUp") + 1 : names.index("ComposeCard")]
    # A matter of citizens is told in plain words: who knows the law asks for its own.
    return [step for step in found if name_of(step) != "ComposeMatter"]
