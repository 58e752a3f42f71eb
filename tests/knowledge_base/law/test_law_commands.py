"""`troly law show` and `troly law history` over a record with files, codified articles and "
"cards."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

import troly
from knowledge_base.documents import Validity
from knowledge_base.file_documents import document_of_file, document_of_line
from knowledge_base.home import Home
from knowledge_base.law.graph import Graph
from knowledge_base.law.view import law
from knowledge_base.readers.beir import parse
from knowledge_base.readers.plain import read_text
from knowledge_base.store import Record

DECREE = """CHÍNH PHỦ

Số: 12/2031/NĐ-CP      Hà Nội, ngày 05 tháng 3 năm 2031

NGHỊ ĐỊNH
Quy định về việc gửi thư

Căn cứ Luật Bưu chính số 49/2010/QH12;

Chương I
QUY ĐỊNH CHUNG

Điều 1. Phạm vi điều chỉnh
1. Nghị định này quy định việc gửi thư.
2. Không áp dụng với bưu kiện:
a) Trên 20 kg.

Điều 2. Tem
Thư có tem.

Chương II
ĐIỀU KHOẢN THI HÀNH

Điều 3. Hiệu lực thi hành
1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2031.
2. Nghị định này thay thế Nghị định số 7/2020/NĐ-CP.

Nơi nhận:
- Lưu: VT.
"""
AMENDING = """CHÍNH PHỦ

Số: 40/2032/NĐ-CP      Hà Nội, ngày 02 tháng 01 năm 2032

NGHỊ ĐỊNH
Sửa đổi, bổ sung một số điều của Nghị định số 12/2031/NĐ-CP

Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 12/2031/NĐ-CP
1. Sửa đổi, bổ sung Điều 2 như sau:
“Điều 2. Tem
Thư không cần tem.”

