"""One thing that a person does, and what they see of us until all is said."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from assistant.vocabulary import Answer
from bots.demo.people import Citizen, Shown
from bots.demo.stage import Stage

#: Seconds between two looks at what a person sees.
_LOOK = 0.005


@dataclass(slots=True)
class Exchange:
    """What came of it; times in milliseconds from when the person did it, None: there was none."""

    messages: list[Shown] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    first_sign: float | None = None  # of anything: a reaction, typing, a message
    first_message: float | None = None
    last_message: float | None = None


def exchange(
    stage: Stage, citizen: Citizen, act: Callable[[], None], *, seconds: float = 60.0
) -> Exchange:
    """Let ``citizen`` do ``act`` and watch until there is an answer and nothing more to come.

    Raises what ``act`` raises, and TimeoutError where there is no message in time.
    """
    messages, signs = _parted(citizen)
    known, noticed, heard = len(messages), len(signs), len(stage.answers)
    came = Exchange()
    begun = time.monotonic()
    doing = _Doing(act)
    while True:
        idle = doing.is_done and stage.is_idle()  # looked at before what is seen: nothing is missed
        now = (time.monotonic() - begun) * 1000
        messages, signs = _parted(citizen)
        if len(messages) > known + len(came.messages):
            came.messages = messages[known:]
            came.first_message = came.first_message or now
            came.last_message = now
        if came.first_sign is None and (came.messages or len(signs) > noticed):
            came.first_sign = now
        if idle and came.messages:
            mine = citizen.conversation
            came.answers = [each for name, each in stage.answers[heard:] if name == mine]
            return came
        if doing.error is not None:
            raise doing.error
        if now > seconds * 1000:
            raise TimeoutError
        time.sleep(_LOOK)


class _Doing:
    """``act`` in a thread of its own, for a webhook is answered later than its sign is shown."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._act()
        except Exception as error:
            self.error = error

    @property
    def is_done(self) -> bool:
        return not self._thread.is_alive()


def _parted(citizen: Citizen) -> tuple[list[Shown], list[Shown]]:
    seen = citizen.seen()
    return [each for each in seen if not each.sign], [each for each in seen if each.sign]


def shown_lines(shown: Shown) -> Iterator[str]:
    """A message as it is printed: a bar before its lines, its buttons numbered below."""
    for line in shown.text.splitlines():
        yield f"  │ {line}"
    for number, title in enumerate(shown.buttons, 1):
        yield f"  │ [{number}] {title}"
