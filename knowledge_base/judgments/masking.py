"""A judgment without what tells who it is about: the same person is the same sign throughout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge_base.judgments.identifiers import Span, apart, identifiers
from knowledge_base.judgments.organisations import Organisation, organisations
from knowledge_base.judgments.people import Mention, People
from knowledge_base.judgments.short_forms import forms_of
from knowledge_base.judgments.spelled import Taken
from knowledge_base.vietnamese import clean, fold

_MOTTO = re.compile(
    r"(?i)độc\s+lập\s*[-–—]\s*tự\s+do\s*[-–—]\s*hạnh\s+phúc|nhân\s+danh\b|nước\s+cộng\s+h(?:òa|oà)\s+xã\s+hội\s+chủ\s+nghĩa\s+việt\s+nam"
)


_MALE = ("ông", "anh", "cậu", "chú")
_TITLE = re.compile(r"(?<!\w)(ông|anh|cậu|chú|bà|chị|cô|dì|thím|mợ)\s+$")
_COURT = re.compile(r"thẩm phán|hội thẩm|thư ký|kiểm sát viên|chủ t(?:ọa|oạ)|viện kiểm sát")


@dataclass(frozen=True, slots=True)
class Masked:
    """``text`` may be kept. ``spans`` say what went, by offsets of the text before.

    ``counts``: how many of each kind; ``people`` and ``organisations``: how many different ones.
    """

    text: str
    spans: tuple[Span, ...] = field(repr=False)
    counts: Mapping[str, int]
    people: int
    organisations: int


def mask(text: str, *, keep_officials: bool = False) -> Masked:
    """``text`` with people as N1, N2, … and organisations as T1, T2, …

    Judges, prosecutors, clerks and lawyers are masked too unless ``keep_officials``.
    """
    text = clean(text)
    marks = identifiers(text)
    mottos = Taken(len(text), _mottos(text))
    marks = [mark for mark in marks if mottos.free(mark.start, mark.end)]
    marked = Taken(len(text), ((mark.start, mark.end) for mark in marks))
    bodies = [one for one in organisations(text) if marked.free(one.start, one.end)]
    taken = [*_mottos(text), *((s.start, s.end) for s in marks)]
    taken += [(o.start, o.end) for o in bodies]
    mentions = People(text, taken).found()
    signs = _signs(text, mentions)
    kept = _officials(mentions, signs) if keep_officials else frozenset()
    spans = [*marks, *_organisation_spans(bodies)]
    for mention in mentions:
        sign = signs[mention.start]
        if sign not in kept:
            spans.append(Span(mention.start, mention.end, "name", sign))
    spans = apart(spans)
    counts = Counter(span.kind for span in spans)
    return Masked(
        _put(text, spans),
        tuple(spans),
        dict(sorted(counts.items())),
        len({sign for sign in signs.values() if " " not in sign} - kept),
        len({_key(one, bodies) for one in bodies}),
    )


def _mottos(text: str) -> list[tuple[int, int]]:
    """The nation's name and motto, which hold syllables that people are called, too."""
    return [match.span() for match in _MOTTO.finditer(text)]


def _put(text: str, spans: Sequence[Span]) -> str:
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], span.put]
        at = span.end
    return "".join([*parts, text[at:]])


def _organisation_spans(found: Sequence[Organisation]) -> list[Span]:
    numbers: dict[str, int] = {}
    spans = []
    for one in found:
        number = numbers.setdefault(_key(one, found), len(numbers) + 1)
        head = one.head[:1].upper() + one.head[1:] if one.head else ""
        spans.append(Span(one.start, one.end, "organisation", f"{head} T{number}".strip()))
    return spans


def _key(one: Organisation, found: Sequence[Organisation]) -> str:
    """One sign for "Công ty TNHH Thép Trường Phát" and "Công ty Trường Phát"."""
    name = set(one.name.split())
    for other in found:
        theirs = set(other.name.split())
        if name <= theirs or theirs <= name:
            return other.name
    return one.name


def _signs(text: str, mentions: Sequence[Mention]) -> dict[int, str]:
    """The sign of each mention by its start; whole names first."""
    ordered = sorted(mentions, key=lambda m: m.start)
    wholes: dict[str, str] = {}  # name -> sign
    signs: dict[int, str] = {}
    by_form: dict[str, list[str]] = {}  # short form -> names
    for mention in ordered:
        if len(mention.name.split()) >= 2 and mention.alias_of < 0:
            by_form.setdefault(mention.name, [])
    full = list(by_form)
    shorts = {form for name in full for form in forms_of(name)}
    persons = [name for name in full if name not in shorts]
    for name in persons:
        for form in forms_of(name):
            by_form.setdefault(form, []).append(name)
    bare = {fold(name): name for name in persons}
    genders = {m.name: g for m in ordered if (g := _gender(text, m.start))}
    officials = {m.name for m in ordered if m.official or _is_official(text, m.start)}

    def sign_of(name: str) -> str:
        return wholes.setdefault(name, f"N{len(set(wholes.values())) + 1}")

    latest: dict[str, str] = {}
    for mention in ordered:
        if mention.alias_of >= 0 and mention.alias_of in signs:
            sign = signs[mention.alias_of]
            wholes.setdefault(mention.name, sign)
        elif mention.name in persons:
            sign = sign_of(mention.name)
        elif mention.name in wholes:
            sign = wholes[mention.name]
        elif fold(mention.name) in bare:
            sign = sign_of(bare[fold(mention.name)])
        else:
            candidates = list(dict.fromkeys(by_form.get(mention.name, [])))
            candidates = _meant(candidates, _gender(text, mention.start), genders, officials)
            if len(candidates) > 1:
                seen = [name for name in candidates if name in wholes]
                chosen = latest.get(mention.name) if len(seen) != 1 else seen[0]
                # Two people of one name: who is meant is not guessed.
                sign = (
                    sign_of(seen[0])
                    if len(seen) == 1
                    else " hoặc ".join(sign_of(name) for name in candidates)
                )
                latest[mention.name] = chosen or ""
            else:
                sign = sign_of(candidates[0] if candidates else mention.name)
        signs[mention.start] = sign
    return signs


def _meant(
    names: list[str], gender: str, genders: Mapping[str, str], officials: set[str]
) -> list[str]:
    """Of several people with one given name: those of the title's sex, then no officials."""
    if len(names) > 1 and gender:
        names = [n for n in names if genders.get(n, gender) == gender] or names
    if len(names) > 1:
        names = [n for n in names if n not in officials] or names
    return names


def _gender(text: str, start: int) -> str:
    """What the title right before a name says of it: "m", "f" or ""."""
    match = _TITLE.search(text[max(0, start - 14) : start].lower())
    return ("m" if match[1] in _MALE else "f") if match else ""


def _is_official(text: str, start: int) -> bool:
    """Whether the words before a name say that it is of the court."""
    line = text[text.rfind("\n", 0, start) + 1 : start].lower()
    above = text[max(0, start - 220) : start].lower()
    return bool(_COURT.search(line)) or (
        re.fullmatch(r"[\s\d.)/*-]*(?:ông|bà)\s*", line) is not None and "hội thẩm" in above
    )


def _officials(mentions: Sequence[Mention], signs: Mapping[int, str]) -> frozenset[str]:
    """Signs of people who are named as officials somewhere."""
    return frozenset(signs[m.start] for m in mentions if m.official)
