"""What a caller may see, what holds on the day, what is meant, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.documents import DocumentKind, Passage
from knowledge_base.errors import IndexCorrupt, IndexMissing, IndexOutdated, StoreClosed
from knowledge_base.home import Home
from knowledge_base.index.artefact import FORMAT_VERSION, open_index, write_index
from knowledge_base.index.embedding import MemoryCache, Vectors
from knowledge_base.index.swap import publish, temporary
from knowledge_base.query import Filter, Query
from knowledge_base.scope import Scope, citizen, officer
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.vietnamese import fold, tokens

TODAY = date(2026, 7, 1)
WORDS = ("cá", "lúa", "rừng", "đò", "gạo", "muối", "đường", "sữa", "than", "điện", "nước", "chợ")


class WordsAsMeaning:
    """An embedder for tests: the mean of a fixed random vector per folded word."""

    name = "words"
    dimension = 32
    out = False

    def queries(self, texts: Sequence[str]) -> Vectors:
        if self.out:
            raise RuntimeError("the engine is gone")
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> np.ndarray:  # type: ignore[type-arg]
        seeds = [int(sha256(fold(word).encode()).hexdigest()[:8], 16) for word in tokens(text)]
        rows = [np.random.default_rng(seed).normal(size=32) for seed in seeds] or [np.ones(32)]
        vector = np.sum(rows, axis=0)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


def passage(key: str, title: str, text: str, **more: object) -> Passage:
    made = Passage(
        id=f"{key}#0-{len(text)}",
        document_id=key,
        sha256=sha256(text.encode()).hexdigest(),
        source_id=key,
        kind=DocumentKind.PROCEDURE,
        title=title,
        number="",
        path=(),
        text=text,
        start=0,
        end=len(text),
        labels=("public",),
    )
    return replace(made, **more)  # type: ignore[arg-type]


PASSAGES = [
    passage("p1", "Cấp hộ chiếu phổ thông", "Lệ phí cấp hộ chiếu là 200.000 đồng.",
            number="1.010386", other_names=("làm passport",)),
    passage("p2", "Đăng ký thường trú", "Hồ sơ đăng ký thường trú nộp tại Công an cấp xã.",
            number="1.004222"),
    passage("p3", "Đăng ký tạm trú", "Hồ sơ đăng ký tạm trú nộp tại Công an cấp xã.",
            number="1.004194"),
    passage("p4", "Đăng ký khai sinh", "Trẻ em được đăng ký khai sinh tại UBND cấp xã."),
    passage("p5", "Cấp giấy phép lái xe", "Giấy phép lái xe hạng A1 do Cảnh sát giao thông cấp."),
    passage("l1", "Nghị định về công tác văn thư", "Văn bản hành chính gồm quyết định, công văn.",
            number="30/2020/NĐ-CP", kind=DocumentKind.LAW, path=("Điều 7",),
            effective_from=date(2020, 3, 5)),
    passage("l2", "Nghị định khác", "Sửa đổi Nghị định 30/2020/NĐ-CP về công tác văn thư.",
            number="78/2025/NĐ-CP", kind=DocumentKind.LAW, path=("Điều 9",),
            effective_from=date(2025, 7, 1)),
    passage("old", "Cấp sổ hộ khẩu", "Sổ hộ khẩu giấy do Công an cấp.",
            effective_from=date(2007, 7, 1), effective_to=date(2022, 12, 31)),
    passage("none", "Không nhãn hộ chiếu", "Hộ chiếu phổ thông không nhãn.", labels=()),
    passage("secret", "Nội bộ hộ chiếu", "Hộ chiếu phổ thông, tài liệu nội bộ.",
            labels=("public", "internal")),
    *(passage(f"x{n}", f"Thủ tục số {n} về {word}", f"Nội dung về {word} và các việc liên quan.")
      for n, word in enumerate(WORDS)),
]  # fmt: skip


def home_with(path: Path, passages: Sequence[Passage], embedder: WordsAsMeaning | None) -> Home:
    home = Home(path)
    home.index().mkdir(parents=True, exist_ok=True)
    built = temporary(home.index(), "one")
    write_index(passages, built, embedder, MemoryCache(), lambda *_: None)
    publish(built, "one")
    return home


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    embedder = WordsAsMeaning()
    home = home_with(tmp_path_factory.mktemp("home"), PASSAGES, embedder)
    return KnowledgeBase(home, KnowledgeSettings(), embedder=embedder, restricted=True)


def ids(
    base: KnowledgeBase,
    text: str,
    scope: Scope | None = None,
    *,
    gate: bool = True,
    as_of: date = TODAY,
    within: Filter | None = None,
) -> list[str]:
    hits = base.search(
        Query(text), scope=scope or citizen(), as_of=as_of, within=within or Filter(), gate=gate
    )
    return [hit.passage.source_id for hit in hits]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("lệ phí làm hộ chiếu", "p1"),
        ("le phi lam ho chieu", "p1"),
        ("passport", "p1"),
        ("đăng ký tạm trú ở đâu", "p3"),
        ("dang ky tam tru o dau", "p3"),
        ("dktt", "p2"),
        ("gplx", "p5"),
        ("đk khai sinh ở ủy ban nhân dân xã", "p4"),
        ("1.004222", "p2"),
        ("thủ tục 1.004194 cần gì", "p3"),
        ("nghị định 30/2020", "l1"),
        ("nđ 30/2020/nđ-cp", "l1"),
        ("Điều 7 Nghị định số 30 năm 2020", "l1"),
    ],
)
def test_what_is_meant_comes_first(base: KnowledgeBase, text: str, first: str) -> None:
    assert ids(base, text)[:1] == [first]


@pytest.mark.parametrize(
    "text", ["", " ", "🙂", "zzz qqq", "thời tiết Paris", "\0\u200b", "?" * 900]
)
def test_nothing_is_found_for_nothing(base: KnowledgeBase, text: str) -> None:
    assert ids(base, text) == []


@pytest.mark.parametrize("text", ["a" * 10_000, "lam ho chieu " * 800, "x " * 5000, "/" * 10_000])
def test_endless_queries_are_answered(base: KnowledgeBase, text: str) -> None:
    assert len(ids(base, text)) <= 10


def test_scores_fall_and_say_how_they_came_about(base: KnowledgeBase) -> None:
    hits = base.search(Query("đăng ký tạm trú"), scope=citizen(), as_of=TODAY, gate=False)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    assert all(0 <= score <= 1 for score in scores)
    parts = hits[0].parts
    assert {"lexical", "dense", "coverage", "resolved"} <= set(parts)
    assert parts["coverage"] == pytest.approx(1)


def test_coverage_falls_with_words_nobody_has(base: KnowledgeBase) -> None:
    def covered(text: str) -> float:
        return base.search(Query(text), scope=citizen(), as_of=TODAY, gate=False)[0].parts[
            "coverage"
        ]

    assert covered("hộ chiếu") > covered("hộ chiếu sao hỏa") > 0


def test_a_citizen_never_sees_other_labels(base: KnowledgeBase) -> None:
    found = ids(base, "hộ chiếu phổ thông", gate=False)
    assert "p1" in found
    assert not {"secret", "none"} & set(found)
    inside = ids(base, "hộ chiếu phổ thông nội bộ", officer(frozenset({"internal"})), gate=False)
    assert "secret" in inside
    assert "none" not in inside


def test_texts_out_of_force_are_left_out_unless_asked_for(base: KnowledgeBase) -> None:
    assert "old" not in ids(base, "sổ hộ khẩu", gate=False)
    assert ids(base, "sổ hộ khẩu", as_of=date(2020, 1, 1))[:1] == ["old"]
    assert ids(base, "sổ hộ khẩu", within=Filter(include_not_in_force=True))[:1] == ["old"]
    assert "l2" not in ids(base, "nghị định 78/2025", as_of=date(2025, 6, 30), gate=False)


def test_filters_hold_before_ranking(base: KnowledgeBase) -> None:
    laws = Filter(kinds=frozenset({DocumentKind.LAW}))
    assert set(ids(base, "hộ chiếu phổ thông", within=laws, gate=False)) <= {"l1", "l2"}
    one = Filter(document_ids=frozenset({"p3"}))
    assert ids(base, "đăng ký thường trú", within=one, gate=False) == ["p3"]
    assert ids(base, "hộ chiếu", within=Filter(collections=frozenset({"không có"}))) == []


def test_search_goes_on_when_the_embedder_is_out(tmp_path: Path) -> None:
    embedder = WordsAsMeaning()
    home = home_with(tmp_path, PASSAGES, embedder)
    embedder.out = True
    base = KnowledgeBase(home, KnowledgeSettings(), embedder=embedder)
    assert ids(base, "lệ phí làm hộ chiếu")[:1] == ["p1"]
    hit = base.search(Query("hộ chiếu"), scope=citizen(), as_of=TODAY)[0]
    assert "dense" not in hit.parts


def test_an_index_of_words_alone_answers(tmp_path: Path) -> None:
    home = home_with(tmp_path, PASSAGES, None)
    base = KnowledgeBase(home, KnowledgeSettings(embedder="none"))
    assert ids(base, "dang ky tam tru")[:1] == ["p3"]
    assert ids(base, "thời tiết Paris") == []


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    base = KnowledgeBase(home_with(tmp_path, [], None), KnowledgeSettings(embedder="none"))
    assert ids(base, "hộ chiếu") == []


def test_a_new_index_is_taken_up(tmp_path: Path) -> None:
    home = home_with(tmp_path, PASSAGES[:3], None)
    base = KnowledgeBase(home, KnowledgeSettings(embedder="none"))
    assert "p5" not in ids(base, "giấy phép lái xe", gate=False)
    built = temporary(home.index(), "two")
    write_index(PASSAGES, built, None, MemoryCache(), lambda *_: None)
    publish(built, "two")
    assert base.reload_if_changed()
    assert not base.reload_if_changed()
    assert ids(base, "giấy phép lái xe")[:1] == ["p5"]


def test_passages_come_back_as_they_went_in(base: KnowledgeBase) -> None:
    index = base.opened().index
    assert [index.passage(row) for row in range(len(index))] == PASSAGES


def test_an_index_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="troly ingest"):
        KnowledgeBase(Home(tmp_path / "new"), KnowledgeSettings()).search(
            Query("x"), scope=citizen(), as_of=TODAY
        )
    folder = tmp_path / "index"
    write_index(PASSAGES[:2], folder, None, MemoryCache(), lambda *_: None)
    (folder / "words.rows.npy").write_bytes(b"")
    with pytest.raises(IndexCorrupt):
        open_index(folder)
    manifest = (folder / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(
        manifest.replace(f'version": {FORMAT_VERSION}', 'version": 99', 1)
    )
    with pytest.raises(IndexOutdated, match="99"):
        open_index(folder)
    (folder / "manifest.json").write_text("{")
    with pytest.raises(IndexCorrupt):
        open_index(folder)


def test_without_restricted_nothing_of_that_store_is_opened(tmp_path: Path) -> None:
    home = home_with(tmp_path, PASSAGES, None)
    apart = home.store("restricted") / "index"
    built = temporary(apart, "one")
    built.parent.mkdir(parents=True)
    guidance = passage("g1", "Hướng dẫn trực đêm", "Trực đêm ba ca.", labels=("noi-bo",))
    write_index([guidance], built, None, MemoryCache(), lambda *_: None)
    publish(built, "one")
    settings, whole = KnowledgeSettings(embedder="none"), officer(frozenset({"noi-bo"}))
    asked = ("hướng dẫn trực đêm", whole)
    assert ids(KnowledgeBase(home, settings, restricted=True), *asked) == ["g1"]
    citizens = KnowledgeBase(home, settings)
    assert "g1" not in ids(citizens, *asked, gate=False)
    with pytest.raises(StoreClosed, match="troly ask --as"):
        citizens.home.store("restricted")


def test_nobody_else_may_enter_the_restricted_folder(tmp_path: Path) -> None:
    assert Home(tmp_path).make_restricted().stat().st_mode & 0o777 == 0o700
    elsewhere = Home(tmp_path / "home").with_apart(tmp_path / "apart")
    assert elsewhere.record("restricted") == tmp_path / "apart" / "record.sqlite"
    assert elsewhere.for_officers().state_database.parent == tmp_path / "apart"
