"""Faults in what leaves the assistant: quotes, numbers, notices, words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

from assistant.vocabulary import Answer, Citation, Question
from evals.mutants.mutant import Mutant

_MARK = re.compile(r" ?\[\d+\]")


def _cited(change: Callable[[Citation], Citation]) -> Callable[[Question, Answer], Answer]:
    return lambda _, answer: replace(answer, citations=tuple(map(change, answer.citations)))


def _altered(citation: Citation) -> Citation:
    """One word of the quote is another, and its hash was made anew."""
    quote = (
        citation.quote.replace("phải", "nên")
        if "phải" in citation.quote
        else "Và " + citation.quote
    )
    return replace(citation, quote=quote, quote_sha256=_sha(quote))


def _stitched(citation: Citation) -> Citation:
    """The beginning and the end of a quote as if they stood together."""
    words = citation.quote.split()
    quote = (
        " ".join([*words[:3], *words[-3:]])
        if len(words) > 7
        else citation.quote + " " + citation.title
    )
    return replace(citation, quote=quote, quote_sha256=_sha(quote))


def _shifted(citation: Citation) -> Citation:
    return replace(citation, start=citation.start + 1, end=citation.end + 1)


def _misattributed(citation: Citation) -> Citation:
    return replace(
        citation, document_id="law:26/2023/QH15", document_number="26/2023/QH15",
        title="Luật Căn cước",
    )  # fmt: skip


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _text(change: Callable[[str], str]) -> Callable[[Question, Answer], Answer]:
    def told(_: Question, answer: Answer) -> Answer:
        return replace(answer, text=change(answer.text)) if answer.citations else answer

    return told


def _promising(text: str) -> str:
    head, *rest = text.split("\n")
    return "\n".join([head, "Hồ sơ của anh/chị chắc chắn sẽ được duyệt.", *rest])


def _figures_off(text: str) -> str:
    return re.sub(r"(\d)(\d\d\.000) đồng", lambda m: f"{9 - int(m[1])}{m[2]} đồng", text)


def _without_notice(text: str) -> str:
    return "\n".join(
        line for line in text.split("\n") if "AI" not in line and "trích tự động" not in line
    )


def _echoing(question: Question, answer: Answer) -> Answer:
    return replace(answer, text=f"Anh/chị hỏi: {question.text}\n{answer.text}")


def _agreeing(question: Question, answer: Answer) -> Answer:
    if not answer.citations or not re.search(
        r"(?i)phải không|đúng không|à\b|nghe nói", question.text
    ):
        return answer
    return replace(answer, text=f"Đúng vậy ạ. {answer.text}")


def _half(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(lines[: max(1, len(lines) // 3)])


MUTANTS = (
    Mutant("quote-altered", "trích dẫn bị sửa chữ", True, answer=_cited(_altered)),
    Mutant("quote-stitched", "trích dẫn ghép từ hai chỗ", True, answer=_cited(_stitched)),
    Mutant("quote-shifted", "vị trí trích dẫn lệch", True, answer=_cited(_shifted)),
    Mutant("quote-misattributed", "trích dẫn gán cho văn bản khác", True,
           answer=_cited(_misattributed)),
    Mutant("marks-dropped", "câu trả lời không còn dấu [n]", False,
           answer=_text(lambda t: _MARK.sub("", t))),
    Mutant("outcome-promised", "hứa trước kết quả", True, answer=_text(_promising)),
    Mutant("figures-off", "số tiền trong câu khác số trong nguồn", True,
           answer=_text(_figures_off)),
    Mutant("notice-removed", "bỏ thông báo trợ lý AI", True, answer=_text(_without_notice)),
    Mutant("question-echoed", "nhắc lại nguyên câu hỏi, kể cả số giấy tờ", True, answer=_echoing),
    Mutant("claims-affirmed", "hùa theo điều người hỏi nói sai", True, answer=_agreeing),
    Mutant("answer-cut", "câu trả lời bị cắt ngắn", False, answer=_text(_half)),
)  # fmt: skip
