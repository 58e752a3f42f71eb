"""Two files compared over the web, on the page and by programs; nothing of them stays."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import docx
import pytest

from bots.web import sent_files
from bots.web.errors import Refused
from bots.web.sent_files import parts_of
from tests.bots.web.test_conflicts import A, B


def word(text: str) -> bytes:
    paper, made = docx.Document(), io.BytesIO()
    paper.add_paragraph(text)
    paper.save(made)
    return made.getvalue()


def test_two_files(site: Any) -> None:
    files = {"a": ("một.docx", word(A)), "b": ("hai.txt", B.encode())}
    told = site.http.post("/api/conflicts", files=files).json()
    (found,) = told["findings"]
    assert (found["a"]["said"], found["b"]["said"]) == ("15 ngày", "20 ngày")
    assert [told[side]["source"] for side in "ab"] == ["một.docx", "hai.txt"]
    page = site.http.post("/conflicts", files=files)
    assert "<mark>20 ngày</mark>" in page.text
    assert "một.docx" in page.text


def test_a_file_and_words(site: Any) -> None:
    told = site.http.post("/api/conflicts", files={"a": ("a.txt", A.encode())}, data={"b": B})
    assert len(told.json()["findings"]) == 1
    # A browser sends an empty file where none was chosen.
    form = {"a": ("", b""), "b": ("", b"")}
    page = site.http.post("/conflicts", files=form, data={"a": A, "b": B + " <b>x</b>"})
    assert "<mark>20 ngày</mark>" in page.text
    assert "<b>x" not in page.text


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.exe", b"MZ", ".docx"),
        ("a.docx", b"", "rỗng"),
        ("a.docx", b"PK\x03\x04", "hỏng"),
        ("a.pdf", b"%PDF-1.4 nothing", "hỏng"),
        ("a.txt", "TỐI MẬT\n\nNội dung văn bản này dài hơn một dòng.".encode(), "mật"),
        ("../../a<script>.txt", b"", "a&lt;script&gt;.txt"),
        ("a.txt", b"x" * (11 * 1024 * 1024), "tách nhỏ"),
    ],
)
def test_what_cannot_be_compared_is_said(site: Any, name: str, data: bytes, says: str) -> None:
    files = {"a": (name, data), "b": ("b.txt", B.encode())}
    page = site.http.post("/conflicts", files=files)
    assert page.status_code in (413, 422)
    assert says in page.text
    assert "<script>" not in page.text
    told = site.http.post("/api/conflicts", files=files)
    assert told.status_code == page.status_code
    assert "van-ban-a" not in told.text


def test_nothing_is_left_behind(site: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sent_files, "_SHARED", tmp_path / "none")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    files = {"a": ("a.docx", word(A)), "b": ("b.docx", b"broken")}
    site.http.post("/api/conflicts", files=files)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"x"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"--b\r\nno end"),
        ("multipart/form-data; boundary=b", b"--b\r\nno blank line\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\nX: 1\r\n\r\ndata\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\nX: 1\r\n\r\nd" * 40 + b"\r\n--b--"),
    ],
)
def test_what_is_no_form_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(Refused):
        parts_of(kind, body)


def test_parts_come_as_they_were_sent() -> None:
    data = bytes(range(256)) + b"\r\n--almost\r\n"
    body = (
        b'--b\r\nContent-Disposition: form-data; name="a"; filename="t\xc3\xaan.txt"\r\n'
        b"Content-Type: x\r\n\r\n" + data + b"\r\n--b\r\n"
        b"content-disposition: form-data; name=b; filename*=UTF-8''t%C3%AAn\r\n\r\n\r\n"
        b'--b\r\nContent-Disposition: form-data; name="c"\r\n\r\nch\xe1\xbb\xaf\r\n--b--\r\n'
    )
    first, second, third = parts_of("multipart/form-data; boundary=b", body)
    assert (first.name, first.file, first.data) == ("a", "tên.txt", data)
    assert (second.file, second.data) == ("tên", b"")
    assert (third.name, third.text, third.file) == ("c", "chữ", "")
