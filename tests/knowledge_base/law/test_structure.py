"""Parts of a legal text: which articles are its own, and exact spans."""

from __future__ import annotations

from knowledge_base.law.structure import Part, Provision, clauses, path_of, provisions

DECREE = """CHÍNH PHỦ

Số: 12/2031/NĐ-CP

NGHỊ ĐỊNH
Về việc gửi thư

Căn cứ Luật Bưu chính số 49/2010/QH12;

Chương I
QUY ĐỊNH CHUNG

Điều 1. Phạm vi điều chỉnh
Nghị định này quy định việc gửi thư theo
Điều 5 của Luật Bưu chính.

Điều 2. Giải thích từ ngữ

1. Thư là giấy có chữ:
a) Thư thường;
b) Thư bảo đảm.
2. Người gửi là người viết thư, trừ:
a) Người nhận.

Chương II
GỬI THƯ

Mục 1
NƠI GỬI

Điều 3. Gửi tại bưu cục
Người gửi đến bưu cục.

Điều 4. Hiệu lực thi hành
Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2031.

Nơi nhận:
- Như Điều 4.

Phụ lục I
MẪU PHIẾU GỬI
(Kèm theo Nghị định số 12/2031/NĐ-CP)

Điều 1. Bên gửi
Ghi tên người gửi.
"""

AMENDING = """Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 12/2031/NĐ-CP

1. Sửa đổi, bổ sung Điều 2 như sau:

“Điều 2. Giải thích từ ngữ
1. Thư là vật có chữ.

Điều 3. Gửi tại nhà
Người gửi ở nhà.”

2. Bổ sung Điều 3a vào sau Điều 3 như sau:

"Điều 3a. Gửi qua mạng
Người gửi dùng mạng."

Điều 2. Hiệu lực thi hành
Nghị định này có hiệu lực từ ngày ký.

Điều 3. Trách nhiệm thi hành
Bộ trưởng chịu trách nhiệm thi hành.
"""


def articles(found: tuple[Provision, ...]) -> list[str]:
    return [p.label for p in found if p.part is Part.ARTICLE]


def test_parts_with_parents_and_exact_spans() -> None:
    found = provisions(DECREE)
    names = [(p.part.value, p.label) for p in found if p.part is not Part.POINT]
    assert names == [
        ("chương", "I"), ("điều", "1"), ("điều", "2"), ("khoản", "1"), ("khoản", "2"),
        ("chương", "II"), ("mục", "1"), ("điều", "3"), ("điều", "4"), ("kèm theo", ""),
        ("điều", "1"),
    ]  # fmt: skip
    third = next(n for n, p in enumerate(found) if (p.part, p.label) == (Part.ARTICLE, "3"))
    assert path_of(found, third) == (
        "Chương II. GỬI THƯ", "Mục 1. NƠI GỬI", "Điều 3. Gửi tại bưu cục",
    )  # fmt: skip
    assert DECREE[found[third].start : found[third].end].strip() == (
        "Điều 3. Gửi tại bưu cục\nNgười gửi đến bưu cục."
    )
    for p in found:
        if p.parent is not None:
            above = found[p.parent]
            assert above.start <= p.start <= p.end <= above.end


def test_a_reference_at_the_start_of_a_line_opens_no_article() -> None:
    assert articles(provisions(DECREE))[:4] == ["1", "2", "3", "4"]


def test_signatures_are_not_part_of_the_last_article() -> None:
    found = provisions(DECREE)
    last = next(p for p in found if p.part is Part.ARTICLE and p.label == "4")
    assert "Nơi nhận" not in DECREE[last.start : last.end]


def test_what_is_attached_has_articles_of_its_own() -> None:
    found = provisions(DECREE)
    assert path_of(found, len(found) - 1)[0] == "Phụ lục I. MẪU PHIẾU GỬI"


def test_quoted_articles_of_another_text_are_not_its_own() -> None:
    found = provisions(AMENDING)
    assert articles(found) == ["1", "2", "3"]
    assert found[0].heading.startswith("Sửa đổi, bổ sung một số điều")
    inside = [p.label for p in found if p.parent == 0]
    assert inside == ["1", "2"]


def test_quotations_without_marks_are_told_by_the_words_before_them() -> None:
    text = AMENDING.replace("“", "").replace("”", "").replace('"', "")
    found = provisions(text)
    last = [p for p in found if p.part is Part.ARTICLE][-1]
    assert last.heading == "Trách nhiệm thi hành"


def test_a_table_of_contents_is_not_the_text() -> None:
    contents = "MỤC LỤC\n\n" + "\n".join(f"Điều {n}. Tên điều" for n in range(1, 6))
    body = "\n\n".join(
        f"Điều {n}. Tên điều\n1. Nội dung của điều này là một câu.\n2. Và câu nữa."
        for n in range(1, 6)
    )
    text = f"{contents}\n\n{body}\n"
    found = provisions(text)
    assert articles(found) == ["1", "2", "3", "4", "5"]
    assert all(p.start > text.index("Điều 5. Tên") for p in found)


def test_articles_as_markdown_headings_and_in_capitals() -> None:
    text = (
        "## Chương I: CHUNG\n\n### Điều 1.\n\nMột.\n\n### **Điều 2. Tên**\n\nHai.\n\nĐIỀU 3. "
        "Ba\nBa."
    )
    assert articles(provisions(text)) == ["1", "2", "3"]


def test_consolidated_articles_with_letters_stay() -> None:
    text = "\n".join(f"Điều {n}. Tên\nCâu {n}." for n in ("1", "2", "2a", "2b", "3", "4"))
    assert articles(provisions(text)) == ["1", "2", "2a", "2b", "3", "4"]


def test_a_regulation_that_is_put_into_force() -> None:
    text = (
        "QUYẾT ĐỊNH\nVề việc ban hành Quy chế\n\nCăn cứ Luật A;\n\nĐiều 1. Ban hành kèm theo Quyết "
        "định này Quy chế.\n\nĐiều 2. Quyết định này có hiệu lực từ ngày ký.\n\nĐiều 3. Chánh Văn "
        "phòng chịu trách nhiệm thi hành.\n\nNơi nhận:\n- Như Điều 3;\n- Lưu.\n\nBỘ "
        "TRƯỞNG\n\nTên\n\n"
        "QUY CHẾ\nLàm việc\n(Ban hành kèm theo Quyết định số 5/QĐ-BTP)\n\nChương I\nCHUNG\n\n"
        "Điều 1. Phạm vi\nMột.\n\nĐiều 2. Đối tượng\nHai.\n"
    )
    found = provisions(text)
    assert articles(found) == ["1", "2", "3", "1", "2"]
    assert [path_of(found, n)[0] for n, p in enumerate(found) if p.part is Part.ARTICLE][3:] == [
        "QUY CHẾ"
    ] * 2


def test_a_text_without_articles_has_no_parts() -> None:
    assert provisions("Thông báo\n\n1. Một.\n2. Hai theo Điều 5 của Luật.") == ()
    assert provisions("") == ()


def test_clauses_of_one_article_alone() -> None:
    text = "Câu mở.\n1. Một:\na) A;\nb) B;\nđ) không theo thứ tự.\n2. Hai."
    found = clauses(text)
    assert [(p.part.value, p.label, p.parent) for p in found] == [
        ("khoản", "1", None), ("điểm", "a", 0), ("điểm", "b", 0), ("khoản", "2", None),
    ]  # fmt: skip
    assert text[found[3].start : found[3].end] == "2. Hai."
