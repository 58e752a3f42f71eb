"""The whole page: one file, both languages, nothing fetched. It reads and prints without script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

from evals.report.details import elsewhere, errors, operations, reading, sets, skipped
from evals.report.grades import grades
from evals.report.markup import Html, el, joined
from evals.report.previous import previous
from evals.report.read import ReportTold
from evals.report.samples import worst
from evals.report.scoreboard import beside, blockers, goals, run_told, verdict
from evals.report.tasks import tasks
from evals.report.telling import Telling
from evals.report.timings import Timed
from evals.report.voice import LANGUAGES, Language, Voice
from evals.running.compare import Comparison

_HERE = Path(__file__).parent
_NAMES = {"vi": "Tiếng Việt", "en": "English"}


def page(
    report: ReportTold,
    comparison: Comparison | None,
    timed: Mapping[str, Timed] | None,
    first: Language,
    titles: Mapping[str, str] | None = None,
) -> str:
    """HTML of the report; ``first`` is the language it opens in.

    ``timed`` None leaves out all that depends on the machine, so that equal
    runs give equal bytes. ``titles``: of documents by id.
    """
    style = Html((_HERE / "page.css").read_text(encoding="utf-8"))
    script = Html((_HERE / "page.js").read_text(encoding="utf-8"))
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", f"{Voice(first)('title')}: {report.run.version}"),
        el("style", style),
    )
    mains = [_main(Telling(report, Voice(lang), timed is not None, titles or {}), comparison, timed)
             for lang in LANGUAGES]  # fmt: skip
    body = el("body", _switch(first), *mains, el("script", script))
    return f"<!doctype html>\n{el('html', head, body, lang=first)}\n"


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded; only this style and this script stand here."""
    hashes = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()
              for each in (style, script)]  # fmt: skip
    return f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'"


def _switch(first: Language) -> Html:
    """Radio buttons that the style sheet heeds: the languages change without script."""
    buttons = [
        el(
            "label",
            el("input", type="radio", name="language", value=lang, id=f"in-{lang}",
               checked=lang == first),
            el("span", _NAMES[lang], lang=lang),
        )
        for lang in LANGUAGES
    ]  # fmt: skip
    legend = el("legend", f"{Voice('vi')('language')} / {Voice('en')('language')}", cls="unseen")
    return el("fieldset", legend, *buttons, cls="languages")


def _main(
    telling: Telling, comparison: Comparison | None, timed: Mapping[str, Timed] | None
) -> Html:
    voice, run = telling.voice, telling.report.run
    parts = {
        "run": run_told(telling),
        "verdict": verdict(telling),
        "blockers": blockers(telling),
        "goals": goals(telling),
        "beside": beside(telling),
        "previous": previous(telling, comparison),
        "tasks": tasks(telling),
        "worst": worst(telling),
        "grades": grades(telling),
        "operations": None if timed is None else operations(telling, timed),
        "errors": errors(telling),
        "skipped": skipped(telling),
        "sets": sets(telling),
        "reading": reading(telling),
        "elsewhere": elsewhere(telling),
    }
    told = voice("of_run", name="troly", version=run.version, day=voice.day(run.as_of))
    header = el("header", el("h1", voice("title")), el("p", told, cls="lead"))
    return el(
        "main",
        header,
        _contents(telling, parts),
        *parts.values(),
        el("footer", el("p", voice("all_figures"))),
        lang=voice.lang,
    )


def _contents(telling: Telling, parts: Mapping[str, Html | None]) -> Html:
    voice = telling.voice
    links = [
        el("li", el("a", voice(f"{name}.heading"), href=f"#{telling.id(name)}"))
        for name, part in parts.items()
        if part is not None
    ]
    return el("nav", joined([el("ol", *links)]), aria_label=voice("contents"))
