"""Which article of a new law says what an article of the old one said.

Computed from headings, texts and order alone; nothing here knows any law. A pair is a proposal
with its likeness, never a statement that the two mean the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from knowledge_base.vietnamese import fold

Matrix = npt.NDArray[np.float32]

_HEADING, _TEXT = 0.45, 0.55
_NEAR = 0.12  # what is added where the articles before and after go together, too
_LEAST = 0.34  # below this an article has no partner
_LEAST_BETWEEN = 0.18  # … unless those before and after it have theirs side by side
_SURE = 0.55
_SECOND = 0.75  # a further partner comes as near to the best one
_SECOND_LEAST = 0.44
_STOP = frozenset(
    [
        "cua",
        "va",
        "cac",
        "la",
        "cho",
        "co",
        "duoc",
        "theo",
        "tai",
        "trong",
        "nay",
        "do",
        "voi",
        "den",
        "tu",
        "hoac",
        "mot",
        "ve",
        "khi",
    ]
)


class MapKind(StrEnum):
    """How articles of the two laws stand to each other."""

    SAME = "same"  # one to one
    SPLIT = "split"  # one old article became several
    MERGED = "merged"  # several old ones became one
    DROPPED = "dropped"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class MapArticle:
    """An article as it is compared: ``text`` with or without its heading."""

    label: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """``old`` and ``new`` are labels; one of them is "" for what was dropped or is new.

    ``confidence`` in [0, 1]; for what has no partner: how far the nearest one is.
    ``heading`` and ``body`` are the likenesses that it came from.
    """

    kind: MapKind
    old: str
    new: str
    confidence: float
    heading: float = 0.0
    body: float = 0.0


def article_map(old: Sequence[MapArticle], new: Sequence[MapArticle]) -> list[Pair]:
    """Pairs in the order of the old law; what is new comes last."""
    if not old or not new:
        return [Pair(MapKind.DROPPED, a.label, "", 1.0) for a in old] + [
            Pair(MapKind.NEW, "", a.label, 1.0) for a in new
        ]
    headings = _likeness([_terms(a.heading) for a in old], [_terms(a.heading) for a in new])
    bodies = _likeness([_terms(_body(a)) for a in old], [_terms(_body(a)) for a in new])
    named = np.array([[bool(o.heading and n.heading) for n in new] for o in old])
    plain = np.where(named, _HEADING * headings + _TEXT * bodies, bodies).astype(np.float32)
    scores = _with_neighbours(plain)
    links = _links(scores)
    return _pairs(old, new, scores, headings, bodies, links)


def _links(scores: Matrix) -> list[tuple[int, int]]:
    """Best partners of each other, then further ones that come near to the best."""
    best_new, best_old = scores.argmax(axis=1), scores.argmax(axis=0)
    links = {
        (o, int(n)) for o, n in enumerate(best_new) if best_old[n] == o and scores[o, n] >= _LEAST
    }
    links |= _between(scores, links)
    paired_old, paired_new = {o for o, _ in links}, {n for _, n in links}
    for o, n in enumerate(map(int, best_new)):  # merged into one that has a better partner
        if o not in paired_old and scores[o, n] >= max(_SECOND_LEAST, _SECOND * scores[:, n].max()):
            links.add((o, n))
    for n, o in enumerate(map(int, best_old)):  # split off from one that has a better partner
        if n not in paired_new and scores[o, n] >= max(_SECOND_LEAST, _SECOND * scores[o].max()):
            links.add((o, n))
    return sorted(links)


def _between(scores: Matrix, links: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Partners among what is left over, where the articles around them are partners already."""
    left = scores.copy()
    left[[o for o, _ in links], :] = -1
    left[:, [n for _, n in links]] = -1
    found = set()
    best_new, best_old = left.argmax(axis=1), left.argmax(axis=0)
    for o, n in enumerate(map(int, best_new)):
        if best_old[n] != o or left[o, n] < _LEAST_BETWEEN:
            continue
        near = [b - n for a, b in links if 0 < abs(a - o) <= 2 and abs((b - n) - (a - o)) <= 2]
        if near or left[o, n] >= _LEAST:
            found.add((o, n))
    return found


