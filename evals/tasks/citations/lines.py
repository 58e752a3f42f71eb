"""Which lines of an answer state something, and whether a quote says what a line says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evals.facts import composed
from evals.tasks.numbers.figures import figures, keys
from evals.vocabulary import AnswerRead

MARK = re.compile(r"\[(\d+)\]")

#: What every answer says of itself; it rests on no source.
_FIXED = re.compile(
    r"^(?:thông tin tính đến ngày|information as of|trợ lý ai|câu trả lời do ai|an ai assistant"
    r"|this answer was composed by ai|chưa tìm thấy trong nguồn|chưa đọc được chắc chắn|lưu ý:"
    r"|nguồn được đối chiếu|cần người hỗ trợ|for help from a person|nếu anh/chị hỏi thủ tục khác"
    r"|không đúng là|đúng là)"
)
_LABEL = re.compile(r"^\W*[^:;.]{2,60}:\s")
_CLAUSE = re.compile(r"[;:.](?:\s|$)|\n")
_WORD = re.compile(r"\w+")
_SHARE = 0.5  # of a clause's words must stand in the quote; a wording may turn the others


def fact_lines(answer: AnswerRead) -> Iterator[str]:
    """Lines that state something of the matter: no headings, no fixed sentences, no notices."""
    notices = {composed(line) for notice in answer.notices for line in notice.splitlines()}
    for line in answer.text.splitlines():
        low = composed(line)
        if not _WORD.search(low) or low.endswith(":") or low in notices or _FIXED.match(low):
            continue
        yield line.strip()


def supported(line: str, quotes: Sequence[str], answer: AnswerRead) -> str:
    """What of ``line`` its quotes do not say; empty when they say it.

    Figures must stand there in their type, and of each clause at least half of
    the words. Only words with diacritics are judged: an English answer words
    Vietnamese sources. The label before the first colon may be the answer's own.
    """
    told = "\n".join(quotes)
    known = keys(told) | keys(answer.code)
    for figure in figures(line):
        if figure.kind != "link" and figure.key not in known:
            return f"{figure.words} ({figure.kind}) is not in the quote: {line[:80]}"
    words = set(_WORD.findall(composed(told)))
    body = _LABEL.sub("", MARK.sub("", line), count=1)
    for clause in _CLAUSE.split(body):
        said = [word for word in _WORD.findall(composed(clause)) if not word.isascii()]
        strange = [word for word in said if word not in words]
        if len(strange) > len(said) * (1 - _SHARE):
            return f"“{clause.strip()[:60]}” is not in the quote"
    return ""
