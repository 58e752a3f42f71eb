"""troly itself, in this process: the same conversation that every door has, decided by rules."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import VERSION
from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.config import Config
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.direct import DirectDialogue
from assistant.dialogue.memory import Memory
from assistant.dialogue.state import Heard
from assistant.errors import ModelError
from assistant.journeys.for_conversations import JourneysInConversation
from assistant.journeys.guide import Guide
from assistant.language_model.opening import open_model
from assistant.language_model.port import LanguageModel
from assistant.presentation import answer_json
from assistant.vocabulary import Answer, EventKind
from evals.errors import MissingData
from evals.subjects.port import Reply, Setting
from knowledge_base.home import Home
from knowledge_base.prepare import ensure_ready
from knowledge_base.scope import citizen

VARYING = ("id", "trace")

Build = Callable[[Home, Config, LanguageModel | None], Assistant]


def _build(home: Home, config: Config, model: LanguageModel | None) -> Assistant:
    return build_assistant(home, config, model=model)


class InProcess:
    """Talks to an assistant directly. What it says leaves nothing behind in anybody's home.

    No officers: nobody is to be called by an evaluation.
    """

    def __init__(
        self,
        assistant: Assistant,
        name: str = "troly",
        *,
        home: Home | None = None,
        use_model: bool = False,
        build: Build | None = None,
        model: LanguageModel | None = None,
    ) -> None:
        """``build`` makes another such assistant over another home, with or without a model."""
        self.assistant = assistant
        self.build = build or _build
        self._name = name
        self._use_model = use_model
        self._model = model
        self._kept = TemporaryDirectory(prefix="troly-talk-")
        state = Path(self._kept.name) / "talk.sqlite"  # a file, wherever the state is
        direct = DirectDialogue(assistant)
        self._conversation = Conversation(
            assistant,
            direct,
            Memory(state, turns=assistant.config.limits.history_turns),
            journeys=JourneysInConversation(Guide.over(home.record(), state)) if home else None,
            direct=direct,
            receipts=False,
        )

    @property
    def name(self) -> str:
        return self._name

    @property
    def usage(self) -> dict[str, Any]:
        """Counts of the model's last request; empty where none is kept."""
        return dict(getattr(self._model, "usage", {}))

    def describe(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "corpus_version": self.assistant.corpus_version,
            "model": self.assistant.model_name if self._use_model else None,
        }

    def converse(self, messages: Sequence[str], as_of: date | None) -> list[Reply]:
        name = secrets.token_urlsafe(16)
        replies: list[Reply] = []
        for message in messages:
            heard = Heard(message, name, citizen(), as_of=as_of, use_model=self._use_model)
            started = time.perf_counter()
            marks: dict[str, float] = {}
            for event in self._conversation.reply(heard):
                marks.setdefault(event.kind.value, (time.perf_counter() - started) * 1000)
                if event.kind is EventKind.FINAL:
                    answer: Answer = event.data
            ms = (time.perf_counter() - started) * 1000
            told = answer_json(answer)
            steps = {step["step"]: step["ms"] for step in told["trace"]}
            replies.append(Reply(without_varying(told), ms, steps, marks))
        return replies

    def source(self, document_id: str, sha256: str) -> str | None:  # noqa: ARG002 - by hash alone
        return self.assistant.knowledge.version(sha256, citizen())

    def close(self) -> None:
        self.assistant.close()
        self._kept.cleanup()


def without_varying(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer's JSON without what differs from one time to the next."""
    return {key: value for key, value in answer.items() if key not in VARYING}


def open_plain(setting: Setting) -> InProcess:
    """troly without a language model: deterministic, byte for byte."""
    ensure_ready(setting.home, setting.config.knowledge_base, foreground_seconds=float("inf"))
    return InProcess(build_assistant(setting.home, setting.config), home=setting.home)


def open_worded(setting: Setting) -> InProcess:
    """troly with the configured model's wording, where the model is on this machine."""
    ensure_ready(setting.home, setting.config.knowledge_base, foreground_seconds=float("inf"))
    home, settings = setting.home, setting.config.model
    try:
        model = open_model(settings, models=home.models, logs=home.logs)
    except ModelError as error:
        raise MissingData(f"the language model is not ready here: {error}") from error
    if model is None:
        raise MissingData("config.yml sets no language model (model.kind: none)")
    assistant = build_assistant(setting.home, setting.config, model=model)
    return InProcess(assistant, "troly-model", home=home, use_model=True, model=model)
