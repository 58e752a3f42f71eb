"""The same state on PostgreSQL: a connection that is used as one of `sqlite3` is.

Only what the stores need: statements with ``?``, rows by name and by place, and
transactions that begin with ``BEGIN IMMEDIATE``. These hold one lock of the whole
state, so that writers wait for each other as they do with a file. Errors are
`StoreError`, which is a `sqlite3.Error`; their words never hold the address, a
password or what stands in a row.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NoReturn

from assistant.errors import StateError
from assistant.state_dialect import plain, sentence, translated, typed, why
from assistant.state_file import URL, StoreError

#: First half of the number of each advisory lock; the second is of the schema, or of a name.
_LOCK = 0x7409
_WHERE = "hashtext(current_schema())"
#: How long a writer waits for others, a statement takes, a transaction may stand idle.
_SESSION = (
    "SET lock_timeout = '10s'; SET statement_timeout = '60s';"
    " SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = 'warning'"
)
_CONNECT_SECONDS = 5
_OLDEST = (15, 0)
#: Connections that are kept open for the next who asks, and for how many seconds.
_IDLE, _IDLE_SECONDS = 16, 300.0

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.I)


class Row(tuple[Any, ...]):
    """Values by place and by name, as `sqlite3.Row`."""

    _names: dict[str, int]

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self._names[key] if isinstance(key, str) else key)

    def keys(self) -> list[str]:
        return list(self._names)


class _Nothing:
    """What a statement gives that is for SQLite alone."""

    rowcount = -1
    description = None

    def fetchone(self) -> None:
        return None

    def fetchall(self) -> list[Row]:
        return []

    def __iter__(self) -> Iterator[Row]:
        return iter(())


class PostgresConnection:
    """To be used in the thread that asked for it, until `close`. See `connection`."""

    def __init__(self, pool: _Pool, *, begins: bool) -> None:
        self._pool = pool
        self._begins = begins  # a transaction by itself, before the first write
        self._given = True
        self._db = pool.take()
        self._given = False

    @property
    def in_transaction(self) -> bool:
        return not self._db.closed and self._db.info.transaction_status.name != "IDLE"

    def execute(self, sql: str, values: Sequence[object] = ()) -> Any:
        word = sql.split(None, 1)[0].upper().rstrip(";")
        if word == "PRAGMA":
            return _Nothing()
        if word == "BEGIN":
            return self._begin(alone="IMMEDIATE" in sql.upper())
        if word in ("COMMIT", "ROLLBACK"):
            return self._end(word)
        self._begin_before(sql)
        return self._run(translated(sql), [plain(value) for value in values])

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> Any:
        self._begin_before(sql)
        cursor = self._db.cursor()
        with self._told():
            cursor.executemany(translated(sql), [[plain(each) for each in row] for row in rows])
        return cursor

    def executescript(self, script: str) -> None:
        """Make tables; once in a process, and never by two at the same time."""
        if script in self._pool.made:
            return
        made = typed(script)
        if not self.in_transaction:
            made = f"BEGIN; {_locked()}; {made}; COMMIT"
        self._begun(made)
        self._pool.made.add(script)

    def commit(self) -> None:
        if self.in_transaction:
            self._end("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self._end("ROLLBACK")

    def close(self) -> None:
        if not self._given:  # once: it may be another's by now
            self._given = True
            self._pool.give(self._db)

    def __enter__(self) -> PostgresConnection:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.commit()
            return
        with contextlib.suppress(StoreError):
            self.rollback()

    # --- transactions -------------------------------------------------------------------------

    def _begin(self, *, alone: bool) -> Any:
        """``alone``: with the lock that writers share; else one view of what there is."""
        # Behind the lock each statement sees what the writer before has committed.
        return self._begun(
            f"BEGIN; {_locked()}" if alone else "BEGIN ISOLATION LEVEL REPEATABLE READ"
        )

    def _begun(self, sql: str) -> Any:
        """Begin, or leave nothing begun."""
        try:
            return self._run(sql, None)
        except StoreError:
            with contextlib.suppress(StoreError):
                self.rollback()
            raise

    def _begin_before(self, sql: str) -> None:
        if self._begins and not self.in_transaction and _WRITES.match(sql):
            self._begin(alone=True)

    def _end(self, word: str) -> Any:
        if not self.in_transaction:
            if word == "COMMIT":
                raise StoreError(sentence("08"))
            return _Nothing()
        failed = self._db.info.transaction_status.name == "INERROR"
        done = self._run("ROLLBACK" if failed else word, None)
        if failed and word == "COMMIT":  # it would be rolled back without a word
            raise StoreError("PostgreSQL: giao dịch có câu lệnh hỏng nên không được giữ lại.")
        return done

    # --- statements ---------------------------------------------------------------------------

    def _run(self, sql: str, values: list[object] | None) -> Any:
        # With nothing begun, nothing is done twice: the server may have been restarted since.
        fresh = not self.in_transaction and not _WRITES.match(sql)
        try:
            with self._told():
                return self._db.execute(sql, values)
        except StoreError:
            if not (fresh and self._db.closed):
                raise
        self._db = self._pool.take(new=True)
        with self._told():
            return self._db.execute(sql, values)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            state = error.sqlstate or ("08" if self._db.closed else type(error).__name__)
            if state == "42P01":
                self._pool.made.clear()
            raise StoreError(sentence(state)) from None  # its own words may hold what is in a row

    def __del__(self) -> None:
        with contextlib.suppress(Exception):
            self.close()


class OnlyOne:
    """A name that one process holds, on whichever machine, as long as it lives and is connected."""

    def __init__(self, db: Any) -> None:
        self._db = db

    def held(self) -> bool:
        """Whether it still is held; asks the server."""
        with contextlib.suppress(Exception):
            self._db.execute("SELECT 1")
            return True
        return False

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._db.close()


def connection(*, begins: bool) -> sqlite3.Connection:
    """A connection to the database that `URL` names, to be used as that of a file.

    ``begins``: a transaction is begun before the first write. Raises `StateError`.
    """
    made: Any = PostgresConnection(_pool(os.environ[URL], os.getpid()), begins=begins)
    return made  # type: ignore[no-any-return]


def only_one(name: str) -> OnlyOne | None:
    """Hold ``name``, unless another process does. Raises `StateError`."""
    db = _pool(os.environ[URL], os.getpid()).take(new=True)
    lock = f"{_LOCK + 1}, hashtext(current_schema() || %s)"
    try:
        (held,) = db.execute(f"SELECT pg_try_advisory_lock({lock})", [name]).fetchone()
    except Exception:
        db.close()
        raise StateError(sentence("08")) from None
    if held:
        return OnlyOne(db)
    db.close()
    return None


class _Pool:
    """Open connections to one database. Takes and gives from any thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: list[tuple[float, Any]] = []
        self._lock = threading.Lock()
        self.made: set[str] = set()  # scripts that were run

    def take(self, *, new: bool = False) -> Any:
        """One that is open, or seems to be. Raises `StateError`."""
        now = time.monotonic()
        with self._lock:
            if new:  # the server was restarted: the others are as dead
                old, self._idle = self._idle, []
            else:
                old = [each for each in self._idle if each[0] < now - _IDLE_SECONDS]
                self._idle = [each for each in self._idle if each[0] >= now - _IDLE_SECONDS]
                if self._idle:
                    return self._idle.pop()[1]
        for _, db in old:
            db.close()
        return _connect(self._url)

    def give(self, db: Any) -> None:
        if db.closed:
            return
        try:
            if db.info.transaction_status.name != "IDLE":
                db.execute("ROLLBACK")
        except Exception:
            db.close()
            return
        with self._lock:
            if len(self._idle) < _IDLE:
                self._idle.append((time.monotonic(), db))
                return
        db.close()


