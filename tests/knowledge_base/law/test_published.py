"""Published texts and codified articles as lines of JSON."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

import pytest

from knowledge_base.documents import Document, DocumentKind
from knowledge_base.file_documents import document_of_line
from knowledge_base.law.law_document import read_law
from knowledge_base.readers.beir import parse

TEXT = """
# Nghị định

## Điều 1. Phạm vi

Nghị định này quy định việc A.

## Điều 2. Hiệu lực thi hành

1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2031.
2. Bãi bỏ Điều 4 Nghị định số 5/2020/NĐ-CP.
"""


def made(**found: Any) -> Document:
    line = parse(json.dumps(found, ensure_ascii=False), 1)
    assert not line.problem
    return document_of_line(line, collection="c", labels=("public",))


def test_facts_have_many_names() -> None:
    for table in (
        {"front_matter": {"so_hieu": "12/2031/NĐ-CP", "ngay_ban_hanh": "2031-03-05"}},
        {"info_table": {"**Số ký hiệu**": "12/2031/NĐ-CP", "Ngày ban hành": "5 tháng 3 năm 2031"}},
        {"info_table": {"So hieu": "12/2031/ND-CP", "Ngay ban hanh": "05/03/2031"}},
    ):
        found = made(id="x", markdown=TEXT, **table)
        assert found.number in ("12/2031/NĐ-CP", "12/2031/ND-CP")
        assert found.meta["issued_on"] == "2031-03-05"
        assert found.effective_from == date(2031, 7, 1)
        assert found.kind is DocumentKind.LAW
        assert found.source_id == "x"


def test_the_text_wins_over_its_table() -> None:
    found = made(
        id="x",
        markdown=TEXT,
        info_table={
            "Số hiệu": "12/2031/NĐ-CP",
            "Ngày hiệu lực": "01/01/2030",
            "Thay thế": "Nghị định 5/2020/NĐ-CP; Nghị định 6/2020/NĐ-CP; Điều 7 Nghị định "
            "8/2020/NĐ-CP",
        },
    )
    assert found.effective_from == date(2031, 7, 1)
    assert [(r.kind, r.target, r.target_article, r.since) for r in found.relations] == [
        ("repeals", "5/2020/NĐ-CP", "4", date(2031, 7, 1)),
        ("replaces", "6/2020/NĐ-CP", "", None),
        ("amends", "8/2020/NĐ-CP", "7", None),
    ]


def test_what_is_plainly_a_summary_is_marked() -> None:
    short = made(id="x", markdown="# Thông tư 5/2031/TT-BTP\n\n## Tóm tắt\n\nQuy định việc A.")
    assert short.meta.get("summary") == "1"
    assert "summary" not in made(id="x", markdown=TEXT, info_table={"Số hiệu": "1/2031/NĐ-CP"}).meta


def test_lines_that_are_wrong_have_a_problem() -> None:
    assert parse('{"id": 5, "markdown": ["x"]}', 1).problem
    assert parse('{"id": "a", "markdown": "  "}', 1).problem


def test_meta_is_carried_on_and_the_text_stays() -> None:
    found = made(
        _id="1.1",
        title="Tên",
        text="1. Câu.",
        meta={
            "doc_number": "11/2014/TTLT-BQP",
            "article": None,
            "related_ids": ["1.2", "1.3"],
            "source_note": "(Điều 5a Thông tư liên tịch số 11/2014/TTLT-BQP-BNV, có hiệu lực "
            "thi hành "
            "kể từ ngày 19/04/2014)",
            "deep": {"a": 1},
        },
    )
    assert (found.title, found.text, found.source_id) == ("Tên", "1. Câu.", "1.1")
    assert found.number == "11/2014/TTLT-BQP-BNV"
    assert found.meta["article"] == "5a"
    assert found.meta["related_ids"] == "1.2 1.3"
    assert "deep" not in found.meta
    assert found.effective_from == date(2014, 4, 19)


def test_meta_of_other_corpora_means_nothing_special() -> None:
    found = made(_id="1", title="A", text="B", metadata={"lang": "vi", "n": 3})
    assert found.meta == {"lang": "vi", "n": "3"}
    assert (found.number, found.relations, found.effective_from) == ("", (), None)


@pytest.mark.parametrize(
    "text",
    [
        '"' * 300_000,
        "Điều 1. " * 40_000,
        "\n".join(f"Điều {n % 997}. A" for n in range(60_000)),
        "Điều 1. Hiệu lực\n" + "khi thay thế Nghị định số 1/2020/NĐ-CP, " * 8_000,
        "Nghị định này có hiệu lực thi hành từ " * 10_000 + "\nĐiều 1. A\nĐiều 2. B",
        "Căn cứ " * 60_000,
        "1/" * 200_000,
    ],
)
def test_odd_texts_are_read_in_good_time(text: str) -> None:
    from knowledge_base.law.closing import relations_of

    started = time.process_time()
    read = read_law(text)
    relations_of(text, read.parts, number="1/2031/NĐ-CP", title=text[:500], effective_from=None)
    assert time.process_time() - started < 20
