"""Passages: exact spans that lose nothing but white space."""

from __future__ import annotations

import hashlib
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.documents import Document, DocumentKind, Section
from knowledge_base.passages import LONGEST, passages_of, spans


def document(text: str, *sections: Section) -> Document:
    sha = hashlib.sha256(text.encode()).hexdigest()
    return Document("file:x/y", "y", DocumentKind.OTHER, "Tên", text, sha, sections=sections)


@given(st.text(alphabet="ab đ.;,\n", max_size=600), st.integers(20, 80))
def test_spans_cover_the_text_in_order(text: str, longest: int) -> None:
    found = spans(text, 0, len(text), longest)
    assert all(0 < end - start <= longest for start, end in found)
    assert [s for pair in found for s in pair] == sorted(s for pair in found for s in pair)
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())


def test_cuts_at_sentences_and_leaves_no_short_tail() -> None:
    text = " ".join(f"Câu thứ {n} nói về một việc cụ thể." for n in range(40))
    passages = passages_of(document(text))
    assert len(passages) == 2
    assert all(p.text.startswith("Câu") and p.text.endswith(".") for p in passages)
    assert min(len(p.text) for p in passages) > LONGEST / 3


def test_a_section_keeps_its_path_slot_and_validity() -> None:
    text = "Điều 1\nNội dung một.\nĐiều 2\nNội dung hai."
    since = date(2026, 7, 1)
    section = Section(("Chương I", "Điều 2"), 28, len(text), "fees", effective_from=since)
    (passage,) = passages_of(document(text, section))
    assert (passage.path, passage.slot, passage.effective_from) == (section.path, "fees", since)
    assert passage.text == text[passage.start : passage.end] == "Nội dung hai."
    assert passage.id == f"file:x/y#{passage.start}-{passage.end}"


def test_a_text_without_any_border_is_still_cut() -> None:
    passages = passages_of(document("x" * 5000))
    assert sum(len(p.text) for p in passages) == 5000


def test_the_same_words_under_the_same_heading_are_one_passage() -> None:
    line = "Bước 1: nộp hồ sơ tại nơi tiếp nhận và chờ kết quả. " * 20 + "\n\n"
    passages = passages_of(document(line * 200))
    assert len(passages) < 5
