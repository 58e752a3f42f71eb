"""Chat formats, our own: the template inside a GGUF file is code by a stranger and is not run."""

from __future__ import annotations

from collections.abc import Callable

Segment = tuple[str, bool]
"""Text, and whether control tokens are recognised in it. A person's words never carry them."""


def _chatml(system: str, user: str, tail: str = "") -> list[Segment]:
    return [
        ("<|im_start|>system\n", True),
        (system, False),
        ("<|im_end|>\n<|im_start|>user\n", True),
        (user, False),
        ("<|im_end|>\n<|im_start|>assistant\n" + tail, True),
    ]


def _chatml_no_think(system: str, user: str) -> list[Segment]:
    return _chatml(system, user, "<think>\n\n</think>\n\n")


def _gemma(system: str, user: str) -> list[Segment]:
    return [
        ("<bos><start_of_turn>user\n", True),
        (f"{system}\n\n", False),
        (user, False),
        ("<end_of_turn>\n<start_of_turn>model\n", True),
    ]


def _phogpt(system: str, user: str) -> list[Segment]:
    head = f"### Câu hỏi: {system}\n\n"
    return [(head, False), (user, False), ("\n### Trả lời:", False)]


def _plain(system: str, user: str) -> list[Segment]:
    return [(f"{system}\n\n", False), (user, False), ("\n\n", False)]


_FORMATS: dict[str, tuple[Callable[[str, str], list[Segment]], tuple[str, ...]]] = {
    "chatml": (_chatml, ("<|im_end|>", "<|im_start|>", "<|endoftext|>")),
    "chatml-no-think": (_chatml_no_think, ("<|im_end|>", "<|im_start|>", "<|endoftext|>")),
    "gemma": (_gemma, ("<end_of_turn>", "<start_of_turn>")),
    "phogpt": (_phogpt, ("###",)),
    "plain": (_plain, ()),
}


def segments(template: str, system: str, user: str) -> list[Segment]:
    """The prompt as pieces to tokenise one after another; the fixed system text comes first."""
    return _FORMATS[template][0](system, user)


def end_marks(template: str) -> tuple[str, ...]:
    """Strings that end a turn in this format."""
    return _FORMATS[template][1]


def names() -> tuple[str, ...]:
    return tuple(_FORMATS)