Điều 2. Hiệu lực thi hành
Nghị định này có hiệu lực thi hành từ ngày 01 tháng 3 năm 2032.
"""


def codified(article: str, change: str = "") -> str:
    note = f"(Điều {article} Nghị định số 7/2020/NĐ-CP, có hiệu lực từ ngày 01/02/2020{change})"
    line = {
        "_id": f"9.1.NĐ.1.{article}",
        "title": f"Tên điều {article}",
        "text": f"1. Câu một của điều {article}.\n2. Câu hai.",
        "meta": {"doc_number": "07/2020/NĐ-CP", "article": article, "source_note": note},
    }
    return json.dumps(line, ensure_ascii=False)


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("laws"))
    record = Record(home.record())
    for name, text in (("nd12.txt", DECREE), ("nd40.txt", AMENDING)):
        reading = read_text(text.encode())
        record.put(document_of_file(reading, name, collection="thu", labels=("public",)))
    change = ", bị bãi bỏ bởi Điều 4 Nghị định số 9/2025/NĐ-CP có hiệu lực từ ngày 01/06/2025"
    for number, line in enumerate((codified("1"), codified("2", change)), 1):
        read = parse(line, number)
        record.put(document_of_line(read, collection="phap", labels=("public",)))
    record.close()
    return home


def call(home: Home, *words: str) -> Result:
    return CliRunner().invoke(troly.app, ["--home", str(home.path), "law", *words])


def answer(home: Home, *words: str) -> dict[str, Any]:
    done = call(home, *words, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_file_becomes_a_law_with_number_days_and_paths(laws: Home) -> None:
    found = Record(laws.record()).document("file:thu/nd12.txt")
    assert found is not None
    assert (found.number, found.effective_from) == ("12/2031/NĐ-CP", date(2031, 7, 1))
    assert found.title == "Nghị định quy định về việc gửi thư"
    assert ("Chương II. ĐIỀU KHOẢN THI HÀNH", "Điều 3. Hiệu lực thi hành") in [
        s.path for s in found.sections
    ]
    assert ("replaces", "7/2020/NĐ-CP") in [(r.kind, r.target) for r in found.relations]


def test_show_a_document_by_any_spelling(laws: Home) -> None:
    for spelling in ("12/2031/NĐ-CP", "nđ 12/2031", "nghị định 12 năm 2031"):
        done = call(laws, "show", spelling, "--as-of", "2031-08-01")
        assert done.exit_code == 0
        assert "3 điều trong kho" in done.stdout
        assert "Ngày 01/08/2031: còn hiệu lực." in done.stdout
        assert "thay thế 7/2020/NĐ-CP" in done.stdout


def test_show_an_article_and_a_clause(laws: Home) -> None:
    found = answer(laws, "show", "12/2031/NĐ-CP", "--article", "1")["article"]
    assert found["path"] == ["Chương I. QUY ĐỊNH CHUNG", "Điều 1. Phạm vi điều chỉnh"]
    assert [c["label"] for c in found["clauses"]] == ["1", "2"]
    assert found["clauses"][1]["points"][0]["text"] == "a) Trên 20 kg."
    stored = Record(laws.record()).version(found["sha256"])
    assert stored is not None
    assert stored[found["start"] : found["end"]].strip() == found["text"]
    one = call(laws, "show", "12/2031/NĐ-CP", "--article", "1", "--clause", "2")
    assert "Không áp dụng với bưu kiện" in one.stdout
    assert "quy định việc gửi thư." not in one.stdout


def test_validity_on_a_day(laws: Home) -> None:
    def state(number: str, article: str, day: str) -> str:
        shown = answer(laws, "show", number, "--article", article, "--as-of", day)
        return str(shown["article"]["validity"]["state"])

    assert state("12/2031/NĐ-CP", "2", "2031-06-30") == "not_in_force"
    assert state("12/2031/NĐ-CP", "2", "2032-06-30") == "in_force"
    assert state("7/2020/NĐ-CP", "2", "2025-05-31") == "in_force"
    assert state("7/2020/NĐ-CP", "2", "2025-06-01") == "not_in_force"
    # The whole decree is replaced by a file that was read later.
    assert state("7/2020/NĐ-CP", "1", "2031-06-30") == "in_force"
    assert state("7/2020/NĐ-CP", "1", "2031-07-01") == "not_in_force"


def test_an_amended_article_says_that_its_text_is_older(laws: Home) -> None:
    shown = answer(laws, "show", "12/2031/NĐ-CP", "--article", "2", "--as-of", "2032-06-30")
    assert shown["article"]["validity"]["text"] == "older"
    assert shown["article"]["events"][0]["by"] == "40/2032/NĐ-CP"
    before = answer(laws, "show", "12/2031/NĐ-CP", "--article", "2", "--as-of", "2031-12-30")
    assert before["article"]["validity"]["text"] == "as_stored"


def test_history_in_order(laws: Home) -> None:
    done = call(laws, "history", "12/2031/NĐ-CP")
    lines = [line for line in done.stdout.splitlines() if line.startswith("- ")]
    assert lines[:3] == [
        "- 05/03/2031: ban hành",
        "- 01/07/2031: có hiệu lực",
        "- 01/03/2032: Điều 2 được sửa đổi, bổ sung bởi 40/2032/NĐ-CP",
    ]
    one = answer(laws, "history", "7/2020/NĐ-CP", "--article", "2")
    assert [(e["kind"], e["by"]) for e in one["events"]] == [
        ("repealed_by", "9/2025/NĐ-CP"),
        ("replaced_by", "12/2031/NĐ-CP"),
    ]


def test_bundled_laws_are_there_too(laws: Home) -> None:
    done = call(laws, "show", "30/2020/NĐ-CP", "--article", "5")
    assert done.exit_code == 0
    assert "không phải nguyên văn" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show", "12/2033/NĐ-CP"), 1, "12/2031/NĐ-CP"),
        (("show", "9/2025/NĐ-CP"), 1, "không có văn bản"),
        (("show", "12/2031/NĐ-CP", "--article", "9"), 1, "không có Điều 9"),
        (("show", "12/2031/NĐ-CP", "--article", "1", "--clause", "7"), 1, "không có khoản 7"),
        (("show", "12/2031/NĐ-CP", "--as-of", "hôm nay"), 2, "2026-07-01"),
        (("show", "12/2031/NĐ-CP", "--clause", "1"), 2, "--article"),
        (("history", "xyz"), 1, "không có văn bản"),
    ],
)
def test_errors_say_what_to_do(laws: Home, words: tuple[str, ...], code: int, said: str) -> None:
    done = call(laws, *words)
    assert done.exit_code == code
    assert said in done.stderr


def test_a_withdrawn_document_does_nothing_any_more(tmp_path: Path, laws: Home) -> None:
    record = Record(tmp_path / "record.sqlite")
    for line in (codified("1"),):
        record.put(document_of_line(parse(line, 1), collection="phap", labels=("public",)))
    reading = read_text(DECREE.encode())
    record.put(document_of_file(reading, "a.txt", collection="thu", labels=("public",)))
    day = date(2031, 12, 1)
    before = law(record, "7/2020/nd-cp")
    assert before is not None
    assert before.verdict(day).validity is Validity.NOT_IN_FORCE
    record.withdraw("file:thu/a.txt")
    after = law(record, "7/2020/nd-cp")
    assert after is not None
    assert after.verdict(day).validity is Validity.IN_FORCE
    assert Graph(record).incoming("7/2020/nd-cp") == []
