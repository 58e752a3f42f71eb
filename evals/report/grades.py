"""What people and models made of the answers: who graded, how far they agree, where they differ."""

from __future__ import annotations

from collections.abc import Iterator

from evals.report.markup import Html, el
from evals.report.read import Agreement, Disagreement, GraderTold, GradingTold, ReportTold
from evals.report.telling import Telling, figures, folded, row, section

_VERDICTS = ("right", "partial", "wrong", "ungradable")
_MOST, _LONGEST = 12, 400
#: Below this κ a model's grades are not worth reading.
_POOR = 0.4


def grades(telling: Telling) -> Html | None:
    """The section; None where nobody graded."""
    found, voice = telling.report.grading, telling.voice
    if found is None:
        return None
    return section(
        telling,
        "grades",
        voice("grades.heading"),
        el("p", voice("grades.lead"), cls="lead"),
        el("h3", voice("grades.graders")),
        _graders(telling, found),
        el("h3", voice("grades.agreement")),
        _agreement(telling, found),
        *_poor(telling, found),
        _apart(telling, found),
    )


def agreements(report: ReportTold) -> Iterator[tuple[object, ...]]:
    """κ as rows of report.csv: task "grading", who with whom in the place of the subject."""
    found = report.grading
    if found is None:
        return
    pairs: list[tuple[str, Agreement]] = [(f"{p.a} - {p.b}", p) for p in found.pairs]
    pairs += [(f"{p.grader} - {p.task}", p) for p in found.with_suite]
    if found.labelled is not None:
        pairs += [
            (f"{model.model} - labelled {reading.reading}", reading)
            for model in found.labelled.models
            for reading in model.readings
        ]
    for who, each in pairs:
        for measure in ("kappa", "weighted"):
            values = (getattr(each, f"{measure}{end}") for end in ("", "_low", "_high"))
            yield "grading", measure, who, "all", *("" if v is None else v for v in values), each.n


def _graders(telling: Telling, found: GradingTold) -> Html:
    voice = telling.voice
    heads = [
        voice("grades.grader"),
        *(
            figures(words)
            for words in (
                voice("grades.count"),
                *(voice.name("verdict", verdict) for verdict in _VERDICTS),
                voice("grades.readability"),
                voice("grades.errors"),
                voice("grades.outdated"),
            )
        ),
        voice("grades.reasons"),
    ]
    rows = (
        row(
            _name(telling, grader),
            voice.number(grader.n),
            *(voice.number(grader.verdicts.get(verdict, 0)) for verdict in _VERDICTS),
            "–" if grader.readability.mean is None else voice.number(grader.readability.mean, 1),
            voice.number(grader.errors),
            voice.number(grader.outdated),
            ", ".join(
                f"{voice.name('reason', reason)} {count}"
                for reason, count in grader.reasons.items()
                if count
            ),
            number=range(8),
        )
        for grader in found.graders
    )
    return telling.table(voice("grades.graders"), heads, [el("tbody", *rows)])


def _name(telling: Telling, grader: GraderTold) -> str:
    if grader.kind == "person":
        return grader.name
    return f"{grader.name.removeprefix('model-')} ({telling.voice('grades.model')})"


def _agreement(telling: Telling, found: GradingTold) -> Html:
    voice = telling.voice
    heads = [
        voice("grades.between"),
        figures("n"),
        figures(voice("grades.same")),
        figures(voice("grades.kappa")),
        figures(voice("grades.weighted")),
    ]
    rows = (
        row(
            who,
            voice.number(each.n),
            voice.percent(each.agreement) if each.agreement is not None else "–",
            _kappa(telling, each.kappa, each.kappa_low, each.kappa_high),
            _kappa(telling, each.weighted, each.weighted_low, each.weighted_high),
            number=range(4),
        )
        for who, each in _pairs(telling, found)
        if each.n
    )
    return telling.table(voice("grades.agreement"), heads, [el("tbody", *rows)])


def _pairs(telling: Telling, found: GradingTold) -> Iterator[tuple[str, Agreement]]:
    voice = telling.voice
    for pair in found.pairs:
        yield f"{pair.a} – {pair.b}", pair
    for row_ in found.with_suite:
        yield f"{row_.grader} – {voice('grades.suite', task=telling.task(row_.task))}", row_
    if found.labelled is not None:
        for model in found.labelled.models:
            for number, reading in enumerate(model.readings, 1):
                yield f"{model.model} – {voice('grades.labelled', n=number)}", reading
        yield voice("grades.readings"), found.labelled.readings


def _kappa(telling: Telling, middle: float | None, low: float | None, high: float | None) -> Html:
    if middle is None or low is None or high is None:
        return el("span", "–", cls="soft")
    number = telling.voice.number
    told = f"({number(low, 2)} – {number(high, 2)})"
    return el("span", el("b", number(middle, 2)), " ", el("span", told, cls="soft"), cls="figure")


def _poor(telling: Telling, found: GradingTold) -> Iterator[Html]:
    for model in found.labelled.models if found.labelled else ():
        best = max((each.kappa for each in model.readings if each.kappa is not None), default=None)
        if best is None or best < _POOR:
            name = model.model.removeprefix("model-")
            yield el("p", el("b", telling.voice("grades.poor", model=name)))


def _apart(telling: Telling, found: GradingTold) -> Html | None:
    if not found.disagreements:
        return None
    voice = telling.voice
    heads = [voice("grades.sample"), voice("grades.said")]
    rows = (
        row(_asked(telling, each), _said(telling, each)) for each in found.disagreements[:_MOST]
    )
    table = telling.table(voice("grades.apart"), heads, [el("tbody", *rows)])
    more = len(found.disagreements) - _MOST
    rest = el("p", voice("more", n=more, file="report.json"), cls="soft") if more > 0 else None
    return folded(f"{voice('grades.apart')} ({len(found.disagreements)})", table, rest)


def _asked(telling: Telling, each: Disagreement) -> Html:
    answer = each.answer if len(each.answer) <= _LONGEST else each.answer[:_LONGEST] + "…"
    place = f"{telling.voice.name('dataset', each.dataset)} · {each.sample}"
    return el("div", el("p", el("b", each.question)), el("p", answer, cls="said"),
              el("p", place, cls="soft"))  # fmt: skip


def _said(telling: Telling, each: Disagreement) -> Html:
    voice = telling.voice
    lines = [
        el("li", f"{voice('grades.suite', task=telling.task(task))}: {voice.name('verdict', said)}")
        for task, said in each.suite.items()
    ]
    for name, grade in each.grades.items():
        told = voice.name("verdict", grade.verdict) if grade.verdict else "–"
        if grade.reasons:
            told += f" ({', '.join(voice.name('reason', reason) for reason in grade.reasons)})"
        comment = f". {voice.quoted(grade.comment)}" if grade.comment else ""
        lines.append(el("li", f"{name}: {told}{comment}"))
    return el("ul", *lines)
