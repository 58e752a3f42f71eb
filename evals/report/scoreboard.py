"""The top of the page: what was run, whether it may go live, goals, and beside whom."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from evals.report.charts import Scale, Shape, interval_bar, scale_of
from evals.report.markup import Html, el, joined
from evals.report.read import Beside, GoalTold
from evals.report.samples import cards
from evals.report.telling import Telling, badge, figures, folded, row, section
from evals.tasks import NAMES

_MET: tuple[Literal["yes", "no", "unknown"], ...] = ("yes", "no", "unknown")
_MOST_BLOCKERS, _OPEN_BLOCKERS = 40, 3


def partial(telling: Telling) -> list[str]:
    """In what way this run is less than the whole suite; empty where it is not."""
    voice, asked = telling.voice, telling.report.run.asked
    found = []
    if asked.fast:
        found.append(voice("run.partial_fast"))
    elif missing := [name for name in NAMES if name not in telling.report.run.tasks]:
        found.append(voice("run.partial_tasks", n=len(NAMES) - len(missing)))
    if asked.limit:
        found.append(voice("run.partial_limit", n=asked.limit))
    if asked.split != "all":
        found.append(voice("run.partial_split", split=voice.name("split", asked.split)))
    return found


def run_told(telling: Telling) -> Html:
    """What was run, as a list of a few lines."""
    voice, run = telling.voice, telling.report.run
    total = sum(group.samples for group in run.groups.values())
    subjects = [el("dd", each) for each in _subjects(telling)]
    corpora = sorted({s.corpus_version for s in run.subjects.values() if s.corpus_version})
    lines: list[tuple[str, list[Html]]] = [
        (voice("run.version"), [el("dd", run.version)]),
        (voice("run.corpus"), [el("dd", el("code", each)) for each in corpora]),
        (voice("run.day"), [el("dd", voice.day(run.as_of))]),
        (voice("run.subjects"), subjects),
        (voice("run.samples"),
         [el("dd", voice("run.samples_told", n=voice.number(total), sets=len(run.groups)))]),
        (voice("run.asked"), [el("dd", "; ".join(partial(telling)) or voice("run.whole"))]),
    ]  # fmt: skip
    listed = el("dl", *(el("div", el("dt", head), *said) for head, said in lines if said),
                cls="about")  # fmt: skip
    return section(telling, "run", voice("run.heading"), listed)


def _subjects(telling: Telling) -> Iterator[Html]:
    voice = telling.voice
    known = telling.report.run.subjects
    for name, about in sorted(known.items(), key=lambda each: not telling.own(each[0])):
        marks = [voice("run.baseline")] if about.role == "baseline" else []
        marks.append(
            voice("run.model", model=about.model) if about.model else voice("run.no_model")
        )
        if about.most:
            marks.append(voice("run.most", n=about.most))
        yield joined([el("b", telling.who(name)), f" ({'; '.join(marks)})"])


def verdict(telling: Telling) -> Html:
    """May it go live, and why."""
    voice, told = telling.voice, telling.report.verdict
    less = partial(telling)
    kind = "no" if not told.may_go_live else "partial" if less else "yes"
    errors = telling.report.own_errors()
    why = []
    why.append(
        voice("verdict.because_blockers", n=voice.number(told.blockers))
        if told.blockers
        else voice("verdict.no_blockers")
    )
    if errors:
        why.append(voice("verdict.because_errors", n=voice.number(errors)))
    if not told.goals:
        why.append(voice("verdict.goals_none"))
    elif told.goals_met == told.goals:
        why.append(voice("verdict.goals_all", goals=told.goals))
    else:
        met = Counter(goal.met for goal in telling.report.goals)
        parts = [voice(f"verdict.goals_{key}", n=met[key]) for key in _MET if met[key]]
        why.append(voice("verdict.goals_some", goals=told.goals, told=", ".join(parts)))
    if less:
        why.append(voice("verdict.partial_run", what="; ".join(less)))
    if telling.report.run.skipped:
        why.append(voice("verdict.skipped", n=len(telling.report.run.skipped)))
    if telling.report.bad_lines:
        why.append(voice("verdict.bad_lines", n=voice.number(len(telling.report.bad_lines))))
    sign = {"yes": "✓", "no": "✕", "partial": "?"}[kind]
    answer = el("p", el("span", sign, cls="sign", aria_hidden="true"), voice(f"verdict.{kind}"),
                cls="answer")  # fmt: skip
    return section(
        telling,
        "verdict",
        voice("verdict.heading"),
        el("div", answer, el("ul", *(el("li", each) for each in why)), cls=f"verdict {kind}"),
        _tiles(telling),
    )


def _tiles(telling: Telling) -> Html:
    voice, told = telling.voice, telling.report.verdict
    asked = sum(group.samples for group in telling.report.run.groups.values())
    tiles = [
        (voice.number(told.blockers), "verdict.tile_blockers"),
        (f"{told.goals_met}/{told.goals}", "verdict.tile_goals"),
        (voice.number(told.errors), "verdict.tile_errors"),
        (voice.number(asked), "verdict.tile_samples"),
    ]
    return el("ul", *(el("li", el("b", n), " ", el("span", voice(key))) for n, key in tiles),
              cls="tiles")  # fmt: skip


def blockers(telling: Telling) -> Html:
    """Every blocker with its sample; a count by task and measure where there are many."""
    voice, found = telling.voice, telling.report.blockers
    if not found:
        return section(telling, "blockers", voice("blockers.heading"),
                       el("p", badge("good", voice("blockers.none"))))  # fmt: skip
    counted = Counter((each.task, each.measure) for each in found)
    table = telling.table(
        voice("blockers.summary"),
        [voice("worst.filter_task"), voice("measure.measure"), figures(voice("blockers.count"))],
        [el("tbody", *(
            row(telling.task(task), telling.measure(task, measure), voice.number(n), number=(1,))
            for (task, measure), n in counted.items()
        ))],
    )  # fmt: skip
    rest = len(found) - _MOST_BLOCKERS
    folded_up = found[_OPEN_BLOCKERS:_MOST_BLOCKERS]
    return section(
        telling,
        "blockers",
        voice("blockers.heading"),
        el("p", voice("blockers.lead"), cls="lead"),
        table,
        cards(telling, found[:_OPEN_BLOCKERS], 3),
        folded(voice("blockers.rest", n=len(folded_up)), cards(telling, folded_up, 3))
        if folded_up
        else None,
        el("p", voice("more", n=rest, file="scores.csv"), cls="soft") if rest > 0 else None,
    )


def goals(telling: Telling) -> Html | None:
    """Each goal with its chart and whether it is met; those without figures folded."""
    voice, found = telling.voice, telling.goals()
    if not found:
        return None
    known = [goal for goal in found if goal.met != "unknown"]
    unknown = [goal for goal in found if goal.met == "unknown"]
    return section(
        telling,
        "goals",
        voice("goals.heading"),
        el("p", voice("goals.lead"), cls="lead"),
        _goal_table(telling, known) if known else None,
        el("p", voice("goals.legend"), cls="soft") if known else None,
        folded(voice("goals.unmeasured", n=len(unknown)), _goal_table(telling, unknown))
        if unknown
        else None,
    )


def _goal_table(telling: Telling, found: Sequence[GoalTold]) -> Html:
    voice = telling.voice
    shares = [goal for goal in found if telling.is_share(goal.task, goal.measure)]
    scale = scale_of([v for goal in shares for v in (goal.low, goal.at_least, goal.at_most)])
    groups = []
    for task in dict.fromkeys(goal.task for goal in found):
        rows = [_goal(telling, goal, scale) for goal in found if goal.task == task]
        link = el("a", telling.task(task), href=f"#{telling.id('task ' + task)}")
        head = el("tr", el("th", link, scope="rowgroup", colspan=5))
        groups.append(el("tbody", head, *rows))
    heads = [
        voice("measure.measure"), telling.axis(scale), voice("measure.value"),
        voice("goals.goal"), voice("goals.result"),
    ]  # fmt: skip
    return telling.table(voice("goals.caption"), heads, groups, cls="chart")


def standing(goal: GoalTold) -> tuple[str, Shape, str]:
    """How a goal stands: the key of its words, the shape of its mark, its badge."""
    shape: Shape = "dot"
    if goal.met == "unknown":
        return "unknown", shape, "off"
    if not goal.certain:
        shape = "ring"
    elif goal.met == "no":
        shape = "diamond"
    kind = "unsure" if not goal.certain else "good" if goal.met == "yes" else "bad"
    return goal.met if goal.certain else f"{goal.met}_unsure", shape, kind


def _goal(telling: Telling, goal: GoalTold, scale: Scale) -> Html:
    voice = telling.voice
    key, shape, kind = standing(goal)
    name = telling.measure(goal.task, goal.measure)
    parts = [voice.name("dataset", goal.dataset)] if goal.dataset else []
    parts += [voice.name("kind", goal.kind)] if goal.kind else []
    if not telling.is_share(goal.task, goal.measure):
        scale = scale_of([goal.low, goal.high, goal.at_least, goal.at_most])
    title = voice("goals.chart", name=name, mean=telling.value(goal.task, goal.measure, goal.mean),
                  goal=telling.goal(goal))  # fmt: skip
    of = voice("goals.of", split=voice.name("split", goal.split), n=voice.number(goal.n))
    return row(
        joined([name, el("span", f" ({', '.join(parts)})", cls="soft") if parts else None]),
        telling.bar(
            goal.task, goal.measure, goal, scale, title=title, goal=goal, shape=shape, cls=kind
        ),
        joined([telling.with_interval(goal.task, goal.measure, goal), el("br"),
                el("small", of, cls="soft")]),
        el("span", telling.goal(goal), cls="bound"),
        badge(kind, voice(f"goals.{key}")),
    )  # fmt: skip


def beside(telling: Telling) -> Html | None:
    """troly and what others would build: each task's headline first, the rest folded."""
    voice = telling.voice
    shown = {task.name: task for task in telling.tasks()}
    found = [each for each in telling.report.beside if each.task in shown]
    if not found:
        return None
    first = [each for each in found if each.measure == shown[each.task].headline]
    rest = [each for each in found if each not in first]
    return section(
        telling,
        "beside",
        voice("beside.heading"),
        el("p", voice("beside.lead"), cls="lead"),
        _beside_table(telling, first) if first else None,
        folded(voice("beside.rest", n=len(rest)), _beside_table(telling, rest)) if rest else None,
    )


