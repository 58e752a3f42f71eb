"""What changed between two versions, in the words of the reader, and which answers it touches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.card_text import document_of_card
from knowledge_base.changes import Affected, ChangeKind, ChangeReport, compare, impact
from knowledge_base.documents import (
    Document,
    DocumentKind,
    Duration,
    Fee,
    FeeState,
    FilingChannel,
    How,
    Level,
    ProcedureCard,
    Section,
    Source,
    TimeUnit,
)
from knowledge_base.store import Record
from knowledge_base.versions import versions_of


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record.sqlite")


def law(*articles: tuple[str, str], since: date | None = date(2026, 1, 1)) -> Document:
    """A decree of articles ``(heading, body)``, all in one chapter."""
    text, sections = "NGHỊ ĐỊNH\n\n", []
    for heading, body in articles:
        start = len(text)
        text += f"{heading}\n{body}\n"
        sections.append(Section(("Chương I", heading), start, len(text)))
    sha = hashlib.sha256(text.encode()).hexdigest()
    return Document(
        "file:luat/nd.md", "nd.md", DocumentKind.LAW, "Nghị định thử", text, sha,
        number="1/2026/NĐ-CP", collection="luat", effective_from=since, sections=tuple(sections),
    )  # fmt: skip


def report_of(record: Record, *documents: Document) -> ChangeReport:
    for document in documents:
        record.put(document)
    old, new = versions_of(record, documents[0].id)[-2:]
    return compare(old, new)


ONE = ("Điều 1. Phạm vi", "1. Nghị định này quy định việc một.\n2. Không quy định việc hai.")
TWO = ("Điều 2. Lệ phí", "1. Lệ phí là 100.000 đồng.\n2. Trẻ em được miễn.")
THREE = ("Điều 3. Hiệu lực", "Nghị định này có hiệu lực từ ngày 01 tháng 01 năm 2026.")


def test_articles_added_changed_and_repealed(record: Record) -> None:
    two = (TWO[0], "1. Lệ phí là 200.000 đồng.\n2. Trẻ em được miễn.")
    four = ("Điều 4. Thi hành", "Các Bộ chịu trách nhiệm thi hành.")
    report = report_of(record, law(ONE, TWO, THREE), law(ONE, two, four))
    found = {part.path[-1]: part for part in report.parts}
    assert {name: part.kind for name, part in found.items()} == {
        "Điều 2. Lệ phí": ChangeKind.CHANGED,
        "Điều 3. Hiệu lực": ChangeKind.REPEALED,
        "Điều 4. Thi hành": ChangeKind.ADDED,
    }
    changed = found["Điều 2. Lệ phí"]
    assert changed.removed == ("1. Lệ phí là 100.000 đồng.",)
    assert changed.added == ("1. Lệ phí là 200.000 đồng.",)
    assert changed.clauses == ("khoản 1",)


def test_a_new_name_or_chapter_is_the_same_article(record: Record) -> None:
    old = law(ONE, TWO)
    renamed = law(ONE, ("Điều 2. Phí và lệ phí", TWO[1]))
    moved = tuple(replace(s, path=("Chương II", s.path[1])) for s in renamed.sections)
    report = report_of(record, old, replace(renamed, sections=moved))
    (part,) = report.parts
    assert (part.kind, part.path) == (ChangeKind.CHANGED, ("Chương II", "Điều 2. Phí và lệ phí"))


def test_an_article_under_another_number_is_moved(record: Record) -> None:
    report = report_of(record, law(ONE, TWO), law(ONE, ("Điều 5. Lệ phí", TWO[1])))
    (part,) = report.parts
    assert (part.kind, part.before) == (ChangeKind.MOVED, "Chương I › Điều 2. Lệ phí")


@pytest.mark.parametrize("words", ["(được bãi bỏ)", "Bị bãi bỏ.", "(Bãi bỏ)"])
def test_an_article_that_only_says_it_is_repealed(record: Record, words: str) -> None:
    report = report_of(record, law(ONE, TWO), law(ONE, (TWO[0], words)))
    assert [part.kind for part in report.parts] == [ChangeKind.REPEALED]


def test_an_article_that_gets_an_end(record: Record) -> None:
    old = law(ONE, TWO)
    ended = (old.sections[0], replace(old.sections[1], effective_to=date(2026, 6, 30)))
    report = report_of(record, old, replace(old, sections=ended))
    (part,) = report.parts
    assert part.kind is ChangeKind.REPEALED
    assert "30/06/2026" in part.added[-1]


def test_dates_and_names_of_the_whole(record: Record) -> None:
    later = replace(law(ONE, TWO, since=date(2026, 7, 1)), title="Nghị định khác")
    report = report_of(record, law(ONE, TWO), later)
    assert [(f.name, f.before, f.after) for f in report.facts] == [
        ("tên", "Nghị định thử", "Nghị định khác"),
        ("có hiệu lực từ", "01/01/2026", "01/07/2026"),
    ]
    assert not report.nothing


def test_a_text_without_parts_is_compared_by_lines(record: Record) -> None:
    def plain(text: str) -> Document:
        sha = hashlib.sha256(text.encode()).hexdigest()
        return Document("beir:x/1", "1", DocumentKind.OTHER, "x", text, sha)

    report = report_of(record, plain("một\nhai\nba"), plain("một\nbốn\nba\nnăm"))
    assert (report.parts, report.removed, report.added) == ((), ("hai",), ("bốn", "năm"))


def card(amount: int, days: float) -> ProcedureCard:
    channel = FilingChannel(
        How.IN_PERSON, None, (Duration(TimeUnit.WORKING_DAY, days),),
        (Fee(FeeState.KNOWN, amount),),
    )  # fmt: skip
    return ProcedureCard(
        "9.000001", "Cấp giấy thử nghiệm", "Cấp giấy thử", "Thử", (Level.COMMUNE,), "UBND cấp xã",
        "UBND cấp xã", "Công dân", (channel,), (), ("Nộp hồ sơ.",), "Giấy", (), (), (), "", (), (),
        (), (Source("s", "Nguồn thử"),), {"all": ("s",)}, ("dossier", "conditions", "legal_basis"),
    )  # fmt: skip


def test_slots_of_a_card_old_and_new(record: Record) -> None:
    for given in (card(100_000, 3), card(150_000, 3)):
        record.put(document_of_card(given), given)
    report = compare(*versions_of(record, "procedure:9.000001"))
    (part,) = report.parts
    assert (part.slot, part.path) == ("fees", ("Phí, lệ phí",))
    assert "100.000 đồng" in part.removed[0]
    assert "150.000 đồng" in part.added[0]


def test_versions_oldest_first_and_back_again(record: Record) -> None:
    for document in (law(ONE), law(ONE, TWO), law(ONE)):
        record.put(document)
    versions = versions_of(record, "file:luat/nd.md")
    assert [v.sha256 for v in versions] == [
        law(ONE).sha256, law(ONE, TWO).sha256, law(ONE).sha256
    ]  # fmt: skip
    assert [v.current for v in versions] == [False, False, True]
    assert all(v.sections for v in versions)
    assert versions_of(record, "unknown") == []


class Kept:
    """Answers that quoted two places of the first version."""

    def citing(self, versions: Mapping[str, str]) -> Iterable[Affected]:
        (document_id,) = versions
        text = law(ONE, TWO).text
        for number, quote in enumerate(("Trẻ em được miễn", "Lệ phí là 100.000 đồng")):
            start = text.index(quote)
            spans = ((start, start + len(quote)),)
            yield Affected(
                "receipt", f"r{number}", "2026-07-01", "2026-07-01", "?", document_id,
                versions[document_id], spans,
            )  # fmt: skip


def test_whether_what_was_quoted_still_stands(record: Record) -> None:
    two = (TWO[0], "1. Lệ phí là 200.000 đồng.\n2. Trẻ em được miễn.")
    for document in (law(ONE, TWO), law(ONE, two)):
        record.put(document)
    old, new = versions_of(record, "file:luat/nd.md")
    assert [found.still_stands for found in impact(Kept(), old, new)] == [True, False]
    assert impact(None, old, new) == ()
