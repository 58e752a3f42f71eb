"""Figures, series and answers as lines for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from assistant.figures.compute import Calculation
from assistant.figures.exporting import place_of
from assistant.figures.findings import Answer, Finding
from assistant.figures.model import RANGE, CellPlace, Figure, Kind, Reading
from assistant.figures.series import Series
from assistant.figures.written import Unit, shown


class Sources:
    """Numbers for figures in the order they are named."""

    def __init__(self) -> None:
        self._held: list[Figure] = []

    def number(self, figure: Figure) -> str:
        """ "[3]" for a figure, the same each time."""
        if figure not in self._held:
            self._held.append(figure)
        return f"[{self._held.index(figure) + 1}]"

    def lines(self) -> Iterator[str]:
        """What each number stands for: file, place, the words themselves."""
        if self._held:
            yield "Nguồn:"
        for number, figure in enumerate(self._held, 1):
            yield f"  [{number}] {source_line(figure)}"


def source_line(figure: Figure) -> str:
    """File, place and quote of a figure."""
    place = figure.place
    if isinstance(place, CellPlace):
        row = " › ".join(place.row_headers) or "không có tên dòng"
        column = " › ".join(place.column_headers) or "không có tên cột"
        at = f"{place_of(figure)} (dòng: {row}; cột: {column})"
        return f"{figure.source.file}, {at}: “{place.quote}”"
    return f"{figure.source.file}, {place_of(figure)}: “{place.quote}”"


def value_text(figure: Figure) -> str:
    """A value with its unit, or both readings where it is unclear."""
    unit = _unit(figure.unit)
    if figure.value is None and figure.about == RANGE and len(figure.readings) > 1:
        return f"từ {shown(figure.readings[0])} đến {shown(figure.readings[1])}{unit}"
    if figure.value is None:
        return " hoặc ".join(shown(one) for one in figure.readings) + unit + " (chưa rõ)"
    if figure.about.startswith("trở"):
        return f"{shown(figure.value)}{unit} {figure.about}"
    about = f"{figure.about} " if figure.about else ""
    return f"{about}{shown(figure.value)}{unit}"


def _unit(unit: Unit | None) -> str:
    return f" {unit.shown}" if unit and unit.shown else ""


def reading_lines(reading: Reading) -> Iterator[str]:
    """All figures of one file, each with its place."""
    yield f"{reading.source.file}: {len(reading.figures)} số liệu"
    for figure in reading.figures:
        when = figure.period.label if figure.period else "không rõ kỳ"
        where = figure.scope.name if figure.scope else "không ghi phạm vi"
        kind = {Kind.LEVEL: "", Kind.CHANGE: " [thay đổi]", Kind.TARGET: " [mục tiêu]"}[figure.kind]
        against = f" so với {figure.compared}" if figure.compared else ""
        yield f"- {figure.indicator}{kind} | {where} | {when} | {value_text(figure)}{against}"
        yield f"    {place_of(figure)}: “{_short(figure.place.quote)}”"
        for note in figure.notes:
            yield f"    Lưu ý: {note}"
    for note in reading.notes:
        yield f"Lưu ý: {note}"


def series_lines(series: Sequence[Series], sources: Sources) -> Iterator[str]:
    """One block a series; where sources differ, all values below each other."""
    for one in series:
        scope = one.scope.name if one.scope else "không ghi phạm vi"
        yield f"{one.indicator} – {scope}"
        for point in one.points:
            when = point.period.label if point.period else "không rõ kỳ"
            if point.conflict:
                yield f"  {when}: các nguồn ghi khác nhau, cần người xem lại"
                for figure in point.figures:
                    yield f"    {value_text(figure)} {sources.number(figure)}"
                continue
            numbers = " ".join(sources.number(figure) for figure in point.figures)
            yield f"  {when}: {value_text(point.figures[0])} {numbers}"


def answer_lines(answer: Answer) -> Iterator[str]:
    """An answer with formulas, then the sources it names."""
    sources = Sources()
    for finding in answer.findings:
        yield from _finding_lines(finding, sources)
    for one in answer.calculations:
        yield calculation_text(one, sources)
    yield from answer.notes
    if answer.choices:
        yield "Có thể hỏi về:"
        yield from (f"  - {name}" for name in answer.choices)
    yield from sources.lines()


def _finding_lines(finding: Finding, sources: Sources) -> Iterator[str]:
    series = finding.series
    yield from series_lines(
        [Series(series.indicator, series.scope, series.unit, finding.points, series.kind)], sources
    )
    for one in finding.calculations:
        yield f"  {calculation_text(one, sources)}"
    for figure in finding.stated:
        against = f" so với {figure.compared}" if figure.compared else ""
        when = f" {figure.period.label}" if figure.period and not finding.points else ""
        yield (
            f"  Tài liệu tự ghi mức thay đổi{when}{against}: {value_text(figure)} "
            f"{sources.number(figure)}{_agreement(figure, finding.calculations)}"
        )
    for figure in (figure for point in finding.points for figure in point.figures):
        for note in figure.notes:
            yield f"  Lưu ý {sources.number(figure)}: {note}"
    for note in finding.notes:
        yield f"  Lưu ý: {note}"


def _agreement(figure: Figure, calculations: Sequence[Calculation]) -> str:
    """Whether what a document says of a change is what comes out."""
    same = [c for c in calculations if c.value is not None and c.unit == _unit(figure.unit).strip()]
    if not same or figure.value is None or same[0].value is None:
        return ""
    exponent = figure.value.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    near = abs(abs(figure.value) - same[0].value) <= step
    if not near and figure.base_unit == "%":  # "121,5 %" of what it was is 21,5 % more
        fell = same[0].name.startswith("giảm")
        whole = 100 - same[0].value if fell else 100 + same[0].value
        if abs(figure.value - whole) <= step:
            return " (là tỷ số giữa hai kỳ; khớp với số tính được)"
    return " (khớp với số tính được)" if near else " (KHÁC với số tính được, cần xem lại)"


def calculation_text(one: Calculation, sources: Sources) -> str:
    """ "tăng 12,1 điểm phần trăm = 45,2 − 33,1 [1] [2]"."""
    numbers = " ".join(sources.number(figure) for figure in one.figures)
    if one.value is None:
        return f"Không tính {one.name}: {one.problem}. {numbers}".rstrip()
    unit = f" {one.unit}" if one.unit else ""
    rounded = " (làm tròn 2 chữ số)" if one.unit in ("%", "lần") else ""
    name = one.name[:1].upper() + one.name[1:]
    return f"{name}: {shown(one.value)}{unit} = {one.formula}{rounded} {numbers}"


# --- JSON -----------------------------------------------------------------------------------


def figure_json(figure: Figure) -> dict[str, Any]:
    """Every field of a figure; numbers as text, so that no digit is lost."""
    period, place = figure.period, figure.place
    made: dict[str, Any] = {
        "indicator": figure.indicator,
        "kind": figure.kind.value,
        "value": _number(figure.value),
        "readings": [_number(one) for one in figure.readings],
        "unit": figure.unit.shown if figure.unit else None,
        "base_value": _number(figure.base_value),
        "base_unit": figure.base_unit or None,
        "about": figure.about or None,
        "compared_with": figure.compared or None,
        "scope": {"kind": figure.scope.kind, "name": figure.scope.name} if figure.scope else None,
        "period": {
            "kind": period.kind, "label": period.label, "start": period.start.isoformat(),
            "end": period.end.isoformat(), "as_of": period.kind == "day" or period.until,
        } if period else None,
        "notes": list(figure.notes),
        "source": {
            "file": figure.source.file, "sha256": figure.source.sha256,
            "text_sha256": figure.source.text_sha256, "ocr": figure.source.by_ocr,
        },
    }  # fmt: skip
    if isinstance(place, CellPlace):
        made["place"] = {
            "kind": "cell", "sheet": place.sheet or None, "table": place.table,
            "page": place.page or None, "ref": place.ref, "row_headers": list(place.row_headers),
            "column_headers": list(place.column_headers), "caption": place.caption,
            "quote": place.quote,
        }  # fmt: skip
    else:
        made["place"] = {
            "kind": "sentence", "start": place.start, "end": place.end,
            "number_start": place.number_start, "number_end": place.number_end,
            "section": list(place.section), "quote": place.quote,
        }  # fmt: skip
    return made


def reading_json(one: Reading, most: int | None = None) -> dict[str, Any]:
    """One file with its figures, the first ``most`` of them."""
    return {
        "file": one.source.file,
        "sha256": one.source.sha256,
        "text_sha256": one.source.text_sha256,
        "count": len(one.figures),
        "notes": list(one.notes),
        "figures": [figure_json(figure) for figure in one.figures[:most]],
    }


def series_json(one: Series) -> dict[str, Any]:
    """A series with all its values."""
    return {
        "indicator": one.indicator,
        "scope": one.scope.name if one.scope else None,
        "unit": one.unit or None,
        "points": [
            {
                "period": point.period.label if point.period else None,
                "conflict": point.conflict,
                "figures": [figure_json(figure) for figure in point.figures],
            }
            for point in one.points
        ],
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer: findings, calculations with formulas, notes, what else can be asked."""
    return {
        "found": bool(answer.findings),
        "findings": [
            {
                **series_json(Series(f.series.indicator, f.series.scope, f.series.unit, f.points)),
                "calculations": [_calculation(one) for one in f.calculations],
                "stated": [figure_json(one) for one in f.stated],
                "notes": list(f.notes),
            }
            for f in answer.findings
        ],
        "calculations": [_calculation(one) for one in answer.calculations],
        "notes": list(answer.notes),
        "choices": list(answer.choices),
    }


def _calculation(one: Calculation) -> dict[str, Any]:
    return {
        "name": one.name,
        "value": _number(one.value),
        "unit": one.unit or None,
        "formula": one.formula or None,
        "problem": one.problem or None,
        "from": [figure_json(figure) for figure in one.figures],
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def failed_lines(failed: Iterable[tuple[object, str]]) -> Iterator[str]:
    """Files that were not read, each with its reason."""
    return (f"Không đọc được {path}: {reason}" for path, reason in failed)


def _short(text: str) -> str:
    return text if len(text) <= 160 else text[:159] + "…"
