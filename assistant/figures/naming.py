"""What of the words beside a number names an indicator."""

from __future__ import annotations

import re

from assistant.figures.scopes import folded
from assistant.figures.tables import words
from assistant.figures.written import _any

_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")


def trimmed(text: str) -> str:
    """Words without links, verbs of saying and bullets at both ends."""
    text = " ".join(
        re.sub(r"^\s*(?:\d+(?:\.\d+)*[.)]|[-–+•*]|[a-zđ]\)|[IVX]+\.)\s+", "", text.strip()).split()
    )
    ends = _any(
        (
            *words().links,
            *words().about,
            *words().targets,
            *words().changes["up"],
            *words().changes["down"],
            "của",
            "trong",
            "là",
            "tại",
            "ở",
            "cho",
            "với",
            "từ",
            "đã",
            "được",
            "so với",
            "và",
            "có",
            "là",
            "trên",
        )
    )
    starts = _any(
        (
            "trong đó",
            "và",
            "riêng",
            "cụ thể",
            "với",
            "của",
            "thì",
            "nhưng",
            "có",
            "đã",
            "tại",
            "ở",
            "trong",
            "nay",
            "hiện",
            "cũng",
            "là",
            "đến nay",
            "tính đến nay",
            "tính",
            "đạt",
            "còn",
            "từ",
            "lên",
            "xuống",
            *words().targets,
        )
    )
    before = None
    while before != text:
        before = text
        text = re.sub(rf"(?:^|\s)(?:{ends})\s*$", "", text, flags=re.IGNORECASE).strip(" .,:;–-")
        text = re.sub(rf"^(?:{starts})(?:\s|$)", "", text, flags=re.IGNORECASE).strip(" .,:;–-")
    return text


def says(piece: str) -> bool:
    """Whether a piece of a sentence names something."""
    if folded(piece).startswith(("theo bao cao", "theo so lieu", "theo thong ke", "theo ")):
        return False
    left = folded(piece)
    for word in sorted((*words().verbs, *words().links, *words().about), key=len, reverse=True):
        left = re.sub(rf"(?<!\w){re.escape(folded(word))}(?!\w)", " ", left)
    return bool(_WORD.search(left)) and len(left.strip()) > 1
