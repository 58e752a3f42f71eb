"""The right to send in an OA's name, on disk: a pair of tokens that replace each other.

A refresh token can be used once. So the new pair is on disk before anybody uses it,
and what was being tried is on disk before it is tried: after a crash in between it
can be said why the right is lost.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import StateError
from bots.zalo_oa.replies import sentence
from knowledge_base.locks import locked

FOLDER = "zalo-oa"


@dataclass(frozen=True, slots=True)
class Grant:
    """The tokens of one OA. Times are seconds since 1970.

    ``trying``: since when the refresh token is being used without an answer (0: it is
    not). ``dead``: the code that Zalo refused the refresh token with ("": it did not);
    ``lost``: that happened after a refresh whose answer never came.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    issued: float
    expires: float
    oa_id: str = ""
    trying: float = 0.0
    dead: str = ""
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent that was asked for and not given yet: what its callback must bring."""

    state: str = field(repr=False)
    verifier: str = field(repr=False)
    begun: float


class GrantFile:
    """Where the grant and a pending consent of ``home`` are kept, readable by their owner alone."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER
        self.path = self.folder / "grant.json"
        self._consent = self.folder / "consent.json"
        self._seen: tuple[tuple[int, int, int], Grant] | None = None

    def read(self) -> Grant | None:
        """The grant; None where there never was one. Raises `StateError`."""
        try:
            about = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateError(sentence("unreadable", path=self.path)) from error
        version = (about.st_ino, about.st_mtime_ns, about.st_size)
        if self._seen is None or self._seen[0] != version:  # a write makes a new file
            self._seen = (version, Grant(**self._load(self.path)))
        return self._seen[1]

    def write(self, grant: Grant) -> None:
        """On disk, durably, when this returns. Raises `StateError`."""
        self._store(self.path, asdict(grant))

    def consent(self) -> Consent | None:
        """The pending consent, if there is one. Raises `StateError`."""
        return Consent(**self._load(self._consent)) if self._consent.exists() else None

    def keep_consent(self, consent: Consent) -> None:
        self._store(self._consent, asdict(consent))

    def forget_consent(self) -> None:
        self._consent.unlink(missing_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else, in this process or another, refreshes or authorises meanwhile."""
        self._make_folder()
        with ExitStack() as held:
            try:
                held.enter_context(locked(self.folder / "lock"))
            except OSError as error:
                raise self._unwritable(self.folder / "lock", error) from error
            yield

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(self.folder, error) from error

    @staticmethod
    def _load(path: Path) -> dict[str, Any]:
        try:
            loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
            known = Grant if path.name == "grant.json" else Consent
            known(**loaded)
        except (OSError, ValueError, TypeError, RecursionError):
            # Not "from": the error would quote what is in the file.
            raise StateError(sentence("unreadable", path=path)) from None
        return loaded

    def _store(self, path: Path, values: dict[str, Any]) -> None:
        self._make_folder()
        try:
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=f".{path.name}.")  # 0600
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(values, file)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise self._unwritable(path, error) from error

    @staticmethod
    def _unwritable(path: Path, error: OSError) -> StateError:
        return StateError(sentence("unwritable", path=path, reason=error.strerror or error))


def fingerprint(token: str) -> str:
    """What may be said of a token where it must not be said itself."""
    return hashlib.sha256(token.encode()).hexdigest()[:12]
