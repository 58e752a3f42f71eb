"""What has to be said of two documents before anybody reads their differences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.conflicts.norms import Norm
from assistant.conflicts.slots import Kind
from assistant.conflicts.vocabulary import Standing
from knowledge_base.documents import Document
from knowledge_base.law.keys import document_key

COPIES = "Hai tài liệu giống hệt nhau."
_ARTICLE = re.compile(r"^[ \t]*(?:\*\*)?Điều[ \t]+(\d{1,4})[a-zđ]?[ \t]*[.:]", re.MULTILINE)
_SHOWN = 8  # gaps that are named
_RULES = 0.05  # of the sentences of a document of rules, that say a duty, a figure or a body
_ENOUGH = 8  # sentences from which it can be told that a text has no rules


def are_copies(a: Document, b: Document) -> bool:
    """Whether two texts are the same but for spaces and lines (a Word file and its PDF)."""
    return a.sha256 == b.sha256 or a.text.split() == b.text.split()


def remarks_on(
    a: Standing, b: Standing, of_a: Document, of_b: Document,
    norms_a: Sequence[Norm], norms_b: Sequence[Norm],
) -> Iterator[str]:  # fmt: skip
    """Sentences in Vietnamese: one number twice, articles that are missing, no rules in it."""
    if a.number and document_key(a.number) == document_key(b.number):
        yield (
            f"Hai tài liệu cùng số hiệu {a.number}: có thể là hai bản của một văn bản; chỗ khác "
            "nhau nêu dưới đây là giữa hai bản ấy."
        )
    for standing, document, norms in ((a, of_a, norms_a), (b, of_b, norms_b)):
        if not norms:
            yield f"{standing.name}: không tìm thấy câu quy định nào để so."
        elif len(norms) >= _ENOUGH and _share_of_rules(norms) < _RULES:
            yield (
                f"{standing.name}: hầu như không có câu nào nêu nghĩa vụ, mức hay cơ quan; có lẽ "
                "đây không phải văn bản quy định."
            )
        missing = gaps(document)
        if missing:
            yield f"{standing.name}: bản này thiếu {missing}; phần thiếu không được so."


def _share_of_rules(norms: Sequence[Norm]) -> float:
    telling = (Kind.DUTY, Kind.FIGURE, Kind.BODY)
    firm = [n for n in norms if any(s.kind in telling and s.value != "bare" for s in n.slots)]
    return len(firm) / len(norms)


def gaps(document: Document) -> str:
    """Articles left out between the first and the last: "Điều 3, Điều 7–9"; "" where none is."""
    numbers = [int(match[1]) for match in _ARTICLE.finditer(document.text)]
    # A law that amends names articles of another: only a row that rises is its own.
    rising = all(x <= y for x, y in pairwise(numbers))
    if len(numbers) < 2 or not rising:
        return ""
    there = set(numbers)
    spans: list[tuple[int, int]] = []
    for n in range(min(there), max(there) + 1):
        if n in there:
            continue
        if spans and spans[-1][1] == n - 1:
            spans[-1] = (spans[-1][0], n)
        else:
            spans.append((n, n))
    told = [f"Điều {x}" if x == y else f"Điều {x}–{y}" for x, y in spans]
    more = len(told) - _SHOWN
    return ", ".join(told[:_SHOWN]) + (f" và {more} chỗ khác" if more > 0 else "")
