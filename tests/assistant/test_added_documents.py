"""Answers from what people add: laws, scans and records of the portal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.config import Config, Receipts
from assistant.language_model.scripted import ScriptedModel
from assistant.presentation import FROM_PICTURES, answer_json, sources_text
from assistant.steps.phrase_answer import values_for_model
from assistant.vocabulary import Answer, Question, Status
from bots.card_view import view_of
from bots.web.markup import answer_html
from knowledge_base.file_documents import document_of_file
from knowledge_base.home import Home
from knowledge_base.ingest import Target, ingest_files
from knowledge_base.portal.rows import HEADER as ROWS
from knowledge_base.prepare import ensure_ready
from knowledge_base.readers.plain import read_text
from knowledge_base.scope import citizen
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record
from tests.knowledge_base.portal.portal_records import portal

DECREE = """CHÍNH PHỦ

Số: 12/2021/NĐ-CP      Hà Nội, ngày 05 tháng 3 năm 2021

NGHỊ ĐỊNH
Quy định về nuôi chim bồ câu đưa thư

Chương I
QUY ĐỊNH CHUNG

Điều 1. Phạm vi điều chỉnh
Nghị định này quy định việc nuôi chim bồ câu đưa thư.

Điều 2. Vòng đeo chân
Mỗi chim bồ câu đưa thư phải đeo một vòng nhôm ghi tên chủ nuôi.

Điều 3. Chuồng nuôi
Chuồng nuôi chim bồ câu đưa thư đặt cách nhà ở ít nhất năm mét.

Điều 4. Hiệu lực thi hành
Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2021.
"""
REPEALING = """CHÍNH PHỦ

Số: 9/2024/NĐ-CP      Hà Nội, ngày 02 tháng 01 năm 2024

NGHỊ ĐỊNH
Quy định về trò chơi ngoài trời

Điều 1. Phạm vi điều chỉnh
Nghị định này quy định trò chơi ngoài trời.

Điều 2. Hiệu lực thi hành
1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 3 năm 2024.
2. Bãi bỏ Điều 3 Nghị định số 12/2021/NĐ-CP từ ngày 01 tháng 3 năm 2024.
"""
SCAN = """# Nội quy bến đò ngang

