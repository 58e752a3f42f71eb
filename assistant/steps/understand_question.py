"""Read what a question says before anything is searched: slots, dates, claims, codes."""

from __future__ import annotations

from dataclasses import replace

from assistant import amounts
from assistant.as_of import day_asked
from assistant.tables import first, phrases, table
from assistant.vocabulary import Amount, Draft, Understanding
from knowledge_base.places import names_district
from knowledge_base.vietnamese import expand_abbreviations, fold, tokens

#: Fewer English words than this may be names in a Vietnamese question ("form", "passport").
_ENGLISH_WORDS = 2


def UnderstandQuestion(draft: Draft) -> Draft:
    """Fill ``understanding`` and, where the words name a day, ``as_of``."""
    understanding = understand(draft.text)
    asked = draft.question.as_of or day_asked(draft.text) or draft.as_of
    return replace(draft, understanding=understanding, as_of=asked, standalone=draft.text)


def understand(text: str) -> Understanding:
    """What the words of ``text`` say."""
    expanded = expand_abbreviations(text)
    spoken = tokens(expanded)
    english = is_english(tokens(text))
    slots = tuple(slot for slot in table("slots") if first("slots", slot, spoken))
    return Understanding(
        syllables=tuple(spoken),
        content=content(spoken),
        slots=slots,
        english=english,
        claims=_claims(text, spoken, slots),
        names_district=names_district(text),
        document_numbers=amounts.document_numbers(text),
        procedure_codes=amounts.procedure_codes(text),
        articles=amounts.articles(text),
        foreign=tuple(
            " ".join(phrase.syllables)
            for phrase in phrases("domain", "foreign")
            if phrase.at(spoken) >= 0
        ),
        in_domain=first("domain", "domain", spoken) is not None,
    )


def is_english(spoken: list[str]) -> bool:
    """Whether the question is in English rather than Vietnamese without diacritics."""
    known = {str(word) for word in table("words")["english"]}
    hits = sum(word in known for word in spoken)
    return (
        all(word.isascii() for word in spoken)
        and hits >= _ENGLISH_WORDS
        and hits * 4 >= len(spoken)
    )


def content(spoken: list[str]) -> tuple[str, ...]:
    """The syllables that carry the subject: no slot words, no function words."""
    left: list[str | None] = list(spoken)
    rows = [phrases("slots", slot) for slot in table("slots")]
    rows += [phrases("words", "confirm"), phrases("words", "function")]
    for row in rows:
        for phrase in row:
            while (at := phrase.at([word or "" for word in left])) >= 0:
                for n in range(len(phrase.syllables)):
                    left[at + n] = None
    return tuple(word for word in left if word and not word[0].isdigit())


def function_syllables() -> frozenset[str]:
    """Single syllables that carry no subject, for `knowledge_base.names.NameIndex`."""
    single = (p.syllables[0] for p in phrases("words", "function") if len(p.syllables) == 1)
    return frozenset(single)


def _claims(text: str, spoken: list[str], slots: tuple[str, ...]) -> tuple[Amount, ...]:
    """Figures the person puts forward to be confirmed, not those that describe their case."""
    if first("words", "confirm", spoken) is None:
        # "500k à?" puts a price forward even without asking to confirm it.
        return (
            amounts.money(text)
            if "fees" in slots and text.rstrip(" ?").endswith((" à", " hả"))
            else ()
        )
    return (*amounts.money(text), *amounts.durations(text))


__all__ = [
    "UnderstandQuestion",
    "content",
    "fold",
    "function_syllables",
    "is_english",
    "understand",
]
