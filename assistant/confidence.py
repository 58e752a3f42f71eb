"""How sure it is that a question means a procedure: a few shares and one linear model.

Each feature is a share in [0, 1] (or close to it), computed from words alone or
read off the search. The weights stand in tables/gate.yml; they are fitted on
development questions by ``evals/training/gate.py``, which calls this code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from knowledge_base.documents import Hit
from knowledge_base.names import NameMatch
from knowledge_base.vietnamese import fold

#: Weight of words beyond which a question says a lot, in units of `NameIndex.weight`.
_MUCH = 40.0
_NAME_MUCH = 15.0


class CardWords:
    """The words of one card, to be asked which words of a question it knows."""

    def __init__(self, names: Sequence[str], text: Sequence[str]) -> None:
        """``names`` and ``text`` are canonical syllables in order."""
        # A syllable typed without diacritics stands for any it could be: so both spellings.
        self.names = frozenset(names) | frozenset(map(fold, names))
        self.all = frozenset(text) | frozenset(map(fold, text)) | self.names
        self.pairs = frozenset(pairwise(text)) | frozenset(pairwise(names))

    def knows(self, typed: str) -> bool:
        """Whether the card's text or names have the syllable."""
        return typed in self.all

    def names_it(self, typed: str) -> bool:
        """Whether one of the card's names has the syllable."""
        return typed in self.names


def features(
    name: NameMatch | None,
    hit: Hit | None,
    words: CardWords,
    content: Sequence[str],
    subject: Sequence[str],
    weight: Callable[[str], float],
    highest: float,
) -> dict[str, float]:
    """What speaks for and against one procedure.

    ``content`` and ``subject`` are those of the `Understanding`; ``weight``
    says how telling a syllable is, ``highest`` is its largest value.
    """
    mass = {word: weight(word) for word in set(content)}
    total = sum(mass.values()) or 1.0
    known = sum(w for word, w in mass.items() if words.knows(word))
    named = sum(w for word, w in mass.items() if words.names_it(word))
    lacking = max((w for word, w in mass.items() if not words.knows(word)), default=0.0)
    unnamed = max((w for word, w in mass.items() if not words.names_it(word)), default=0.0)
    core = set(content)
    pairs = [(a, b) for a, b in pairwise(subject) if a in core and b in core]
    joined = sum(pair in words.pairs for pair in pairs) / len(pairs) if pairs else known / total
    parts = hit.parts if hit else {}
    found = {
        "name_share": name.name_share if name else 0.0,
        "query_share": name.query_share if name else 0.0,
        "order_share": name.order_share if name else 0.0,
        "name_weight": min(name.weight, _NAME_MUCH) / _NAME_MUCH if name else 0.0,
        "name_score": name.score if name else 0.0,
        "named": named / total,
        "known": known / total,
        "lacking": lacking / highest,
        "unnamed": unnamed / highest,
        "joined": joined,
        "said": min(total, _MUCH) / _MUCH,
        "hit_score": hit.score if hit else 0.0,
        "coverage": parts.get("coverage", 0.0),
        "dense": max(-1.0, min(4.0, parts.get("dense", 0.0))) / 4,
        "lexical": parts.get("lexical", 0.0),
    }
    return found | {
        "name_share*name_weight": found["name_share"] * found["name_weight"],
        "name_share*known": found["name_share"] * found["known"],
        "name_score*known": found["name_score"] * found["known"],
        "named*known": found["named"] * found["known"],
        "name_score*joined": found["name_score"] * found["joined"],
    }


def confidence(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The probability that this procedure is meant, by the fitted weights."""
    total = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in found.items())
    return probability(total)


def probability(log_odds: float) -> float:
    """The probability of these log odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))


def log_odds(chance: float) -> float:
    """The log odds of a probability; certainty is not infinite."""
    chance = max(1e-9, min(1 - 1e-9, chance))
    return math.log(chance / (1 - chance))
