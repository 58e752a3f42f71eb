"""What the model is told, and what shape its words may take.

The model never sees a value: it writes a sentence around ``[1]``, and the code
puts the cited words there. A grammar per slot forces the label before its
token and lets no digit through, so that a half-billion-parameter model cannot
attach a fee to the wrong case (docs/adr/0004). Between them stands the
procedure's name or nothing; which, is for the model to say. The fixed system
text with its worked examples stays in the model's cache and costs nothing per
question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.language_model.port import Prompt


@dataclass(frozen=True, slots=True)
class Shape:
    """How a slot is called in the request, and the sentence the model may build around it."""

    label: str
    rule: str  # GBNF; {n} is the token's number, s the procedure's name, w maybe "thủ tục" and s


SHAPES: Mapping[str, Shape] = {
    "fees": Shape("Lệ phí", '"Lệ phí" w? " là [{n}]."'),
    "times": Shape("Thời hạn giải quyết", '"Thời hạn giải quyết" w? " là [{n}]."'),
    "where": Shape("Nơi nộp hồ sơ", '"Anh/chị nộp hồ sơ" w? " tại [{n}]."'),
    "authority": Shape("Cơ quan giải quyết", '"Cơ quan" s " là [{n}]."'),
    "who": Shape("Đối tượng thực hiện", '"Đối tượng" s " là [{n}]."'),
    "result": Shape("Kết quả nhận được", '"Kết quả" s " là [{n}]."'),
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

#: The fixed part: warm the model with it and it is never computed again.
SYSTEM = "\n\n".join([_RULES, *(f"{asked} {answered}" for asked, answered in _EXAMPLES)])


def system(more: str) -> str:
    """The fixed part with what a profile adds; last, so that the rest stays in the cache."""
    return f"{SYSTEM}\n\nCách viết: {more}" if more else SYSTEM


def phrase(
    question: str, subject: str, slots: Sequence[str], *, max_tokens: int, more: str = ""
) -> Prompt:
    """The request to write one sentence a slot about ``subject``, with [n] for its value.

    ``more`` is how a profile wants it said (`assistant.profiles.prompt` bounds it).
    """
    rules = [f"r{n} ::= {SHAPES[slot].rule.format(n=n)}" for n, slot in enumerate(slots, 1)]
    root = ' " " '.join(f"r{n}" for n in range(1, len(slots) + 1))
    name = subject if subject[1:2].isupper() else subject[:1].lower() + subject[1:]
    named = f"s ::= {json.dumps(f' {name}', ensure_ascii=False)}"
    words = 'w ::= " thủ tục"? s'
    return Prompt(
        system=system(more),
        user=_request(subject, question, [SHAPES[slot].label for slot in slots]),
        max_tokens=max_tokens,
        grammar="\n".join([f"root ::= {root}", named, words, *rules]),
    )
