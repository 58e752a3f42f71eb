"""The language model alone: what somebody gets who asks it directly, without any document.

The same file, threads and chat format as troly's; a plain system text, the
conversation so far, and time to finish.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.errors import ModelError
from assistant.language_model.opening import check_model, open_model
from assistant.language_model.port import LanguageModel, Prompt
from assistant.language_model.settings import Deadlines
from evals.errors import MissingData, SubjectError
from evals.subjects.port import Reply, Setting
from evals.subjects.quoting import answer

SYSTEM = "Bạn là trợ lý dịch vụ công Việt Nam. Hãy trả lời chính xác và ngắn gọn bằng tiếng Việt."
TOKENS = 256
#: Nobody who builds the plain thing cuts a model short: it may take its time.
_PATIENT = Deadlines(queue=60, load=120, first_token=240, between_tokens=60, total=600)


class BareModel:
    """Asks ``model`` and takes its word."""

    name = "model"

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    @property
    def usage(self) -> dict[str, Any]:
        """Counts of the last answer, where the model tells."""
        return usage_of(self._model)

    def describe(self) -> dict[str, Any]:
        return {"model": self._model.name, "tokens": TOKENS}

    def converse(self, messages: Sequence[str], as_of: date | None) -> list[Reply]:
        said: list[str] = []
        replies: list[Reply] = []
        for message in messages:
            started = time.perf_counter()
            user = "\n".join([*said, message])
            text = generated(self._model, Prompt(SYSTEM, user, max_tokens=TOKENS))
            ms = (time.perf_counter() - started) * 1000
            said += [f"Người dân: {message}", f"Trợ lý: {text}"]
            replies.append(Reply(answer("answered", text, (), as_of, model=self._model.name), ms))
        return replies

    def source(self, document_id: str, sha256: str) -> str | None:  # noqa: ARG002 - it cites nothing
        return None

    def close(self) -> None:
        self._model.close()


def generated(model: LanguageModel, prompt: Prompt) -> str:
    """The whole text. Raises `SubjectError` where the model gives none."""
    try:
        return "".join(model.stream(prompt, deadline=_PATIENT.total)).strip()
    except ModelError as error:
        raise SubjectError(f"the model {model.name} gave no answer: {error}") from error


def usage_of(model: LanguageModel) -> dict[str, Any]:
    """Counts of the model's last request; empty where it keeps none."""
    found: dict[str, Any] = getattr(model, "usage", {})
    return dict(found)


def patient_model(setting: Setting) -> LanguageModel:
    """The configured model, in no hurry. Raises `MissingData` where there is none to ask."""
    settings = setting.config.model.model_copy(update={"deadlines": _PATIENT})
    models = setting.home.models
    try:
        check_model(settings, models)
        model = open_model(settings, models=models, logs=setting.home.logs)
    except ModelError as error:
        raise MissingData(f"the language model is not ready here: {error}") from error
    if model is None:
        raise MissingData("config.yml sets no language model (model.kind: none)")
    return model


def open_bare_model(setting: Setting) -> BareModel:
    """The configured model without retrieval."""
    return BareModel(patient_model(setting))
