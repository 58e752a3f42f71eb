"""What tests of the readers share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knowledge_base.readers.jail import Jail
from knowledge_base.settings import KnowledgeSettings


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    """A jail with little memory and time, without OCR."""
    with Jail(
        KnowledgeSettings(reader_memory_mb=512, reader_seconds=5, largest_file_mb=20, ocr="off")
    ) as jail:
        yield jail
