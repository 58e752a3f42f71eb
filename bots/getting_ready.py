"""What a server does behind its first answers: knowledge, then the model, then new indexes.

Each stage makes the next answer better, and none makes anyone wait: the desk is
open as soon as the knowledge base is ready, and the cards answer until the
model is there. All of it runs on one background thread.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.config import Config
from assistant.dialogue.opening import open_conversation
from assistant.errors import ModelError, TrolyError
from assistant.language_model.llama_child import LlamaChild
from assistant.language_model.opening import open_model
from assistant.language_model.setup import (
    is_prepared,
    prepare_in_background,
    read_status,
    title,
)
from assistant.prompts import SYSTEM
from assistant.session import SessionState
from assistant.vocabulary import Question, Status
from bots.web.desk import ConversationPort, Desk
from knowledge_base.errors import KnowledgeError
from knowledge_base.home import Home
from knowledge_base.prepare import ensure_ready
from knowledge_base.progress import bars
from knowledge_base.scope import citizen

#: Asked once at the start, to nobody's benefit but the first citizen's.
_WARMING = "Đăng ký khai sinh cần giấy tờ gì?"

logger = logging.getLogger(__name__)

#: Seconds between looks at the model's set-up, and at whether a new index was swapped in.
_GLANCE, _WATCH = 1.0, 5.0


def conversing(home: Home, assistant: Assistant, desk: Desk) -> ConversationPort:
    """Conversations decided by the Rasa of ``desk``, or by rules where it has none."""
    if desk.rasa is None:
        return open_conversation(home, assistant, decided=desk.decided, forgotten=desk.forgotten)
    client = desk.rasa.client
    return open_conversation(
        home, assistant, rasa=client, forget=client.forget,
        decided=desk.decided, forgotten=desk.forgotten,
    )  # fmt: skip


@dataclass(slots=True)
class GettingReady:
    """Brings ``desk`` its assistant; `start` returns at once."""

    state: SessionState
    desk: Desk
    build: Callable[[Home, Config], Assistant] = build_assistant
    converse: Callable[[Home, Assistant, Desk], ConversationPort] = conversing
    stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin, on a thread that does not keep the process alive."""
        threading.Thread(target=self.run, name="getting-ready", daemon=True).start()

    def run(self) -> None:
        """All stages, one after the other; then watch for new indexes until stopped."""
        try:
            assistant = self._knowledge()
        except (KnowledgeError, TrolyError) as error:
            self._broken(str(error))
            return
        except Exception as error:
            logger.exception("the assistant could not be built")
            self._broken(f"{type(error).__name__}: {error}")
            return
        self._try(assistant)
        self.desk.open(assistant, self.converse(self.state.home, assistant, self.desk))
        if self.desk.rasa is not None:  # its training would have kept the first card waiting
            self.desk.rasa.start()
        try:
            self._model(assistant)
        except Exception as error:
            if not isinstance(error, ModelError):
                logger.exception("the model could not be prepared")
            self.desk.model_state = "broken"
            self._say(f"Chưa dùng được mô hình ngôn ngữ, thẻ thủ tục vẫn trả lời. {error}")
        self._watch(assistant)

    def _knowledge(self) -> Assistant:
        home, config = self.state.home, self.state.config
        self.desk.model_state = "preparing" if config.model.kind != "none" else "off"
        with bars(self.state.console) as progress:
            ensure_ready(home, config.knowledge_base, progress)
        return self.build(home, config)

    def _try(self, assistant: Assistant) -> None:
        """Ask one question: it opens the index, loads the word segmenter, and shows whether
        a search works at all. Only then is the server ready."""
        answer = assistant.ask(Question(_WARMING, citizen(), use_model=False), keep=False)
        works = answer.status is not Status.FAILED_SEARCH
        if works:
            self._say("Sẵn sàng trả lời.")
        elif not self.desk.index_state:
            self._say("Chưa tra cứu được, sẽ thử lại; chạy với -v để xem nhật ký.")
        self.desk.index_state = "" if works else "broken"

    def _model(self, assistant: Assistant) -> None:
        home, settings = self.state.home, self.state.config.model
        if settings.kind == "none":
            return
        if not is_prepared(home.path, settings):
            # A process of its own: a server that is stopped meanwhile loses nothing of it.
            prepare_in_background(home.path, settings)
            if not self._prepared():
                return
        model = open_model(settings, models=home.models, logs=home.logs)
        if isinstance(model, LlamaChild):
            with contextlib.suppress(ModelError):  # it tries again, with back-off, when asked
                model.warm(SYSTEM)
        assistant.use_model(model)
        self.desk.model_state = ""
        self._say(f"Mô hình ngôn ngữ sẵn sàng: {assistant.model_name}.")

    def _prepared(self) -> bool:
        home = self.state.home.path
        begun = time.time()
        with bars(self.state.console, title) as progress:
            while not self.stopped.wait(_GLANCE):
                status = read_status(home)
                if status is None or (status.state != "running" and status.updated < begun - 1):
                    if time.time() - begun > 30:
                        raise ModelError("Hãy chạy: troly models pull")
                    continue  # what an earlier attempt left; the new one has not written yet
                for stage, (done, total) in status.stages.items():
                    progress(title(stage), done, total)
                if status.state == "done":
                    return True
                if status.state != "running":
                    raise ModelError(status.message or "Hãy chạy: troly models pull")
        return False

    def _watch(self, assistant: Assistant) -> None:
        while not self.stopped.wait(_WATCH):
            try:
                if self.desk.index_state:
                    self._try(assistant)
                if assistant.knowledge.reload_if_changed():
                    self._say("Đã chuyển sang chỉ mục mới.")
            except Exception:
                logger.exception("a new index could not be opened; the old one goes on")

    def _broken(self, why: str) -> None:
        self.desk.break_down()
        self._say(f"Chưa trả lời được câu hỏi: {why}")

    def _say(self, text: str) -> None:
        self.state.console.print(text, markup=False, highlight=False, soft_wrap=True)
