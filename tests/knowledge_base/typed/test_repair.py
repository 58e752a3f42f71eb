"""What people type, and what they meant."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.noise import NOISES
from knowledge_base.typed import Kind, by_keys, repair

CLEAN = [
    "Đăng ký kết hôn với người nước ngoài cần những giấy tờ gì?",
    "Hộ chiếu hết hạn thì làm lại ở đâu, mất bao nhiêu tiền?",
    "Điểm k khoản 1 Điều 5 Nghị định 30/2020/NĐ-CP",
    "Xin visa, test ADN, form CT01, mã 1.004222, gửi a.b@c.vn hoặc https://dichvucong.gov.vn",
    "Tôi ở phường Bến Nghé, quận 1",
    "hoà giải, thuỷ lợi, kí tên, bác sĩ",
    "Giấy phép lái xe hạng A1, B2, C",
    "Tôi cho con mua hai con gà, ba cân cam",
    "VNeID mức 2 đăng nhập bị lỗi",
    "Xin e-visa cho người Lào, đi chụp x-quang",
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_stays(text: str) -> None:
    assert repair(text).text == text
    assert not repair(text).changes


@pytest.mark.parametrize(
    "text",
    [
        "how to renew my passport online",
        "where can I get a birth certificate",
        "what documents do I need",
        "test",
        "online",
        "CT01",
        "1.004222",
        "",
        "   ",
    ],
)
def test_english_and_codes_stay(text: str) -> None:
    assert repair(text).text == text


@pytest.mark.parametrize(
    ("typed", "meant", "kind"),
    [
        (unicodedata.normalize("NFD", "hộ chiếu"), "hộ chiếu", Kind.ENCODING),
        ("hộ\u200b chiếu", "hộ chiếu", Kind.ENCODING),
        ("hooj chieeus", "hộ chiếu", Kind.TELEX),
        ("hoj chieesu", "hộ chiếu", Kind.TELEX),
        ("dduwowngf ddi", "đường đi", Kind.TELEX),
        ("làm hooj chiếu ở đâu", "làm hộ chiếu ở đâu", Kind.TELEX),
        ("coong an phuwowngf khoong", "công an phường không", Kind.TELEX),
        ("ho65 chie61u", "hộ chiếu", Kind.VNI),
        ("phi1/le65 phi1", "phí/lệ phí", Kind.VNI),
        ("không bít làm j", "không biết làm gì", Kind.SHORTHAND),
        ("giấyyyy khai sinh ơiiii", "giấy khai sinh ơi", Kind.REPEATED),
        ("ngừơi đựơc cấp", "người được cấp", Kind.TONE),
        ("làmhộchiếu ởđâu", "làm hộ chiếu ở đâu", Kind.GLUED),
        ("giaykhaisinh", "giấy khai sinh", Kind.GLUED),
        ("giấy khai xinh", "giấy khai sinh", Kind.SPELLING),
        ("đăng ký tạm chú", "đăng ký tạm trú", Kind.SPELLING),
        ("sổ hộ khảu", "sổ hộ khẩu", Kind.SPELLING),
        ("làm ho chieu", "làm hộ chiếu", Kind.HALF),
        ("đăng ky kết hon", "đăng ký kết hôn", Kind.HALF),
        ("tôi muốn đổi bang lai xe A1", "tôi muốn đổi bằng lái xe A1", Kind.HALF),
        ("lam ho chieu o dau", "làm hộ chiếu ở đâu", Kind.BARE),
        ("LAM HO CHIEU", "LÀM HỘ CHIẾU", Kind.BARE),
        ("lam ho chieu dc ko", "làm hộ chiếu được không", Kind.BARE),
        ("bac si kham benh", "bác sỹ khám bệnh", Kind.BARE),
    ],
)
def test_each_kind_is_put_right(typed: str, meant: str, kind: Kind) -> None:
    repaired = repair(typed)
    assert repaired.text == meant
    assert repaired.changed(kind)


def test_changes_say_what_was_what() -> None:
    first = repair("Hooj chiếu").changes[0]
    assert (first.kind, first.before, first.after) == (Kind.TELEX, "Hooj", "Hộ")


def test_the_operators_shorthand_wins() -> None:
    assert repair("hỏi về pmđt", extra={"PMĐT": "phần mềm"}).text == "hỏi về phần mềm"
    assert repair("xét đủ dk", extra={"dk": "điều kiện"}).text == "xét đủ điều kiện"


def test_capitals_are_left_to_the_expander() -> None:
    assert repair("TP và QĐ, UBND").text == "TP và QĐ, UBND"


@pytest.mark.parametrize("noise", NOISES)
def test_noise_is_undone(noise: str) -> None:
    text = "Tôi muốn đăng ký kết hôn với người nước ngoài thì cần giấy tờ gì?"
    assert repair(NOISES[noise](text, 1)).text == text


@given(st.text(max_size=80))
@settings(deadline=None)
def test_nothing_fails_and_twice_is_once(text: str) -> None:
    once = repair(text)
    assert repair(text) == once
    assert all(change.before != change.after for change in once.changes)


@given(st.text(alphabet="abcdđeghiklmnoôơpqrstuưvxyzáàạfjw1235 .-/@", max_size=60))
@settings(deadline=None)
def test_nothing_fails_on_what_looks_like_words(text: str) -> None:
    repair(text)


def test_endless_words_are_no_words() -> None:
    for endless in ("an" * 2000, "làm" * 1300, "1." * 2000, "a-" * 2000):
        assert repair(endless).text == endless


def test_a_text_by_keys_is_known() -> None:
    assert by_keys("hooj chieeus heets hanj thif lamf owr ddaau")
    assert by_keys("ho65 chie61u het61 han5 thi2 lam2 o73 d9a6u")
    assert not by_keys("hộ chiếu hết hạn thì làm ở đâu")
    assert not by_keys("ho chieu het han thi lam o dau")
