"""Beside the previous run: what is worse or better beyond chance, and the samples that changed."""

from __future__ import annotations

from collections.abc import Sequence

from evals.report.human import why
from evals.report.markup import Html, el, joined
from evals.report.telling import Telling, badge, figures, folded, row, section
from evals.running.compare import Changed, Comparison, Row

_MOST = 60
_KINDS = {"worse": "bad", "better": "good", "within chance": "even", "same": "even"}


def previous(telling: Telling, found: Comparison | None) -> Html | None:
    """None where there is no previous run to compare with."""
    if found is None:
        return None
    voice = telling.voice
    moved = [each for each in found.rows if each.verdict in ("worse", "better")]
    moved.sort(key=lambda each: each.verdict, reverse=True)
    rest = [each for each in found.rows if each not in moved]
    said = "previous.regressed" if found.regressed else "previous.not_regressed"
    return section(
        telling,
        "previous",
        voice("previous.heading"),
        el("p", badge("bad" if found.regressed else "good", voice(said))),
        el("p", voice("previous.lead"), cls="lead"),
        _errors(telling, found),
        _blockers(telling, "previous.new", found.blockers[0]),
        _blockers(telling, "previous.gone", found.blockers[1]),
        _table(telling, moved) if moved else el("p", voice("previous.same")),
        folded(voice("previous.rest", n=len(rest)), _table(telling, rest)) if rest else None,
        _changed(telling, found.changed),
    )


def _errors(telling: Telling, found: Comparison) -> Html | None:
    if found.errors[0] == found.errors[1]:
        return None
    before, after = found.errors
    return el("p", telling.voice("previous.errors", before=before, after=after))


def _blockers(telling: Telling, key: str, found: Sequence[str]) -> Html | None:
    if not found:
        return None
    listed = el("ul", *(el("li", _blocker(telling, each)) for each in found[:_MOST]))
    return joined([el("h3", telling.voice(key)), listed])


def _blocker(telling: Telling, told: str) -> str:
    """“task · subject · sample · measure”, as `compare` names it, in words."""
    parts = told.split(" · ")
    if len(parts) < 4:
        return told
    task, subject, *sample, measure = parts
    names = (telling.task(task), telling.who(subject), *sample, telling.measure(task, measure))
    return " · ".join(names)


def _table(telling: Telling, rows: Sequence[Row]) -> Html:
    voice = telling.voice
    heads = [
        voice("measure.measure"), voice("measure.who"), figures(voice("previous.before")),
        figures(voice("previous.after")), voice("beside.difference"),
        figures(voice("measure.n")), figures(voice("previous.moves")), voice("beside.verdict"),
    ]  # fmt: skip
    body = el("tbody", *(_row(telling, each) for each in rows))
    return telling.table(voice("previous.caption"), heads, [body])


def _row(telling: Telling, each: Row) -> Html:
    voice = telling.voice
    verdict = "unchanged" if each.verdict == "same" else each.verdict
    share = telling.is_share(each.task, each.measure)
    say = voice.points if share else voice.plain
    apart = f"({say(each.low)} … {say(each.high)})"
    return row(
        joined([telling.task(each.task), ": ", telling.measure(each.task, each.measure)]),
        telling.who(each.subject),
        telling.value(each.task, each.measure, each.before),
        telling.value(each.task, each.measure, each.after),
        el("span", el("b", say(each.difference)), " ", el("span", apart, cls="soft"), cls="figure"),
        voice.number(each.n),
        f"{each.lost} / {each.won}",
        badge(_KINDS[each.verdict], voice(f"previous.{verdict}")),
        number=(1, 2, 4, 5),
    )


def _changed(telling: Telling, found: Sequence[Changed]) -> Html | None:
    if not found:
        return None
    voice = telling.voice
    # Those that got worse first: they are what one looks for.
    order = sorted(found, key=lambda each: (each.after or 0) - (each.before or 0))
    rows = (
        row(
            f"{voice.name('dataset', each.dataset)} · {each.sample}",
            joined([telling.task(each.task), ": ", telling.measure(each.task, each.measure)]),
            telling.value(each.task, each.measure, each.before),
            telling.value(each.task, each.measure, each.after),
            why(each.why, voice),
            number=(1, 2),
        )
        for each in order[:_MOST]
    )
    heads = [
        voice("previous.sample"), voice("measure.measure"), figures(voice("previous.before")),
        figures(voice("previous.after")), voice("worst.why"),
    ]  # fmt: skip
    caption = voice("previous.changed", n=voice.number(len(found)))
    rest = len(found) - _MOST
    more = voice("more", n=rest, file="troly eval compare --json")
    return folded(
        caption,
        telling.table(caption, heads, [el("tbody", *rows)]),
        el("p", more, cls="soft") if rest > 0 else None,
    )
