"""A terminal as the phone of somebody who writes to us."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from itertools import groupby

from bots.demo.exchange import shown_lines
from bots.demo.people import Citizen, Platform, UndeliveredError
from bots.demo.replies import sentence
from bots.demo.stage import Stage

#: Seconds between two looks, and for which a line of a file waits to be answered.
_LOOK, _PATIENCE = 0.1, 60.0
#: How phones show what providers call by other names.
_SIGNS = {"typing": "đang gõ…", "/-strong": "👍"}


class Console:
    """Does what lines say, and ``say``s what the person sees, as it comes."""

    def __init__(self, stage: Stage, platform: Platform, say: Callable[[str], None]) -> None:
        self.stage = stage
        self.platform = platform
        self.say = say
        self._citizen = platform.citizen()
        self._told: dict[str, tuple[int, int]] = {}  # messages and signs, by conversation
        self._lock = threading.Lock()

    def run(self, lines: Iterable[str], *, patiently: bool) -> None:
        """Until ``:thoat`` or the last line; ``patiently``: each line waits for its answer."""
        ended = threading.Event()
        listener = threading.Thread(target=self._listen, args=(ended,), daemon=True)
        listener.start()
        try:
            for line in map(str.strip, lines):
                if line in (":thoat", ":thoát"):
                    break
                if line:
                    before = self._messages
                    if self._do(line) and patiently:
                        self._wait(before)
        finally:
            ended.set()
            listener.join(2)
            self.show()

    def _do(self, line: str) -> bool:
        """Do what a line says; whether an answer is to be expected."""
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        try:
            match word:
                case ":nut" | ":nút" if rest.isdecimal():
                    self._citizen.presses(int(rest[:4]))
                case ":anh" | ":ảnh":
                    self._citizen.sends_picture()
                case ":canbo" if rest:
                    return self._officer(rest)
                case ":cham" if rest.isdecimal():
                    self.stage.slow = min(600.0, float(rest))
                    self.say(sentence("slow", seconds=self.stage.slow))
                    return False
                case ":nguoi" if rest.isdecimal():
                    self.show()
                    self._citizen = self.platform.citizen(max(1, int(rest[:6])))
                    self.say(sentence("person", number=rest))
                    return False
                case _ if word.startswith(":"):
                    self.say(sentence("unknown", line=line))
                    return False
                case _:
                    self._citizen.says(line)
        except LookupError:
            self.say(sentence("no_button", number=rest))
            return False
        except UndeliveredError as error:
            self.say(sentence("undelivered", reason=error))
            return False
        return True

    def _officer(self, text: str) -> bool:
        code = self.stage.answer_as_officer(self._citizen.conversation, text)
        self.say(sentence("answered", code=code) if code else sentence("no_ticket"))
        return bool(code)

    # --- seeing -------------------------------------------------------------------------------

    @property
    def _messages(self) -> int:
        return sum(not each.sign for each in self._citizen.seen())

    def _wait(self, before: int) -> None:
        waited = threading.Event()
        for _ in range(int(_PATIENCE / _LOOK)):
            waited.wait(_LOOK)
            if self._messages > before and self.stage.is_idle():
                self.show()
                return
        self.say(sentence("silent", seconds=_PATIENCE))

    def _listen(self, ended: threading.Event) -> None:
        while not ended.wait(_LOOK):
            self.show()

    def show(self) -> None:
        """Print what the person sees and was not printed yet."""
        with self._lock:
            citizen: Citizen = self._citizen
            seen = citizen.seen()
            messages = [each for each in seen if not each.sign]
            signs = [each for each in seen if each.sign]
            told, noticed = self._told.get(citizen.conversation, (0, 0))
            new = [_SIGNS.get(sign.text, sign.text) for sign in signs[noticed:]]
            for text, _ in groupby(new):
                self.say(sentence("sign", text=text))
            for message in messages[told:]:
                self.say("\n".join(shown_lines(message)) + "\n")
            self._told[citizen.conversation] = (len(messages), len(signs))
