"""What people give that is no pair of whole documents: said in clear words, nothing invented."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from assistant.conflicts.opinion import asked, with_opinions
from assistant.conflicts.told import OPINION, comparison_json, lines, page
from assistant.errors import ModelTimeout
from assistant.language_model.scripted import ScriptedModel
from tests.assistant.conflicts.test_compare import BASE, compared

HEAD = "BỘ XÂY DỰNG\n\nSố: 12/2024/TT-BXD\n\nTHÔNG TƯ\n\n"
NOVEL = (
    "Chiều hôm ấy trời mưa rất to trên cánh đồng làng. Bà cụ ngồi bên bếp lửa kể chuyện ngày xưa. "
    "Lũ trẻ im lặng lắng nghe từng lời. Ngoài sân tiếng ếch kêu ran. Con chó già nằm ngủ dưới "
    "gầm bàn. Ngọn đèn dầu lay lắt trước gió. Ai cũng thấy lòng mình ấm lại. Đêm xuống chậm rãi "
    "như một khúc hát ru. Mùi khói bếp thơm nồng. Sáng mai nắng lại lên trên đồi chè."
)


def test_two_copies_that_differ_in_spaces_only() -> None:
    made = compared(f"Điều 1. Hạn\n\n{BASE}\n", f"Điều 1.  Hạn\n{BASE}")
    assert made.remarks == ("Hai tài liệu giống hệt nhau.",)
    assert not made.findings


def test_one_number_twice_is_said() -> None:
    made = compared(HEAD + BASE, HEAD + BASE.replace("15", "20"))
    assert any("cùng số hiệu 12/2024/TT-BXD" in told for told in made.remarks)


def test_articles_that_are_missing_are_named() -> None:
    law = f"{HEAD}Điều 1. A\n\n{BASE}\n\nĐiều 2. B\n\nTổ chức phải báo cáo.\n\n"
    half = f"{law}Điều 7. C\n\nCá nhân có quyền khiếu nại.\n"
    told = " ".join(compared(half, "Cá nhân có quyền khiếu nại quyết định.").remarks)
    assert "thiếu Điều 3–6" in told
    assert "thiếu" not in " ".join(compared(law, "Cá nhân có quyền khiếu nại.").remarks)


def test_a_text_that_is_no_law_gives_nothing() -> None:
    made = compared(NOVEL, HEAD + BASE)
    assert not made.findings
    assert any("không phải văn bản quy định" in told for told in made.remarks)
    assert not compared(NOVEL, NOVEL.replace("mưa", "nắng")).findings


@pytest.fixture
def run(tmp_path: Path) -> object:
    from troly import app

    def invoke(*arguments: str, stdin: str | bytes | None = None) -> object:
        home = ["--home", str(tmp_path / "home"), "conflicts"]
        return CliRunner().invoke(app, [*home, *arguments], input=stdin)

    return invoke


def test_texts_of_one_line_and_stdin(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    one = tmp_path / "a.txt"
    one.write_text("Lệ phí cấp thẻ là 20.000 đồng.", encoding="utf-8")
    made = run(str(one), "-", stdin="Mức thu lệ phí cấp thẻ: 50.000 đồng/thẻ.")
    assert made.exit_code == 0, made.output
    assert "Khác mức tiền" in made.stdout
    assert run("-", "-", stdin="x").exit_code == 2
    for given, words in (("", "không có chữ"), (b"\xff\xfe\x00" * 20, "UTF-8")):
        refused = run(str(one), "-", stdin=given)
        assert refused.exit_code == 1
        assert words in refused.stderr


def test_files_that_cannot_be_compared(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    one = tmp_path / "a.txt"
    one.write_text(BASE, encoding="utf-8")
    secret, picture, garbled = tmp_path / "m.docx", tmp_path / "s.pdf", tmp_path / "g.docx"
    paper = docx.Document()
    for text in ("BỘ CÔNG AN", "TỐI MẬT", "Số: 12/QĐ-BCA", "QUYẾT ĐỊNH", BASE):
        paper.add_paragraph(text)
    paper.save(str(secret))
    picture.write_bytes(b"%PDF-1.4\n%%EOF\n")
    garbled.write_bytes(b"\x00\x01" * 500)
    for other in (secret, picture, garbled, tmp_path):
        refused = run(str(one), str(other))
        assert refused.exit_code == 1, refused.output
        assert "TỐI MẬT" not in refused.stdout
        assert len(refused.stderr.strip()) > 20
        assert "Traceback" not in refused.stderr


def test_the_opinion_of_a_model_changes_no_finding() -> None:
    made = compared(BASE, BASE.replace("15 ngày", "20 ngày"))
    for said, shown in (("no", "có thể cùng đúng"), ("yes", "có thể mâu thuẫn"), ("?", "chưa rõ")):
        other = with_opinions(made, ScriptedModel((said,)))
        assert len(other.findings) == len(made.findings) == 1
        assert other.findings[0].confidence == made.findings[0].confidence
        assert f"{OPINION}: {shown}." in "\n".join(lines(other))
        assert f"{OPINION}: {shown}" in page([other])
    assert OPINION not in "\n".join(lines(made))
    assert comparison_json(made)["findings"][0]["opinion"] is None


def test_a_model_that_fails_leaves_the_findings() -> None:
    made = compared(BASE, BASE.replace("15 ngày", "20 ngày"))
    other = with_opinions(made, ScriptedModel(failure=ModelTimeout("quá giờ")))
    assert other.findings == made.findings
    assert "Kết quả so sánh không đổi" in other.remarks[-1]


def test_the_model_is_asked_for_one_word_by_a_grammar() -> None:
    model = ScriptedModel(("yes",))
    assert asked("A" * 5000, "B", model) == "yes"
    (prompt,) = model.prompts
    assert prompt.grammar is not None
    assert len(prompt.user) < 1000
