"""Uploads over HTTP: an officer's own, and nothing of them anywhere else."""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import docx
import httpx
import pytest

from assistant.access.access import Access
from assistant.config import Config, Limits
from assistant.uploads.settings import UploadSettings
from assistant.uploads.workbench import Workbench
from bots.web.desk import Desk
from knowledge_base.home import Home
from knowledge_base.settings import KnowledgeSettings
from tests.bots.web.conftest import signed_in

CANARIES = ("Zyqora", "Bravixen", "Kestimol")
NAME = f"Quyết định kỷ luật {CANARIES[0]}.txt"
TEXT = (
    f"QUYẾT ĐỊNH\nVề việc xử lý {CANARIES[1]}\n\nĐiều 1. Thời hạn\n"
    f"1. Thời hạn trả kết quả cho {CANARIES[2]} là 07 ngày làm việc.\n"
    "2. Tỷ lệ hồ sơ đúng hạn năm 2025 đạt 91,5%.\n\nĐiều 2. Hiệu lực\n"
    "Quyết định này có hiệu lực từ ngày 01 tháng 7 năm 2026.\n"
)


@pytest.fixture
def workplace(access: Access, new_site: Any, tmp_path: Path) -> Iterator[Any]:
    config = Config(
        limits=Limits(concurrent_answers=2),
        knowledge_base=KnowledgeSettings(embedder="none", ocr="off"),
        uploads=UploadSettings(largest_mb=1, most=4),
    )
    desk = Desk(config, heartbeat=0.2)
    desk.access = access
    desk.workbench = Workbench(Home(tmp_path / "home").for_officers(), config)
    running = new_site(desk)
    yield running
    running.stop()


def put(client: httpx.Client, data: bytes | str = TEXT, name: str = NAME) -> httpx.Response:
    body = data.encode() if isinstance(data, str) else data
    return client.post("/api/uploads", content=body, headers={"X-File-Name": quote(name)})


def folder_of(site: Any) -> Path:
    found: Path = site.desk.workbench.store.folder
    return found


def test_a_document_is_uploaded_asked_shown_and_deleted(workplace: Any, access: Access) -> None:
    with closing(signed_in(workplace, access)) as lan:
        made = put(lan)
        assert made.status_code == 201
        upload = made.json()["upload"]
        assert (upload["name"], upload["articles"]) == (NAME, 2)
        assert put(lan).json() == {"upload": upload, "already": True}
        told = lan.get("/api/uploads").json()
        assert (told["uploads"], told["keep_hours"]) == ([upload], 24.0)
        asked = {"question": "Thời hạn trả kết quả là bao lâu?", "uploads": [upload["id"]]}
        answer = lan.post("/api/uploads/ask", json=asked).json()
        (first, *_) = answer["citations"]
        assert "07 ngày làm việc" in first["quote"]
        assert first["document_id"] == f"upload:{upload['id']}"
        shown = lan.get(
            f"/api/uploads/{upload['id']}?start={first['start']}&end={first['end']}"
        ).json()
        assert shown["slice"]["quote"] == first["quote"]
        assert shown["sha256"] == first["sha256"]
        assert lan.delete(f"/api/uploads/{upload['id']}").json() == {"deleted": 1}
        assert lan.delete(f"/api/uploads/{upload['id']}").json() == {"deleted": 0}
        gone = lan.post("/api/uploads/ask", json=asked)
        assert gone.status_code == 404
        assert "tải lên lại" in gone.json()["error"]["message"]
    assert [path.name for path in folder_of(workplace).rglob("*") if path.is_file()] == ["key"]


