"""What the model is told: a fixed system text (kept in its cache) and a short request.

The default model has half a billion parameters. It can turn one to three
sentences of evidence into one fluent sentence; it cannot choose. So the code
chooses the lines, and the request holds nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.language_model.port import Prompt

SYSTEM = (
    "Bạn là trợ lý dịch vụ công. Hãy trả lời câu hỏi bằng một hoặc hai câu tiếng Việt ngắn gọn, "
    "chỉ dùng thông tin được cho. Giữ nguyên con số và đơn vị. Không thêm điều gì khác."
)


def phrase(question: str, facts: Sequence[str], *, max_tokens: int) -> Prompt:
    """The request to word ``facts`` (one to three sentences) as an answer to ``question``."""
    listed = "\n".join(f"- {fact}" for fact in facts)
    return Prompt(
        system=SYSTEM,
        user=f"Thông tin:\n{listed}\n\nCâu hỏi: {question}\nTrả lời:",
        max_tokens=max_tokens,
        stop=("\n\n", "\nThông tin:", "\nCâu hỏi:"),
    )
