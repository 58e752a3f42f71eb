"""Document numbers: every spelling to one key."""

from __future__ import annotations

import pytest

from knowledge_base.law.keys import asked_numbers, document_key, numbers_in, resolve

KNOWN = (
    "30/2020/nd-cp",
    "30/2020/tt-btc",
    "23/2023/qh15",
    "91/2015/qh13",
    "1/2026/tt-btp",
    "1/2026/tt-bca",
    "45/cp",
    "66.16/2026/nq-cp",
)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("30/2020/NĐ-CP", "30/2020/nd-cp"),
        ("30/2020/ND-CP", "30/2020/nd-cp"),
        ("30/2020/NĐ - CP", "30/2020/nd-cp"),
        ("NĐ30/2020/NĐ-CP", "30/2020/nd-cp"),
        ("Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020", "30/2020/nd-cp"),
        ("Nghị định 58/2026/NĐ-CP - Sửa đổi quy định về con dấu", "58/2026/nd-cp"),
        ("Luật số 23/2023/QH15", "23/2023/qh15"),
        ("Bộ luật số: 91/2015/QH13;", "91/2015/qh13"),
        ("Luật số: 73/2006/QH 11", "73/2006/qh11"),
        ("01/2026/TT-BTP", "1/2026/tt-btp"),
        ("01/2023/tt-bgtvt", "1/2023/tt-bgtvt"),
        ("20 /2016/TT-BGTVT", "20/2016/tt-bgtvt"),
        ("12/2020/TTLT-BCA-BTP", "12/2020/ttlt-bca-btp"),
        ("12/2020/TTLT/BCA-BTP", "12/2020/ttlt-bca-btp"),
        ("08/2018/VBHN-BTC", "8/2018/vbhn-btc"),
        ("01/VBHN-VPQH", "1/vbhn-vpqh"),
        ("15/2023/QĐ-UBND", "15/2023/qd-ubnd"),
        ("Quyết định 1255/QĐ-TTg về việc", "1255/qd-ttg"),
        ("66.16/2026/NQ-CP", "66.16/2026/nq-cp"),
        ("21-LCT/HĐNN8", "21/lct-hdnn8"),
        ("Nghị định 45-CP", "45/cp"),
        ("45/CP", "45/cp"),
        ("13/1999/PL-UBTVQH10", "13/1999/pl-ubtvqh10"),
        # no whole number
        ("nghị định 30 năm 2020", ""),
        ("ngày 01/07/2025", ""),
        ("Điều 30/2020", ""),
        ("17 đồng/kg, 1/2 số tiền", ""),
        ("", ""),
    ],
)
def test_every_spelling_has_one_key(written: str, key: str) -> None:
    assert document_key(written) == key


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("nđ 30/2020", ["30/2020/nd-cp"]),
        ("NĐ30/2020", ["30/2020/nd-cp"]),
        ("nghị định 30 năm 2020", ["30/2020/nd-cp"]),
        ("nghi dinh so 30 nam 2020", ["30/2020/nd-cp"]),
        ("30/2020 nd cp", ["30/2020/nd-cp"]),
        ("nghị định 30", ["30/2020/nd-cp"]),
        ("30/2020/NĐ", ["30/2020/nd-cp"]),
        ("luật 23/2023", ["23/2023/qh15"]),
        ("bộ luật 91 năm 2015", ["91/2015/qh13"]),
        ("30/2020", ["30/2020/nd-cp", "30/2020/tt-btc"]),
        ("thông tư 01/2026", ["1/2026/tt-bca", "1/2026/tt-btp"]),
        ("30/2021/NĐ-CP", []),
        ("nghị định về văn thư", []),
    ],
)
def test_partial_numbers_are_completed_from_what_exists(asked: str, keys: list[str]) -> None:
    found = resolve(asked, KNOWN)
    assert list(found.keys) == keys
    assert found.state == {0: "none", 1: "found"}.get(len(keys), "several")


def test_a_number_that_is_not_there_has_near_ones() -> None:
    found = resolve("30/2021/NĐ-CP", KNOWN)
    assert found.state == "none"
    assert "30/2020/nd-cp" in found.near


def test_numbers_in_running_text_with_their_places() -> None:
    text = "Căn cứ Luật số 23/2023/QH15 và nghị định 30 năm 2020; khoản 1 Điều 2 ngày 01/02/2020."
    found = list(numbers_in(text))
    assert [(n.key, n.whole) for n in found] == [("23/2023/qh15", True), ("30/2020/nd", False)]
    assert text[found[0].start : found[0].end] == "23/2023/QH15"


def test_a_number_alone_is_asked_for_only_by_people() -> None:
    assert list(numbers_in("mức 30/2020 thay đổi")) == []
    assert [n.key for n in asked_numbers("30/2020")] == ["30/2020"]
