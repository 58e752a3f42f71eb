"""Every quote of every answer can be cut again from the stored text, now and later."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.citing import cite, holds
from assistant.finish import numbered_lines
from assistant.presentation import answer_json, deterministic_json, sources_text
from assistant.vocabulary import Answer, Line
from knowledge_base.card_text import document_of_card
from knowledge_base.documents import Document
from knowledge_base.home import Home
from knowledge_base.prepare import refresh_index
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

#: Questions of every kind that the bundled corpus answers.
QUESTIONS = [
    "Làm hộ chiếu phổ thông hết bao nhiêu tiền, mấy ngày có?",
    "lam ho chieu o dau",
    "Đăng ký khai sinh cho con cần giấy tờ gì?",
    "dang ky ket hon mat bao lau",
    "Thủ tục đăng ký khai tử",
    "Đăng ký thường trú cần điều kiện gì?",
    "Đăng ký tạm trú hết bao nhiêu tiền?",
    "Tách hộ nộp ở đâu?",
    "Thông báo lưu trú làm thế nào?",
    "Cấp lại thẻ căn cước bị mất hết bao nhiêu tiền?",
    "Làm căn cước cho trẻ dưới 14 tuổi cần gì?",
    "Đổi giấy phép lái xe lệ phí bao nhiêu?",
    "Cấp giấy phép lái xe quốc tế cần giấy tờ gì?",
    "Cấp lại đăng ký xe, biển số xe bị mất ở đâu?",
    "Đăng ký thành lập hộ kinh doanh cần giấy tờ gì?",
    "Tạm ngừng hộ kinh doanh mất bao lâu?",
    "Thành lập công ty cổ phần lệ phí bao nhiêu?",
    "Cấp phiếu lý lịch tư pháp mất bao lâu?",
    "Cấp giấy xác nhận tình trạng hôn nhân ở đâu?",
    "Chứng thực bản sao từ bản chính hết bao nhiêu tiền?",
    "Chứng thực di chúc nộp ở đâu?",
    "Cấp lại sổ đỏ bị mất cần làm gì?",
    "Tách thửa đất nộp hồ sơ ở đâu?",
    "Hưởng chế độ thai sản cần hồ sơ gì?",
    "Rút bảo hiểm xã hội một lần mất bao lâu?",
    "Nhận con nuôi trong nước lệ phí bao nhiêu?",
    "How much does a Vietnamese passport cost?",
    "Thủ tục 1.000894 căn cứ pháp lý nào?",
    "Nghị định 30/2020/NĐ-CP quy định gì?",
    "Luật Căn cước có hiệu lực từ ngày nào?",
    "Hà Giang sáp nhập vào tỉnh nào?",
    "Hiện nay còn cấp huyện không?",
    "Luật Trí tuệ nhân tạo có mấy mức rủi ro?",
    "tổng đài vneid số mấy",
]


@pytest.fixture(scope="module")
def answers(ask: Any) -> dict[str, Answer]:
    return {text: ask(text) for text in QUESTIONS}


@pytest.fixture
def record(bundled_home: Home) -> sqlite3.Connection:
    """The stored texts, read without any code of ours."""
    path = bundled_home.record()
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("text", QUESTIONS)
def test_every_quote_is_where_it_is_said_to_be(
    answers: dict[str, Answer], record: sqlite3.Connection, text: str
) -> None:
    answer = answers[text]
    assert answer.citations, answer.text
    for citation in answer.citations:
        (stored,) = record.execute(
            "SELECT text FROM versions WHERE sha256 = ?", (citation.sha256,)
        ).fetchone()
        assert digest(stored) == citation.sha256
        assert stored[citation.start : citation.end] == citation.quote
        assert digest(citation.quote) == citation.quote_sha256
        (current,) = record.execute(
            "SELECT sha256 FROM documents WHERE id = ?", (citation.document_id,)
        ).fetchone()
        assert current == citation.sha256


@pytest.mark.parametrize("text", QUESTIONS)
def test_numbers_in_the_text_are_those_of_the_sources(
    answers: dict[str, Answer], text: str
) -> None:
    answer = answers[text]
    used = {int(number) for number in re.findall(r"\[(\d+)\]$", answer.text, re.MULTILINE)}
    assert used == {citation.number for citation in answer.citations}
    assert [c.number for c in answer.citations] == list(range(1, len(used) + 1))


@pytest.mark.parametrize("text", [text for text in QUESTIONS if "passport" not in text])
def test_each_line_is_backed_by_the_quote_it_points_to(
    answers: dict[str, Answer], text: str
) -> None:
    answer = answers[text]
    quotes = {c.number: " ".join(c.quote.split()) for c in answer.citations}
    for line in answer.text.splitlines():
        found = re.fullmatch(r"(?:- )?(.*) \[(\d+)\]", line)
        if found:
            assert found[1] in quotes[int(found[2])]


def test_a_procedure_is_cited_from_its_own_card_only(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        if answer.card:
            assert {c.document_id for c in answer.citations} == {f"procedure:{answer.card.code}"}
            assert {c.url for c in answer.citations} == {answer.card.source_of("all").url}


def test_an_answer_without_lines_cites_nothing(ask: Any) -> None:
    for text in ("", "xin chào", "giá vàng hôm nay bao nhiêu", "tôi muốn chết"):
        assert ask(text).citations == ()


def test_the_same_question_gives_the_same_bytes(ask: Any) -> None:
    for text in QUESTIONS[:10]:
        assert deterministic_json(ask(text)) == deterministic_json(ask(text))


def test_a_line_that_has_drifted_from_the_text_is_dropped(
    ask: Any, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between composing and answering the text is looked up once more."""
    monkeypatch.setattr(type(assistant.knowledge), "version", lambda *_: "another text")
    answer = ask("Làm hộ chiếu hết bao nhiêu tiền?")
    assert answer.citations == ()
    assert answer.status == "no_source"


