"""llama.cpp in this environment: is it there, and building it from its source distribution.

The build is resumed where it was interrupted, done by one process at a time,
and its result is kept as a wheel in the home, so that a new environment on the
same machine installs it in seconds.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib
import importlib.util
import os
import platform
import re
import shutil
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import RuntimeMissing
from assistant.language_model import installer
from assistant.language_model.installer import CommandFailed
from assistant.language_model.pull import Progress

TUNING = Path(__file__).with_name("llama.cmake")

#: Memory that one compiler process may need, in bytes: as many run as fit.
PER_JOB = 600_000_000

#: Folders of the source distribution that a build does not read; the larger half of it.
UNREAD = ("/vendor/llama.cpp/models/", "/vendor/llama.cpp/docs/", "/vendor/llama.cpp/benches/")

#: Size of the source distribution, for the progress bar.
SOURCE_BYTES = 76_589_250

_DEFINES = {
    "CMAKE_BUILD_TYPE": "Release",
    "GGML_NATIVE": "ON",
    "GGML_OPENMP": "ON",
    "GGML_CCACHE": "OFF",
    "LLAVA_BUILD": "OFF",
    "LLAMA_BUILD_TOOLS": "OFF",
    "LLAMA_BUILD_EXAMPLES": "OFF",
    "LLAMA_BUILD_TESTS": "OFF",
    "LLAMA_BUILD_SERVER": "OFF",
    "LLAMA_BUILD_APP": "OFF",
    "LLAMA_OPENSSL": "OFF",
    "LLAMA_ALL_WARNINGS": "OFF",
}


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the version, and seconds by stage. ``cached``: nothing was compiled."""

    version: str
    cached: bool
    seconds: dict[str, float] = field(default_factory=dict)


def runtime_version() -> str | None:
    """The version of llama-cpp-python installed here, without loading it; None when absent."""
    from importlib.metadata import PackageNotFoundError, version

    importlib.invalidate_caches()
    if importlib.util.find_spec("llama_cpp") is None:
        return None
    try:
        return version(installer.RUNTIME)
    except PackageNotFoundError:
        return "unknown"


def require_runtime() -> str:
    """The installed version.

    Raises:
        RuntimeMissing: llama.cpp has not been built here yet.
    """
    found = runtime_version()
    if found is None:
        raise RuntimeMissing("llama.cpp is not built in this environment yet: troly models build")
    return found


def build_runtime(
    home: Path, progress: Progress, *, again: bool = False, wait: bool = True
) -> Built:
    """Have llama.cpp in this environment, compiling it when needed.

    ``home`` is the installation's folder: sources, unfinished builds and the
    finished wheel live in ``<home>/cache/runtime``, the log in ``<home>/logs``.
    With ``wait`` another process that is building is waited for.

    Raises:
        RuntimeMissing: no C++ compiler, no connection, or the build failed; the log has all.
    """
    if not again and (version := runtime_version()) is not None:
        return Built(version, cached=True)
    work, log = home / "cache" / "runtime", home / "logs" / "runtime-build.log"
    try:
        work.mkdir(parents=True, exist_ok=True)
        with _only_one(work / "lock", wait, lambda: progress("runtime.wait", 0, 0)):
            if not again and (version := runtime_version()) is not None:
                return Built(version, cached=True)
            return _build(work, log, progress, again)
    except CommandFailed as error:
        raise RuntimeMissing(f"llama.cpp could not be built: {error}. Log: {log}") from error
    except OSError as error:
        raise RuntimeMissing(
            f"llama.cpp could not be built: {error}. Is the disk full? It needs 500 MB in {work}."
        ) from error


def _build(work: Path, log: Path, progress: Progress, again: bool) -> Built:
    seconds: dict[str, float] = {}
    wheels = work / "wheels" / _fingerprint()
    if again:
        shutil.rmtree(wheels, ignore_errors=True)
    ready = sorted(wheels.glob("*.whl"))
    with _timed(seconds, "runtime.tools"):
        if not ready:
            _require_compiler()
        progress("runtime.tools", 0, 0)
        installer.install_tools(log, lambda: progress("runtime.tools", 0, 0))
    if not ready:
        with _timed(seconds, "runtime.source"):
            source = _source(work, log, progress)
        with _timed(seconds, "runtime.compile"):
            _compile(source, work, wheels, log, progress)
    with _timed(seconds, "runtime.install"):
        progress("runtime.install", 0, 0)
        (wheel,) = sorted(wheels.glob("*.whl"))[-1:]
        command = installer.pip("install", "--no-deps", "--no-index", "--force-reinstall")
        installer.run([*command, str(wheel)], what="Installing llama.cpp", log=log)
        check = [sys.executable, "-c", "import llama_cpp; print(llama_cpp.__version__)"]
        installer.run(check, what="Loading llama.cpp", log=log)
    for leftover in ("source", "build", "build-plain"):
        shutil.rmtree(work / leftover, ignore_errors=True)
    return Built(require_runtime(), cached=bool(ready), seconds=seconds)


