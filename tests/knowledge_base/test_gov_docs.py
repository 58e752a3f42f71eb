"""Thirty real files of public offices: each is read right or put aside for the right reason.

They belong to a data set that is not part of this repository: it is looked for
in TROLY_DATA, or in ``shared/data`` beside the repository; without it the tests
are skipped. What is expected is told from facts about the files, not from their
words.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.file_documents import document_of_file
from knowledge_base.readers.jail import Jail
from knowledge_base.readers.ocr import version
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.vietnamese import fold

from ..published_data import DATA

FOLDER = DATA / "gov_docs"

# Words of the stamp that the portal of the government puts on what it publishes.
_STAMP = set(
    fold("người ký cổng thông tin điện tử chính phủ email cơ quan văn phòng thời gian bởi").split()
)

pytestmark = pytest.mark.skipif(
    not (FOLDER / "docs.tar.gz").exists(), reason="the data set is not here"
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, dict[str, object]]]:
    folder = tmp_path_factory.mktemp("gov")
    with tarfile.open(FOLDER / "docs.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    lines = (FOLDER / "manifest.jsonl").read_text("utf-8").splitlines()
    return [(folder / entry["file"], entry) for entry in map(json.loads, lines)]


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    with Jail(KnowledgeSettings(ocr="off")) as jail:
        yield jail


def test_each_is_read_or_put_aside(jail: Jail, files: list[tuple[Path, dict[str, object]]]) -> None:
    read = aside = 0
    for path, entry in files:
        if entry["scanned_guess"]:
            with pytest.raises(Unreadable) as caught:
                jail.read(path)
            assert caught.value.code is QuarantineReason.SCAN_WITHOUT_TEXT, path.name
            aside += 1
            continue
        reading = jail.read(path)
        document = document_of_file(reading, path.name, collection="gov", labels=("public",))
        read += 1
        words = set(fold(reading.text).split())
        expected = [word for word in fold(str(entry["head"])).split() if word.isalpha()]
        expected = [word for word in expected if word not in _STAMP]
        assert sum(word in words for word in expected) >= 0.8 * len(expected), path.name
        if entry["magic"] == "ole-doc":
            assert len(document.text) > 0.85 * int(str(entry["text_chars"])), path.name
            assert len(document.sections) > 15, path.name
        if path.suffix == ".xlsx":
            rows = int(str(entry["pages_or_rows"]))
            assert rows - 3 <= len(document.sections) <= rows, path.name
            assert document.title.isupper(), path.name
    assert (read, aside) == (15, 15)


def test_no_running_heads_are_left(jail: Jail, files: list[tuple[Path, dict[str, object]]]) -> None:
    gazettes = [
        path for path, entry in files if "công báo" in str(entry["head"]) and entry["text_chars"]
    ]
    assert gazettes
    for path in gazettes:
        assert "CÔNG BÁO/Số" not in jail.read(path).text


@pytest.mark.ocr
@pytest.mark.slow
@pytest.mark.skipif(not version(), reason="Tesseract with Vietnamese is not installed")
def test_scans_are_read_by_tesseract(files: list[tuple[Path, dict[str, object]]]) -> None:
    """The shorter ones; a decree of thirty pages takes a minute."""
    with Jail(KnowledgeSettings()) as jail:
        for path, entry in files:
            if entry["scanned_guess"] and int(str(entry["pages_or_rows"])) <= 2:
                reading = jail.read(path)
                assert reading.meta["ocr"], path.name
                assert len(reading.text) > 300, path.name
