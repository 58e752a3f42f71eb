"""Before and after: an amended decree, two laws of one matter, words and places that changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

import troly
from knowledge_base.file_documents import document_of_file
from knowledge_base.home import Home
from knowledge_base.law.amendments import amendments_of
from knowledge_base.law.library import Library
from knowledge_base.law.shelves import Shelves
from knowledge_base.law.text_on import article_on
from knowledge_base.readers.plain import read_text
from knowledge_base.store import Record

DECREE = """CHÍNH PHỦ

Số: 12/2031/NĐ-CP      Hà Nội, ngày 05 tháng 3 năm 2031

NGHỊ ĐỊNH
Quy định về việc gửi thư

Điều 1. Phạm vi điều chỉnh
1. Nghị định này quy định việc gửi thư trong nước.
2. Không áp dụng với bưu kiện:
a) Trên 20 kg;
b) Có động vật sống;
c) Có chất nổ.
3. Bưu cục xã nhận thư trong giờ hành chính.

Điều 2. Tem
1. Thư có tem.
2. Tem do Bộ Bưu chính phát hành.

Điều 3. Thời hạn phát thư
Thư được phát trong 05 ngày làm việc.

Điều 4. Hiệu lực thi hành
Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2031.

Nơi nhận:
- Lưu: VT.
"""
AMENDING = """CHÍNH PHỦ

Số: 40/2032/NĐ-CP      Hà Nội, ngày 02 tháng 01 năm 2032

NGHỊ ĐỊNH
Sửa đổi, bổ sung một số điều của Nghị định số 12/2031/NĐ-CP

Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 12/2031/NĐ-CP
1. Sửa đổi, bổ sung một số điểm, khoản của Điều 1 như sau:
a) Sửa đổi, bổ sung điểm a khoản 2 như sau:
“a) Trên 30 kg;”
b) Bổ sung khoản 2a vào sau khoản 2 như sau:
“2a. Bưu kiện dễ vỡ phải được gói kín.”
2. Sửa đổi, bổ sung Điều 2 như sau:
“Điều 2. Tem
1. Thư không cần tem.
2. Tem do Bộ Bưu chính phát hành.”
3. Bổ sung Điều 3a vào sau Điều 3 như sau:
“Điều 3a. Thư điện tử
Thư điện tử được gửi như thư giấy.”

Điều 2. Thay thế cụm từ, bãi bỏ một số quy định của Nghị định số 12/2031/NĐ-CP
1. Thay thế cụm từ “Bưu cục xã” bằng cụm từ “Bưu cục cấp xã” tại khoản 3 Điều 1.
2. Bãi bỏ điểm c khoản 2 Điều 1.

Điều 3. Hiệu lực thi hành
Nghị định này có hiệu lực thi hành từ ngày 01 tháng 3 năm 2032.
"""
NEW = """CHÍNH PHỦ

Số: 7/2033/NĐ-CP      Hà Nội, ngày 05 tháng 3 năm 2033

NGHỊ ĐỊNH
Quy định về thư và bưu kiện

Điều 1. Đối tượng áp dụng
Nghị định này áp dụng với người gửi thư và người gửi bưu kiện ở mọi nơi trong nước ta.

Điều 2. Thời hạn phát thư
Thư được phát trong 03 ngày làm việc.

Điều 3. Tem
1. Thư có tem.
2. Tem do Bộ Bưu chính phát hành.

Điều 4. Hiệu lực thi hành
1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2033.
2. Nghị định này thay thế Nghị định số 12/2031/NĐ-CP.

