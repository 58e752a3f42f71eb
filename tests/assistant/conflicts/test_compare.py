"""Contradictions: what is found, what is explained, what is left alone, and how it is told."""

from __future__ import annotations

import hashlib
import json
import time
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.conflicts.compare import compare
from assistant.conflicts.slots import Kind, slots_of
from assistant.conflicts.told import CONFIRM, comparison_json, lines, page
from assistant.conflicts.verdicts import ConflictKind
from assistant.conflicts.vocabulary import Comparison
from knowledge_base.documents import Document, DocumentKind

ON = date(2026, 1, 1)
BASE = "Trong thời hạn 15 ngày kể từ ngày nhận đủ hồ sơ, Sở Xây dựng phải cấp giấy phép xây dựng."


def document(text: str, name: str) -> Document:
    sha = hashlib.sha256(text.encode()).hexdigest()
    return Document(name, name, DocumentKind.LAW, name, text, sha)


def compared(a: str, b: str) -> Comparison:
    return compare(document(a, "a"), document(b, "b"), ON)


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (BASE, BASE.replace("15 ngày", "20 ngày"), ConflictKind.DEADLINE),
        (BASE, BASE.replace("15 ngày", "15 ngày làm việc"), ConflictKind.DEADLINE),
        (BASE, BASE.replace("Sở Xây dựng", "Ủy ban nhân dân cấp xã"), ConflictKind.AUTHORITY),
        (BASE, BASE.replace("phải cấp", "có thể cấp"), ConflictKind.DUTY),
        (
            "Người nộp hồ sơ không được mang giấy tờ gốc ra khỏi trụ sở.",
            "Người nộp hồ sơ được phép mang giấy tờ gốc ra khỏi trụ sở.",
            ConflictKind.PERMISSION,
        ),
        (
            "Phạt tiền từ 2.000.000 đồng đến 5.000.000 đồng đối với hành vi khai báo sai sự thật.",
            "Hành vi khai báo sai sự thật bị phạt tiền từ 2.000.000 đồng đến 8.000.000 đồng.",
            ConflictKind.MONEY,
        ),
        (
            "Giấy phép có giá trị sử dụng trong phạm vi cả nước.",
            "Giấy phép có giá trị sử dụng trên địa bàn tỉnh Nghệ An.",
            ConflictKind.TERRITORY,
        ),
        (
            "Người lao động có quyền tham gia khóa đào tạo nghề.",
            "Người lao động có hộ khẩu thường trú tại tỉnh có quyền tham gia khóa đào tạo nghề.",
            ConflictKind.SCOPE,
        ),
        (
            "Hội đồng thẩm định có ít nhất 07 thành viên.",
            "Hội đồng thẩm định gồm 05 thành viên.",
            ConflictKind.FIGURE,
        ),
        (
            "Mức hỗ trợ được áp dụng cho học sinh từ ngày 01/9/2024.",
            "Mức hỗ trợ được áp dụng cho học sinh từ ngày 01/01/2025.",
            ConflictKind.PERIOD,
        ),
    ],
)
def test_a_contradiction_is_found(a: str, b: str, kind: ConflictKind) -> None:
    found = compared(a, b).findings
    assert [f.kind for f in found] == [kind]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (BASE, BASE.replace("15 ngày", "mười lăm ngày")),
        (BASE, BASE.replace("phải cấp", "có trách nhiệm cấp")),
        ("Mức hỗ trợ là 1.500.000 đồng mỗi tháng.", "Mức hỗ trợ là 1,5 triệu đồng mỗi tháng."),
        ("Nghiêm cấm thu giữ thẻ căn cước.", "Không được thu giữ thẻ căn cước."),
        ("Lệ phí cấp lại thẻ là 100.000 đồng.", "Lệ phí cấp mới thẻ là 200.000 đồng."),
        (BASE, "Riêng nhà ở vùng lũ, " + BASE.replace("15 ngày", "05 ngày")),
        (BASE, BASE.replace("15 ngày", "20 ngày")[:-1] + ", trừ trường hợp thiên tai."),
        ("Thời hạn giải quyết lần đầu là 30 ngày.", "Thời hạn giải quyết lần hai là 45 ngày."),
    ],
)
def test_what_can_stand_side_by_side_is_no_alarm(a: str, b: str) -> None:
    assert not compared(a, b).findings


