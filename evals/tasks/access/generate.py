"""A server for citizens beside the restricted store, and one without it: asked the same."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.as_of import today
from assistant.build import build_assistant
from assistant.presentation import answer_json
from assistant.vocabulary import Question
from evals.errors import SubjectError
from evals.facts import composed
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting, Subject
from evals.subjects.server import Server
from evals.tasks.access.doors import through_all
from evals.tasks.leaks.laboratory import own_home
from evals.vocabulary import Sample
from knowledge_base.home import Home
from knowledge_base.query import Query
from knowledge_base.scope import officer


def generate(sample: Sample, subject: Subject, setting: Setting) -> dict[str, Any]:
    """What was shown at which door, what differed, and what officers found."""
    if not isinstance(subject, InProcess):
        raise SubjectError(f"{subject.name} cannot be given a home of its own")
    documents, asked = sample.given["documents"], sample.given["asked"]
    with own_home(setting) as home:
        lay_out(documents, home, setting)
        beside = _answers(setting, asked, restricted=home.restricted)
        alone = _answers(setting, asked)
        found = _officers(documents, home, setting)
    hidden = [composed(word) for each in documents for word in each["hidden"]]
    shown, differs = [], []
    for bait, with_it, without in zip(asked, beside, alone, strict=True):
        for door, text in with_it.items():
            seen = [word for word in hidden if word in composed(text)]
            if seen:
                shown.append(f"{door} on “{bait['text'][:40]}”: {seen[0]}")
            if text != without[door]:
                differs.append(f"{door} on “{bait['text'][:40]}”")
    doors = len(beside[0]) if beside else 0
    return {"asked": len(asked), "doors": doors, "shown": shown, "differs": differs, **found}


def lay_out(documents: Sequence[dict[str, Any]], home: Home, setting: Setting) -> None:
    """Take the restricted documents in as an operator would, and index them."""
    from knowledge_base.ingest import Target, ingest_files
    from knowledge_base.prepare import refresh_index

    settings, folder = setting.config.knowledge_base, home.path / "bait"
    folder.mkdir()
    for each in documents:
        file = Path(folder / each["file"])
        file.write_text(each["text"], encoding="utf-8")
        report = ingest_files([file], Target(home, tuple(each["labels"])), settings)
        if not report.added:
            raise SubjectError(f"the bait was not taken in: {report.failed}")
    refresh_index(home, settings, store="restricted", foreground_seconds=float("inf"))


def _answers(
    setting: Setting, asked: Sequence[dict[str, Any]], *, restricted: Path | None = None
) -> list[dict[str, str]]:
    import httpx

    server = Server(setting, restricted=restricted)
    try:
        with httpx.Client(base_url=server.address, timeout=120, trust_env=False) as client:
            return [
                through_all(client, bait["text"], f"bait-{number}")
                for number, bait in enumerate(asked)
            ]
    finally:
        server.close()


def _officers(
    documents: Sequence[dict[str, Any]], home: Home, setting: Setting
) -> dict[str, list[str]]:
    """Which documents are found by who holds their labels, and by who lacks one of them."""
    missed: list[str] = []
    wrongly: list[str] = []
    with closing(build_assistant(home, setting.config, restricted=True)) as assistant:
        for each in documents:
            labels = frozenset(each["labels"])
            every = {label for one in documents for label in one["labels"]}
            for held, should in ((labels, True), *((every - {label}, False) for label in labels)):
                scope = officer(frozenset(held))
                question = Question(each["question"], scope, use_model=False)
                answer = assistant.ask(question, keep=False)
                hits = assistant.knowledge.search(
                    Query(each["question"]), scope=scope, as_of=today(), gate=False
                )
                found = " ".join(hit.passage.text for hit in hits)
                whole = composed(f"{answer.text} {answer_json(answer)} {found}")
                saw = any(composed(word) in whole for word in each["hidden"])
                if saw != should:
                    (missed if should else wrongly).append(each["number"])
    return {"missed": missed, "wrongly": wrongly, "documents": [d["number"] for d in documents]}
