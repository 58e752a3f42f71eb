"""A home becomes ready by itself, once, and stays so at no cost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowledge_base import bundled_vectors
from knowledge_base.card_text import document_of_card
from knowledge_base.home import Home
from knowledge_base.index.build import embedder_name
from knowledge_base.index.embedding import text_hash
from knowledge_base.index.swap import current
from knowledge_base.prepare import bundled_documents, ensure_ready
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

WORDS = KnowledgeSettings(embedder="none")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    prepared = ensure_ready(home, WORDS)
    assert set(prepared.seconds) == {"documents", "index"}
    return home


def test_the_bundled_corpus_is_in_the_record(ready: Home) -> None:
    record = Record(ready.record())
    assert record.count() == len(list(bundled_documents()))
    card = next(record.cards())
    assert record.document(f"procedure:{card.code}") == document_of_card(card)
    assert any(key.startswith("law:") for key in record.ids())
    assert any(key.startswith("place:") for key in record.ids())


def test_again_it_does_nothing_and_is_quick(ready: Home) -> None:
    took = []
    for _ in range(5):
        started = time.perf_counter()
        assert ensure_ready(ready, WORDS).seconds == {}
        took.append(time.perf_counter() - started)
    assert min(took) < 0.5  # a few milliseconds; the bound only catches a rebuild


def test_an_index_that_is_gone_or_of_another_format_comes_back(ready: Home) -> None:
    folder = current(ready.index())
    assert folder is not None
    (ready.index() / "CURRENT").unlink()
    ensure_ready(ready, WORDS)
    assert current(ready.index()) == folder
    other = ready.index() / "0000000000000000-00000000"
    folder.rename(other)
    (ready.index() / "CURRENT").unlink()
    (ready.index() / "CURRENT").symlink_to(other.name)
    assert "index" in ensure_ready(ready, WORDS).seconds
    assert current(ready.index()) == folder


def test_without_the_bundled_corpus_it_leaves_again(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ensure_ready(home, WORDS)
    ensure_ready(home, WORDS.model_copy(update={"bundled_corpus": False}))
    assert Record(home.record()).count() == 0


def test_first_runs_at_the_same_time(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from knowledge_base.home import Home;"
        "from knowledge_base.prepare import ensure_ready;"
        "from knowledge_base.settings import KnowledgeSettings as S;"
        "ensure_ready(Home(Path(sys.argv[1])), S(embedder='none'))"
    )
    children = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    folder = current(Home(tmp_path).index())
    assert folder is not None
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["documents"] == len(list(bundled_documents()))


@pytest.mark.skipif(not bundled_vectors.FILE.exists(), reason="no vectors are bundled")
def test_the_bundled_vectors_are_of_the_bundled_corpus(tmp_path: Path) -> None:
    wanted = {text_hash(text) for text in bundled_vectors.texts_of_corpus()}
    missing = wanted - bundled_vectors.hashes()
    # A few may be computed on the spot; after that: python -m knowledge_base.bundled_vectors
    assert len(missing) <= 0.1 * len(wanted)
    record = Record(tmp_path / "record.sqlite")
    assert bundled_vectors.load(record) == len(bundled_vectors.hashes())
    name = embedder_name(KnowledgeSettings())
    assert len(record.get_vectors(name, sorted(wanted))) == len(wanted - missing)
