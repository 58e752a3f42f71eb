"""The way a question goes under a profile: what is seen, and the steps over it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.errors import ConfigError
from assistant.known_documents import KnownDocuments
from assistant.pipeline import Step
from assistant.procedures import Procedures
from assistant.profiles.narrowed import NarrowedDocuments, NarrowedProcedures
from assistant.profiles.profile import Profile
from knowledge_base.narrowed import NarrowedKnowledge, both
from knowledge_base.query import EVERYTHING, Filter
from knowledge_base.search import KnowledgeBase

#: Ways kept; a question may bring a filter of its own.
_KEPT = 32


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked in: texts, procedures, documents by name."""

    knowledge: KnowledgeBase
    procedures: Procedures
    documents: KnownDocuments

    def through(self, within: Filter) -> Seen:
        """As much of it as fits."""
        knowledge = NarrowedKnowledge(self.knowledge, within)
        return Seen(
            knowledge,
            NarrowedProcedures(self.procedures, knowledge),
            NarrowedDocuments(self.documents, knowledge),
        )


@dataclass(frozen=True, slots=True)
class Way:
    """A profile, what it sees, and its steps in the order they are walked."""

    profile: Profile
    seen: Seen
    steps: tuple[Step, ...]

    @property
    def procedures(self) -> Procedures:
        return self.seen.procedures


class Ways:
    """The ways of one assistant, made when they are first asked for. Safe for many threads."""

    def __init__(
        self,
        profiles: Mapping[str, Profile],
        whole: Seen,
        steps: Callable[[Profile, Seen, Seen | None], tuple[Step, ...]],
    ) -> None:
        """``steps`` makes the steps of a profile over what it sees; the last is the whole,
        where what is seen is a part of it."""
        self._profiles = profiles
        self._whole = whole
        self._steps = steps
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[str, Filter], Way] = OrderedDict()

    def of(self, profile: str, within: Filter = EVERYTHING) -> Way:
        """The way of a profile, for a question that brings a filter of its own.

        Raises:
            ConfigError: there is no such profile; nothing stands in for it.
        """
        key = profile, within
        with self._lock:
            if key not in self._made:
                self._made[key] = self._make(profile, within)
                if len(self._made) > _KEPT:
                    self._made.popitem(last=False)
            self._made.move_to_end(key)
            return self._made[key]

    def _make(self, name: str, within: Filter) -> Way:
        profile = self._profiles.get(name)
        if profile is None:
            raise ConfigError(no_profile(name, self._profiles))
        filters = both(within, profile.within) if within.restricts else profile.within
        if not filters.restricts:
            return Way(profile, self._whole, self._steps(profile, self._whole, None))
        seen = self._whole.through(filters)
        return Way(profile, seen, self._steps(profile, seen, self._whole))


def no_profile(name: str, profiles: Mapping[str, Profile]) -> str:
    """That there is no such profile, and which there are."""
    return f"Không có hồ sơ trợ lý “{name}”. Có: {', '.join(profiles)}."
