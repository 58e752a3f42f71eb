"""Laws are found by their names, with the year and the article where these were said."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.index import laws
from knowledge_base.vietnamese import fold, tokens

KNOWN = frozenset({"@luat cu tru", "@bo luat dan su", "@luat dan su", "@luat dat dai"})


def named(text: str) -> list[tuple[str, str]]:
    words = [fold(word) for word in tokens(text)]
    return [(law.key, law.year) for law in laws.named_in(words, KNOWN)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Điều 33 Bộ luật Dân sự 2015", [("@bo luat dan su", "2015")]),
        ("luật đất đai năm 2024 và luật cư trú", [("@luat dat dai", "2024"), ("@luat cu tru", "")]),
        ("theo luat cu tru thi sao", [("@luat cu tru", "")]),
        ("luật sư cư trú ở đâu", []),
        ("", []),
    ],
)
def test_names_in_a_query(text: str, found: list[tuple[str, str]]) -> None:
    assert named(text) == found


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Luật Cư trú số 68/2020/QH14", "@luat cu tru"),
        ("Bộ luật Dân sự 2015 - Điều 3", "@bo luat dan su"),
        ("Pháp lệnh Chi phí tố tụng", "@phap lenh chi phi to tung"),
        ("Nghị định quy định chi tiết Luật Cư trú", ""),
        ("Luật", ""),
    ],
)
def test_keys_of_titles(title: str, key: str) -> None:
    assert laws.name_key(title) == key


def test_a_law_of_a_year_is_looked_up_before_the_law_of_any() -> None:
    assert laws.NamedLaw("@luat cu tru", "2020").keys == ("@luat cu tru|2020", "@luat cu tru")


def test_names_are_kept_without_years_and_articles(tmp_path: Path) -> None:
    laws.write(["@luat cu tru", "@luat cu tru|2020#3", "30/2020", "@luat dat dai#5"], tmp_path)
    assert laws.read(tmp_path) == {"@luat cu tru", "@luat dat dai"}


@pytest.mark.parametrize("number", ["30/2020/NĐ-CP", "01/2024/TT-BCA", "12/2020/QĐ-TTg"])
def test_what_stands_below_the_laws(number: str) -> None:
    assert laws.is_subordinate(number)


@pytest.mark.parametrize("number", ["68/2020/QH14", "16/2012/UBTVQH13", "", "30/2020"])
def test_what_does_not(number: str) -> None:
    assert not laws.is_subordinate(number)
