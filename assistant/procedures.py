"""The procedures an installation knows, ready to be recognised in questions."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from assistant.confidence import CardWords
from assistant.steps.understand_question import function_syllables, weak_words
from knowledge_base.card_text import card_lines
from knowledge_base.documents import ProcedureCard
from knowledge_base.exact_names import ExactNames, Named
from knowledge_base.names import NameIndex, NameMatch, names_of, vietnamese_names
from knowledge_base.search import KnowledgeBase
from knowledge_base.vietnamese import expand_abbreviations, tokens

#: What a word of a story weighs beside a word of a procedure.
_WEAK = 0.3


class Procedures:
    """Cards by code and by name; made anew when the corpus changes."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._lock = threading.Lock()
        self._version: str | None = None
        self._cards: dict[str, ProcedureCard] = {}
        self._names = NameIndex((), frozenset())
        self._exact = ExactNames(())
        self._words: dict[str, CardWords] = {}
        self._spelled: dict[str, tuple[tuple[str, ...], ...]] = {}

    def card(self, code: str) -> ProcedureCard | None:
        """The card with this code."""
        self._refresh()
        return self._cards.get(code)

    def cards(self) -> tuple[ProcedureCard, ...]:
        """All cards."""
        self._refresh()
        return tuple(self._cards.values())

    def match(self, said: Sequence[str], core: Sequence[str], limit: int = 10) -> list[NameMatch]:
        """Which procedures a question names, best first."""
        self._refresh()
        return self._names.match(said, core, limit)

    def exactly(self, said: Sequence[str]) -> Named | None:
        """The longest official name that stands in a question."""
        self._refresh()
        return self._exact.find(said)

    @property
    def everything(self) -> Procedures:
        """All procedures there are: what words may name, whether or not it is answered here."""
        return self

    def weight(self, syllable: str) -> float:
        """How telling a syllable is: by names of procedures, less for words of stories."""
        self._refresh()
        return self._names.weight(syllable) * (_WEAK if syllable in weak_words() else 1.0)

    def words_of(self, card: ProcedureCard) -> CardWords:
        """The canonical syllables of a card's names and text."""
        self._refresh()
        if card.code not in self._words:
            names = tokens(" . ".join(names_of(card)))
            text = " . ".join(line.text for line in card_lines(card) if line.slot != "sources")
            self._words[card.code] = CardWords(names, tokens(text))
        return self._words[card.code]

    def spelled(self, card: ProcedureCard) -> tuple[tuple[str, ...], ...]:
        """The canonical syllables of each of a card's Vietnamese names, all of them, in order."""
        self._refresh()
        if card.code not in self._spelled:
            names = (tokens(expand_abbreviations(n, document=True)) for n in vietnamese_names(card))
            self._spelled[card.code] = tuple(dict.fromkeys(tuple(name) for name in names if name))
        return self._spelled[card.code]

    @property
    def highest(self) -> float:
        """The weight of a syllable that no name has."""
        self._refresh()
        return self._names.highest

    def _refresh(self) -> None:
        version = self._knowledge.corpus_version
        if version == self._version:
            return
        with self._lock:
            if version == self._version:
                return
            cards = {card.code: card for card in self._knowledge.cards()}
            named = ((card.code, names_of(card)) for card in cards.values())
            self._names = NameIndex(named, function_syllables())
            self._exact = ExactNames(cards.values())
            self._cards, self._words, self._spelled = cards, {}, {}
            self._version = version