Đò ngang sông Lục chạy từ 5 giờ đến 21 giờ, mỗi lượt chở mười hai khách.
"""

SETTINGS = KnowledgeSettings(embedder="none", bundled_corpus=False)


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    home = Home(tmp_path_factory.mktemp("added"))
    folder = tmp_path_factory.mktemp("files")
    (folder / "chim.md").write_text(DECREE, encoding="utf-8")
    (folder / "tro-choi.txt").write_text(REPEALING, encoding="utf-8")
    records = [
        portal("1.900001", cach_thuc_thuc_hien=f"{ROWS}Trực tiếp7Miễn phí"),
        portal("1.900005", ten_thu_tuc="Cấp thẻ câu cá"),
    ]
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    (folder / "thu-tuc.jsonl").write_text(lines, encoding="utf-8")
    assert not ingest_files([folder], Target(home), SETTINGS).failed
    scan = document_of_file(
        read_text(SCAN.encode()), "noi-quy.pdf", collection="quet", labels=("public",)
    )
    record = Record(home.record())
    record.put(replace(scan, meta={**scan.meta, "ocr": "tesseract 5", "ocr_pages": "1/1"}))
    record.close()
    ensure_ready(home, SETTINGS, foreground_seconds=3600)
    config = Config(knowledge_base=SETTINGS, receipts=Receipts(keep=False))
    made = build_assistant(home, config)
    yield made
    made.close()


def ask(added: Assistant, text: str, as_of: date = date(2026, 8, 1)) -> Answer:
    return added.ask(Question(text, citizen(), as_of=as_of, use_model=False), keep=False)


# --- laws -----------------------------------------------------------------------------------------


def test_a_law_that_was_added_is_cited_by_article_and_name(added: Assistant) -> None:
    answer = ask(added, "Theo Nghị định 12/2021/NĐ-CP chim bồ câu đưa thư phải đeo vòng gì?")
    assert answer.status is Status.ANSWERED
    (source,) = answer.citations[:1]
    assert source.document_number == "12/2021/NĐ-CP"
    assert source.path[-1] == "Điều 2. Vòng đeo chân"
    assert "vòng nhôm" in source.quote
    shown = sources_text(answer.citations[:1])
    assert "Điều 2. Vòng đeo chân" in shown
    assert "nuôi chim bồ câu đưa thư" in shown
    assert FROM_PICTURES not in shown


def test_an_article_that_another_text_repealed_is_not_quoted_as_in_force(added: Assistant) -> None:
    question = "Điều 3 Nghị định 12/2021/NĐ-CP quy định chuồng nuôi chim thế nào?"
    before = ask(added, question, date(2023, 1, 1))
    assert "năm mét" in before.text
    assert "không có hiệu lực" not in before.text
    after = ask(added, question)
    assert "Lưu ý: nội dung này không có hiệu lực vào ngày 01/08/2026." in after.text
    assert "9/2024/NĐ-CP" in after.text
    unnumbered = ask(added, "Quy định chuồng nuôi chim bồ câu đưa thư cách nhà ở bao nhiêu mét?")
    assert "năm mét" not in unnumbered.text


# --- scans ----------------------------------------------------------------------------------------


def test_what_was_read_from_pictures_is_said_to_be(added: Assistant) -> None:
    answer = ask(added, "Nội quy bến đò ngang sông Lục chở mấy khách mỗi lượt?")
    assert answer.citations[0].ocr
    assert answer_json(answer)["citations"][0]["ocr"] is True
    assert FROM_PICTURES in sources_text(answer.citations)
    assert FROM_PICTURES in answer_html(answer, (), "")
    assert "đọc từ ảnh quét nên chữ và số có thể sai" in answer.text


# --- the portal -----------------------------------------------------------------------------------


def test_a_record_of_the_portal_answers_as_a_bundled_card_does(added: Assistant) -> None:
    answer = ask(added, "Thủ tục 1.900005 hết bao nhiêu tiền?")
    assert answer.status is Status.ANSWERED
    assert answer.card is not None
    assert answer.card.code == "1.900005"
    assert "40.000 đồng/giấy phép" in answer.text
    assert {citation.document_id for citation in answer.citations} == {"portal:1.900005"}
    stored = added.source("portal:1.900005", citizen())
    assert stored is not None
    view = view_of(answer.card, answer.citations[0].document_id)
    assert (view.document_id, view.sha256) == (stored.id, stored.sha256)


def test_a_slot_that_could_not_be_read_is_said_so_with_the_words_of_the_source(
    added: Assistant,
) -> None:
    answer = ask(added, "Thủ tục 1.900001 mất bao lâu?")
    assert answer.status is Status.ANSWERED_PARTLY
    assert "chưa đọc được chắc chắn từ nguồn" in answer.text
    assert "Chưa đọc được chắc chắn từ nguồn: thời hạn." in answer.notices[0]
    assert any("nguyên văn trong nguồn: trực tiếp: “7”" in c.quote for c in answer.citations)
    assert "7 ngày" not in answer.text
    assert answer.card is not None
    (block,) = (b for b in view_of(answer.card).blocks if b.slot == "times")
    assert [line.label for line in block.lines] == ["Trực tiếp", "Nguyên văn trong nguồn"]


def test_no_model_words_what_could_not_be_read(added: Assistant) -> None:
    model = ScriptedModel(["Thời hạn giải quyết là [1]."])
    worded = Assistant(added.knowledge, added.config, model=model, receipts=None)
    answer = worded.ask(Question("Thủ tục 1.900001 mất bao lâu?", citizen()), keep=False)
    assert not answer.ai_generated
    assert values_for_model(()) == {}


def test_a_figure_put_forward_is_not_denied_where_the_source_could_not_be_read(
    added: Assistant,
) -> None:
    answer = ask(added, "Thủ tục 1.900001 mất 7 ngày phải không?")
    assert "Không đúng" not in answer.text
    assert "Đúng là" not in answer.text


def test_in_english_too(added: Assistant) -> None:
    answer = ask(added, "1.900001 how long does it take and what does it cost?")
    assert "could not be read for certain" in answer.text
    assert "Processing time, in the source's own words: trực tiếp: “7”" in answer.text
