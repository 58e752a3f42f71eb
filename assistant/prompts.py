"""What the model is told: a fixed system text (kept in its cache) and a short request.

The default model has half a billion parameters. It can turn one or two
sentences of evidence into a fluent sentence; it cannot choose. So the code
chooses the facts, and the request holds nothing else. The examples stand in the
fixed part: they cost nothing per question and halve the malformed answers
(docs/adr/0004).
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.language_model.port import Prompt

SYSTEM = """\
Bạn viết câu trả lời ngắn cho người dân. Chỉ dùng thông tin được cho, giữ nguyên con số và đơn vị, \
viết một hoặc hai câu trọn vẹn, không nhắc lại câu hỏi.

Ví dụ 1
Thông tin: Cấp thẻ đọc sách. Phí, lệ phí (trực tiếp): 50.000 đồng/lần. \
Thời hạn giải quyết: 5 ngày làm việc.
Câu hỏi: làm thẻ đọc sách hết bao nhiêu, mấy ngày xong?
Trả lời: Lệ phí cấp thẻ đọc sách khi nộp trực tiếp là 50.000 đồng/lần. \
Thời hạn giải quyết là 5 ngày làm việc.

Ví dụ 2
Thông tin: Đăng ký nuôi ong. Nơi nộp hồ sơ: Ủy ban nhân dân cấp xã nơi cư trú.
Câu hỏi: nuoi ong nop ho so o dau
Trả lời: Anh/chị nộp hồ sơ đăng ký nuôi ong tại Ủy ban nhân dân cấp xã nơi cư trú.

Ví dụ 3
Thông tin: Cấp biển tên nhà. Thời hạn giải quyết: 15 ngày.
Câu hỏi: bao lâu có biển tên nhà
Trả lời: Thời hạn giải quyết thủ tục cấp biển tên nhà là 15 ngày."""


def phrase(question: str, subject: str, facts: Sequence[str], *, max_tokens: int) -> Prompt:
    """The request to word ``facts`` (one or two sentences) as an answer about ``subject``."""
    told = " ".join([f"{subject}.", *facts] if subject else facts)
    return Prompt(
        system=SYSTEM,
        user=f"Thông tin: {told}\nCâu hỏi: {question}\nTrả lời:",
        max_tokens=max_tokens,
        stop=("\n",),
    )