def test_two_copies_and_an_amendment() -> None:
    assert compared(BASE, BASE).remarks == ("Hai tài liệu giống hệt nhau.",)
    law = f"QUỐC HỘI\n\nLuật số: 10/2015/QH13\n\nLUẬT\n\nNHÀ Ở\n\nĐiều 1. Thời hạn\n\n{BASE}\n"
    other = law.replace("10/2015/QH13", "20/2020/QH14").replace("15 ngày", "20 ngày")
    amending = other.replace("NHÀ Ở\n", "Sửa đổi, bổ sung một số điều của Luật số 10/2015/QH13\n")
    assert compared(law, other).findings
    made = compared(law, amending)
    assert not made.findings
    assert "sửa đổi, bổ sung" in made.explained[0].cause


def test_quotes_are_cut_from_the_text_and_marked() -> None:
    a, b = f"Điều 1. A\n{BASE}\nĐiều 2. B\nKhác.", f"Lời đầu.\n{BASE.replace('15', '20')}"
    (found,) = compared(a, b).findings
    for text, quote in ((a, found.a), (b, found.b)):
        assert text[quote.start : quote.end] == quote.quote
        assert hashlib.sha256(text.encode()).hexdigest() == quote.sha256
    assert b[slice(*found.b.mark)] == found.said_b == "20 ngày"


def test_it_never_says_that_a_document_is_wrong() -> None:
    made = compared(BASE, BASE.replace("15 ngày", "20 ngày"))
    for told in ("\n".join(lines(made)), page([made]), json.dumps(comparison_json(made))):
        assert "trái luật" not in told
    assert CONFIRM in "\n".join(lines(made))
    assert comparison_json(made) == comparison_json(
        compared(BASE, BASE.replace("15 ngày", "20 ngày"))
    )


def test_a_page_holds_no_markup_of_a_document() -> None:
    bad = BASE.replace("hồ sơ", "hồ sơ <script>alert(1)</script>")
    assert "<script>" not in page([compared(bad, bad.replace("15 ngày", "20 ngày"))])


def test_slots() -> None:
    said = "Chậm nhất 05 (năm) ngày làm việc, UBND tỉnh phải trả lời, trừ trường hợp thiên tai."
    found = {(s.kind, s.value) for s in slots_of(said)}
    assert (Kind.FIGURE, "5 working_day") in found
    assert (Kind.BODY, "ủy ban nhân dân tỉnh") in found
    assert (Kind.DUTY, "oblige") in found
    assert any(kind is Kind.EXCEPTION for kind, _ in found)


def test_a_pair_of_a_hundred_articles_takes_seconds() -> None:
    body = "\n".join(
        f"Điều {n}. Việc {n}\n1. {BASE[:-1]} loại {n}.\n2. Chủ đầu tư phải nộp {n} bộ hồ sơ."
        for n in range(1, 101)
    )
    started = time.monotonic()
    compared(body, body.replace("Chủ đầu tư", "Nhà thầu"))
    assert time.monotonic() - started < 30


def test_the_command(tmp_path: Path) -> None:
    from troly import app

    a, b, empty = tmp_path / "a.txt", tmp_path / "b.md", tmp_path / "rong.txt"
    a.write_text(f"Điều 1. Thời hạn\n\n{BASE}\n", encoding="utf-8")
    b.write_text(f"Điều 1. Thời hạn\n\n{BASE.replace('15', '20')}\n", encoding="utf-8")
    empty.write_text("", encoding="utf-8")
    home = ["--home", str(tmp_path / "home"), "conflicts"]
    report = [str(tmp_path / "r.html"), str(tmp_path / "r.docx")]
    made = CliRunner().invoke(
        app, [*home, str(a), str(b), "--json", "--html", report[0], "--docx", report[1]]
    )
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert [f["kind"] for f in told["findings"]] == ["deadline"]
    assert "<mark>20 ngày</mark>" in Path(report[0]).read_text("utf-8")
    assert Path(report[1]).stat().st_size > 5000
    for other, words in ((str(empty), "rỗng"), ("99/2099/NĐ-CP", "Không có tệp nào")):
        refused = CliRunner().invoke(app, [*home, str(a), other])
        assert refused.exit_code == 1
        assert words in refused.stderr
    assert CliRunner().invoke(app, [*home, str(a)]).exit_code == 2
