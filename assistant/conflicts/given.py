"""Two provisions that were put side by side, or found to be of one thing, in words of their own.

In free wording the words around a slot do not agree; what is compared here is what
each provision has one of: its figure of a kind, its body that decides, its duty.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from assistant.conflicts.agents import Agent, agents
from assistant.conflicts.beside import has
from assistant.conflicts.norms import Norm, said_of
from assistant.conflicts.orders import orders
from assistant.conflicts.slots import Kind, Slot, body_name
from assistant.conflicts.terms import lacking, spoken, terms, terms_of
from assistant.conflicts.verdicts import (
    AGAINST,
    TIME,
    ConflictKind,
    Difference,
    equal,
    fits,
    left,
)  # fmt: skip
from assistant.conflicts.words import words

_BASE, _SHARE = 0.36, 0.6  # confidence of a difference: a part that is fixed, a part by likeness
_COUNTED = frozenset(("người", "bản", "bộ"))  # of which a number can fill a bound
_ONE_DOING = 0.62  # likeness from which a right and a duty can be of one doing
_SAID_PLAINLY = 0.75  # likeness from which what is done is held against what need not be done
_AHEAD = 5  # terms after a word of duty that say what it is of


def freely(a: Norm, b: Norm, like: float) -> tuple[Difference, ...]:
    """What the two say differently, whatever their wording; ``like``: see `terms.likeness`."""
    found = [
        *_figures(a, b, like),
        *_agents(a, b, like),
        *_places(a, b, like),
        *(list(_duties(a, b, like)) or _spared(a, b, like)),
        *orders(a, b, like),
        *_definitions(a, b, like),
    ]
    return tuple(found or _only(a, b, like))


def _sure(like: float, less: float = 0.0) -> float:
    return round(max(0.0, min(0.99, _BASE + _SHARE * like - less)), 2)


def _made(kind: ConflictKind, one: Slot, other: Slot, sure: float) -> Difference:
    return Difference(
        kind, (one.start, one.end), (other.start, other.end), one.text, other.text, sure
    )


# --- figures ---------------------------------------------------------------------------------


def _figures(a: Norm, b: Norm, like: float) -> Iterator[Difference]:
    ones, others = left(a.of(Kind.FIGURE), b.of(Kind.FIGURE))
    by_unit: dict[str, tuple[list[Slot], list[Slot]]] = defaultdict(lambda: ([], []))
    for slot in ones:
        by_unit[_dimension(slot)][0].append(slot)
    for slot in others:
        by_unit[_dimension(slot)][1].append(slot)
    for unit, (here, there) in by_unit.items():
        pairs = [(x, y) for x in here for y in there if _against(x, y)]
        pairs.sort(key=lambda p: (p[0].bound != p[1].bound, abs(_at(a, p[0]) - _at(b, p[1]))))
        if not pairs:
            continue
        one, other = pairs[0]
        kind = ConflictKind.DEADLINE if unit == "time" else ConflictKind.FIGURE
        kind = ConflictKind.MONEY if unit == "đồng" else kind
        yield _made(kind, one, other, _sure(like, 0.0 if len(here) == len(there) else 0.06))


def _dimension(slot: Slot) -> str:
    return "time" if slot.unit in TIME else slot.unit


def _at(norm: Norm, slot: Slot) -> float:
    return slot.start / max(1, len(norm.text))


def _against(one: Slot, other: Slot) -> bool:
    """Whether the two figures cannot both hold for one thing."""
    if equal(one, other):
        return False
    least, most = {"least", "from", "trên"}, {"most", "to", "dưới"}
    for low, high in ((one, other), (other, one)):
        # "ít nhất 3 ngày" and "không quá 10 ngày" can both hold.
        if low.bound in least and high.bound in most and _size(low) <= _size(high):
            return False
    if one.unit in _COUNTED:
        # "ít nhất 07 thành viên" and "gồm 09 thành viên" can, too.
        for bounded, plain in ((one, other), (other, one)):
            if plain.bound or not bounded.bound:
                continue
            if bounded.bound in least and plain.number > bounded.number:
                return False
            if bounded.bound in most and plain.number < bounded.number:
                return False
    if one.unit in TIME and _size(one) != float("inf") != _size(other):
        return max(_size(one), _size(other)) <= 60 * max(1.0, min(_size(one), _size(other)))
    return True


def _size(slot: Slot) -> float:
    return slot.number * TIME.get(slot.unit, 1.0)


# --- who decides, where ------------------------------------------------------------------------


def _agents(a: Norm, b: Norm, like: float) -> Iterator[Difference]:
    here, there = agents(a.text), agents(b.text)
    ones = [x for x in here if not any(_same_body(x.value, y.value) for y in there)]
    others = [y for y in there if not any(_same_body(x.value, y.value) for x in here)]
    for one in ones:
        for other in others:
            # Whom the other names too, in another part, is no other body.
            elsewhere = one.value in body_name(b.text) or other.value in body_name(a.text)
            if elsewhere or (one.act and other.act and one.act != other.act):
                continue
            yield _of_agents(one, other, _sure(like))
            return


def _of_agents(one: Agent, other: Agent, sure: float) -> Difference:
    return Difference(
        ConflictKind.AUTHORITY, (one.start, one.end), (other.start, other.end), one.text,
        other.text, sure,
    )  # fmt: skip


def _same_body(x: str, y: str) -> bool:
    if x == y or {x, y} & words().any_body:
        return True
    shorter, longer = sorted((x, y), key=len)
    return longer.startswith(shorter + " ") or longer.endswith(" " + shorter)


def _places(a: Norm, b: Norm, like: float) -> Iterator[Difference]:
    for kind, conflict in (
        (Kind.PLACE, ConflictKind.TERRITORY), (Kind.DAY, ConflictKind.PERIOD),
    ):  # fmt: skip
        ones = [x for x in a.of(kind) if not any(fits(x, y) for y in b.of(kind))]
        others = [y for y in b.of(kind) if not any(fits(x, y) for x in a.of(kind))]
        if len(ones) == 1 and len(others) == 1:
            yield _made(conflict, ones[0], others[0], _sure(like, 0.05))


# --- duty ----------------------------------------------------------------------------------------


def _duties(a: Norm, b: Norm, like: float) -> Iterator[Difference]:
    ones, others = a.of(Kind.DUTY) or _implied(a), b.of(Kind.DUTY) or _implied(b)
    if any(_of_one(a, x, b, y) and x.value == y.value for x in ones for y in others):
        return
    for one in ones:
        for other in others:
            against = AGAINST.get(frozenset((one.value, other.value)))
            if against is None or not _of_one(a, one, b, other):
                continue
            kind, less = against
            if less and (like < _ONE_DOING or not _first(a, one) & _first(b, other)):
                continue  # "có quyền khiếu nại" and "phải giải quyết khiếu nại"
            yield _made(kind, one, other, _sure(like, less / 2))
            return


_EXEMPT = re.compile(
    r"\bđược miễn(?! nhiệm| trừ| thị thực)|\bmiễn (?:thu|phí|lệ phí|tiền|học phí|thuế)"
    r"|\bkhông (?:phải nộp|phải trả|phải đóng|thu)\b",
    re.IGNORECASE,
)


def _spared(a: Norm, b: Norm, like: float) -> Iterator[Difference]:
    """Nothing to pay or to do by one, and by the other a sum, or the doing without a word of duty.

    "được miễn lệ phí" and "nộp 50%", "không phải đóng phí" and "đóng phí theo năm".
    """
    for norm, other, turned in ((a, b, False), (b, a, True)):
        free = _EXEMPT.search(norm.text)
        denied = [s for s in norm.of(Kind.DUTY) if s.value == "not_required"]
        sums = [s for s in other.of(Kind.FIGURE) if s.unit in ("đồng", "%")]
        own = [s for s in norm.of(Kind.FIGURE) if s.unit in ("đồng", "%")]
        if _EXEMPT.search(other.text) or lacking(terms(norm), spoken(other)):
            continue  # what is spared some only leaves the others as they are
        if free and sums and not own and like >= _ONE_DOING:
            here, there = free.span(), (sums[0].start, sums[0].end)
        elif denied and like >= _SAID_PLAINLY and not other.of(Kind.DUTY):
            here, there = (denied[0].start, denied[0].end), (0, min(len(other.text), 80))
        else:
            continue
        made = Difference(
            ConflictKind.DUTY, here, there, norm.text[slice(*here)], other.text[slice(*there)],
            _sure(like, 0.05),
        )  # fmt: skip
        if turned:
            made = Difference(made.kind, made.b, made.a, made.said_b, made.said_a, made.confidence)
        yield made
        return


def _implied(norm: Norm) -> tuple[Slot, ...]:
    """The duty of a line that has none of its own, in a list of what is forbidden."""
    if norm.stem_duty != "forbid":
        return ()
    return (Slot(Kind.DUTY, 0, 0, "(bị cấm)", "forbid"),)


def _of_one(a: Norm, one: Slot, b: Norm, other: Slot) -> bool:
    """Whether two words of duty are of the same doing, by what follows them."""
    x, y = _ahead(a, one), _ahead(b, other)
    if not x or not y:
        # "…, không bắt buộc.": what it is of stands before it.
        return bool(x or y) and one.value != other.value and "bare" not in (one.value, other.value)
    return bool(x & y)


def _ahead(norm: Norm, slot: Slot) -> set[tuple[str, ...]]:
    after = [t for t in terms(norm) if t.at >= slot.end and t.weight >= 0.25]
    return {t.said for t in after[:_AHEAD] if t.weight >= 0.6}


def _first(norm: Norm, slot: Slot) -> set[tuple[str, ...]]:
    """What is done: the first word after a word of duty, "được" and the like left out."""
    after = [t.said for t in terms(norm) if t.at >= slot.end and t.weight >= 0.3]
    return set(after[:1])


# --- what a word means ---------------------------------------------------------------------

_DEFINED = re.compile(
    r"(?:Trong (?:Luật|Nghị định|Thông tư|Quy định|Quyết định) này,\s*)?"
    r"[\"“]?(?P<what>[^\"”,;:]{3,70}?)[\"”]?\s+(?:là|được hiểu là)\s+(?P<sense>.{12,})",
    re.DOTALL,
)
_SAME_SENSE = 0.6  # of the terms of two definitions, that two wordings of one share


def define_the_same(a: Norm, b: Norm) -> bool:
    """Whether both say what one word means."""
    one, other = _DEFINED.match(a.text), _DEFINED.match(b.text)
    return one is not None and other is not None and _plain(one["what"]) == _plain(other["what"])


def _definitions(a: Norm, b: Norm, like: float) -> Iterator[Difference]:
    """One word with two meanings; how alike the senses are tells it from two wordings."""
    one, other = _DEFINED.match(a.text), _DEFINED.match(b.text)
    if not one or not other or not define_the_same(a, b):
        return
    here = {t.said for t in terms_of(one["sense"]) if t.telling}
    there = {t.said for t in terms_of(other["sense"]) if t.telling}
    if min(len(here), len(there)) < 3 or a.of(Kind.DUTY) != () != b.of(Kind.DUTY):
        return
    if 2 * len(here & there) < _SAME_SENSE * (len(here) + len(there)):
        yield Difference(
            ConflictKind.DEFINITION, one.span("sense"), other.span("sense"), one["sense"][:80],
            other["sense"][:80], round(0.6 + 0.25 * like, 2),
        )  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(word for word, _ in said_of(text))


# --- for some only ---------------------------------------------------------------------------

_WIDER = 0.55  # likeness from which a word like "chỉ" is held against a rule without it
_NOT_ONLY = frozenset(("đạo", "huy", "định", "giới", "tiêu", "thị", "dẫn", "số"))  # "chỉ đạo", …


def _only(a: Norm, b: Norm, like: float) -> Iterator[Difference]:
    """One is only for some of what the other is for, or for other things, too."""
    if like < _WIDER:
        return
    for norm, other, turned in ((a, b, False), (b, a, True)):
        start = _confined(norm, other)
        if start < 0:
            continue
        span, whole = (start, min(len(norm.text), start + 60)), (0, len(other.text))
        made = Difference(
            ConflictKind.SCOPE, span, whole, norm.text[slice(*span)], "", _sure(like, 0.08)
        )
        if turned:
            made = Difference(made.kind, whole, span, "", made.said_a, made.confidence)
        yield made
        return


def _confined(norm: Norm, other: Norm) -> int:
    """Where words stand that confine ``norm`` or open it to more; -1 where there are none."""
    given = words()
    more = [t.at for t in lacking(terms(norm), spoken(other))]
    for phrase in (*given.confines, *given.opens):
        at = has(norm.said, phrase)
        after = norm.said[at + len(phrase) : at + len(phrase) + 1]
        if at < 0 or has(other.said, phrase) >= 0 or (phrase[-1] == "chỉ" and {*after} & _NOT_ONLY):
            continue
        start = norm.said_at[at]
        if any(place >= start for place in more):
            return start
    return -1


def most_alike(norms: Sequence[Norm], others: Sequence[Norm]) -> list[tuple[int, int, float]]:
    """For each of the fewer provisions the likest other one, as places and likeness."""
    from assistant.conflicts.terms import likeness

    scored = sorted(
        ((likeness(x, y), -i, -j) for i, x in enumerate(norms) for j, y in enumerate(others)),
        reverse=True,
    )
    used_a: set[int] = set()
    used_b: set[int] = set()
    found = []
    for like, i, j in scored:
        if -i in used_a or -j in used_b:
            continue
        used_a.add(-i)
        used_b.add(-j)
        found.append((-i, -j, like))
    return found
