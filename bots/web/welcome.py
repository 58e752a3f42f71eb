"""What the chat page greets with: the usual words, or those of a profile."""

from __future__ import annotations

from html import escape

from assistant.profiles.profile import CITIZEN, Profile, Tool

#: The usual examples; the page's script knows them in English by their place.
_EXAMPLES = (
    "Làm hộ chiếu phổ thông hết bao nhiêu tiền, mấy ngày có?",
    "Đăng ký khai sinh cần giấy tờ gì?",
    "Đăng ký thường trú nộp ở đâu?",
    "Cấp đổi giấy phép lái xe mất bao lâu?",
)
_INTRO = (
    "Hỏi bằng lời thường, có dấu hay không dấu đều được. Tôi là trợ lý AI, mỗi câu trả lời kèm "
    "nguồn để kiểm tra lại."
)
_TOOLS: dict[Tool, tuple[str, str]] = {
    "conflicts": ("/conflicts", "So hai văn bản"),
    "draft": ("/draft", "Soạn và kiểm tra văn bản"),
    "figures": ("/figures", "Số liệu trong báo cáo"),
    "uploads": ("/can-bo", "Hỏi trên tài liệu của mình"),
}
_MOST = 4


def welcome(name: str, profile: Profile | None) -> dict[str, str]:
    """Parts of the page as HTML: what stands above the examples, the examples, the tools,
    and what keeps an address to this profile."""
    own = profile.suggestions[:_MOST] if profile else ()
    only = profile is not None and profile.keeps_to_a_part
    examples = "\n      ".join(map(_button, own)) if own or only else _usual()
    return {
        "intro": _intro(profile),
        "examples": examples,
        "tools": _tools(profile.tools if profile else ()),
        "same": "" if name == CITIZEN else f"?profile={escape(name)}",
    }


def _intro(profile: Profile | None) -> str:
    if profile is None or not (profile.greeting or profile.keeps_to_a_part):
        return f'<p data-t="intro">{_INTRO}</p>'
    only = f" Trợ lý này chỉ trả lời về {profile.about()}." if profile.keeps_to_a_part else ""
    said = profile.greeting or f"{_INTRO}{only}"
    return f'<p lang="vi">{escape(said)}</p>'


def _usual() -> str:
    return "\n      ".join(_button(text, f"example{n}") for n, text in enumerate(_EXAMPLES, 1))


def _button(text: str, key: str = "") -> str:
    told = f' data-t="{key}"' if key else ' lang="vi"'
    return f'<button name="message" value="{escape(text)}"{told}>{escape(text)}</button>'


def _tools(tools: tuple[Tool, ...]) -> str:
    links = (f'<a href="{_TOOLS[t][0]}">{_TOOLS[t][1]}</a>' for t in dict.fromkeys(tools))
    listed = " · ".join(links)
    return f'<p lang="vi">Công cụ khác: {listed}</p>' if listed else ""
