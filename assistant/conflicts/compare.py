"""Compare two documents: the steps in order, nothing hidden, nothing left to chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.conflicts.beside import beside
from assistant.conflicts.causes import cause
from assistant.conflicts.compared import Compared
from assistant.conflicts.free_pairs import free_pairs
from assistant.conflicts.given import define_the_same, freely, most_alike
from assistant.conflicts.lists import extras
from assistant.conflicts.norms import Norm, norms_of
from assistant.conflicts.pairing import Matters, Pair, Rarity, pairs
from assistant.conflicts.remarks import COPIES, are_copies, remarks_on
from assistant.conflicts.standings import changes, ends_earlier, prevails, standing_of
from assistant.conflicts.verdicts import VALUES, ConflictKind, Difference, differences
from assistant.conflicts.vocabulary import Comparison, Finding, Quote, Standing, quote_of
from knowledge_base.documents import Document
from knowledge_base.wording import day as written

LEAST = 0.6  # confidence below which a difference is not told
_BESIDE = 0.55  # likeness from which wording beside the slots is compared
_TWO_BODIES = "Hai quy định về việc của hai cơ quan khác nhau, mỗi cơ quan có mức riêng."
_FEW = 8  # provisions of a text that is one provision or a few, not a document
_NEAR = 0.9  # likeness of a pair by its wording, that is not looked for again in other words
_FREE_SURE = 0.7  # confidence of a difference in free wording between documents
_TOLD_FREELY = (
    *VALUES,
    ConflictKind.AUTHORITY,
    ConflictKind.DUTY,
    ConflictKind.PERMISSION,
    ConflictKind.MANNER,
)
_LIKE = 0.4  # of what they tell, that two given provisions must share
_WORD_FOR_WORD = 0.8  # likeness from which the words around a slot agree, too
_NEAR_BEST = 0.88  # of the best likeness of a provision, that another candidate must reach


@dataclass(frozen=True, slots=True)
class _Judged:
    pair: Pair
    found: tuple[Difference, ...]


def compare(
    a: Document, b: Document, on: date, *, least: float = LEAST, sources: tuple[str, str] = ("", "")
) -> Comparison:
    """What ``b`` says otherwise than ``a``; the same input gives the same findings."""
    of_a, of_b = standing_of(a, sources[0]), standing_of(b, sources[1])
    if are_copies(a, b):
        return Comparison(of_a, of_b, on, (), (), (0, 0), 0, (COPIES,))
    norms_a, norms_b = norms_of(a), norms_of(b)
    rarity = Rarity(norms_a, norms_b)
    candidates = pairs(norms_a, norms_b, rarity)
    short = 0 < max(len(norms_a), len(norms_b)) <= _FEW
    if short:
        kept = _side_by_side(norms_a, norms_b, rarity, candidates)
    else:
        judged = [_judged(p, norms_a[p.a], norms_b[p.b], rarity) for p in candidates]
        kept = _those_that_stand(judged)
        matters = Matters(norms_a, norms_b, candidates)
        kept = [
            one for one in kept
            if not matters.differ(norms_a[one.pair.a], norms_b[one.pair.b], one.pair.alike)
        ]  # fmt: skip
        kept += _in_other_words(norms_a, norms_b, judged, kept)
    whole, remarks = _causes_of_the_whole(a, b, of_a, of_b)
    made: list[Finding] = []
    for one in kept:
        norm_a, norm_b = norms_a[one.pair.a], norms_b[one.pair.b]
        compared = Compared(norm_a, norm_b, of_a, of_b, rarity)
        kinds = {d.kind for d in one.found}
        apart = _TWO_BODIES if ConflictKind.AUTHORITY in kinds and kinds & VALUES else ""
        for difference in one.found:
            if difference.confidence >= least:
                finding = Finding(
                    kind=difference.kind,
                    a=_quote(a, norm_a, difference.a, of_a),
                    b=_quote(b, norm_b, difference.b, of_b),
                    said_a=difference.said_a,
                    said_b=difference.said_b,
                    alike=round(one.pair.alike, 2),
                    confidence=difference.confidence,
                    cause=whole or apart or cause(compared, difference),
                    note=prevails(of_a, of_b),
                )
                made.append(finding)
    if not whole:
        sides, least_head = (norms_a, norms_b), _HEAD_GIVEN if short else _HEAD
        made += _listed(a, b, sides, (of_a, of_b), rarity, least_head)
    made = _once(made)
    return Comparison(
        of_a, of_b, on,
        tuple(sorted((f for f in made if not f.cause), key=_order)),
        tuple(sorted((f for f in made if f.cause), key=_order)),
        (len(norms_a), len(norms_b)), len(candidates),
        (*remarks, *remarks_on(of_a, of_b, a, b, norms_a, norms_b)),
    )  # fmt: skip


def _judged(pair: Pair, a: Norm, b: Norm, rarity: Rarity) -> _Judged:
    found = differences(a, b, pair.alike, rarity)
    if not found and pair.alike >= _BESIDE:
        found = beside(a, b, pair.alike)
    return _Judged(pair, found)


def _side_by_side(
    a: Sequence[Norm], b: Sequence[Norm], rarity: Rarity, candidates: Sequence[Pair]
) -> list[_Judged]:
    """Provisions that were given to be compared: each with the likest, in whatever words."""
    near = {(pair.a, pair.b): pair.alike for pair in candidates}
    kept = []
    for i, j, like in most_alike(a, b):
        alike = near.get((i, j), 0.0)
        found: tuple[Difference, ...] = ()
        near_enough = like >= _LIKE or define_the_same(a[i], b[j])
        if a[i].text != b[j].text and near_enough:
            found = freely(a[i], b[j], like)
        if alike >= _WORD_FOR_WORD:
            kinds = {difference.kind for difference in found}
            slots = differences(a[i], b[j], alike, rarity)
            found = (*found, *(d for d in slots if d.kind not in kinds))
        if not found and alike >= _BESIDE:
            found = beside(a[i], b[j], alike)
        if found:
            kept.append(_Judged(Pair(i, j, max(like, alike)), found))
    return kept


def _in_other_words(
    a: Sequence[Norm], b: Sequence[Norm], judged: Sequence[_Judged], kept: Sequence[_Judged]
) -> Iterator[_Judged]:
    """What is said of one thing in words so different that it was no candidate, or agreed."""
    done = [one for one in judged if not one.found and one.pair.alike >= _NEAR]
    done_a = {one.pair.a for one in (*done, *kept)}
    done_b = {one.pair.b for one in (*done, *kept)}
    for n, m, like in free_pairs(a, b, done_a, done_b):
        found = tuple(
            d for d in freely(a[n], b[m], like)
            if d.kind in _TOLD_FREELY and d.confidence >= _FREE_SURE
        )  # fmt: skip
        if found:
            yield _Judged(Pair(n, m, like), found)


def _order(finding: Finding) -> tuple[float, int, int]:
    return (-finding.confidence, finding.a.start, finding.b.start)


def _those_that_stand(judged: Sequence[_Judged]) -> list[_Judged]:
    """Pairs that differ, where neither side has a partner about as like that agrees with it."""
    best_a: dict[int, float] = defaultdict(float)
    best_b: dict[int, float] = defaultdict(float)
    agreed_a: dict[int, float] = defaultdict(float)
    agreed_b: dict[int, float] = defaultdict(float)
    for one in judged:
        a, b, alike = one.pair.a, one.pair.b, one.pair.alike
        best_a[a], best_b[b] = max(best_a[a], alike), max(best_b[b], alike)
        if not one.found:
            agreed_a[a], agreed_b[b] = max(agreed_a[a], alike), max(agreed_b[b], alike)
    kept = []
    for one in judged:
        a, b, alike = one.pair.a, one.pair.b, one.pair.alike
        near = alike >= _NEAR_BEST * max(best_a[a], best_b[b])
        agreed = max(agreed_a[a], agreed_b[b]) >= alike - 0.03
        if one.found and near and not agreed:
            kept.append(one)
    return kept


_HEAD, _HEAD_GIVEN = 0.97, 0.5  # how alike what is listed must be, in documents and given texts
_LIST_SURE = 0.78  # that a list lacks what the other has; an item may be said elsewhere
_LONGEST_LIST = 1500  # characters of a list that are quoted


def _listed(
    a: Document, b: Document, norms: tuple[Sequence[Norm], Sequence[Norm]],
    standings: tuple[Standing, Standing], rarity: Rarity, least: float,
) -> Iterator[Finding]:  # fmt: skip
    """What one list of a thing has and the other list of it has not."""
    for extra in extras(a.text, b.text, least, marked=least == _HEAD):
        first, second = extra.first, extra.second
        heads = _norm_at(norms[0], first.start), _norm_at(norms[1], second.start)
        if heads[0] is None or heads[1] is None:
            continue
        spans = [(o.start, min(o.items[-1][1], o.start + _LONGEST_LIST)) for o in (first, second)]
        marks, said = [(0, 0), (0, 0)], ["", ""]
        start = spans[extra.of][0]
        marks[extra.of] = (extra.span[0] - start, extra.span[1] - start)
        said[extra.of] = (a, b)[extra.of].text[slice(*extra.span)]
        difference = Difference(
            ConflictKind.DOSSIER, (0, 0), (0, 0), said[0], said[1], _LIST_SURE
        )  # fmt: skip
        yield Finding(
            kind=ConflictKind.DOSSIER,
            a=quote_of(a, *spans[0], heads[0].path, marks[0], standings[0]),
            b=quote_of(b, *spans[1], heads[1].path, marks[1], standings[1]),
            said_a=said[0],
            said_b=said[1],
            alike=round(extra.alike, 2),
            confidence=_LIST_SURE,
            cause=cause(Compared(heads[0], heads[1], *standings, rarity), difference),
            note=prevails(*standings),
        )


def _norm_at(norms: Sequence[Norm], at: int) -> Norm | None:
    return next((n for n in norms if n.end > at), None)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Of several findings about the same words of ``b``, the surest."""
    best: dict[tuple[int, int], Finding] = {}
    for finding in findings:
        known = best.get(finding.b.mark)
        if known is None or (not finding.cause, finding.confidence) > (
            not known.cause, known.confidence,
        ):  # fmt: skip
            best[finding.b.mark] = finding
    return list(best.values())