def test_another_officer_finds_nothing_of_it(workplace: Any, access: Access) -> None:
    with (
        closing(signed_in(workplace, access)) as lan,
        closing(signed_in(workplace, access, "hoa")) as hoa,
    ):
        one = put(lan).json()["upload"]["id"]
        assert hoa.get("/api/uploads").json()["uploads"] == []
        chosen = {"question": "Thời hạn?", "uploads": [one]}
        answers = [
            hoa.get(f"/api/uploads/{one}"),
            hoa.post("/api/uploads/ask", json=chosen),
            hoa.post("/api/uploads/figures", json=chosen),
            hoa.post("/api/uploads/conflicts", json={"a": one, "document": "60/2014/QH13"}),
            hoa.post(f"/api/uploads/{one}/check"),
        ]
        assert {each.status_code for each in answers} == {404}
        nobody = hoa.get("/api/uploads/" + "0" * 32)
        assert all(each.text == nobody.text for each in answers[:1])
        assert hoa.delete(f"/api/uploads/{one}").json() == {"deleted": 0}
        assert hoa.delete("/api/uploads").json() == {"deleted": 0}
        assert len(lan.get("/api/uploads").json()["uploads"]) == 1
        # The public ways to a document do not lead to it either, not even its officer.
        for client in (lan, hoa):
            assert client.get(f"/api/sources/upload:{one}").status_code == 404
            assert client.get(f"/nguon/upload:{one}").status_code == 404


def test_nobody_else_than_officers_has_these_routes(site: Any, workplace: Any) -> None:
    for path in ("/api/uploads", "/can-bo"):
        assert site.http.get(path).status_code == 404
        assert workplace.http.get(path).status_code == 401
    assert put(site.http).status_code in (404, 405)
    assert put(workplace.http).status_code == 401
    assert not folder_of(workplace).exists()


def test_a_revoked_officer_is_out_at_once(workplace: Any, access: Access) -> None:
    with closing(signed_in(workplace, access)) as lan:
        put(lan)
        access.accounts.revoke("lan")
        assert lan.get("/api/uploads").status_code == 401


def test_nothing_of_a_document_is_written_or_told_elsewhere(
    workplace: Any, access: Access, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = f"MẬT\n\nBÁO CÁO\nNội dung về {CANARIES[1]} và nhiều việc khác."
    with (
        closing(signed_in(workplace, access)) as lan,
        closing(signed_in(workplace, access, "hoa")) as hoa,
    ):
        one, two = (put(lan, text).json()["upload"]["id"] for text in (TEXT, TEXT + "Thêm."))
        chosen = [one, two]
        said = [
            lan.post("/api/uploads/ask", json={"question": q, "uploads": chosen})
            for q in (f"Thời hạn cho {CANARIES[2]}?", "Điều 2", "Tóm tắt", "Dân số?")
        ]
        said.append(
            lan.post("/api/uploads/figures", json={"question": "tỷ lệ?", "uploads": chosen})
        )
        said.append(lan.post("/api/uploads/conflicts", json={"a": one, "b": two}))
        assert {each.status_code for each in said} == {200}
        refused = [
            put(lan, secret), put(lan, f"%PDF-1.7 {CANARIES[0]}", f"{CANARIES[0]}.pdf"),
            put(lan, b"PK\x03\x04" + TEXT.encode(), f"{CANARIES[0]}.docx"),
            lan.post(f"/api/uploads/{one}/check"),
            lan.post("/api/uploads/conflicts", json={"a": one, "document": CANARIES[0]}),
        ]  # fmt: skip
        assert {each.status_code for each in refused} == {422}
        elsewhere = [
            hoa.get("/api/uploads").text, hoa.get("/can-bo").text, lan.get("/metrics").text,
            hoa.post("/api/chat", json={"message": CANARIES[1]}).text.replace(
                f"Hỏi: {CANARIES[1]}", ""
            ),
        ]  # fmt: skip
    own = folder_of(workplace)
    written = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and not path.is_relative_to(own)
        and any(canary.encode() in path.read_bytes() for canary in CANARIES)
    ]  # fmt: skip
    assert written == []
    told = caplog.text + "".join(capfd.readouterr()) + "".join(elsewhere)
    assert not [canary for canary in CANARIES if canary in told]
    assert not [path for path in own.rglob("*") if any(c in path.name for c in CANARIES)]


