"""Courtesies around a question, and capitals, are none of it."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.politeness import calm, without_politeness
from assistant.vocabulary import Status


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dạ cháu chào cô chú ạ, cho cháu hỏi tí: làm hộ chiếu ở đâu?", "làm hộ chiếu ở đâu?"),
        ("Ad ơi, em muốn hỏi là mua xe cũ sang tên ở đâu ạ", "mua xe cũ sang tên ở đâu ạ"),
        ("Mọi người ơi cho mình hỏi chút phí khai sinh. Thanks", "phí khai sinh."),
        ("Kính chào quý anh chị. Xin hỏi lệ phí kết hôn?", "lệ phí kết hôn?"),
        ("lệ phí kết hôn bao nhiêu? Xin chân thành cảm ơn!", "lệ phí kết hôn bao nhiêu?"),
        ("cảm ơn bạn, còn lệ phí?", "còn lệ phí?"),
        ("chao ad, cho e hoi xiu phi cap ho chieu, cam on nhieu a", "phi cap ho chieu"),
        ("Hello, how much is a passport? Thank you very much!", "how much is a passport?"),
        ("dạ còn nộp ở đâu", "còn nộp ở đâu"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    assert without_politeness(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Xin chào",
        "ok cảm ơn bạn",
        "bạn là ai",
        "chào buổi sáng",
        "cho con nhập hộ khẩu ở đâu",
        "con tôi 5 tuổi làm căn cước ở đâu",
        "anh em tôi muốn chia đất",
        "hỏi đáp pháp luật",
        "cho người nước ngoài thuê nhà thì khai báo ở đâu",
        "nhà tôi chưa có sổ đỏ",
        "thư cảm ơn viết thế nào",
    ],
)
def test_what_is_no_courtesy_stays(text: str) -> None:
    assert without_politeness(text) == text


def test_shouting_is_lowered_and_an_acronym_is_not() -> None:
    assert calm("LÀM HỘ CHIẾU Ở ĐÂU?") == "Làm hộ chiếu ở đâu?"
    assert calm("TNHH") == "TNHH"
    assert calm("Làm CCCD ở đâu?") == "Làm CCCD ở đâu?"


@pytest.mark.parametrize(
    "text", ["Luật Cư trú có hiệu lực từ ngày nào?", "Lệ phí đăng ký kết hôn bao nhiêu?"]
)
def test_the_answer_is_the_same(ask: Any, text: str) -> None:
    plain = ask(text)
    assert plain.status is Status.ANSWERED
    for typed in (text.upper(), f"Dạ em chào ad, cho em hỏi chút: {text} Em cảm ơn ạ!"):
        other = ask(typed)
        assert (other.status, other.citations[0]) == (plain.status, plain.citations[0]), typed


def test_thanks_alone_are_small_talk(ask: Any) -> None:
    for text in ("cảm ơn", "Dạ em cảm ơn nhiều ạ", "ok cảm ơn anh chị"):
        assert ask(text).status is Status.SMALL_TALK
