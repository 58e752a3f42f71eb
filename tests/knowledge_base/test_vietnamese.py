"""Cleaning, folding, tokens, abbreviations."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.vietnamese import (
    abbreviations,
    clean,
    document_number,
    expand_abbreviations,
    fold,
    is_bare,
    procedure_code,
    tokens,
)

SYLLABLES = {"ca", "cap", "con", "hong", "ma", "ta", "la", "bang", "xa", "so", "do", "sao", "the"}


def test_clean_removes_what_nobody_sees() -> None:
    typed = unicodedata.normalize("NFD", "hộ chiếu") + "\u200b\u202e\x00\ufeff\u00a0phổ\u00adthông"
    assert clean(typed) == "hộ chiếu phổthông"


@pytest.mark.parametrize("text", ["Hộ chiếu phổ thông", "Dòng 1\n\tdòng 2", "30/2020/NĐ-CP"])
def test_clean_leaves_clean_text_alone(text: str) -> None:
    assert clean(text) == text


@given(st.text())
def test_clean_is_stable_and_nfc(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once


@given(st.text())
def test_nothing_fails_on_any_text(text: str) -> None:
    for token in tokens(clean(text)):
        assert token
        assert not any(letter.isspace() for letter in token)
    fold(text)
    expand_abbreviations(text)
    is_bare(text)


def test_fold() -> None:
    assert fold("Đăng ký Hộ khẩu, ƯỚC") == "dang ky ho khau, uoc"


def test_codes_are_whole_tokens() -> None:
    text = "Nghị định 30/2020/NĐ-CP, mã 1.004222, phí 200.000 đồng, 01/VBHN-VPQH, ngày 01/07/2025"
    assert tokens(text) == [
        *("nghị", "định", "30/2020/nd-cp", "mã", "1.004222", "phí", "200000", "đồng"),
        *("01/vbhn-vpqh", "ngày", "01/07/2025"),
    ]


def test_one_spelling_for_one_word() -> None:
    assert tokens("hoà giải thuỷ lợi kí tên") == tokens("hòa giải thủy lợi ký tên")
    assert tokens("quý") == ["quý"]


def test_document_numbers_and_procedure_codes() -> None:
    number = document_number("30/2020/nd-cp")
    assert number is not None
    assert (number.key, number.issuer) == ("30/2020", "nd-cp")
    assert document_number("1.004222") is None
    assert procedure_code("1.004222.000.00.00.H29") == "1.004222"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("UBND xã", "ủy ban nhân dân xã"),
        ("dktt", "đăng ký thường trú"),
        ("đktt", "đăng ký thường trú"),
        ("ĐKTT ntn", "đăng ký thường trú như thế nào"),
        ("du dk chua", "đủ điều kiện chua"),
        ("dk tam tru", "đăng ký tam tru"),
        ("lam ho chieu dc ko", "lam ho chieu được không"),
    ],
)
def test_abbreviations_are_written_out(typed: str, meant: str) -> None:
    assert expand_abbreviations(typed) == meant


@pytest.mark.parametrize("text", ["12/QĐ-UBND", "TT-BCA", "30/2020/NĐ-CP", "thi hành án", "sổ đo"])
def test_codes_and_ordinary_words_are_left_alone(text: str) -> None:
    assert expand_abbreviations(text) == text


def test_documents_expand_only_what_means_one_thing() -> None:
    assert expand_abbreviations("UBND cấp, k dk", document=True) == "ủy ban nhân dân cấp, k dk"


def test_everyday_names_stand_beside_or_instead() -> None:
    assert expand_abbreviations("mất passport") == "mất passport hộ chiếu"
    assert expand_abbreviations("mất passport", synonyms=True) == "mất hộ chiếu"


def test_the_operators_abbreviations_win() -> None:
    assert expand_abbreviations("pmđt", {"PMĐT": "phần mềm"}) == "phần mềm"
    assert expand_abbreviations("dk", {"dk": "điều kiện"}) == "điều kiện"


def test_no_key_is_an_ordinary_syllable() -> None:
    table = abbreviations()
    for key in (*table.formal, *table.typed):
        assert len(key) > 1 or fold(key[0]) not in SYLLABLES, key
    assert len(table.formal) + len(table.typed) + len(table.synonyms) >= 80


def test_bare_text_is_noticed() -> None:
    assert is_bare("lam ho chieu o dau")
    assert not is_bare("làm hộ chiếu ở đâu")
    assert not is_bare("1.004222")
    assert not is_bare("")
