"""The conversations in transcripts/, against the rules that answer when Rasa is away."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from assistant.answering import Assistant
from assistant.dialogue.direct import DirectDialogue


def _runner() -> ModuleType:
    """The module beside this one; test folders are no packages."""
    path = Path(__file__).with_name("transcripts.py")
    spec = importlib.util.spec_from_file_location("dialogue_transcripts", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


#: A day on which everything in the bundled corpus that is current is in force.
DAY = date(2026, 8, 1)
runner = _runner()
ALL = runner.transcripts()


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len(ALL) >= 80
    assert len({transcript.name for transcript in ALL}) == len(ALL)


@pytest.mark.parametrize("transcript", ALL, ids=lambda transcript: transcript.name)
def test_transcript(transcript: object, assistant: Assistant, tmp_path: Path) -> None:
    dialogue = DirectDialogue(assistant)
    found = list(runner.play(assistant, dialogue, tmp_path / "state.sqlite", transcript, DAY))
    assert not found, "\n".join(map(str, found))