def _pairs(
    old: Sequence[MapArticle],
    new: Sequence[MapArticle],
    scores: Matrix,
    headings: Matrix,
    bodies: Matrix,
    links: list[tuple[int, int]],
) -> list[Pair]:
    of_old, of_new = Counter(o for o, _ in links), Counter(n for _, n in links)
    found: list[tuple[int, Pair]] = []
    for o, n in links:
        kind = MapKind.SPLIT if of_old[o] > 1 else MapKind.MERGED if of_new[n] > 1 else MapKind.SAME
        found.append(
            (
                o,
                Pair(
                    kind,
                    old[o].label,
                    new[n].label,
                    round(_confidence(scores, o, n), 2),
                    round(float(headings[o, n]), 2),
                    round(float(bodies[o, n]), 2),
                ),
            )
        )
    for o, article in enumerate(old):
        if o not in of_old:
            found.append((o, Pair(MapKind.DROPPED, article.label, "", _alone(scores[o].max()))))
    found.sort(key=lambda item: item[0])
    fresh = [
        Pair(MapKind.NEW, "", article.label, _alone(scores[:, n].max()))
        for n, article in enumerate(new)
        if n not in of_new
    ]
    return [pair for _, pair in found] + fresh


def _confidence(scores: Matrix, o: int, n: int) -> float:
    """The likeness, and how far it is before the next best on either side."""
    score = float(scores[o, n])
    row, column = np.delete(scores[o], n), np.delete(scores[:, n], o)
    second = max(float(row.max(initial=0.0)), float(column.max(initial=0.0)))
    margin = max(0.0, score - second)
    return min(0.99, 0.55 * min(1.0, score / _SURE) + 0.45 * min(1.0, margin / 0.25))


def _alone(nearest: np.float32) -> float:
    return round(min(0.99, max(0.3, 1.0 - float(nearest) / _SURE * 0.8)), 2)


def _with_neighbours(plain: Matrix) -> Matrix:
    """Articles keep their order: a pair gains where those around it are alike as well."""
    gained = plain.copy()
    before = np.zeros_like(plain)
    before[1:, 1:] = plain[:-1, :-1]
    after = np.zeros_like(plain)
    after[:-1, :-1] = plain[1:, 1:]
    gained += _NEAR * (before + after) / 2 * (plain > 0.15)
    return np.minimum(gained, 1.0).astype(np.float32)


def _body(article: MapArticle) -> str:
    text = re.sub(r"^\s*Điều\s+\w+[.:]?\s*", "", article.text)
    return text[len(article.heading) :] if text.startswith(article.heading) else text


def _terms(text: str) -> Counter[str]:
    """Folded syllables and pairs of them; function words and numbers are left out."""
    plain = [w for w in re.findall(r"[a-z]+", fold(text)) if len(w) > 1 and w not in _STOP]
    return Counter(plain) + Counter(f"{a} {b}" for a, b in pairwise(plain))


def _likeness(old: list[Counter[str]], new: list[Counter[str]]) -> Matrix:
    """Cosines of texts, rare terms counting for more; only terms of both laws can agree."""
    holding = Counter(t for c in (*old, *new) for t in c)
    size = len(old) + len(new)
    in_old = {t for c in old for t in c}
    shared = {t: n for n, t in enumerate(sorted(in_old & {t for c in new for t in c}))}

    def weight(term: str) -> float:
        return math.log(size / holding[term]) + 0.3

    def matrix(counts: list[Counter[str]]) -> Matrix:
        made = np.zeros((len(counts), len(shared)), np.float32)
        for row, count in enumerate(counts):
            length = 0.0
            for term, times in count.items():
                value = (1 + math.log(times)) * weight(term)
                length += value * value
                if term in shared:
                    made[row, shared[term]] = value
            if length:
                made[row] /= math.sqrt(length)
        return made

    product: Matrix = matrix(old) @ matrix(new).T
    return product
