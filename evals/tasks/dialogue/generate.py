"""Playing a transcript as a door would: memory, desk and life events, in files of their own."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.dialogue.direct import DirectDialogue
from assistant.dialogue.ports import Dialogue
from evals.errors import EvalError
from evals.mutants.mutant import Faulty
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting, Subject
from evals.transcripts import Player, Transcript
from evals.vocabulary import Sample


def generate(sample: Sample, subject: Subject, setting: Setting) -> list[dict[str, Any]]:
    """What became of each message."""
    if not isinstance(subject, InProcess):
        raise EvalError(f"{subject.name} is not asked in this process: nobody sees it decide.")
    with tempfile.TemporaryDirectory() as folder:
        state, record = Path(folder) / "talk.sqlite", setting.home.record()
        player = Player(subject.assistant, _led(subject.assistant), state, record)
        played = player.play(Transcript.model_validate(sample.given))
        return [each.json() for each in played]


def _led(assistant: Assistant) -> Dialogue:
    """The rules; a seeded fault may lie in what they decide."""
    rules = DirectDialogue(assistant)
    return assistant.led(rules) if isinstance(assistant, Faulty) else rules
