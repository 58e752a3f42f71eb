"""What the sections share: titles by name, figures with their unit, tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evals.report.charts import Scale, Shape, interval_bar
from evals.report.markup import Html, el, text
from evals.report.read import Figures, GoalTold, ReportTold, TaskTold
from evals.report.voice import Voice


@dataclass(frozen=True, slots=True)
class Telling:
    """A report in one language.

    ``timed``: whether what depends on the machine is told. ``titles``: of
    documents by id, so that a code is shown with what it stands for.
    """

    report: ReportTold
    voice: Voice
    timed: bool = True
    titles: Mapping[str, str] = field(default_factory=dict)

    # --- names --------------------------------------------------------------------------------

    def task(self, name: str) -> str:
        found = self.report.task(name)
        return self.voice.of(found.title, name) if found else name

    def measure(self, task: str, name: str) -> str:
        found = self.report.task(task)
        return self.voice.of(found.measure_titles.get(name), name) if found else name

    def who(self, subject: str) -> str:
        found = self.report.run.subjects.get(subject)
        return self.voice.of(found.title, subject) if found else subject

    def group(self, name: str) -> str:
        """A set's, or of samples that a task makes or asks in its own way: “task” or “task.set”."""
        task, _, dataset = name.partition(".")
        if self.report.task(task) is None:
            return self.voice.name("dataset", name)
        of = f" ({self.voice.name('dataset', dataset)})" if dataset else ""
        return self.task(task) + of

    def tasks(self) -> list[TaskTold]:
        return [task for task in self.report.tasks if self.timed or not task.measured]

    def goals(self) -> list[GoalTold]:
        shown = {task.name for task in self.tasks()}
        return [goal for goal in self.report.goals if goal.task in shown]

    def own(self, subject: str) -> bool:
        found = self.report.run.subjects.get(subject)
        return found is None or found.role == "own"

    def id(self, name: str) -> str:
        """Of an element: both languages stand in one page."""
        return f"{name.replace(' ', '-')}-{self.voice.lang}"

    # --- figures ------------------------------------------------------------------------------

    def is_share(self, task: str, measure: str) -> bool:
        """Whether a measure is a part of one, told in per cent."""
        found = self.report.task(task)
        if found is None:
            return True
        if measure in found.units:
            return False
        figures = [each[measure].all for each in found.subjects.values() if measure in each]
        return all((each.high or 0) <= 1 and (each.low or 0) >= 0 for each in figures)

    def value(self, task: str, measure: str, value: float | None) -> str:
        if value is None:
            return self.voice("unknown_value")
        if self.is_share(task, measure):
            return self.voice.percent(value)
        found = self.report.task(task)
        unit = found.units.get(measure, "") if found else ""
        if unit == "ms":
            return self.voice.ms(value)
        return f"{self.voice.plain(value)}\N{NO-BREAK SPACE}{unit}".strip()

    def goal(self, goal: GoalTold) -> str:
        """“≥ 90%”, or both bounds."""
        bounds = (("≥", goal.at_least), ("≤", goal.at_most))
        share = self.is_share(goal.task, goal.measure)
        return " ".join(
            f"{sign} {self.voice.bound(b) if share else self.value(goal.task, goal.measure, b)}"
            for sign, b in bounds
            if b is not None
        )

    def with_interval(self, task: str, measure: str, found: Figures) -> Html:
        """“87,0% (83,1–90,4)”; the interval smaller."""
        if found.mean is None or found.low is None or found.high is None:
            return el("span", self.voice("measure.nothing"), cls="soft")
        low, high = (self.value(task, measure, v) for v in (found.low, found.high))
        mean = self.value(task, measure, found.mean)
        return el(
            "span", el("b", mean), " ", el("span", f"({low} – {high})", cls="soft"), cls="figure"
        )

    def bar(
        self,
        task: str,
        measure: str,
        found: Figures,
        scale: Scale,
        *,
        title: str,
        goal: GoalTold | None = None,
        shape: Shape = "dot",
        cls: str = "",
    ) -> Html:
        """The chart of one row; empty where nothing was scored."""
        if found.mean is None or found.low is None or found.high is None:
            return Html("")
        told = self.voice(
            "measure.described",
            mean=self.value(task, measure, found.mean),
            low=self.value(task, measure, found.low),
            high=self.value(task, measure, found.high),
            n=self.voice.number(found.n),
        )
        bound = None
        if goal is not None:
            bound = goal.at_least if goal.at_least is not None else goal.at_most
            told += " " + self.voice("measure.described_goal", goal=self.goal(goal))
        return interval_bar(
            scale, found.mean, found.low, found.high,
            title=title, told=told, goal=bound, shape=shape, cls=cls,
        )  # fmt: skip

    def axis(self, scale: Scale, say: Sequence[str] | None = None) -> Html:
        """The head of a column of charts: its scale, told and drawn."""
        ends = say or [
            self.voice.bound(v) if scale.high <= 1 else self.voice.plain(v) for v in scale.thirds()
        ]
        return el(
            "span",
            el("span", self.voice("measure.picture"), cls="unseen"),
            el("span", *(el("span", end) for end in ends), cls="axis"),
        )

    # --- tables -------------------------------------------------------------------------------

    def table(
        self,
        caption: str,
        heads: Sequence[object],
        rows: Iterable[Html],
        *,
        cls: str = "",
        seen: bool = False,
    ) -> Html:
        """A table that scrolls by itself where the screen is narrow."""
        head = el("tr", *(el("th", each, scope="col") for each in heads))
        inside = el(
            "table",
            el("caption", caption, cls=None if seen else "unseen"),
            el("thead", head),
            *([*rows]),
            cls=cls or None,
        )
        return el("div", inside, cls="scroll", role="region", aria_label=caption, tabindex=0)


def row(head: object, *cells: object, cls: str = "", number: Sequence[int] = ()) -> Html:
    """A row with its head; the cells at ``number`` hold figures."""
    return el(
        "tr",
        el("th", head, scope="row"),
        *(el("td", each, cls="n" if at in number else None) for at, each in enumerate(cells)),
        cls=cls or None,
    )


def figures(words: str) -> Html:
    """The head of a column of figures."""
    return el("span", words, cls="n")


def folded(summary: object, *inside: object, open_: bool = False, cls: str = "") -> Html:
    """Details that are shut on the screen, and open on paper."""
    return el("details", el("summary", summary), *inside, open=open_, cls=cls or None)


def section(telling: Telling, name: str, heading: str, *inside: object, cls: str = "") -> Html:
    """A part of the page with a heading that can be linked to."""
    where = telling.id(name)
    return el(
        "section",
        el("h2", heading, id=where),
        *inside,
        aria_labelledby=where,
        cls=f"part {cls}".strip(),
    )


def badge(kind: str, words: str) -> Html:
    """A state in words with a sign before it, so that colour says nothing alone."""
    signs = {"good": "✓", "bad": "✕", "unsure": "?", "even": "=", "off": "–"}
    return el("span", el("span", signs[kind], aria_hidden="true"), " ", text(words),
              cls=f"badge {kind}")  # fmt: skip
