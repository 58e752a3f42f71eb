"""Files that are no papers, and papers that are odd: clear words, never a traceback."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import docx
import pytest

from assistant.capabilities.check_document import faults_of
from assistant.drafting.sheet import LARGEST, read_sheet, sheet_of
from assistant.errors import InputError
from tests.assistant.conftest import Command
from tests.assistant.drafting.papers import FORMS, TODAY


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def packed(**parts: bytes) -> bytes:
    buffer = io.BytesIO(word("Một đoạn"))
    with zipfile.ZipFile(buffer, "a") as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.docx", b"", "rỗng"),
        ("a.docx", b"PK\x03\x04 broken", "hỏng"),
        ("a.docx", b"%PDF-1.7 ...", "PDF"),
        ("a.txt", "chữ thường".encode(), "lưu thành .docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "hỏng"),
        ("a.docx", b"\0" * 50, "nhị phân"),
        ("a.docx", packed(word__vbaProject_dot_bin=b"x"), "macro"),
        ("a.docx", word(""), "không có chữ"),
        ("a.docx", word("TUYỆT MẬT", "Nội dung"), "độ mật"),
        ("a.docx", b"x" * (LARGEST + 1), "lớn quá"),
        ("a.docx", word(*["đoạn"] * 8001), "dài quá"),
    ],
    ids=["empty", "broken", "pdf", "text", "old", "binary", "macro", "no words", "secret", "huge",
         "long"],
)  # fmt: skip
def test_what_is_no_paper(name: str, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        sheet_of(data, name)


def test_places_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="thư mục"):
        read_sheet(tmp_path)
    with pytest.raises(InputError, match="Không đọc được"):
        read_sheet(tmp_path / "none.docx")


def test_merged_cells_and_empty_styles_are_read() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(1, 1)).text = "Ô đã gộp"
    table.cell(2, 2).text = "ô cuối"
    document.add_paragraph("Ngày 31/11/2026 họp.")
    buffer = io.BytesIO()
    document.save(buffer)
    faults = faults_of(sheet_of(buffer.getvalue(), "a.docx"), None, TODAY)
    assert {"date", "missing", "font"} <= {fault.code for fault in faults}


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.yml"
    path.write_text(json.dumps({"kind": "quyết định", **FORMS["quyet_dinh"]}), encoding="utf-8")
    return path


def test_the_commands(command: Command, tmp_path: Path, form: Path) -> None:
    made = tmp_path / "a.docx"
    done = command("draft", "new", "quyet_dinh", "--form", str(form), "--out", str(made), "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["missing"] == []
    assert {each["standing"] for each in told["bases"]} == {"holds"}
    assert command("draft", "check", str(made)).code == 0
    again = command("draft", "new", "--form", str(form), "--out", str(made))
    assert again.code == 1
    assert "--force" in again.err
    spoilt = docx.Document(str(made))
    spoilt.paragraphs[-2].runs[-1].text += " Bổ xung."
    spoilt.save(str(made))
    found = command("draft", "check", str(made), "--fix", str(tmp_path / "b.docx"), "--json")
    assert found.code == 1
    assert [each["code"] for each in json.loads(found.out)["faults"]] == ["spelling"]
    assert command("draft", "check", str(tmp_path / "b.docx")).code == 0


def test_kinds_and_wrong_uses(command: Command, tmp_path: Path) -> None:
    assert "giay_moi" in command("draft", "kinds").out
    assert "attendees" in command("draft", "kinds", "biên bản").out
    assert "Không có loại" in command("draft", "kinds", "thư").err
    assert "--form" in command("draft", "new", "cong_van").err
    wrong = command("draft", "new", "--from", "công văn", "--out", str(tmp_path / "a.pdf"))
    assert ".docx" in wrong.err
    asked = command(
        "draft", "new", "--from", "công văn về việc họp", "--out", str(tmp_path / "a.docx")
    )
    assert "gửi (mời) cơ quan" in asked.out
