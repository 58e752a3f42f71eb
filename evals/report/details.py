"""The end of the page: operations, errors, what was skipped, how to read, others' numbers."""

from __future__ import annotations

from collections.abc import Mapping

from evals.report.charts import histogram
from evals.report.human import why
from evals.report.markup import Html, el
from evals.report.telling import Telling, badge, figures, row, section
from evals.report.timings import Timed, Times, spread

_MOST = 100


def operations(telling: Telling, timed: Mapping[str, Timed]) -> Html:
    """Percentiles of answers and steps, and how the times spread."""
    voice = telling.voice
    if not timed:
        missing = el("p", voice("operations.missing"))
        return section(telling, "operations", voice("operations.heading"), missing)
    order = sorted(timed, key=lambda name: (not telling.own(name), name))
    heads = [voice("measure.who"), *_heads(telling)]  # fmt: skip
    rows = (
        row(telling.who(name), voice.number(len(timed[name].answers.ms)),
            *_percentiles(telling, timed[name].answers), voice.ms(timed[name].answers.ms[-1]),
            number=range(5))
        for name in order
    )  # fmt: skip
    total = voice("operations.total")
    return section(
        telling,
        "operations",
        voice("operations.heading"),
        el("p", voice("operations.lead"), cls="lead"),
        el("h3", total),
        telling.table(total, heads, [el("tbody", *rows)]),
        el("h3", voice("operations.spread")),
        el("div", *(_histogram(telling, name, timed[name].answers) for name in order),
           cls="charts"),
        *(_steps(telling, name, timed[name]) for name in order if timed[name].steps),
    )  # fmt: skip


def _heads(telling: Telling) -> list[Html]:
    first, last = telling.voice("operations.answers"), telling.voice("operations.slowest")
    return [figures(words) for words in (first, "p50", "p95", "p99", last)]


def _percentiles(telling: Telling, times: Times) -> list[str]:
    return [telling.voice.ms(times.percentile(share)) for share in (0.5, 0.95, 0.99)]


def _histogram(telling: Telling, name: str, times: Times) -> Html:
    voice, found = telling.voice, spread(times)
    p50, p95, p99 = _percentiles(telling, times)
    told = voice("operations.described", n=voice.number(len(times.ms)), p50=p50, p95=p95, p99=p99)
    marks = [(found.place(times.percentile(s)), f"p{s * 100:.0f} {voice.ms(times.percentile(s))}")
             for s in (0.5, 0.95)]  # fmt: skip
    labels = [voice.edge(edge, first=at == 0) for at, edge in enumerate(found.edges)]
    title = voice("operations.chart", name=telling.who(name))
    chart = histogram(found.counts, labels, marks, title=title, told=told)
    return el("figure", chart, el("figcaption", el("b", telling.who(name)), ": ", told))


def _steps(telling: Telling, name: str, timed: Timed) -> Html:
    voice = telling.voice
    slowest_first = sorted(timed.steps.items(), key=lambda each: -each[1].percentile(0.5))
    rows = (
        row(voice.name("step", step), voice.number(len(times.ms)), *_percentiles(telling, times),
            voice.ms(times.ms[-1]), number=range(5))
        for step, times in slowest_first
    )  # fmt: skip
    heads = [voice("operations.step"), *_heads(telling)]  # fmt: skip
    title = f"{voice('operations.steps')}: {telling.who(name)}"
    return el("div", el("h3", title), telling.table(title, heads, [el("tbody", *rows)]))


def errors(telling: Telling) -> Html:
    """What could not be asked, read or scored."""
    voice, found = telling.voice, telling.report.errors
    heading = voice("errors.heading")
    bad = telling.report.bad_lines
    if not found and not bad:
        return section(telling, "errors", heading, el("p", badge("good", voice("errors.none"))))
    rows = (
        row(f"{voice.name('dataset', each.dataset)} · {each.sample}", telling.who(each.subject),
            telling.task(each.task), why(each.why, voice))
        for each in found[:_MOST]
    )  # fmt: skip
    heads = [voice("previous.sample"), voice("measure.who"), voice("worst.filter_task"),
             voice("errors.what")]  # fmt: skip
    places = (row(el("code", line.where), line.why) for line in bad[:_MOST])
    rest = max(len(found) - _MOST, 0) + max(len(bad) - _MOST, 0)
    return section(
        telling,
        "errors",
        heading,
        el("p", voice("errors.lead"), cls="lead"),
        telling.table(voice("errors.caption"), heads, [el("tbody", *rows)], seen=True)
        if found
        else None,
        telling.table(voice("errors.bad_caption"), [voice("errors.where"), voice("errors.what")],
                      [el("tbody", *places)], seen=True)
        if bad
        else None,
        el("p", voice("more", n=rest, file="report.json"), cls="soft") if rest else None,
    )  # fmt: skip


def skipped(telling: Telling) -> Html:
    """What of the suite was left out, and why."""
    voice, found = telling.voice, telling.report.run.skipped
    inside = el("p", voice("skipped.none"))
    if found:
        heads = [voice("skipped.what"), voice("skipped.why")]
        rows = (row(telling.task(each.what), each.why) for each in found)
        inside = telling.table(voice("skipped.heading"), heads, [el("tbody", *rows)])
    return section(telling, "skipped", voice("skipped.heading"), inside)


def sets(telling: Telling) -> Html:
    """Which samples were asked, with the hash of their content."""
    voice = telling.voice
    rows = (
        row(telling.group(name), voice.number(group.samples), el("code", group.sha256[:16]),
            number=(0,))
        for name, group in telling.report.run.groups.items()
    )  # fmt: skip
    heads = [voice("run.set"), figures(voice("run.samples")), voice("run.hash")]
    table = telling.table(voice("sets.heading"), heads, [el("tbody", *rows)])
    return section(telling, "sets", voice("sets.heading"), table)


def reading(telling: Telling) -> Html:
    """How to read intervals, unscored samples, blockers and the two halves."""
    voice = telling.voice
    keys = ("interval", "unscored", "blocker", "halves", "lower", "again")
    listed = [
        el("div", el("dt", voice(f"reading.{key}")), el("dd", voice(f"reading.{key}_told")))
        for key in keys
    ]
    return section(telling, "reading", voice("reading.heading"), el("dl", *listed, cls="reading"))


def elsewhere(telling: Telling) -> Html:
    """What others published, with the remark that it is another task."""
    voice = telling.voice
    rows = (
        row(each["whose"], each["figure"], each["remark"]) for each in voice.rows("elsewhere.rows")
    )
    heads = [voice("elsewhere.whose"), voice("elsewhere.figure"), voice("elsewhere.remark")]
    return section(
        telling,
        "elsewhere",
        voice("elsewhere.heading"),
        el("p", voice("elsewhere.lead"), cls="lead"),
        telling.table(voice("elsewhere.caption"), heads, [el("tbody", *rows)]),
    )
