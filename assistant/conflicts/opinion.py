"""What a language model thinks of findings: a column beside them, which changes none.

It is asked about one finding at a time and may say one of three words (a grammar sees to
that). No finding comes, goes or moves by it: measured, it is not worth more than that
(docs/conflicts.md).
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from assistant.conflicts.vocabulary import Comparison, Finding
from assistant.errors import ModelError
from assistant.language_model.port import LanguageModel, Prompt

MOST = 40  # findings of a comparison that are asked about
_SECONDS = 30.0  # for one answer
_LONGEST = 700  # characters of a quote that are shown to the model
_GRAMMAR = 'root ::= "yes" | "no" | "unclear"'
_SYSTEM = (
    "Bạn đọc hai quy định A và B. Nếu một người không thể làm đúng cả hai thì trả lời yes. Nếu hai "
    "quy định cùng áp dụng được (khác đối tượng, khác trường hợp, hoặc nói cùng một ý) thì trả lời "
    "no. Nếu không đủ căn cứ thì trả lời unclear. Chỉ trả lời một từ."
)


class Opinion(StrEnum):
    """The three words, and what a person reads."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


NAMES = {
    Opinion.YES: "có thể mâu thuẫn",
    Opinion.NO: "có thể cùng đúng",
    Opinion.UNCLEAR: "chưa rõ",
}


def with_opinions(made: Comparison, model: LanguageModel) -> Comparison:
    """The same comparison, with an opinion of each of the first findings.

    Where the model fails, a remark says so and the rest goes without.
    """
    found = list(made.findings)
    for n, finding in enumerate(found[:MOST]):
        try:
            found[n] = replace(finding, opinion=opinion_of(finding, model))
        except ModelError as error:
            told = f"Ý kiến mô hình dừng ở chỗ {n + 1}: {error} Kết quả so sánh không đổi."
            return replace(made, findings=tuple(found), remarks=(*made.remarks, told))
    return replace(made, findings=tuple(found))


def opinion_of(finding: Finding, model: LanguageModel) -> str:
    """One of the three words; "unclear" where it said something else. Raises `ModelError`."""
    return asked(finding.a.quote, finding.b.quote, model)


def asked(a: str, b: str, model: LanguageModel) -> str:
    """What the model says of two texts."""
    user = f"A: {_short(a)}\n\nB: {_short(b)}\n\nMột từ (yes, no hoặc unclear):"
    prompt = Prompt(_SYSTEM, user, max_tokens=4, grammar=_GRAMMAR)
    said = "".join(model.stream(prompt, deadline=_SECONDS)).strip().lower()
    return said if said in set(Opinion) else Opinion.UNCLEAR.value


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
