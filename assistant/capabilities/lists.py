"""The lists of steps by name: what a profile chooses from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import get_args

from assistant.capabilities import answer_question
from assistant.capabilities.answer_question import Parts
from assistant.pipeline import Step
from assistant.profiles.profile import Capability

#: A name of `Capability` and the function that makes its steps; one without a list of its own
#: walks the way of every question.
LISTS: Mapping[Capability, Callable[[Parts], Sequence[Step]]] = {
    "answer_question": answer_question.steps,
}


def made(parts: Parts) -> Mapping[str, tuple[Step, ...]]:
    """The steps of every capability, made once."""
    usual = LISTS["answer_question"]
    return {name: tuple(LISTS.get(name, usual)(parts)) for name in get_args(Capability)}
