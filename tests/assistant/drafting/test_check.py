"""A right paper has no fault; each of many ways to spoil one is found."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from assistant.capabilities.check_document import faults_of
from assistant.capabilities.draft_document import draft_document
from assistant.drafting.bases import Bases
from assistant.drafting.faults import Fault, Level
from assistant.drafting.fixing import corrected
from assistant.drafting.form import made_form
from assistant.drafting.sheet import sheet_of
from tests.assistant.drafting.papers import FORMS, TODAY


def draft(kind: str) -> bytes:
    return draft_document(made_form(FORMS[kind], kind), None, TODAY).data


def check(data: bytes, bases: Bases | None) -> tuple[Fault, ...]:
    return faults_of(sheet_of(data, "a.docx"), bases, TODAY)


@pytest.mark.parametrize("kind", FORMS)
def test_a_right_paper_has_no_fault(kind: str, bases: Bases) -> None:
    assert [fault.says for fault in check(draft(kind), bases)] == []


def paragraphs(document: Any) -> list[Any]:
    found = list(document.paragraphs)
    for table in document.tables:
        for cell in table.rows[0].cells:
            found += cell.paragraphs
    return found


def line(document: Any, start: str) -> Any:
    return next(each for each in paragraphs(document) if each.text.startswith(start))


def words(old: str, new: str) -> Callable[[Any], None]:
    """Other words in the paragraph that has ``old``."""

    def spoil(document: Any) -> None:
        paragraph = next(each for each in paragraphs(document) if old in each.text)
        for run in paragraph.runs:
            if old in run.text:
                run.text = run.text.replace(old, new, 1)
                return
        raise AssertionError(old)

    return spoil


def without(start: str) -> Callable[[Any], None]:
    def spoil(document: Any) -> None:
        element = line(document, start)._p
        element.getparent().remove(element)

    return spoil


def runs(start: str, **looks: Any) -> Callable[[Any], None]:
    def spoil(document: Any) -> None:
        for run in line(document, start).runs:
            for name, value in looks.items():
                if name == "colour":
                    run.font.color.rgb = value
                elif name == "font":
                    run.font.name = value
                else:
                    setattr(run.font, name, value)

    return spoil


def page(**values: Any) -> Callable[[Any], None]:
    def spoil(document: Any) -> None:
        for name, value in values.items():
            setattr(document.sections[0], name, value)

    return spoil


def layout(start: str, **values: Any) -> Callable[[Any], None]:
    def spoil(document: Any) -> None:
        paragraph = line(document, start)
        for name, value in values.items():
            owner = paragraph if name == "alignment" else paragraph.paragraph_format
            setattr(owner, name, value)

    return spoil


def number_below(document: Any) -> None:
    from assistant.drafting.fixing import _take_page_number, add_page_number

    section = document.sections[0]
    _take_page_number(section.header)
    add_page_number(section.footer, Pt(14))


def turned(document: Any) -> None:
    page(orientation=WD_ORIENT.LANDSCAPE, page_width=Mm(297), page_height=Mm(210))(document)


def shown_on_first(document: Any) -> None:
    page(different_first_page_header_footer=False)(document)


def rules_gone(document: Any) -> None:
    for paragraph in paragraphs(document):
        for border in paragraph._p.findall(".//{*}pBdr"):
            border.getparent().remove(border)


def moved(start: str, behind: str) -> Callable[[Any], None]:
    def spoil(document: Any) -> None:
        line(document, behind)._p.addnext(line(document, start)._p)

    return spoil


#: What is spoilt, in which kind, and the code it must be found by.
MUTANTS: list[tuple[str, str, Callable[[Any], None], str]] = [
    ("letter paper", "quyet_dinh", page(page_width=Mm(216), page_height=Mm(279)), "page_size"),
    ("landscape", "quyet_dinh", turned, "page_size"),
    ("left margin", "quyet_dinh", page(left_margin=Mm(20)), "margin"),
    ("right margin", "cong_van", page(right_margin=Mm(25.4)), "margin"),
    ("top margin", "bao_cao", page(top_margin=Mm(12)), "margin"),
    ("bottom margin", "bao_cao", page(bottom_margin=Mm(30)), "margin"),
    ("page number below", "quyet_dinh", number_below, "page_number"),
    ("page number on page 1", "quyet_dinh", shown_on_first, "page_number"),
    ("Arial", "quyet_dinh", runs("Điều 1.", font="Arial"), "font"),
    ("small text", "quyet_dinh", runs("Điều 1.", size=Pt(12)), "size"),
    ("large text", "bao_cao", runs("I. KẾT", size=Pt(16)), "size"),
    ("red text", "quyet_dinh", runs("1. Xây", colour=RGBColor(255, 0, 0)), "colour"),
    ("nation too large", "quyet_dinh", runs("CỘNG HÒA", size=Pt(15)), "size"),
    ("nation not bold", "quyet_dinh", runs("CỘNG HÒA", bold=False), "style"),
    ("motto in italics", "quyet_dinh", runs("Độc lập", italic=True), "style"),
    ("agency not bold", "cong_van", runs("SỞ Y TẾ", bold=False), "style"),
    ("parent bold", "cong_van", runs("ỦY BAN", bold=True), "style"),
    ("date upright", "quyet_dinh", runs("Lào Cai, ngày", italic=False), "style"),
    ("basis upright", "quyet_dinh", runs("Căn cứ Luật", italic=False), "style"),
    ("title not bold", "quyet_dinh", runs("QUYẾT ĐỊNH", bold=False), "style"),
    ("receivers upright", "quyet_dinh", runs("Nơi nhận", italic=False), "style"),
    ("receiver too large", "quyet_dinh", runs("- Lưu", size=Pt(14)), "size"),
    ("signer not bold", "quyet_dinh", runs("Nguyễn Văn An", bold=False), "style"),
    ("left aligned", "quyet_dinh", layout("Điều 1.", alignment=WD_ALIGN_PARAGRAPH.LEFT), "align"),
    ("no indent", "quyet_dinh", layout("Điều 1.", first_line_indent=Mm(0)), "indent"),
    ("wide lines", "quyet_dinh", layout("Điều 1.", line_spacing=2.0), "line_spacing"),
    ("tight lines", "quyet_dinh", layout("Điều 1.", line_spacing=0.8), "line_spacing"),
    ("no rules", "quyet_dinh", rules_gone, "rule"),
    ("no nation", "quyet_dinh", without("CỘNG HÒA"), "missing"),
    ("no motto", "cong_van", without("Độc lập"), "missing"),
    ("no number", "quyet_dinh", without("Số:"), "missing"),
    ("no date", "quyet_dinh", without("Lào Cai, ngày"), "missing"),
    ("no receivers", "quyet_dinh", without("Nơi nhận"), "missing"),
    ("no signer", "quyet_dinh", without("Nguyễn Văn An"), "missing"),
    ("no subject", "thong_bao", without("Về việc"), "missing"),
    ("letter without V/v", "cong_van", without("V/v"), "missing"),
    ("letter without addressee", "cong_van", without("Kính gửi"), "missing"),
    ("no file line", "quyet_dinh", without("- Lưu"), "missing"),
    ("basis after the text", "quyet_dinh", moved("Căn cứ Luật", "Điều 4."), "order"),
    ("subject before the title", "thong_bao", moved("THÔNG BÁO", "Về việc"), "missing"),
    ("nation misspelt", "quyet_dinh", words("CHỦ NGHĨA", "CHỦ NGHỈA"), "wording"),
    ("motto in capitals", "quyet_dinh", words("Độc lập - Tự do", "Độc Lập - Tự Do"), "wording"),
    ("motto without blanks", "cong_van", words("Độc lập - Tự do", "Độc lập-Tự do"), "wording"),
    ("number without colon", "quyet_dinh", words("Số:", "Số"), "number"),
    ("number without zero", "cong_van", words("Số: 07", "Số: 7"), "number"),
    ("letters of another kind", "bao_cao", words("/BC-", "/TB-"), "number"),
    ("blanks in the symbol", "quyet_dinh", words("QĐ-SYT", "QĐ - SYT"), "number"),
    ("day without zero", "cong_van", words("ngày 05 tháng", "ngày 5 tháng"), "place_date"),
    ("month without zero", "cong_van", words("tháng 01 năm", "tháng 1 năm"), "place_date"),
    ("no comma after the place", "cong_van", words("Lào Cai, ngày", "Lào Cai ngày"), "place_date"),
    ("basis without semicolon", "quyet_dinh", words("2025;", "2025"), "punctuation"),
    ("addressee without semicolon", "cong_van", words("phường;", "phường"), "punctuation"),
    ("KT without dot", "quyet_dinh", words("KT. ", "KT "), "signature"),
    ("KT signed by a head", "quyet_dinh", words("PHÓ GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"), "signature"),
    ("learned title", "quyet_dinh", words("Nguyễn Văn An", "ThS. Nguyễn Văn An"), "signature"),
    ("article skipped", "quyet_dinh", words("Điều 3.", "Điều 5."), "numbering"),
    ("article twice", "quyet_dinh", words("Điều 3.", "Điều 2."), "numbering"),
    ("clause skipped", "quyet_dinh", words("2. Đề", "4. Đề"), "numbering"),
    ("point out of order", "quyet_dinh", words("c) Bảo", "d) Bảo"), "numbering"),
    ("part skipped", "bao_cao", words("II. TỒN", "III. TỒN"), "numbering"),
    ("words of another sum", "quyet_dinh", words("mười lăm nghìn", "năm mươi nghìn"), "amount"),
    ("a word left out", "to_trinh", words("Hai tỷ năm trăm triệu", "Hai tỷ năm triệu"), "amount"),
    ("words of another count", "bao_cao", words("hai mươi lăm", "hai mươi tư"), "amount"),
    ("dots wrong", "to_trinh", words("2.500.000.000", "2.500.00.000"), "amount"),
    ("no such day", "quyet_dinh", words("15 tháng 12", "31 tháng 11"), "date"),
    ("no such day in figures", "cong_van", words("15/01/2026", "32/01/2026"), "date"),
    ("another weekday", "cong_van", words("thứ Hai", "thứ Ba"), "date"),
    ("basis has ended", "quyet_dinh", words("30/2020/NĐ-CP", "110/2004/NĐ-CP"), "basis"),
    ("basis of another day", "quyet_dinh", words("ngày 05 tháng 3", "ngày 06 tháng 3"), "basis"),
    ("basis of another kind", "quyet_dinh", words("Nghị định số 30", "Thông tư số 30"), "basis"),
    ("small article", "quyet_dinh", words("tại Điều 1", "tại điều 1"), "capitals"),
    ("capital clause", "quyet_dinh", words("khoản 2 Điều 5", "Khoản 2 Điều 5"), "capitals"),
    ("Government in capitals", "quyet_dinh", words("của Chính phủ", "của Chính Phủ"), "capitals"),
    ("committee in capitals", "to_trinh", words("trình Ủy ban", "trình Ủy Ban"), "capitals"),
    ("province half small", "cong_van", words("tỉnh Lào Cai", "tỉnh Lào cai"), "capitals"),
    ("department half small", "cong_van", words("tạp. Sở Y tế", "tạp. Sở y tế"), "capitals"),
    ("sentence begins small", "cong_van", words("Sở Y tế đề nghị", "đề nghị"), "capitals"),
    ("misspelt: bổ xung", "quyet_dinh", words("Báo cáo kết quả", "Bổ xung kết quả"), "spelling"),
    ("misspelt: triễn khai", "cong_van", words("triển khai", "triễn khai"), "spelling"),
    ("a letter twice", "quyet_dinh", words("thành lập", "thành lậpp"), "spelling"),
    ("no such syllable", "bao_cao", words("tuyển dụng", "tuyểng dụnq"), "spelling"),
    ("misplaced tone", "quyet_dinh", words("an toàn", "an tòan"), "spelling"),
    ("without marks", "cong_van", words("phức tạp", "phuc tạp"), "spelling"),
    ("sounds alike", "quyet_dinh", words("chịu trách nhiệm", "chịu chách nhiệm"), "spelling"),
    ("blank left", "quyet_dinh", words("Nhân lực;", "[…];"), "blank"),
]  # fmt: skip


def spoilt(kind: str, spoil: Callable[[Any], None]) -> bytes:
    document = docx.Document(io.BytesIO(draft(kind)))
    spoil(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(("name", "kind", "spoil", "code"), MUTANTS, ids=[m[0] for m in MUTANTS])
def test_every_mutant_is_found(
    name: str, kind: str, spoil: Callable[[Any], None], code: str, bases: Bases
) -> None:
    assert len(MUTANTS) >= 40
    found = check(spoilt(kind, spoil), bases)
    assert code in {fault.code for fault in found if fault.level is Level.ERROR}, name
    assert all(fault.says for fault in found)


@pytest.mark.parametrize(("name", "kind", "spoil", "code"), MUTANTS, ids=[m[0] for m in MUTANTS])
def test_what_can_be_put_right_is(
    name: str, kind: str, spoil: Callable[[Any], None], code: str, bases: Bases
) -> None:
    sheet = sheet_of(spoilt(kind, spoil), "a.docx")
    faults = faults_of(sheet, bases, TODAY)
    data, done = corrected(sheet, faults)
    left = check(data, bases)
    kept = [fault for fault in faults if fault not in done]
    assert len(left) <= len(kept), [fault.says for fault in left]
