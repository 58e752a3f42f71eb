"""The conversations in evals/datasets/dialogue, against the rules that answer without Rasa.

The half that is kept aside is scored by ``troly eval run dialogue``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.dialogue.direct import DirectDialogue
from evals.transcripts import Player, Transcript, expected_of, transcripts, wrong
from knowledge_base.home import Home

ALL = transcripts()
DEV = [each for each in ALL if each.split == "dev"]


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len(ALL) >= 150
    assert len({transcript.name for transcript in ALL}) == len(ALL)


@pytest.mark.parametrize("transcript", DEV, ids=lambda transcript: transcript.name)
def test_transcript(
    transcript: Transcript, assistant: Assistant, bundled_home: Home, tmp_path: Path
) -> None:
    dialogue = DirectDialogue(assistant)
    player = Player(assistant, dialogue, tmp_path / "state.sqlite", bundled_home.record())
    pairs = zip(expected_of(transcript), player.play(transcript), strict=True)
    found = [f"“{played.said}”: {w}" for e, played in pairs for w in wrong(e, played.json())]
    assert not found, "\n".join(found)
