"""Where officers' uploads are: a folder an officer, a folder a document, each whole or not there.

::

    uploads/key                          from which the names of the officers' folders are made
    uploads/<officer>/<document>/        meta.json, reading.json, tables.json, vectors.npy, file.…
    uploads/<officer>/.coming-…          being filled; .going-… being wiped: nobody reads them

Nothing here is in the record, in an index, in a log or in a receipt. A document is deleted when
its time is up: by `Uploads.sweep`, and before every read, so that an expired one is never
answered from even where nothing sweeps.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import logging
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO

from assistant.uploads import disk
from assistant.uploads.answering import Vectors
from assistant.uploads.holding import held_of, kept_files, read_held
from assistant.uploads.settings import UploadSettings
from assistant.uploads.taking_in import file_name, taken
from assistant.uploads.vocabulary import Held, NotTaken, NoUpload, Upload
from knowledge_base.errors import is_full
from knowledge_base.settings import KnowledgeSettings

log = logging.getLogger(__name__)

_MB = 1_000_000
_SPARE = 64 * _MB  # bytes of the disk that are left for everything else
_AT_HAND = 4_000_000  # characters of documents that are kept ready in memory
_BACK = 3600.0  # seconds that the clock may be set back before what is "newer than now" goes
_FULL = (
    "Ổ đĩa của máy chủ đã đầy nên chưa nhận được tệp; không có gì được lưu lại. "
    "Hãy báo người quản trị."
)


class Incoming:
    """A file on its way: bytes are written as they come, `Uploads.finish` makes it a document."""

    def __init__(self, owner: str, name: str, folder: Path, file: BinaryIO, most: int) -> None:
        self.owner = owner
        self.name = name
        self.folder = folder
        self._file = file
        self._most = most
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Raises `NotTaken` beyond the limit, or where the disk is full."""
        self.size += len(data)
        if self.size > self._most:
            raise NotTaken(
                f"Tệp lớn hơn {self._most // _MB} MB. Hãy tách nhỏ, hoặc chỉ tải phần cần hỏi.",
                "too_large",
            )
        self._hash.update(data)
        try:
            self._file.write(data)
        except OSError as error:
            raise _not_written(error) from None

    def close(self) -> str:
        """Have the bytes on the disk; their hash."""
        try:
            self._file.close()
        except OSError as error:
            raise _not_written(error) from None
        return self._hash.hexdigest()


