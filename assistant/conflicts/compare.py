"""Compare two documents: the steps in order, nothing hidden, nothing left to chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.conflicts.beside import beside
from assistant.conflicts.causes import Compared, cause
from assistant.conflicts.norms import Norm, norms_of
from assistant.conflicts.pairing import Matters, Pair, Rarity, pairs
from assistant.conflicts.standings import changes, ends_earlier, prevails, standing_of
from assistant.conflicts.verdicts import VALUES, ConflictKind, Difference, differences
from assistant.conflicts.vocabulary import Comparison, Finding, Quote, Standing, quote_of
from knowledge_base.documents import Document
from knowledge_base.wording import day as written

LEAST = 0.6  # confidence below which a difference is not told
_BESIDE = 0.55  # likeness from which wording beside the slots is compared
_TWO_BODIES = "Hai quy định về việc của hai cơ quan khác nhau, mỗi cơ quan có mức riêng."
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
    if a.sha256 == b.sha256:
        return Comparison(of_a, of_b, on, (), (), (0, 0), 0, ("Hai tài liệu giống hệt nhau.",))
    norms_a, norms_b = norms_of(a), norms_of(b)
    rarity = Rarity(norms_a, norms_b)
    candidates = pairs(norms_a, norms_b, rarity)
    judged = [_judged(p, norms_a[p.a], norms_b[p.b], rarity) for p in candidates]
    kept = _those_that_stand(judged)
    matters = Matters(norms_a, norms_b, candidates)
    whole, remarks = _causes_of_the_whole(a, b, of_a, of_b)
    made: list[Finding] = []
    for one in kept:
        norm_a, norm_b = norms_a[one.pair.a], norms_b[one.pair.b]
        if matters.differ(norm_a, norm_b, one.pair.alike):
            continue
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
    made = _once(made)
    return Comparison(
        of_a, of_b, on,
        tuple(sorted((f for f in made if not f.cause), key=_order)),
        tuple(sorted((f for f in made if f.cause), key=_order)),
        (len(norms_a), len(norms_b)), len(candidates),
        (*remarks, *_said_of(of_a, norms_a), *_said_of(of_b, norms_b)),
    )  # fmt: skip


def _judged(pair: Pair, a: Norm, b: Norm, rarity: Rarity) -> _Judged:
    found = differences(a, b, pair.alike, rarity)
    if not found and pair.alike >= _BESIDE:
        found = beside(a, b, pair.alike)
    return _Judged(pair, found)


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


def _said_of(standing: Standing, norms: Sequence[Norm]) -> tuple[str, ...]:
    if not norms:
        return (f"{standing.name}: không tìm thấy câu quy định nào để so.",)
    return ()


def turned(comparison: Comparison) -> Comparison:
    """The same comparison seen from the other document."""

    def swap(found: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(replace(f, a=f.b, b=f.a, said_a=f.said_b, said_b=f.said_a) for f in found)

    return replace(
        comparison, a=comparison.b, b=comparison.a, findings=swap(comparison.findings),
        explained=swap(comparison.explained), provisions=comparison.provisions[::-1],
    )  # fmt: skip
