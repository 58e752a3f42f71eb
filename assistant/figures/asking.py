"""A question about figures, answered with values, formulas and their sources; or with why not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.figures.changes import changes_only, rather_change, stated_changes
from assistant.figures.compute import Calculation, growth, ratio, total
from assistant.figures.extremes import extreme, time_extreme
from assistant.figures.findings import (
    Answer,
    Finding,
    at,
    has,
    in_scope,
    same_time,
    scope_name,
)
from assistant.figures.matching import Names, key_of
from assistant.figures.model import Figure, Kind
from assistant.figures.periods import Period
from assistant.figures.question import Asked, same_length, understood
from assistant.figures.series import Point, Series, series_of
from assistant.figures.shares import part_of, shares_of_country, told_share
from assistant.figures.tables import questions
from assistant.figures.written import shown

_MOST_SHOWN = 8
_MOST_NAMES = 4  # indicators that fit alike and are shown side by side
_NEVER = date.max


def answered(question: str, figures: Sequence[Figure], day: date | None = None) -> Answer:
    """The answer to a question from these figures and nothing else; ``day`` is today."""
    known = {figure.scope for figure in figures if figure.scope}
    years = [f.period.end.year for f in figures if f.period and f.kind is not Kind.TARGET]
    asked = understood(question, known, max(years, default=None), day)
    if asked.part and asked.whole:
        made = part_of(asked, figures) or told_share(asked, figures)
        if made is not None:
            return made
    kind = Kind.TARGET if asked.goal and not asked.share else Kind.LEVEL
    held = [figure for figure in figures if figure.kind is kind]
    if not key_of(asked.indicator):
        return _of_any(asked, held, figures, kind)
    if rather_change(asked, figures):
        return changes_only(asked, figures) or _nothing(asked, held, figures)
    made = _named(asked, held, figures, kind)
    if made is not None and kind is Kind.LEVEL and not _says(made) and asked.periods:
        made = _planned(asked, figures) or made
    if made is None and asked.goal:  # "dự toán", "kế hoạch" may be in the name of the indicator
        levels = [figure for figure in figures if figure.kind is Kind.LEVEL]
        name = _with_goal(asked, question)
        made = _named(replace(asked, indicator=name), levels, figures, Kind.LEVEL)
    if made is None:
        made = changes_only(asked, figures)
    return made or _nothing(asked, held, figures)


def _says(answer: Answer) -> bool:
    return any(one.points or one.stated for one in answer.findings) or bool(answer.calculations)


def _planned(asked: Asked, figures: Sequence[Figure]) -> Answer | None:
    """What is planned for a time of which no result is told."""
    goals = [figure for figure in figures if figure.kind is Kind.TARGET]
    made = _named(asked, goals, figures, Kind.TARGET)
    if made is None or not _says(made):
        return None
    note = "Tài liệu chỉ có mục tiêu, kế hoạch cho thời gian này, chưa có kết quả."
    return replace(made, notes=(note, *made.notes))


def _with_goal(asked: Asked, question: str) -> str:
    said = [one for one in ("dự toán", "kế hoạch", "mục tiêu") if one in question.lower()]
    plain = [same_length(one) for one in ("dự toán", "kế hoạch") if same_length(one) in question]
    return " ".join([asked.indicator, *(said or plain)])


def _named(
    asked: Asked, held: Sequence[Figure], figures: Sequence[Figure], kind: Kind
) -> Answer | None:
    """The answer by the name that was asked for; None where no indicator has it."""
    names = Names(held)
    found = names.candidates(asked.indicator, marked=asked.marked)[0]
    notes: list[str] = []
    if not found:
        for said, other in _said_otherwise(asked):
            if found := names.candidates(other, marked=asked.marked)[0]:
                notes, asked = [said], replace(asked, indicator=other)
                break
    if not found:
        return None
    best = names.best(asked.indicator, marked=asked.marked)[:_MOST_NAMES]
    able = [key for key in best if _has_all(names.groups[key], asked, kind)]
    rest = [key for key in found if key not in best]
    if not able and (later := [k for k in rest if _has_all(names.groups[k], asked, kind)]):
        able, rest = later[:1], [*best, *(key for key in rest if key != later[0])]
    if able == best[: len(able)] and not any(
        _has_all(names.groups[k], asked, kind, True) for k in able
    ):
        same = [k for k in rest if names.alike(best[0], k)]  # "tổng số vốn" is "số vốn"
        able = [k for k in same if _has_all(names.groups[k], asked, kind, True)][:1] or able
        rest = [key for key in found if key not in (able or best)]
    if asked.growth and not asked.scopes and len({f.scope for f in names.groups[best[0]]}) > 1:
        grown = {key_of(one.indicator) for one in figures if one.kind is Kind.CHANGE}
        whole = [] if best[0] in grown else [key for key in rest if key in grown]
        able, rest = whole[:1] or able, [*best, *rest] if whole else rest
    chosen = able or best
    made = [
        _of_match(asked, names.fitting(key, asked.indicator, marked=asked.marked), figures, kind)
        for key in chosen
    ]
    answer = Answer(
        asked,
        tuple(finding for one in made for finding in one.findings),
        tuple(one for each in made for one in each.calculations),
        tuple(dict.fromkeys([*notes, *(note for one in made for note in one.notes)])),
    )
    if len(chosen) > 1:
        note = f"Câu hỏi khớp với {len(chosen)} chỉ tiêu tên khác nhau: để riêng, không gộp."
        answer = replace(answer, notes=(note, *answer.notes))
    others = [names.groups[key][0].indicator for key in rest if key not in chosen]
    if others:
        told = "; ".join(_apart(names.groups[chosen[0]][0].indicator, one) for one in others[:4])
        note = f"Tên gần giống, không gộp: {told}."
        answer = replace(answer, notes=(*answer.notes, note))
    return answer


def _said_otherwise(asked: Asked) -> Iterator[tuple[str, str]]:
    """The name with words that reports use, and what was taken for what."""
    name = asked.indicator.lower()
    for said, meant in questions().same.items():
        before, after = (said, meant) if asked.marked else map(same_length, (said, meant))
        if re.search(rf"(?<!\w){re.escape(before)}(?!\w)", name):
            yield f"“{said}” được hiểu là “{meant}”.", name.replace(before, after)


def _apart(chosen: str, other: str) -> str:
    """A name with what tells it from the chosen one."""
    lacks, adds = key_of(chosen) - key_of(other), key_of(other) - key_of(chosen)
    words = [one for one in re.findall(r"[^\W_]+", chosen.lower()) if one in lacks]
    more = [one for one in re.findall(r"[^\W_]+", other.lower()) if one in adds]
    said = [f"không có “{' '.join(words)}”"] if words else []
    said += [f"thêm “{' '.join(more)}”"] if more else []
    return f"{other} ({'; '.join(said)})" if said else other


def _has_all(figures: Sequence[Figure], asked: Asked, kind: Kind, exactly: bool = False) -> bool:
    """Whether there is a value for the scope and every time that is asked for."""
    series = [one for one in series_of(figures, kind) if in_scope(one.scope, asked.scopes)]
    if exactly:
        return any(
            all(any(same_time(p.period, t) for p in one.points) for t in asked.periods)
            for one in series
        )
    return any(all(has(one, period) for period in asked.periods) for one in series)


def _nothing(asked: Asked, held: Sequence[Figure], figures: Sequence[Figure]) -> Answer:
    note = f"Không thấy chỉ tiêu “{asked.indicator}” trong các tệp đã cho."
    names = Names(held or figures)
    near = names.nearest(asked.indicator, marked=asked.marked)
    choices = [f"{one.told()}{_last_value(names, one.name)}" for one in near]
    if choices:
        note += " Dưới đây là những tên gần nhất và chỗ khác; hãy hỏi lại bằng tên đúng."
        return Answer(asked, notes=(note,), choices=tuple(choices))
    every = tuple(dict.fromkeys(figure.indicator for figure in (held or figures)))
    return Answer(asked, notes=(note,), choices=every[:_MOST_SHOWN])


def _last_value(names: Names, name: str) -> str:
    same = next((held for held in names.groups.values() if held[0].indicator == name), [])
    known = [f for f in same if f.value is not None and f.period]
    if not known:
        return ""
    last = max(known, key=lambda one: one.period.end if one.period else date.min)
    unit = f" {last.unit.shown}" if last.unit else ""
    when = last.period.label if last.period else ""
    where = f"{last.scope.name}, " if last.scope else ""
    return f" – {where}{when}: {shown(last.value)}{unit}" if last.value is not None else ""


def _of_any(asked: Asked, held: Sequence[Figure], figures: Sequence[Figure], kind: Kind) -> Answer:
    """No indicator is named: those that have every time that is asked for, if they are few."""
    able = [
        same
        for same in Names(held).groups.values()
        if any(
            all(has(one, period) for period in asked.periods) and in_scope(one.scope, asked.scopes)
            for one in series_of(same, kind)
        )
    ]
    if asked.kind and (asked.most or asked.least):  # "tỉnh nào thấp nhất": what tells of many
        able = [same for same in able if _tells_of_many(same, asked.kind)] or able
    names = [same[0].indicator for same in able]
    if not able:
        times = " và ".join(period.label for period in asked.periods)
        note = f"Không chỉ tiêu nào trong các tệp có số cho {times or 'câu hỏi này'}."
        all_names = tuple(dict.fromkeys(figure.indicator for figure in held))
        return Answer(asked, notes=(note,), choices=all_names[:_MOST_SHOWN])
    if len(able) > _MOST_SHOWN:
        note = (
            f"Câu hỏi chưa nói chỉ tiêu nào; {len(able)} chỉ tiêu có số. Hãy hỏi rõ một chỉ tiêu."
        )
        return Answer(asked, notes=(note,), choices=tuple(names[: 2 * _MOST_SHOWN]))
    findings: list[Finding] = []
    for same in able:
        findings += _of_match(asked, same, figures, kind).findings
    note = "Câu hỏi không nói chỉ tiêu nào; dưới đây là mọi chỉ tiêu có số cho thời gian được hỏi."
    return Answer(asked, tuple(findings), notes=(note,) if len(able) > 1 else ())


def _tells_of_many(figures: Sequence[Figure], kind: str) -> bool:
    return len({one.scope for one in figures if one.scope and one.scope.kind == kind}) > 1


def _of_match(
    asked: Asked, same: Sequence[Figure], figures: Sequence[Figure], kind: Kind
) -> Answer:
    every = series_of(same, kind)
    chosen = [one for one in every if in_scope(one.scope, asked.scopes)]
    notes: list[str] = []
    if asked.scopes and not chosen:
        names = ", ".join(dict.fromkeys(scope_name(one) for one in every))
        wanted = ", ".join(scope.name for scope in asked.scopes)
        notes.append(f"Không có số cho {wanted}; tài liệu có: {names}.")
        return Answer(asked, notes=tuple(notes))
    if asked.most or asked.least:
        alone = len({one.scope for one in chosen}) == 1
        pick = time_extreme if asked.over_time or (alone and not asked.kind) else extreme
        return pick(asked, chosen)
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
    if asked.periods and not asked.scopes:  # where some have just what is asked for, only those
        exact = [one for one in with_values if _exact(one, asked)]
        with_values = exact or with_values
    findings = with_values or findings[:3]
    calculations = []
    if asked.total:
        calculations.append(total(_ones(with_values)))
    if asked.share:
        calculations += shares_of_country(with_values)
    if asked.growth and len(asked.scopes) == 2 and len(asked.periods) < 2:
        calculations += _between(asked, with_values)
    if asked.mean:
        notes.append("Số trung bình không được tính từ các số rời: tài liệu phải tự ghi.")
    return Answer(asked, tuple(findings), tuple(calculations), tuple(notes))


def _exact(finding: Finding, asked: Asked) -> bool:
    return all(
        any(same_time(point.period, one) for point in finding.points) for one in asked.periods
    )


def _between(asked: Asked, findings: Sequence[Finding]) -> list[Calculation]:
    """The difference of two places at the same time, in the order they were named."""
    held = []
    for scope in asked.scopes:
        one = [f for f in findings if f.series.scope and f.series.scope.key == scope.key]
        held.append(one[0].points[-1] if one and one[0].points else None)
    first, second = held
    if first is None or second is None or first.conflict or second.conflict:
        return []
    if not same_time(first.period, second.period):
        return []
    names = " so với ".join(scope.name for scope in asked.scopes)
    words = {"tăng": "cao hơn", "giảm": "thấp hơn", "không đổi": "bằng nhau"}
    made = growth(first.figures[0], second.figures[0])
    return [
        replace(one, name=f"{names}: {words.get(one.name.split()[0], one.name)}{_relative(one)}")
        for one in made
    ]


def _relative(one: Calculation) -> str:
    return " (tương đối)" if "tương đối" in one.name else ""


def _ones(findings: Sequence[Finding]) -> list[Figure]:
    return [point.figures[0] for one in findings for point in one.points if not point.conflict]


def _finding(series: Series, asked: Asked, figures: Sequence[Figure]) -> Finding:
    notes: list[str] = []
    points: list[Point] = []
    wanted = list(asked.periods)
    between = len(asked.scopes) > 1  # "Hà Nội so với Huế" compares places
    if not wanted:
        points = list(series.points[-1:] if between or not asked.growth else series.points[-2:])
        points = points if asked.growth else _of_each_file(series) or points
        if asked.against and points and points[-1].period:
            wanted = [points[-1].period, *_compared(points[-1].period, asked.against)]
            points = []
        elif len(series.points) > len(points):
            notes.append(f"không nêu thời gian: lấy kỳ gần nhất trong {len(series.points)} kỳ")
    elif asked.growth and len(wanted) == 1 and not between:
        wanted += _compared(wanted[0], asked.against or "same")
    if asked.span:
        first, last = sorted(one.end for one in wanted)
        points = [p for p in series.points if p.period and first <= p.period.end <= last]
        wanted = [] if points else wanted
    for period in wanted:
        exact = [point for point in series.points if same_time(point.period, period)]
        near = at(series, period)
        if exact or near:
            points += exact or near
        if near and not exact:
            have = ", ".join(point.period.label for point in near if point.period)
            notes.append(f"không có số của đúng {period.label}; trong kỳ đó tài liệu có: {have}")
        elif not exact and (period in asked.periods or not _states(series, asked, figures)):
            have = ", ".join(
                p.period.label if p.period else "không rõ kỳ" for p in series.points[:6]
            )
            notes.append(f"không có số của {period.label}; tài liệu có: {have}")
    points = list(dict.fromkeys(points))
    calculations: list[Calculation] = []
    if asked.growth and len(points) == 2 and not between:
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
            both = ordered[-1].figures[0], ordered[0].figures[0]
            calculations = [ratio(*both)] if asked.ratio else growth(*both)
    stated = stated_changes(series, asked, figures) if asked.growth else ()
    if asked.growth and len(points) < 2 and not stated and not between:
        notes.append("thiếu số của một trong hai kỳ nên không tính được tăng, giảm")
    return Finding(series, tuple(points), tuple(calculations), stated, tuple(notes))


def _of_each_file(series: Series) -> list[Point]:
    """The last of each file, where a year stands in one and a month in the other."""
    last = {point.figures[0].source.sha256: point for point in series.points if point.period}
    kinds = {point.period.kind for point in last.values() if point.period}
    return list(last.values()) if len(last) > 1 and len(kinds) == len(last) else []


def _compared(period: Period, against: str) -> list[Period]:
    """The time that a question compares with."""
    if against == "same" or against == period.kind == "year":
        return [period.earlier(1)]
    before = period.previous()
    fits = before is not None and against in (period.kind, "same")
    return [before] if before is not None and fits else [period.earlier(1)]


def _states(series: Series, asked: Asked, figures: Sequence[Figure]) -> bool:
    return bool(stated_changes(series, asked, figures))
