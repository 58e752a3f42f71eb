"""Samples as cards: question, answer, what was expected, evidence and why."""

from __future__ import annotations

from collections.abc import Sequence

from evals.report.human import expected, why
from evals.report.markup import Html, el, joined
from evals.report.read import Evidence, Example
from evals.report.telling import Telling, folded, section

_LONGEST = 1600
_LONGEST_QUOTE = 700


def cards(telling: Telling, found: Sequence[Example], level: int) -> Html:
    """One card a sample. ``level``: of its heading."""
    return el("div", *(card(telling, each, level) for each in found), cls="cards")


def card(telling: Telling, each: Example, level: int) -> Html:
    """One sample, read from the top: what was asked, what came, what should have come, why."""
    voice = telling.voice
    chips = [
        f"{voice.name('dataset', each.dataset)} · {each.sample}",
        voice.name("kind", each.kind) if each.kind else None,
        voice.name("split", each.split) if each.split else None,
        telling.who(each.subject) if len(telling.report.run.subjects) > 1 else None,
    ]
    score = f"{telling.measure(each.task, each.measure)}: " + telling.value(
        each.task, each.measure, each.value
    )
    told = why(each.why, voice)
    return el(
        "article",
        el("p", *(el("span", chip) for chip in chips if chip), cls="chips"),
        _question(telling, each, level),
        el("p", el("b", score), " ", el("span", told), cls="why") if told else
        el("p", el("b", score), cls="why"),
        el("div", _answer(telling, each, level), _expected(telling, each, level), cls="pair"),
        _evidence(telling, each.evidence),
        cls="sample",
        data_task=each.task,
        data_split=each.split,
    )  # fmt: skip


def _question(telling: Telling, each: Example, level: int) -> Html:
    turns = [turn.strip() for turn in _cut(each.question, _LONGEST).split(" ⏎ ")]
    said = [el("q", turn or telling.voice("empty_text")) for turn in turns]
    inside = said[0] if len(said) == 1 else joined(el("span", q, cls="turn") for q in said)
    return el(f"h{level}", el("span", telling.voice("worst.question"), ": ", cls="unseen"), inside)


def _answer(telling: Telling, each: Example, level: int) -> Html:
    voice = telling.voice
    status = voice.name("status", each.status)
    body: object = _cut(each.answer, _LONGEST) or el("i", voice("worst.no_answer"))
    return el(
        "div",
        el(
            f"h{level + 1}",
            voice("worst.answer"),
            el("span", f" ({status})", cls="soft") if status else None,
        ),
        el("div", body, cls="said", tabindex=0, role="group", aria_label=voice("worst.answer")),
    )


def _expected(telling: Telling, each: Example, level: int) -> Html:
    found = expected(each.expected, telling.voice, telling.titles)
    return el(
        "div",
        el(f"h{level + 1}", telling.voice("worst.expected")),
        found or el("p", telling.voice("worst.no_expected"), cls="soft"),
    )


def _evidence(telling: Telling, found: Sequence[Evidence]) -> Html:
    voice = telling.voice
    if not found:
        return el("p", voice("worst.no_evidence"), cls="soft none")
    quotes = [
        el(
            "figure",
            el("blockquote", _cut(each.quote or "", _LONGEST_QUOTE)),
            el("figcaption", each.title or voice("worst.untitled"), " ",
               el("code", each.document_id or "")),
        )
        for each in found
    ]  # fmt: skip
    return folded(voice("worst.evidence", n=len(found)), *quotes)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[:most].rstrip() + " […]"


def worst(telling: Telling) -> Html:
    """The worst samples by task; a script adds filters where it may run."""
    voice = telling.voice
    shown = [task.name for task in telling.tasks()]
    found = [each for each in telling.report.worst if each.task in shown]
    if not found:
        return section(telling, "worst", voice("worst.heading"), el("p", voice("worst.none")))
    groups = []
    for task in dict.fromkeys(each.task for each in found):
        mine = [each for each in found if each.task == task]
        where = telling.id(f"worst {task}")
        groups.append(
            el("div", el("h3", telling.task(task), id=where), cards(telling, mine, 4), cls="group")
        )
    lead = voice("worst.lead", dev=voice.name("split", "dev"))
    return section(
        telling, "worst", voice("worst.heading"),
        el("p", lead, cls="lead"), _filters(telling, found), *groups, cls="worst",
    )  # fmt: skip


def _filters(telling: Telling, found: Sequence[Example]) -> Html:
    voice = telling.voice

    def choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> Html:
        everything = el("option", voice("worst.everything"), value="")
        listed = (el("option", words, value=value) for value, words in options)
        return el("label", el("span", label), el("select", everything, *listed, data_filter=name))

    tasks = [(name, telling.task(name)) for name in dict.fromkeys(each.task for each in found)]
    splits = [(name, voice.name("split", name)) for name in sorted({e.split for e in found} - {""})]
    words = el("label", el("span", voice("worst.filter_words")),
               el("input", type="search", data_filter="words"))  # fmt: skip
    count = el("output", el("b", str(len(found))), " ", voice("worst.shown"), aria_live="polite")
    return el(
        "form",
        choice("task", voice("worst.filter_task"), tasks),
        choice("split", voice("worst.filter_split"), splits),
        words,
        count,
        cls="filters",
        hidden=True,
    )
