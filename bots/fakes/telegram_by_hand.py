"""Talking to a bot by hand: lines typed here reach it as messages of one person.

``python -m bots.fakes.telegram_by_hand`` opens a Telegram on a port of this machine
and says how to point the assistant at it.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable

from bots.fakes.telegram_server import FakeTelegram
from bots.fakes.telegram_world import Json

HOW = """Telegram giả đang chạy tại {address}. Trong cửa sổ khác:

  TROLY_TELEGRAM_TOKEN={token} TROLY_CHANNELS__TELEGRAM__ON=true \\
  TROLY_CHANNELS__TELEGRAM__API_URL={address} troly up

Rồi gõ tin nhắn ở đây. Gõ !1, !2 để bấm nút thứ 1, 2 của tin cuối; !anh, !ghi-am, !vi-tri: gửi thứ
không phải chữ; !chan: chặn bot. Ctrl-D: thoát."""

PERSON = 7
_FILE: Json = {"file_id": "f", "file_unique_id": "f"}
#: What stands for an attachment.
_ATTACHED: dict[str, Json] = {
    "!anh": {"photo": [{**_FILE, "width": 90, "height": 90}]},
    "!ghi-am": {"voice": {**_FILE, "duration": 3}},
    "!vi-tri": {"location": {"latitude": 21.03, "longitude": 105.85}},
}
#: Seconds between looks at what the bot has written.
_LOOK = 0.1


def talk(fake: FakeTelegram, lines: Iterable[str], say: Callable[[str], None]) -> None:
    """Send ``lines`` as one person and ``say`` what the bot shows, until there are no more."""
    ended = threading.Event()
    listener = threading.Thread(target=_listen, args=(fake, say, ended), daemon=True)
    listener.start()
    try:
        for line in map(str.strip, lines):
            if line:
                _do(fake, line, say)
    finally:
        ended.set()
        listener.join(2)


def _do(fake: FakeTelegram, line: str, say: Callable[[str], None]) -> None:
    if attached := _ATTACHED.get(line):
        fake.sends(PERSON, **attached)
    elif line == "!chan":
        fake.blocks(PERSON)
    elif line.startswith("!"):
        _press(fake, line[1:], say)
    else:
        fake.says(PERSON, line)


def _press(fake: FakeTelegram, number: str, say: Callable[[str], None]) -> None:
    messages = [each for each in fake.said(PERSON) if "reply_markup" in each]
    buttons = (
        [each for each in _buttons(messages[-1]) if "callback_data" in each] if messages else []
    )
    if number.isdecimal() and 1 <= int(number) <= len(buttons):
        fake.presses_data(PERSON, messages[-1], buttons[int(number) - 1]["callback_data"])
    else:
        say("(không có nút này)")


def _buttons(message: Json) -> list[Json]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def _listen(fake: FakeTelegram, say: Callable[[str], None], ended: threading.Event) -> None:
    told: set[int] = set()
    draft = ""
    while True:
        last = ended.is_set()  # look once more after the last line
        for message in fake.said(PERSON):
            if message["message_id"] in told:
                continue
            told.add(message["message_id"])
            say(f"bot: {message.get('text') or message.get('caption') or '(tệp)'}")
            for number, button in enumerate(_buttons(message), 1):
                say(f"  [{number}] {button['text']} {button.get('url', '')}".rstrip())
        now = (fake.draft(PERSON) or "") if PERSON in fake.world.chats else ""
        if now and now != draft:
            say(f"(đang viết) {now}")
        draft = now
        if last:
            return
        time.sleep(_LOOK)


def main() -> None:
    """Telegram on a free port, and this terminal as its only person."""
    with FakeTelegram() as fake:
        print(HOW.format(address=fake.address, token=fake.token))
        try:
            talk(fake, sys.stdin, print)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