Nơi nhận:
- Lưu: VT.
"""
ON = date(2034, 1, 1)


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("laws"))
    record = Record(home.record())
    for name, text in (("nd12.txt", DECREE), ("nd40.txt", AMENDING), ("nd7.txt", NEW)):
        reading = read_text(text.encode())
        record.put(document_of_file(reading, name, collection="thu", labels=("public",)))
    record.close()
    return home


@pytest.fixture
def library(laws: Home) -> Library:
    return Library(Shelves(Record(laws.record())))


def call(home: Home, *words: str) -> Result:
    return CliRunner().invoke(troly.app, ["--home", str(home.path), "law", *words])


def compared(home: Home, *words: str) -> dict[str, Any]:
    done = call(home, "compare", *words, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def changes(found: dict[str, Any], article: str) -> list[tuple[str, str, str]]:
    """``(change, name before, name after)`` of the rows of one article."""
    one = next(
        a
        for a in found["articles"]
        if article in {s["article"] for s in (a["before"], a["after"]) if s}
    )
    name = {None: ""}
    return [
        (
            row["change"],
            name.get(row["before"], "") if row["before"] is None else _name(row["before"]),
            "" if row["after"] is None else _name(row["after"]),
        )
        for row in one["rows"]
        if row["change"] != "same"
    ]


def _name(piece: dict[str, Any]) -> str:
    return f"{piece['clause']}{piece['point']}"


def test_an_amending_decree_orders_place_by_place(library: Library) -> None:
    document = library.document("file:thu/nd40.txt")
    assert document is not None
    found = amendments_of(document, "12/2031/nd-cp")
    assert [(a.act, str(a.place), a.swaps) for a in found] == [
        ("replace", "điểm a khoản 2 Điều 1", ()),
        ("add", "khoản 2a Điều 1", ()),
        ("replace", "Điều 2", ()),
        ("add", "Điều 3a", ()),
        ("words", "khoản 3 Điều 1", (("Bưu cục xã", "Bưu cục cấp xã"),)),
        ("drop", "điểm c khoản 2 Điều 1", ()),
    ]
    for amendment in found:
        for piece in (*amendment.pieces, amendment.said):
            assert document.text[piece.start : piece.end] == piece.text


def test_before_and_after_an_amendment(laws: Home) -> None:
    found = compared(laws, "12/2031/NĐ-CP", "--before", "2032-01-01", "--after", "2032-06-01")
    assert changes(found, "1") == [
        ("changed", "2a", "2a"),
        ("dropped", "2c", ""),
        ("added", "", "2a"),
    ]
    assert changes(found, "2") == [("changed", "1", "1")]
    article = next(a for a in found["articles"] if a["after"]["article"] == "1")
    assert article["swaps"][0]["words"] == [["Bưu cục xã", "Bưu cục cấp xã"]]
    assert article["after"]["by"] == ["40/2032/NĐ-CP"]
    assert any("kho chưa có văn bản hợp nhất" in remark for remark in found["remarks"])


def test_every_quote_is_a_span_of_a_stored_text(laws: Home) -> None:
    record = Record(laws.record())
    found = compared(laws, "12/2031/NĐ-CP", "40/2032/NĐ-CP")
    pieces = [
        p for a in found["articles"] for r in a["rows"] for p in (r["before"], r["after"]) if p
    ]
    assert len(pieces) > 5
    for piece in pieces:
        text = record.version(piece["sha256"])
        assert text is not None
        assert text[piece["start"] : piece["end"]] == piece["text"]


def test_a_document_and_its_own_amendment(laws: Home) -> None:
    there = compared(laws, "12/2031/NĐ-CP", "40/2032/NĐ-CP")
    back = compared(laws, "40/2032/NĐ-CP", "12/2031/NĐ-CP")
    assert there["before"]["number"] == back["before"]["number"] == "12/2031/NĐ-CP"
    assert changes(there, "2") == [("changed", "1", "1")]


def test_the_words_that_changed_are_marked(laws: Home) -> None:
    found = compared(laws, "12/2031/NĐ-CP", "40/2032/NĐ-CP", "--article", "2")
    row = next(r for r in found["articles"][0]["rows"] if r["change"] == "changed")
    (mark,) = row["marks"]
    assert row["before"]["text"][slice(*mark["before"])] == "có"
    assert row["after"]["text"][slice(*mark["after"])] == "không cần"
    shown = call(laws, "compare", "12/2031/NĐ-CP", "40/2032/NĐ-CP", "--article", "2").stdout
    assert "1. Thư [-có-] tem." in shown
    assert "1. Thư {+không cần+} tem." in shown


def test_two_laws_are_paired_by_what_they_say(laws: Home) -> None:
    found = compared(laws, "12/2031/NĐ-CP", "7/2033/NĐ-CP")
    pairs = [
        (a["before"] and a["before"]["article"], a["after"] and a["after"]["article"])
        for a in found["articles"]
    ]
    assert ("3", "2") in pairs
    assert ("2", "3") not in pairs or changes(found, "2")  # amended before it was replaced
    assert (None, "1") in pairs
    assert found["before"]["as_of"] == "2033-06-30"


def test_an_article_that_an_amendment_put_in(library: Library) -> None:
    found = library.find("12/2031/NĐ-CP", ON)
    text = article_on(library.shelves, found, "3a", date(2032, 6, 1))
    assert text is not None
    assert [piece.text for piece in text.pieces] == ["Thư điện tử được gửi như thư giấy."]
    assert article_on(library.shelves, found, "3a", date(2032, 1, 1)) is None


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["12/2031/NĐ-CP", "12/2031/NĐ-CP"], 2, "--before"),
        (["12/2031/NĐ-CP", "--before", "2033-01-01", "--after", "2032-01-01"], 2, "phải sớm hơn"),
        (["7/2033/NĐ-CP"], 1, "Chưa thấy văn bản nào sửa đổi"),
        (["12/2031/NĐ-CP", "--article", "99"], 1, "không có Điều 99"),
        (["12/2030/NĐ-CP"], 1, "12/2031/NĐ-CP"),
        (["12/2031/NĐ-CP", "--before", "hôm qua"], 2, "2026-07-01"),
    ],
)
def test_what_cannot_be_compared_is_said(
    laws: Home, words: list[str], code: int, said: str
) -> None:
    done = call(laws, "compare", *words)
    assert done.exit_code == code
    assert said in " ".join(done.output.split())


def test_the_page_is_escaped_and_marked(laws: Home, tmp_path: Path) -> None:
    out = tmp_path / "so-sanh.html"
    done = call(laws, "compare", "12/2031/NĐ-CP", "40/2032/NĐ-CP", "--html", str(out))
    assert done.exit_code == 0, done.output
    page = out.read_text("utf-8")
    assert "<del>có</del>" in page
    assert "<ins>không cần</ins>" in page
    nowhere = call(laws, "compare", "12/2031/NĐ-CP", "40/2032/NĐ-CP", "--html", "/nowhere/x.html")
    assert nowhere.exit_code == 2
