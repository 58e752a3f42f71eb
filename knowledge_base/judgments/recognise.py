"""Whether a text is a judgment, which names people and belongs behind masking."""

from __future__ import annotations

import re

from knowledge_base.errors import Unreadable

_HEAD = 6000  # characters in which a judgment says that it is one
_NUMBER = re.compile(
    r"(?i)bản án(?: \w+){0,4}\s*số\s*:?\s*\d{1,5}\s*/\s*\d{4}\s*/\s*[A-ZĐ]{2}|xét xử (?:sơ"
    r"|phúc) thẩm"
)
_NAME = re.compile(r"(?i)nhân\s+danh\s+nước\s+cộng\s+h")


def refuse_judgment(text: str) -> None:
    """Raise `Unreadable` where a text is a judgment: people are named in it.

    It would be read by whoever asks; the import of judgments masks it first.
    """
    head = text[:_HEAD]
    if _NAME.search(head) and _NUMBER.search(head):
        raise Unreadable(
            "đây là bản án, có tên và thông tin riêng của người trong vụ án: hãy nạp bằng "
            "troly judgment import (tên được che trước khi lưu)"
        )
