"""The index is built beside the old one, checked, and swapped in one step."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.documents import Document, DocumentKind
from knowledge_base.errors import BuildFailed
from knowledge_base.home import Home
from knowledge_base.index import build
from knowledge_base.index.artefact import open_index
from knowledge_base.index.lexical import term_hashes
from knowledge_base.index.swap import current, is_whole
from knowledge_base.locks import locked
from knowledge_base.query import Query
from knowledge_base.scope import citizen
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.status import status_of
from knowledge_base.store import Record

WORDS = KnowledgeSettings(embedder="none")


def document(n: int, text: str = "") -> Document:
    text = text or f"Thủ tục số {n}: hồ sơ gồm tờ khai và giấy tờ mã{n}."
    sha = hashlib.sha256(text.encode()).hexdigest()
    return Document(f"file:t/{n}", str(n), DocumentKind.OTHER, f"Văn bản {n}", text, sha)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "nhà")
    Record(home.record()).put_many((document(n), None) for n in range(60))
    return home


def answers(home: Home, word: str) -> list[str]:
    """Ids of the documents the serving index finds for a word."""
    folder = current(home.index())
    assert folder is not None
    index = open_index(folder)
    scores = np.zeros(len(index), dtype=np.float32)
    index.folded.add_scores(scores, term_hashes([word]), np.ones(1, dtype=np.float32))
    found = [index.passage(int(row)).document_id for row in np.flatnonzero(scores)]
    index.close()
    return found


def test_built_verified_and_served(home: Home) -> None:
    stages: list[str] = []
    folder = build.build_index(home, WORDS, progress=lambda stage, *_: stages.append(stage))
    assert current(home.index()) == folder
    assert "verify" in stages
    assert answers(home, "ma7") == ["file:t/7"]
    assert build.serves(home, WORDS, "public", Record(home.record()).corpus_version()) == "full"


def test_only_the_last_two_are_kept(home: Home) -> None:
    folders = []
    for n in range(4):
        Record(home.record()).put(document(100 + n))
        folders.append(build.build_index(home, WORDS))
    left = {path for path in home.index().iterdir() if path.is_dir() and not path.is_symlink()}
    assert left == set(folders[-2:])


def test_going_back_to_an_earlier_corpus_builds_nothing(home: Home) -> None:
    record = Record(home.record())
    first = build.build_index(home, WORDS)
    record.put(document(100))
    build.build_index(home, WORDS)
    record.remove(["file:t/100"])
    stages: list[str] = []
    assert build.build_index(home, WORDS, progress=lambda s, *_: stages.append(s)) == first
    assert "words" not in stages
    assert answers(home, "ma100") == []


def test_an_empty_record_has_an_index_too(tmp_path: Path) -> None:
    home = Home(tmp_path)
    Record(home.record())
    assert len(open_index(build.build_index(home, WORDS))) == 0


@pytest.mark.parametrize("damage", ["cut", "gone", "no manifest"])
def test_a_damaged_index_is_built_again(home: Home, damage: str) -> None:
    folder = build.build_index(home, WORDS)
    if damage == "cut":
        file = folder / "passages.jsonl"
        file.write_bytes(file.read_bytes()[:100])
    elif damage == "gone":
        (folder / "folded.rows.npy").unlink()
    else:
        (folder / "manifest.json").unlink()
    assert not is_whole(folder)
    assert build.build_index(home, WORDS) == folder
    assert answers(home, "ma7") == ["file:t/7"]


def test_two_builders_take_turns(home: Home) -> None:
    children = [
        subprocess.Popen(
            build._command(home, WORDS, "public", False),
            stdout=subprocess.PIPE,
            env=build._environment(),
            text=True,
        )
        for _ in range(2)
    ]
    last = [json.loads(child.communicate()[0].splitlines()[-1]) for child in children]
    assert last[0] == last[1]
    assert "built" in last[0]
    assert answers(home, "ma7") == ["file:t/7"]


def test_words_are_built_and_served_while_vectors_are_computed(home: Home) -> None:
    vectors = KnowledgeSettings()
    record = Record(home.record())
    with locked(home.index() / build.VECTORS_LOCK):  # as long as somebody computes them
        left = subprocess.run(
            [*build._command(home, vectors, "public", False), "--background"],
            env=build._environment(),
            check=False,
        )
        assert left.returncode == 0
        assert current(home.index()) is None
        build.build_index(home, vectors, words_only=True)
        assert build.serves(home, vectors, "public", record.corpus_version()) == "words"
    build.build_index(home, vectors)
    assert build.serves(home, vectors, "public", record.corpus_version()) == "full"
    # A build of words never takes the place of one with vectors too.
    assert build.build_index(home, vectors, words_only=True) == current(home.index())
    assert build.serves(home, vectors, "public", record.corpus_version()) == "full"


def test_a_background_builder_ends_with_its_home(home: Home) -> None:
    with locked(home.index() / ".lock"):  # it waits for this, and would wait for ever
        child = build.build_in_background(home, WORDS)
        time.sleep(1)
        home.record().rename(home.path / "gone")
        assert os.waitpid(child, 0)[1] != 0
    assert current(home.index()) is None


def test_a_full_disk_is_said_and_the_old_index_serves(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.build_index(home, WORDS)
    Record(home.record()).put(document(100))
    command = build._command
    small = ["prlimit", "--fsize=3000", "--"]
    monkeypatch.setattr(build, "_command", lambda *given: [*small, *command(*given)])
    with pytest.raises(BuildFailed, match=r"đĩa đã đầy; hãy xoá bớt.*vẫn được dùng"):
        build.build_index(home, WORDS)
    assert answers(home, "ma7") == ["file:t/7"]
    assert answers(home, "ma100") == []
    assert not list(home.index().glob("*.tmp-*"))


def test_vectors_are_compared_one_by_one_when_chroma_misses_some(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The checks ask Chroma for what exact search finds; here they ask for more than all of it."""
    site = home.path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(
        "import sys\n"
        "if 'knowledge_base.index.verify' in sys.orig_argv:\n"
        "    import knowledge_base.index.vectors as vectors\n"
        "    vectors.VectorStore.nearest = lambda self, vector, count, where=None: []\n",
        encoding="utf-8",
    )
    ours = build._environment()
    monkeypatch.setattr(
        build, "_environment", lambda: {**ours, "PYTHONPATH": f"{site}:{ours['PYTHONPATH']}"}
    )
    vectors = KnowledgeSettings()
    with caplog.at_level("WARNING"):
        folder = build.build_index(home, vectors)
    assert "compared one by one" in caplog.text
    index = open_index(folder)
    assert (index.chroma, index.manifest.nearest, index.manifest.vectors) == (None, "exact", 60)
    index.close()
    (store,) = status_of(home, vectors).stores
    assert (store.index.state, store.index.nearest) == ("full", "exact")
    with closing(KnowledgeBase(home, vectors)) as base:
        hits = base.search(Query("tờ khai và giấy tờ"), scope=citizen(), as_of=date(2026, 7, 1))
    assert hits
    assert hits[0].parts["dense"] > 0


