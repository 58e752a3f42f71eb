"""troly as an OpenAI client sees it: ``POST /v1/chat/completions``."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from evals.errors import SubjectError
from evals.subjects.door import Door
from evals.subjects.over_http import described, opened, source
from evals.subjects.port import Reply, Setting

MODEL = "troly-card"
PATH = "/v1/chat/completions"
_NOTES = re.compile(r"\n\n\[\^\d{1,3}\]: ")
_MARK = re.compile(r"\[\^(\d{1,3})\]")

#: What the completion says of the answer beside its text and sources.
_TOLD = (
    "status", "as_of", "ai_generated", "model", "corpus_version", "suggestions", "slots",
    "notices", "card",
)  # fmt: skip


class OverOpenAI:
    """The messages so far are the context, as such clients send them."""

    name = "openai"

    def __init__(self, door: Door, corpus_version: str = "") -> None:
        self.door = door
        self._corpus_version = corpus_version

    def describe(self) -> dict[str, Any]:
        return {"door": f"POST {PATH}", **described(self.door, self._corpus_version)}

    def converse(self, messages: Sequence[str], as_of: date | None) -> list[Reply]:
        said: list[dict[str, str]] = []
        replies: list[Reply] = []
        for message in messages:
            said.append({"role": "user", "content": message})
            body: dict[str, Any] = {"model": MODEL, "messages": [*said]}
            if as_of is not None:
                body["as_of"] = as_of.isoformat()
            started = time.perf_counter()
            told = self.door.patiently(partial(self.door.json, "POST", PATH, json=body))
            ms = (time.perf_counter() - started) * 1000
            content = self._content(told)
            said.append({"role": "assistant", "content": content})
            replies.append(Reply(self._read(told, content), ms))
        return replies

    def _content(self, told: dict[str, Any]) -> str:
        try:
            content = told["choices"][0]["message"]["content"]
        except (LookupError, TypeError):
            content = None
        if not isinstance(content, str):
            raise SubjectError(f"{self.door.name} sent a completion without words.")
        return content

    def _read(self, told: dict[str, Any], content: str) -> dict[str, Any]:
        about = told.get("troly")
        if not (isinstance(about, dict) and isinstance(about.get("status"), str)):
            raise SubjectError(f"{self.door.name} sent a completion without troly.status.")
        return {
            **{key: about[key] for key in _TOLD if key in about},
            "text": without_notes(content),
            "citations": told.get("sources", []),
        }

    def source(self, document_id: str, sha256: str) -> str | None:
        return source(self.door, document_id, sha256)

    def close(self) -> None:
        self.door.close()


def without_notes(content: str) -> str:
    """The answer's own words: ``[^1]`` as ``[1]``, the list of footnotes away.

    >>> without_notes("Lệ phí 200.000 đồng [^1].\\n\\n[^1]: Thông tư: “…”")
    'Lệ phí 200.000 đồng [1].'
    """
    notes = _NOTES.search(content)
    return _MARK.sub(r"[\1]", content[: notes.start()] if notes else content)


def open_openai(setting: Setting) -> OverOpenAI:
    """troly by its door for OpenAI clients, on this machine."""
    return OverOpenAI(*opened(setting))
