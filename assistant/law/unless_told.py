"""A step that is left out once the law itself has answered."""

from __future__ import annotations

from dataclasses import dataclass
from types import GeneratorType

from assistant.pipeline import Step, name_of
from assistant.vocabulary import Draft, Ending


@dataclass(frozen=True, slots=True)
class _UnlessTold:
    step: Step
    __name__: str

    def __call__(self, draft: Draft) -> Draft | Ending:
        if draft.lines:
            return draft
        found = self.step(draft)
        if isinstance(found, GeneratorType):
            raise TypeError(f"{self.__name__} shows events: it cannot be left out")
        assert isinstance(found, (Draft, Ending))  # noqa: S101 - it is no generator
        return found


def unless_told(step: Step) -> Step:
    """``step``, under its own name in traces, for drafts that have no answer yet."""
    return _UnlessTold(step, name_of(step))
