"""Judgments are kept masked, apart, and can be forgotten."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from knowledge_base.documents import DocumentKind
from knowledge_base.errors import StoreClosed
from knowledge_base.home import Home
from knowledge_base.ingest import Target, ingest_files
from knowledge_base.judgments.importing import (
    SAMPLES,
    from_text,
    import_files,
    import_samples,
    sample_text,
)
from knowledge_base.judgments.similar import Case, similar
from knowledge_base.judgments.store import LABEL, Judgments, any_kept, folder_of
from knowledge_base.settings import KnowledgeSettings


def test_what_is_put_comes_back_and_is_forgotten(home: Home) -> None:
    one = from_text(sample_text(SAMPLES / "hs-st-trom-cap-01.txt"))
    assert not any_kept(home)
    with Judgments(home) as kept:
        assert kept.put(one) == "added"
        assert kept.put(one) == "unchanged"
        assert kept.get(one.id) == one
        assert kept.find("14/2024") == [one]
        document = kept.record.document(one.id)
        assert document is not None
        assert (document.kind, document.labels) == (DocumentKind.JUDGMENT, (LABEL,))
        assert kept.forget(one.id) == 1
        assert kept.record.version(one.sha256) is None
        assert kept.count() == 0


def test_another_text_of_the_same_judgment_takes_its_place(home: Home) -> None:
    text = sample_text(SAMPLES / "hs-st-trom-cap-01.txt")
    with Judgments(home) as kept:
        kept.put(from_text(text))
        assert kept.put(from_text(text.replace("dắt ra đường", "dắt ra ngõ"))) == "changed"
        assert kept.count() == 1


def test_nothing_raw_is_on_the_disk(home: Home, tmp_path: Path) -> None:
    paper = docx.Document()
    for line in sample_text(SAMPLES / "hs-st-trom-cap-02.txt").splitlines():
        paper.add_paragraph(line)
    file = tmp_path / "Nguyen Tan Luc.docx"
    paper.save(str(file))
    with Judgments(home) as kept:
        (done,) = import_files([file], kept, KnowledgeSettings(embedder="none", ocr="off"))
        assert done.judgment is not None
    written = b"".join(p.read_bytes() for p in folder_of(home).rglob("*") if p.is_file())
    assert written
    for name in ("Nguyễn Tấn Lực", "NGUYỄN TẤN LỰC", "Tấn Lực", "087099001234", "Nguyen Tan Luc"):
        assert name.encode() not in written


def test_a_process_for_citizens_has_no_path_to_them(home: Home) -> None:
    with Judgments(home) as kept:
        list(import_samples(kept))
    assert any_kept(home)
    assert not any_kept(home.for_citizens())
    with pytest.raises(StoreClosed):
        Judgments(home.for_citizens())
    assert stat.S_IMODE(folder_of(home).stat().st_mode) & 0o077 == 0


def test_files_that_cannot_be_judgments_are_told_one_by_one(home: Home, tmp_path: Path) -> None:
    secret = tmp_path / "mat.txt"
    secret.write_text("MẬT\n\n" + sample_text(SAMPLES / "ds-st-vay-01.txt"), "utf-8")
    (tmp_path / "khac.txt").write_text(
        "Biên bản họp tổ dân phố về việc thu gom rác. " * 20, "utf-8"
    )
    (tmp_path / "anh.png").write_bytes(b"\x89PNG")
    paths = [tmp_path / "khac.txt", secret, tmp_path / "anh.png", tmp_path / "khong-co.docx"]
    with Judgments(home) as kept:
        done = list(import_files(paths, kept, KnowledgeSettings(embedder="none", ocr="off")))
        assert kept.count() == 0
    assert [one.judgment for one in done] == [None] * 4
    assert "không giống bản án" in done[0].refused
    assert "độ mật" in done[1].refused
    assert all(one.refused for one in done)


def test_like_cases_come_first_with_why(home: Home) -> None:
    with Judgments(home) as kept:
        every = [d.judgment for d in import_samples(kept) if d.judgment]
    loan = next(j for j in every if j.number.value == "08/2023/DS-ST")
    best, *_ = similar(Case.of_judgment(loan), every)
    assert best.judgment.number.value == "102/2021/DS-PT"
    assert "91/2015/qh13#466" in best.articles
    assert "vay tài sản" in [s.name for s in best.shared]
    assert "có thế chấp" in [c.name for c in best.only_there]
    for shared in best.shared:
        assert (
            " ".join(best.judgment.text[shared.there.start : shared.there.end].split())
            == shared.there.quote
        )
    facts = Case.of_facts("lẻn vào nhà lúc nửa đêm cắt khóa trộm xe máy rồi đem bán")
    assert [x.judgment.relation.value for x in similar(facts, every)][:2] == [
        "Trộm cắp tài sản"
    ] * 2
    assert similar(Case.of_facts("hôm nay trời đẹp, cả nhà đi dã ngoại ngoài biển"), every) == []


def test_how_a_case_ended_is_not_used(home: Home) -> None:
    with Judgments(home) as kept:
        every = [d.judgment for d in import_samples(kept) if d.judgment]
    case = Case.of_judgment(every[0])
    others = [replace(j, outcomes=()) for j in every]
    assert [x.score for x in similar(case, every)] == [x.score for x in similar(case, others)]


def test_a_judgment_is_not_ingested_beside_the_laws(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "ban-an.txt"
    file.write_text(sample_text(SAMPLES / "ds-st-vay-01.txt"), "utf-8")
    report = ingest_files([file], Target(home, None), KnowledgeSettings(embedder="none"))
    (failure,) = report.failed
    assert "troly judgment import" in failure.reason
    assert report.added == 0
