"""Each seeded fault is found out; without one there is nothing to find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge_base.scope import PUBLIC, officer
from knowledge_base.store import Record
from tests.assistant.access.faults import FAULTS
from tests.assistant.access.world import World


def a_day(path: Path) -> Iterator[str]:
    """What is wrong in the course of one day of an installation."""
    world = World(path)
    try:
        yield from _morning(world)
        yield from _afternoon(world)
    finally:
        world.close()


def _morning(world: World) -> Iterator[str]:
    for number, labels in enumerate(((PUBLIC,), ("noi-bo",), ("noi-bo", "tu-phap"))):
        world.put(number, labels)
    world.build()
    world.grant("lan", frozenset({"noi-bo", "tu-phap"}))
    world.grant("hoa", frozenset({"noi-bo"}))
    world.grant("minh", frozenset())
    for name in ("lan", "hoa", "minh"):
        world.sign_in(name)
    yield from world.findings()
    yield from _by_hash(world)
    yield from _without_label(world)


def _afternoon(world: World) -> Iterator[str]:
    world.put(0, ("tu-phap",))  # it was public until now
    yield from world.findings(numbers=(0,))
    world.build()
    yield from world.findings(numbers=(0,))
    world.grant("lan", frozenset({"tu-phap"}))
    yield from world.findings(numbers=(2,))
    world.revoke("hoa")
    yield from world.findings(numbers=(1,))
    world.withdraw(1)
    yield from world.findings(numbers=(1,))


def _by_hash(world: World) -> Iterator[str]:
    """A hash is no key: an officer asks for the text of a document by it."""
    knowledge = world.restricted.app_state["assistant"].knowledge
    for store in ("public", "restricted"):
        record = world.home.record(store)
        found = Record(record).document(world.id(2)) if record.is_file() else None
        if found and knowledge.version(found.sha256, officer(frozenset({"noi-bo"}))):
            yield "a text by its hash"


def _without_label(world: World) -> Iterator[str]:
    """What lost its labels on the way is for nobody."""
    hoa = officer(frozenset({"noi-bo", "tu-phap", "y-te"}))
    if hoa.may_see(()):
        yield "a text without labels is seen"


def first(path: Path) -> str:
    return next(a_day(path), "")


@pytest.mark.slow
@pytest.mark.timeout(900)  # a day is long where nothing is found early
def test_without_a_fault_a_day_has_no_findings(tmp_path: Path) -> None:
    assert list(a_day(tmp_path)) == []


@pytest.mark.slow
@pytest.mark.timeout(900)  # a day is long where nothing is found early
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_out(tmp_path: Path, name: str) -> None:
    with FAULTS[name]():
        try:
            found = first(tmp_path)
        except Exception as error:  # a fault that breaks the program is found out, too
            found = f"{type(error).__name__}: {error}"
    assert found


def test_there_are_enough_of_them() -> None:
    assert len(FAULTS) >= 20
