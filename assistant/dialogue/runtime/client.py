"""What is said to Rasa, and what it decides; never longer than a person can be made to wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from assistant.dialogue.decision import Decision, DecisionUnreadable, read_decision
from assistant.dialogue.runtime.access import Access
from assistant.errors import DialogueError, DialogueGarbled, DialogueTimeout, DialogueUnavailable
from assistant.language_model.breaker import Breaker, State

if TYPE_CHECKING:  # a tenth of a second that commands without Rasa need not pay
    import httpx

#: Longest that one turn may take, in seconds; then plain rules decide.
PATIENCE = 1.5

#: More than this is no decision, in bytes.
_LARGEST = 100_000

#: What the channel takes of one message, in characters.
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Parsed:
    """What Rasa makes of a text by itself; ``entities`` as Rasa's pipeline gives them."""

    intent: str
    confidence: float
    entities: tuple[Mapping[str, Any], ...]


class RasaClient:
    """Any thread may use it. ``access`` says where the server is at the moment, if anywhere."""

    def __init__(
        self,
        access: Callable[[], Access | None],
        *,
        patience: float = PATIENCE,
        breaker: Breaker | None = None,
        forget: Callable[[str], object] | None = None,
    ) -> None:
        self._access, self._patience = access, patience
        self._breaker = breaker or Breaker(failures=3, window=30, rest=2, longest=60)
        self._forget = forget
        self._probing = threading.Lock()
        self._http: httpx.Client | None = None
        self._making = threading.Lock()

    def close(self) -> None:
        """Let go of the connections."""
        with self._making:
            if self._http is not None:
                self._http.close()
                self._http = None

    @property
    def breaker(self) -> State:
        return self._breaker.state

    def is_usable(self) -> bool:
        """Whether a turn may be tried now."""
        return self._breaker.state != "open" and self._access() is not None

    # --- what can be asked ----------------------------------------------------------------------

    def decide(
        self,
        conversation: str,
        text: str,
        metadata: Mapping[str, Any] | None = None,
        *,
        payload: str = "",
    ) -> Decision:
        """What to do about ``text``, or about a button's ``payload`` (``/intent{"slot": "…"}``).

        A person who types a payload has typed words: only a button can give Rasa orders.

        Raises:
            DialogueError: of the kind that it was; nothing of the person's words is in it.
        """
        message = payload or _clean(text).lstrip("/ ")
        body = {"sender": conversation, "message": message, "metadata": dict(metadata or {})}
        with self._guarded() as access:
            told = self._post(f"{access.url}/webhooks/troly/webhook", access.channel(), body)
            return _decision_in(told)

    def told(self, conversation: str, events: Sequence[Mapping[str, Any]]) -> None:
        """Append to what Rasa remembers: what the assistant said, slots that it set.

        Raises:
            DialogueError: as `decide`.
        """
        path = f"/conversations/{quote(conversation, safe='')}/tracker/events"
        with self._guarded() as access:
            url = f"{access.url}{path}?include_events=NONE"
            self._post(url, access.api(), [dict(each) for each in events])

    def forget(self, conversation: str) -> None:
        """Delete what Rasa remembers of a conversation, whether the server runs or not.

        Raises:
            StateError: it could not be deleted.
        """
        if self._forget is not None:
            self._forget(conversation)

    def parse(self, text: str) -> Parsed:
        """Intent and entities of ``text``; no conversation is touched.

        Raises:
            DialogueError: as `decide`.
        """
        with self._guarded() as access:
            told = self._post(f"{access.url}/model/parse", access.api(), {"text": _clean(text)})
            try:
                intent = told["intent"]
                return Parsed(
                    str(intent["name"] or ""),
                    float(intent["confidence"] or 0.0),
                    tuple(dict(each) for each in told.get("entities", ())),
                )
            except (KeyError, TypeError, ValueError, AttributeError):
                raise DialogueGarbled("Rasa: what it parsed cannot be read.") from None

    # --- how it is asked ------------------------------------------------------------------------

    @contextmanager
    def _guarded(self) -> Iterator[Access]:
        """Let one try through when half open, none when open; count how it went."""
        state = self._breaker.state
        if state == "open":
            left = self._breaker.seconds_left()
            raise DialogueUnavailable(f"Rasa kept failing; it is asked again in {left:.0f} s.")
        access = self._access()
        if access is None:  # the supervisor knows already: no failure to be counted
            raise DialogueUnavailable("Rasa is not running (yet).")
        probing = state == "half_open"
        if probing and not self._probing.acquire(blocking=False):
            raise DialogueUnavailable("Rasa kept failing; another turn is trying it now.")
        try:
            yield access
        except DialogueError:
            self._breaker.failed()
            raise
        else:
            self._breaker.succeeded()
        finally:
            if probing:
                self._probing.release()

    def _post(self, url: str, headers: Mapping[str, str], body: Any) -> Any:
        import httpx

        until = time.monotonic() + self._patience
        try:
            with self._client().stream("POST", url, headers=headers, json=body) as told:
                said = bytearray()
                for piece in told.iter_bytes():  # httpx counts silences, a person counts all
                    said += piece
                    if len(said) > _LARGEST:
                        raise DialogueGarbled("Rasa: its answer does not end.")
                    if time.monotonic() > until:
                        raise DialogueTimeout(f"Rasa took longer than {self._patience:g} s.")
                if told.status_code != 200:
                    raise DialogueGarbled(f"Rasa refused with HTTP {told.status_code}.")
            return _json(bytes(said))
        except httpx.TimeoutException:
            raise DialogueTimeout(f"Rasa took longer than {self._patience:g} s.") from None
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError) as error:
            why = type(error).__name__
            raise DialogueUnavailable(f"Rasa cannot be reached ({why}).") from None

    def _client(self) -> httpx.Client:
        import httpx

        with self._making:
            if self._http is None:
                # No proxy, whatever the environment says: the server is on this machine.
                self._http = httpx.Client(
                    timeout=httpx.Timeout(self._patience, connect=0.5),
                    trust_env=False,
                    limits=httpx.Limits(max_connections=32, max_keepalive_connections=8),
                )
            return self._http


def _clean(text: str) -> str:
    """What JSON and Rasa can carry: no half characters, no more than the channel takes."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")[:_LONGEST]


def _json(said: bytes) -> Any:
    import json

    try:
        return json.loads(said)
    except ValueError:
        raise DialogueGarbled("Rasa: its answer is no JSON.") from None


def _decision_in(told: Any) -> Decision:
    """The first decision of a turn. A turn without any is one that went wrong."""
    if not isinstance(told, list):
        raise DialogueGarbled("Rasa: its answer is no list of messages.")
    custom = [each["custom"] for each in told if isinstance(each, dict) and "custom" in each]
    if not custom:
        raise DialogueGarbled(f"Rasa: no decision among {len(told)} messages.")
    try:
        return read_decision(custom[0], "rasa")
    except DecisionUnreadable as error:
        raise DialogueGarbled(f"Rasa: its decision cannot be read: {error}") from None