def _source(work: Path, log: Path, progress: Progress) -> Path:
    """The unpacked source distribution, whose SHA-256 pip has checked against the pin."""
    folder = work / "source"
    done = folder / ".unpacked"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()

        def tick() -> None:
            arrived = installer.arrived(folder, ".tar.gz")  # for a moment pip keeps two copies
            progress("runtime.source", min(arrived, SOURCE_BYTES), SOURCE_BYTES)

        with installer.pin_file(installer.pins(only=installer.RUNTIME)) as pin:
            command = installer.pip(
                "download", "--no-deps", "--no-build-isolation", "--no-binary", ":all:",
                "--no-cache-dir", "--progress-bar", "off", "--require-hashes", "--dest",
                str(folder), "-r", str(pin),
            )  # fmt: skip
            installer.run(
                command, what="pip download", on_tick=tick, log=log, env={"TMPDIR": str(folder)}
            )
        (archive,) = folder.glob("*.tar.gz")
        with tarfile.open(archive) as tar:
            # The bytes are pinned by hash; the filter (Python 3.11.4 and later) is a second look.
            safer = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            tar.extractall(folder, members=_wanted(tar), **safer)  # type: ignore[arg-type]  # noqa: S202
        archive.unlink()
        done.touch()
    (source,) = (path for path in folder.iterdir() if path.is_dir() and "llama" in path.name)
    return source


def _wanted(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for member in tar:
        if not any(folder in "/" + member.name for folder in UNREAD):
            yield member


def _compile(source: Path, work: Path, wheels: Path, log: Path, progress: Progress) -> None:
    """Compile with our tuning; should that ever fail, once more exactly as published."""
    try:
        _wheel(source, work / "build", wheels, log, progress, tuned=True)
    except CommandFailed:
        progress(
            "note: the fast build failed; trying the plain one, about three times as long", 0, 0
        )
        shutil.rmtree(work / "build", ignore_errors=True)
        _wheel(source, work / "build-plain", wheels, log, progress, tuned=False)


def _wheel(
    source: Path, build: Path, wheels: Path, log: Path, progress: Progress, *, tuned: bool
) -> None:
    defines = dict(_DEFINES)
    if tuned:
        defines["CMAKE_PROJECT_llama_cpp_INCLUDE"] = str(TUNING)
    settings = [f"build-dir={build}", *(f"cmake.define.{k}={v}" for k, v in defines.items())]
    command = installer.pip(
        "wheel", "--verbose", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir",
        str(wheels), *(f"--config-settings={setting}" for setting in settings), str(source),
    )  # fmt: skip
    wheels.mkdir(parents=True, exist_ok=True)
    progress("runtime.compile", 0, 0)

    def on_line(line: str) -> None:
        if found := re.search(r"\[(\d+)/(\d+)\]", line):
            progress("runtime.compile", int(found[1]), int(found[2]))

    installer.run(
        command,
        what="Compiling llama.cpp",
        on_line=on_line,
        log=log,
        env={"CMAKE_BUILD_PARALLEL_LEVEL": str(_jobs()), "CMAKE_GENERATOR": "Ninja"},
        nice=5,
    )


def _jobs() -> int:
    """Compilers to run at once: one a core, as far as memory goes."""
    cores = len(os.sched_getaffinity(0))
    with contextlib.suppress(OSError, AttributeError, ValueError):
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        if found := re.search(r"MemAvailable:\s+(\d+) kB", text):
            cores = min(cores, int(found[1]) * 1024 // PER_JOB)
    return max(1, cores)


def _require_compiler() -> None:
    names = (os.environ.get("CXX", ""), "c++", "g++", "clang++")
    if not any(name and shutil.which(name) for name in names):
        raise RuntimeMissing(
            "llama.cpp needs a C++ compiler and there is none. Debian: apt install g++. "
            "Until then answers come without a model's wording."
        )


def _fingerprint() -> str:
    """What a compiled wheel depends on: the pin, the tuning, and this kind of processor."""
    parts = [installer.pins(only=installer.RUNTIME), TUNING.read_text(encoding="utf-8")]
    parts += [platform.machine(), "".join(platform.libc_ver()), _processor(), repr(_DEFINES)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith(("flags", "Features")):
                return " ".join(sorted(line.partition(":")[2].split()))
    return platform.processor()


@contextlib.contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    started = time.monotonic()
    try:
        yield
    finally:
        seconds[stage] = round(time.monotonic() - started, 1)


@contextlib.contextmanager
def _only_one(path: Path, wait: bool, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a lock that dies with the process. ``waiting`` is called while another has it."""
    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not wait:
                    raise RuntimeMissing("Another process is building llama.cpp now.") from None
                waiting()
                time.sleep(0.5)
        yield
