"""Old and new articles are paired by heading, text and order; what has no partner is said."""

from __future__ import annotations

from knowledge_base.law.article_map import MapArticle, MapKind, article_map
from knowledge_base.law.article_map_known import known_pairs, partners


def law(*articles: tuple[str, str]) -> list[MapArticle]:
    return [
        MapArticle(str(n), heading, f"Điều {n}. {heading}\n{text}")
        for n, (heading, text) in enumerate(articles, 1)
    ]


OLD = law(
    ("Phạm vi điều chỉnh", "Luật này quy định về nuôi ong, khai thác mật và bảo vệ đàn ong."),
    ("Trách nhiệm của người nuôi ong", "Người nuôi ong đăng ký đàn ong, đặt thùng đúng nơi."),
    ("Phí nuôi ong", "Người nuôi ong nộp phí hằng năm theo số thùng tại kho bạc."),
    ("Kiểm dịch mật ong", "Mật ong bán ra được kiểm dịch; trạm thú y cấp giấy trong 03 ngày."),
)
NEW = law(
    (
        "Phạm vi điều chỉnh",
        "Luật này quy định về nuôi ong, khai thác mật, phấn hoa, bảo vệ đàn ong.",
    ),
    ("Hợp tác quốc tế", "Nhà nước khuyến khích trao đổi giống với tổ chức nước ngoài."),
    (
        "Kiểm dịch mật ong, phấn hoa",
        "Mật ong, phấn hoa bán ra được kiểm dịch; trạm thú y cấp giấy.",
    ),
    (
        "Nghĩa vụ của người nuôi ong",
        "Người nuôi ong đăng ký đàn ong và đặt thùng đúng nơi quy định.",
    ),
)


def test_articles_find_their_successors() -> None:
    pairs = article_map(OLD, NEW)
    linked = {(p.old, p.new) for p in pairs if p.old and p.new}
    assert linked == {("1", "1"), ("2", "4"), ("4", "3")}
    assert [p.old for p in pairs if p.kind is MapKind.DROPPED] == ["3"]
    assert [p.new for p in pairs if p.kind is MapKind.NEW] == ["2"]
    assert all(0 < p.confidence <= 1 for p in pairs)


def test_one_article_that_was_divided() -> None:
    sold = "Chủ trại được bán mật, bán sáp, bán giống và giữ bí quyết chế biến của trại mình."
    told = "Chủ trại báo dịch bệnh, tiêu hủy đàn nhiễm bệnh và ghi sổ thuốc đã dùng hằng tháng."
    old = [*OLD, MapArticle("5", "Quyền và nghĩa vụ của chủ trại", f"{sold} {told}")]
    new = [
        *NEW,
        MapArticle("5", "Quyền của chủ trại", sold),
        MapArticle("6", "Nghĩa vụ của chủ trại", told),
    ]
    pairs = article_map(old, new)
    assert {(p.old, p.new) for p in pairs if p.kind is MapKind.SPLIT} == {("5", "5"), ("5", "6")}


def test_a_law_without_articles_has_no_pairs() -> None:
    assert [p.kind for p in article_map(OLD, [])] == [MapKind.DROPPED] * 4
    assert article_map([], []) == []


def test_pairs_that_come_with_the_program() -> None:
    old, new = "15/1999/qh10", "100/2015/qh13"
    assert len(known_pairs(old, new)) > 100
    assert [p.new for p in partners(old, new, "138")] == [("173",)]
    assert [p.old for p in partners(old, new, "251", of_new=True)] == ["194"]
    assert known_pairs(new, old) == ()
