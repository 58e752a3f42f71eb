"""Accounts of officers: local ones with password and code, and those an agency vouches for."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Literal

from assistant.access import one_time, passwords, waiting
from assistant.access.database import AccessDatabase
from assistant.access.errors import AccessError, SignInRefused
from assistant.access.log import note
from knowledge_base.vietnamese import fold

Source = Literal["local", "oidc"]
_NAME = re.compile(r"[\w.@-]{2,64}")
#: One sentence for whatever was wrong, also where there is no such account.
REFUSED = (
    "Tên, mật khẩu hoặc mã 6 số không đúng, hoặc tài khoản đã bị thu hồi. Mỗi mã chỉ dùng được "
    "một lần: hãy chờ mã mới rồi thử lại, hoặc hỏi người quản trị."
)


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in. ``revoked_at`` None: may."""

    id: int
    name: str
    source: Source
    groups: tuple[str, ...]
    added_at: datetime
    seen_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A new account's name, and the ``otpauth://`` address for its codes; told once."""

    name: str
    address: str


class Accounts:
    """The accounts of one installation. Every method may raise `StateError`."""

    def __init__(self, database: AccessDatabase) -> None:
        self._database = database

    def add(self, name: str, password: str, groups: Iterable[str]) -> Enrolled:
        """A new local account. Raises `AccessError` for a bad or taken name, a weak password."""
        name = name.strip()
        if not _NAME.fullmatch(name):
            raise AccessError(
                f"Tên tài khoản “{name}” không dùng được. Hãy dùng 2 đến 64 chữ, số, dấu chấm, "
                "gạch nối hoặc @, không có dấu cách; ví dụ: nguyen.lan"
            )
        passwords.check_strength(password, name)
        kept, secret = passwords.hash_of(password), one_time.new_secret()
        with self._database.write() as db:
            if _row(db, name) is not None:
                raise AccessError(
                    f"Đã có tài khoản “{name}”. Hãy đặt tên khác, hoặc dùng: "
                    f"troly access reset {name} (cấp lại), troly access restore {name}."
                )
            now = self._database.clock()
            db.execute(
                "INSERT INTO accounts (name, folded, source, password, secret, groups, added_at)"
                " VALUES (?, ?, 'local', ?, ?, ?, ?)",
                (name, _folded(name), kept, secret, _written(groups), now),
            )
            note(db, now, "added", name, ", ".join(groups))
        return Enrolled(name, one_time.address_of(secret, name))

    def reset(self, name: str, password: str) -> Enrolled:
        """A new password and a new secret; whoever is signed in with the old ones is out."""
        passwords.check_strength(password, name)
        kept, secret = passwords.hash_of(password), one_time.new_secret()
        with self._database.write() as db:
            row = self._known(db, name)
            if row["source"] != "local":
                raise AccessError(
                    f"“{row['name']}” đăng nhập bằng tài khoản cơ quan: đổi mật khẩu ở đó."
                )
            db.execute(
                "UPDATE accounts SET password = ?, secret = ?, last_step = 0 WHERE id = ?",
                (kept, secret, row["id"]),
            )
            db.execute("DELETE FROM sessions WHERE account = ?", (row["id"],))
            note(db, self._database.clock(), "reset", row["name"])
        return Enrolled(row["name"], one_time.address_of(secret, row["name"]))

    def revoke(self, name: str) -> tuple[str, int]:
        """The account opens nothing any more; its name, and how many sessions that ended."""
        with self._database.write() as db:
            row = self._known(db, name)
            now = self._database.clock()
            db.execute(
                "UPDATE accounts SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?",
                (now, row["id"]),
            )
            ended = db.execute("DELETE FROM sessions WHERE account = ?", (row["id"],)).rowcount
            note(db, now, "revoked", row["name"])
        return str(row["name"]), ended

    def restore(self, name: str) -> str:
        """The account may sign in again, with what it had."""
        with self._database.write() as db:
            row = self._known(db, name)
            db.execute("UPDATE accounts SET revoked_at = NULL WHERE id = ?", (row["id"],))
            note(db, self._database.clock(), "restored", row["name"])
        return str(row["name"])

    def set_groups(self, name: str, groups: Iterable[str]) -> str:
        """The groups of an account from the next request on."""
        with self._database.write() as db:
            row = self._known(db, name)
            if row["source"] != "local":
                raise AccessError(
                    f"Nhóm của “{row['name']}” do tài khoản cơ quan quyết định: hãy đổi ở đó, "
                    f"hoặc thu hồi tại đây bằng: troly access revoke {row['name']}"
                )
            db.execute("UPDATE accounts SET groups = ? WHERE id = ?", (_written(groups), row["id"]))
            note(db, self._database.clock(), "groups", row["name"], ", ".join(groups))
        return str(row["name"])

    def all(self) -> tuple[Account, ...]:
        """Every account there is or was, in the order they came."""
        with self._database.read() as db:
            return tuple(
                account_of(row) for row in db.execute("SELECT * FROM accounts ORDER BY id")
            )

    def by_id(self, account: int) -> Account | None:
        with self._database.read() as db:
            row = db.execute("SELECT * FROM accounts WHERE id = ?", (account,)).fetchone()
        return account_of(row) if row is not None else None

    def any(self) -> bool:
        """Whether anybody could sign in with a local account."""
        with self._database.read() as db:
            query = "SELECT 1 FROM accounts WHERE revoked_at IS NULL AND source = 'local' LIMIT 1"
            return db.execute(query).fetchone() is not None

    def opened_by(self, name: str, password: str, code: str, address: str = "") -> Account:
        """The local account that these open.

        Raises `TooManyTries`, or `SignInRefused` with one sentence for whatever was wrong;
        a password is hashed each time, so the time tells nothing either.
        """
        keys = waiting.keys_of(_folded(name), address)
        waiting.begin(self._database, keys)
        with self._database.read() as db:
            row = _row(db, name)
        local = row is not None and row["source"] == "local"
        known = passwords.fits(password, row["password"] if row is not None and local else "")
        now = self._database.clock()
        with self._database.write() as db:
            row = _row(db, name) if local else None
            step = (
                one_time.step_of(row["secret"], code, now, after=row["last_step"])
                if row is not None
                else None
            )
            if row is None or not known or step is None or row["revoked_at"] is not None:
                # Not the name as it was typed: it may be a password in the wrong field.
                note(db, now, "refused", row["name"] if row is not None else "")
                allowed = None
            else:
                db.execute(
                    "UPDATE accounts SET last_step = ?, seen_at = ? WHERE id = ?",
                    (step, now, row["id"]),
                )
                if passwords.outdated(row["password"]):
                    db.execute(
                        "UPDATE accounts SET password = ? WHERE id = ?",
                        (passwords.hash_of(password), row["id"]),
                    )
                waiting.succeeded(db, keys)
                note(db, now, "signed_in", row["name"], "mật khẩu và mã")
                allowed = account_of(row)
        if allowed is None:
            raise SignInRefused(REFUSED)
        return allowed

    def vouched_for(self, subject: str, name: str, groups: Iterable[str]) -> Account:
        """The account of whom the agency's sign-in has named; made where it is new.

        Raises `SignInRefused` where it was revoked here.
        """
        now = self._database.clock()
        with self._database.write() as db:
            row = db.execute("SELECT * FROM accounts WHERE subject = ?", (subject,)).fetchone()
            if row is None:
                shown = _free_name(db, name)
                db.execute(
                    "INSERT INTO accounts (name, folded, source, subject, groups, added_at)"
                    " VALUES (?, ?, 'oidc', ?, ?, ?)",
                    (shown, _folded(shown), subject, _written(groups), now),
                )
                note(db, now, "added", shown, "tài khoản cơ quan")
            refused = row is not None and row["revoked_at"] is not None
            db.execute(
                "UPDATE accounts SET groups = ?, seen_at = ? WHERE subject = ?",
                (_written(groups), now, subject),
            )
            row = db.execute("SELECT * FROM accounts WHERE subject = ?", (subject,)).fetchone()
            note(db, now, "refused" if refused else "signed_in", row["name"], "tài khoản cơ quan")
        if refused:
            raise SignInRefused(REFUSED)
        return account_of(row)

    def regrouped(self, account: int, groups: Iterable[str]) -> Account:
        """The account with the groups that its provider says it has by now."""
        with self._database.write() as db:
            db.execute("UPDATE accounts SET groups = ? WHERE id = ?", (_written(groups), account))
            row = db.execute("SELECT * FROM accounts WHERE id = ?", (account,)).fetchone()
            note(db, self._database.clock(), "groups", row["name"], ", ".join(groups))
        return account_of(row)

    @staticmethod
    def _known(db: sqlite3.Connection, name: str) -> sqlite3.Row:
        row = _row(db, name)
        if row is None:
            names = [each["name"] for each in db.execute("SELECT name FROM accounts")]
            near = get_close_matches(name, names, 3, 0.5) or names[:5]
            hint = f"Có phải: {', '.join(near)}?" if near else "Chưa có tài khoản nào."
            raise AccessError(f"Không có tài khoản “{name}”. {hint}")
        return row


def account_of(row: sqlite3.Row) -> Account:
    """The account of a row of ``accounts``."""
    return Account(
        row["id"], row["name"], row["source"], tuple(json.loads(row["groups"])),
        _moment(row["added_at"]),
        _moment(row["seen_at"]) if row["seen_at"] else None,
        _moment(row["revoked_at"]) if row["revoked_at"] else None,
    )  # fmt: skip


def _row(db: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = db.execute(
        "SELECT * FROM accounts WHERE folded = ?", (_folded(name),)
    ).fetchone()
    return found


def _free_name(db: sqlite3.Connection, name: str) -> str:
    """``name`` as far as it can be one, with a number where it is taken."""
    base = re.sub(r"[^\w.@-]", ".", name.strip())[:56] or "can-bo"
    base = base if len(base) > 1 else f"{base}.cb"
    shown, number = base, 1
    while _row(db, shown) is not None:
        number += 1
        shown = f"{base}-{number}"
    return shown


def _folded(name: str) -> str:
    """Two names that read alike are one."""
    return "".join(fold(name[:200].encode("utf-8", "replace").decode()).split())


def _written(groups: Iterable[str]) -> str:
    return json.dumps(sorted(set(groups)), ensure_ascii=False)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
