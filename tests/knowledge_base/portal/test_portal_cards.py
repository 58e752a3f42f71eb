"""A record becomes a card: every slot typed, unknown, not required or unreadable."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest

from knowledge_base.card_text import card_lines
from knowledge_base.documents import (
    SLOTS,
    DossierItem,
    Duration,
    Fee,
    FeeState,
    How,
    Level,
    ProcedureCard,
    TimeUnit,
)
from knowledge_base.portal.cards import card_of, document_of
from knowledge_base.portal.files import read_records
from knowledge_base.portal.records import NotARecord, Schema, raw_of
from knowledge_base.portal.rows import HEADER as ROWS
from knowledge_base.portal.texts import other_names, results, short_name, steps
from knowledge_base.rows import card_from_json, card_to_json

from ...published_data import DATA
from .portal_records import catalogue, ministry, portal

RECORDS = DATA / "tthc_dichvucong" / "procedures.jsonl.zst"


def card(record: dict[str, object]) -> ProcedureCard:
    return card_of(raw_of(record))


def test_a_record_of_the_portal() -> None:
    found = card(portal())
    assert found.name == "Thủ tục cấp giấy phép thả diều (cấp tỉnh)"
    assert found.short_name == "Cấp giấy phép thả diều"
    assert found.levels == (Level.PROVINCE, Level.COMMUNE)
    assert found.authority == "Sở Trò chơi"
    assert found.who == "Công dân Việt Nam"
    assert found.steps == ("Bước 1: Nộp hồ sơ.", "Bước 2: Nhận giấy phép.")
    assert found.result == "Giấy phép thả diều"
    assert found.legal_basis == ("1/2024/NĐ-CP",)
    assert found.none_required == ("conditions",)
    assert found.unknown == ("where",)
    assert found.unreadable == ()
    online, counter = found.channels
    assert (online.how, counter.how) == (How.ONLINE, How.IN_PERSON)
    assert online.times == (Duration(TimeUnit.WORKING_DAY, 3),)
    assert online.fees == (Fee(FeeState.KNOWN, 40_000, "giấy phép"),)
    assert counter.fees == (Fee(FeeState.FREE),)
    assert found.dossier == (DossierItem("Đơn theo Mẫu số 01 bản in", "Mẫu số 01", 1),)
    source = found.source_of("all")
    assert (source.decision_number, source.url) == ("12/QĐ-BTT", "https://example.vn/1.900001")
    assert card_from_json(card_to_json(found)) == found


def test_an_unreadable_slot_keeps_the_words_of_the_source() -> None:
    found = card(portal(cach_thuc_thuc_hien=f"{ROWS}Trực tiếp1Miễn phí"))
    assert found.unreadable == ("times",)
    assert found.raw == {"times": "trực tiếp: “1”"}
    document = document_of(found, Schema.PORTAL, collection="c", labels=("public",))
    assert "Thời hạn giải quyết (trực tiếp): chưa đọc được chắc chắn" in document.text
    assert "nguyên văn trong nguồn: trực tiếp: “1”" in document.text
    for line in card_lines(found):
        assert document.text[line.start : line.end] == line.text


def test_a_note_against_the_table_is_told() -> None:
    text = f"{ROWS}Trực tiếp2 NgàyMiễn phí(150.000 đồng/giấy)"
    found = card(portal(cach_thuc_thuc_hien=text))
    assert found.channels[0].fees[0].amount == 150_000
    assert any("Miễn phí" in note for note in found.notes)


def test_a_table_cut_inside_a_bracket_is_put_together_again() -> None:
    cut = f"{ROWS}Trực tuyến3 Ngày50,000 VNĐ("
    rest = ": Thông tư 9/2020/TT-BTC)Trực tiếp4 Ngày50,000 VNĐ"
    found = card(portal(cach_thuc_thuc_hien=cut, can_cu_phap_ly=rest))
    assert [c.times[0].amount for c in found.channels] == [3, 4]
    assert found.legal_basis == ()


def test_a_record_of_a_ministry() -> None:
    found = card(ministry())
    (channel,) = found.channels
    assert channel.times == (
        Duration(TimeUnit.DAY, 7),
        Duration(TimeUnit.DAY, 14, "Trường hợp phức tạp"),
    )
    assert channel.fees == (Fee(FeeState.FREE),)
    assert found.authority == "Cục Cờ"
    assert found.dossier == (DossierItem("Đơn", "Mẫu số 3", 1),)
    assert found.legal_basis == ("9/2024/TT-BQP",)
    assert found.source_of("all").decision_number == "7/QĐ-BTT"
    assert found.steps == ("Bước 1: Nộp.", "Bước 2: Nhận.")


def test_the_catalogue_knows_only_names_and_says_how_old_it_is() -> None:
    found = card(catalogue())
    assert found.unknown == SLOTS
    assert found.authority == ""
    text = document_of(found, Schema.CATALOGUE, collection="c", labels=("public",)).text
    assert "danh mục tháng 4/2025, trước khi bỏ cấp huyện" in text
    assert "Nộp trực tuyến" not in text


def test_a_body_of_a_district_is_remarked_on() -> None:
    found = card(portal(co_quan_co_tham_quyen="Công an cấp huyện"))
    text = document_of(found, Schema.PORTAL, collection="c", labels=("public",)).text
    assert found.authority == "Công an cấp huyện"
    assert "đã bỏ từ 01/7/2025" in text
    assert card(portal(cap_thuc_hien="Cấp huyện")).levels == ()


@pytest.mark.parametrize("bad", [{}, {"ma_thu_tuc": "", "ten_thu_tuc": "x"}, {"ma_so": "1"}])
def test_other_objects_are_no_records(bad: dict[str, object]) -> None:
    with pytest.raises(NotARecord):
        raw_of(bad)


def test_values_of_the_wrong_type_are_words_or_unreadable() -> None:
    odd = portal(cach_thuc_thuc_hien=None, thanh_phan_ho_so=7, trinh_tu_thuc_hien=["Nộp đơn", {}])
    found = card(odd)
    assert found.channels == ()
    assert {"times", "fees"} <= set(found.unknown)
    assert "dossier" in found.unreadable
    assert found.steps == ("Nộp đơn",)


def test_names() -> None:
    assert short_name("Thủ tục cấp thẻ (thực hiện tại cấp xã)") == "Cấp thẻ"
    assert len(short_name("Cấp " + "rất dài " * 30)) <= 80
    assert other_names("Thủ tục cấp thẻ (loại đỏ) (cấp tỉnh)") == (
        "Cấp thẻ (loại đỏ)",
        "Cấp thẻ",
    )
    assert other_names("Cấp thẻ đỏ") == ()


def test_steps_and_results() -> None:
    assert steps("a) Nộp:\nNộp đơn.\n- Một cửa\nb) Trả:\n- Nhận") == (
        "a) Nộp: Nộp đơn. - Một cửa",
        "b) Trả: - Nhận",
    )
    assert steps(".") == ()
    text = "Thẻ đỏMã: KQ.G1.000001Văn bảnMã: 000.00.00.G01-KQ02Từ khóaKhông có thông tinMô tả x"
    assert results(text) == "Thẻ đỏ; Văn bản"


@pytest.mark.skipif(not RECORDS.is_file(), reason="the portal's records are not here")
def test_every_figure_of_real_cards_stands_in_its_record() -> None:
    import io
    import json

    import zstandard

    with zstandard.ZstdDecompressor().stream_reader(RECORDS.open("rb")) as stream:
        lines = io.TextIOWrapper(stream, encoding="utf-8").read().splitlines()
    records = {found["ma_thu_tuc"]: found for found in map(json.loads, lines)}
    states: Counter[str] = Counter()
    for found in read_records(RECORDS):
        one = card_from_json(found.card)
        record = records[one.code]
        source = record["cach_thuc_thuc_hien"] + record["can_cu_phap_ly"]
        said = {int(re.sub(r"\D", "", n)) for n in re.findall(r"\d[\d.,]*", source)}
        said |= {n * 10**6 for n in said} | {n * 10**5 for n in said}  # "02 triệu", "1,5 triệu"
        for channel in one.channels:
            for fee in channel.fees:
                states[fee.state] += 1
                # A figure glued to a time without a unit has lost its first digit.
                tail = str(fee.amount)
                glued = any(str(n).endswith(tail) and len(str(n)) <= len(tail) + 3 for n in said)
                assert fee.amount is None or fee.amount in said or glued, (one.code, fee)
    assert len(records) == sum(1 for _ in read_records(RECORDS))
    assert states["known"] > 1000
    assert states["unknown"] < 0.03 * states.total()


@pytest.mark.parametrize("odd", ["9" * 20_000, "1.000 " * 5_000, "(" * 20_000, "lệ phí " * 10_000])
def test_odd_cells_cost_no_time(odd: str) -> None:
    started = time.monotonic()
    card(portal(cach_thuc_thuc_hien=f"{ROWS}Trực tiếp5 NgàyMiễn phí({odd}"))
    assert time.monotonic() - started < 5
