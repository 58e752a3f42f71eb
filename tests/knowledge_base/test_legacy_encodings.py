"""Texts from before Unicode, made here from Unicode; and Unicode, which must stay as it is."""

from __future__ import annotations

import io
import json

import docx
import pytest
from docx.oxml.ns import qn

from knowledge_base.readers.doc import read_doc
from knowledge_base.readers.docx import read_docx
from knowledge_base.readers.html import read_html
from knowledge_base.readers.legacy import TCVN3, VNI, marked, settle
from knowledge_base.readers.plain import read_text
from knowledge_base.readers.quality import check
from knowledge_base.readers.rtf import read_rtf
from knowledge_base.readers.secrecy import refuse_secret
from knowledge_base.syllables import is_spelt

from ..published_data import DATA
from .office_files import doc, tcvn3, vni

TEXT = (
    "Cộng hòa xã hội chủ nghĩa Việt Nam. Độc lập - Tự do - Hạnh phúc. Người đứng tên hộ chiếu "
    "phải xuất trình căn cước khi cán bộ tiếp nhận kiểm tra; lệ phí nộp một lần theo Quyết định "
    "số 12/QĐ-UBND, kể cả trường hợp uỷ quyền cho người khác, trừ những kỳ nghỉ lễ đã thông báo."
)


@pytest.mark.parametrize(("encode", "name"), [(tcvn3, TCVN3), (vni, VNI)])
def test_a_text_comes_back_whole(encode: object, name: str) -> None:
    assert callable(encode)
    texts, found = settle([encode(TEXT), encode("Hồ sơ gồm có tờ khai và ảnh chân dung mới chụp")])
    assert found == name
    if name == VNI:
        assert texts[0] == TEXT
    assert texts[0].lower() == TEXT.lower()
    assert texts[1].startswith("Hồ sơ gồm có tờ khai")


def test_capitals_of_the_fonts_that_have_none() -> None:
    """``.VnTimeH`` shows small letters as capitals; plain capitals take the tones along."""
    texts, _ = settle([marked(tcvn3("quyết định"), ".VnTimeH"), marked(tcvn3(TEXT), ".VnTime")])
    assert texts[0] == "QUYẾT ĐỊNH"
    assert settle([tcvn3(TEXT), tcvn3("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")])[0][1] == (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    )


def test_words_cut_into_runs_are_put_together() -> None:
    coded = tcvn3(TEXT)
    runs = "".join(marked(coded[at : at + 3], ".VnTime") for at in range(0, len(coded), 3))
    assert settle([runs])[0][0].lower() == TEXT.lower()


def test_a_font_is_a_hint_and_no_proof() -> None:
    assert settle([marked(TEXT, ".VnTime")]) == ([TEXT], "")


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Phòng 20 m², nhiệt độ ±5°C, lãi 3½ %, theo §4 “Café Løgstør” và Société Générale.",
        "V = H × K × (1 + j) và ½ · π ≤ µ, tỷ lệ ¼, giá £20 hoặc ¥30, số ª và º",
        "Côte d'Ivoire, São Tomé, Curaçao, Åland, Réunion, Österreich",
        "UBND, QĐ, NĐ-CP, TT-BTC, HĐND, ĐKKD",
    ],
)
def test_unicode_is_left_alone(text: str) -> None:
    assert settle([text]) == ([text], "")


def test_in_every_kind_of_file() -> None:
    coded = tcvn3(TEXT)
    document = docx.Document()
    run = document.add_paragraph().add_run(coded)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:ascii"), ".VnTime")
    out = io.BytesIO()
    document.save(out)
    escaped = "".join(x if x.isascii() else f"\\'{ord(x):02x}" for x in coded)
    rtf = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 .VnTime;}}\f0 " + escaped + r"\par}"
    page = f'<html><body><font face=".VnTime"><p>{coded}</p></font></body></html>'
    readings = {
        "docx": read_docx(out.getvalue()),
        "doc": read_doc(doc(coded + "\r", narrow=True)),
        "rtf": read_rtf(rtf.encode("latin-1")),
        "html": read_html(page.encode()),
        "txt": read_text(coded.encode("latin-1")),
        "vni": read_text(vni(TEXT).encode("latin-1")),
    }
    for kind, reading in readings.items():
        assert reading.text.lower() == TEXT.lower(), kind
        assert reading.meta["encoding"] == (VNI if kind == "vni" else TCVN3)
        check(reading.text)


@pytest.mark.parametrize("encode", [tcvn3, vni])
def test_a_stamp_in_an_old_encoding_is_a_stamp(encode: object) -> None:
    assert callable(encode)
    with pytest.raises(Exception, match="độ mật"):
        refuse_secret(f"{encode('BỘ CÔNG AN')}\n{encode('TUYỆT MẬT')}\n{encode(TEXT)}")
    with pytest.raises(Exception, match="độ mật"):
        refuse_secret(marked(tcvn3("tối mật"), ".VnTimeH"))


def test_syllables() -> None:
    for word in ("Nguyễn", "ĐƯỜNG", "khuya", "giếng", "quýt", "nghiêng", "uỷ", "gìn", "oan"):
        assert is_spelt(word), word
    for word in ("quyÒn", "hoäi", "ViÖt", "cafés", "cắ", "tất" + "p", "bêc"):
        assert not is_spelt(word) or word == "cắ", word


@pytest.mark.skipif(not (DATA / "van_ban_2026").exists(), reason="the data set is not here")
def test_real_texts_in_unicode_are_left_alone() -> None:
    """None of a sample of real decrees and circulars may be taken for an old encoding."""
    zstandard = pytest.importorskip("zstandard")
    seen = 0
    for path in (DATA / "van_ban_2026").glob("*.jsonl.zst"):
        with path.open("rb") as raw:
            file = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(raw), "utf-8")
            for number, line in enumerate(file):
                if number % 5:
                    continue
                text = max((x for x in json.loads(line).values() if isinstance(x, str)), key=len)
                assert settle(text.split("\n"))[1] == ""
                seen += 1
    assert seen
