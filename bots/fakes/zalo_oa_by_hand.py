"""Talking to the assistant as a person on Zalo would: lines typed here arrive as its messages.

``python -m bots.fakes.zalo_oa_by_hand`` opens an Official Account on ports of this
machine and says how to point the assistant at it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable

from bots.fakes.zalo_oa import FakeZaloOA

WEBHOOK = "http://127.0.0.1:8080/webhooks/zalo-oa"
PERSON = "246845883529197922"

HOW = """Zalo Official Account giả đang chạy. Trong cửa sổ khác:

  export TROLY_ZALO_OA_APP_SECRET={app_secret} TROLY_ZALO_OA_SECRET_KEY={secret_key}
  export TROLY_CHANNELS__ZALO_OA__ON=true TROLY_CHANNELS__ZALO_OA__APP_ID={app_id}
  export TROLY_CHANNELS__ZALO_OA__API_URL={api} TROLY_CHANNELS__ZALO_OA__OAUTH_URL={oauth}
  troly up &
  curl -L "$(troly zalo-oa authorise --redirect {webhook}/callback < /dev/null)"

Rồi gõ tin nhắn ở đây. /1 … /5: bấm nút. /anh, /tep, /ghi-am, /nhan-dan, /vi-tri: gửi thứ
không phải chữ. /quan-tam, /bo-quan-tam, /xoa: sự kiện của OA. /can-bo LỜI: cán bộ trả lời
trong trang quản trị. Ctrl-D: thoát."""

_ATTACHED = {
    "/anh": "image",
    "/tep": "file",
    "/ghi-am": "audio",
    "/nhan-dan": "sticker",
    "/vi-tri": "location",
}
_EVENTS = {"/quan-tam": "follow", "/bo-quan-tam": "unfollow", "/xoa": "user_withdraw"}


def act(fake: FakeZaloOA, line: str) -> str:
    """Do what one line says; what went wrong, if anything did."""
    word, _, rest = line.strip().partition(" ")
    if word in _ATTACHED:
        done = fake.attaches(PERSON, _ATTACHED[word])
    elif word in _EVENTS:
        done = fake.happens(_EVENTS[word], PERSON)
    elif word == "/can-bo":
        done = fake.officer_writes(PERSON, rest)
    elif word[:1] == "/" and word[1:].isdecimal():
        try:
            done = fake.taps(PERSON, int(word[1:3]))
        except IndexError:
            return "Chưa có nút đó."
    else:
        done = fake.says(PERSON, line.strip())
    if done.status == 200:
        return ""
    return f"Webhook chưa nhận: {done.error or done.status}"


def talk(fake: FakeZaloOA, lines: Iterable[str], say: Callable[[str], None]) -> None:
    """Send ``lines`` as one person and ``say`` what the OA does, until there are no more."""
    ended = threading.Event()

    def listen() -> None:
        sent = reacted = 0
        while not ended.wait(0.2):
            for _, __, icon in fake.account.reactions[reacted:]:
                say(f"OA: {icon}")
                reacted += 1
            for message in fake.account.sent[sent:]:
                say(f"OA: {message.text}")
                for number, button in enumerate(message.buttons, 1):
                    say(f"  [/{number}] {button['title']}")
                sent += 1

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        for line in lines:
            if line.strip() and (wrong := act(fake, line)):
                say(wrong)
    finally:
        ended.set()
        listener.join(2)


def main() -> None:
    """The OA on free ports, and this terminal as its only person."""
    webhook = sys.argv[1] if len(sys.argv) > 1 else WEBHOOK
    with FakeZaloOA(webhook=webhook) as fake:
        fake.person(PERSON)
        account = fake.account
        print(
            HOW.format(
                app_id=account.app_id,
                app_secret=account.app_secret,
                secret_key=account.secret_key,
                api=fake.api.address,
                oauth=fake.oauth.address,
                webhook=webhook,
            )
        )
        try:
            talk(fake, sys.stdin, print)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
