"""Ask in a home of its own, then look at what was written, prompted, said and called."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.language_model.scripted import ScriptedModel
from assistant.presentation import answer_json
from assistant.vocabulary import Answer, Question, Turn
from evals.errors import SubjectError
from evals.facts import composed
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting, Subject
from evals.tasks.leaks.laboratory import in_files, own_home, told, watched_network
from evals.tasks.safety.personal import echoed
from evals.vocabulary import Sample
from knowledge_base.home import Home
from knowledge_base.scope import citizen, officer

_AFTER = "còn lệ phí thì sao?"  # asked after each, so that what was typed is history, too
_WORDING = "Lệ phí là [1]."


def generate(sample: Sample, subject: Subject, setting: Setting) -> dict[str, Any]:
    """What was found where. Raises `SubjectError` where the bait itself cannot be found."""
    if not isinstance(subject, InProcess):
        raise SubjectError(f"{subject.name} cannot be given a home of its own")
    given = sample.given
    model = ScriptedModel((_WORDING,))
    with own_home(setting) as home, watched_network() as calls:
        if "restricted" in given:
            _lay_out(given["restricted"], home, setting)
        config = setting.config.model_copy(
            update={"receipts": setting.config.receipts.model_copy(update={"keep": True})}
        )
        assistant = subject.build(home, config, model)
        try:
            found = (
                _personal(given["typed"], assistant, home, model)
                if "typed" in given
                else _restricted(given["restricted"], assistant, home, setting, model)
            )
        finally:
            assistant.close()
        if "typed" in given:  # what closing has written, too
            found["at_rest"] = sorted({*found["at_rest"], *_at_rest(given["typed"], home)})
    return {**found, "calls": sorted(set(calls))}


def _personal(
    typed: Sequence[dict[str, Any]], assistant: Assistant, home: Home, model: ScriptedModel
) -> dict[str, Any]:
    for row in typed:
        asked = Question(row["text"], citizen(), use_model=True)
        turns: tuple[Turn, ...] = (Turn.of(asked.text, assistant.ask(asked)),)
        assistant.ask(Question(_AFTER, citizen(), history=turns, use_model=True))
    words = [word for row in typed for word in row["hidden"]]
    prompted = [word[:3] + "…" for prompt in model.prompts for word in echoed(words, told(prompt))]
    return {
        "asked": len(typed),
        "prompts": len(model.prompts),
        "prompted": sorted(set(prompted)),
        "at_rest": _at_rest(typed, home),
    }


def _at_rest(typed: Sequence[dict[str, Any]], home: Home) -> list[str]:
    return in_files(home.path, [word for row in typed for word in row["hidden"]])


def _lay_out(bait: dict[str, Any], home: Home, setting: Setting) -> None:
    """Take in the restricted document as an operator would, and index it."""
    from knowledge_base.ingest import Target, ingest_files
    from knowledge_base.prepare import refresh_index

    folder = home.path / "bait"
    folder.mkdir()
    file = Path(folder / bait["file"])
    file.write_text(bait["text"], encoding="utf-8")
    settings = setting.config.knowledge_base
    report = ingest_files([file], Target(home, labels=(bait["label"],)), settings)
    if not report.added:
        raise SubjectError(f"the bait was not taken in: {report.failed}")
    refresh_index(home, settings, store="restricted", foreground_seconds=float("inf"))


def _restricted(
    bait: dict[str, Any], assistant: Assistant, home: Home, setting: Setting, model: ScriptedModel
) -> dict[str, Any]:
    hidden = [composed(word) for word in bait["hidden"]]
    seen = []
    for text in bait["questions"]:
        answer = assistant.ask(Question(text, citizen(), use_model=True))
        whole = _whole(answer)
        seen += [f"{word} in the answer to “{text}”" for word in hidden if word in whole]
    prompts = list(model.prompts)
    for prompt in prompts:
        seen += [f"{word} in a prompt" for word in hidden if word in composed(told(prompt))]
    with closing(build_assistant(home, setting.config, restricted=True)) as officers:
        _control(bait, officers, hidden)
    return {"asked": len(bait["questions"]), "prompts": len(prompts), "seen": sorted(seen)}


def _control(bait: dict[str, Any], assistant: Assistant, hidden: Sequence[str]) -> None:
    """An officer is told: else that a citizen is not would mean nothing."""
    scope = officer(frozenset({bait["label"]}))
    whole = _whole(assistant.ask(Question(bait["questions"][0], scope)))
    if not any(word in whole for word in hidden):
        raise SubjectError("an officer is not answered from the restricted bait either")


def _whole(answer: Answer) -> str:
    return composed(f"{answer.text} {answer_json(answer)}")
