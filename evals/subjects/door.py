"""Patience with a server: a limit on every answer, one more try, and an end of trying."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from evals.errors import EvalError, SubjectError
from evals.subjects.port import Setting
from evals.subjects.server import Server

if TYPE_CHECKING:
    import httpx

Got = TypeVar("Got")

SECONDS = 60.0
_LARGEST = 8 * 1024 * 1024
#: After so many samples in a row without an answer nobody is asked any more: a server that hangs
#: would otherwise cost two minutes a sample.
_GIVEN_UP = 3
_PAUSE = 0.5


class Lost(Exception):
    """There was no answer: nobody listens, the line broke, time was over, or it was too busy."""


class Door:
    """One server: a running one by its address, or one that is started and stopped here.

    A server that cannot be started is no error yet: every question to it is one. An
    ``url`` that is none raises `EvalError`.
    """

    def __init__(
        self,
        url: str = "",
        setting: Setting | None = None,
        *,
        seconds: float = SECONDS,
        pause: float = _PAUSE,
    ) -> None:
        import httpx

        self.server: Server | None = None
        self._seconds, self._pause = seconds, pause
        self._lost, self._why = 0, ""
        self.address = _checked(url).rstrip("/")
        if not url and setting is not None:
            try:
                self.server = Server(setting)
                self.address = self.server.address
            except SubjectError as error:
                self._lost, self._why = _GIVEN_UP, str(error)
        self.client = httpx.Client(
            base_url=self.address or "http://127.0.0.1", timeout=seconds, trust_env=False
        )

    @property
    def name(self) -> str:
        """What a message calls it."""
        return self.address or "troly up"

    def patiently(self, ask: Callable[[], Got]) -> Got:
        """What ``ask`` returns, tried twice where it is `Lost`.

        Raises `SubjectError` with the server's name and what happened.
        """
        if self._lost >= _GIVEN_UP:
            raise SubjectError(
                f"{self.name} is not asked any more: {self._why}. See to the server, then run the "
                "same again."
            )
        for attempt in range(2):
            try:
                got = ask()
            except Lost as error:
                self._why = str(error)
                if attempt == 0:
                    time.sleep(self._pause)
            else:
                self._lost = 0
                return got
        self._lost += 1
        raise SubjectError(f"{self.name} gave no answer, asked twice: {self._why}")

    def chunks(self, method: str, path: str, **request: Any) -> Iterator[bytes]:
        """The body of a response as it comes.

        Raises `Lost`, and `SubjectError` for a refusal or a body without an end.
        """
        import httpx

        until = time.monotonic() + self._seconds
        size = 0
        try:
            with self.client.stream(method, path, **request) as response:
                self._refused(response)
                for chunk in response.iter_bytes():
                    size += len(chunk)
                    if size > _LARGEST:
                        raise SubjectError(f"{self.name} sent more than {_LARGEST} bytes.")
                    if time.monotonic() > until:
                        raise Lost(f"no answer within {self._seconds:g} s")
                    yield chunk
        except httpx.TimeoutException as error:
            raise Lost(f"no answer within {self._seconds:g} s") from error
        except httpx.ConnectError as error:
            raise Lost("nobody listens there") from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise Lost(f"the line broke ({type(error).__name__})") from error

    def json(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """A response that must be a JSON object. Raises as `chunks` does."""
        return self.object(b"".join(self.chunks(method, path, **request)))

    def object(self, data: bytes) -> dict[str, Any]:
        """``data`` as a JSON object. Raises `SubjectError` where it is none."""
        try:
            found = json.loads(data)
            json.dumps(found, ensure_ascii=False).encode(
                "utf-8"
            )  # half a surrogate pair is no text
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            beginning = data[:80].decode("utf-8", errors="replace")
            raise SubjectError(f"{self.name} sent something else than an answer: {beginning!r}")
        return found

    def _refused(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        told = f"HTTP {response.status_code}"
        with contextlib.suppress(ValueError, KeyError, TypeError):
            told += f": {json.loads(response.read())['error']['message']}"
        if response.status_code in (502, 503, 504):
            raise Lost(told)
        raise SubjectError(f"{self.name} refused: {told}")

    def close(self) -> None:
        """Let go of the connection, and stop the server that was started here."""
        self.client.close()
        if self.server is not None:
            self.server.close()


def _checked(url: str) -> str:
    import httpx

    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if url and not (parsed.scheme in ("http", "https") and parsed.host):
        raise EvalError(f"{url!r} is no address of a server; one looks like http://127.0.0.1:8080.")
    return url
