"""What is read from the words of a question before anything is searched."""

from __future__ import annotations

import pytest

from assistant.answering import Assistant
from assistant.english_words import is_english
from assistant.steps.screen_question import small_talk
from assistant.steps.understand_question import content, subject, understand
from assistant.vocabulary import Understanding
from knowledge_base.vietnamese import expand_abbreviations, tokens


def read(text: str) -> Understanding:
    return understand(text, expand_abbreviations(text))


# --- slots ---------------------------------------------------------------------------------------


SLOTS = {
    "Làm hộ chiếu hết bao nhiêu tiền?": {"fees"},
    "làm hộ chiếu bao tiền v": {"fees"},
    "Lệ phí cấp lại bằng lái?": {"fees"},
    "Mấy ngày có hộ chiếu?": {"times"},
    "Làm hộ chiếu mất bao lâu?": {"times"},
    "Đăng ký khai sinh ở đâu?": {"where"},
    "Nộp ở xã hay tỉnh?": {"where"},
    "Ai ký giấy khai sinh?": {"authority"},
    "Làm online được không?": {"online"},
    "Gửi hồ sơ qua bưu điện": {"online"},
    "Đăng ký kết hôn cần giấy tờ gì?": {"dossier"},
    "Cần chuẩn bị gì để tách hộ?": {"dossier"},
    "Các bước đăng ký kết hôn": {"steps"},
    "Điều kiện đăng ký thường trú": {"conditions"},
    "Căn cứ pháp lý của thủ tục này": {"legal_basis"},
    "Nhận được gì sau khi đăng ký?": {"result"},
    "Những ai phải đăng ký tạm trú?": {"who"},
    "Làm hộ chiếu hết bao nhiêu tiền, mấy ngày có, nộp ở đâu?": {"fees", "times", "where"},
    "How much is a passport?": {"fees"},
    "How long does it take?": {"times"},
    "Hộ chiếu": set(),
}


@pytest.mark.parametrize(("text", "slots"), SLOTS.items(), ids=SLOTS)
def test_slots_that_are_asked_for(text: str, slots: set[str]) -> None:
    assert slots <= set(read(text).slots)
    if not slots:
        assert read(text).slots == ()


@pytest.mark.parametrize("text", [text for text, slots in SLOTS.items() if slots])
def test_slots_are_found_without_diacritics_too(assistant: Assistant, text: str) -> None:
    from knowledge_base.vietnamese import fold

    bare = fold(text)
    meant = assistant.knowledge.as_spoken(bare)
    # "ai", "gì" and "đâu" are other words without their marks: what is lost is lost as a whole.
    assert set(understand(bare, meant).slots) & set(read(text).slots)


def test_first_time_is_not_where() -> None:
    """ "lần đầu" without its marks must not be heard as "đâu"."""
    assert "where" not in read("làm căn cước lần đầu").slots


def test_how_long_is_not_something_lost() -> None:
    """ "mất bao lâu" asks for a time; "mất" must not name the procedure for lost papers."""
    said = read("Làm hộ chiếu mất bao lâu?")
    assert "mất" not in said.subject
    assert "mất" in read("Mất hộ chiếu thì làm sao?").subject


# --- subject and content -------------------------------------------------------------------------


def test_content_is_what_carries_the_subject() -> None:
    assert content(tokens("cho em hỏi làm hộ chiếu hết bao nhiêu tiền ạ")) == ("hộ", "chiếu")


def test_subject_keeps_order_and_drops_the_asking() -> None:
    assert subject(tokens("đăng ký kết hôn ở đâu")) == ("đăng", "ký", "kết", "hôn")


def test_numbers_are_no_content() -> None:
    assert "200" not in read("làm hộ chiếu 200 nghìn đúng không").content


def test_a_story_has_clauses_and_a_short_question_none() -> None:
    story = "Em mới sinh em bé được 3 tuần, hộ khẩu chồng ở quê, giờ làm khai sinh cho con chỗ nào"
    assert any("khai" in clause.content for clause in read(story).clauses)
    assert read("Đăng ký khai sinh ở đâu?").clauses == ()


# --- codes, numbers, languages -------------------------------------------------------------------


def test_codes_numbers_and_articles_are_read_whole() -> None:
    said = read("Điều 5 Nghị định 30/2020/NĐ-CP và thủ tục 1.001456")
    assert said.document_numbers == ("30/2020/NĐ-CP",)
    assert said.procedure_codes == ("1.001456",)
    assert said.articles == ("điều 5",)


@pytest.mark.parametrize(
    "text",
    [
        "How much does a passport cost?",
        "what documents do I need to register a birth",
        "where to apply for a driving license",
    ],
)
def test_english(text: str) -> None:
    assert is_english(tokens(text))


@pytest.mark.parametrize(
    "text",
    ["làm passport ở đâu", "lam ho chieu het bao nhieu tien", "form CT07 xin o dau"],
)
def test_not_english(text: str) -> None:
    assert not is_english(tokens(text))


def test_other_states_are_noticed() -> None:
    assert read("xin visa đi Nhật").foreign
    assert not read("xin xác nhận tình trạng hôn nhân").foreign


def test_district_authorities_are_noticed() -> None:
    assert read("nộp ở công an huyện được không").names_district
    assert not read("nộp ở công an xã được không").names_district


def test_words_of_public_services_show_what_a_question_is_about() -> None:
    assert read("thủ tục cấp giấy phép nuôi rồng").in_domain
    assert not read("thời tiết hôm nay").in_domain


# --- claims --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Lệ phí hộ chiếu 500k đúng không?", [(500_000, "đồng")]),
        ("Nghe nói làm hộ chiếu mất 8 ngày làm việc", [(8, "ngày làm việc")]),
        ("Hộ chiếu 200.000 đồng, 8 ngày phải không", [(200_000, "đồng"), (8, "ngày")]),
        ("lệ phí làm hộ chiếu 500k à?", [(500_000, "đồng")]),
        # figures that describe a person's case are not claims
        ("Con tôi 3 tuổi, làm hộ chiếu hết bao nhiêu tiền?", []),
        ("Vốn 500 triệu thì lập công ty cần gì?", []),
    ],
)
def test_claims(text: str, claims: list[tuple[float, str]]) -> None:
    assert [(claim.value, claim.unit) for claim in read(text).claims] == claims


# --- small talk ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("xin chào", "greeting"),
        ("chào bạn ạ", "greeting"),
        ("cảm ơn nhiều nhé", "thanks"),
        ("tạm biệt", "goodbye"),
        ("bạn là ai", "about"),
        ("chào bạn, làm hộ chiếu ở đâu", None),
        ("cảm ơn, còn lệ phí?", None),
    ],
)
def test_small_talk_is_the_whole_message(text: str, kind: str | None) -> None:
    assert small_talk(tokens(text)) == kind


def test_slowly_is_not_suicide() -> None:
    """ "từ từ" without its marks reads like "tự tử", which must be typed in full."""
    from assistant.patterns import told

    assert told("crisis", tokens("tu tu hay lam")) is None
    assert told("crisis", tokens("em muốn tự tử")) is not None


@pytest.mark.parametrize("text", ["Làm hộ chiếu mất 8 ngày đúng không?", "lam ho chieu mat 200k a"])
def test_what_it_takes_is_no_loss(text: str) -> None:
    """ "mất 8 ngày" is no lost passport."""
    assert not {"mất", "mat"} & set(read(text).content)
