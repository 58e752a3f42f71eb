"""Lines of pages as paragraphs: running heads away, sentences whole again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from knowledge_base.readers.pdf_tables import ROW

_EDGE = 3  # lines at the top and at the foot of a page that may repeat
_REPEATED = 3  # pages
_REPEATED_SHARE = 0.3
_NUMBER = re.compile(r"[-–—|\s]*(?:Trang\s+)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–—|\s]*")
_OPENS = re.compile(
    r"(Điều|ĐIỀU|Chương|CHƯƠNG|Mục|MỤC|Phần|PHẦN|Căn cứ|Nơi nhận|Khoản|PHỤ LỤC|Bảng)\b"
    r"|\d+(\.\d+)*[.)]\s|\d+(\.\d+)+\s|[a-zđ]{1,2}\d?\)\s?|[-–—+•*○]\s"
)
_LEADERS = re.compile(r"\.{5,}|…{3,}")
_FULL = 60  # characters of a line that runs to the margin


def without_running_heads(pages: Sequence[Sequence[str]]) -> list[str]:
    """All lines, without what repeats at the edges of pages.

    Numbers in such a line may change from page to page. Where they do not, the
    line stays the first time: it may be the number or the name of the document.
    """
    trimmed = [[line.strip() for line in page if line.strip()] for page in pages]
    edges = [{*range(_EDGE), *range(len(page) - _EDGE, len(page))} for page in trimmed]
    seen: Counter[str] = Counter()
    ways: dict[str, set[str]] = {}
    for page, places in zip(trimmed, edges, strict=True):
        heads = {_key(page[n]): page[n] for n in places if 0 <= n < len(page)}
        seen.update(heads.keys())
        for key, line in heads.items():
            ways.setdefault(key, set()).add(line)
    held = sum(bool(page) for page in trimmed)
    often = max(_REPEATED, _REPEATED_SHARE * held)
    running = {key for key, count in seen.items() if count >= often and len(key) > 3}
    kept: list[str] = []
    shown = {key for key in running if len(ways[key]) > 1}
    for page, places in zip(trimmed, edges, strict=True):
        for number, line in enumerate(page):
            if number in places:
                key = _key(line)
                if key in running and key in shown:
                    continue
                if _NUMBER.fullmatch(line) and not line.startswith(ROW):
                    continue
                shown.add(key)
            kept.append(line)
    return kept


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()).strip("#-– ")).strip("# ").lower()


def paragraphs(lines: Sequence[str]) -> list[str]:
    """Lines as paragraphs: a line goes on unless something says it ends."""
    found: list[str] = []
    last = ""
    for line in (" ".join(line.split()) for line in lines):
        if not line:
            last = ""
        elif line.startswith(ROW):
            found.append(line.removeprefix(ROW))
            last = ""
        elif last and line[0] in ".,;:)" and not line.startswith(".."):
            found[-1] += line  # what follows a raised number stands on a line of its own
            last = line if len(line) > 1 else last + line
        elif last and _goes_on(last, line):
            found[-1] += " " + line
            last = line
        else:
            found.append(line)
            last = line
    return found


def _goes_on(last: str, line: str) -> bool:
    if _OPENS.match(line) or _LEADERS.search(last) or _LEADERS.search(line):
        return False
    if line[0].islower():
        return True
    if last.endswith((".", ";", ":", "!", "?", "./.")):
        return False
    code = line.isupper() and len(line) < 30 and any(map(str.isdigit, line))
    return len(last) > _FULL and not last.isupper() and (not line.isupper() or code)
