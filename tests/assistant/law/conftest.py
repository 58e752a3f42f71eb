"""An officer's assistant over a few decrees of an invented post office, one of them internal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from assistant.answering import Assistant
from assistant.config import Config
from assistant.profiles.profile import Profile
from assistant.vocabulary import Answer, Question, Turn
from knowledge_base.file_documents import document_of_file
from knowledge_base.home import Home
from knowledge_base.prepare import ensure_ready
from knowledge_base.readers.plain import read_text
from knowledge_base.scope import Scope, citizen
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record
from tests.knowledge_base.law.test_compare import AMENDING, DECREE

DAY = date(2032, 6, 1)
SETTINGS = KnowledgeSettings(embedder="none", bundled_corpus=False)
LAW = """QUỐC HỘI

Luật số: 3/2030/QH20

LUẬT
BƯU CHÍNH MỚI

Điều 1. Phạm vi điều chỉnh
1. Luật này quy định việc gửi thư.
2. Luật này không quy định việc gửi bưu kiện.

Điều 2. Hiệu lực thi hành
Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2031.
"""
CIRCULAR = """BỘ BƯU CHÍNH

Số: 5/2031/TT-BTC      Hà Nội, ngày 05 tháng 4 năm 2031

THÔNG TƯ
Quy định chi tiết một số điều của Luật Bưu chính mới

Căn cứ Luật Bưu chính mới số 3/2030/QH20;

Điều 1. Phạm vi điều chỉnh
Thông tư này quy định chi tiết khoản 2 Điều 1 của Luật Bưu chính mới.

Điều 2. Lệ phí gửi thư
1. Lệ phí gửi thư trong tỉnh là 4.000 đồng.
2. Lệ phí gửi thư ngoài tỉnh là 6.000 đồng.

Điều 3. Hiệu lực thi hành
Thông tư này có hiệu lực thi hành từ ngày 01 tháng 8 năm 2031.
"""


class Officer:
    """Asks under the profile of civil servants; ``turns`` are what a follow-up builds on."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.turns: tuple[Turn, ...] = ()

    def __call__(self, text: str, *, on: date = DAY, scope: Scope | None = None) -> Answer:
        asked = Question(
            text, scope or citizen(), as_of=on, profile="civil_servant", history=self.turns
        )
        answer = self.assistant.ask(asked, keep=False)
        self.turns = (*self.turns, Turn.of(text, answer))
        return answer


@pytest.fixture(scope="session")
def law_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("post"))
    record = Record(home.record())
    for name, text in (
        ("nd12.txt", DECREE),
        ("nd40.txt", AMENDING),
        ("luat.txt", LAW),
        ("tt5.txt", CIRCULAR),
    ):
        reading = read_text(text.encode())
        record.put(document_of_file(reading, name, collection="thu", labels=("public",)))
    record.close()
    ensure_ready(home, SETTINGS, foreground_seconds=600)
    return home


@pytest.fixture(scope="session")
def law_assistant(law_home: Home) -> Iterator[Assistant]:
    profile = Profile(title="Cán bộ", audience="officers", capability="answer_law")
    config = Config(knowledge_base=SETTINGS, profiles={"civil_servant": profile})
    made = Assistant(KnowledgeBase(law_home, SETTINGS), config, model=None, receipts=None)
    yield made
    made.close()


@pytest.fixture
def officer(law_assistant: Assistant) -> Officer:
    return Officer(law_assistant)
