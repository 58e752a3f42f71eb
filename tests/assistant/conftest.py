"""An assistant over the bundled corpus, models that say what a test wants, the command."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

import troly
from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.config import Config, Receipts
from assistant.language_model.port import LanguageModel
from assistant.language_model.settings import Deadlines, ModelSettings
from assistant.vocabulary import Answer, Question, Turn
from knowledge_base.home import Home
from knowledge_base.scope import citizen

#: A day on which everything in the bundled corpus that is current is in force.
DAY = date(2026, 8, 1)

#: No model, no progress bars: what the command line is tested with unless a test says otherwise.
CONFIG = "model: {kind: none}\n"


class Asker:
    """Asks an assistant the way a citizen does."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

    def __call__(
        self, text: str, *, as_of: date | None = DAY, history: tuple[Turn, ...] = ()
    ) -> Answer:
        return self.assistant.ask(self.question(text, as_of=as_of, history=history), keep=False)

    def question(
        self, text: str, *, as_of: date | None = DAY, history: tuple[Turn, ...] = ()
    ) -> Question:
        return Question(text, citizen(), as_of=as_of, history=history)

    def turn(self, text: str) -> Turn:
        """What a conversation remembers once ``text`` was asked and answered."""
        return Turn.of(text, self(text))


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


class Command:
    """``troly`` as a person runs it, in this process; ``home`` is its data folder."""

    def __init__(
        self, home: Path, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
    ) -> None:
        self.home, self.config = home, config
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: str, stdin: str | bytes = "") -> Done:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        typed = io.TextIOWrapper(io.BytesIO(given), encoding="utf-8")
        self._monkeypatch.setattr(sys, "stdin", typed)
        options = [f"--home={self.home}", f"--config={self.config}"]
        self._monkeypatch.setattr(sys, "argv", ["troly", *options, *arguments])
        self._capsys.readouterr()
        code = 0
        try:
            troly.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = self._capsys.readouterr()
        assert "Traceback" not in said.err
        return Done(code, said.out, " ".join(said.err.split()))


Capsys = pytest.CaptureFixture[str]


@pytest.fixture(scope="session")
def assistant(bundled_home: Home) -> Iterator[Assistant]:
    """Answers from the bundled corpus without a model, and keeps nothing."""
    made = build_assistant(bundled_home, Config(receipts=Receipts(keep=False)))
    yield made
    made.close()


@pytest.fixture(scope="session")
def ask(assistant: Assistant) -> Asker:
    return Asker(assistant)


@pytest.fixture(scope="session")
def with_model(assistant: Assistant) -> Callable[..., Asker]:
    """The same assistant with a model, and at most ``seconds`` for it."""

    def make(model: LanguageModel, *, seconds: float = 5.0) -> Asker:
        settings = ModelSettings(deadlines=Deadlines(total=seconds))
        config = assistant.config.model_copy(update={"model": settings})
        return Asker(Assistant(assistant.knowledge, config, model=model, receipts=None))

    return make


def _share_unless_written(source: str, target: str) -> None:
    """Databases are copied; the other files of an index are never written again."""
    if "sqlite" in Path(source).name:
        shutil.copy2(source, target)
    else:
        os.link(source, target)


@pytest.fixture
def own_home(bundled_home: Home, tmp_path: Path) -> Home:
    """A prepared home that a test may write to."""
    return Home(
        shutil.copytree(
            bundled_home.path,
            tmp_path / "own",
            symlinks=True,
            ignore=shutil.ignore_patterns("state.sqlite*"),
            copy_function=_share_unless_written,
        )
    )


@pytest.fixture
def run(own_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys) -> Command:
    """The command over a prepared home of its own, without a model."""
    config = tmp_path / "config.yml"
    config.write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "200")
    return Command(own_home.path, config, monkeypatch, capsys)
