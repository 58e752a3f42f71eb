"""Talking to a bot by hand: lines typed here reach it as messages of one person.

``python -m bots.fakes.zalo_bot_by_hand`` opens the platform on a port of this machine
and says how to point the assistant at it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable

from bots.fakes.zalo_bot import FakeZaloBot

HOW = """Zalo Bot giả đang chạy tại {address}. Trong cửa sổ khác:

  TROLY_ZALO_BOT_TOKEN={token} TROLY_CHANNELS__ZALO_BOT__ON=true \\
  TROLY_CHANNELS__ZALO_BOT__API_URL={address} troly up

Rồi gõ tin nhắn ở đây. /anh, /nhan-dan, /ghi-am, /khac: gửi thứ không phải chữ. Ctrl-D: thoát."""

#: What stands for an attachment.
_ATTACHED = {"/anh": "image", "/nhan-dan": "sticker", "/ghi-am": "voice", "/khac": "unsupported"}
PERSON = "6ede9afa66b88fe6d6a9"


def talk(fake: FakeZaloBot, lines: Iterable[str], say: Callable[[str], None]) -> None:
    """Send ``lines`` as one person and ``say`` what the bot writes, until there are no more."""
    ended = threading.Event()

    def listen() -> None:
        told = 0
        while True:
            for message in fake.sent[told:]:
                say(f"bot: {message.text}")
                told += 1
            if fake.wait(ended.is_set, 0.2):
                return

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        for line in lines:
            if kind := _ATTACHED.get(line.strip()):
                fake.sends(PERSON, kind)
            elif line.strip():
                fake.says(PERSON, line.strip())
    finally:
        ended.set()
        listener.join(2)


def main() -> None:
    """The platform on a free port, and this terminal as its only person."""
    with FakeZaloBot() as fake:
        print(HOW.format(address=fake.address, token=fake.token))
        try:
            talk(fake, sys.stdin, print)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
