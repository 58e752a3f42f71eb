"""One terminal session: gets everything ready with progress, asks, and shows answers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from rich.console import Console

from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.config import Config
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.opening import open_conversation
from assistant.dialogue.state import Heard
from assistant.errors import ConfigError, ModelError, ModelUnavailable
from assistant.language_model.opening import open_model
from assistant.language_model.setup import (
    SetupStatus,
    is_prepared,
    prepare_in_background,
    read_status,
    title,
)
from assistant.presentation import answer_json, sources_text
from assistant.profiles.profile import Profile
from assistant.profiles.way import no_profile
from assistant.vocabulary import Answer, AnswerEvent, EventKind, Question, Status
from knowledge_base.home import Home
from knowledge_base.prepare import ensure_ready, refresh_index
from knowledge_base.progress import bars
from knowledge_base.progress import title as stage_title
from knowledge_base.scope import Scope, citizen

if TYPE_CHECKING:
    from assistant.access.terminal import AtTerminal

#: Seconds between looks at the model's set-up, and until its first sign of life.
_GLANCE, _TO_START = 0.5, 30.0


class SessionState(Protocol):
    """What `troly.State` has."""

    @property
    def home(self) -> Home: ...
    @property
    def config(self) -> Config: ...
    @property
    def console(self) -> Console: ...


class Session:
    """Use as a context manager; the model's process ends with it."""

    def __init__(
        self,
        state: SessionState,
        *,
        profile: str = "citizen",
        use_model: bool = True,
        officer: AtTerminal | None = None,
    ) -> None:
        if profile not in state.config.profiles:
            raise ConfigError(no_profile(profile, state.config.profiles))
        self._state = state
        self._profile = profile
        self._use_model = use_model and state.config.model.kind != "none"
        self._assistant: Assistant | None = None
        self.console = state.console
        self._officer = officer
        self._home = state.home.for_officers() if officer else state.home
        self._conversation: Conversation | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._assistant is not None:
            self._assistant.close()

    @property
    def scope(self) -> Scope:
        """What who is asking may see: an officer's labels at this moment, else public texts."""
        return self._officer.scope if self._officer else citizen()

    # --- getting ready ----------------------------------------------------------------------

    @property
    def assistant(self) -> Assistant:
        """The assistant, over a knowledge base that is ready."""
        if self._assistant is None:
            with bars(self.console) as progress:
                prepared = ensure_ready(
                    self._state.home, self._state.config.knowledge_base, progress
                )
            for part, seconds in prepared.seconds.items():
                self.say(f"{stage_title(part)}: {seconds:.1f} giây")
            if self._officer and self._home.record("restricted").is_file():
                refresh_index(self._home, self._state.config.knowledge_base, store="restricted")
            self._assistant = build_assistant(
                self._home, self._state.config, restricted=self._officer is not None
            )
        return self._assistant

    def prepare(self) -> None:
        """Everything this session needs, the model included."""
        assistant = self.assistant
        if self._use_model and assistant.model_name is None:
            self._prepare_model()

    def _model_is_ready(self) -> bool:
        return is_prepared(self._state.home.path, self._state.config.model)

    def _prepare_model(self) -> None:
        """Build and pull what is missing; without success the cards go on answering."""
        config, home = self._state.config, self._state.home
        try:
            if not self._model_is_ready():
                self._follow_setup()
            self.assistant.use_model(open_model(config.model, models=home.models, logs=home.logs))
        except ModelError as error:
            self.say(f"Chưa dùng được mô hình ngôn ngữ; câu trả lời lấy thẳng từ nguồn. {error}")
            self._use_model = False

    def _follow_setup(self) -> None:
        """Watch the set-up of the model, which runs in a process of its own.

        Ctrl-C stops watching; the set-up goes on, and so does its next watcher.
        """
        home, settings = self._state.home.path, self._state.config.model
        prepare_in_background(home, settings)
        seen = SetupStatus("failed", message=f"It did not start; see {home / 'logs' / 'setup.log'}")
        given_up = time.monotonic() + _TO_START
        try:
            with bars(self.console, title) as progress:
                while True:
                    status = read_status(home)
                    if status is not None:
                        seen = status
                        for stage, (done, total) in status.stages.items():
                            progress(stage, done, total)
                        if status.state != "running":
                            break
                    elif time.monotonic() > given_up:
                        break
                    time.sleep(_GLANCE)
        except KeyboardInterrupt:
            self.say(
                "Đã thôi chờ; mô hình vẫn được chuẩn bị ở nền. Xem: troly models status. "
                "Muốn dừng hẳn: tắt tiến trình đó, lần sau nó làm tiếp từ chỗ dở."
            )
            raise
        for part, seconds in seen.seconds.items():
            self.say(f"{title(part)}: {seconds:.1f} giây")
        if seen.state != "done":
            raise ModelUnavailable(
                seen.message
                or "The set-up of the model stopped half way; run "
                "the same command again and it goes on."
            )

    # --- asking -----------------------------------------------------------------------------

    @property
    def profile(self) -> Profile:
        """The profile that is asked."""
        return self._state.config.profiles[self._profile]

    def question(self, text: str, as_of: date | None) -> Question:
        """``text`` as a question that stands alone."""
        return Question(
            text, self.scope, as_of=as_of, profile=self._profile, use_model=self._use_model
        )

    def answer(self, text: str, *, as_of: date | None = None) -> Answer:
        """One independent question: nothing is remembered."""
        return self.assistant.ask(self.question(text, as_of))

    @property
    def conversation(self) -> Conversation:
        """Conversations over the same assistant, with its desk and journeys."""
        if self._conversation is None:
            self._conversation = open_conversation(self._home, self.assistant)
        return self._conversation

    def reply(self, text: str, conversation: str, *, as_of: date | None) -> Iterator[AnswerEvent]:
        """The events of one message of a conversation."""
        return self.conversation.reply(
            Heard(
                text, conversation, self.scope, door="terminal", as_of=as_of,
                profile=self._profile, use_model=self._use_model,
            )
        )  # fmt: skip

    def ask_once(self, text: str, *, as_of: date | None, as_json: bool) -> Answer:
        """Answer and print; on a first run the card is shown before the model is there."""
        assistant = self.assistant
        shown = False
        if self._use_model and not self._model_is_ready():
            early = assistant.ask(
                Question(text, self.scope, as_of=as_of, profile=self._profile, use_model=False),
                keep=False,
            )
            if not early.citations:  # a refusal needs no model
                self._use_model = False
            elif not as_json:
                self.show(early)
                shown = True
                self.say(
                    "Trên đây là câu trả lời lấy thẳng từ nguồn. Lần đầu chạy, troly chuẩn bị mô "
                    "hình ngôn ngữ để diễn đạt gọn hơn (Ctrl-C để dừng, lần sau làm tiếp)."
                )
        self.prepare()
        if as_json:
            answer = self.answer(text, as_of=as_of)
            self.show(answer, as_json=True)
            return answer
        events = self.assistant.answer(self.question(text, as_of))
        return self._show_wording(events) if shown else self.show_events(events)

    # --- showing ----------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """A remark beside the result, on stderr."""
        self.console.print(text, markup=False, highlight=False, style="dim")

    def show(self, answer: Answer, *, as_json: bool = False) -> None:
        """A whole answer on stdout."""
        if as_json:
            print(json.dumps(answer_json(answer), ensure_ascii=False, indent=2))
            return
        print(answer.text)
        if answer.citations:
            print("\nNguồn:\n" + sources_text(answer.citations))
        self._suggest(answer)

    def _show_wording(self, events: Iterator[AnswerEvent]) -> Answer:
        """Print only what the model adds: the rest stands on the screen already."""
        words: list[str] = []
        for event in events:
            if event.kind is EventKind.TOKEN:
                words.append(event.data)
            elif event.kind is EventKind.FINAL:
                final: Answer = event.data
        if words:
            print(f"\nTóm lại: {''.join(words).strip()}")
        return final

    def show_events(self, events: Iterator[AnswerEvent]) -> Answer:
        """Print an answer while it comes: the card's lines, the model's sentences, the rest."""
        shown: Answer | None = None
        worded = False
        for event in events:
            match event.kind:
                case EventKind.CARD:
                    shown = event.data
                    print(_body(event.data), flush=True)
                case EventKind.STATUS:
                    self.say(event.data)
                case EventKind.TOKEN:
                    print(event.data if worded else f"\nTóm lại: {event.data}", end="", flush=True)
                    worded = True
                case EventKind.FINAL:
                    final: Answer = event.data
                case _:
                    pass
        if worded:
            print()
        if shown is not None and final.citations:
            print(_lead(final, shown) + _tail(final))
        else:
            print(final.text)
        if final.citations:
            print("\nNguồn:\n" + sources_text(final.citations))
        self._suggest(final)
        return final

    def _suggest(self, answer: Answer) -> None:
        if answer.suggestions and answer.status is not Status.CLARIFY:
            numbered = (f"{n}. {title}" for n, title in enumerate(answer.suggestions, 1))
            self.say("Có thể hỏi tiếp: " + " · ".join(numbered))


def _body(answer: Answer) -> str:
    """The text without its closing notices (they come after the model's sentences)."""
    return "\n".join(_split(answer)[0])


def _lead(answer: Answer, shown: Answer) -> str:
    """What stands before the words that are ``shown`` already: an officer's answer."""
    lead, found, _ = answer.text.partition(shown.text.splitlines()[0])
    return lead if found else ""


def _tail(answer: Answer) -> str:
    return "\n".join(_split(answer)[1])


def _split(answer: Answer) -> tuple[Sequence[str], Sequence[str]]:
    lines = answer.text.splitlines()
    cut = len(lines) - 2 - len(answer.notices)  # notices, the day, the AI notice
    return lines[:cut], lines[cut:]
