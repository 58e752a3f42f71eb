"""What speaks against a procedure and no share of words shows.

Two kinds: an act in its name that nobody spoke of (a regular inspection is no
new copy of a lost stamp), and a short question most of whose telling words the
card has nowhere ("bằng lái chổi bay hạng phù thủy").
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from assistant.confidence import log_odds, probability
from assistant.procedures import Procedures
from assistant.tables import first, table
from assistant.vocabulary import Understanding
from knowledge_base.documents import ProcedureCard
from knowledge_base.vietnamese import tokens

_UNSAID_ACT = 1.5  # log odds against a procedure whose act was not spoken of
_STRANGE = 2.5  # log odds against one that knows too little of a short question
_TELLING = 0.6  # share of the highest weight from which a word tells something
_FEW, _SHARE = 2, 0.4  # so many telling words unknown, and this share of all that was said
_CLAUSES = 1  # more of them make a story, which has words of its own


def with_doubts(
    scores: Mapping[str, float], said: Understanding, procedures: Procedures
) -> dict[str, float]:
    """``scores`` (probabilities by code), lowered where something speaks against a procedure."""
    lowered = dict(scores)
    for code, score in scores.items():
        card = procedures.card(code)
        if card is None or said.english:  # English is compared through few words as it is
            continue
        against = _UNSAID_ACT * _act_unsaid(card, said) + _STRANGE * _strange(
            card, said, procedures
        )
        if against:
            lowered[code] = probability(log_odds(score) - against)
    return lowered


def _act_unsaid(card: ProcedureCard, said: Understanding) -> bool:
    """Whether the name begins with an act that none of its words speaks of."""
    named = tuple(tokens(card.short_name))
    return any(
        named[: len(act)] == act and first("acts", row, said.subject) is None
        for act, row in _acts()
    )


def _strange(card: ProcedureCard, said: Understanding, procedures: Procedures) -> bool:
    if len(said.clauses) > _CLAUSES:
        return False
    words = procedures.words_of(card)
    mass = {word: procedures.weight(word) for word in said.content}
    least = _TELLING * procedures.highest
    unknown = [w for word, w in mass.items() if w >= least and not words.knows(word)]
    return len(unknown) >= _FEW and sum(unknown) >= _SHARE * sum(mass.values())


@cache
def _acts() -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple((tuple(tokens(act)), act) for act in table("acts"))
