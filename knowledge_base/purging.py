"""What is left of a text when it leaves a store: vectors and older indexes, made of it.

A text that becomes restricted leaves the public store with all its versions.
Search leaves it out at once (`stale`); its vectors and the indexes that were
built of it go with the next index.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge_base.index.swap import keep_only

if TYPE_CHECKING:
    from knowledge_base.documents import Passage
    from knowledge_base.store import Record

#: Names the fact that says it; its value is nothing but that.
TO_PURGE = "to purge"


def purge(record: Record, passages: Iterable[Passage], serving: Path) -> bool:
    """Remove what was made of removed texts, where there are any.

    ``serving`` is the index of ``passages``, which are all that ``record`` has now.
    """
    from knowledge_base.index.artefact import embedded_text
    from knowledge_base.index.embedding import text_hash

    if record.fact(TO_PURGE) is None:
        return False
    keep_only(serving)
    with record.transaction() as db:
        db.execute("CREATE TEMP TABLE IF NOT EXISTS kept (text_sha TEXT PRIMARY KEY)")
        db.execute("DELETE FROM kept")
        hashes = ((text_hash(embedded_text(each)),) for each in passages)
        db.executemany("INSERT OR IGNORE INTO kept VALUES (?)", hashes)
        db.execute("DELETE FROM vectors WHERE text_sha NOT IN (SELECT text_sha FROM kept)")
        db.execute("DELETE FROM facts WHERE key = ?", (TO_PURGE,))
    record.overwrite_deleted()
    return True
