"""What a message of a conversation is, read with tables/turns.yml; no model, no history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.asked import slots_asked
from assistant.patterns import said
from assistant.personal_data import mask
from assistant.tables import Phrase, first, phrases, table
from assistant.vocabulary import Draft, Understanding
from knowledge_base.vietnamese import fold, tokens

_TABLE = "turns"
#: Syllables that may be said beside a life event and carry something; more is a question.
_BESIDE = 1
#: The intent of a question for a slot, in the order in which one stands for several.
INTENTS = {
    "fees": "ask_fee",
    "times": "ask_time",
    "online": "ask_online",
    "where": "ask_where",
    "authority": "ask_authority",
    "dossier": "ask_dossier",
    "steps": "ask_steps",
    "who": "ask_who",
    "conditions": "ask_conditions",
    "eligibility": "ask_conditions",
    "result": "ask_result",
    "validity": "ask_validity",
    "legal_basis": "ask_legal_basis",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of turn: phrases anywhere, phrases that are all of it, and what speaks against."""

    intent: str
    say: tuple[Phrase, ...]
    whole: tuple[Phrase, ...]
    both: tuple[tuple[Phrase, ...], ...]
    unless: tuple[Phrase, ...]
    narrow: bool


def readings(draft: Draft) -> tuple[tuple[str, ...], ...]:
    """A message with its diacritics put back, as it was typed, and with shorthand written out.

    Those that say the same are given once; the first counts most.
    """
    typed = tuple(tokens(draft.text))
    whole = tuple(tokens(mask(draft.question.text)))  # with courtesies: all of it may be thanks
    meant = tuple(tokens(draft.spoken)) if draft.spoken else typed
    short = _short()
    written = (_written_out(typed, short), _written_out(whole, short))
    return tuple(dict.fromkeys((meant, typed, *written)))


