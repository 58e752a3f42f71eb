"""What offices call what people say: added to a query, never in the place of what was said."""

from __future__ import annotations

import pytest

from knowledge_base.query_terms import analyse
from knowledge_base.related import related
from knowledge_base.vietnamese import tokens


def filed(text: str) -> set[str]:
    return {" ".join(one.phrase) for one in related(tokens(text))}


def test_what_happened_to_a_paper_is_what_is_done_about_it() -> None:
    assert "cấp lại" in filed("làm mất bằng lái xe")
    assert "gia hạn" in filed("thẻ tạm trú sắp hết hạn")


@pytest.mark.parametrize("text", ["mất bao lâu", "hết bao nhiêu", ""])
def test_phrases_that_only_ask_add_nothing(text: str) -> None:
    assert filed(text) == set()


def test_nothing_is_added_that_was_said() -> None:
    assert "cấp lại" not in filed("mất hộ chiếu thì xin cấp lại")


def test_a_syllable_of_another_word_says_nothing() -> None:
    assert related(["trao", "đổi"], [True]) == []
    assert related(["đổi", "bằng"], [False]) != []


def test_added_words_weigh_less_than_those_that_were_typed() -> None:
    plain, added = analyse("mất hộ chiếu", None), "cấp lại"
    count = len(tokens("mất hộ chiếu"))
    assert plain.accented[count:] == tuple(tokens(added))
    assert max(plain.weights[count:]) < min(plain.weights[:count])
    assert plain.text == "mất hộ chiếu"
    assert plain.embedded.endswith(added)
    assert len(plain.joints) == len(plain.accented) - 1


def test_a_long_text_is_embedded_as_it_is() -> None:
    text = "tôi đi làm xa nhà nhiều năm nay mới về thì thấy mất hộ chiếu của cả gia đình"
    assert analyse(text, None).filed == ()