class Uploads:
    """The uploads of one installation; safe for many threads. ``now`` is the clock, in seconds."""

    def __init__(
        self,
        folder: Path,
        settings: UploadSettings,
        readers: KnowledgeSettings,
        *,
        vectors: Vectors | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.vectors = vectors or Vectors(readers)
        self._readers = readers.model_copy(
            update={"largest_file_mb": min(readers.largest_file_mb, settings.largest_mb)}
        )
        self._now = now
        self._lock = threading.RLock()
        self._read: dict[Path, Held] = {}  # of documents that are there; dropped with them
        self._reading = threading.BoundedSemaphore(2)  # each takes a process

    # --- taking in ----------------------------------------------------------------------------

    def begin(self, owner: str, name: str) -> Incoming:
        """Get ready for a file called ``name``.

        Raises:
            NotTaken: of a kind that is not read, or there is no room for another one.
        """
        name = file_name(name)
        mine = self._folder_of(owner)
        there = self.of(owner)
        most = self.settings.most
        if len(there) >= most:
            raise NotTaken(
                f"Anh/chị đang có {len(there)} tài liệu, nhiều nhất là {most}. "
                "Hãy xóa bớt tài liệu không cần rồi tải lên lại.",
                "too_many",
            )
        used = sum(each.size for each in there)
        room = min(self.settings.largest_mb * _MB, self.settings.officer_mb * _MB - used)
        if room <= 0:
            raise NotTaken(
                f"Các tài liệu đã dùng hết {self.settings.officer_mb} MB của anh/chị. "
                "Hãy xóa bớt tài liệu không cần rồi tải lên lại.",
                "no_room",
            )
        if disk.size_of(self.folder) >= self.settings.total_mb * _MB:
            raise NotTaken(
                "Chỗ chứa tài liệu tải lên của cơ quan đã hết. Hãy thử lại sau, hoặc báo người "
                "quản trị nâng uploads.total_mb.",
                "no_room",
            )
        try:
            disk.private(mine)
            if shutil.disk_usage(mine).free < _SPARE:
                raise NotTaken(_FULL, "disk_full")
            folder = disk.coming(mine)
            path = folder / f"file.{name.rpartition('.')[2].lower()}"
            file = path.open("xb")
            path.chmod(0o600)
        except OSError as error:
            raise _not_written(error) from None
        return Incoming(owner, name, folder, file, room)

    def finish(self, incoming: Incoming) -> tuple[Upload, bool]:
        """Read the file and keep it; whether it is new, or was there already with the same bytes.

        Raises:
            NotTaken: it cannot be read or kept; nothing of it stays.
        """
        try:
            sha = incoming.close()
            known = next((u for u in self.of(incoming.owner) if u.sha256 == sha), None)
            if known is not None:
                self.abort(incoming)
                return known, False
            with self._reading:
                return self._kept(incoming, sha), True
        except OSError as error:
            self.abort(incoming)
            raise _not_written(error) from None
        except BaseException:
            self.abort(incoming)
            raise

    def abort(self, incoming: Incoming) -> None:
        """Wipe what has come of a file. Harmless when repeated."""
        with contextlib.suppress(OSError, NotTaken):
            incoming.close()
        disk.wipe(incoming.folder)

    def _kept(self, incoming: Incoming, sha: str) -> Upload:
        (path,) = incoming.folder.iterdir()
        read = taken(path, self._readers)
        held = held_of(read, incoming.name, secrets.token_hex(16), self.vectors)
        now = self._now()
        upload = replace(
            held.upload,
            sha256=sha,
            size=incoming.size,
            created=now,
            expires=now + self.settings.keep_hours * 3600,
        )
        held = replace(held, upload=upload)
        for name, data in kept_files(held, read):
            disk.write(incoming.folder / name, data)
        disk.write(incoming.folder / "meta.json", _json(asdict(upload)))
        with self._lock:
            # Two of the same file at once: the first one stays.
            twin = next((u for u in self.of(incoming.owner) if u.sha256 == sha), None)
            if twin is not None:
                disk.wipe(incoming.folder)
                return twin
            self._keep(disk.appear(incoming.folder, upload.id), held)
        return upload

    # --- what is there ------------------------------------------------------------------------

    def of(self, owner: str) -> tuple[Upload, ...]:
        """The documents of an officer that have not expired, the oldest first."""
        found = [upload for _, upload in self._living(self._folder_of(owner))]
        return tuple(sorted(found, key=lambda one: (one.created, one.id)))

    def held(self, owner: str, upload_id: str) -> Held:
        """One document, to be answered from. Raises `NoUpload`: not there is not told from
        not yours, or no longer."""
        folder = self._folder_of(owner)
        for path, upload in self._living(folder):
            if hmac.compare_digest(upload.id, upload_id):
                with self._lock:
                    known = self._read.get(path)
                held = known or read_held(path, upload)
                with self._lock:
                    if path.exists():
                        self._keep(path, held)
                return held
        raise NoUpload(
            "Không có tài liệu này trong các tài liệu của anh/chị: có thể đã hết giờ giữ và đã "
            "được xóa. Hãy tải lên lại."
        )

    def file(self, owner: str, upload_id: str) -> Path:
        """The file itself, under a name that says nothing but its kind. Raises `NoUpload`."""
        held = self.held(owner, upload_id)
        folder = self._folder_of(owner) / held.upload.id
        return next(path for path in folder.iterdir() if path.stem == "file")

    # --- away with it -------------------------------------------------------------------------

    def delete(self, owner: str, upload_id: str) -> bool:
        """Delete one document, now; whether it was there."""
        for path, upload in self._living(self._folder_of(owner)):
            if hmac.compare_digest(upload.id, upload_id):
                return self._remove(path)
        return False

    def delete_all(self, owner: str) -> int:
        """Delete every document of an officer; how many there were."""
        folder = self._folder_of(owner)
        gone = sum(self._remove(path) for path, _ in self._living(folder))
        if folder.is_dir():
            disk.remove(folder)
        return gone

    def sweep(self, *, start: bool = False) -> int:
        """Delete what has expired, of every officer; how many.

        ``start``: nothing is on its way yet, so what a process that died left half is wiped, too.
        """
        if not self.folder.is_dir():
            return 0
        gone = 0
        if start:
            for left in disk.leftovers(self.folder):
                disk.wipe(left)
        for folder in [each for each in self.folder.iterdir() if each.is_dir()]:
            if start:
                for left in disk.leftovers(folder):
                    disk.wipe(left)
            before = sum(1 for _ in self._documents(folder))
            gone += before - sum(1 for _ in self._living(folder))
            with contextlib.suppress(OSError):
                folder.rmdir()  # empty: nobody's name is left either
        return gone

    def keep_only(self, owners: Iterable[str]) -> int:
        """Delete what belongs to nobody of ``owners`` (an account was revoked); how many."""
        if not self.folder.is_dir():
            return 0
        kept = {self._folder_of(owner) for owner in owners}
        others = [path for path in self.folder.iterdir() if path.is_dir() and path not in kept]
        gone = sum(self._remove(path) for each in others for path in self._documents(each))
        for each in others:
            disk.wipe(each)
        return gone

    def clear(self) -> int:
        """Delete every upload of everybody, and the key of their folders; how many there were."""
        count = self.counted()[0]
        with self._lock:
            self._read.clear()
        if self.folder.is_dir():
            disk.remove(self.folder)
        return count

    def counted(self) -> tuple[int, int, float]:
        """How many documents there are, their bytes, and when the first one expires (0: none)."""
        if not self.folder.is_dir():
            return 0, 0, 0.0
        found = [
            upload
            for folder in self.folder.iterdir()
            if folder.is_dir()
            for _, upload in self._living(folder)
        ]
        first = min((one.expires for one in found), default=0.0)
        return len(found), disk.size_of(self.folder), first

    # --- inside -------------------------------------------------------------------------------

    def _keep(self, path: Path, held: Held) -> None:
        """Have a document at hand, and not more of them than fit."""
        self._read.pop(path, None)
        self._read[path] = held
        while sum(len(each.document.text) for each in self._read.values()) > _AT_HAND:
            if len(self._read) == 1:
                return
            del self._read[next(iter(self._read))]

    def _living(self, folder: Path) -> Iterator[tuple[Path, Upload]]:
        """What is in an officer's folder; what has expired, or is broken, is deleted on the way."""
        now = self._now()
        for path in self._documents(folder):
            upload = _meta(path)
            if upload is None or self._over(upload, now):
                self._remove(path)
            else:
                yield path, upload

    def _over(self, upload: Upload, now: float) -> bool:
        shorter = upload.created + self.settings.keep_hours * 3600
        return now >= min(upload.expires, shorter) or upload.created > now + _BACK

    @staticmethod
    def _documents(folder: Path) -> list[Path]:
        try:
            return [
                path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
            ]
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _remove(self, path: Path) -> bool:
        with self._lock:
            self._read.pop(path, None)
        try:
            return disk.remove(path)
        except OSError as error:  # a disk that cannot even rename: nothing may be read from it
            log.error("an upload could not be deleted: %s", type(error).__name__)
            return False

    def _folder_of(self, owner: str) -> Path:
        """The folder of an officer: its name says nothing to who does not have the key."""
        if not owner:
            raise NoUpload("Cần đăng nhập trước khi tải tài liệu lên.")
        name = hmac.new(self._key(), owner.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return self.folder / name.hexdigest()[:32]

    def _key(self) -> bytes:
        path = self.folder / "key"
        with contextlib.suppress(FileNotFoundError):
            return path.read_bytes()
        try:
            disk.private(self.folder)
            with contextlib.suppress(FileExistsError):
                disk.write(path, secrets.token_bytes(32))
        except OSError as error:
            raise _not_written(error) from None
        return path.read_bytes()


def _meta(path: Path) -> Upload | None:
    try:
        told: dict[str, Any] = json.loads((path / "meta.json").read_text("utf-8"))
        return Upload(**{**told, "remarks": tuple(told["remarks"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def _not_written(error: OSError) -> NotTaken:
    if is_full(error):
        return NotTaken(_FULL, "disk_full")
    log.warning("an upload could not be written: %s", type(error).__name__)
    return NotTaken(
        "Máy chủ chưa ghi được tệp; không có gì được lưu lại. Hãy báo người quản trị.",
        "disk_full",
    )
