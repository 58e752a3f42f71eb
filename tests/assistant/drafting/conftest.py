"""The record that bases are looked up in, and the command over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.drafting.bases import Bases
from knowledge_base.home import Home
from knowledge_base.prepare import store_bundled
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record
from tests.assistant.conftest import CONFIG, Command


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the bundled documents and no index: papers need none."""
    home = Home(tmp_path_factory.mktemp("drafting"))
    store_bundled(home, KnowledgeSettings(embedder="none"))
    return home


@pytest.fixture(scope="session")
def bases(stored: Home) -> Bases:
    """Bases looked up in the bundled corpus."""
    return Bases(Record(stored.record()))


@pytest.fixture
def command(
    stored: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """The command over that home, without a model."""
    config = tmp_path / "config.yml"
    config.write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "200")
    return Command(stored.path, config, monkeypatch, capsys)
