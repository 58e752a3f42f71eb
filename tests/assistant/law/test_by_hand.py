"""Kinds of questions officers ask first: procedures, whole documents, guides, lists; refusals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answering import Assistant
from assistant.config import Config, Contacts
from assistant.law.question import documents_in
from assistant.profiles.profile import Profile
from assistant.replies import Replies
from assistant.vocabulary import Answer, Question, Status
from knowledge_base.home import Home
from knowledge_base.prepare import ensure_ready
from knowledge_base.scope import citizen
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings
from tests.assistant.law.conftest import DAY, Officer

_SETTINGS = KnowledgeSettings(embedder="none")


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Both profiles over the texts that come with the program."""
    home = Home(tmp_path_factory.mktemp("bundled"))
    ensure_ready(home, _SETTINGS, foreground_seconds=600)
    officer = Profile(title="Cán bộ", audience="officers", capability="answer_law")
    profiles = {"civil_servant": officer, "citizen": Profile(title="Người dân")}
    config = Config(knowledge_base=_SETTINGS, profiles=profiles)
    made = Assistant(KnowledgeBase(home, _SETTINGS), config, model=None, receipts=None)
    yield made
    made.close()


def _ask(assistant: Assistant, text: str, profile: str = "civil_servant") -> Answer:
    return assistant.ask(Question(text, citizen(), profile=profile), keep=False)


@pytest.mark.parametrize(
    "text",
    [
        "Đăng ký tạm trú mất bao lâu?",
        "Khai báo tạm vắng làm ở đâu?",
        "Đăng ký kết hôn cần giấy tờ gì?",
        "Liệt kê giấy tờ cần khi đăng ký kết hôn",
    ],
)
def test_a_procedure_is_answered_as_for_citizens(bundled: Assistant, text: str) -> None:
    officer, citizens = _ask(bundled, text), _ask(bundled, text, "citizen")
    assert citizens.card is not None
    assert officer.card == citizens.card
    assert officer.text == citizens.text


def test_a_matter_is_no_name_of_a_document(bundled: Assistant) -> None:
    library = bundled.knowledge.library(citizen())
    assert library is not None
    assert not documents_in("Đăng ký tạm trú nộp ở đâu", library, DAY)
    assert documents_in("luật hộ chiếu nói gì", library, DAY)
    assert documents_in("luat cu tru con hieu luc khong", library, DAY)


@pytest.mark.parametrize(
    "text",
    [
        "Nghị định 23/2015/NĐ-CP còn áp dụng không?",
        "Luật Trẻ em có hiệu lực từ ngày nào?",
        "Luật Trẻ em bị sửa đổi hay thay thế bởi văn bản nào",
    ],
)
def test_the_whole_document_is_told_first(bundled: Assistant, text: str) -> None:
    answer = _ask(bundled, text)
    first = answer.text.splitlines()[0]
    assert answer.status is Status.ANSWERED
    assert "có hiệu lực từ" in answer.citations[0].quote.lower()
    assert "hiệu lực" in first
    assert ", Điều" not in first


def test_who_amended_is_told_by_the_summary_where_the_other_is_not_here(bundled: Assistant) -> None:
    answer = _ask(bundled, "Nghị định 100/2019/NĐ-CP do văn bản nào sửa đổi, thay thế?")
    assert "không có hiệu lực" in answer.text
    assert "123/2021/NĐ-CP, từ 01/01/2022; kho chưa có văn bản đó" in answer.text
    assert any("123/2021/NĐ-CP" in citation.quote for citation in answer.citations)


def test_guides_that_are_only_named_come_first(bundled: Assistant) -> None:
    answer = _ask(bundled, "Luật Căn cước được hướng dẫn ở đâu?")
    assert answer.status is Status.ANSWERED_PARTLY
    first = answer.text.splitlines()[0]
    assert first.startswith("Được nêu là văn bản hướng dẫn Luật Căn cước")
    assert "70/2024/NĐ-CP; kho chưa có văn bản này" in first
    assert any("70/2024/NĐ-CP" in citation.quote for citation in answer.citations)
    assert "69/2024/NĐ-CP" in answer.text  # which is here, though without its first article


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("thông tư của Bộ Công an năm 2019 về hộ chiếu", "TT-BCA"),
        ("quyết định của Bộ Thủy lợi năm 2024 về căn cước", "26/2023/QH15"),
        ("nghị định nào của Bộ Y tế về quặng hiếm", "luật"),
    ],
)
def test_a_list_of_nothing_says_so(bundled: Assistant, text: str, there: str) -> None:
    answer = _ask(bundled, text)
    assert answer.status is Status.NO_SOURCE
    assert answer.text.startswith("Kho không có văn bản nào là")
    assert there in answer.text


def test_an_article_beside_the_matter_is_not_quoted(officer: Officer, bundled: Assistant) -> None:
    other = _ask(bundled, "Luật Cư trú quy định việc nuôi ong lấy mật thế nào")
    assert other.status is not Status.ANSWERED
    own = officer("Thông tư 5/2031/TT-BTC quy định lệ phí gửi thư thế nào")
    assert "Điều 2" in own.citations[0].path[-1] or "Điều 2" in own.text


def test_officers_are_not_sent_to_the_desk_of_citizens(officer: Officer) -> None:
    refused = officer("Điều 1 Luật Vận tải đường thủy")
    nothing = officer("cách trồng lúa nước trên sao Hỏa")
    for answer in (refused, nothing):
        assert "một cửa" not in answer.text
    assert "troly ingest" in refused.text
    assert "pháp chế" in refused.text
    public = Replies(Contacts(), profile=Profile(title="Người dân"))
    assert "một cửa" in public.human
