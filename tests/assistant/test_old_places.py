"""Wards and districts that are no more: one line beside an answer, an answer where asked for."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import troly
from assistant.build import build_assistant
from assistant.config import Config, Receipts
from assistant.vocabulary import Question, Status
from knowledge_base.home import Home
from knowledge_base.scope import citizen
from knowledge_base.store import Record
from tests.assistant.conftest import DAY
from tests.assistant.test_false_premise import LAW, first_line

SAIGON = "Phường Bến Nghé, Quận 1 nay là phường Sài Gòn, Thành phố Hồ Chí Minh"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Phường Bến Nghé quận 1 nay thuộc đâu?", SAIGON),
        ("phuong ben nghe q1 gio la phuong gi", SAIGON),
        ("P5 Q3 đổi thành phường gì vậy ạ", "nay là phường Bàn Cờ"),
        ("Huyện Côn Đảo nay là gì?", "đặc khu Côn Đảo"),
        ("Huyện Củ Chi sáp nhập thành xã nào?", "xã Thái Mỹ"),  # the last of all seven
        ("phường Dịch Vọng, quận Cầu Giấy nay thuộc phường nào", "đã chia về phường Cầu Giấy"),
        ("Xã Cẩm Hưng huyện Cẩm Giàng nay thuộc đâu?", "chưa có căn cứ"),
    ],
)
def test_what_became_of_a_place(ask: Any, text: str, said: str) -> None:
    answer = ask(text)
    assert answer.status is Status.ANSWERED
    assert said in first_line(answer.text)
    assert answer.citations[0].document_id.startswith("place:")
    assert "vietnamadminunits" in answer.text


@pytest.mark.parametrize("text", ["Huyện Châu Thành nay thuộc đâu?", "phường 5 nay thuộc đâu"])
def test_a_name_that_many_had_is_asked_for_in_full(ask: Any, text: str) -> None:
    answer = ask(text)
    assert answer.status is Status.CLARIFY
    assert "ghi đủ phường/xã, quận/huyện" in answer.text
    assert "nay là" not in answer.text


def test_a_line_beside_the_answer(ask: Any) -> None:
    answer = ask("Tôi ở phường Bến Nghé quận 1, đăng ký khai sinh cho con ở đâu?")
    assert first_line(answer.text) == f"{SAIGON} (từ ngày 01/7/2025)."
    assert answer.card.code == "1.001193"
    assert "vietnamadminunits" not in answer.text


def test_the_end_of_districts_is_said_once(ask: Any) -> None:
    for text in ("Làm căn cước ở quận 1 ở đâu?", "Làm căn cước ở công an quận 1 được không?"):
        answer = ask(text)
        assert answer.text.count("không còn cấp huyện") == 1
        assert "quận 1 nay thuộc phường Bến Thành" in answer.text


def test_a_former_province_is_not_said_beside_its_ward(ask: Any) -> None:
    answer = ask("Tôi ở phường Phú Cường, TP Thủ Dầu Một, tỉnh Bình Dương làm hộ chiếu ở đâu?")
    assert "nay là phường Thủ Dầu Một, Thành phố Hồ Chí Minh" in answer.text
    assert "Bình Dương nay thuộc" not in answer.text
    assert "Bình Dương nay thuộc" in ask("Tôi ở Bình Dương làm hộ chiếu ở đâu?").text


def test_without_a_text_on_the_province_the_source_is_named(own_home: Home) -> None:
    Record(own_home.record()).withdraw("place:ho-chi-minh")
    made = build_assistant(own_home, Config(receipts=Receipts(keep=False)))
    question = Question("Phường Bến Nghé quận 1 nay thuộc đâu?", citizen(), as_of=DAY)
    answer = made.ask(question, keep=False)
    made.close()
    assert SAIGON in answer.text
    assert "vietnamadminunits" in answer.text
    assert not any(c.document_id == "place:ho-chi-minh" for c in answer.citations)


@pytest.mark.parametrize(
    ("text", "source", "quoted"),
    [
        ("Nam Định làm hộ chiếu ở đâu?", "place:ninh-binh", "Nam Định nay thuộc"),
        ("Nộp khai sinh ở công an huyện phải không?", "law:72/2025/QH15", "không còn quận, huyện"),
    ],
)
def test_what_a_stored_text_says_is_cited(ask: Any, text: str, source: str, quoted: str) -> None:
    answer = ask(text)
    cited = next(c for c in answer.citations if c.document_id == source)
    assert quoted in cited.quote
    told = next(line for line in answer.text.splitlines() if "từ ngày 01/7/2025" in line.lower())
    assert told.endswith(f"[{cited.number}]")


def test_before_the_reform_nothing_is_said(ask: Any) -> None:
    answer = ask("Làm hộ chiếu ở quận 1 hết bao nhiêu tiền?", as_of=date(2025, 6, 1))
    assert "nay thuộc" not in answer.text
    assert LAW not in answer.text


@pytest.mark.parametrize(
    "text", ["Ở quận 1 nộp ở đâu?", "phải lên công an phường v", "Công an phường có làm không?"]
)
def test_a_place_alone_does_not_answer_another_question(ask: Any, text: str) -> None:
    assert not any(c.document_id.startswith("place:") for c in ask(text).citations)


def test_a_place_after_an_answer_is_no_new_question(ask: Any) -> None:
    turn = ask.turn("Làm căn cước ở đâu?")
    answer = ask("Thế ở quận 1 thì sao?", history=(turn,))
    assert answer.card is not None


def test_the_rows_come_without_the_library_around_them() -> None:
    code = (
        "import sys\nfrom knowledge_base.old_addresses import old_addresses\n"
        "assert old_addresses('huyện Củ Chi')\nprint('underthesea' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(troly.__file__).parent, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "False"
