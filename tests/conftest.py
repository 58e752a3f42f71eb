"""What every test may rely on: no network but this machine, no data folder but its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket

from knowledge_base.home import Home
from knowledge_base.prepare import ensure_ready
from knowledge_base.settings import KnowledgeSettings

LOOPBACK = ["127.0.0.1", "::1", "localhost"]

#: Where a person keeps the model, so that tests marked ``model`` need not fetch it again.
REAL_HOME = Home.find()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A test that calls out fails, whatever library it calls out with."""
    pytest_socket.socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the data, or heeds the settings, of the person who runs it."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("TROLY_")}
    for name in kept:
        del os.environ[name]
    os.environ["TROLY_HOME"] = str(tmp_path_factory.mktemp("troly-home"))
    yield
    del os.environ["TROLY_HOME"]
    os.environ.update(kept)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def real_home() -> Home:
    """The home of the person who runs the tests. Read models from it; never write to it."""
    return REAL_HOME


@pytest.fixture(scope="session")
def bundled_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that answers from the bundled corpus, by words and by meaning. Do not write to it."""
    home = Home(tmp_path_factory.mktemp("bundled"))
    ensure_ready(home, KnowledgeSettings(), foreground_seconds=3600)
    return home
