"""What of a document is not in the record: articles that are missing, summaries, parts not read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge_base.law.view import Law

_SHOWN = 12


def is_summary(law: Law) -> bool:
    """Whether all that is stored of a law is a summary."""
    return {article.form for article in law.articles} <= {"summary", "published_summary"}


def told_gaps(law: Law) -> Iterator[str]:
    """What a reader has to know of a text that is not whole, in Vietnamese; nothing where it is."""
    forms = {article.form for article in law.articles}
    if is_summary(law):
        yield f"Kho chỉ có bản tóm tắt của {law.number}, không có toàn văn. Nạp: troly ingest TỆP."
        return
    if forms & {"summary", "published_summary"}:
        named = _listed([a.label for a in law.articles if "summary" in a.form])
        yield f"{law.number}: Điều {named} trong kho chỉ có bản tóm tắt."
    missing = missing_articles(law)
    if missing:
        yield f"{law.number} nạp chưa đủ: kho không có Điều {_listed(missing)}."


def missing_articles(law: Law) -> list[str]:
    """The numbers left out between 1 and the last article that is there."""
    there = {int(digits[0]) for a in law.articles if (digits := re.match(r"\d+", a.label))}
    return [str(n) for n in range(1, max(there, default=0)) if n not in there]


def _listed(labels: list[str]) -> str:
    """ "1, 2, 5–9 và 3 điều khác"."""
    spans: list[list[int | str]] = []
    for label in labels:
        number: int | str = int(label) if label.isdigit() else label
        last = spans[-1][-1] if spans else None
        if isinstance(number, int) and isinstance(last, int) and number == last + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    shown = [str(s[0]) if len(s) == 1 else f"{s[0]}–{s[-1]}" for s in spans]
    more = len(spans) - _SHOWN
    return ", ".join(shown[:_SHOWN]) + (f" và {more} chỗ khác" if more > 0 else "")
