"""Every error of the assistant, in one tree. A message says what happened and what to do next."""

from __future__ import annotations


class TrolyError(Exception):
    """Anything troly raises on purpose; its text may be shown to a person as it stands."""


class ModelError(TrolyError):
    """The language model gave no (complete) answer; the card stands without it."""


class ModelMissing(ModelError):
    """There is no file of this model here, or the catalogue does not know its name."""


class ModelCorrupt(ModelError):
    """A model file is not, byte for byte, what its publisher signed for."""


class ModelUnavailable(ModelError):
    """The model exists but cannot answer now: busy, restarting, dead, or its server is away."""


class ModelTimeout(ModelError):
    """The model overran a deadline; what it had said so far has been delivered."""


class RuntimeMissing(ModelError):
    """llama.cpp is not built in this environment, or could not be."""


class ConfigError(TrolyError):
    """config.yml or an environment variable is wrong; the message names the key."""


class InputError(TrolyError):
    """A file or value given on the command line cannot be used."""


class StateError(TrolyError):
    """What troly keeps for itself (receipts, settings) cannot be read or written."""


class DialogueError(TrolyError):
    """Rasa cannot decide (now, or on this machine); plain rules decide instead."""


class DialogueSetupFailed(DialogueError):
    """Rasa's Python, its environment or its model could not be made."""


class DialogueUnavailable(DialogueError):
    """Rasa is not running, still starting, or was given a rest after failures."""


class DialogueTimeout(DialogueError):
    """Rasa did not decide within the time a person can be made to wait."""


class DialogueGarbled(DialogueError):
    """Rasa answered, but with no decision that can be read."""