def _quote(document: Document, norm: Norm, mark: tuple[int, int], standing: Standing) -> Quote:
    return quote_of(document, norm.start, norm.end, norm.path, mark, standing)


def _causes_of_the_whole(
    a: Document, b: Document, of_a: Standing, of_b: Standing
) -> tuple[str, tuple[str, ...]]:
    """A cause that holds for every difference, and what is to be said of the two as a whole."""
    for document, other, mine in ((b, of_a, of_b), (a, of_b, of_a)):
        verb = changes(document, other)
        if verb:
            told = f"{mine.name} {verb} {other.name}: khác nhau là chủ ý."
            return told, (told,)
    for first, second in ((of_a, of_b), (of_b, of_a)):
        if first.effective_to and second.effective_from and (
            first.effective_to < second.effective_from
        ):  # fmt: skip
            told = (
                f"Không cùng thời gian có hiệu lực: {first.name} hết hiệu lực "
                f"{written(first.effective_to)}, {second.name} có hiệu lực từ "
                f"{written(second.effective_from)}."
            )
            return told, (told,)
    for document, mine, other in ((b, of_b, of_a), (a, of_a, of_b)):
        later = mine.issued_on and other.issued_on and mine.issued_on > other.issued_on
        if later and mine.rank and mine.rank <= other.rank and ends_earlier(document):
            told = f"{mine.name} ban hành sau và bãi bỏ các quy định trước đây trái với nó."
            return told, (told,)
    return "", ()


def turned(comparison: Comparison) -> Comparison:
    """The same comparison seen from the other document."""

    def swap(found: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(replace(f, a=f.b, b=f.a, said_a=f.said_b, said_b=f.said_a) for f in found)

    return replace(
        comparison, a=comparison.b, b=comparison.a, findings=swap(comparison.findings),
        explained=swap(comparison.explained), provisions=comparison.provisions[::-1],
    )  # fmt: skip
