"""What a caller may see. A `Scope` is a value that only an authenticator makes."""

from __future__ import annotations

from dataclasses import dataclass

PUBLIC = "public"

_SEAL = object()


@dataclass(frozen=True, slots=True)
class Scope:
    """The labels a caller holds.

    A passage is visible when the caller holds *every* label of it; a passage
    without a label is restricted, so nobody sees it. There is no default scope
    and no public constructor: callers get one from `citizen` or, once officers
    can sign in, from `officer`, which take it upon themselves to have checked.
    """

    labels: frozenset[str]
    seal: object = None

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise PermissionError("a Scope is made by an authenticator, never directly")

    def may_see(self, labels: tuple[str, ...]) -> bool:
        """Whether a text with these labels may be shown."""
        return bool(labels) and self.labels.issuperset(labels)


def citizen() -> Scope:
    """Anyone at all: public texts only."""
    return Scope(frozenset({PUBLIC}), _SEAL)


def officer(labels: frozenset[str]) -> Scope:
    """A signed-in officer with these labels beside the public one."""
    return Scope(labels | {PUBLIC}, _SEAL)
