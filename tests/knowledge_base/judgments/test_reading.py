"""What is read out of judgments, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.judgments.applied import applied_in
from knowledge_base.judgments.importing import SAMPLES, from_text, sample_text
from knowledge_base.judgments.reading import NotAJudgment


def head(path: Path) -> dict[str, str]:
    lines = path.read_text("utf-8").split("---\n", 1)[0].splitlines()
    return {k: v.strip() for k, v in (line.split(":", 1) for line in lines)}


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda p: p.stem)
def test_the_fields_of_a_sample(path: Path) -> None:
    told, one = head(path), from_text(sample_text(path), sample=True)
    assert one.number.value == told["number"]
    assert one.court.value == told["court"]
    assert one.decided_on.value == told["date"]
    assert one.level.value == told["level"]
    assert one.branch.value == told["branch"]
    assert one.relation.value == told["relation"]
    assert one.text[one.number.start : one.number.end] == one.number.value
    found = {(a.number, a.article) for a in one.applied}
    assert {tuple(x.split()[:2]) for x in told["articles"].split("; ")} <= found
    for span in (one.facts, one.reasoning, one.decision):
        assert span.of(one.text)
    for outcome in one.outcomes:
        assert one.text[outcome.start : outcome.end] == outcome.quote
    assert one.parties
    assert not one.remarks


def test_articles_get_the_law_that_follows_them() -> None:
    text = (
        "Áp dụng điểm i, s khoản 1 Điều 51; Điều 38 Bộ luật Hình sự năm 2015; các Điều 463, 466 và "
        "khoản 2 Điều 468 Bộ luật Dân sự 2005; Điều 7 Luật này; Điều 5 Luật Ba Cây Chụm."
    )
    found = list(applied_in(text, 0, len(text), None, decisive=True))
    told = [(a.number, a.article, a.clause, a.points) for a in found]
    assert told == [
        ("100/2015/QH13", "51", "1", "i, s"),
        ("100/2015/QH13", "38", "", ""),
        ("33/2005/QH11", "463", "", ""),
        ("33/2005/QH11", "466", "", ""),
        ("33/2005/QH11", "468", "2", ""),
        ("33/2005/QH11", "7", "", ""),
        ("", "5", "", ""),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "điểm b khoản 1, khoản 3 Điều 52 Bộ luật Hình sự năm 2015",
            [("52", "1", "b"), ("52", "3", "")],
        ),
        (
            "các điểm i, s khoản 1 và khoản 2 Điều 51 Bộ luật Hình sự năm 2015",
            [("51", "1", "i, s"), ("51", "2", "")],
        ),
        (
            "điểm a khoản 1, điểm c khoản 2 Điều 134; Điều 38 Bộ luật Hình sự năm 2015",
            [("134", "1", "a"), ("134", "2", "c"), ("38", "", "")],
        ),
        ("điểm s khoản 1, 2 Điều 51 Bộ luật Hình sự năm 2015", [("51", "1", "s"), ("51", "2", "")]),
        ("khoản 1, 2 Điều 51 Bộ luật Hình sự năm 2015", [("51", "1, 2", "")]),
        (
            "Điều 171 khoản 2; khoản 1 Điều 51 Bộ luật Hình sự năm 2015",
            [("171", "", ""), ("51", "1", "")],
        ),
    ],
)
def test_clauses_of_one_article_are_told_apart(text: str, told: list[tuple[str, ...]]) -> None:
    found = applied_in(f"Áp dụng {text}.", 0, len(text) + 9, None, decisive=True)
    assert [(a.article, a.clause, a.points) for a in found] == told


def test_a_bare_name_means_the_text_of_the_day() -> None:
    from datetime import date

    text = "Căn cứ Điều 138 Bộ luật Hình sự."
    for day, number in ((date(2016, 5, 1), "15/1999/QH10"), (date(2020, 5, 1), "100/2015/QH13")):
        (one,) = applied_in(text, 0, len(text), day, decisive=True)
        assert (one.number, one.sure) == (number, False)
    (one,) = applied_in(text, 0, len(text), None, decisive=True)
    assert one.key == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "không có đủ chữ"),
        ("Thông báo về việc cúp nước tại khu phố 3. " * 12, "không giống bản án"),
        (
            "\n\n".join(sample_text(p) for p in sorted(SAMPLES.glob("hs-st*.txt"))),
            "hãy tách thành từng tệp",
        ),
    ],
)
def test_what_is_no_single_judgment_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotAJudgment, match=why):
        from_text(text)


def test_half_a_judgment_says_what_is_missing() -> None:
    text = sample_text(SAMPLES / "ds-st-vay-01.txt")
    one = from_text(text[: text.index("NHẬN ĐỊNH CỦA")])
    assert "Không thấy phần nhận định, quyết định" in one.remarks[0]
    assert not one.outcomes
    assert one.number.value == "08/2023/DS-ST"
