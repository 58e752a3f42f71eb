"""``troly chat``: a conversation in the terminal, with the same events as every door."""

from __future__ import annotations

import secrets
from contextlib import closing
from datetime import date

from assistant.presentation import sources_text
from assistant.session import Session
from assistant.vocabulary import Answer
from knowledge_base.vietnamese import fold

_HELP = (
    "Lệnh: /nguon xem nguồn của câu trả lời vừa rồi, /moi bắt đầu lại, /thoat thoát. "
    "Chọn một gợi ý bằng số của nó."
)


def converse(session: Session, as_of: date | None) -> None:
    """Read messages until /thoat, end of input or Ctrl-C. Commands work with diacritics too."""
    session.prepare()
    replies = session.assistant.replies
    print(replies.small_talk("greeting"))
    print(_HELP)
    last: Answer | None = None
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
            conversation, last = _new(), None
            print("Đã bắt đầu cuộc trò chuyện mới.")
        elif command == "/nguon":
            print(_sources(last))
        elif command:
            print(_HELP)
        elif text:
            try:
                with closing(session.reply(text, conversation, as_of=as_of)) as events:  # type: ignore[type-var]
                    last = session.show_events(events)
            except KeyboardInterrupt:
                print("\n(đã dừng câu trả lời này)")
    print(replies.small_talk("goodbye"))


def _new() -> str:
    return f"terminal:{secrets.token_hex(8)}"


def _sources(last: Answer | None) -> str:
    if last is None or not last.citations:
        return "Chưa có câu trả lời nào có nguồn."
    return sources_text(last.citations, quotes=True)
