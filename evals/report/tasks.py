"""A section a task: what it asks, its headline, all measures, and where it is weak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.report.charts import Scale, scale_of
from evals.report.markup import Html, el, joined
from evals.report.read import Figures, GoalTold, Measured, TaskTold
from evals.report.scoreboard import standing
from evals.report.telling import Telling, figures, folded, row, section

_MANY, _KINDS = 24, 10


def tasks(telling: Telling) -> Html:
    """All of them, in the order of the suite."""
    voice = telling.voice
    return section(
        telling, "tasks", voice("tasks.heading"),
        *(_task(telling, task) for task in telling.tasks()),
    )  # fmt: skip


def _task(telling: Telling, task: TaskTold) -> Html:
    voice = telling.voice
    where = telling.id(f"task {task.name}")
    bad = sum(each.task == task.name for each in telling.report.worst)
    link = telling.id(f"worst {task.name}")
    return el(
        "article",
        el("h3", telling.task(task.name), id=where),
        el("p", voice.of(task.asks, ""), cls="lead"),
        el("p", voice("tasks.measured"), cls="soft") if task.measured else None,
        _headline(telling, task),
        _measures(telling, task),
        *(
            _parts(telling, task, subject, measures[task.headline], open_=at == 0)
            for at, (subject, measures) in enumerate(_ours_first(telling, task).items())
            if task.headline in measures and (at == 0 or telling.own(subject))
        ),
        el("p", el("a", voice("tasks.to_worst", n=bad), href=f"#{link}")) if bad else None,
        aria_labelledby=where,
        cls="task",
    )


def _ours_first(telling: Telling, task: TaskTold) -> dict[str, dict[str, Measured]]:
    return dict(sorted(task.subjects.items(), key=lambda each: not telling.own(each[0])))


def _headline(telling: Telling, task: TaskTold) -> Html | None:
    for subject, measures in _ours_first(telling, task).items():
        found = measures.get(task.headline)
        if found is None or found.all.mean is None:
            continue
        name = telling.measure(task.name, task.headline)
        value = telling.value(task.name, task.headline, found.all.mean)
        halves = [
            joined([f"{telling.voice.name('split', split)}: ",
                    telling.with_interval(task.name, task.headline, part)])
            for split, part in found.split.items()
        ]  # fmt: skip
        who = f" ({telling.who(subject)})" if len(task.subjects) > 1 else ""
        return el(
            "div",
            el("p", el("b", value, cls="big"), " ", el("span", name + who)),
            el("p", joined(halves, " · "), cls="soft") if halves else None,
            cls="headline",
        )
    return None


def _goal_of(telling: Telling, task: str, measure: str, subject: str) -> GoalTold | None:
    """The goal on all samples: one of a single set says nothing about the row of all."""
    return next(
        (
            goal
            for goal in telling.report.goals
            if (goal.task, goal.measure, goal.subject) == (task, measure, subject)
            and not (goal.dataset or goal.kind)
        ),
        None,
    )


def _measures(telling: Telling, task: TaskTold) -> Html:
    """All measures; where several answered, they stand below each measure's name."""
    voice = telling.voice
    many = len(task.subjects) > 1
    scale = _scale(telling, task)
    measured = [name for measures in task.subjects.values() for name in measures]
    bodies: list[Html] = []
    count = 0
    for name in dict.fromkeys([task.headline, *task.measure_titles, *measured]):
        title = telling.measure(task.name, name)
        if name in task.lower_is_better:
            title = joined([title, el("small", f" {voice('measure.lower')}", cls="soft")])
        rows = [
            _measure(telling, task, name, subject, measures[name].all, scale,
                     telling.who(subject) if many else title)
            for subject, measures in _ours_first(telling, task).items()
            if name in measures
        ]  # fmt: skip
        count += len(rows)
        if rows and many:
            rows.insert(0, el("tr", el("th", title, scope="rowgroup", colspan=6)))
        if rows:
            bodies.append(el("tbody", *rows))
    heads: list[object] = [voice("measure.who" if many else "measure.measure")]
    heads += [telling.axis(scale), voice("measure.value")]
    heads += [figures(voice(f"measure.{key}")) for key in ("n", "unscored", "errors")]
    title = voice("tasks.measures")
    table = telling.table(f"{telling.task(task.name)}: {title}", heads, bodies,
                          cls="chart tight" if many else "chart")  # fmt: skip
    return folded(f"{title} ({count})", table) if count > _MANY else table