def _written_out(typed: Sequence[str], short: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return tuple(syllable for word in typed for syllable in short.get(word, (word,)))


def turn_intent(spoken: Sequence[Sequence[str]]) -> str | None:
    """The kind of turn that a message is, if it is no question; the first reading counts most."""
    for row in _rows():
        if any(_fits(row, each) for each in spoken):
            return row.intent
    return None


def corrects(spoken: Sequence[Sequence[str]]) -> bool:
    """Whether a message starts with a no and goes on."""
    return any(
        each[: len(phrase.syllables)] and phrase.at(each[: len(phrase.syllables)]) == 0
        for each in spoken
        for phrase in _phrases("corrects")
        if len(each) > len(phrase.syllables)
    )


def after_correction(spoken: Sequence[Sequence[str]]) -> str:
    """What is meant instead; empty where a message corrects nothing."""
    for each in spoken:
        for phrase in _phrases("corrects"):
            size = len(phrase.syllables)
            if len(each) > size and phrase.at(each[:size]) == 0:
                rest = each[size:]
                for end in phrases("follow_ups", "corrects_at_end"):
                    cut = len(end.syllables)
                    rest = rest[:-cut] if len(rest) > cut and end.at(rest[-cut:]) == 0 else rest
                return after_correction([rest]) or " ".join(rest)
    return ""


def asks_to_confirm(spoken: Sequence[Sequence[str]]) -> bool:
    """Whether a message says something and asks whether it is so ("…, đúng không?")."""
    return any(phrase.at(each) >= 0 for each in spoken for phrase in phrases("words", "confirm"))


def is_abuse(spoken: Sequence[Sequence[str]]) -> bool:
    """Whether there is nothing in a message but swearing."""
    for each in spoken:
        rude = {word for part in said("swearing", each) for word in part.split()}
        if rude and len([w for w in each if w not in rude and w not in _words("filler")]) <= 1:
            return True
    return False


def asked_intent(understood: Understanding, spoken: Sequence[Sequence[str]]) -> str:
    """The intent of a question."""
    if understood.document_numbers or understood.articles:
        return "ask_law"
    if understood.old_units:
        return "ask_place"
    for intent in table(_TABLE)["asks"]:
        if any(phrase.at(each) >= 0 for phrase in _asks(intent) for each in spoken):
            return str(intent)
    if any(first("routes", "document", each) for each in spoken):
        return "ask_law"
    return next((INTENTS[s] for s in INTENTS if s in understood.slots), "ask_procedure")


def event_of(understood: Understanding, spoken: Sequence[Sequence[str]]) -> str | None:
    """The life event that a message tells, where it asks for no one procedure."""
    if understood.document_numbers or understood.procedure_codes:
        return None
    read = [*spoken, understood.syllables]  # which has "chồng Hàn Quốc" as a foreigner
    read += [_without(each, _phrases("between")) for each in read]
    found = (event for each in read if (event := _event(understood, each)))
    # What a reading of "lam roi mat" hides, another one shows.
    return next((event for event in found if not speaks_against(event, spoken)), None)


def speaks_against(event: str, spoken: Sequence[Sequence[str]]) -> bool:
    """Whether words are said that this life event is never told with."""
    unless = _made(tuple(table(_TABLE)["event_unless"].get(event, ())))
    return any(phrase.at(each) >= 0 for phrase in unless for each in spoken)


def takes_up_journey(spoken: Sequence[Sequence[str]]) -> bool:
    """Whether a message asks for the checklist begun before."""
    return any(p.at(each) >= 0 for p in _phrases("journey_again") for each in spoken)


def instead_of(event: str) -> str:
    """The question that a life event comes to where nothing leads through it."""
    return str(table(_TABLE)["instead"].get(event, ""))


def _event(understood: Understanding, spoken: Sequence[str]) -> str | None:
    for event, what in _events().items():
        rest = _without(spoken, what)
        if len(rest) == len(spoken) or _denied(event, spoken):
            continue
        to_do = next((p for p in _phrases("to_do") if p.at(rest) >= 0), None)
        asks = set(slots_asked(rest)) - ({"steps", "dossier"} if to_do else set())
        for row in ("to_do", "when", "telling", "filler"):
            rest = _without(rest, _phrases(row))
        left = {w for w in rest if w in understood.content and not w[0].isdigit()}
        if len(left) <= _BESIDE and not asks - {"eligibility"}:
            return event
    return None


def _denied(event: str, spoken: Sequence[str]) -> bool:
    rows: Mapping[str, Any] = table(_TABLE)
    needs, unless = rows["event_needs"].get(event), rows["event_unless"].get(event, ())
    if needs and not any(p.at(spoken) >= 0 for p in _made(tuple(needs))):
        return True
    return any(p.at(spoken) >= 0 for p in _made(tuple(unless)))


def _fits(row: Row, spoken: Sequence[str]) -> bool:
    if any(phrase.at(spoken) >= 0 for phrase in row.unless):
        return False
    if any(phrase.at(spoken) >= 0 for phrase in row.say):
        return True
    if row.both and all(any(p.at(spoken) >= 0 for p in part) for part in row.both):
        return True
    if not row.narrow:
        rest = _without(spoken, row.whole)
        return len(rest) < len(spoken) and _words("filler").issuperset(rest)
    for phrase in row.whole:
        at = phrase.at(spoken)
        rest = [*spoken[:at], *spoken[at + len(phrase.syllables) :]]
        if 0 <= at <= 1 and _words("narrow").issuperset(rest):
            return True
    return False


def _without(spoken: Sequence[str], rows: Sequence[Phrase]) -> list[str]:
    left = list(spoken)
    for phrase in rows:
        while (at := phrase.at(left)) >= 0:
            left[at : at + len(phrase.syllables)] = []
    return left


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(
        Row(
            str(intent),
            _made(tuple(row.get("say", ()))),
            _made(tuple(row.get("whole", ()))),
            tuple(_made(tuple(part)) for part in row.get("both", ())),
            _made(tuple(row.get("unless", ()))),
            bool(row.get("narrow")),
        )
        for intent, row in table(_TABLE)["turns"].items()
    )


@cache
def _made(listed: tuple[object, ...]) -> tuple[Phrase, ...]:
    entries = [str(entry) for entry in listed]
    made = [Phrase(tuple(tokens(e.lstrip("="))), e.startswith("=")) for e in entries]
    return tuple(sorted(made, key=lambda phrase: -len(phrase.syllables)))


def _phrases(row: str) -> tuple[Phrase, ...]:
    return _made(tuple(table(_TABLE)[row]))


@cache
def _short() -> dict[str, tuple[str, ...]]:
    rows = {**table("patterns")["short"], **table(_TABLE)["short"]}
    return {str(short): tuple(tokens(str(long))) for short, long in rows.items()}


@cache
def _asks(intent: str) -> tuple[Phrase, ...]:
    return _made(tuple(table(_TABLE)["asks"][intent]))


@cache
def _events() -> dict[str, tuple[Phrase, ...]]:
    return {str(k): _made(tuple(v)) for k, v in table(_TABLE)["events"].items()}


@cache
def _words(row: str) -> frozenset[str]:
    """The syllables of a row, with and without their diacritics."""
    known = {word for phrase in _phrases(row) for word in phrase.syllables}
    return frozenset(known | {fold(word) for word in known})
