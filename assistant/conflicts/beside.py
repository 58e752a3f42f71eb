"""Differences beside the slots: a dropped exception, an opposite word, a narrower scope."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from assistant.conflicts.norms import Norm
from assistant.conflicts.slots import Kind
from assistant.conflicts.verdicts import ConflictKind, Difference
from assistant.conflicts.words import Phrase, words


def beside(a: Norm, b: Norm, alike: float) -> tuple[Difference, ...]:
    """What else ``b`` says otherwise than ``a``, for provisions whose slots agree."""
    found = [*_exceptions(a, b, alike), *_manner(a, b, alike)]
    return tuple(found or [*_opposed(a, b, alike)] or [*_scope(a, b, alike)])


def _exceptions(a: Norm, b: Norm, alike: float) -> Iterator[Difference]:
    """The first has an exception of its own that the second drops."""
    has_b = [s.value for s in b.of(Kind.EXCEPTION)]
    # "trừ trường hợp pháp luật có quy định khác" holds whether it is written or not.
    had = [s for s in a.of(Kind.EXCEPTION) if "quy định khác" not in s.value]
    if len(had) <= len(has_b) or alike < 0.75:
        return
    had = [s for s in had if s.value not in has_b] or had
    yield Difference(
        ConflictKind.EXCEPTION, (had[0].start, had[0].end), (0, len(b.text)), had[0].text, "",
        round(0.7 * alike, 2),
    )  # fmt: skip


def has(said: Sequence[str], phrase: Phrase) -> int:
    """Where a phrase stands among syllables; -1 where it does not."""
    size = len(phrase)
    for n in range(len(said) - size + 1):
        if said[n] == phrase[0] and tuple(said[n : n + size]) == phrase:
            return n
    return -1


def _manner(a: Norm, b: Norm, alike: float) -> Iterator[Difference]:
    """Where one says a word and the other, in the same place, its opposite."""
    told: set[tuple[Phrase, Phrase]] = set()
    for tag, i, j, k, m in _blocks(a, b):
        if tag != "replace":
            continue
        here, there = a.said[max(0, i - 2) : j + 2], b.said[max(0, k - 2) : m + 2]
        for group in words().opposites:
            ones = [p for p in group if has(here, p) >= 0 and has(there, p) < 0]
            others = [p for p in group if has(there, p) >= 0 and has(here, p) < 0]
            if ones and others and (ones[0], others[0]) not in told:
                told.add((ones[0], others[0]))
                at_a, at_b = _reach(a, i - 2, j + 2), _reach(b, k - 2, m + 2)
                yield Difference(
                    ConflictKind.MANNER, at_a, at_b, " ".join(ones[0]), " ".join(others[0]),
                    round(0.8 * alike, 2),
                )  # fmt: skip
                break


def _opposed(a: Norm, b: Norm, alike: float) -> Iterator[Difference]:
    """The same two words after opposite ones: "bản sao giấy …" and "bản chính giấy …"."""
    if alike < 0.8:
        return
    for group in words().opposites:
        for one in group:
            for other in group:
                i, j = has(a.said, one), has(b.said, other)
                if (
                    one == other
                    or min(i, j) < 0
                    or has(b.said, one) >= 0
                    or has(a.said, other) >= 0
                ):
                    continue
                after = a.said[i + len(one) :][:2], b.said[j + len(other) :][:2]
                if after[0] == after[1] and len(after[0]) == 2:
                    at_a, at_b = _reach(a, i, i + len(one)), _reach(b, j, j + len(other))
                    yield Difference(
                        ConflictKind.MANNER, at_a, at_b, " ".join(one), " ".join(other),
                        round(0.75 * alike, 2),
                    )  # fmt: skip
                    return


def _blocks(a: Norm, b: Norm) -> list[tuple[str, int, int, int, int]]:
    """Where the syllables of two sentences differ; none where the sentences are hardly alike."""
    matcher = SequenceMatcher(None, a.said, b.said, autojunk=False)
    if matcher.ratio() < 0.7:
        return []
    return [block for block in matcher.get_opcodes() if block[0] != "equal"]


def _reach(norm: Norm, first: int, end: int) -> tuple[int, int]:
    """The span of the syllables from ``first`` up to ``end``."""
    start = norm.said_at[max(0, first)] if first < len(norm.said_at) else len(norm.text)
    stop = norm.said_at[end] if end < len(norm.said_at) else len(norm.text)
    return start, max(start, start + len(norm.text[start:stop].rstrip()))


#: What opens words that make a condition of whom a rule is for; a bare noun only names a case.
_CONDITIONS = frozenset("có đã đang là thuộc từ không chưa được phải đủ tại trên ở với".split())  # noqa: SIM905
_APART = re.compile(r"[.;]|^(?:riêng|đối với|trường hợp|nếu|khi)\b", re.IGNORECASE)


def _scope(a: Norm, b: Norm, alike: float) -> Iterator[Difference]:
    """Words that one side has more, and that narrow or widen whom the rule is for."""
    given = words()
    if a.text.endswith(":") or b.text.endswith(":"):
        return  # what opens a list is judged with its items
    first_duty = min((s.start for s in a.of(Kind.DUTY)), default=0)
    for tag, i, j, k, m in _blocks(a, b):
        if tag == "replace":
            continue
        block = a.said[i:j] if tag == "delete" else b.said[k:m]
        marks = [p for p in (*given.narrow, *given.wide) if has(block, p) >= 0]
        told = [w for w in block if w not in given.light and w not in given.bounding]
        at = a.said_at[i] if i < len(a.said_at) else len(a.text)
        subject = at <= first_duty and len(told) >= 2 and block[0] in _CONDITIONS
        span_a, span_b = _reach(a, i, j), _reach(b, k, m)
        here, there = a.text[slice(*span_a)], b.text[slice(*span_b)]
        text = here if tag == "delete" else there
        # A sentence more, or a rule of its own for one case ("Đối với …, "), is no other scope.
        if len(told) > 10 or _APART.search(text) or not (marks or subject):
            continue
        yield Difference(
            ConflictKind.SCOPE, span_a, span_b,
            here if tag == "delete" else "", there if tag == "insert" else "",
            round(0.4 + 0.35 * max(alike, 0.85 if marks else 0.0), 2),
        )  # fmt: skip
        return