@lru_cache(maxsize=8)
def _pool(url: str, process: int) -> _Pool:  # noqa: ARG001 - connections are not inherited
    return _Pool(url)


def _connect(url: str) -> Any:
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise StateError(
            f"{URL} được đặt nhưng chưa cài psycopg. Hãy chạy: .venv/bin/python -m pip install "
            "--require-hashes -r requirements-postgres.lock (xem docs/operating.md)."
        ) from None
    if not url.startswith(("postgresql://", "postgres://")):
        _not_understood()
    try:
        place: dict[str, Any] = dict(conninfo_to_dict(url))
    except (psycopg.Error, ValueError):
        _not_understood()
    waits = {} if place.get("connect_timeout") else {"connect_timeout": _CONNECT_SECONDS}
    try:
        db = psycopg.connect(
            url, autocommit=True, prepare_threshold=None, row_factory=_rows, **waits
        )  # fmt: skip
    except (psycopg.Error, ValueError) as error:
        # Not even the host: of an address that is misspelt, a part of the password may be there.
        raise StateError(
            f"Không kết nối được với PostgreSQL mà {URL} chỉ tới: {why(str(error))}"
        ) from None
    try:
        if db.info.parameter_status("server_encoding") != "UTF8":
            raise StateError(
                "Cơ sở dữ liệu PostgreSQL phải dùng UTF8: createdb -E UTF8 -T template0."
            )
        if db.info.server_version < _OLDEST[0] * 10_000:
            raise StateError(f"PostgreSQL phải từ bản {_OLDEST[0]} trở lên. Hãy nâng cấp máy chủ.")
        db.execute(_SESSION)
    except psycopg.Error as error:
        db.close()
        raise StateError(sentence(error.sqlstate or "08")) from None
    except StateError:
        db.close()
        raise
    return db


def _not_understood() -> NoReturn:
    raise StateError(
        f"{URL} không phải địa chỉ PostgreSQL. Cần dạng: "
        "postgresql://NGƯỜI_DÙNG:MẬT_KHẨU@MÁY:5432/CƠ_SỞ_DỮ_LIỆU (ký tự lạ viết dạng %XX)."
    ) from None


def _locked() -> str:
    return f"SELECT pg_advisory_xact_lock({_LOCK}, {_WHERE})"


def _rows(cursor: Any) -> Callable[[Sequence[Any]], Row]:
    names = {each.name: place for place, each in enumerate(cursor.description or ())}
    kind = type("Row", (Row,), {"_names": names})
    return lambda values: kind(values)
