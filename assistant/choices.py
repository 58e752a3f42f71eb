"""A list of procedures to choose from: how it is offered, and which of it a message chooses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.procedures import Procedures
from assistant.replies import Replies
from assistant.tables import Phrase, phrases, table
from assistant.vocabulary import Draft, Ending, Status, Turn
from knowledge_base.documents import ProcedureCard
from knowledge_base.vietnamese import fold, tokens

_CODE = re.compile(r"\(mã ([\w.]+)\)")
_IN_BRACKETS = re.compile(r" \((.+)\)$")
#: The share of what is said that names must have to be chosen by it, and by how much more of it
#: than the next.
_SAID, _ALL, _CLEARLY = 0.5, 0.7, 0.15
_SPOKEN = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_NUMBERS = dict(zip("123456789", _SPOKEN, strict=True))


def offered(history: Sequence[Turn]) -> Turn | None:
    """The last turn (thanks and the like aside), if it offered anything to ask."""
    said = [turn for turn in history if turn.status is not Status.SMALL_TALK]
    return said[-1] if said and said[-1].choices else None


def offer(draft: Draft, names: Sequence[str], slots: Sequence[str], replies: Replies) -> Ending:
    """The list, to choose from by number or by words."""
    lines = [replies.speaking(draft.understood.english).status(Status.CLARIFY)]
    lines += [f"{n}. {name}" for n, name in enumerate(names, 1)]
    kept = replace(draft, suggestions=tuple(names), slots=tuple(slots))
    return Ending(kept, Status.CLARIFY, "\n".join(lines))


def by_number(spoken: Sequence[str], count: int) -> int | None:
    """Which of ``count`` choices a message names by its place, from 1; None if it names none.

    What is said beside the place must be words of choosing. A number that is
    not in the list comes back as 0.

    >>> by_number(["cái", "thứ", "2", "nhé"], 3), by_number(["7"], 3), by_number(["5", "tuổi"], 5)
    (2, 0, None)
    """
    left = list(spoken)
    found: set[int] = set()
    for place, words in _ordinals():
        for phrase in words:
            if (at := phrase.at(left)) >= 0:
                left[at : at + len(phrase.syllables)] = []
                found.add(count if place == "last" else int(place))
                break
    left = _without(left, phrases("follow_ups", "choosing"))
    if not found and len(left) == 1 and left[0].isdigit():
        return 0
    if len(found) != 1 or left:
        return None
    (which,) = found
    return which if which <= count else 0


def by_words(
    content: Sequence[str],
    cards: Sequence[ProcedureCard],
    procedures: Procedures,
    *,
    all_said: bool = False,
) -> ProcedureCard | None:
    """The one of ``cards`` whose names have clearly more of what is said than the others'.

    ``all_said``: they must have (nearly) all of it.
    """
    said = {_NUMBERS.get(word, word) for word in content if not _is_choosing(word)}
    mass = {word: procedures.weight(word) for word in said}
    total = sum(mass.values())
    fits = [
        sum(mass[word] for word in said if procedures.words_of(card).names_it(word))
        for card in cards
    ]
    best = max(fits, default=0.0)
    if not total or best < (_ALL if all_said else _SAID) * total:
        return None
    near = [card for card, fit in zip(cards, fits, strict=True) if fit > best - _CLEARLY * total]
    return near[0] if len(near) == 1 else None


def by_label(text: str, cards: Sequence[ProcedureCard]) -> ProcedureCard | None:
    """The one of ``cards`` whose whole label ``text`` begins with: a button was pressed."""
    said = fold(text)
    named = [card for card in cards if said.startswith(fold(card.short_name))]
    return max(named, key=lambda card: len(card.short_name), default=None)


def in_english(label: str, card: ProcedureCard) -> str:
    """The label of a choice for English readers; `cards_of` reads it, too."""
    return f"{card.english_name} ({label})" if card.english_name else label


def cards_of(names: Sequence[str], procedures: Procedures) -> tuple[ProcedureCard | None, ...]:
    """The cards that choices were made of, each by its label."""
    by_name: dict[str, ProcedureCard] = {}
    wanted = {*names, *map(_own, names)}
    for card in procedures.cards():
        if card.short_name in wanted:
            known = by_name.get(card.short_name)
            if known is None or (card.english_name and not known.english_name):
                by_name[card.short_name] = card
    found = []
    for name in names:
        code = _CODE.search(name)
        found.append(
            procedures.card(code[1]) if code else by_name.get(name) or by_name.get(_own(name))
        )
    return tuple(found)


def _own(label: str) -> str:
    """The Vietnamese name in a label for English readers."""
    found = _IN_BRACKETS.search(label)
    return found[1] if found else label


def _ordinals() -> list[tuple[str, tuple[Phrase, ...]]]:
    rows = table("follow_ups")["ordinals"]
    made = [
        (str(place), tuple(Phrase(tuple(tokens(str(word)))) for word in words))
        for place, words in rows.items()
    ]
    return [
        (place, tuple(sorted(words, key=lambda phrase: -len(phrase.syllables))))
        for place, words in made
    ]


def _without(spoken: Sequence[str], rows: Sequence[Phrase]) -> list[str]:
    left = list(spoken)
    for phrase in rows:
        while (at := phrase.at(left)) >= 0:
            left[at : at + len(phrase.syllables)] = []
    return left


def _is_choosing(word: str) -> bool:
    single = {p.syllables[0] for p in phrases("follow_ups", "choosing") if len(p.syllables) == 1}
    return word in single or fold(word) in single
