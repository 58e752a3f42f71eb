"""Which procedure a question names, by the names people use.

Names are short, so they are compared syllable by syllable, weighted by how few
procedures share a syllable. A syllable typed without diacritics stands for any
syllable it could be; one typed with other diacritics does not.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge_base.documents import ProcedureCard
from knowledge_base.vietnamese import expand_abbreviations, fold, tokens

_ASIDE = re.compile(r"\s*\((?:thực hiện )?(?:tại|ở) (?:cấp|công an)[^)]*\)")


@dataclass(frozen=True, slots=True)
class NameMatch:
    """How well one procedure's best name fits a question; all shares are 0..1.

    ``name_share`` is how much of the name was said, ``query_share`` how much of
    what was said is in that name, ``card_share`` how much is in any name of the
    card, ``order_share`` how many neighbours in the name were neighbours there.
    """

    code: str
    name: str
    name_share: float
    query_share: float
    card_share: float
    order_share: float
    weight: float  # idf mass matched, so that "đăng ký" alone is little

    @property
    def score(self) -> float:
        """One figure to rank by."""
        fit: float = self.name_share**0.6 * (0.5 * self.query_share + 0.5 * self.card_share) ** 0.4
        return fit * (0.8 + 0.2 * self.order_share) * min(1.0, 0.4 + self.weight / 8)


@dataclass(frozen=True, slots=True)
class _Name:
    code: str
    text: str
    syllables: tuple[str, ...]

    def weight(self, of: Callable[[str], float]) -> float:
        return sum(map(of, set(self.syllables)))


class NameIndex:
    """All names of all cards, ready to be compared with questions."""

    def __init__(self, named: Iterable[tuple[str, Iterable[str]]], ignored: frozenset[str]) -> None:
        """``named`` are keys with their names; ``ignored`` syllables carry no subject."""
        self._names: list[_Name] = []
        self._of_card: dict[str, set[str]] = {}
        for code, names in named:
            union: set[str] = set()
            for text in names:
                # A word in capitals is a name: "Luật AI" is about more than laws.
                passing = ignored - {word.lower() for word in text.split() if word.isupper()}
                whole = tokens(expand_abbreviations(text, document=True))
                syllables = [s for s in whole if s not in passing]
                if syllables:
                    self._names.append(_Name(code, text, tuple(syllables)))
                    union.update(syllables)
            self._of_card[code] = union | set(map(fold, union))
        frequency = Counter(s for union in self._of_card.values() for s in set(map(fold, union)))
        total = max(1, len(self._of_card))
        self._idf = {s: math.log((total + 1) / (n + 0.5)) + 0.2 for s, n in frequency.items()}
        self.highest = math.log((total + 1) / 0.5) + 0.2
        self._by_syllable: dict[str, list[int]] = defaultdict(list)
        for at, name in enumerate(self._names):
            for syllable in set(map(fold, name.syllables)):
                self._by_syllable[syllable].append(at)

    def weight(self, syllable: str) -> float:
        """How telling a syllable is; one that no name has is the most telling."""
        return self._idf.get(fold(syllable), self.highest)

    def match(self, said: Sequence[str], core: Sequence[str], limit: int = 10) -> list[NameMatch]:
        """The best name of each procedure that shares something with a question.

        Args:
            said: all canonical syllables of the question, in order.
            core: those that carry its subject, which a name should cover.
            limit: how many procedures at most, best first.
        """
        found: dict[str, NameMatch] = {}
        spoken = _Said(said, core)
        for at in {at for s in map(fold, spoken.all) for at in self._by_syllable.get(s, ())}:
            match = self._compare(self._names[at], spoken)
            if match and (match.code not in found or match.score > found[match.code].score):
                found[match.code] = match
        return sorted(found.values(), key=lambda m: (-m.score, m.code))[:limit]

    def _compare(self, name: _Name, said: _Said) -> NameMatch | None:
        shared = {s for s in name.syllables if said.has(s)}
        if not shared:
            return None
        weight = sum(map(self.weight, shared))
        pairs = list(pairwise(name.syllables))
        kept = sum((x, y) in said.pairs or (fold(x), fold(y)) in said.pairs for x, y in pairs)
        either = shared | set(map(fold, shared))
        hit = {q for q in said.all if q in either}
        asked = said.core | hit
        total = sum(map(self.weight, asked))
        in_card = sum(self.weight(q) for q in asked if q in self._of_card[name.code])
        return NameMatch(
            code=name.code,
            name=name.text,
            name_share=weight / name.weight(self.weight),
            query_share=sum(map(self.weight, hit)) / total,
            card_share=in_card / total,
            order_share=kept / len(pairs) if pairs else 1.0,
            weight=weight,
        )


class _Said:
    """The syllables of a question, ready to be looked up."""

    def __init__(self, said: Sequence[str], core: Sequence[str]) -> None:
        self.all = frozenset(said)
        self.core = frozenset(core)
        self.pairs = frozenset(pairwise(said))

    def has(self, syllable: str) -> bool:
        """Whether a name's syllable was said, with its diacritics or without any."""
        return syllable in self.all or fold(syllable) in self.all


def same(typed: str, meant: str) -> bool:
    """Whether a typed syllable can be ``meant``; bare ones can be several."""
    return typed == meant or (typed.isascii() and typed == fold(meant))


def names_of(card: ProcedureCard) -> Iterable[str]:
    """All names of a procedure, without "(thực hiện tại cấp tỉnh)"."""
    yield from vietnamese_names(card)
    yield card.english_name
    yield from card.english_other_names


def vietnamese_names(card: ProcedureCard) -> Iterable[str]:
    """Those of them that are in Vietnamese."""
    yield _ASIDE.sub("", card.name)
    yield card.short_name
    yield from card.other_names
