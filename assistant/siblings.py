"""Telling procedures apart whose names share most words: "căn cước", under 14 or from 14 on.

Of the names of each, the one that fits best counts: what it has that was said
speaks for it, what it has that was not said against it. A plain "công nhận hộ
nghèo" is not about those who are poor no longer. Ages are read as figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from assistant.confidence import log_odds, probability
from assistant.procedures import Procedures
from knowledge_base.documents import ProcedureCard
from knowledge_base.names import same

#: Procedures less likely than this share of the best are no rivals of it.
_RIVAL_SHARE = 0.1
_MOST = 6
_UNSAID = 0.6  # what a word of a name that was not said weighs beside one that was
_PAIR = 0.5  # what two neighbours weigh that were said as neighbours, beside the words alone
_AGE = 2.0  # log odds for or against, where an age is said and a name has limits
_RISE = 0.5  # log odds by which the likeliest may become likelier than it was
_NUMBERS = {"1": "một", "2": "hai", "3": "ba", "4": "bốn", "5": "năm", "6": "sáu"}

_ASKED_AGE = re.compile(r"\b(\d{1,3}) tu[oổ]i\b")
_BELOW = re.compile(r"\bdưới (\d+) tuổi")
_FROM = re.compile(r"\b(?:từ đủ|đủ|từ) (\d+) tuổi")


def tell_apart(
    scores: Mapping[str, float], spoken: Sequence[str], procedures: Procedures, strength: float
) -> dict[str, float]:
    """``scores`` (probabilities by code) with those of close rivals moved apart.

    ``spoken`` are all syllables of the question; ``strength``: the log odds
    that the most telling syllable is worth.
    """
    ranked = sorted(scores, key=lambda code: (-scores[code], code))[:_MOST]
    least = _RIVAL_SHARE * scores[ranked[0]] if ranked else 0.0
    cards = [procedures.card(code) for code in ranked if scores[code] >= least]
    rivals = [card for card in cards if card is not None]
    if len(rivals) < 2:
        return dict(scores)
    said = [_NUMBERS.get(word, word) for word in spoken]
    fits = {card.code: _fit(procedures.spelled(card), said, procedures.weight) for card in rivals}
    middle = sum(fits.values()) / len(fits)
    ages = [int(age) for age in _ASKED_AGE.findall(" ".join(spoken))]
    odds = {
        card.code: log_odds(scores[card.code])
        + strength * (fits[card.code] - middle) / procedures.highest
        + _AGE * _of_age(card, ages)
        for card in rivals
    }
    # Which of them is meant is told here; whether any of them is, hardly.
    risen = max(0.0, max(odds.values()) - log_odds(scores[ranked[0]]) - _RISE)
    return dict(scores) | {code: probability(each - risen) for code, each in odds.items()}


def _fit(
    names: Sequence[Sequence[str]], said: Sequence[str], weight: Callable[[str], float]
) -> float:
    """How much more of the best of these names was said than was not, in units of weight."""
    there = set(said)
    pairs = set(pairwise(said))

    def of(name: Sequence[str]) -> float:
        words = [_NUMBERS.get(word, word) for word in name]
        heard = {word for word in words if any(same(typed, word) for typed in there)}
        total = sum(weight(w) if w in heard else -_UNSAID * weight(w) for w in set(words))
        for a, b in pairwise(words):
            if any(same(x, a) and same(y, b) for x, y in pairs):
                total += _PAIR * min(weight(a), weight(b))
        return total

    return max(map(of, names), default=0.0)


def _of_age(card: ProcedureCard, ages: Sequence[int]) -> int:
    """1 where every age said is within the limits that the name has, -1 where one is not."""
    below, above = _BELOW.search(card.short_name), _FROM.search(card.short_name)
    if not ages or not (below or above):
        return 0
    least = int(above[1]) if above else 0
    most = int(below[1]) if below else 1000
    return 1 if all(least <= age < most for age in ages) else -1
