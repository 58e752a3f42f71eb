"""The pages without JavaScript: a form in, escaped HTML out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from assistant.config import Receipts

XSS = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


def test_the_page_is_vietnamese_and_names_a_human_route(site: Any) -> None:
    page = site.http.get("/").text
    assert '<html lang="vi">' in page
    assert 'role="log"' in page
    assert "do AI soạn" in page
    assert site.desk.config.contacts.hotline in page


def test_a_form_gets_the_whole_answer_with_card_sources_and_buttons(site: Any) -> None:
    page = site.http.post("/", data={"message": "Làm hộ chiếu hết bao nhiêu?"}).text
    assert site.assistant.questions[0].use_model is False
    assert "200.000 đồng" in page
    assert f"Mã thủ tục {site.assistant.card.code}" in page
    assert '<button name="press" value="chon:1:0|Nộp ở đâu?">Nộp ở đâu?</button>' in page
    addresses = re.findall(r'href="(/nguon/[^"]+)"', page)
    assert len(addresses) == len(re.findall(r'class="cite"', page)) > 1
    for address in addresses:
        source = site.http.get(address.replace("&amp;", "&")).text
        assert re.search(r"<mark[^>]*>(Phí, lệ phí|Thời hạn)", source)


def test_the_short_link_of_a_chat_tells_another_version_too(site: Any) -> None:
    document = site.assistant.document
    for version, same in ((document.sha256[:12], True), ("0" * 12, False)):
        page = site.http.get(f"/nguon/{document.id}?start=0&end=5&v={version}").text
        assert ("đã được cập nhật sau" in page) is not same


def test_the_form_remembers_the_conversation(site: Any) -> None:
    page = site.http.post("/", data={"message": "Làm hộ chiếu hết bao nhiêu?"}).text
    (session,) = set(re.findall(r'name="session" value="([^"]+)"', page))
    site.http.post("/", data={"message": "nộp ở đâu?", "session": session})
    assert len(site.assistant.questions[1].history) == 1


def test_nothing_that_was_typed_or_stored_becomes_markup(site: Any) -> None:
    site.assistant.card = replace(site.assistant.card, where=XSS, name=f"Tên {XSS}")
    page = site.http.post("/", data={"message": XSS, "session": XSS}).text
    document = replace(
        site.assistant.document, id="x", text=f"a {XSS} b", title=XSS, url="javascript:alert(1)"
    )
    site.assistant.documents["x"] = document
    source = site.http.get("/nguon/x?start=2&end=10").text
    for html in (page, source):
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "javascript:" not in html
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "body", [b"message=%FF%FE", b"\xff\xfe", b"a=1&" * 50, b"message=" + b"a" * 70_000]
)
def test_a_bad_form_is_refused_with_a_sentence(site: Any, body: bytes) -> None:
    response = site.http.post("/", content=body)
    assert 400 <= response.status_code < 500
    assert response.json()["error"]["message"].endswith(".")


def test_a_form_without_a_message_is_an_empty_question(site: Any) -> None:
    assert site.http.post("/", content=b"").status_code == 200
    assert site.assistant.questions[0].text == ""


def test_a_source_page_refuses_like_the_api(site: Any) -> None:
    missing, hidden = site.http.get("/nguon/khong-co"), site.http.get("/nguon/noi-bo/1")
    assert missing.status_code == hidden.status_code == 404
    assert missing.text == hidden.text
    name = quote(site.assistant.document.id, safe="")
    assert site.http.get(f"/nguon/{name}?start=9&end=1").status_code == 400
    assert "đã được cập nhật" in site.http.get(f"/nguon/{name}?sha256=0").text


def test_the_page_says_truly_what_is_kept(site: Any) -> None:
    days = site.desk.config.receipts.days
    assert f"lưu {days} ngày" in site.http.get("/").text
    nothing = Receipts(keep=False)
    site.desk.config = site.desk.config.model_copy(update={"receipts": nothing})
    assert "tự xóa sau một ngày" in site.http.get("/").text
