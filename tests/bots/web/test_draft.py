"""Official papers over the web: the page without JavaScript, and the two routes."""

from __future__ import annotations

import base64
import io
import re
from typing import Any

import docx
import pytest

from tests.assistant.drafting.papers import FORMS


def word(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for cell in table.rows[0].cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def test_a_form_becomes_a_paper(site: Any) -> None:
    form = {"kind": "quyết định", **FORMS["quyet_dinh"]}
    answer = site.http.post("/api/draft", json={"form": form})
    assert answer.status_code == 200
    told = answer.json()
    assert told["missing"] == []
    assert "SỞ Y TẾ" in word(base64.b64decode(told["docx"]))


def test_a_missing_addressee_is_asked(site: Any) -> None:
    told = site.http.post("/api/draft", json={"sentence": "công văn về việc họp"}).json()
    assert told["addressees"] == ["[…]"]
    assert "to" in [each["field"] for each in told["missing"]]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "đúng một"),
        ({"sentence": "xin chào"}, "loại văn bản"),
        ({"form": {"kind": "công văn", "sujbect": "a"}}, "subject"),
    ],
)
def test_what_cannot_be_drafted(site: Any, body: dict[str, Any], says: str) -> None:
    answer = site.http.post("/api/draft", json=body)
    assert answer.status_code == 422
    assert says in answer.json()["error"]["message"]


def test_a_paper_is_checked(site: Any) -> None:
    made = site.http.post("/api/draft", json={"sentence": "công văn về việc họp"}).json()
    told = site.http.post("/api/draft/check", content=base64.b64decode(made["docx"])).json()
    assert "blank" in {each["code"] for each in told["faults"]}
    refused = site.http.post("/api/draft/check", content=b"%PDF-1.7")
    assert refused.status_code == 422
    assert "PDF" in refused.json()["error"]["message"]


def test_the_page(site: Any) -> None:
    assert "Soạn từ một câu" in site.http.get("/draft").text
    assert "attendees:" in site.http.get("/draft?kind=bien_ban").text
    page = site.http.post("/draft", data={"sentence": "công văn về việc <b>họp</b>"}).text
    assert "Văn bản gửi (mời) cơ quan, cá nhân nào?" in page
    assert "<b>họp" not in page
    file = site.http.post("/draft/file", data={"sentence": "công văn về việc họp"})
    assert "attachment" in file.headers["content-disposition"]
    assert "V/v họp" in word(file.content)
    checked = site.http.post("/draft/check", files={"file": ("a.docx", file.content)}).text
    assert re.search(r"\d+ lỗi", checked)
    nothing = site.http.post("/draft/check", files={"file": ("a.docx", b"")})
    assert nothing.status_code == 422


def test_a_blank_form_of_the_page_is_taken_as_it_is(site: Any) -> None:
    page = site.http.get("/draft?kind=quyet_dinh").text
    found = re.search(r'<textarea id="form"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert found
    form = found[1].replace("&quot;", '"').replace("number:", "number: 12", 1)
    answer = site.http.post("/draft", data={"form": form})
    assert answer.status_code == 200
    assert "Đã soạn quyết định" in answer.text