# --- citing -----------------------------------------------------------------------------------


@pytest.fixture
def document() -> Document:
    text = "Dòng một.\nDòng hai.\n\nDòng ba."
    return Document("d", "d", "law", "Văn bản", text, digest(text), number="1/2026")  # type: ignore[arg-type]


def test_a_quote_is_cut_never_typed(document: Document) -> None:
    citation = cite(document, 0, 9, ("Điều 1",))
    assert citation.quote == "Dòng một."
    assert holds(citation, document.text)


def test_an_empty_quote_is_refused(document: Document) -> None:
    with pytest.raises(ValueError, match="empty quote"):
        cite(document, 19, 21, ())


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "Dòng mốt."},
        {"start": 1},
        {"end": 10},
        {"sha256": "0" * 64},
        {"quote_sha256": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_altered_no_longer_holds(document: Document, change: dict[str, Any]) -> None:
    citation = cite(document, 0, 9, ())
    assert not holds(replace(citation, **change), document.text)
    assert not holds(citation, None)
    assert not holds(citation, document.text + " ")


def test_neighbouring_lines_of_a_slot_share_a_citation(document: Document) -> None:
    def line(slot: str, start: int, end: int) -> Line:
        return Line(slot, document.text[start:end], cite(document, start, end, ()))

    citations, numbered = numbered_lines([line("fees", 0, 9), line("fees", 10, 19)])
    assert [c.quote for c in citations] == ["Dòng một.\nDòng hai."]
    assert [number for _, number in numbered] == [1, 1]
    assert holds(citations[0], document.text)
    apart, _ = numbered_lines([line("fees", 0, 9), line("times", 10, 19)])
    assert [c.number for c in apart] == [1, 2]


def test_sources_as_text(document: Document) -> None:
    citation = replace(cite(document, 0, 9, ("Chương I", "Điều 1")), number=1)
    told = sources_text((citation,), quotes=True)
    assert told == "[1] Văn bản · 1/2026 · Chương I › Điều 1\n    “Dòng một.”"


# --- verify -----------------------------------------------------------------------------------


@pytest.fixture
def saved(ask: Any, tmp_path: Path) -> Path:
    """Two answers saved as JSON lines: one of a procedure, one of a law."""
    path = tmp_path / "answers.jsonl"
    asked = ("Đăng ký kết hôn mất bao lâu?", "Luật Căn cước có hiệu lực từ ngày nào?")
    rows = [json.dumps(answer_json(ask(text)), ensure_ascii=False) for text in asked]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def verdicts(out: str) -> dict[str, set[str]]:
    """Verdicts by document."""
    found: dict[str, set[str]] = {}
    for row in json.loads(out)["citations"]:
        found.setdefault(row["document_id"], set()).add(row["verdict"])
    return found


MARRIAGE = "procedure:1.000894"
LAW = "law:26/2023/QH15"


def test_saved_answers_verify(run: Any, saved: Path) -> None:
    done = run("verify", str(saved))
    assert done.code == 0
    assert "trích dẫn đúng" in done.out
    assert set.union(*verdicts(run("verify", "--json", str(saved)).out).values()) == {"ok"}


def test_a_saved_answer_verifies_from_standard_input(run: Any, saved: Path) -> None:
    one = saved.read_text(encoding="utf-8").splitlines()[0]
    assert run("verify", "-", stdin=one).code == 0


def change(home: Home, code: str = "1.000894") -> None:
    """A new version of one bundled document, as an update of the corpus would bring."""
    record = Record(home.record())
    card = record.card(code)
    assert card is not None
    card = replace(card, notes=(*card.notes, "Một lưu ý mới."))
    assert record.put(document_of_card(card), card) == "changed"
    record.close()


def test_after_a_change_and_a_withdrawal(run: Any, saved: Path, own_home: Home) -> None:
    """A superseded quote stands, in the version that was cited; a withdrawn one does not count."""
    assert verdicts(run("verify", "--json", str(saved)).out) == {MARRIAGE: {"ok"}, LAW: {"ok"}}
    change(own_home)
    record = Record(own_home.record())
    assert record.withdraw(LAW)
    record.close()
    done = run("verify", "--json", str(saved))
    assert verdicts(done.out) == {MARRIAGE: {"superseded"}, LAW: {"withdrawn"}}
    assert done.code == 1


@pytest.mark.parametrize(
    ("alter", "verdict"),
    [
        (lambda c: c.update(quote=c["quote"].replace("ngày", "tháng", 1)), "altered"),
        (lambda c: c.update(quote=c["quote"] + " "), "altered"),
        (lambda c: c.update(start=c["start"] + 1), "altered"),
        (lambda c: c.update(end="x"), "altered"),
        (lambda c: c.pop("quote"), "altered"),
        (lambda c: c.update(quote_sha256="0" * 64), "altered"),
        (lambda c: c.update(sha256="0" * 64), "unknown"),
        (lambda c: c.update(document_id="law:1/1900/QH0"), "withdrawn"),
    ],
    ids=["quote", "longer", "start", "end", "missing", "hash of quote", "hash of text", "document"],
)
def test_an_altered_citation_is_caught(
    run: Any, saved: Path, alter: Callable[[dict[str, Any]], object], verdict: str
) -> None:
    rows = [json.loads(line) for line in saved.read_text(encoding="utf-8").splitlines()]
    alter(rows[0]["citations"][-1])
    saved.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    done = run("verify", "--json", str(saved))
    assert done.code == 1
    report = json.loads(done.out)
    assert not report["ok"]
    wrong = [row["verdict"] for row in report["citations"] if row["verdict"] != "ok"]
    assert wrong == [verdict]


# --- replay -----------------------------------------------------------------------------------

PASSPORT = "Làm hộ chiếu hết bao nhiêu tiền?"


def asked(run: Any, *arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run("ask", "--json", *arguments).out)
    return answer


@pytest.mark.parametrize("text", [PASSPORT, "xin chào", "giá vàng hôm nay bao nhiêu?", ""])
def test_a_receipt_replays_byte_for_byte(run: Any, text: str) -> None:
    first = asked(run, text)
    done = run("replay", first["id"], "--json")
    assert done.code == 0, done.err
    again = json.loads(done.out)
    for varying in ("id", "trace"):
        first.pop(varying)
        again.pop(varying)
    assert again == first
    assert "Trùng khớp từng byte" in done.err


def test_the_first_digits_of_an_id_are_enough(run: Any) -> None:
    first = asked(run, PASSPORT)
    assert run("replay", first["id"][:10]).code == 0


def test_a_replay_uses_the_day_of_the_answer(run: Any) -> None:
    first = asked(run, PASSPORT, "--as-of", "2025-01-15")
    again = json.loads(run("replay", first["id"], "--json").out)
    assert again["as_of"] == "2025-01-15"


def test_a_replay_after_a_change_of_the_corpus_says_so(run: Any, own_home: Home) -> None:
    first = asked(run, PASSPORT)
    change(own_home)
    refresh_index(own_home, KnowledgeSettings(), foreground_seconds=600)
    done = run("replay", first["id"])
    assert done.code == 1
    assert "kho tài liệu đã đổi" in done.err


def test_a_replay_of_nothing(run: Any) -> None:
    for receipt in ("abcdef", "*", "", "' OR 1=1 --"):
        done = run("replay", receipt)
        assert done.code == 1
        assert "There is no receipt" in done.err


def test_a_worded_answer_replays_as_its_card(run: Any, tmp_path: Path) -> None:
    run.config.write_text(
        "model: {kind: scripted, replies: ['Lệ phí cấp hộ chiếu là [1].']}\n", encoding="utf-8"
    )
    first = asked(run, PASSPORT)
    assert first["ai_generated"]
    done = run("replay", first["id"], "--json")
    assert done.code == 0, done.err
    assert not json.loads(done.out)["ai_generated"]
