"""A question about figures, answered with values, formulas and their sources; or with why not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.figures.compute import Calculation, growth, share, total
from assistant.figures.model import Figure, Kind
from assistant.figures.periods import Period, period_of_label, periods_in
from assistant.figures.scopes import Scope, folded, scopes_in
from assistant.figures.series import Point, Series, key_of, matching, series_of

_YEAR = re.compile(r"(?<![\d/.,-])(?:19|20)\d{2}(?![\d/])")
_GROWTH = re.compile(
    r"\b(?:tang|giam|chenh lech|so voi|thay doi|bien dong|hon kem|cao hon|thap hon)\b"
)
_SUM = re.compile(r"\b(?:cong lai|tong cong|tong cua|cong cac|tong hai|tong ba|cong gop)\b")
_SHARE = re.compile(r"\b(?:chiem bao nhieu|chiem may|ty trong|bang bao nhieu phan tram)\b")
_MOST = re.compile(r"\b(?:cao nhat|lon nhat|nhieu nhat|dan dau)\b")
_LEAST = re.compile(r"\b(?:thap nhat|nho nhat|it nhat)\b")
_MEAN = re.compile(r"\b(?:trung binh|binh quan)\b")
_GOAL = re.compile(r"\b(?:muc tieu|ke hoach|phan dau|chi tieu giao|du toan)\b")
_QUESTION = re.compile(
    r"\b(?:là |đạt |có |tăng |giảm |chiếm |được )*(?:bao nhiêu|mấy)(?: (?:phần trăm|%))?|\bso với\b"
    r"|\b(?:tăng|giảm|thay đổi|chênh lệch|biến động)\b|\bcao nhất|thấp nhất|lớn nhất|nhỏ nhất"
    r"|\bnhiều nhất|ít nhất|\bnơi nào\b|\b(?:tỉnh|bộ|xã|năm|địa phương) nào\b|\bcùng kỳ\b"
    r"|\btổng cộng|cộng lại|tổng của\b|\bcủa\b|\bvà\b|\bđạt\b|\bcho biết\b|\bchiếm\b|\btỷ trọng\b"
    r"|\bthế nào\b|\bra sao\b|\btrong\b|\blà\b|[?.,!“”\"]",
    re.IGNORECASE,
)
_MOST_SHOWN = 8
_NEVER = date.max


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart; ``periods`` in the order they were named."""

    indicator: str
    periods: tuple[Period, ...]
    scopes: tuple[Scope, ...]
    growth: bool = False
    total: bool = False
    share: bool = False
    most: bool = False
    least: bool = False
    mean: bool = False
    goal: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What one series says to the question."""

    series: Series
    points: tuple[Point, ...]
    calculations: tuple[Calculation, ...] = ()
    stated: tuple[Figure, ...] = ()  # changes the document states itself
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Findings; or none, with what can be asked instead."""

    asked: Asked
    findings: tuple[Finding, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    notes: tuple[str, ...] = ()
    choices: tuple[str, ...] = field(default=())


def understood(question: str) -> Asked:
    """The indicator, times, scopes and sums that a question names."""
    found = periods_in(question)
    spans = [(one.start, one.end, one.period) for one in found]
    for match in _YEAR.finditer(question):
        period = period_of_label(match[0])
        if period and not any(a <= match.start() < b for a, b, _ in spans):
            spans.append((match.start(), match.end(), period))
    spans.sort(key=lambda one: one[0])
    scopes = scopes_in(question)
    text = list(question)
    for start, end in [(a, b) for a, b, _ in spans] + [(s.start, s.end) for s in scopes]:
        text[start:end] = " " * (end - start)
    name = re.sub(r"\bnăm\s*(?=$|\W)", " ", _QUESTION.sub(" ", "".join(text)))
    low = folded(question)
    return Asked(
        " ".join(name.split()),
        tuple(dict.fromkeys(period for _, _, period in spans)),
        tuple(dict.fromkeys(one.scope for one in scopes)),
        bool(_GROWTH.search(low)), bool(_SUM.search(low)), bool(_SHARE.search(low)),
        bool(_MOST.search(low)), bool(_LEAST.search(low)),
        bool(_MEAN.search(low)) and "binh quan" not in folded(name), bool(_GOAL.search(low)),
    )  # fmt: skip


def answered(question: str, figures: Sequence[Figure]) -> Answer:
    """The answer to a question from these figures and nothing else."""
    asked = understood(question)
    kind = Kind.TARGET if asked.goal else Kind.LEVEL
    held = [figure for figure in figures if figure.kind is kind]
    if not key_of(asked.indicator):
        return _of_any(asked, held, figures, kind)
    match = matching(asked.indicator, held)
    if match is None:
        names = tuple(dict.fromkeys(figure.indicator for figure in held))[:_MOST_SHOWN]
        note = f"Không thấy chỉ tiêu “{asked.indicator}” trong các tệp đã cho."
        return Answer(asked, notes=(note,), choices=names)
    made = _of_match(asked, match.figures, figures, kind)
    if match.others:
        note = f"Cũng khớp với câu hỏi nhưng tên khác, không gộp: {'; '.join(match.others[:5])}."
        made = Answer(asked, made.findings, made.calculations, (*made.notes, note), made.choices)
    return made


def _of_any(asked: Asked, held: Sequence[Figure], figures: Sequence[Figure], kind: Kind) -> Answer:
    """No indicator is named: those that have every time that is asked for, if they are few."""
    names = dict.fromkeys(key_of(figure.indicator) for figure in held)
    able = []
    for key in names:
        same = [figure for figure in held if key_of(figure.indicator) == key]
        if any(all(_at(one, period) for period in asked.periods) for one in series_of(same, kind)):
            able.append(same)
    shown = [same[0].indicator for same in able]
    if not able:
        times = " và ".join(period.label for period in asked.periods)
        note = f"Không chỉ tiêu nào trong các tệp có số cho {times or 'câu hỏi này'}."
        all_names = tuple(dict.fromkeys(figure.indicator for figure in held))
        return Answer(asked, notes=(note,), choices=all_names[:_MOST_SHOWN])
    if len(able) > _MOST_SHOWN:
        note = (
            f"Câu hỏi chưa nói chỉ tiêu nào; {len(able)} chỉ tiêu có số. Hãy hỏi rõ một chỉ tiêu."
        )
        return Answer(asked, notes=(note,), choices=tuple(shown[: 2 * _MOST_SHOWN]))
    findings: list[Finding] = []
    for same in able:
        findings += _of_match(asked, same, figures, kind).findings
    note = "Câu hỏi không nói chỉ tiêu nào; dưới đây là mọi chỉ tiêu có số cho thời gian được hỏi."
    return Answer(asked, tuple(findings), notes=(note,) if len(able) > 1 else ())


def _of_match(
    asked: Asked, same: Sequence[Figure], figures: Sequence[Figure], kind: Kind
) -> Answer:
    every = series_of(same, kind)
    chosen = [one for one in every if _in_scope(one.scope, asked.scopes)]
    notes: list[str] = []
    if asked.scopes and not chosen:
        names = ", ".join(dict.fromkeys(_scope(one) for one in every))
        wanted = ", ".join(scope.name for scope in asked.scopes)
        notes.append(f"Không có số cho {wanted}; tài liệu có: {names}.")
        return Answer(asked, notes=tuple(notes))
    if asked.most or asked.least:
        return _extreme(asked, chosen)
    if not asked.scopes and not asked.total and len(chosen) > 1:
        general = [one for one in chosen if one.scope is None or one.scope.kind == "country"]
        if general and len(chosen) > _MOST_SHOWN:
            notes.append(
                f"Còn {len(chosen) - len(general)} phạm vi khác có số; hãy nêu tên để xem."
            )
            chosen = general
    findings = [_finding(one, asked, figures) for one in chosen[:20]]
    findings = [one for one in findings if one.points or one.notes]
    with_values = [one for one in findings if one.points]
    findings = with_values or findings[:3]
    calculations = []
    if asked.total:
        calculations.append(total(_ones(with_values)))
    if asked.share:
        calculations += _shares(with_values)
    if asked.mean:
        notes.append("Số trung bình không được tính từ các số rời: tài liệu phải tự ghi.")
    return Answer(asked, tuple(findings), tuple(calculations), tuple(notes))


def _ones(findings: Sequence[Finding]) -> list[Figure]:
    return [point.figures[0] for one in findings for point in one.points if not point.conflict]


def _shares(findings: Sequence[Finding]) -> list[Calculation]:
    wholes = [one for one in findings if one.series.scope and one.series.scope.kind == "country"]
    parts = [one for one in findings if one not in wholes]
    made = []
    for whole in wholes[:1]:
        for part in parts:
            for point in part.points:
                fits = [p for p in whole.points if _same(p.period, point.period)]
                if fits and not point.conflict and not fits[0].conflict:
                    made.append(share(point.figures[0], fits[0].figures[0]))
    return made


def _finding(series: Series, asked: Asked, figures: Sequence[Figure]) -> Finding:
    notes: list[str] = []
    points: list[Point] = []
    if not asked.periods:
        points = list(series.points[-2:] if asked.growth else series.points[-1:])
        if len(series.points) > len(points):
            notes.append("câu hỏi không nói thời gian: lấy số mới nhất có trong tài liệu")
    for period in asked.periods:
        exact = [point for point in series.points if _same(point.period, period)]
        near = _at(series, period)
        if exact:
            points += exact
        elif near:
            points += near
            have = ", ".join(point.period.label for point in near if point.period)
            notes.append(f"không có số của đúng {period.label}; trong kỳ đó tài liệu có: {have}")
        else:
            have = ", ".join(
                p.period.label if p.period else "không rõ kỳ" for p in series.points[:6]
            )
            notes.append(f"không có số của {period.label}; tài liệu có: {have}")
    points = list(dict.fromkeys(points))
    calculations: list[Calculation] = []
    if asked.growth and len(points) == 2:
        if any(point.conflict for point in points):
            notes.append(
                "các nguồn ghi khác nhau nên không tính tăng, giảm; xem từng nguồn bên dưới"
            )
        else:
            ordered = sorted(points, key=lambda point: point.period.end if point.period else _NEVER)
            kinds = {point.period.kind if point.period else "" for point in points}
            if len(kinds) > 1:
                notes.append(
                    "hai kỳ khác loại (ví dụ cả năm và nửa năm): chênh lệch chỉ để tham khảo"
                )
            calculations = growth(ordered[-1].figures[0], ordered[0].figures[0])
    stated = _stated(series, asked, figures) if asked.growth else ()
    if asked.growth and len(points) < 2 and not stated:
        notes.append("thiếu số của một trong hai kỳ nên không tính được tăng, giảm")
    return Finding(series, tuple(points), tuple(calculations), stated, tuple(notes))


def _stated(series: Series, asked: Asked, figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Changes that a document states itself of this indicator, scope and time."""
    key, scope = key_of(series.indicator), series.scope.key if series.scope else ""
    found = []
    for figure in figures:
        if figure.kind is Kind.CHANGE and key_of(figure.indicator) >= key:
            same_scope = (figure.scope.key if figure.scope else "") == scope
            of_time = not asked.periods or any(_same(figure.period, one) for one in asked.periods)
            if same_scope and of_time and len(key_of(figure.indicator) - key) <= 3:
                found.append(figure)
    return tuple(found[:4])


def _extreme(asked: Asked, every: Sequence[Series]) -> Answer:
    held: list[tuple[Series, Point]] = []
    unclear = 0
    for one in every:
        if one.scope is not None and one.scope.kind == "country" and not asked.scopes:
            continue
        for point in one.points:
            if asked.periods and not any(_same(point.period, period) for period in asked.periods):
                continue
            unclear += point.conflict or point.figures[0].value is None
            held.append((one, point))
    sure = [(s, p) for s, p in held if not p.conflict and p.figures[0].value is not None]
    if len({one.unit for one, _ in sure}) > 1:
        return Answer(asked, notes=("Các số có đơn vị khác nhau nên không so được.",))
    if not sure:
        return Answer(asked, notes=("Không có số nào chắc chắn để so sánh.",))
    value = (max if asked.most else min)(p.figures[0].base_value or 0 for _, p in sure)
    best = [(s, p) for s, p in sure if p.figures[0].base_value == value]
    notes = [f"So trong {len(sure)} giá trị có trong tài liệu."]
    if unclear:
        notes.append(f"{unclear} giá trị chưa rõ hoặc các nguồn ghi khác nhau, không đưa vào so.")
    return Answer(asked, tuple(Finding(s, (p,)) for s, p in best), notes=tuple(notes))


def _at(series: Series, period: Period) -> list[Point]:
    """Points inside a time; the state at its end before others."""
    inside = [
        point
        for point in series.points
        if point.period and period.start <= point.period.end <= period.end
    ]
    exact = [point for point in inside if _same(point.period, period)]
    at_end = [point for point in inside if point.period and point.period.end == period.end]
    return exact or at_end or inside


def _same(first: Period | None, second: Period | None) -> bool:
    return first is not None and second is not None and first.key() == second.key()


def _in_scope(scope: Scope | None, asked: Sequence[Scope]) -> bool:
    return not asked or (scope is not None and any(scope.key == one.key for one in asked))


def _scope(series: Series) -> str:
    return series.scope.name if series.scope else "không ghi phạm vi"
