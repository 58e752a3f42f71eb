"""Answer from documents that an officer uploaded: what is done, in order.

No model words anything here: what an uploaded document says is quoted, so nothing that
somebody planted in one can speak, or be obeyed.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.config import Limits
from assistant.pipeline import Step
from assistant.replies import Replies
from assistant.uploads.decide_found import DecideFound
from assistant.uploads.find_units import FindUnits
from assistant.uploads.quote_units import QuoteUnits
from assistant.uploads.read_question import ReadQuestion
from assistant.uploads.search import Embed
from assistant.uploads.verify_quotes import VerifyQuotes
from assistant.uploads.vocabulary import Held
from knowledge_base.search import KnowledgeBase


def steps(
    documents: Sequence[Held],
    replies: Replies,
    limits: Limits,
    knowledge: KnowledgeBase | None,
    embed: Embed | None,
    embed_units: Embed | None = None,
) -> Sequence[Step]:
    """The way of one question over ``documents``, which are all it is answered from.

    ``knowledge`` puts diacritics back and nothing else; ``embed`` gives the question's vector,
    ``embed_units`` those of units that have none.
    """
    return (
        ReadQuestion(replies, limits, knowledge),
        FindUnits(tuple(documents), embed, embed_units),
        DecideFound(tuple(documents)),
        QuoteUnits(tuple(documents)),
        VerifyQuotes(tuple(documents)),
    )
