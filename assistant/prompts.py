"""What the model is told, and what shape its words may take.

The model never sees a value: it writes a sentence around ``[1]``, and the code
puts the cited words there. A grammar per slot forces the label before its
token and lets no digit through, so that a half-billion-parameter model cannot
attach a fee to the wrong case (docs/adr/0004). Around the tokens it may only use
the words of the subject. The fixed system text with its
worked examples stays in the model's cache and costs nothing per question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.language_model.port import Prompt
from knowledge_base.vietnamese import tokens


@dataclass(frozen=True, slots=True)
class Shape:
    """How a slot is called in the request, and the sentence the model may build around it."""

    label: str
    rule: str  # GBNF; {n} is the number of the token, w some words without digits


SHAPES: Mapping[str, Shape] = {
    "fees": Shape("Lệ phí", '"Lệ phí" w? " là [{n}]."'),
    "times": Shape("Thời hạn giải quyết", '"Thời hạn giải quyết" w? " là [{n}]."'),
    "where": Shape("Nơi nộp hồ sơ", '"Anh/chị nộp hồ sơ" w? " tại [{n}]."'),
    "authority": Shape("Cơ quan giải quyết", '"Cơ quan" w " là [{n}]."'),
    "who": Shape("Đối tượng thực hiện", '"Đối tượng" w " là [{n}]."'),
    "result": Shape("Kết quả nhận được", '"Kết quả" w " là [{n}]."'),
    "dossier": Shape("Giấy tờ", '"Hồ sơ" w? " gồm [{n}]."'),
    "steps": Shape("Các bước", '"Trình tự" w? " gồm [{n}]."'),
}

_RULES = (
    "Bạn là trợ lý dịch vụ công. Viết một hoặc hai câu tiếng Việt lịch sự trả lời câu hỏi. "
    "Dùng các ký hiệu [1], [2] thay cho thông tin, mỗi ký hiệu đúng một lần. Không tự viết con số."
)


def _request(subject: str, question: str, labels: Sequence[str]) -> str:
    tokens = "\n".join(f"[{n}] = {label}" for n, label in enumerate(labels, 1))
    return f"Thủ tục: {subject}\nCâu hỏi: {question}\n{tokens}\nTrả lời:"


_EXAMPLES = (
    (
        _request(
            "Đăng ký khai sinh",
            "Làm giấy khai sinh ở đâu, bao lâu xong?",
            ("Nơi nộp hồ sơ", "Thời hạn giải quyết"),
        ),
        "Anh/chị nộp hồ sơ đăng ký khai sinh tại [1]. Thời hạn giải quyết là [2].",
    ),
    (
        _request("Đổi giấy phép lái xe", "doi bang lai het nhieu tien", ("Lệ phí",)),
        "Lệ phí đổi giấy phép lái xe là [1].",
    ),
    (
        _request("Đăng ký tạm trú", "dky tam tru can giay to gi", ("Giấy tờ",)),
        "Hồ sơ đăng ký tạm trú gồm [1].",
    ),
    (
        _request(
            "Cấp phiếu lý lịch tư pháp",
            "Bên nào làm lý lịch tư pháp và nhận được gì?",
            ("Cơ quan giải quyết", "Kết quả nhận được"),
        ),
        "Cơ quan cấp phiếu lý lịch tư pháp là [1]. Kết quả anh/chị nhận được là [2].",
    ),
)

#: Words that may stand between those of the subject.
_JOINING = ("cho", "của", "khi", "làm", "thủ tục")

#: The fixed part: warm the model with it and it is never computed again.
SYSTEM = "\n\n".join([_RULES, *(f"{asked} {answered}" for asked, answered in _EXAMPLES)])


def phrase(question: str, subject: str, slots: Sequence[str], *, max_tokens: int) -> Prompt:
    """The request to write one sentence a slot about ``subject``, with [n] for its value."""
    rules = [f"s{n} ::= {SHAPES[slot].rule.format(n=n)}" for n, slot in enumerate(slots, 1)]
    root = ' " " '.join(f"s{n}" for n in range(1, len(slots) + 1))
    known = sorted({*tokens(subject), *_JOINING})
    choices = " | ".join(json.dumps(f" {word}", ensure_ascii=False) for word in known)
    words = f"w ::= ({choices}){{1,10}}"
    return Prompt(
        system=SYSTEM,
        user=_request(subject, question, [SHAPES[slot].label for slot in slots]),
        max_tokens=max_tokens,
        grammar="\n".join([f"root ::= {root}", words, *rules]),
    )
