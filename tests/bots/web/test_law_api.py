"""Legal documents over HTTP: shown, compared, with what guides them, listed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge_base.file_documents import document_of_file
from knowledge_base.readers.plain import read_text
from knowledge_base.store import Record

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
DECREE = """CHÍNH PHỦ

Số: 12/2031/NĐ-CP      Hà Nội, ngày 05 tháng 3 năm 2031

NGHỊ ĐỊNH
Quy định chi tiết một số điều của Luật Bưu chính mới

Căn cứ Luật Bưu chính mới số 3/2030/QH20;

Điều 1. Phạm vi điều chỉnh
Nghị định này quy định chi tiết khoản 2 Điều 1 của Luật Bưu chính mới.

Điều 2. Hiệu lực thi hành
Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2031.
"""


@pytest.fixture
def law_site(site: Any, tmp_path: Path) -> Iterator[Any]:
    record = Record(tmp_path / "laws.sqlite")
    for name, text, labels in (
        ("luat.txt", LAW, ("public",)),
        ("nd.txt", DECREE, ("public",)),
        ("noi-bo.txt", DECREE.replace("12/2031", "13/2031"), ("noi-bo/1",)),
    ):
        reading = read_text(text.encode())
        record.put(document_of_file(reading, name, collection="thu", labels=labels))
    site.assistant.laws = record
    yield site
    site.assistant.laws = None


def test_a_clause_is_shown(law_site: Any) -> None:
    asked = {"number": "luật bưu chính mới", "article": "1", "clause": "2", "as_of": "2032-01-01"}
    told = law_site.http.get("/api/law/show", params=asked).json()
    assert told["number"] == "3/2030/QH20"
    assert told["article"]["text"] == "2. Luật này không quy định việc gửi bưu kiện."
    assert told["article"]["validity"]["state"] == "in_force"


def test_guides_and_lists_leave_out_what_the_sender_may_not_see(law_site: Any) -> None:
    told = law_site.http.get("/api/law/guides", params={"number": "3/2030/QH20"}).json()
    assert [(g["number"], g["guided"]) for g in told["guides"]] == [
        ("12/2031/NĐ-CP", ["khoản 2 Điều 1"])
    ]
    asked = {"kind": ["nghi-dinh"], "authority": "chinh phu", "year": "2031"}
    listed = law_site.http.get("/api/law/list", params=asked).json()
    assert [d["number"] for d in listed["documents"]] == ["12/2031/NĐ-CP"]
    hidden = law_site.http.get("/api/law/show", params={"number": "13/2031/NĐ-CP"})
    assert hidden.status_code == 404
    assert "13/2031" not in str(hidden.json()["choices"])


def test_what_is_not_there_or_asked_wrongly(law_site: Any) -> None:
    get = law_site.http.get
    assert get("/api/law/show", params={"number": "3/2029/QH20"}).json()["choices"]
    assert get("/api/law/show").status_code == 422
    same = get("/api/law/compare", params={"a": "3/2030/QH20", "b": "luật bưu chính mới"})
    assert same.status_code == 422
    assert same.json()["error"]["code"] == "wrong_use"
    wrong = get("/api/law/list", params={"year": "năm ngoái"})
    assert wrong.status_code == 422
    assert get("/api/law/show", params={"number": "x" * 500}).status_code == 422


def test_without_a_record_it_says_so(site: Any) -> None:
    assert site.http.get("/api/law/show", params={"number": "1/2020/NĐ-CP"}).status_code == 503
