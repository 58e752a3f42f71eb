"""A form to fill in is no official paper: its layout is not held against Decree 30."""

from __future__ import annotations

import io

import docx

from assistant.capabilities.check_document import faults_of
from assistant.drafting.faults import Level
from assistant.drafting.sheet import sheet_of
from tests.assistant.drafting.papers import TODAY


def test_a_form_to_fill_in_is_told_as_one() -> None:
    paper = docx.Document()
    for text in ("Mẫu CT01", "TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ", "Họ và tên: …………", "Xin cản ơn."):
        paper.add_paragraph(text)
    buffer = io.BytesIO()
    paper.save(buffer)
    found = faults_of(sheet_of(buffer.getvalue(), "mau.docx"), None, TODAY)
    assert found[0].code == "form"
    assert found[0].level is Level.NOTE
    assert {fault.code for fault in found} <= {"form", "spelling"}