def killed_twenty_times(home: Home, settings: KnowledgeSettings) -> int:
    """Kill 20 builders, each at another moment; the old index answers after each."""
    record = Record(home.record())
    started = time.monotonic()
    build.build_index(home, settings)
    whole = time.monotonic() - started
    moments = random.Random(20)  # noqa: S311
    killed = 0
    for n in range(20):
        record.put(document(1000 + n, f"Văn bản mới mã{1000 + n}."))
        child = subprocess.Popen(
            build._command(home, settings, "public", False),
            stdout=subprocess.DEVNULL,
            env=build._environment(),
        )
        time.sleep(whole * moments.random())
        child.send_signal(signal.SIGKILL)
        killed += child.wait() == -signal.SIGKILL
        assert answers(home, "ma7") == ["file:t/7"]
    build.build_index(home, settings)
    assert answers(home, "ma1019") == ["file:t/1019"]
    assert not list(home.index().glob("*.tmp-*"))
    return killed


def test_kill_9_at_any_moment_leaves_an_index_that_answers(home: Home) -> None:
    assert killed_twenty_times(home, WORDS) >= 10


@pytest.mark.slow
def test_kill_9_with_chroma_too(home: Home) -> None:
    assert killed_twenty_times(home, KnowledgeSettings()) >= 10
