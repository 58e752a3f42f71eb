"""A text that becomes restricted leaves the public side: search at once, then the disk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge_base.home import Home
from knowledge_base.ingest import Target, ingest_files
from knowledge_base.prepare import refresh_index
from knowledge_base.query import Query
from knowledge_base.scope import citizen, officer
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings

SETTINGS = KnowledgeSettings(embedder="none", bundled_corpus=False)
CANARY = "sâm cầm bảy ba mốt"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    folder = tmp_path / "van-ban"
    folder.mkdir()
    (folder / "a.md").write_text(f"# Hướng dẫn trực đêm\n\nMật khẩu trạm là {CANARY}.\n", "utf-8")
    (folder / "b.md").write_text(
        "# Đăng ký khai sinh\n\nNộp tại Ủy ban nhân dân cấp xã.\n", "utf-8"
    )
    return folder / "a.md", folder / "b.md"


def held(folder: Path) -> list[str]:
    word = CANARY.encode()
    return [str(path) for path in folder.rglob("*") if path.is_file() and word in path.read_bytes()]


def seen(knowledge: KnowledgeBase, labels: frozenset[str] = frozenset()) -> bool:
    scope = officer(labels) if labels else citizen()
    hits = knowledge.search(Query("mật khẩu trạm trực đêm"), scope=scope, as_of=date(2026, 7, 1))
    return any(CANARY in hit.passage.text for hit in hits)


def test_relabelled_it_vanishes_at_once_and_then_from_the_disk(
    home: Home, files: tuple[Path, Path]
) -> None:
    ingest_files(files, Target(home), SETTINGS)
    refresh_index(home, SETTINGS)
    running = KnowledgeBase(home, SETTINGS)
    assert seen(running)
    assert held(home.store())
    ingest_files(files[:1], Target(home, ("noi-bo",)), SETTINGS)
    assert not seen(running)  # nothing was built or reloaded
    refresh_index(home, SETTINGS)
    refresh_index(home, SETTINGS, store="restricted")
    assert held(home.store()) == []
    assert not seen(KnowledgeBase(home, SETTINGS))
    officers = KnowledgeBase(home, SETTINGS, restricted=True)
    assert seen(officers, frozenset({"noi-bo"}))
    assert not seen(officers, frozenset({"tu-phap"}))
    assert not seen(officers)


def test_it_becomes_public_only_where_that_is_said(home: Home, files: tuple[Path, Path]) -> None:
    ingest_files(files, Target(home, ("noi-bo",)), SETTINGS)
    again = ingest_files(files[:1], Target(home), SETTINGS)
    assert again.added == 0
    assert "--label public" in again.failed[0].reason
    assert ingest_files(files[:1], Target(home, ("public",)), SETTINGS).added == 1
    assert held(home.store("restricted")) == []
