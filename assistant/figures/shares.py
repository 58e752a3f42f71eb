"""How many percent one value is of another: two indicators, or a place of the country."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.figures.compute import Calculation, share
from assistant.figures.findings import Answer, Finding, in_scope, same_time
from assistant.figures.matching import SHARE_OF, Names, key_of
from assistant.figures.model import CellPlace, Figure, Kind
from assistant.figures.question import Asked, same_length
from assistant.figures.series import Series, series_of

_TRIED = 4  # names that fit each of the two


def part_of(asked: Asked, figures: Sequence[Figure]) -> Answer | None:
    """ "A chiếm bao nhiêu phần trăm B": both by name, of one scope and time."""
    levels = [figure for figure in figures if figure.kind is Kind.LEVEL]
    goals = [figure for figure in figures if figure.kind is Kind.TARGET]
    names = Names(levels)
    to_plan = re.fullmatch(r"(?:ke hoach|muc tieu|du toan)(?: nam)?", same_length(asked.whole))
    wholes = Names(goals) if to_plan else names
    parts = names.candidates(asked.part, marked=asked.marked)[0]
    every = wholes.candidates(asked.part if to_plan else asked.whole, marked=asked.marked)[0]
    for below in parts[:_TRIED]:
        for above in every[:_TRIED]:
            made = _shares_by_scope(names.groups[below], wholes.groups[above], asked)
            if made and (to_plan or below != above):
                return Answer(asked, calculations=tuple(made))
    return None


def told_share(asked: Asked, figures: Sequence[Figure]) -> Answer | None:
    """The share that a document states itself: "bằng 78,3% kế hoạch", "chiếm 42,9%"."""
    levels = [one for one in figures if one.kind is Kind.LEVEL and one.base_unit == "%"]
    beside = Names([one for one in levels if SHARE_OF in one.indicator])
    names = f"{asked.part} {asked.whole}"
    found = beside.candidates(names, marked=asked.marked)[0]
    held = [one for key in found[:1] for one in beside.groups[key]]
    if not held:
        parts = Names([one for one in levels if SHARE_OF not in one.indicator])
        found = parts.best(asked.part, marked=asked.marked)
        held = [one for key in found[:1] for one in parts.groups[key] if _takes(one, asked)]
    findings = []
    for one in series_of(held):
        wanted = [
            point
            for point in one.points
            if not asked.periods or any(same_time(point.period, time) for time in asked.periods)
        ]
        if wanted and in_scope(one.scope, asked.scopes):
            findings.append(Finding(one, tuple(wanted if asked.periods else wanted[-1:])))
    return Answer(asked, tuple(findings)) if findings else None


def _takes(figure: Figure, asked: Asked) -> bool:
    """Whether a sentence gives a figure as the share of what is asked for."""
    place = figure.place
    if isinstance(place, CellPlace):
        return False
    said = f"{' '.join(place.section)} {place.quote}"
    plain = frozenset(map(same_length, key_of(said)))
    lead = same_length(place.quote[: place.number_start - place.start])
    taken = re.search(r"\b(?:chiem|ty trong|bang)\b[^,;]*$", lead)
    return bool(taken) and frozenset(map(same_length, key_of(asked.whole))) <= plain


def _shares_by_scope(
    part: Sequence[Figure], whole: Sequence[Figure], asked: Asked
) -> list[Calculation]:
    made: list[Calculation] = []
    for above in series_of(whole, whole[0].kind):
        for below in series_of(part):
            same = (above.scope and above.scope.key) == (below.scope and below.scope.key)
            if same and in_scope(above.scope, asked.scopes):
                made += _shares_of(below, above, asked)
    return [one for one in made if one.value is not None] or made


def _shares_of(part: Series, whole: Series, asked: Asked) -> list[Calculation]:
    found = []
    for point in part.points:
        if asked.periods and not any(same_time(point.period, one) for one in asked.periods):
            continue
        fits = [one for one in whole.points if same_time(one.period, point.period)]
        if fits and not point.conflict and not fits[0].conflict:
            made = share(point.figures[0], fits[0].figures[0])
            when = f", {point.period.label}" if point.period else ""
            where = f", {part.scope.name}" if part.scope else ""
            found.append(replace(made, name=f"tỷ trọng{where}{when}"))
    return found


def shares_of_country(findings: Sequence[Finding]) -> list[Calculation]:
    """How many percent of the whole country each place is, at one time."""
    wholes = [one for one in findings if one.series.scope and one.series.scope.kind == "country"]
    parts = [one for one in findings if one not in wholes]
    made = []
    for whole in wholes[:1]:
        for part in parts:
            for point in part.points:
                fits = [p for p in whole.points if same_time(p.period, point.period)]
                if fits and not point.conflict and not fits[0].conflict:
                    made.append(share(point.figures[0], fits[0].figures[0]))
    return made
