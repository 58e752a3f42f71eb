"""Everything the knowledge base can fail with. Each message says what to do next."""

from __future__ import annotations


class KnowledgeError(Exception):
    """The root: the command line prints its message and exits with 1, without a traceback."""


# --- the record ---------------------------------------------------------------------------


class RecordError(KnowledgeError):
    """The record cannot be used as it is."""


class RecordCorrupt(RecordError):
    """The record's file is not a readable database."""


class RecordTooNew(RecordError):
    """The record was written by a later version of this program."""


class RecordBusy(RecordError):
    """Another process has been writing for longer than we wait."""


class StorageFull(RecordError):
    """There is no room to write. What was committed before stays."""


# --- the index ----------------------------------------------------------------------------


class IndexProblem(KnowledgeError):
    """The index cannot be used as it is."""


class IndexMissing(IndexProblem):
    """No index has been built."""


class IndexOutdated(IndexProblem):
    """The index has another format version, or belongs to another corpus."""


class IndexCorrupt(IndexProblem):
    """Files of the index are missing, short or unreadable."""


class BuildFailed(IndexProblem):
    """A new index could not be built or did not pass its checks; the old one still serves."""


# --- reading files ------------------------------------------------------------------------


class Unreadable(KnowledgeError):
    """One file could not be read; ``reason`` is for the person who handed it in."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WrongUse(KnowledgeError):
    """The command was given something it cannot mean (exit code 2)."""
