"""Any server that speaks OpenAI's chat completions: llama-server, vLLM, Ollama, a hosted one."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx

from assistant.errors import ModelUnavailable
from assistant.language_model.pacing import pumped
from assistant.language_model.port import Prompt
from assistant.language_model.settings import ModelSettings


class OpenAICompatible:
    """Streams ``/chat/completions``; leaving closes the connection, which frees the server."""

    def __init__(
        self, settings: ModelSettings, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._settings, self._limits = settings, settings.deadlines
        key = settings.api_key.get_secret_value() if settings.api_key else None
        self._client = httpx.Client(
            base_url=settings.base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(self._limits.first_token + 5, connect=5),
            transport=transport,
        )

    @property
    def name(self) -> str:
        return self._settings.name

    def stream(
        self, prompt: Prompt, *, deadline: float, cancel: threading.Event | None = None
    ) -> Iterator[str]:
        until = time.monotonic() + min(deadline, self._limits.total)
        live: list[httpx.Response] = []

        def produce() -> Iterator[str]:
            request = self._client.build_request(
                "POST", "chat/completions", json=self._body(prompt)
            )
            response = self._send(request)
            live.append(response)
            try:
                yield from _contents(response)
            except httpx.HTTPError as error:
                raise ModelUnavailable(f"The model server broke off: {error}.") from error
            finally:
                response.close()

        def stop() -> None:
            for response in live:
                with contextlib.suppress(Exception):
                    response.close()

        return pumped(produce, stop, deadlines=self._limits, until=until, cancel=cancel)

    def close(self) -> None:
        self._client.close()

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._settings.name,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "max_tokens": prompt.max_tokens,
            "temperature": prompt.temperature,
            "seed": prompt.seed,
            "stream": True,
        }
        if prompt.stop:
            body["stop"] = list(prompt.stop)
        return body

    def _send(self, request: httpx.Request) -> httpx.Response:
        where = self._settings.base_url
        try:
            response = self._client.send(request, stream=True)
        except httpx.HTTPError as error:
            raise ModelUnavailable(
                f"The model server at {where} cannot be reached ({error}); check model.base_url."
            ) from error
        if response.status_code in (401, 403):
            response.close()
            raise ModelUnavailable(
                f"The model server at {where} refused the key; set TROLY_MODEL__API_KEY."
            )
        if response.status_code != 200:
            response.close()
            raise ModelUnavailable(f"The model server at {where} said {response.status_code}.")
        return response


def _contents(response: httpx.Response) -> Iterator[str]:
    """The text of each server-sent event; what is not understood is a failure, not silence."""
    for line in response.iter_lines():
        if not line.startswith("data:"):
            continue
        data = line[5:].strip()
        if data == "[DONE]":
            return
        try:
            choices = json.loads(data).get("choices") or []
            text = choices[0].get("delta", {}).get("content") if choices else None
        except (ValueError, AttributeError, LookupError) as error:
            raise ModelUnavailable("The model server sent something unreadable.") from error
        if text:
            yield text
