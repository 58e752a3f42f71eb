"""What two provisions about the same thing say differently, slot by slot. Rules alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from assistant.conflicts.norms import Norm
from assistant.conflicts.slots import Kind, Slot
from assistant.conflicts.words import words

Weigh = Callable[[str], float]


class ConflictKind(StrEnum):
    """Kinds of contradiction; `NAMES` has what people call them."""

    FIGURE = "figure"
    DEADLINE = "deadline"
    MONEY = "money"
    DUTY = "duty"
    PERMISSION = "permission"
    AUTHORITY = "authority"
    TERRITORY = "territory"
    PERIOD = "period"
    SCOPE = "scope"
    DOSSIER = "dossier"
    DEFINITION = "definition"
    EXCEPTION = "exception"
    MANNER = "manner"


#: Kinds in which a figure differs.
VALUES = frozenset((ConflictKind.FIGURE, ConflictKind.DEADLINE, ConflictKind.MONEY))

NAMES = {
    ConflictKind.FIGURE: "khác mức, số lượng",
    ConflictKind.DEADLINE: "khác thời hạn",
    ConflictKind.MONEY: "khác mức tiền",
    ConflictKind.DUTY: "khác về nghĩa vụ (bắt buộc hay không)",
    ConflictKind.PERMISSION: "bên cho phép, bên cấm",
    ConflictKind.AUTHORITY: "khác thẩm quyền",
    ConflictKind.TERRITORY: "khác phạm vi lãnh thổ",
    ConflictKind.PERIOD: "khác mốc ngày, thời kỳ",
    ConflictKind.SCOPE: "rộng, hẹp khác nhau về đối tượng, điều kiện",
    ConflictKind.DOSSIER: "khác thành phần (hồ sơ, điều kiện, danh sách)",
    ConflictKind.DEFINITION: "khác định nghĩa của một từ ngữ",
    ConflictKind.EXCEPTION: "một bên có ngoại lệ, một bên không",
    ConflictKind.MANNER: "khác cách thức, giấy tờ",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """``a`` and ``b``: the differing words, as spans of the two sentences."""

    kind: ConflictKind
    a: tuple[int, int]
    b: tuple[int, int]
    said_a: str
    said_b: str
    confidence: float


TIME = {
    "minute": 1.0, "hour": 60.0, "day": 1440.0, "working_day": 1440.0, "month": 43200.0,
}  # fmt: skip
_WINDOW = 4  # words on each side of a slot that say what it is of


def differences(a: Norm, b: Norm, alike: float, weigh: Weigh) -> tuple[Difference, ...]:
    """What the two say differently in their slots; empty where they agree."""
    if a.text == b.text:
        return ()
    found = [
        *_figures(a, b, alike, weigh),
        *_named(a, b, alike, weigh),
        *_duties(a, b, alike, weigh),
    ]
    return tuple(found)


def _around(norm: Norm, slot: Slot) -> dict[str, float]:
    """Words near a slot, weighted by nearness."""
    before = [w for w, at in zip(norm.sequence, norm.at, strict=True) if at < slot.start]
    after = [w for w, at in zip(norm.sequence, norm.at, strict=True) if at >= slot.end]
    near: dict[str, float] = {}
    for side in (before[::-1][:_WINDOW], after[:_WINDOW]):
        for n, word in enumerate(side):
            near[word] = max(near.get(word, 0.0), 1.0 / (1 + 0.4 * n))
    return near


def _context(a: Norm, one: Slot, b: Norm, other: Slot, weigh: Weigh, alike: float) -> float:
    """How alike what stands around two slots is."""
    x, y = _around(a, one), _around(b, other)
    if not x or not y:
        return alike
    shared = sum(min(v, y[w]) * weigh(w) for w, v in x.items() if w in y)
    whole = sum(v * weigh(w) for w, v in x.items()) + sum(v * weigh(w) for w, v in y.items())
    return 2 * shared / whole


def _matched(
    a: Norm, b: Norm, ones: Sequence[Slot], others: Sequence[Slot],
    alike: float, weigh: Weigh, least: float,
) -> Iterator[tuple[Slot, Slot, float]]:  # fmt: skip
    """Slots that stand in like places, the most alike first, each once."""
    scored = sorted(
        (
            (_context(a, x, b, y, weigh, alike), -abs(i - j), -i, -j)
            for i, x in enumerate(ones)
            for j, y in enumerate(others)
            if x.kind is y.kind
        ),
        reverse=True,
    )
    used_a: set[int] = set()
    used_b: set[int] = set()
    for context, _, i, j in scored:
        if context < least or -i in used_a or -j in used_b:
            continue
        used_a.add(-i)
        used_b.add(-j)
        yield ones[-i], others[-j], context


def _made(kind: ConflictKind, one: Slot, other: Slot, confidence: float) -> Difference:
    return Difference(
        kind, (one.start, one.end), (other.start, other.end), one.text, other.text,
        round(min(0.99, confidence), 2),
    )  # fmt: skip


# --- figures ---------------------------------------------------------------------------------


def _figures(a: Norm, b: Norm, alike: float, weigh: Weigh) -> Iterator[Difference]:
    ones, others = left(a.of(Kind.FIGURE), b.of(Kind.FIGURE))
    for one, other, context in _matched(a, b, ones, others, alike, weigh, 0.3):
        if not _comparable(one, other):
            continue
        kind = ConflictKind.FIGURE
        if one.unit in TIME:
            kind = ConflictKind.DEADLINE
        elif one.unit == "đồng":
            kind = ConflictKind.MONEY
        yield _made(kind, one, other, 0.35 + 0.4 * alike + 0.25 * context)
    if ones or others:
        return
    bounded_a = {(s.number, s.unit, s.bound) for s in a.of(Kind.FIGURE)}
    bounded_b = {(s.number, s.unit, s.bound) for s in b.of(Kind.FIGURE)}
    for one in a.of(Kind.FIGURE):
        for other in b.of(Kind.FIGURE):
            flipped = {one.bound, other.bound} in (
                {"least", "most"}, {"trên", "dưới"}, {"least", "to"}, {"trên", "most"},
                {"dưới", "least"}, {"from", "most"},
            )  # fmt: skip
            here, there = (
                (one.number, one.unit, one.bound) in bounded_b,
                (other.number, other.unit, other.bound) in bounded_a,
            )
            if equal(one, other) and flipped and not (here or there) and alike >= 0.7:
                yield _made(ConflictKind.FIGURE, one, other, 0.2 + 0.7 * alike)


def left(a: Sequence[Slot], b: Sequence[Slot]) -> tuple[list[Slot], list[Slot]]:
    """Figures that the other side does not have, each equal pair taken away once."""
    others = list(b)
    ones = []
    for slot in a:
        same = next((o for o in others if equal(slot, o)), None)
        if same is None:
            ones.append(slot)
        else:
            others.remove(same)
    return ones, others


def equal(one: Slot, other: Slot) -> bool:
    """Whether two figures are the same amount, in whatever unit."""
    if one.unit == other.unit:
        return one.number == other.number
    working = {one.unit, other.unit} & {"working_day"}
    if one.unit in TIME and other.unit in TIME and not working:
        days = one.number * TIME[one.unit], other.number * TIME[other.unit]
        return abs(days[0] - days[1]) <= 0.02 * max(days) < inf
    return False


def _comparable(one: Slot, other: Slot) -> bool:
    if one.unit in TIME and other.unit in TIME:
        # "05 ngày" of a duty and "70 năm" of a term are hardly figures of the same thing.
        x, y = one.number * TIME[one.unit], other.number * TIME[other.unit]
        return max(x, y) == inf or max(x, y) <= 40 * max(1.0, min(x, y))
    return one.unit == other.unit


# --- bodies, places, days ----------------------------------------------------------------------


def _named(a: Norm, b: Norm, alike: float, weigh: Weigh) -> Iterator[Difference]:
    for kind, conflict, least in (
        (Kind.BODY, ConflictKind.AUTHORITY, 0.35),
        (Kind.PLACE, ConflictKind.TERRITORY, 0.2),
        (Kind.DAY, ConflictKind.PERIOD, 0.35),
    ):
        of_a, of_b = a.of(kind), b.of(kind)
        ones = [x for x in of_a if not any(fits(x, y) for y in of_b)]
        others = [y for y in of_b if not any(fits(x, y) for x in of_a)]
        for one, other, context in _matched(a, b, ones, others, alike, weigh, least):
            yield _made(conflict, one, other, 0.2 + 0.5 * alike + 0.3 * context)


def fits(one: Slot, other: Slot) -> bool:
    """Whether two names may mean the same: equal, any body, or the beginning of the other."""
    x, y = one.value, other.value
    if x == y:
        return True
    if one.kind is Kind.DAY:
        parts = x.split("/"), y.split("/")
        if len(parts[0]) == len(parts[1]):
            return all(p == q or "" in (p, q) for p, q in zip(*parts, strict=True))
        return parts[0][-1] == parts[1][-1]
    if one.kind is Kind.BODY:
        if {x, y} & words().any_body:
            return True
        shorter, longer = sorted((x, y), key=len)
        return longer.startswith(shorter + " ") or longer.startswith(shorter + ",")
    return False


# --- duty ---------------------------------------------------------------------------------------

AGAINST = {
    frozenset(("oblige", "forbid")): (ConflictKind.DUTY, 0.0),
    frozenset(("oblige", "not_required")): (ConflictKind.DUTY, 0.0),
    frozenset(("oblige", "permit")): (ConflictKind.DUTY, 0.1),
    frozenset(("oblige", "refuse")): (ConflictKind.DUTY, 0.1),
    frozenset(("oblige", "bare")): (ConflictKind.DUTY, 0.2),
    frozenset(("permit", "forbid")): (ConflictKind.PERMISSION, 0.0),
    frozenset(("permit", "refuse")): (ConflictKind.PERMISSION, 0.0),
    frozenset(("permit", "not_required")): (ConflictKind.DUTY, 0.25),
    frozenset(("bare", "forbid")): (ConflictKind.PERMISSION, 0.0),
    frozenset(("bare", "refuse")): (ConflictKind.PERMISSION, 0.0),
    frozenset(("forbid", "not_required")): (ConflictKind.PERMISSION, 0.1),
}


def _duties(a: Norm, b: Norm, alike: float, weigh: Weigh) -> Iterator[Difference]:
    if alike < 0.6:
        return
    ones, others = list(a.of(Kind.DUTY)), list(b.of(Kind.DUTY))
    pairs = sorted(
        (
            (_ahead(a, x, b, y, weigh), i, j)
            for i, x in enumerate(ones)
            for j, y in enumerate(others)
        ),
        key=lambda p: (-p[0], ones[p[1]].value != others[p[2]].value, p[1], p[2]),
    )
    used_a: set[int] = set()
    used_b: set[int] = set()
    for ahead, i, j in pairs:
        if ahead < 0.5 or i in used_a or j in used_b:
            continue
        used_a.add(i)
        used_b.add(j)
        against = AGAINST.get(frozenset((ones[i].value, others[j].value)))
        if against is not None:
            kind, less = against
            yield _made(kind, ones[i], others[j], 0.15 + 0.55 * alike + 0.3 * ahead - less)
    if alike < 0.8:
        return
    yield from _lone(a, [s for i, s in enumerate(ones) if i not in used_a], b, alike, False)
    yield from _lone(b, [s for j, s in enumerate(others) if j not in used_b], a, alike, True)


def _ahead(a: Norm, one: Slot, b: Norm, other: Slot, weigh: Weigh) -> float:
    """How alike the words after two words of duty are (before them, where nothing follows)."""
    x = [w for w, at in zip(a.sequence, a.at, strict=True) if at >= one.end][:3]
    y = [w for w, at in zip(b.sequence, b.at, strict=True) if at >= other.end][:3]
    if not x or not y:
        return 0.0 if x or y else 1.0
    shared = sum(weigh(w) for w in set(x) & set(y))
    return 2 * shared / (sum(map(weigh, set(x))) + sum(map(weigh, set(y))))


def _lone(
    norm: Norm, slots: Sequence[Slot], other: Norm, alike: float, turned: bool
) -> Iterator[Difference]:
    """A prohibition or negation here, where the other says the same words without it."""
    for slot in slots:
        if slot.value not in ("forbid", "refuse") or norm.stem_duty == "forbid":
            continue
        ahead = [w for w, at in zip(norm.sequence, norm.at, strict=True) if at >= slot.end][:2]
        if len(ahead) < 2 or other.stem_duty == "forbid":
            continue
        at = next(
            (
                n
                for n in range(len(other.sequence) - 1)
                if other.sequence[n : n + 2] == tuple(ahead)
            ),
            None,
        )
        if at is None:
            continue
        place = other.at[at]
        if any(s.kind is Kind.DUTY and 0 <= place - s.end <= 8 for s in other.slots):
            continue
        if any(s.kind is Kind.DUTY and s.start > place for s in other.slots):
            continue  # there it names whom the rule is for
        there = (place, min(len(other.text), place + 20))
        kind = ConflictKind.PERMISSION
        made = Difference(
            kind, (slot.start, slot.end), there, slot.text, other.text[slice(*there)].strip(),
            round(0.1 + 0.7 * alike, 2),
        )  # fmt: skip
        if turned:
            made = Difference(kind, made.b, made.a, made.said_b, made.said_a, made.confidence)
        yield made
