"""``troly chat``: a conversation in the terminal, with the same events as every door."""

from __future__ import annotations

import secrets
from contextlib import closing
from datetime import date

from assistant.session import Session
from knowledge_base.vietnamese import fold

_HELP = (
    "Lệnh: /nguon xem nguồn của câu trả lời vừa rồi, /canbo gặp cán bộ, /moi bắt đầu lại, "
    "/thoat thoát, /trogiup xem tôi làm được gì. Chọn một gợi ý bằng số của nó."
)


def converse(session: Session, as_of: date | None) -> None:
    """Read messages until /thoat, end of input or Ctrl-C. Commands work with diacritics too."""
    session.prepare()
    replies = session.assistant.replies.of(session.profile)
    print(replies.small_talk("greeting"))
    if session.profile.suggestions:
        print("Ví dụ: " + " · ".join(session.profile.suggestions))
    print(_HELP)
    conversation = _new()
    while True:
        try:
            text = input("\nBạn: ").strip()
        except (EOFError, KeyboardInterrupt):
            print()
            break
        command = fold(text) if text.startswith("/") else ""
        if command in ("/thoat", "/exit", "/quit"):
            break
        if command == "/moi":
            conversation = _new()
            print("Đã bắt đầu cuộc trò chuyện mới.")
        elif text:
            try:
                with closing(session.reply(text, conversation, as_of=as_of)) as events:  # type: ignore[type-var]
                    session.show_events(events)
            except KeyboardInterrupt:
                print("\n(đã dừng câu trả lời này)")
    print(replies.small_talk("goodbye"))


def _new() -> str:
    return f"terminal:{secrets.token_hex(8)}"
