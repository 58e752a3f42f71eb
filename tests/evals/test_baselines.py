"""What others would build: small, whole, and cited so that the same scorers can judge it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Config
from assistant.errors import ModelUnavailable
from assistant.language_model.port import Prompt
from assistant.language_model.settings import ModelSettings
from evals.errors import MissingData, SubjectError
from evals.subjects import KINDS, kinds
from evals.subjects.bare_model import BareModel, open_bare_model
from evals.subjects.bm25_template import lines, open_bm25
from evals.subjects.port import Reply, Setting
from evals.subjects.quoting import stored
from evals.subjects.tutorial_chain import TutorialChain, _store, open_chain
from evals.vocabulary import AnswerRead
from knowledge_base.home import Home

DAY = date(2026, 1, 5)


class Told:
    """A model that says one thing, and remembers what it was asked."""

    name = "told"

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.asked: list[Prompt] = []
        self.closed = False

    def stream(self, prompt: Prompt, **_: Any) -> Iterator[str]:
        self.asked.append(prompt)
        if self.text is None:
            raise ModelUnavailable("nó không chạy")
        yield from self.text

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def setting(bundled_home: Home, tmp_path: Path) -> Setting:
    return Setting(bundled_home, Config(), tmp_path / "work")


def checked(reply: Reply, subject: Any) -> AnswerRead:
    """The answer as a scorer reads it, with every citation cut out of its source again."""
    answer = AnswerRead.model_validate(reply.answer)
    for cited in answer.citations:
        text = subject.source(cited.document_id, cited.sha256)
        assert hashlib.sha256(text.encode()).hexdigest() == cited.sha256
        assert text[cited.start : cited.end] == cited.quote
        assert hashlib.sha256(cited.quote.encode()).hexdigest() == cited.quote_sha256
    return answer


def test_bm25_names_the_best_document_and_quotes_its_lines(setting: Setting) -> None:
    subject = open_bm25(setting)
    (reply,) = subject.converse(["Thủ tục đăng ký khai sinh cần giấy tờ gì?"], DAY)
    answer = checked(reply, subject)
    assert answer.status == "answered"
    assert answer.citations[0].document_id == "procedure:1.001193"
    assert 1 <= len(answer.citations) <= 5
    for cited in answer.citations:
        assert f"- {cited.quote} [{cited.number}]" in answer.text
    assert (
        reply.answer
        == subject.converse(["Thủ tục đăng ký khai sinh cần giấy tờ gì?"], DAY)[0].answer
    )
    assert subject.source("procedure:1.001193", "0" * 64) is None


@pytest.mark.parametrize("text", ["", "🙂", "qwxz vbnqm"])
def test_bm25_says_when_no_word_is_found(text: str, setting: Setting) -> None:
    (reply,) = open_bm25(setting).converse([text], DAY)
    assert reply.answer["status"] == "no_source"
    assert not reply.answer["citations"]


def test_lines_are_spans_of_the_text() -> None:
    text = "Một\n\n  hai ba \n\tbốn"
    assert [text[start:end] for start, end in lines(text)] == ["Một", "hai ba", "bốn"]


def test_the_chain_puts_four_chunks_before_the_model(setting: Setting) -> None:
    pytest.importorskip("langchain_text_splitters")
    documents, version = stored(setting)
    few = {key: documents[key] for key in ("procedure:1.001193", "procedure:1.001456")}
    folder = setting.work / "chain"
    model = Told("Cần tờ khai.")
    (folder / "half").mkdir(parents=True)  # begun by a run that was killed
    for _ in range(2):  # made, and found again
        store = _store(folder, few, setting)
        subject = TutorialChain(store, model, few, version)
        (reply,) = subject.converse(["Đăng ký khai sinh cần giấy tờ gì?"], DAY)
        answer = checked(reply, subject)
        assert answer.text == "Cần tờ khai."
        assert len(answer.citations) == 4
        assert len({(c.document_id, c.start) for c in answer.citations}) == 4
        assert answer.citations[0].document_id == "procedure:1.001193"
        asked = model.asked[-1].user
        assert asked.startswith("Answer the question based only on the following context:")
        assert all(cited.quote in asked for cited in answer.citations)
        assert "Question: Đăng ký khai sinh cần giấy tờ gì?" in asked
    assert not (folder / "half").exists()
    subject.close()
    assert model.closed


def test_the_model_alone_gets_the_conversation_and_nothing_else() -> None:
    model = Told("Không biết.")
    subject = BareModel(model)
    replies = subject.converse(["Phí?", "Ở đâu?"], DAY)
    assert [reply.answer["text"] for reply in replies] == ["Không biết."] * 2
    assert replies[0].answer["ai_generated"]
    assert model.asked[1].user == "Người dân: Phí?\nTrợ lý: Không biết.\nỞ đâu?"


def test_a_model_that_fails_is_an_error_of_the_sample() -> None:
    with pytest.raises(SubjectError, match="told gave no answer: nó không chạy"):
        BareModel(Told(None)).converse(["Phí?"], DAY)


@pytest.mark.parametrize("start", [open_bare_model, open_chain])
def test_without_a_model_the_baseline_is_skipped_with_a_reason(
    start: Any, setting: Setting, tmp_path: Path
) -> None:
    empty = replace(setting, home=Home(tmp_path / "empty"))
    with pytest.raises(MissingData, match=r"the language model is not ready here: .+"):
        start(empty)
    none = replace(setting, config=Config(model=ModelSettings(kind="none")))
    with pytest.raises(MissingData, match=r"model\.kind: none"):
        start(none)


def test_slow_baselines_are_asked_a_part_of_every_set() -> None:
    roles = {kind.name: (kind.role, kind.most) for kind in KINDS}
    assert roles["bm25"] == ("baseline", 0)
    assert roles["chain"] == roles["model"] == ("baseline", 20)
    assert [kind.name for kind in kinds(["model", "bm25"])] == ["bm25", "model"]
