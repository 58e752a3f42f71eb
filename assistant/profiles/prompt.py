"""What may stand in a profile's prompt: how to speak, never what to say.

The model sees no value and writes sentences around tokens (docs/adr/0004).
A prompt that carried a fee, an address or a promise of its own would be the one
place where something unquoted could get into a sentence, so it is refused here,
before the model is asked to leave it out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: Characters: it is read by a small model before every first answer.
LONGEST = 600

_FAULTS = (
    (re.compile(r"\d"), "có chữ số (con số chỉ lấy từ nguồn được dẫn)"),
    (re.compile(r"https?:|www\.|\b\w+\.(?:vn|com|org|net)\b", re.I), "có địa chỉ trang web"),
    (re.compile(r"\S+@\S+"), "có địa chỉ thư điện tử"),
    (re.compile(r"[\[\]{}<>|`]|\$\{"), "có ký hiệu riêng của chương trình như [ ] { } < >"),
    (
        re.compile(r"(?i)\b(?:system|assistant|user|im_start|im_end)\s*:|bỏ qua (?:các |mọi )?quy"),
        "có lệnh đổi vai hoặc bỏ qua quy tắc",
    ),
)


def faults_of(text: str) -> tuple[str, ...]:
    """Why a prompt is not taken, each reason as a clause; empty where it is."""
    return tuple(_found(text))


def _found(text: str) -> Iterator[str]:
    if len(text) > LONGEST:
        yield f"lời nhắc dài {len(text)} ký tự, nhiều nhất {LONGEST}; hãy bớt đi"
    hidden = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs")} - {"\n", "\t"}
    if hidden:
        yield "lời nhắc có ký tự ẩn; hãy gõ lại"
    for pattern, why in _FAULTS:
        if match := pattern.search(text):
            yield f"lời nhắc {why}: “{match[0]}”; hãy bỏ đi, chỉ nói cách xưng hô và giọng văn"
