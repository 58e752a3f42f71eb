"""Papers from forms and from sentences; what is not said is a blank and is asked."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import docx
import pytest

from assistant.capabilities.check_document import faults_of
from assistant.capabilities.draft_document import draft_document
from assistant.drafting.bases import Bases, Standing
from assistant.drafting.form import Form, kind_of, made_form, read_form
from assistant.drafting.from_sentence import form_of
from assistant.drafting.layout import text_width, to_docx
from assistant.drafting.paper import BLANK, compose
from assistant.drafting.sheet import sheet_of
from assistant.drafting.tables import kinds
from assistant.errors import InputError
from tests.assistant.drafting.papers import FORMS, TODAY


def said(sentence: str) -> Form:
    return form_of(sentence, TODAY)


def test_a_letter_from_a_sentence() -> None:
    form = said(
        "Soạn công văn của Sở Y tế tỉnh Lào Cai gửi UBND các xã, phường về việc tăng cường phòng "
        "chống dịch, hạn báo cáo trước ngày 30/11/2026"
    )
    assert form.kind == "cong_van"
    assert (form.parent, form.agency) == ("Ủy ban nhân dân tỉnh Lào Cai", "Sở Y tế")
    assert form.to == ("UBND các xã, phường",)
    assert form.subject == "tăng cường phòng chống dịch"
    assert form.deadline == date(2026, 11, 30)


def test_an_addressee_that_is_not_said_is_asked_and_not_invented() -> None:
    form = said("Soạn công văn về việc báo cáo kết quả chuyển đổi số")
    paper = compose(form)
    assert paper.addressees == (BLANK,)
    assert "to" in {each.field for each in paper.missing}
    assert paper.agency == BLANK
    assert BLANK in paper.number


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [
        ("tờ trình xin 2 tỷ đồng mua máy", "subject", "xin 2 tỷ đồng mua máy"),
        ("thông báo nghỉ Tết của UBND xã A", "agency", "Ủy ban nhân dân xã A"),
        ("thông báo nghỉ Tết của UBND xã A", "subject", "nghỉ Tết"),
        ("giấy mời họp, lúc 8 giờ ngày 25/11/2026 tại nhà văn hóa", "venue", "nhà văn hóa"),
        ("soan cong van gui So Tai chinh ve viec quyet toan kinh phi", "to", ("Sở Tài chính",)),
        ("quyết định của Sở Nội vụ về việc điều động cán bộ, số 15", "number", 15),
        ("kế hoạch, căn cứ Nghị định 30/2020/NĐ-CP", "bases", ("Nghị định 30/2020/NĐ-CP",)),
        ("giấy mời UBND các xã dự hội nghị tổng kết", "to", ("UBND các xã",)),
        ("giấy mời UBND các xã dự hội nghị tổng kết", "subject", "hội nghị tổng kết"),
        ("biên bản họp thôn lúc 19 giờ tại nhà văn hóa", "time", "19 giờ"),
        ("công văn gửi: Sở Nội vụ và Sở Tư pháp", "to", ("Sở Nội vụ", "Sở Tư pháp")),
        ("kế hoạch của UBND xã A kiểm tra từ ngày 1/12/2026", "date", None),
        ("kế hoạch của UBND xã A kiểm tra chợ", "subject", "kiểm tra chợ"),
        ("công văn về việc gửi báo cáo cho đúng hạn", "to", ()),
        ("công văn trả lời đơn của ông B", "agency", ""),
        ("báo cáo quý III gửi Bộ Y tế trước ngày 5/12", "deadline", date(2026, 12, 5)),
    ],
)  # fmt: skip
def test_fields_of_sentences(sentence: str, field: str, value: object) -> None:
    assert getattr(said(sentence), field) == value


def test_a_sum_is_written_in_figures_and_words() -> None:
    paper = compose(said("tờ trình gửi UBND tỉnh về việc mua xe, kinh phí 1.000.015.005 đồng"))
    assert any(
        "1.000.015.005 đồng (Bằng chữ: Một tỷ không trăm mười lăm nghìn không trăm linh năm đồng)"
        in line.text for line in paper.body
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("làm giúp tôi một tờ giấy", "loại văn bản"),
        ("công văn gửi A, hạn ngày 30/02/2026", "Không có ngày 30/2/2026"),
        ("công văn " + "a" * 3000, "dài quá"),
    ],
)
def test_sentences_that_cannot_be_used(sentence: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        said(sentence)


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_is_drafted_from_nothing_but_its_name(kind: str) -> None:
    paper = compose(made_form({}, kind))
    document = docx.Document(io.BytesIO(to_docx(paper)))
    asked = {each.field for each in paper.missing}
    assert set(kinds()[kind].ask) <= asked
    assert BLANK in "".join(cell.text for t in document.tables for cell in t.rows[0].cells)


def test_the_page_is_as_the_decree_has_it() -> None:
    section = docx.Document(
        io.BytesIO(to_docx(compose(made_form(FORMS["quyet_dinh"], "quyet_dinh"))))
    ).sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in margins] == [20, 20, 30, 15]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml


def test_the_name_of_the_nation_fits_on_its_line() -> None:
    assert text_width("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12) < 103


def test_numbers_symbols_and_days() -> None:
    paper = compose(made_form({**FORMS["cong_van"], "kind": "cong_van"}))
    assert paper.number == "Số: 07/SYT-VP"
    assert paper.place_date == "Lào Cai, ngày 05 tháng 01 năm 2026"
    decision = compose(made_form(FORMS["quyet_dinh"], "quyet_dinh"))
    assert decision.number == "Số: 125/QĐ-SYT"
    assert [basis[-1] for basis in decision.bases] == [";", ";", "."]
    assert [line.label for line in decision.body if line.label.startswith("Điều")] == [
        "Điều 1. ", "Điều 2. ", "Điều 3. ", "Điều 4. "]  # fmt: skip
    assert [line.label for line in decision.body if line.label.endswith(") ")] == [
        "a) ",
        "b) ",
        "c) ",
    ]
    assert decision.receivers[-1] == "- Lưu: VT, VP."


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"kind": "công văn", "sujbect": "a"}, "có phải “subject”"),
        ({"kind": "thư tình"}, "không có loại văn bản"),
        ({"kind": "công văn", "date": "30/02/2026"}, "không có thật"),
        ({"kind": "công văn", "number": "mười"}, "số nguyên"),
        ({"kind": "công văn", "signer": {"capacity": "XX. A"}}, "KT."),
        ({"kind": "công văn", "amounts": [{"value": -1}]}, "nhỏ quá"),
        ({"kind": "công văn", "content": "a" * 5000}, "dài quá"),
        ([], "tên: giá trị"),
    ],
)
def test_forms_that_cannot_be_used(given: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        made_form(given)


def test_files_that_are_no_forms(tmp_path: Path) -> None:
    broken = tmp_path / "a.yml"
    broken.write_text("kind: [", encoding="utf-8")
    with pytest.raises(InputError, match="không phải YAML"):
        read_form(broken)
    with pytest.raises(InputError, match="Không đọc được"):
        read_form(tmp_path / "none.yml")
    broken.write_bytes(b"kind: \xff\xfe")
    with pytest.raises(InputError, match="không phải YAML"):
        read_form(broken)


def test_kinds_by_name() -> None:
    assert kind_of("Giấy mời") == "giay_moi"
    assert kind_of("bien ban") == "bien_ban"
    assert kind_of("thư") is None


@pytest.mark.parametrize(
    ("line", "standing"),
    [
        ("Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020", Standing.HOLDS),
        ("Căn cứ Luật Hộ tịch ngày 20 tháng 11 năm 2014;", Standing.HOLDS),
        ("Căn cứ Nghị định số 110/2004/NĐ-CP", Standing.ENDED),
        ("Căn cứ Luật Hộ tịch số 61/2014/QH13", Standing.WRONG),
        ("Căn cứ Thông tư số 30/2020/NĐ-CP", Standing.WRONG),
        ("Căn cứ Quyết định số 999/2019/QĐ-UBND", Standing.NOT_FOUND),
    ],
)
def test_bases_are_asked_of_the_record(line: str, standing: Standing, bases: Bases) -> None:
    assert [each.standing for each in bases.of(line, TODAY)] == [standing]


@pytest.mark.parametrize("kind", kinds())
def test_a_draft_with_blanks_has_no_other_fault(kind: str) -> None:
    data = to_docx(compose(said(f"{kinds()[kind].name} về việc tăng cường phòng, chống dịch")))
    faults = faults_of(sheet_of(data, "a.docx"), None, TODAY)
    assert {fault.code for fault in faults} == {"blank"}


def test_a_basis_is_judged_on_the_day_of_the_paper(bases: Bases) -> None:
    early = made_form(
        {"kind": "quyết định", "date": "01/01/2019", "bases": ["Nghị định số 30/2020/NĐ-CP"]}
    )
    (found,) = draft_document(early, bases, TODAY).bases
    assert found.standing is Standing.NOT_YET
