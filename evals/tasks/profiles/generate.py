"""A conversation with an assistant for a field, over the same knowledge as the subject's."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from assistant.answering import Assistant
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.direct import DirectDialogue
from assistant.dialogue.memory import Memory
from assistant.dialogue.state import Heard
from assistant.journeys.for_conversations import JourneysInConversation
from assistant.journeys.guide import Guide
from assistant.profiles.profile import Profile
from assistant.profiles.trial import outside_of
from assistant.vocabulary import Answer, EventKind
from evals.errors import EvalError
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting, Subject
from evals.vocabulary import Sample
from knowledge_base.scope import citizen


def generate(sample: Sample, subject: Subject, setting: Setting) -> dict[str, Any]:
    """How the last message ended, and what of any answer lies outside of the profile."""
    if not isinstance(subject, InProcess):
        raise EvalError(f"{subject.name} has no profiles of ours.")
    name = sample.given["profile"]
    assistant = _with_profiles(subject.assistant)
    outside: list[str] = []
    with TemporaryDirectory() as folder:
        state = Path(folder) / "talk.sqlite"
        guide = Guide.over(setting.home.record(), state)
        journeys = JourneysInConversation(guide)
        rules = DirectDialogue(assistant)
        talk = Conversation(assistant, rules, Memory(state), direct=rules, journeys=journeys)
        conversation = secrets.token_hex(8)
        for turn in sample.turns:
            heard = Heard(
                turn.text, conversation, citizen(), as_of=sample.as_of, profile=name,
                use_model=False,
            )  # fmt: skip
            for event in talk.reply(heard):
                if event.kind is EventKind.FINAL:
                    answer: Answer = event.data
            way = assistant.way(name)
            outside += outside_of(answer, way, assistant.whole, citizen())
    code = answer.card.code if answer.card else ""
    told = {"status": answer.status.value, "code": code, "outside": sorted(set(outside))}
    return {**told, "text": answer.text}


@cache
def _blocks() -> dict[str, Profile]:
    loaded = yaml.safe_load((Path(__file__).parent / "profiles.yml").read_text("utf-8"))
    return {name: Profile.model_validate(block) for name, block in loaded.items()}


def _with_profiles(assistant: Assistant) -> Assistant:
    """The subject's assistant with the profiles of the set, answering without a model."""
    update = {"profiles": {**assistant.config.profiles, **_blocks()}}
    config = assistant.config.model_copy(update=update)
    return Assistant(assistant.knowledge, config, model=None, receipts=None)
