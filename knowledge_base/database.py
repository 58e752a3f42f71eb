"""One SQLite file in WAL mode with ``synchronous=FULL``, and its errors in clear words."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge_base.errors import (
    RecordBusy,
    RecordCorrupt,
    RecordError,
    StorageFull,
    disk_full,
    is_full,
)


class Database:
    """The file, safe to share between threads (a connection each).

    Raises `RecordCorrupt`, `RecordBusy`, `StorageFull` and `RecordError`.
    """

    def __init__(self, path: Path, *, busy_seconds: float = 30.0) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._local = threading.local()
        with clear_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        """Close this thread's connection; others close with their threads."""
        db = getattr(self._local, "db", None)
        if db is not None:
            db.close()
            self._local.db = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is stored when this ends, or nothing."""
        with clear_errors(self.path):
            db = self._db
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # a full disk may have rolled back already
                    db.execute("ROLLBACK")
                raise

    def overwrite_deleted(self) -> None:
        """Bring the log into the file and empty it: what was deleted is overwritten there."""
        with clear_errors(self.path):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def one(self, query: str, *values: str | int) -> sqlite3.Row | None:
        """The first row, or None."""
        with clear_errors(self.path):
            row: sqlite3.Row | None = self._db.execute(query, values).fetchone()
            return row

    def rows(self, query: str, *values: str | int) -> Iterator[sqlite3.Row]:
        """All rows, read as they are asked for."""
        with clear_errors(self.path):
            yield from self._db.execute(query, values)

    @property
    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = sqlite3.connect(self.path, timeout=self._busy_seconds, isolation_level=None)
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA cache_size = -32000")  # 32 MB, of which little is used
            self._local.db = db
        return db


_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """SQLite's errors in words that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None) or 0
        if code in _FULL:
            raise StorageFull(disk_full(path)) from error
        if code & 0xFF in _BROKEN:
            raise RecordCorrupt(
                f"Tệp {path} bị hỏng hoặc không phải kho của troly ({error}). Hãy chuyển tệp sang "
                "chỗ khác (đừng xoá), chạy lại troly rồi nạp lại tài liệu; kho kèm theo tự có lại."
            ) from error
        if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise RecordBusy(
                f"Một tiến trình troly khác đang ghi vào {path}. Hãy chờ nó xong rồi thử lại."
            ) from error
        raise RecordError(
            f"Không dùng được {path} ({error}). Hãy kiểm tra thư mục có đó và ghi được không."
        ) from error
    except OSError as error:
        if is_full(error):
            raise StorageFull(disk_full(path)) from error
        raise RecordError(
            f"Không mở được {path} ({error.strerror or error}). Hãy kiểm tra đường dẫn và "
            "quyền ghi."
        ) from error
