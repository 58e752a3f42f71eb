"""The measure of a text for the terminal and as JSON: what is hard, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.plain_language.measure import LONG, TARGET, Measure, Measured, grade
from assistant.plain_language.sentences import Fault

_NAMED = {
    "phrase": "lối nói hành chính",
    "word": "từ Hán-Việt của cơ quan",
    "abbreviation": "chữ viết tắt chưa giải thích",
    "passive": "câu bị động “được … bởi”",
    "brackets": "ngoặc dài hoặc lồng nhau",
    "rare": "tiếng ít gặp",
}
_SHOWN = 240  # characters of a sentence


def lines(measured: Measure, most: int) -> Iterator[str]:
    """The report; ``most`` hard sentences are shown."""
    yield (
        f"Điểm dễ đọc: {_number(measured.score)}/100 ({measured.grade}); "
        f"{len(measured.sentences)} câu, trung bình {_number(_mean(measured))} tiếng một câu."
    )
    hard = measured.hard
    if not hard:
        yield f"Không có câu nào dưới {TARGET} điểm."
        return
    yield f"{len(hard)} câu dưới {TARGET} điểm, khó nhất trước:"
    for number, one in enumerate(hard[:most], 1):
        yield ""
        yield f"{number}. [{_number(one.score)}, {grade(one.score)}] {_short(one.sentence.text)}"
        yield from (f"   - {advice}" for advice in advices(one))
    if len(hard) > most:
        yield f"\n… và {len(hard) - most} câu nữa (thêm --all để xem hết)."


def advices(one: Measured) -> Iterator[str]:
    """What to change in a sentence, the weightiest first."""
    sentence = one.sentence
    if sentence.syllables > LONG:
        parts = -(-sentence.syllables // LONG)
        yield (
            f"Câu dài {sentence.syllables} tiếng: tách thành {parts} câu, "
            f"mỗi câu dưới {LONG} tiếng."
        )
    if sentence.clauses > 3:
        yield f"Câu có khoảng {sentence.clauses} vế: mỗi câu nên nói một ý."
    for kind, name in _NAMED.items():
        found = list(dict.fromkeys(fault for fault in sentence.faults if fault.kind == kind))
        if found and (kind != "rare" or sentence.rare > 0.08):
            yield f"{name[0].upper()}{name[1:]}: {'; '.join(map(_instead, found[:6]))}."


def as_json(measured: Measure) -> dict[str, Any]:
    """Everything, as data."""
    return {
        "score": measured.score,
        "grade": measured.grade,
        "target": TARGET,
        "sentences": [
            {
                "text": one.sentence.text,
                "score": one.score,
                "syllables": one.sentence.syllables,
                "clauses": one.sentence.clauses,
                "rare": round(one.sentence.rare, 3),
                "faults": [
                    {"kind": fault.kind, "words": fault.words, "instead": fault.instead}
                    for fault in one.sentence.faults
                ],
                "advice": list(advices(one)) if one.score < TARGET else [],
            }
            for one in measured.sentences
        ],
    }


def _instead(fault: Fault) -> str:
    if fault.kind in ("rare", "passive", "brackets"):
        return f"“{_short(fault.words, 80)}”" + (f" → {fault.instead}" if fault.instead else "")
    return f"“{fault.words}” → {fault.instead or 'bỏ được'}"


def _mean(measured: Measure) -> float:
    counts: Sequence[int] = [one.sentence.syllables for one in measured.sentences]
    return sum(counts) / len(counts) if counts else 0.0


def _short(text: str, most: int = _SHOWN) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _number(value: float) -> str:
    """With a decimal comma, and without a needless one."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")
