"""A provision on two days: both are shown, neither is chosen, what is missing is said."""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import date

import pytest

from assistant.errors import InputError
from assistant.judging.frames import frames, observations
from assistant.judging.law_on_days import beside
from assistant.judging.told import beside_lines
from knowledge_base.documents import Document, DocumentKind
from knowledge_base.home import Home
from knowledge_base.law.law_document import as_law
from knowledge_base.store import Record

ACT, TRIAL = date(2017, 5, 1), date(2026, 11, 22)
# Invented wordings under the real numbers: what is compared is what the record has.
OLD = """QUỐC HỘI
Luật số: 15/1999/QH10

BỘ LUẬT HÌNH SỰ

Điều 137. Tội mẫu thứ nhất
1. Người nào làm việc mẫu thứ nhất thì bị phạt tù từ một năm đến năm năm.
2. Trường hợp khác thì bị phạt tiền từ 1.000.000 đồng đến 2.000.000 đồng.

Điều 138. Tội mẫu trộm cắp
1. Người nào trộm cắp tài sản có giá trị từ 500.000 đồng thì bị phạt cải tạo không giam giữ
đến ba năm hoặc phạt tù từ sáu tháng đến ba năm.
2. Phạm tội nhiều lần thì bị phạt tù từ hai năm đến mười năm hoặc tử hình.
"""
NEW = (
    OLD.replace("15/1999/QH10", "100/2015/QH13")
    .replace("Điều 137", "Điều 172")
    .replace("Điều 138", "Điều 173")
    .replace("từ 500.000 đồng", "từ 2.000.000 đồng")
    .replace("mười năm hoặc tử hình", "bảy năm")
)


def put(record: Record, text: str, number: str, since: date) -> None:
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document(
        f"file:/{number}", number, DocumentKind.LAW, "Bộ luật Hình sự", text, sha, number,
        effective_from=since,
    )  # fmt: skip
    record.put(as_law(document))


def test_both_days_with_differences_and_no_choice(home: Home) -> None:
    with closing(Record(home.record())) as record:
        put(record, OLD, "15/1999/QH10", date(2000, 7, 1))
        put(record, NEW, "100/2015/QH13", date(2018, 1, 1))
        found = beside(record, "Điều 173", ACT, TRIAL)
        (act,), (trial,) = found.act, found.trial
        assert (act.number, act.article) == ("15/1999/QH10", "138")
        assert (trial.number, trial.article) == ("100/2015/QH13", "173")
        for one in (act, trial):
            document = record.document(one.document_id)
            assert document is not None
            assert document.text[one.start : one.end] == one.text
    told = [one.what for one in found.observations]
    assert any("500.000 đồng" in what and "2.000.000 đồng" in what for what in told)
    assert any("từ 2 năm đến 10 năm" in what and "từ 2 năm đến 7 năm" in what for what in told)
    assert any("tử hình chỉ có ở bản ngày hành vi" in what for what in told)
    lines = "\n".join(beside_lines(found))
    assert "khoản 3 Điều 7" in lines
    assert "bảng đã biết chắc" in lines
    for verdict in ("phải áp dụng", "nên áp dụng", "có lợi hơn là"):
        assert verdict not in lines


def test_what_the_record_lacks_is_named(home: Home) -> None:
    with closing(Record(home.record())) as record:
        found = beside(record, "khoản 1 Điều 173 BLHS", ACT, TRIAL)
    assert [p.text for p in (*found.act, *found.trial)] == ["", ""]
    assert any("15/1999/QH10" in remark and "troly ingest" in remark for remark in found.remarks)
    assert found.observations == ()


def test_one_text_on_both_days(home: Home) -> None:
    with closing(Record(home.record())) as record:
        put(record, NEW, "100/2015/QH13", date(2018, 1, 1))
        found = beside(record, "Điều 173 Bộ luật Hình sự", date(2019, 1, 1), TRIAL)
    assert found.act[0].text == found.trial[0].text
    assert any("chỉ có một bản" in remark for remark in found.remarks)
    assert any("86/2025/QH15" in remark and "giữa hai ngày" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("asked", "act", "trial", "why"),
    [
        ("tội trộm cắp", ACT, TRIAL, "Hãy ghi điều"),
        ("Điều 173", TRIAL, ACT, "trước ngày hành vi"),
        ("Điều 173 Bộ luật Hình sự 1985", ACT, TRIAL, "Chưa biết Bộ luật Hình sự năm 1985"),
        (
            "Điều 10 Luật Thương mại",
            date(1990, 1, 1),
            date(1991, 1, 1),
            "Không biết Luật Thương mại",
        ),
    ],
)
def test_bad_questions_get_a_sentence(
    home: Home, asked: str, act: date, trial: date, why: str
) -> None:
    with closing(Record(home.record())) as record, pytest.raises(InputError, match=why):
        beside(record, asked, act, trial)


def test_frames_are_read_clause_by_clause() -> None:
    one, two = frames(OLD[OLD.index("Điều 138") :])
    assert (one.clause, one.prison, one.reform, one.threshold) == ("1", (6, 36), 36, 500_000)
    assert (two.prison, two.death) == ((24, 120), True)
    assert list(observations(OLD, OLD)) == []