def _beside_table(telling: Telling, found: list[Beside]) -> Html:
    voice = telling.voice
    shares = [e for e in found if telling.is_share(e.task, e.measure)]
    most = max([0.05, *(max(abs(e.low), abs(e.high)) for e in shares)])
    reach = math.ceil(most * 10) / 10
    scale = Scale(-reach, reach)
    groups = []
    for task, measure in dict.fromkeys((e.task, e.measure) for e in found):
        title = joined([telling.task(task), ": ", el("span", telling.measure(task, measure))])
        rows = [
            _beside(telling, each, scale)
            for each in found
            if (each.task, each.measure) == (task, measure)
        ]
        head = el("tr", el("th", title, scope="rowgroup", colspan=7))
        groups.append(el("tbody", head, *rows))
    ends = [voice.whole_points(-reach), "0", voice.whole_points(reach)]
    heads = [
        voice("beside.other"), figures(voice("beside.ours")), figures(voice("beside.theirs")),
        telling.axis(scale, ends), voice("beside.difference"),
        figures(voice("measure.n")), voice("beside.verdict"),
    ]  # fmt: skip
    return telling.table(voice("beside.caption"), heads, groups, cls="chart")


def _beside(telling: Telling, each: Beside, scale: Scale) -> Html:
    voice = telling.voice
    task = telling.report.task(each.task)
    sign = -1 if task and each.measure in task.lower_is_better else 1
    ends = sorted((sign * each.low, sign * each.high))
    key = "better" if ends[0] > 0 else "worse" if ends[1] < 0 else "same"
    kind = {"better": "good", "worse": "bad", "same": "even"}[key]
    shape: Shape = {"better": "dot", "worse": "diamond", "same": "ring"}[key]  # type: ignore[assignment]
    share = telling.is_share(each.task, each.measure)
    say = voice.points if share else voice.plain
    low, high = say(each.low), say(each.high)
    title = voice(
        "beside.chart", difference=say(each.difference), low=low, high=high,
        verdict=voice(f"beside.{key}"),
    )  # fmt: skip
    chart = interval_bar(
        scale, each.difference, each.low, each.high,
        title=telling.who(each.subject), told=title, shape=shape, cls=kind, zero=True,
    )  # fmt: skip
    return row(
        telling.who(each.subject),
        telling.value(each.task, each.measure, each.ours),
        telling.value(each.task, each.measure, each.theirs),
        chart if share else "",
        el("span", el("b", say(each.difference)), " ",
           el("span", f"({low} … {high})", cls="soft"), cls="figure"),
        voice.number(each.n),
        badge(kind, voice(f"beside.{key}")),
        number=(0, 1, 4),
    )  # fmt: skip
