"""``troly chat``: a conversation in the terminal, with the same events as every door."""

from __future__ import annotations

from datetime import date

from assistant.presentation import sources_text
from assistant.replies import Replies
from assistant.session import Session
from assistant.vocabulary import Answer
from knowledge_base.vietnamese import fold

_HELP = "Lệnh: /nguon xem nguồn của câu trả lời vừa rồi, /moi bắt đầu lại, /thoat thoát."


def converse(session: Session, as_of: date | None) -> None:
    """Read questions until /thoat, end of input or Ctrl-C. Commands work with diacritics too."""
    session.prepare()
    replies: Replies = session.assistant.replies
    print(replies.small_talk("greeting"))
    print(_HELP)
    last: Answer | None = None
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
            session.history.clear()
            last = None
            print("Đã bắt đầu cuộc trò chuyện mới.")
        elif command == "/nguon":
            print(_sources(last))
        elif command:
            print(_HELP)
        elif text:
            try:
                last = session.show_events(session.events(text, as_of=as_of))
            except KeyboardInterrupt:
                print("\n(đã dừng câu trả lời này)")
    print(replies.small_talk("goodbye"))


def _sources(last: Answer | None) -> str:
    if last is None or not last.citations:
        return "Chưa có câu trả lời nào có nguồn."
    return sources_text(last.citations, quotes=True)
