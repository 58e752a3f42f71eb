"""What a profile answers, what it leaves to others, and what is never its to refuse."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answering import Assistant
from assistant.dialogue.opening import open_conversation
from assistant.dialogue.state import Heard
from assistant.errors import ConfigError
from assistant.language_model.scripted import ScriptedModel
from assistant.profiles.profile import Profile
from assistant.vocabulary import Answer, EventKind, Question, Status
from knowledge_base.documents import DocumentKind
from knowledge_base.home import Home
from knowledge_base.narrowed import NarrowedKnowledge
from knowledge_base.query import Filter
from knowledge_base.scope import citizen
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record
from tests.assistant.profiles.conftest import WithProfiles

DAY = date(2026, 8, 1)


def ask(assistant: Assistant, text: str, profile: str = "ho-tich") -> Answer:
    return assistant.ask(Question(text, citizen(), DAY, profile, (), False), keep=False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Đăng ký kết hôn cần giấy tờ gì?", "1.000894"),
        ("dang ky khai tu o dau", "1.000656"),
        ("em mới sinh con thì làm khai sinh ở đâu", "1.001193"),
        ("thủ tục 1.001193", "1.001193"),
    ],
)
def test_its_field_is_answered(several: Assistant, text: str, code: str) -> None:
    answer = ask(several, text)
    assert answer.card is not None
    assert answer.card.code == code


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Làm hộ chiếu hết bao nhiêu tiền?", "Xuất nhập cảnh"),
        ("sang ten so do mat bao lau", "Đất đai"),
        ("thủ tục 1.001456", "Xuất nhập cảnh"),
        ("Luật Cư trú quy định gì về tạm trú", "Đăng ký, quản lý cư trú"),
    ],
)
def test_another_field_is_told_to_be_elsewhere(several: Assistant, text: str, field: str) -> None:
    answer = ask(several, text)
    assert answer.status is Status.OUT_OF_SCOPE
    assert field in answer.text
    assert "Trợ lý dịch vụ công" in answer.text
    assert "18001096" in answer.text  # the way to a person stays
    assert not answer.citations
    assert not answer.suggestions


def test_of_two_matters_its_own_is_answered(several: Assistant) -> None:
    answer = ask(several, "đăng ký thường trú ở đâu và khai sinh ở đâu")
    assert answer.card is not None
    assert answer.card.code == "1.001193"
    assert any("cư trú" in notice for notice in answer.notices)


def test_what_nobody_answers_is_refused_as_such(several: Assistant) -> None:
    answer = ask(several, "nồi cơm điện hỏng thì sửa ở đâu")
    assert answer.status in (Status.OUT_OF_SCOPE, Status.NO_SOURCE)
    assert "chỉ trả lời về" in answer.text
    assert "hộ chiếu" not in answer.text  # examples are of its own field


@pytest.mark.parametrize("profile", ["ho-tich", "dat", "trong"])
def test_danger_comes_first_everywhere(several: Assistant, profile: str) -> None:
    assert ask(several, "tôi muốn tự tử", profile).status is Status.CRISIS


def test_a_former_province_is_still_named_with_its_source(several: Assistant) -> None:
    answer = ask(several, "tôi ở Hà Giang thì đăng ký khai sinh ở đâu")
    assert "Tuyên Quang" in answer.text
    assert any(citation.document_id.startswith("place:") for citation in answer.citations)


def test_a_profile_without_documents_answers_nothing(several: Assistant) -> None:
    assert not ask(several, "Đăng ký kết hôn cần giấy tờ gì?", "trong").citations


def test_judgments_are_no_evidence_for_the_public() -> None:
    public, officers = Profile(title="A"), Profile(title="A", audience="officers")
    assert DocumentKind.JUDGMENT not in public.within.kinds
    assert public.within.kinds
    assert not officers.within.kinds  # everything


def test_english_questions_are_told_in_english(several: Assistant) -> None:
    answer = ask(several, "how much is a passport")
    assert "This assistant only answers" in answer.text


def test_no_profile_stands_in_for_one_that_is_not_there(several: Assistant) -> None:
    with pytest.raises(ConfigError, match="ho-tich"):
        several.way("ho-tcih")
    assert ask(several, "Đăng ký kết hôn?", "ho-tcih").status is Status.FAILED_SEARCH


def test_its_prompt_goes_to_the_model_after_the_fixed_one(with_profiles: WithProfiles) -> None:
    model = ScriptedModel(("Hồ sơ gồm [1].",))
    block = {"title": "T", "fields": ["Hộ tịch"], "prompt": "Câu thật ngắn."}
    assistant = with_profiles({"a": block, "b": {"title": "B", "fields": ["Hộ tịch"]}}, model)
    for profile in ("a", "b"):
        text = "Đăng ký kết hôn cần giấy tờ gì?"
        assistant.ask(Question(text, citizen(), DAY, profile), keep=False)
    with_more, without = (prompt.system for prompt in model.prompts[:2])
    assert with_more == f"{without}\n\nCách viết: Câu thật ngắn."


def test_what_is_withdrawn_is_gone_from_a_part_as_well(own_home: Home) -> None:
    knowledge = KnowledgeBase(own_home, KnowledgeSettings())
    narrow = NarrowedKnowledge(knowledge, Filter(fields=frozenset({"Hộ tịch"})))
    assert narrow.card("1.000894") is not None
    record = Record(own_home.record())
    record.withdraw("procedure:1.000894")
    record.close()
    assert narrow.card("1.000894") is None
    assert "1.000894" not in {card.code for card in narrow.cards()}
    knowledge.close()


# --- conversations ------------------------------------------------------------------------------


class Talk:
    """One conversation, message by message, each under a profile."""

    def __init__(self, home: Home, assistant: Assistant) -> None:
        self.conversation = open_conversation(home, assistant)

    def __call__(self, text: str, profile: str = "ho-tich") -> Answer:
        heard = Heard(text, "one", citizen(), as_of=DAY, profile=profile, use_model=False)
        for event in self.conversation.reply(heard):
            if event.kind is EventKind.FINAL:
                answer: Answer = event.data
        return answer


@pytest.fixture
def talk(own_home: Home, several: Assistant) -> Talk:
    return Talk(own_home, several)


def test_a_follow_up_that_names_something_outside_is_no_follow_up(talk: Talk) -> None:
    assert talk("đăng ký khai sinh ở đâu").card is not None
    answer = talk("hộ chiếu bao tiền")
    assert answer.card is None
    assert "Xuất nhập cảnh" in answer.text


def test_another_profile_is_another_conversation(talk: Talk) -> None:
    passport = talk("Làm hộ chiếu hết bao nhiêu tiền?", "citizen")
    assert passport.card is not None
    for text in ("nhắc lại", "còn giấy tờ thì sao?", "xem nguồn", "nói gọn hơn"):
        answer = talk(text)
        assert answer.card is None, text
        assert "hộ chiếu" not in answer.text.casefold(), text


def test_a_life_event_is_a_question_to_a_field(talk: Talk) -> None:
    assert talk("em vừa sinh con").card is not None  # of the field: answered
    assert talk("tôi mới mua nhà").card is None  # not of it: no checklist either


@pytest.mark.parametrize("text", ["xin chào", "bạn làm được gì", "/trogiup", "vâng"])
def test_talk_names_no_other_matters(talk: Talk, text: str) -> None:
    said = talk(text)
    assert "hộ chiếu" not in f"{said.text} {said.suggestions}".casefold()
    assert "hộ chiếu" in f"{talk(text, 'citizen').text}".casefold() or text != "xin chào"


def test_a_person_can_be_asked_for(talk: Talk) -> None:
    assert "18001096" in talk("gặp cán bộ").text or "TR-" in talk("gặp cán bộ").text
