"""Read what a question says before anything is searched: slots, dates, claims, codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from assistant import amounts
from assistant.as_of import day_asked
from assistant.asked import ELIGIBILITY, VALIDITY, slot_phrases, slots_asked
from assistant.claims import claimed
from assistant.english_words import corrected, in_vietnamese, is_english, is_mixed
from assistant.patterns import said, told
from assistant.personal_data import without_signs
from assistant.tables import Phrase, first, phrases, table
from assistant.vocabulary import Clause, Draft, Understanding
from knowledge_base.errors import KnowledgeError
from knowledge_base.old_addresses import old_addresses
from knowledge_base.places import PlaceMention, mentioned, names_district
from knowledge_base.search import KnowledgeBase
from knowledge_base.vietnamese import expand_abbreviations, tokens

_STORY, _CLAUSE = 7, 2  # content syllables that make a story, and a clause of it
#: Words of talk that would be read as if they were the subject.
_MISREAD = (
    (re.compile(r"(?i)\b(đâu|gì|nhiêu|sao|nào|lâu|không|chưa|tiền)[ ,]+vay(?=\W*$)"), r"\1 vậy"),
    (re.compile(r"(?i)^\W*[aà] quen\b"), "à quên"),
    # "the can giay to gi", after an answer.
    (
        re.compile(r"(?i)^\W*th[ẻể] (?=cần|còn|nộp|làm|lệ phí|phí|mấy|bao|thì|mất|hết|ở|được|nếu)"),
        "thế ",
    ),
    # "Hộ chiếu mất bao lâu?": nothing is lost.
    (re.compile(r"(?i)\bm[ấa]t (?=(?:khoảng |khoang )?(?:bao l[âa]u|bao nhi|m[ấa]y))"), ""),
)
_BREAK = re.compile(r"[,.;:?!\n]|\b(?:giờ|bây giờ|nay|thì|mà|nên|nhưng|muốn|cần|rớt|rơi|lỡ)\b")
_EVERY = re.compile(r"\bhàng (tháng|năm|ngày|tuần|quý)\b")  # both are written, and mean the same
_TAKES = ("mất", "tốn", "hết", "mat", "ton", "het")  # before a figure: what it takes, not a loss
_ACCENTED = 3  # one syllable in so many with diacritics, and the text was typed with them
_GAP = "\0"  # stands where a phrase was taken out, so that its neighbours do not meet


@dataclass(frozen=True, slots=True)
class UnderstandQuestion:
    """Fill ``understanding`` and, where the words name a day, ``as_of``."""

    knowledge: KnowledgeBase

    def __call__(self, draft: Draft) -> Draft:
        asked = day_asked(draft.text, draft.as_of) or draft.as_of
        text = as_typed_right(without_signs(draft.text))
        meant = _of_talk(self._meant(text, draft.spoken))
        understanding = understand(text, meant)
        # The cards are in Vietnamese: an English question is searched by what its words are here.
        standalone = meant if understanding.english else _of_talk(_plainly(text, meant)[0])
        return replace(draft, understanding=understanding, as_of=asked, standalone=standalone)

    def _meant(self, text: str, spoken: str) -> str:
        """``text`` with diacritics put back; English with the words that the table knows."""
        if is_english(tokens(text)):
            return in_vietnamese(tokens(text))
        if is_mixed(tokens(text)):
            text = in_vietnamese(tokens(text))
        elif spoken:
            return spoken
        try:
            return self.knowledge.as_spoken(text)
        except KnowledgeError:
            return expand_abbreviations(text)


def _of_talk(meant: str) -> str:
    for found, right in _MISREAD:
        meant = found.sub(right, meant)
    return meant


def understand(text: str, meant: str) -> Understanding:
    """What the words of ``text`` say; ``meant`` is the same with its diacritics put back."""
    if _foreigner().search(text) and not _foreigner().search(meant):
        meant = f"{meant} người nước ngoài"  # "Lào" may have been read as "nào"
    meant = _foreigner().sub("người nước ngoài", meant)
    meant = _EVERY.sub(r"hằng \1", meant)
    district = names_district(meant)
    put_forward = claimed(text, meant)
    as_written, (text, meant) = text, _plainly(text, meant)
    spoken = tokens(meant)
    places = mentioned(meant)
    bare_of_places = _cut_out(meant, places)
    abroad = told("abroad", spoken) is not None or told("abroad", tokens(text)) is not None
    if not abroad and "hành" not in spoken:  # "giấy thông hành sang Lào" is a name
        bare_of_places = _going().sub(" ", bare_of_places)
    about = tokens(bare_of_places)
    typed = tokens(expand_abbreviations(text))
    slots = slots_asked(tokens(text), typed, spoken)
    if not set(slots) - {ELIGIBILITY} and put_forward.slot and not district:
        slots = (put_forward.slot,)
    if slots == (ELIGIBILITY,) and places:
        slots = ("where", ELIGIBILITY)  # "… nộp ở Huế được không?"
    if not set(slots) - {ELIGIBILITY} and district:
        slots = ("where",)  # "… ở công an huyện phải không?" asks for the place
    return Understanding(
        syllables=tuple(spoken),
        subject=subject(about),
        content=content(about),
        clauses=clauses(bare_of_places),
        slots=slots,
        english=is_english(tokens(text)),
        claims=put_forward.amounts,
        offices=put_forward.offices,
        names_district=district,
        old_places=tuple((p.former, p.province.name) for p in places if p.former),
        old_units=old_addresses(as_written) or old_addresses(meant),
        document_numbers=amounts.document_numbers(as_written),
        procedure_codes=amounts.procedure_codes(as_written),
        articles=amounts.articles(as_written),
        foreign=said("state", spoken) or said("state", tokens(text)),
        abroad=abroad,
        in_domain=first("domain", "domain", spoken) is not None,
    )


@cache
def _foreigner() -> re.Pattern[str]:
    """ "người Nhật", "chồng Hàn Quốc": a person of another state, whichever it is."""
    return re.compile(
        rf"\b(?:(?:người|chồng|vợ|cha|bố|mẹ|quốc tịch)\s+(?:{_states()})"
        r"|(?:người|khách|ông|bà|anh|chị|bạn|chồng|vợ)\s+(?:tây|ngoại quốc))\b",
        re.IGNORECASE,
    )


@cache
def _going() -> re.Pattern[str]:
    """ "… để đi Nhật": where a paper of ours is to be shown says nothing about the paper."""
    return re.compile(rf"\b(?:để\s+)?(?:đi|sang|qua)\s+(?:{_states()})\b", re.IGNORECASE)


@cache
def _states() -> str:
    """The names of other states as alternatives of a regular expression, the longest first."""
    states = (" ".join(phrase.syllables) for phrase in phrases("domain", "foreign"))
    return "|".join(sorted(map(re.escape, states), key=len, reverse=True))


def _cut_out(text: str, places: Sequence[PlaceMention]) -> str:
    """``text`` without the names of provinces: where one lives is not what one asks."""
    for place in sorted(places, key=lambda place: -place.start):
        text = f"{text[: place.start]} {text[place.end :]}"
    return text


def as_typed_right(text: str) -> str:
    """An English ``text`` with its mistyped words put right; any other as it is."""
    words = tokens(text)
    right = corrected(words)
    return " ".join(right) if right != words and is_english(right) else text


def subject(spoken: Sequence[str]) -> tuple[str, ...]:
    """The syllables without those that ask for a fee, a time or a place.

    "mất bao lâu" must not be read as something lost.
    """
    return _without(spoken, slot_phrases("fees", "times", "where", VALIDITY))


def content(spoken: Sequence[str]) -> tuple[str, ...]:
    """The syllables that carry the subject: no slot words, no function words."""
    function = _function_as_written() if _is_accented(spoken) else phrases("words", "function")
    spoken = [_GAP if _is_age(spoken, at) else word for at, word in enumerate(spoken)]
    left = _without(spoken, slot_phrases(), phrases("words", "confirm"), function)
    return tuple(word for word in left if not word[0].isdigit())


def _is_age(spoken: Sequence[str], at: int) -> bool:
    """Whether the word is that of an age: "5 tuổi" is no subject, and is read by its number."""
    return spoken[at] in ("tuổi", "tuoi") and at > 0 and spoken[at - 1].isdigit()


def _is_accented(spoken: Sequence[str]) -> bool:
    """Whether the words have their diacritics: then "thi" is no "thì", "minh" no "mình"."""
    return sum(not word.isascii() for word in spoken) * _ACCENTED >= len(spoken)


@cache
def _function_as_written() -> tuple[Phrase, ...]:
    return tuple(replace(phrase, exact=True) for phrase in phrases("words", "function"))


def clauses(meant: str) -> tuple[Clause, ...]:
    """The parts of a question that tells a story first ("Em mới sinh, giờ làm khai sinh…")."""
    if len(content(tokens(meant))) < _STORY:
        return ()
    parts = [tokens(part) for part in _BREAK.split(meant)]
    made = [Clause(subject(part), content(part)) for part in parts if part]
    return tuple(clause for clause in made if len(clause.content) >= _CLAUSE)


def _without(spoken: Sequence[str], *rows: Sequence[Phrase]) -> tuple[str, ...]:
    """``spoken`` without every phrase of ``rows``; what they stood between stays apart."""
    following = (*spoken, "")[1:]
    left = [
        _GAP if word in _TAKES and after[:1].isdigit() else word
        for word, after in zip(spoken, following, strict=True)
    ]
    for row in rows:
        for phrase in row:
            while (at := phrase.at(left)) >= 0:
                left[at : at + len(phrase.syllables)] = [_GAP]
    return tuple(word for word in left if word != _GAP)


def function_syllables() -> frozenset[str]:
    """Single syllables that carry no subject, for `knowledge_base.names.NameIndex`."""
    single = (p.syllables[0] for p in phrases("words", "function") if len(p.syllables) == 1)
    return frozenset(single)


@cache
def weak_words() -> frozenset[str]:
    """Syllables that tell the story around a question rather than its subject."""
    return frozenset(str(word) for word in table("words")["weak"])


def _plainly(text: str, meant: str) -> tuple[str, str]:
    """Both as if what they put forward had been asked for."""
    if is_english(tokens(text)):
        return text, meant
    plain = claimed(text, meant).plain
    return (plain[0], plain[1]) if plain else (text, meant)
