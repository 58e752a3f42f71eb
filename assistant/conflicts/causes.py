"""Why two provisions may rightly differ. One small rule a cause; the first that fits is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise

from assistant.conflicts.apart import (
    another_grade,
    another_range,
    another_thing,
    denied_for_some,
    done_or_not,
    for_a_place,
    the_rest,
    what_it_is_not,
)
from assistant.conflicts.beside import has
from assistant.conflicts.compared import Compared
from assistant.conflicts.norms import Norm, said_of
from assistant.conflicts.slots import Kind
from assistant.conflicts.terms import Term, lacking, spoken, terms, terms_of
from assistant.conflicts.verdicts import VALUES, ConflictKind, Difference
from assistant.conflicts.words import Phrase, words
from knowledge_base.law.keys import numbers_in

#: Kinds in which the exception or the narrower subject is itself what differs.
_ABOUT_SCOPE = (
    ConflictKind.SCOPE, ConflictKind.EXCEPTION, ConflictKind.MANNER, ConflictKind.DEFINITION,
)  # fmt: skip
_DEFERS = re.compile(
    r"(?:luật|pháp luật|văn bản|điều ước quốc tế)[^.;]{0,60}(?:có )?quy định khác[^.;]{0,40}thì",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"(?:^|[,;:]\s*)(?:riêng|đối với|trường hợp|nếu|khi)\s+(?:đối với\s+|trường hợp\s+)?"
    r"([^,;:.]{3,120})",
    re.IGNORECASE,
)
# What is left to the parties themselves takes nothing off a rule.
_AT_WILL = re.compile(r"có nhu cầu|thỏa thuận|theo yêu cầu", re.IGNORECASE)
_SYLLABLE = re.compile(r"[^\W_]+")


def cause(pair: Compared, difference: Difference) -> str:
    """A Vietnamese sentence with the first legitimate cause; "" where none is seen."""
    for rule in _RULES:
        told = rule(pair, difference)
        if told:
            return told
    return ""


def _another_case(pair: Compared, difference: Difference) -> str:
    if difference.kind in _ABOUT_SCOPE:
        return ""
    for group in words().cases:
        here = _cases(pair.a, group)
        there = _cases(pair.b, group)
        if here and there and not here & there:
            return f"Hai quy định về trường hợp khác nhau: {_told(here)} và {_told(there)}."
    return ""


_BEGINS = (("kể", "từ", "ngày"), ("kể", "từ", "khi"), ("kể", "từ", "thời", "điểm"))


def _cases(norm: Norm, group: tuple[tuple[str, ...], ...]) -> set[tuple[str, ...]]:
    # "khiếu nại lần hai … kể từ ngày nhận quyết định giải quyết lần đầu": what it begins with
    # is no case of it.
    begins = min((at for p in _BEGINS if (at := has(norm.said, p)) >= 0), default=None)
    found = {p for p in group if _says(norm.said[:begins], p)}
    found = found or {p for p in group if _says(norm.said, p)}
    if not found:
        above = tuple(m[0].lower() for m in _SYLLABLE.finditer(f"{norm.stem} {norm.heading}"))
        found = {p for p in group if has(above, p) >= 0}
    # "cấp lại" is no "cấp": the longer phrase alone counts.
    return {p for p in found if not any(p != q and has(q, p) >= 0 for q in found)}


def _says(said: tuple[str, ...], phrase: Phrase) -> bool:
    """Whether a phrase is among syllables in which same words are said in one way."""
    return has(said, phrase) >= 0 or has(said, _in_one_way(phrase)) >= 0


@cache
def _in_one_way(phrase: Phrase) -> Phrase:
    return tuple(word for word, _ in said_of(" ".join(phrase)))


def _told(cases: set[tuple[str, ...]]) -> str:
    return ", ".join(sorted("“" + " ".join(p) + "”" for p in cases))


def _excepted(pair: Compared, difference: Difference) -> str:
    if difference.kind in _ABOUT_SCOPE:
        return ""
    here, there = pair.a.of(Kind.EXCEPTION), pair.b.of(Kind.EXCEPTION)
    if bool(here) != bool(there):
        slot = (here or there)[0]
        if _AT_WILL.search(slot.text):
            return ""
        return f"Có ngoại lệ nêu rõ: “{slot.text.strip(' ,(')}”."
    return ""


def _defers(pair: Compared, _: Difference) -> str:
    for norm, other in ((pair.a, pair.of_b), (pair.b, pair.of_a)):
        if _DEFERS.search(norm.text):
            return "Quy định này nhường cho văn bản khác có quy định khác."
        for slot in norm.of(Kind.REFERENCE):
            for found in numbers_in(slot.text):
                if other.number and found.whole and found.key in other.number.lower():
                    return f"Dẫn chiếu đến chính {other.name}."
    return ""


def _narrower_subject(pair: Compared, difference: Difference) -> str:
    """One is for some people or cases only ("riêng …", "đối với …"), which the other never says."""
    if difference.kind in _ABOUT_SCOPE:
        return ""
    for norm, other in ((pair.a, pair.b), (pair.b, pair.a)):
        whole = f"{other.heading} {other.stem} {other.before} {other.text}"
        known, said = _pairs(whole), " ".join(_syllables(whole))
        for text in (norm.before, norm.text):
            for match in _FOR.finditer(text):
                named = _pairs(match[1])
                # What opens the sentence is whom it is for: that must stand there as a whole.
                opens = match.start() == 0 and " ".join(_syllables(match[1])) not in said
                share = 0.7 if opens else 0.34
                long = len(match[1].split()) >= 6
                if long and not lacking(terms_of(match[1]), frozenset(said.split())):
                    continue  # it says nothing that the other does not
                if (opens or named) and len(named & known) <= share * len(named):
                    return f"Hai quy định có đối tượng khác nhau: “{match[1].strip()}”."
    return ""


def _pairs(text: str) -> set[tuple[str, str]]:
    """Syllables that follow each other: two of them are mostly a word."""
    said = _syllables(text)
    return set(pairwise(said))


_WHEN = re.compile(r"\b(?:khi|nếu|trường hợp|trong thời gian)\s+([^,;:.]{3,150})", re.IGNORECASE)
#: Of fines what is punished is the condition: "đối với hành vi …".
_PUNISHED = re.compile(r"\bđối với\s+([^,;:.]{3,150})", re.IGNORECASE)


def _other_condition(pair: Compared, difference: Difference) -> str:
    """Each holds under a condition of its own ("khi xe đang chạy", "khi xe đã dừng")."""
    if difference.kind in _ABOUT_SCOPE:
        return ""
    pattern = _PUNISHED if difference.kind is ConflictKind.MONEY else _WHEN
    here = [m[1] for m in pattern.finditer(pair.a.text)]
    there = [m[1] for m in pattern.finditer(pair.b.text)]
    if not here or not there:
        here = [m[1] for m in _WHEN.finditer(pair.a.text)]
        there = [m[1] for m in _WHEN.finditer(pair.b.text)]
    if not here or not there:
        return ""
    known_a, known_b = _pairs(pair.a.text), _pairs(pair.b.text)
    apart_a = all(_share(x, known_b) < 0.4 for x in here)
    apart_b = all(_share(y, known_a) < 0.4 for y in there)
    if apart_a and apart_b:
        return f"Hai quy định có điều kiện khác nhau: “{here[0].strip()}” và “{there[0].strip()}”."
    return ""


def _share(text: str, known: set[tuple[str, str]]) -> float:
    pairs = _pairs(text)
    return len(pairs & known) / len(pairs) if pairs else 1.0


def _subject_has_more(pair: Compared, difference: Difference) -> str:
    """Whom or what one is for is named more narrowly, and the other has nothing that it lacks."""
    if difference.kind not in VALUES:
        return ""
    here = lacking(terms(pair.a), spoken(pair.b))
    there = lacking(terms(pair.b), spoken(pair.a))
    for more, less, norm in ((here, there, pair.a), (there, here, pair.b)):
        if less:
            continue
        duty = min((s.start for s in norm.of(Kind.DUTY)), default=0)
        units = [s.unit for s in norm.of(Kind.FIGURE)]
        if len(units) > len(set(units)):
            continue  # it names a value for each of several cases itself
        named = [t for t in more if 0 < t.at < duty and _follows(t, norm)]
        for match in _ABOUT_WHAT.finditer(norm.text):
            named += [t for t in more if match.start() <= t.at < match.end() and t not in named]
        if len([word for t in named for word in t.said]) >= 3:
            told = " ".join(word for t in named for word in t.said)
            return f"Một quy định có đối tượng hẹp hơn: “{told}”."
    return ""


def _follows(term: Term, norm: Norm) -> bool:
    """Whether a term stands straight after another that tells something: "đất phi nông nghiệp"."""
    before = [t for t in terms(norm) if t.at < term.at]
    return bool(before) and before[-1].telling


_ABOUT_WHAT = re.compile(r"\b(?:về|trong lĩnh vực|trong ngành)\s+[^;:.]{3,120}", re.IGNORECASE)


def _of_what_it_is_not(pair: Compared, difference: Difference) -> str:
    """One is for what is not so ("công trình không phải nhà ở"), the other for what is."""
    if difference.kind not in VALUES:
        return ""
    marked = [any(s.value == "not_required" for s in n.of(Kind.DUTY)) for n in (pair.a, pair.b)]
    if marked[0] != marked[1]:
        return "Một quy định về trường hợp “không phải”, “miễn” mà quy định kia không nói."
    return ""


def _syllables(text: str) -> list[str]:
    return [m[0].lower() for m in _SYLLABLE.finditer(text)]


def _each_its_own(pair: Compared, difference: Difference) -> str:
    """Bodies that do a thing each within its own field, or each with its own value."""
    if difference.kind is ConflictKind.AUTHORITY:
        sides = (
            (pair.a, difference.said_a, difference.a[0]),
            (pair.b, difference.said_b, difference.b[0]),
        )
        for norm, said, at in sides:
            # Only of whom the sentence is about: "Bộ X trong phạm vi quản lý của mình …".
            own = norm.text.count(said) > 1 or (at <= 2 and _OWN_FIELD.search(norm.text))
            if said and own:
                return "Mỗi cơ quan làm việc này trong phạm vi của mình."
    if difference.kind in VALUES:
        here = {s.value for s in pair.a.of(Kind.BODY)}
        there = {s.value for s in pair.b.of(Kind.BODY)}
        if here and there and not here & there and not any(map(_levels, ((here, there),))):
            return _TWO_BODIES
    return ""


_OWN_FIELD = re.compile(
    r"(?:trong|theo|thuộc) phạm vi (?:chức năng|nhiệm vụ|quyền hạn|quản lý|địa phương|thẩm quyền)"
    r"|của mình\b|tại địa phương|ở địa phương",
    re.IGNORECASE,
)
_TWO_BODIES = "Hai quy định về việc của hai cơ quan khác nhau, mỗi cơ quan có mức riêng."


def _levels(sides: tuple[set[str], set[str]]) -> bool:
    """Whether one side's bodies are names of the other's ("cơ quan cấp phép")."""
    here, there = sides
    return bool((here | there) & words().any_body) or any(
        x.startswith(y) or y.startswith(x) for x in here for y in there
    )


def _reorganised(_: Compared, difference: Difference) -> str:
    if difference.kind is not ConflictKind.AUTHORITY:
        return ""
    here, there = difference.said_a.lower(), difference.said_b.lower()
    for row in words().renamed:
        swapped = (row.was in here and row.now in there) or (row.was in there and row.now in here)
        if swapped:
            return (
                f"Sắp xếp bộ máy: từ {row.since:%d/%m/%Y} {row.now} làm việc của {row.was}"
                " trước đây."
            )
    return ""


def _another_place(pair: Compared, difference: Difference) -> str:
    """Rules of two provinces are for two provinces."""
    if difference.kind not in (ConflictKind.AUTHORITY, ConflictKind.TERRITORY):
        return ""
    local = pair.of_a.rank >= 10 and pair.of_b.rank >= 10
    if local and pair.of_a.issuer and pair.of_a.issuer != pair.of_b.issuer:
        return "Hai văn bản của hai địa phương, mỗi văn bản áp dụng trên địa bàn của mình."
    return ""


_RULES: tuple[Callable[[Compared, Difference], str], ...] = (
    _another_case,
    _excepted,
    _defers,
    _narrower_subject,
    _other_condition,
    _subject_has_more,
    _of_what_it_is_not,
    _each_its_own,
    another_range,
    what_it_is_not,
    another_grade,
    done_or_not,
    denied_for_some,
    the_rest,
    for_a_place,
    another_thing,
    _reorganised,
    _another_place,
)
