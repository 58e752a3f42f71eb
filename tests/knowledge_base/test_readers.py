"""Reading what people hand in: real formats, and files made to do harm."""

from __future__ import annotations

import contextlib
import io
import socket
import unicodedata
import zipfile
from pathlib import Path

import docx
import pytest

from knowledge_base.errors import QuarantineReason as Reason
from knowledge_base.errors import Unreadable
from knowledge_base.readers import jail as jail_module
from knowledge_base.readers.jail import Jail
from knowledge_base.readers.secrecy import refuse_secret
from knowledge_base.settings import KnowledgeSettings

from .office_files import PROSE


def reason(jail: Jail, path: Path) -> str:
    return refusal(jail, path)[1]


def refusal(jail: Jail, path: Path) -> tuple[Reason, str]:
    with pytest.raises(Unreadable) as caught:
        jail.read(path)
    return caught.value.code, caught.value.reason


def tones_apart(text: str) -> str:
    """As Windows-1258 writes it: tone marks stand after their letter, other marks on it."""
    found = ""
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
        rest = "".join(mark for mark in marks if mark not in tones)
        found += unicodedata.normalize("NFC", rest) + tones
    return found


def pdf(*pages: str, encrypt: bool = False) -> bytes:
    """A PDF written by hand: one line of ASCII text a page, or none."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    kids = []
    objects.append(font)
    for text in pages:
        stream = f"BT /F1 9 Tf 20 700 Td ({text}) Tj ET".encode() if text else b""
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 800]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    lock = (
        b"/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<"
        + b"11" * 32
        + b">/U<"
        + b"22" * 32
        + b">>>/ID[<00><00>]"
        if encrypt
        else b""
    )
    out.write(b"trailer<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, lock))
    out.write(b"startxref\n%d\n%%%%EOF" % start)
    return out.getvalue()


def word(path: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    """The package with one part added or replaced."""
    old = zipfile.ZipFile(path)
    parts = {entry: old.read(entry) for entry in old.namelist()}
    parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry, data in parts.items():
            new.writestr(entry, data)
    return path


# --- what is read ----------------------------------------------------------------------------


def test_markdown_headings_become_sections(jail: Jail, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(
        f"---\ntitle: Hướng dẫn\n---\n# Lớn\n\n{PROSE}\n\n## Nhỏ\nHai ngày.\n\n# Sau\nBa."
    )
    read = jail.read(file)
    assert read.title == "Hướng dẫn"
    assert [path for path, _, _ in read.sections] == [("Lớn",), ("Lớn", "Nhỏ"), ("Sau",)]
    assert [read.text[a:b] for _, a, b in read.sections][1:] == ["Nhỏ\n\nHai ngày.", "Sau\n\nBa."]


def test_articles_of_a_law_in_plain_text(jail: Jail, tmp_path: Path) -> None:
    file = tmp_path / "luat.txt"
    file.write_text(
        "LUẬT\nVề thử nghiệm\n\nChương I\nQuy định chung\nĐiều 1. Phạm vi\nLuật này nói về thử."
        "\nĐiều 2. Hiệu lực từ ngày ký.\nChương II\nĐiều khoản khác\nĐiều 3. Thi hành\n" + PROSE
    )
    read = jail.read(file)
    assert [path for path, _, _ in read.sections] == [
        (),
        ("Chương I Quy định chung", "Điều 1. Phạm vi"),
        ("Chương I Quy định chung", "Điều 2. Hiệu lực từ ngày ký."),
        ("Chương II Điều khoản khác", "Điều 3. Thi hành"),
    ]
    covered = "".join(read.text[a:b] for _, a, b in read.sections)
    assert "Hiệu lực từ ngày ký" in covered


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_encodings_of_text(jail: Jail, tmp_path: Path, encoding: str) -> None:
    text = tones_apart(PROSE) if encoding == "cp1258" else PROSE
    file = tmp_path / "a.txt"
    file.write_bytes(text.encode(encoding))
    assert jail.read(file).text == PROSE


def test_html_as_people_see_it(jail: Jail, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(
        "<!doctype html><html><head><title>Cổng</title><style>p{}</style></head><body>"
        "<script>alert('khong hien')</script><h1>Lệ phí</h1>"
        "<p>Mức <b>thu</b> là<br>200.000 đồng.</p>"
        f"<table><tr><td>Trực tiếp</td><td>8 ngày</td></tr></table><h2>Khác</h2><div>{PROSE}</div>"
        "</body></html>"
    )
    read = jail.read(file)
    assert "Mức thu là\n200.000 đồng." in read.text
    assert "Trực tiếp | 8 ngày" in read.text
    assert "alert" not in read.text
    assert [path for path, _, _ in read.sections] == [("Lệ phí",), ("Lệ phí", "Khác")]


def test_word_with_table_and_tracked_changes(jail: Jail, tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    document = docx.Document()
    document.add_heading("Hồ sơ", 1)
    paragraph = document.add_paragraph(PROSE)
    inserted = docx.oxml.parse_xml(
        '<w:ins xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:id="1" '
        'w:author="a"><w:r><w:t xml:space="preserve"> Câu thêm vào.</w:t></w:r></w:ins>'
    )
    paragraph._p.append(inserted)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Tờ khai", "01 bản chính"
    document.save(str(file))
    text = jail.read(file).text
    assert f"{PROSE} Câu thêm vào." in text
    assert "Tờ khai | 01 bản chính" in text


def test_pdf_with_a_text_layer(jail: Jail, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(
        pdf("Nguoi dan nop ho so tai trung tam hanh chinh cong cua xa hoac phuong noi o")
    )
    assert "nop ho so tai trung tam" in jail.read(file).text


# --- what is refused, with a reason ----------------------------------------------------------


def test_reasons_a_person_understands(jail: Jail, tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    cases = {
        "rong.txt": (b"", Reason.EMPTY, "tệp rỗng"),
        "trang.txt": (b" \n\n ", Reason.EMPTY, "không có chữ nào"),
        "nhi-phan.txt": (bytes(range(256)) * 10, Reason.UNSUPPORTED_FORMAT, "tệp nhị phân"),
        "chuong-trinh.md": (b"\x7fELF\x02\x01\0", Reason.UNSUPPORTED_FORMAT, "tệp nhị phân"),
        "anh.txt": (b"\x89PNG\r\n\x1a\n\0\0", Reason.SCAN_WITHOUT_TEXT, "tesseract-ocr-vie"),
        "bang.exe": (b"MZ\0\0", Reason.UNSUPPORTED_FORMAT, "tệp nhị phân"),
        "la.xyz": (PROSE.encode(), Reason.UNSUPPORTED_FORMAT, "không đọc được loại tệp .xyz"),
        "trang-loi.pdf": (
            b"<!DOCTYPE html><html><body>404 Not Found</body></html>",
            Reason.ERROR_PAGE,
            "trang báo lỗi",
        ),
        "trang.pdf": (
            f"<!DOCTYPE html><html><body>{PROSE * 20}</body></html>".encode(),
            Reason.WRONG_FORMAT,
            "nội dung là trang HTML",
        ),
        "chu.pdf": (PROSE.encode(), Reason.WRONG_FORMAT, "nội dung là văn bản thường"),
        "cut.pdf": (pdf("x" * 300)[:150], Reason.DAMAGED, "hỏng"),
        "khoa.pdf": (pdf("x" * 99, encrypt=True), Reason.ENCRYPTED, "mật khẩu"),
        "quet.pdf": (pdf("", "", ""), Reason.SCAN_WITHOUT_TEXT, "tesseract-ocr-vie"),
        "nua-quet.pdf": (
            pdf("nop ho so " * 20, "", ""), Reason.SCAN_WITHOUT_TEXT, "2/3 trang",
        ),
        "cu.docx": (ole + bytes(600), Reason.DAMAGED, "hỏng"),
        "hong.docx": (b"PK\x03\x04" + b"rac" * 100, Reason.DAMAGED, "hỏng"),
        "loi.html": (
            b"<html><title>404 Not Found</title><body>nginx</body></html>",
            Reason.ERROR_PAGE,
            "báo lỗi",
        ),
        "anh-ngu.txt": (
            b"The quick brown fox jumps over the lazy dog while several friendly neighbours "
            b"watched without understanding their strange behaviour yesterday afternoon",
            Reason.NOT_VIETNAMESE,
            "tiếng khác",
        ),
        "mo-sai.txt": (
            PROSE.encode().decode("latin-1").encode(),
            Reason.LEGACY_ENCODING_UNREADABLE,
            "bảng mã",
        ),
        "mat.txt": (f"BỘ CÔNG AN\nTỐI MẬT\n\n{PROSE}".encode(), Reason.SECRET, "độ mật"),
    }  # fmt: skip
    for name, (data, code, words) in cases.items():
        file = tmp_path / name
        file.write_bytes(data)
        found, said = refusal(jail, file)
        assert (found, words in said) == (code, True), (name, found, said)


def test_every_reason_says_what_to_do() -> None:
    for code in Reason:
        assert code.advice[0].isupper()
        assert code.advice.endswith(".")


def test_a_file_is_what_its_content_is(jail: Jail, tmp_path: Path) -> None:
    (tmp_path / "that.txt").write_bytes(pdf("nguoi dan nop ho so tai trung tam cua xa " * 2))
    read = jail.read(tmp_path / "that.txt")
    assert read.meta["format"] == "pdf"
    word(tmp_path / "a.docx", PROSE).rename(tmp_path / "a.pdf")
    assert jail.read(tmp_path / "a.pdf").text == PROSE
    (tmp_path / "luu.doc").write_text(f"<html><body><p>{PROSE}</p></body></html>")
    assert jail.read(tmp_path / "luu.doc").text == PROSE


def test_secrecy_is_a_stamp_not_a_word() -> None:
    for head in (
        "MẬT",
        "  TUYỆT MẬT  ",
        "BỘ CÔNG AN\t\tMẬT",
        "Độ mật: Tối mật",
        "[TỐI MẬT]\nSố: 1",
    ):
        with pytest.raises(Unreadable):
            refuse_secret(f"{head}\n{PROSE}")
    for head in (
        "Bảo vệ bí mật nhà nước",
        "Văn bản độ MẬT do Bộ trưởng quyết định",
        "Mật ong rừng",
        " " * 6000,  # what is tried from every blank on would not end
        " \n" * 3000,
    ):
        refuse_secret(f"{head}\n{PROSE}")


def test_a_secrecy_stamp_in_the_header_of_a_word_file(jail: Jail, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(PROSE)
    document.sections[0].header.paragraphs[0].text = "MẬT"
    document.save(str(tmp_path / "a.docx"))
    assert "độ mật" in reason(jail, tmp_path / "a.docx")


def test_word_files_made_to_do_harm(jail: Jail, tmp_path: Path) -> None:
    bomb = with_part(word(tmp_path / "bom.docx", PROSE), "word/big.xml", b" " * 60_000_000)
    assert "bom nén" in reason(jail, bomb)
    macro = with_part(word(tmp_path / "macro.docx", PROSE), "word/vbaProject.bin", b"x")
    assert "macro" in reason(jail, macro)
    entity = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    )
    for name, content in (("utf8", entity), ("utf16", entity.decode().encode("utf-16"))):
        dtd = with_part(word(tmp_path / f"dtd-{name}.docx", PROSE), "word/comments.xml", content)
        assert "DTD" in reason(jail, dtd)
    outside = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/attachedTemplate" Target="http://a.example/t.dotm" TargetMode="External"/>'
        b"</Relationships>"
    )
    template = word(tmp_path / "mau.docx", PROSE)
    with_part(template, "word/_rels/settings.xml.rels", outside)
    assert "bên ngoài" in reason(jail, template)


def test_a_link_in_a_word_file_is_no_harm(jail: Jail, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(PROSE)
    document.part.relate_to(
        "https://dichvucong.gov.vn",
        docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK,
        is_external=True,
    )
    document.save(str(tmp_path / "a.docx"))
    assert jail.read(tmp_path / "a.docx").text == PROSE


# --- the jail --------------------------------------------------------------------------------


def test_too_large_and_too_deep_are_said(tmp_path: Path) -> None:
    with Jail(KnowledgeSettings(largest_file_mb=1)) as small:
        (tmp_path / "to.txt").write_bytes(b"a " * 600_000)
        assert "lớn hơn mức cho phép" in reason(small, tmp_path / "to.txt")
        (tmp_path / "sau.html").write_text("<html>" + "<div>" * 90_000 + PROSE)
        with contextlib.suppress(Unreadable):
            assert PROSE in small.read(tmp_path / "sau.html").text
        (tmp_path / "sau-nay.txt").write_text(PROSE)
        assert small.read(tmp_path / "sau-nay.txt").text == PROSE


def test_a_file_that_kills_the_reader_does_not_stop_the_next(
    jail: Jail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(PROSE)
    jail.read(tmp_path / "a.txt")
    assert jail._worker is not None
    jail._worker.kill()
    jail._worker.wait()
    assert reason(jail, tmp_path / "a.txt")
    assert jail.read(tmp_path / "a.txt").text == PROSE


def run_in_worker(code: str) -> str:
    import subprocess
    import sys

    limits = "from knowledge_base.readers import worker; worker._limit(300); worker._allow(1)\n"
    done = subprocess.run(
        [*jail_module._no_network(), sys.executable, "-c", limits + code],
        env=jail_module._environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return f"{done.stdout}{done.stderr.strip().splitlines()[-1:]}{done.returncode}"


def test_what_the_worker_cannot_do(tmp_path: Path) -> None:
    assert "MemoryError" in run_in_worker("bytearray(500_000_000)")
    assert "OSError" in run_in_worker(
        f"open({str(tmp_path / 'x')!r}, 'wb', buffering=0).write(b'x')"
    )
    assert run_in_worker("while True: pass").endswith(("-24", "152"))
    if not jail_module._no_network():
        pytest.skip("this system does not let a process give up its network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
        assert "OSError" in run_in_worker(code)
