"""Every line of every matter stands in the article it names, and says no figure of its own."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from assistant.amounts import numbers
from assistant.legal_support.recognise import recognise
from assistant.legal_support.schema import LineFile, MatterError, MatterFile, matters, read
from assistant.legal_support.sources import quote
from assistant.legal_support.told import legal_aid
from knowledge_base.corpus_files import legal_documents
from knowledge_base.documents import Document, Passage
from knowledge_base.law.validity import Verdict
from knowledge_base.legal_text import document_of_legal
from knowledge_base.scope import Scope, citizen
from knowledge_base.vietnamese import tokens

ALL = matters()


@cache
def _documents() -> dict[str, Document]:
    return {document.id: document for document in map(document_of_legal, legal_documents())}


class Bundled:
    """The bundled laws, without a record."""

    def document(self, document_id: str, scope: Scope) -> Document | None:
        return _documents().get(document_id)

    def standing(self, passage: Passage, on: date) -> Verdict:
        raise AssertionError("not asked here")


def _lines(matter: MatterFile) -> list[LineFile]:
    return [line for _, line in matter.lines()]


def test_there_are_matters_of_every_kind() -> None:
    assert len(ALL) >= 25
    assert {matter.group for matter in ALL} == {
        "work", "family", "property", "authority", "traffic", "consumer", "safety", "residence"
    }  # fmt: skip


@pytest.mark.parametrize("matter", ALL, ids=lambda matter: matter.id)
def test_every_line_stands_in_its_article(matter: MatterFile) -> None:
    for line in _lines(matter):
        quoted = quote(line, Bundled(), citizen())
        assert quoted is not None, f"{line.law}, {line.article}: {line.words or 'no such article'}"
        if line.say:
            more = numbers(line.say) - numbers(quoted.citation.quote)
            assert not more, f"{line.law}, {line.article}: {more} is not in the quote"


def test_legal_aid_stands_in_its_law() -> None:
    assert all(quote(line, Bundled(), citizen()) for line in legal_aid())


@pytest.mark.parametrize("matter", ALL, ids=lambda matter: matter.id)
def test_own_words_hold_no_verdict_and_no_promise(matter: MatterFile) -> None:
    own = " ".join([matter.lead, *matter.prepare, *(line.say for line in _lines(matter))]).lower()
    for words in ("anh/chị sẽ được", "chắc chắn", "đủ điều kiện", "anh/chị đúng", "sẽ thắng"):
        assert words not in own


def test_matters_that_stand_back_are_there() -> None:
    known = {matter.id for matter in ALL}
    assert all(set(matter.instead_of) <= known for matter in ALL)


def test_lines_of_earlier_law_come_with_what_replaced_it() -> None:
    """Who asks about today is never told what no longer holds, and nobody is told nothing."""
    today = date(2026, 11, 22)
    for matter in ALL:
        ends = [
            quoted.passage.effective_to
            for line in matter.law
            if (quoted := quote(line, Bundled(), citizen())) is not None
        ]
        assert any(end is None or end >= today for end in ends), matter.id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("công ty nợ lương hai tháng", ["unpaid_wages"]),
        ("hàng xóm lấn đất nhà tôi", ["land_dispute"]),
        ("công ty đuổi việc khi đang mang thai", ["pregnant_dismissal"]),
        ("cha mẹ nuôi phải hơn con nuôi bao nhiêu tuổi", []),
        ("chuyển trường cho con từ lớp 6 cần giấy gì", []),
        ("làm hộ chiếu hết bao nhiêu tiền", []),
        ("", []),
    ],
)
def test_recognised_by_words_that_stand_together(text: str, expected: list[str]) -> None:
    assert [matter.id for matter in recognise(tokens(text))] == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id: x\ntitle: y", "x.yml"),
        ("- a", "x.yml"),
        ("id: [", "x.yml"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "x.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(MatterError, match=complaint):
        read(file)


def test_a_figure_in_our_own_words_is_refused(tmp_path: Path) -> None:
    matter = ALL[0].model_dump(mode="json") | {"lead": "Nộp đơn trong 30 ngày kể từ hôm nay."}
    file = tmp_path / f"{ALL[0].id}.yml"
    file.write_text(yaml.safe_dump(matter, allow_unicode=True), encoding="utf-8")
    with pytest.raises(MatterError, match="figures belong"):
        read(file)
