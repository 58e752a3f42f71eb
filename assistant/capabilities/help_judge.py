"""Help a judge or legal aid: the way of a question under ``--profile judge``, in order."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.capabilities import answer_question
from assistant.capabilities.answer_question import Parts
from assistant.judging.library import Library
from assistant.judging.steps import (
    FindLikeCases,
    LayLawBeside,
    ListIssues,
    NameNewArticle,
    RefuseVerdict,
)
from assistant.pipeline import Step


def steps(parts: Parts) -> Sequence[Step]:
    """What is for judges first; anything else goes the way of every question."""
    library = Library(parts.knowledge.home, parts.config.knowledge_base)
    return (
        RefuseVerdict(),
        LayLawBeside(library),
        NameNewArticle(),
        FindLikeCases(library),
        ListIssues(library),
        *answer_question.steps(parts),
    )
