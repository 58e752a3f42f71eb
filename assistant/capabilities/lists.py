"""The lists of steps by name: what a profile chooses from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.capabilities import answer_law, answer_question, help_judge
from assistant.capabilities.answer_question import Parts
from assistant.pipeline import Step
from assistant.profiles.profile import Capability

#: A name of `Capability` and the function that makes its steps; one without a list of its own
#: walks the way of every question.
LISTS: Mapping[Capability, Callable[[Parts], Sequence[Step]]] = {
    "answer_question": answer_question.steps,
    "answer_law": answer_law.steps,
    "help_judge": help_judge.steps,
}


def steps_of(capability: Capability, parts: Parts) -> tuple[Step, ...]:
    """The steps of a capability."""
    usual = LISTS["answer_question"]
    return tuple(LISTS.get(capability, usual)(parts))
