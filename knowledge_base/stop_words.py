"""Words that say little: those that ask, and those that only join others."""

from __future__ import annotations

# Words that carry the asking, not what is asked for: forms of address, politeness, question
# words. A pair of tokens with one of them still counts a little.
ASKING = frozenset(
    """
    à á ạ ơi nhé nhỉ nha nhá vậy thế ấy nào gì sao đâu ai mấy bao nhiêu lâu hả hở
    tôi tớ tao mình em anh chị cô chú bác cháu ad admin shop bạn mày nó họ
    xin vui lòng dạ vâng thưa kính giúp dùm giùm cho hỏi biết hướng dẫn muốn cần với vụ chuyện
    như làm cách đúng sai thôi luôn
    """.split()  # noqa: SIM905
)
# Function words: in a statement of law they carry some meaning, in a chat none.
FUNCTION = frozenset(
    """
    là của và hay hoặc thì mà nếu khi để từ tới đến ở tại trong ngoài trên dưới theo về vào ra
    này kia đó đây các những một mọi mỗi cái việc trường hợp vì do bởi nên rồi đã đang sẽ vẫn còn
    cũng đều chỉ không chưa chẳng đừng rất quá lắm hơn phải được bị có nhưng chứ đi lại người
    """.split()  # noqa: SIM905
)
STOP_WORDS = ASKING | FUNCTION
