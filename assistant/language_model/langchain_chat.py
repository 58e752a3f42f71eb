"""Any LangChain chat model behind the port; a ``provider:model`` name is enough."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.errors import ConfigError
from assistant.language_model.pacing import pumped
from assistant.language_model.port import Prompt
from assistant.language_model.settings import ModelSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class LangChainChat:
    """Wraps a `BaseChatModel`. Grammar and seed are the provider's own matter and not passed on."""

    def __init__(self, model: BaseChatModel, settings: ModelSettings, name: str = "") -> None:
        self._model, self._limits = model, settings.deadlines
        self._name = name or settings.name

    @classmethod
    def named(cls, settings: ModelSettings) -> LangChainChat:
        """The model that ``settings.name`` means, such as ``ollama:qwen2.5:7b``.

        Raises:
            ConfigError: LangChain does not know it, or its package is not installed.
        """
        from langchain.chat_models import init_chat_model

        options: dict[str, Any] = {"temperature": 0, "max_tokens": settings.max_tokens}
        if settings.api_key is not None:
            options["api_key"] = settings.api_key.get_secret_value()
        try:
            model: BaseChatModel = init_chat_model(settings.name, **options)
        except Exception as error:  # each provider has its own
            raise ConfigError(f"model.name '{settings.name}': {error}") from error
        return cls(model, settings)

    @property
    def name(self) -> str:
        return self._name

    def stream(
        self, prompt: Prompt, *, deadline: float, cancel: threading.Event | None = None
    ) -> Iterator[str]:
        until = time.monotonic() + min(deadline, self._limits.total)
        left = threading.Event()

        def produce() -> Iterator[str]:
            from langchain_core.messages import HumanMessage, SystemMessage

            messages = [SystemMessage(prompt.system), HumanMessage(prompt.user)]
            chunks = self._model.stream(messages, stop=list(prompt.stop) or None)
            with contextlib.ExitStack() as stack:
                if hasattr(chunks, "close"):
                    stack.callback(chunks.close)
                for count, chunk in enumerate(chunks):
                    if left.is_set() or count >= prompt.max_tokens:
                        return
                    if text := str(chunk.text):
                        yield text

        return pumped(produce, left.set, deadlines=self._limits, until=until, cancel=cancel)

    def close(self) -> None:
        """LangChain models hold nothing that must be given back."""
