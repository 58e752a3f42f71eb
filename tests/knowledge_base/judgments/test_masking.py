"""Who a judgment is about cannot be read out of what is kept of it."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from knowledge_base.judgments.importing import SAMPLES
from knowledge_base.judgments.masking import mask
from knowledge_base.judgments.spelled import Spelled


def marked(path: Path) -> tuple[str, list[tuple[int, int]]]:
    """The text of a sample and the spans that its braces mark."""
    body = unicodedata.normalize("NFC", path.read_text("utf-8").split("---\n", 1)[1])
    text, spans, start = "", [], 0
    for piece in re.findall(r"[{}]|[^{}]+", body):
        if piece == "{":
            start = len(text)
        elif piece == "}":
            spans.append((start, len(text)))
        else:
            text += piece
    return text, spans


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda p: p.stem)
def test_every_name_of_a_sample_is_masked(path: Path) -> None:
    text, spans = marked(path)
    gone = [False] * len(text)
    for span in mask(text).spans:
        gone[span.start : span.end] = [True] * (span.end - span.start)
    assert len(spans) > 15
    left = [
        text[a:b] for a, b in spans if not all(gone[n] for n in range(a, b) if text[n].isalnum())
    ]
    assert not left


def test_what_is_no_name_stays() -> None:
    kept = total = 0
    for path in SAMPLES.glob("*.txt"):
        text, spans = marked(path)
        found = mask(text).spans
        for run in Spelled(text).runs:
            words = Spelled(text).words
            start, end = words[run.first].start, words[run.last].end
            if any(a < end and start < b for a, b in spans):
                continue
            total += 1
            kept += not any(s.start < end and start < s.end for s in found)
    assert total > 300
    assert kept / total >= 0.99


def test_one_person_is_one_sign_however_the_name_is_written() -> None:
    text = (
        "Bị cáo: NGUYỄN VĂN TÈO (tên gọi khác: Tèo lùn), sinh năm 1990. Anh Tèo khai lúc đó "
        "Tèo ngủ. "
        'Biên bản ghi "nguoi vi pham la Nguyen Van Teo". Nguyễn Văn Tèo đã ký.'
    )
    masked = mask(text)
    assert "Tèo" not in masked.text
    assert "Teo" not in masked.text
    assert set(re.findall(r"N\d+", masked.text)) == {"N1"}
    assert masked.people == 1


def test_two_people_of_one_given_name_are_told_apart_or_both_named() -> None:
    text = (
        "Ông Trần Toàn kiện bà Lê Thị Toàn. Bà Toàn vắng mặt. Ông Toàn có mặt. Toàn không nói gì."
    )
    told = mask(text).text
    assert "Bà N2 vắng mặt. Ông N1 có mặt. N1 hoặc N2 không nói gì." in told


def test_common_words_that_are_also_names() -> None:
    text = (
        "Nguyên đơn: chị Lê Thị Thu. Bị đơn: anh Đỗ Văn An. Thu giữ được 01 dao. An toàn lao động "
        "không bảo đảm. Thu khai bị An đánh. Người làm chứng: Hoa, Bình và Hạnh."
    )
    told = mask(text).text
    assert "Thu giữ được" in told
    assert "An toàn lao động" in told
    assert "N1 khai bị N2 đánh" in told
    for name in ("Hoa", "Bình", "Hạnh"):
        assert name not in told


def test_numbers_addresses_and_days_of_birth() -> None:
    text = (
        "Bà H'Hen Niê, sinh ngày 05/7/1988, CCCD số 066188001234, trú tại: số 12/3 hẻm 5, "
        "buôn Alê A, "
        "phường Ea Tam, thành phố Buôn Ma Thuột, tỉnh Đắk Lắk; điện thoại 0905 123 456, xe biển số "
        "47B2-123.45, email h.nie@example.com. Ngày 12/3/2020 bà vay 120.000.000 đồng tại "
        "phường Ea Tam."
    )
    told = mask(text).text
    for gone in ("1988", "0661", "12/3 hẻm", "Alê", "0905", "123.45", "example", "Niê"):
        assert gone not in told
    assert "thành phố Buôn Ma Thuột, tỉnh Đắk Lắk" in told
    assert "Ngày 12/3/2020 bà vay 120.000.000 đồng tại phường Ea Tam" in told


def test_organisations_and_what_belongs_to_the_state() -> None:
    text = (
        "Công ty TNHH Thép Trường Phát (gọi tắt là Trường Phát) kiện Ngân hàng TMCP Đại Tín "
        "2.350.000.000 "
        "đồng. Trường Phát nộp tài liệu của Ngân hàng Nhà nước Việt Nam và Cục Thuế tỉnh Long An."
    )
    told = mask(text).text
    assert "Công ty T1 (gọi tắt là T1) kiện Ngân hàng T2 2.350.000.000 đồng" in told
    assert "Ngân hàng Nhà nước Việt Nam và Cục Thuế tỉnh Long An" in told


def test_officials_are_kept_only_when_asked() -> None:
    text = (
        "Thẩm phán - Chủ tọa phiên tòa: Bà Trịnh Thị Mơ. Bị cáo: Hồ Văn Tí. Bà Mơ hỏi, Tí trả lời."
    )
    assert "Trịnh" not in mask(text).text
    kept = mask("Thẩm phán Trịnh Thị Mơ hỏi bị cáo Hồ Văn Tí.", keep_officials=True).text
    assert "Trịnh Thị Mơ" in kept
    assert "Tí" not in kept


def test_a_text_without_people_is_left_as_it_is() -> None:
    text = "Căn cứ khoản 1 Điều 173 Bộ luật Hình sự; Tòa án nhân dân tỉnh Thái Bình, đường Lê Lợi."
    assert mask(text).text == text


def test_names_that_a_line_break_cuts() -> None:
    text = (
        "Theo lời khai tại phiên tòa và các tài liệu có trong hồ sơ thì bà Trần\nThị Út vay tiền.\n"
        "Thẩm phán: Lê Hoa\nHội thẩm: Mai Lan"
    )
    told = mask(text).text
    assert told == text.replace("Trần\nThị Út", "N1").replace("Lê Hoa", "N2").replace(
        "Mai Lan", "N3"
    )


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("dừng trước nhà số 18 đường Tôn Đản 3, phường Hòa An", "dừng trước [địa chỉ]"),
        ("gửi xe ở 27/4B hẻm 12, đường số 5, phường 9 rồi đi", "gửi xe ở [địa chỉ] rồi đi"),
        ("hẹn nhau tại số 6 Ngô Mây, thành phố Pleiku", "hẹn nhau tại [địa chỉ], thành phố Pleiku"),
        ("chạy trên đường Tôn Đản, phường Hòa An", "chạy trên đường Tôn Đản, phường Hòa An"),
        ("nơi giao nhau của 2 đường Ngô Mây", "nơi giao nhau của 2 đường Ngô Mây"),
        ("Quyết định số 12 Phụ lục", "Quyết định số 12 Phụ lục"),
    ],
)
def test_a_house_with_its_street_is_an_address_wherever_it_is_told(text: str, masked: str) -> None:
    assert mask(text).text == masked