def _measure(
    telling: Telling,
    task: TaskTold,
    name: str,
    subject: str,
    found: Figures,
    scale: Scale,
    head: str,
) -> Html:
    voice = telling.voice
    goal = _goal_of(telling, task.name, name, subject)
    _, shape, kind = standing(goal) if goal else ("", "dot", "")
    if not telling.own(subject):
        shape, kind = "square", "other"
    if not telling.is_share(task.name, name):
        scale = scale_of([found.low, found.high])
    title = f"{telling.measure(task.name, name)}, {telling.who(subject)}"
    bar = telling.bar(task.name, name, found, scale, title=title, goal=goal, shape=shape, cls=kind)
    return row(
        head,
        bar,
        telling.with_interval(task.name, name, found),
        voice.number(found.n),
        voice.number(found.unscored),
        voice.number(found.errors),
        number=(2, 3, 4),
    )


def _parts(
    telling: Telling, task: TaskTold, subject: str, found: Measured, *, open_: bool
) -> Html | None:
    """The headline by half, set and kind, the weakest kinds first and the others folded."""
    voice = telling.voice
    lower = task.headline in task.lower_is_better
    kinds = [*_weakest_first(found.kind, worst=lower).items()]
    sets = _weakest_first(found.dataset, worst=lower)
    groups = [("split", found.split), ("dataset", sets), ("kind", dict(kinds[:_KINDS]))]
    told = [(family, parts) for family, parts in groups if len(parts) > 1]
    if not told:
        return None
    scale = _scale(telling, task)
    name = telling.measure(task.name, task.headline)
    caption = voice("tasks.parts", measure=name)
    if len(task.subjects) > 1:
        caption += f" ({telling.who(subject)})"

    def table(title: str, groups: Sequence[tuple[str, Mapping[str, Figures]]]) -> Html:
        heads = [voice("tasks.part"), telling.axis(scale), voice("measure.value"),
                 figures(voice("measure.n"))]  # fmt: skip
        bodies = [_group(telling, task, family, parts, scale) for family, parts in groups]
        return telling.table(title, heads, bodies, cls="chart tight")

    rest = kinds[_KINDS:]
    more = voice("tasks.more_kinds", n=len(rest))
    return folded(
        caption,
        table(caption, told),
        folded(more, table(more, [("kind", dict(rest))])) if rest else None,
        open_=open_,
    )


def _scale(telling: Telling, task: TaskTold) -> Scale:
    """One for all shares of a task, so that its charts can be compared."""
    if not telling.is_share(task.name, task.headline):
        every = [measures[task.headline].all for measures in task.subjects.values()
                 if task.headline in measures]  # fmt: skip
        return scale_of([value for each in every for value in (each.low, each.high)])
    lows = []
    for measures in task.subjects.values():
        for name, found in measures.items():
            if telling.is_share(task.name, name):
                lows.append(found.all.low)
            if name == task.headline:
                lows += [part.low for parts in (found.split, found.dataset, found.kind)
                         for part in parts.values()]  # fmt: skip
    return scale_of(lows)


def _weakest_first(parts: Mapping[str, Figures], *, worst: bool) -> dict[str, Figures]:
    """By mean; what has none comes last. ``worst``: whether a high mean is the weak one."""
    sign = -1 if worst else 1
    return dict(
        sorted(parts.items(), key=lambda each: (each[1].mean is None, sign * (each[1].mean or 0)))
    )


def _group(
    telling: Telling,
    task: TaskTold,
    family: str,
    parts: Mapping[str, Figures],
    scale: Scale,
) -> Html:
    voice = telling.voice
    rows = [
        row(
            voice.name(family, name),
            telling.bar(task.name, task.headline, part, scale, title=voice.name(family, name)),
            telling.with_interval(task.name, task.headline, part),
            voice.number(part.n),
            number=(2,),
        )
        for name, part in parts.items()
    ]
    return el(
        "tbody", el("tr", el("th", voice(f"tasks.by_{family}"), scope="rowgroup", colspan=4)), *rows
    )
