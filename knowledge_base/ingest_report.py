"""What an ingestion did, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Failure:
    """A file (or ``file:line``) that was not taken in, and why.

    ``code`` is a `QuarantineReason`, empty where there is nothing to put aside.
    """

    path: str
    reason: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """A file that was read before and is no longer there; its documents still are."""

    path: str
    documents: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """What an ingestion did. Counts are documents; ``files`` counts files looked at.

    ``documents`` and ``passages`` are what the store holds afterwards.
    """

    files: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    documents: int = 0
    passages: int = 0
    vectors: str = ""  # "ready", "later" (being computed in the background), "none"
    seconds: float = 0.0

    @property
    def taken(self) -> int:
        return self.added + self.changed + self.unchanged
