"""What can go wrong with an evaluation. A message says what happened and what to do next."""

from __future__ import annotations

from assistant.errors import TrolyError


class EvalError(TrolyError):
    """Anything the suite raises on purpose; its text may be shown as it stands."""


class UnknownName(EvalError):
    """Nothing here is called so; the message lists what there is."""


class RunFolderError(EvalError):
    """A run's folder cannot be used: not a run, begun with something else, or not writable."""


class SubjectError(EvalError):
    """A subject gave no answer to this sample: dead server, time over, text that does not parse."""


class MissingData(EvalError):
    """Optional data (public sets, a model) is not on this machine; what needs it is skipped."""
