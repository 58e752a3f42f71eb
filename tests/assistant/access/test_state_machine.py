"""Whatever is done in whatever order: nobody sees what lacks a label, whoever has all does."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from knowledge_base.scope import PUBLIC
from tests.assistant.access.world import LABELS, TOPICS, World

_NUMBERS = st.integers(0, len(TOPICS) - 1)
_NAMES = st.sampled_from(("lan", "hoa", "minh"))
_LABELS = st.one_of(
    st.just((PUBLIC,)),
    st.lists(st.sampled_from(LABELS), min_size=1, max_size=2, unique=True).map(tuple),
)
#: How many days are tried; more on a machine with time.
_EXAMPLES = int(os.environ.get("ACCESS_EXAMPLES", "6"))


class Days(RuleBasedStateMachine):
    """Acts in any order; each that asks looks at everything that was sent."""

    @initialize()
    def open(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="troly-days-"))
        self.world = World(self.path)
        self.world.grant("lan", frozenset(LABELS))
        self.world.sign_in("lan")

    @rule(number=_NUMBERS, labels=_LABELS)
    def put(self, number: int, labels: tuple[str, ...]) -> None:
        self.world.put(number, labels)

    @precondition(lambda self: self.world.documents)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        self.world.withdraw(data.draw(st.sampled_from(sorted(self.world.documents))))

    @rule()
    def build(self) -> None:
        self.world.build()

    @rule(name=_NAMES, labels=st.frozensets(st.sampled_from(LABELS)))
    def grant(self, name: str, labels: frozenset[str]) -> None:
        self.world.grant(name, labels)
        if name not in self.world.revoked:
            self.world.sign_in(name)

    @precondition(lambda self: set(self.world.officers) - self.world.revoked)
    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        may = sorted(set(self.world.officers) - self.world.revoked)
        self.world.revoke(data.draw(st.sampled_from(may)))

    @precondition(lambda self: self.world.revoked)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        self.world.restore(data.draw(st.sampled_from(sorted(self.world.revoked))))

    @precondition(lambda self: self.world.versions)
    @rule(data=st.data(), build=st.booleans())
    def ask(self, data: st.DataObject, build: bool) -> None:
        if build:
            self.world.build()
        number = data.draw(st.sampled_from(sorted(self.world.versions)))
        assert self.world.findings(numbers=(number,)) == []

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()
            shutil.rmtree(self.path, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.timeout(900)
class TestDays(Days.TestCase):
    settings = settings(
        max_examples=_EXAMPLES, stateful_step_count=14, deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