@pytest.mark.parametrize(
    ("name", "data", "status", "says"),
    [
        ("", b"x", 422, "X-File-Name"),
        ("a.exe", b"MZ\x90", 415, ".docx"),
        ("a.txt", b"", 422, "rỗng"),
        ("a.txt", b"x" * 1_000_001, 413, "lớn hơn 1 MB"),
        ("a.pdf", b"%PDF-1.7", 422, "hỏng"),
        ("a.docx", b"plain text, no package", 415, "hãy kiểm tra"),
        ("a.txt", "TUYỆT MẬT\n\nNội dung văn bản dài hơn một dòng.".encode(), 422, "mật"),
        ("../../etc/passwd", b"x", 415, ".docx"),
    ],
)
def test_what_is_refused_is_refused_in_words(
    workplace: Any, access: Access, name: str, data: bytes, status: int, says: str
) -> None:
    with closing(signed_in(workplace, access)) as lan:
        answer = put(lan, data, name)
        assert answer.status_code == status
        assert says in answer.json()["error"]["message"]
        assert lan.get("/api/uploads").json()["uploads"] == []


def test_a_name_is_only_words(workplace: Any, access: Access) -> None:
    with closing(signed_in(workplace, access)) as lan:
        made = put(lan, name="../../a\n<b>.txt").json()["upload"]
        assert made["name"] == "a<b>.txt"


def test_whoever_hangs_up_leaves_nothing(workplace: Any, access: Access, wait_for: Any) -> None:
    with closing(signed_in(workplace, access)) as lan:
        host, port = workplace.address.removeprefix("http://").split(":")
        cookie = "; ".join(f"{name}={value}" for name, value in lan.cookies.items())
        with socket.create_connection((host, int(port))) as sent:
            head = (
                f"POST /api/uploads HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\n"
                "X-File-Name: a.txt\r\nContent-Length: 100000\r\n\r\n"
            )
            sent.sendall(head.encode() + b"x" * 5000)
            assert wait_for(lambda: any(folder_of(workplace).rglob("file.txt")))
        assert wait_for(lambda: not any(folder_of(workplace).rglob("file.txt")))
        assert lan.get("/api/uploads").json()["uploads"] == []


def test_the_most_documents_are_told(workplace: Any, access: Access) -> None:
    with closing(signed_in(workplace, access)) as lan:
        for n in range(4):
            assert put(lan, f"{TEXT}Dòng {n}.").status_code == 201
        full = put(lan, f"{TEXT}Dòng 5.")
        assert full.status_code == 409
        assert "Hãy xóa bớt" in full.json()["error"]["message"]
        assert lan.delete("/api/uploads").json() == {"deleted": 4}


def test_figures_conflicts_and_layout(workplace: Any, access: Access) -> None:
    paper = docx.Document()
    for line in TEXT.split("\n"):
        paper.add_paragraph(line)
    made = io.BytesIO()
    paper.save(made)
    with closing(signed_in(workplace, access)) as lan:
        one = put(lan).json()["upload"]["id"]
        two = put(lan, TEXT.replace("07 ngày", "10 ngày"), "b.txt").json()["upload"]["id"]
        word = put(lan, made.getvalue(), "c.docx").json()["upload"]["id"]
        body = {"question": "tỷ lệ hồ sơ đúng hạn năm 2025?", "uploads": [one]}
        figures = lan.post("/api/uploads/figures", json=body).json()
        assert "91,5" in "\n".join(figures["lines"])
        (found,) = lan.post("/api/uploads/conflicts", json={"a": one, "b": two}).json()["findings"]
        assert (found["a"]["said"], found["b"]["said"]) == (
            "07 ngày làm việc", "10 ngày làm việc",
        )  # fmt: skip
        for wrong in ({"a": one}, {"a": one, "b": two, "corpus": True}):
            assert lan.post("/api/uploads/conflicts", json=wrong).status_code == 422
        check = lan.post(f"/api/uploads/{word}/check").json()
        assert check["errors"] > 0
        assert lan.post(f"/api/uploads/{one}/check").status_code == 422


def test_another_site_can_neither_upload_nor_delete(workplace: Any, access: Access) -> None:
    with closing(signed_in(workplace, access)) as lan:
        one = put(lan).json()["upload"]["id"]
        other = {"Sec-Fetch-Site": "cross-site", "X-File-Name": "a.txt"}
        assert lan.post("/api/uploads", content=TEXT, headers=other).status_code == 403
        assert lan.request("DELETE", f"/api/uploads/{one}", headers=other).status_code == 403
        assert len(lan.get("/api/uploads").json()["uploads"]) == 1
