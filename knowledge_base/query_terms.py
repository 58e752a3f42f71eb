"""What a query asks for, in the terms the index knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from knowledge_base.index.diacritics import Restorer
from knowledge_base.index.words import code_keys
from knowledge_base.related import related
from knowledge_base.stop_words import ASKING, FUNCTION, STOP_WORDS
from knowledge_base.typed import repair
from knowledge_base.vietnamese import (
    clean,
    document_number,
    expand_abbreviations,
    fold,
    is_bare,
    procedure_code,
    tokens,
    words,
)

# Of a query, in characters: what comes after is not read. And of a word that is segmented.
_LONGEST = 4000
_LONGEST_WORD = 30

_ARTICLE = re.compile(r"\b(?:điều|dieu)\s+(\d+[a-zđ]?)\b", re.IGNORECASE)
# The kinds of documents, folded, and what their numbers are marked with.
_KINDS = {
    "thong tu lien tich": "ttlt",
    "thong tu": "tt",
    "tt": "tt",
    "ttlt": "ttlt",
    "nghi dinh": "nd",
    "nd": "nd",
    "nghi quyet": "nq",
    "nq": "nq",
    "quyet dinh": "qd",
    "qd": "qd",
    "bo luat": "qh",
    "luat": "qh",
}
_KIND_NUMBER = re.compile(
    rf"\b({'|'.join(_KINDS)})\s+(?:so\s+)?(\d{{1,5}})(?:\s*/\s*|\s+nam\s+)((?:19|20)\d{{2}})\b"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """Documents, articles and procedure codes that a query names."""

    numbers: tuple[str, ...] = ()  # "30/2020", or "30/2020/nd-cp"
    articles: tuple[str, ...] = ()  # "35"
    # Of each document the keys to look up, the most telling first: "30/2020/nd-cp", "30/2020|nd".
    asked: tuple[tuple[str, ...], ...] = ()
    codes: tuple[str, ...] = ()  # "1.004222"


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """A query, normalised. ``accented`` and ``folded`` run in parallel.

    ``weights[i]`` is how much token ``i`` counts, ``joints[i]`` how much the
    pair of tokens ``i`` and ``i + 1`` does. ``keys`` are short code keys.
    ``content`` are the folded words without question and function words,
    everyday names replaced by official ones: what an answer has to be about.
    ``filed`` are the phrases that offices use for what a short query says;
    the first ``own`` tokens are the query's, the rest such phrases. ``subject``
    is what of ``content`` is asked, where the rest says where to look.
    """

    text: str
    bare: bool
    accented: tuple[str, ...]
    folded: tuple[str, ...]
    weights: tuple[float, ...]
    joints: tuple[float, ...]
    keys: tuple[str, ...]
    content: tuple[str, ...]
    citation: Citation
    filed: tuple[str, ...] = ()
    own: int = 0
    subject: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """The query as it was meant: abbreviations written out, diacritics put back."""
        return self.text

    @property
    def embedded(self) -> str:
        """The query for the embedder; a short one with the words that offices use for it."""
        return " ".join((self.text, *self.filed))

    def within(self, spans: Iterable[tuple[int, int]], share: float) -> QueryTerms:
        """These terms where the tokens of ``spans`` say where to look, the rest for what.

        They count ``share`` of what they did, and need not be in the name that is looked for.
        Nothing changes where a query says nothing else.
        """
        inside = {at for start, end in spans for at in range(start, min(end, self.own))}
        said = {token for at, token in enumerate(self.folded) if at not in inside}
        subject = tuple(token for token in self.content if token in said)
        if not inside or not subject:
            return self
        return replace(
            self,
            weights=tuple(
                weight * (share if at in inside else 1.0) for at, weight in enumerate(self.weights)
            ),
            joints=tuple(
                joint * (share if {at, at + 1} & inside else 1.0)
                for at, joint in enumerate(self.joints)
            ),
            subject=subject,
        )


@dataclass(frozen=True, slots=True)
class TermWeights:
    asking: float = 0.3
    function: float = 1.0
    joint: float = 0.7
    word: float = 1.1
    stop_joint: float = 0.6
    related: float = 0.5  # words the query does not have but offices use for what it says
    short: float = 12.0  # tokens of a query up to which they count fully
    long: float = 3.0  # tokens of such a phrase from which on they share its weight
    sure: float = 1.6  # … when it stands for several words
    replaced: float = 0.7  # what those words themselves then count
    place: float = 0.3  # words of a law's name: they say where to look, and it is known which


def analyse(
    text: str,
    restorer: Restorer | None,
    extra: Mapping[str, str] | None = None,
    *,
    segment: bool = True,
    tuned: TermWeights = TermWeights(),
) -> QueryTerms:
    """Normalise a query. Never fails: the worst query has no terms."""
    repaired = repair(text[:_LONGEST], extra=extra, reader=restorer.reader if restorer else None)
    typed, bare = repaired.text, is_bare(clean(text[:_LONGEST]))
    spoken = expand_abbreviations(typed, extra)
    if bare and restorer is not None:
        spoken = _restored(spoken, restorer)
    accented = tokens(spoken)
    stop = [token in STOP_WORDS for token in accented]
    weights = [
        tuned.asking if token in ASKING else tuned.function if token in FUNCTION else 1.0
        for token in accented
    ]
    inside = _inside_words(accented) if segment else [False] * len(accented)
    joints = []
    for at in range(len(accented) - 1):
        if stop[at] and stop[at + 1]:
            joints.append(0.0 if not inside[at] else tuned.stop_joint)
        elif stop[at] or stop[at + 1]:
            joints.append(tuned.word if inside[at] else tuned.stop_joint)
        else:
            joints.append(tuned.word if inside[at] else tuned.joint)
    keys, citation = code_keys(accented), _citation(typed, accented)
    # A long text says what it is about; a short question leaves most of it to be guessed.
    share = tuned.related * min(1.0, tuned.short / max(len(accented), 1))
    added: list[str] = []
    found = related(accented, inside)
    filed = tuple(" ".join(one.phrase) for one in found) if len(accented) <= tuned.short else ()
    for one in found:
        # What is said in several words says it surely, and the words themselves matter less.
        sure = one.size > 1
        much = share * (tuned.sure if sure else 1.0) * min(1.0, tuned.long / len(one.phrase))
        if sure:
            for at in range(one.start, one.start + one.size):
                weights[at] *= tuned.replaced
        joints += [0.0, *[much * tuned.joint] * (len(one.phrase) - 1)]
        weights += [much] * len(one.phrase)
        added += one.phrase
    accented += added
    return QueryTerms(
        text=spoken,
        bare=bare,
        accented=tuple(accented),
        folded=tuple(map(fold, accented)),
        weights=tuple(weights),
        joints=tuple(joints),
        keys=tuple(keys),
        content=_content(typed, spoken, bare, restorer, extra),
        citation=citation,
        filed=filed,
        own=len(accented) - len(added),
    )


def _content(
    typed: str,
    spoken: str,
    bare: bool,
    restorer: Restorer | None,
    extra: Mapping[str, str] | None,
) -> tuple[str, ...]:
    named = expand_abbreviations(typed, extra, synonyms=True)
    if bare and restorer is not None:
        named = _restored(named, restorer)
    words = [token for token in tokens(named) if token not in STOP_WORDS]
    return tuple(dict.fromkeys(map(fold, words or tokens(spoken))))


def _restored(text: str, restorer: Restorer) -> str:
    """Restore what repair left bare, now that abbreviations around it are written out."""
    plain = tokens(text)
    read = restorer.restore([fold(token) for token in plain])
    best = [
        token if not token.isascii() or not token.isalpha() else reading
        for token, reading in zip(plain, read, strict=True)
    ]
    return text if best == plain else " ".join(best)


def _inside_words(accented: list[str]) -> list[bool]:
    """Whether tokens ``i`` and ``i + 1`` are of one word, as underthesea segments."""
    joined = [False] * len(accented)
    at = 0
    try:
        # The segmenter's patterns take seconds over one endless word.
        short = ["x" if len(token) > _LONGEST_WORD else token for token in accented]
        segmented = words(" ".join(short)) if short else []
    except Exception:  # a broken segmenter costs a little ranking, not the search
        return joined
    for word in segmented:
        size = len(tokens(word))
        for step in range(at, min(at + size - 1, len(accented) - 1)):
            joined[step] = True
        at += size
    return joined


def _citation(text: str, accented: list[str]) -> Citation:
    numbers: dict[str, None] = {}
    codes: dict[str, None] = {}
    for token in accented:
        number, code = document_number(token), procedure_code(token)
        if number is not None:
            numbers[f"{number.key}/{number.issuer}" if number.issuer else number.key] = None
        if code is not None:
            codes[code] = None
    kinds: dict[str, str] = {}
    for match in _KIND_NUMBER.finditer(fold(text)):
        short = f"{int(match[2])}/{match[3]}"
        kinds[short] = _KINDS[match[1]]
        numbers.setdefault(short, None)
    asked = [_keys(number, kinds) for number in numbers]
    # "30/2020" beside "30/2020/NĐ-CP" is the same document.
    whole = {keys[-1] for keys in asked if len(keys) == _WHOLE}
    asked = [keys for keys in asked if len(keys) == _WHOLE or keys[-1] not in whole]
    articles = dict.fromkeys(match[1].lower() for match in _ARTICLE.finditer(text))
    return Citation(tuple(numbers), tuple(articles), tuple(asked), tuple(codes))


_WHOLE = 3  # keys of a number with its issuer


def _keys(number: str, kinds: Mapping[str, str]) -> tuple[str, ...]:
    """Keys of one number, the most telling first: whole, by its kind, by number and year."""
    serial, year, *issuers = number.split("/", 2)
    short = f"{serial}/{year}"
    if issuers:
        return number, f"{short}|{issuers[0].split('-')[0].rstrip('0123456789')}", short
    return (f"{short}|{kinds[short]}", short) if short in kinds else (short,)
