"""What a keeper of the corpus is told: errors to put right, warnings to look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.card_text import document_of_card
from knowledge_base.documents import (
    Duration,
    Fee,
    FeeState,
    FilingChannel,
    How,
    Level,
    ProcedureCard,
    Relation,
    Source,
    TimeUnit,
)
from knowledge_base.lint import (
    Finding,
    Problem,
    Subject,
    abolished_level,
    bundled_subjects,
    lint,
    stored_subjects,
)
from knowledge_base.store import Record

TODAY = date(2026, 7, 1)
SOURCE = Source("s", "Cổng", url="https://dichvucong.gov.vn/x", checked_on=date(2026, 6, 1))


def card(code: str = "9.000001", *, fee: int = 100_000, days: float = 3) -> ProcedureCard:
    channel = FilingChannel(
        How.IN_PERSON, None, (Duration(TimeUnit.WORKING_DAY, days),),
        (Fee(FeeState.KNOWN, fee),),
    )  # fmt: skip
    return ProcedureCard(
        code, "Cấp giấy thử nghiệm", "Cấp giấy thử", "Thử", (Level.COMMUNE,), "UBND cấp xã",
        "UBND cấp xã", "Công dân", (channel,), (), ("Nộp hồ sơ.",), "Giấy", (), ("1/2026/NĐ-CP",),
        (), "", (), (), (), (SOURCE,), {"all": ("s",)}, ("dossier", "conditions"),
    )  # fmt: skip


def ours(given: ProcedureCard) -> Subject:
    return Subject(
        f"procedure:{given.code}", given.name, "", True, given.sources, given.valid_to, card=given
    )


def theirs(given: ProcedureCard) -> Subject:
    return replace(ours(given), id=f"portal:{given.code}", ours=False)


def found(*subjects: Subject) -> list[tuple[str, Problem]]:
    return [(f.weight, f.problem) for f in lint(subjects, TODAY)]


def test_a_good_card() -> None:
    assert found(ours(card())) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source("s", "Nghe nói"), ("error", Problem.NO_SOURCE)),
        (replace(SOURCE, checked_on=None), ("warning", Problem.NEVER_CHECKED)),
        (replace(SOURCE, checked_on=date(2025, 1, 1)), ("warning", Problem.STALE_CHECK)),
    ],
)
def test_sources(source: Source, expected: tuple[str, Problem]) -> None:
    assert found(ours(replace(card(), sources=(source,)))) == [expected]


def test_a_law_is_its_own_source() -> None:
    law = Subject("law:x", "Luật", "1/2026/qh16", True, (Source("s", "Luật số 1/2026/QH16"),))
    assert found(law) == [("warning", Problem.NEVER_CHECKED)]


def test_what_has_expired() -> None:
    old = replace(card(), valid_to=date(2026, 6, 30))
    assert found(ours(old)) == [("error", Problem.EXPIRED)]
    assert found(theirs(old)) == [("warning", Problem.EXPIRED)]


@pytest.mark.parametrize(
    "text",
    [
        "Nộp tại UBND cấp huyện nơi cư trú",
        "Ủy ban nhân dân quận Cầu Giấy",
        "Công an thị xã Sơn Tây",
        "Phòng Tư pháp huyện",
        "Toà án nhân dân cấp huyện",
        "UBND thị trấn Đông Anh",
        "Cấp huyện",
    ],
)
def test_levels_that_are_no_more(text: str) -> None:
    assert abolished_level(text)
    assert found(ours(replace(card(), authority=text))) == [("error", Problem.ABOLISHED_LEVEL)]
    assert found(theirs(replace(card(), where=text))) == [("warning", Problem.ABOLISHED_LEVEL)]


@pytest.mark.parametrize(
    "text",
    [
        "Công an cấp xã",
        "Ban chỉ huy quân sự cấp xã",
        "Phòng Quản lý xuất nhập cảnh Công an cấp tỉnh",
        "Từ 01/7/2025 do UBND cấp xã giải quyết, không còn cấp huyện",
        "Thay cho UBND huyện trước đây",
        "UBND xã, phường, đặc khu",
        "Sở Xây dựng quản lý",
        "Công nhân quốc phòng trong cơ quan, đơn vị thuộc Quân đội nhân dân",
        "Cơ quan Quản lý xuất nhập cảnh Công an cấp tỉnh",
        "Đi thuyền quanh huyện đảo",
    ],
)
def test_levels_that_are(text: str) -> None:
    assert not abolished_level(text)


def test_dead_relations() -> None:
    alone = replace(card(), related=("9.000002",))
    assert found(ours(alone)) == [("warning", Problem.DEAD_RELATION)]
    assert found(ours(alone), ours(card("9.000002"))) == []
    law = Subject(
        "law:x", "Luật", "1/2026/qh16", True, (SOURCE,), None,
        (Relation("replaced_by", "9/2026/QH16"), Relation("amends", "x y z")),
    )  # fmt: skip
    assert found(law) == [("error", Problem.BAD_NUMBER), ("warning", Problem.DEAD_RELATION)]


def test_a_basis_that_does_not_hold_any_more() -> None:
    ended = Subject("law:a", "A", "1/2026/nd-cp", True, (SOURCE,), date(2026, 5, 1))
    assert ("warning", Problem.OUTDATED_BASIS) in found(ours(card()), ended)
    newer = Subject(
        "law:b", "B", "2/2026/nd-cp", True, (SOURCE,), None,
        (Relation("replaces", "1/2026/NĐ-CP", since=date(2026, 6, 1)),),
    )  # fmt: skip
    (finding,) = [f for f in lint([ours(card()), newer], TODAY) if f.weight != "note"]
    assert "1/2026/NĐ-CP bị thay bởi B" in finding.message
    later = replace(
        newer, relations=(Relation("replaces", "1/2026/NĐ-CP", since=date(2027, 1, 1)),)
    )
    assert ("warning", Problem.OUTDATED_BASIS) not in found(ours(card()), later)


def test_two_cards_that_disagree() -> None:
    findings: list[Finding] = lint([ours(card()), theirs(card(fee=150_000))], TODAY)
    (finding,) = findings
    assert (finding.weight, finding.problem) == ("error", Problem.CONTRADICTION)
    assert "100.000 đồng" in finding.message
    assert "150.000 đồng" in finding.message
    assert found(ours(card()), theirs(card(days=5))) == [("error", Problem.CONTRADICTION)]
    assert found(ours(card()), theirs(card())) == []
    # What we have from elsewhere may differ on purpose.
    elsewhere = replace(card(), sources=(replace(SOURCE, url="", decision_number="1/QĐ-UBND"),))
    assert found(ours(elsewhere), theirs(card(days=5))) == [("warning", Problem.CONTRADICTION)]
    unsure = replace(card(fee=150_000), unreadable=("fees",))
    assert found(ours(card()), theirs(unsure)) == []


def test_what_is_stored_is_looked_at_too(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.sqlite")
    given = replace(card(), authority="UBND cấp huyện")
    stored = replace(document_of_card(given), id=f"portal:{given.code}", collection="cong")
    record.put(stored, given)
    (subject,) = stored_subjects(record)
    assert found(subject) == [("warning", Problem.ABOLISHED_LEVEL)]


def test_the_bundled_corpus_has_no_error() -> None:
    subjects = list(bundled_subjects())
    assert len(subjects) > 100
    findings = lint(subjects, TODAY)
    assert not [f for f in findings if f.weight == "error"]
