"""Uploads on the disk: apart, whole or not there, gone on time."""

from __future__ import annotations

import errno
import io
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.uploads import disk
from assistant.uploads.settings import UploadSettings
from assistant.uploads.store import Uploads
from assistant.uploads.sweeping import Sweeper
from assistant.uploads.vocabulary import NotTaken, NoUpload, Upload
from knowledge_base.settings import KnowledgeSettings

READERS = KnowledgeSettings(embedder="none", ocr="off")
RULE = (
    "Điều 1. Thời hạn trả kết quả\n1. Thời hạn trả kết quả là 07 ngày làm việc.\n"
    "2. Quá hạn thì phải xin lỗi bằng văn bản.\n\nĐiều 2. Hiệu lực\n"
    "Quy định này có hiệu lực từ ngày 01 tháng 7 năm 2026.\n"
)


class Clock:
    """Seconds since 1970, as a test wants them."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


def store(folder: Path, clock: Callable[[], float] | None = None, **limits: Any) -> Uploads:
    return Uploads(folder / "uploads", UploadSettings(**limits), READERS, now=clock or Clock())


def put(uploads: Uploads, owner: str, name: str, data: bytes | str) -> Upload:
    incoming = uploads.begin(owner, name)
    try:
        incoming.write(data.encode() if isinstance(data, str) else data)
    except NotTaken:
        uploads.abort(incoming)
        raise
    return uploads.finish(incoming)[0]


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_only_who_uploaded_a_document_sees_it(tmp_path: Path) -> None:
    uploads = store(tmp_path)
    mine = put(uploads, "1", "quy-dinh.txt", RULE)
    assert [each.name for each in uploads.of("1")] == ["quy-dinh.txt"]
    assert uploads.of("2") == ()
    assert "07 ngày" in uploads.held("1", mine.id).document.text
    for call in (uploads.held, uploads.file):
        with pytest.raises(NoUpload):
            call("2", mine.id)
    assert not uploads.delete("2", mine.id)
    assert uploads.delete_all("2") == 0
    assert uploads.of("1")


def test_nothing_is_readable_by_others_and_no_name_is_on_the_disk(tmp_path: Path) -> None:
    uploads = store(tmp_path)
    put(uploads, "nguyen.lan", "ky-luat-ong-A.txt", RULE)
    for path in (tmp_path / "uploads").rglob("*"):
        assert not path.stat().st_mode & 0o077, path
        assert "lan" not in path.name
        assert "ky-luat" not in path.name


def test_the_same_file_twice_is_one_document_and_of_two_officers_two(tmp_path: Path) -> None:
    uploads = store(tmp_path)
    first = put(uploads, "1", "a.txt", RULE)
    again = uploads.begin("1", "b.txt")
    again.write(RULE.encode())
    assert uploads.finish(again) == (first, False)
    assert len(uploads.of("1")) == 1
    other = put(uploads, "2", "a.txt", RULE)
    assert other.id != first.id
    uploads.delete("1", first.id)
    assert uploads.of("2") == (other,)


def test_an_expired_document_is_never_read_even_where_nothing_sweeps(tmp_path: Path) -> None:
    clock = Clock()
    uploads = store(tmp_path, clock, keep_hours=1)
    mine = put(uploads, "1", "a.txt", RULE)
    clock.time += 3599
    assert uploads.of("1") == (mine,)
    clock.time += 1
    with pytest.raises(NoUpload):
        uploads.held("1", mine.id)
    assert uploads.of("1") == ()
    assert b"07 ng" not in everything(tmp_path)


def test_sweeping_deletes_what_is_over_and_nothing_else(tmp_path: Path) -> None:
    clock = Clock()
    uploads = store(tmp_path, clock, keep_hours=2)
    put(uploads, "1", "a.txt", RULE)
    clock.time += 3600
    later = put(uploads, "2", "b.txt", RULE)
    clock.time += 3600
    assert uploads.sweep() == 1
    assert uploads.of("2") == (later,)
    assert uploads.counted()[0] == 1
    clock.time += 3600
    assert uploads.sweep() == 1
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["key"]


def test_a_shorter_time_and_a_clock_set_back_delete_rather_than_keep(tmp_path: Path) -> None:
    clock = Clock()
    put(store(tmp_path, clock, keep_hours=24), "1", "a.txt", RULE)
    clock.time += 7200
    assert store(tmp_path, clock, keep_hours=1).of("1") == ()
    put(store(tmp_path, clock), "1", "a.txt", RULE)
    clock.time -= 10 * 3600
    assert store(tmp_path, clock).of("1") == ()


def test_it_survives_a_restart_and_answers_the_same(tmp_path: Path) -> None:
    clock = Clock()
    first = store(tmp_path, clock)
    mine = put(first, "1", "a.txt", RULE)
    held = first.held("1", mine.id)
    second = store(tmp_path, clock)
    second.sweep(start=True)
    again = second.held("1", mine.id)
    assert (again.document, again.units, again.upload) == (held.document, held.units, mine)
    assert second.file("1", mine.id).read_bytes() == RULE.encode()


def test_what_was_deleted_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads = store(tmp_path)
    mine = put(uploads, "1", "a.txt", RULE)
    kept: list[bytes] = []
    real = shutil.rmtree

    def look(folder: Path, **_: Any) -> None:
        kept.append(everything(folder))
        real(folder, ignore_errors=True)

    monkeypatch.setattr("assistant.uploads.disk.shutil.rmtree", look)
    assert uploads.delete("1", mine.id)
    assert kept
    assert not kept[0].strip(b"\0")
    assert not uploads.delete("1", mine.id)


@pytest.mark.parametrize(
    ("name", "data", "code", "says"),
    [
        ("a.txt", b"", "empty", "rỗng"),
        ("a.txt", b"   \n\n  ", "empty", "Kiểm tra"),
        ("a.exe", b"MZ", "unsupported_format", ".docx"),
        ("", b"x", "unsupported_format", ".docx"),
        ("a.pdf", b"%PDF-1.7 broken", "damaged", "hỏng"),
        ("a.docx", b"PK\x03\x04broken", "damaged", "hỏng"),
        ("a.pdf", b"<html><body>Loi 404 khong tim thay trang</body></html>", "", ""),
        (
            "a.txt",
            "TỐI MẬT\n\nBÁO CÁO\nNội dung báo cáo công tác năm.".encode(),
            "secret",
            "mật",
        ),
    ],
)
def test_what_is_refused_leaves_nothing(
    tmp_path: Path, name: str, data: bytes, code: str, says: str
) -> None:
    uploads = store(tmp_path)
    with pytest.raises(NotTaken) as refused:
        put(uploads, "1", name, data)
    if code:
        assert refused.value.code == code
    assert says in str(refused.value)
    assert str(refused.value).endswith(".")
    assert uploads.of("1") == ()
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "key"]
    assert left == []


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b"<w>" + b" " * 600_000_000)
    with pytest.raises(NotTaken):
        put(store(tmp_path), "1", "a.docx", made.getvalue())


def test_limits_are_told_with_what_to_do(tmp_path: Path) -> None:
    uploads = store(tmp_path, most=2, largest_mb=1, officer_mb=1)
    with pytest.raises(NotTaken, match="lớn hơn 1 MB"):
        put(uploads, "1", "a.txt", b"x" * 1_000_001)
    put(uploads, "1", "a.txt", RULE)
    put(uploads, "1", "b.txt", RULE + "Thêm một dòng.")
    with pytest.raises(NotTaken, match="Hãy xóa bớt"):
        put(uploads, "1", "c.txt", RULE)
    put(uploads, "2", "c.txt", RULE)


def test_a_text_that_is_too_long_is_told_to_be_parted(tmp_path: Path) -> None:
    with pytest.raises(NotTaken, match="tách nhỏ"):
        put(store(tmp_path), "1", "a.txt", "Đây là một dòng của tài liệu.\n" * 150_000)


def test_no_more_is_kept_in_memory_than_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.uploads.store._AT_HAND", 3 * len(RULE))
    uploads = store(tmp_path)
    ids = [put(uploads, "1", f"{n}.txt", f"{RULE}Dòng {n}.").id for n in range(5)]
    assert len(uploads._read) == 2
    assert all("07 ngày" in uploads.held("1", each).document.text for each in ids)
    assert len(uploads._read) == 2


def test_a_full_disk_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads = store(tmp_path)
    put(uploads, "1", "a.txt", RULE)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(disk, "write", full)
    with pytest.raises(NotTaken, match="đã đầy"):
        put(uploads, "1", "b.txt", RULE + "Khác.")
    monkeypatch.undo()
    assert [each.name for each in uploads.of("1")] == ["a.txt"]
    assert not disk.leftovers(next(p for p in (tmp_path / "uploads").iterdir() if p.is_dir()))


def test_a_disk_that_is_nearly_full_is_not_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = store(tmp_path)
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr("assistant.uploads.store.shutil.disk_usage", lambda _: usage)
    with pytest.raises(NotTaken, match="đã đầy"):
        uploads.begin("1", "a.txt")


def test_a_broken_document_is_deleted_and_the_others_stay(tmp_path: Path) -> None:
    uploads = store(tmp_path)
    first = put(uploads, "1", "a.txt", RULE)
    second = put(uploads, "1", "b.txt", RULE + "Khác.")
    (broken,) = (tmp_path / "uploads").rglob(f"{first.id}/meta.json")
    broken.write_text("{", encoding="utf-8")
    assert store(tmp_path).of("1") == (second,)
    assert not broken.parent.exists()


def test_many_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    uploads = store(tmp_path)

    def work(n: int) -> None:
        put(uploads, str(n % 2), "a.txt", RULE + f"Dòng {n // 4}.")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [len(uploads.of(owner)) for owner in "01"] == [2, 2]


def test_a_sweeper_sweeps_at_once_and_again(tmp_path: Path) -> None:
    clock = Clock()
    uploads = store(tmp_path, clock, keep_hours=1)
    put(uploads, "1", "a.txt", RULE)
    clock.time += 3600
    sweeper = Sweeper(uploads, every=0.05)
    sweeper.start()
    assert uploads.counted()[0] == 0
    put(uploads, "1", "a.txt", RULE)
    clock.time += 3600
    end = time.monotonic() + 10
    while b"07 ng" in everything(tmp_path):
        assert time.monotonic() < end
        time.sleep(0.02)
    sweeper.stop()


def test_what_a_revoked_officer_left_is_deleted(tmp_path: Path) -> None:
    uploads = store(tmp_path)
    put(uploads, "1", "a.txt", RULE)
    other = put(uploads, "2", "b.txt", RULE)
    sweeper = Sweeper(uploads, owners=lambda: ["2", "3"])
    sweeper.start()
    sweeper.stop()
    assert uploads.of("1") == ()
    assert uploads.of("2") == (other,)


_KILLED = """
import sys, time
from pathlib import Path
from tests.assistant.uploads.test_store import RULE, put, store
uploads = store(Path(sys.argv[1]), time.time)
print("ready", flush=True)
for n in range(1000):
    put(uploads, "1", "a.txt", RULE + f"Dòng số {n} của tài liệu.")
    uploads.delete("1", uploads.of("1")[0].id) if n % 3 == 2 else None
"""


@pytest.mark.parametrize("after", [0.15, 0.6, 1.1])
def test_a_killed_process_leaves_nothing_half_visible(tmp_path: Path, after: float) -> None:
    root = Path(__file__).parents[3]
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_KILLED), str(tmp_path)],
        cwd=root, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    child.wait()
    uploads = store(tmp_path, time.time)
    for each in uploads.of("1"):
        assert "Dòng số" in uploads.held("1", each.id).document.text
        assert uploads.file("1", each.id).stat().st_size == each.size
    uploads.sweep(start=True)
    names = {path.name[:8] for path in (tmp_path / "uploads").rglob(".*")}
    assert names == set()
