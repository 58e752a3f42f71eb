"""Runs a list of steps over a question: times each, and ends in one place."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from types import GeneratorType
from typing import Any

from assistant.vocabulary import Answer, AnswerEvent, Draft, Ending, EventKind, Status, StepTrace

#: What a step gives back: the draft for the next one, or the end.
Result = Draft | Ending
#: A step is a callable; one that has something to show meanwhile is a generator of events.
Step = Callable[[Draft], Result | Generator[AnswerEvent, None, Result]]
Finish = Callable[[Ending, tuple[StepTrace, ...]], Answer]


def run(steps: Sequence[Step], draft: Draft, finish: Finish) -> Iterator[AnswerEvent]:
    """Yield the events of ``draft``'s way through ``steps``; the last one is ``final``."""
    trace: list[StepTrace] = []
    result: Result = draft
    for step in steps:
        started = time.perf_counter()
        outcome: Any = step(draft)
        if isinstance(outcome, GeneratorType):
            result = yield from outcome
        else:
            result = outcome
        trace.append(StepTrace(name_of(step), round((time.perf_counter() - started) * 1000, 2)))
        if isinstance(result, Ending):
            break
        draft = result
    if not isinstance(result, Ending):
        result = Ending(result, Status.ANSWERED)
    answer = finish(result, tuple(trace))
    if answer.citations:
        yield AnswerEvent(EventKind.SOURCES, answer.citations)
    if answer.suggestions:
        yield AnswerEvent(EventKind.SUGGESTIONS, answer.suggestions)
    yield AnswerEvent(EventKind.FINAL, answer)


def name_of(step: Step) -> str:
    """The name a step has in traces: its class or function."""
    return getattr(step, "__name__", None) or type(step).__name__
