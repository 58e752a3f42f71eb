"""The citizens' process cannot open the restricted folder: by a bug, by a library, by a child."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.access.guard import EXIT
from tests.assistant.access.world import TOPICS, World, canary, question

ROOT = Path(__file__).resolve().parents[3]
_BEGIN = """
import os, shutil, sqlite3, subprocess, sys
from pathlib import Path
from assistant.access.guard import keep_out
home, folder = Path(sys.argv[1]), Path(sys.argv[2])
walls = keep_out(home, folder)
print(walls, flush=True)
"""


def run(tmp_path: Path, act: str, *, apart: bool = False) -> subprocess.CompletedProcess[str]:
    home = tmp_path / "home"
    folder = (tmp_path / "apart" if apart else home) / "restricted"
    folder.mkdir(parents=True)
    home.mkdir(exist_ok=True)
    (folder / "record.sqlite").write_text("bí mật", "utf-8")
    (tmp_path / "link").symlink_to(folder)
    return subprocess.run(
        [sys.executable, "-c", _BEGIN + act + "\nprint('went on')", str(home), str(folder)],
        capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.mark.parametrize(
    "act",
    [
        "open(folder / 'record.sqlite').read()",
        "open(os.fsencode(folder / 'record.sqlite'), 'rb')",
        "os.open(str(folder / 'new'), os.O_CREAT | os.O_WRONLY)",
        "sqlite3.connect(folder / 'record.sqlite')",
        "sqlite3.connect(f'file:{folder}/record.sqlite?mode=ro', uri=True)",
        "os.listdir(folder)", "list(folder.iterdir())", "list(folder.rglob('*'))",
        "os.chdir(folder)", "open(home / '.' / 'restricted' / 'record.sqlite')",
        "open(home.parent / 'link' / 'record.sqlite')",
        "os.chdir(home); open('restricted/record.sqlite')",
        "os.rename(folder, home / 'elsewhere')", "shutil.copytree(folder, home / 'copy')",
        "os.symlink(folder, home / 'other')", "subprocess.run(['cat', str(folder / 'record')])",
    ],
)  # fmt: skip
def test_the_first_attempt_ends_the_process(tmp_path: Path, act: str) -> None:
    done = run(tmp_path, act)
    assert done.returncode == EXIT
    assert "CẢNH BÁO" in done.stderr
    assert "went on" not in done.stdout
    assert "bí mật" not in done.stdout


def test_everything_else_goes_on(tmp_path: Path) -> None:
    act = (
        "(home / 'restricted.txt').write_text('a'); sqlite3.connect(home / 'state.sqlite')\n"
        "sqlite3.connect(':memory:'); os.listdir(home); subprocess.run(['true'], check=True)\n"
        "import tempfile; tempfile.TemporaryFile(); open(0, closefd=False)"
    )
    done = run(tmp_path, act)
    assert done.stdout.endswith("went on\n"), done.stderr


def test_where_the_kernel_can_children_and_libraries_are_refused_too(tmp_path: Path) -> None:
    act = (
        "os.system(f'cat {home.parent}/apart/restricted/record.sqlite')\n"
        "os.system(f'ls {home.parent}/link/')\n"
        "(home / 'new').write_text('a'); print((home / 'new').read_text())"
    )
    done = run(tmp_path, act, apart=True)
    if "landlock" not in done.stdout:
        pytest.skip("this kernel has no Landlock")
    assert done.stderr.count("Permission denied") == 2
    assert "bí mật" not in done.stdout
    assert done.stdout.endswith("went on\n")


# --- a real server ------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home with one public and one restricted document, and its config."""
    world = World(tmp_path)
    world.put(0, ("public",))
    world.put(1, ("noi-bo",))
    world.build()
    world.close()
    config = (
        "knowledge_base: {embedder: none, bundled_corpus: false}\nmodel: {kind: none}\n"
        "dialogue: {mode: direct}\nprofiles:\n  citizen: {title: Trợ lý}\n"
        "  civil_servant: {title: Cán bộ, audience: officers}\n"
        "access:\n  groups: {mot-cua: [noi-bo]}\n"
    )
    (world.home.path / "config.yml").write_text(config, "utf-8")
    return world.home.path


def up(home: Path, log: Path, *arguments: str, before: tuple[str, ...] = ()) -> tuple[
    subprocess.Popen[str], str
]:  # fmt: skip
    words = [*before, sys.executable, str(ROOT / "troly.py"), "--home", str(home), "up"]
    with log.open("w") as said:
        process = subprocess.Popen(
            [*words, "--port", "0", *arguments],
            stderr=said, stdout=said, text=True, env={**os.environ, "COLUMNS": "200"},
        )  # fmt: skip
    for _ in range(600):
        lines = log.read_text("utf-8").splitlines()
        address = next((line[7:] for line in lines if line.startswith("troly: http")), "")
        if (address and "Sẵn sàng trả lời." in lines) or process.poll() is not None:
            break
        time.sleep(0.1)
    assert process.poll() is None, log.read_text("utf-8")
    return process, address


def asked(address: str) -> str:
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        told = [client.post("/api/chat", json={"message": question(n)}).text for n in (0, 1)]
        told.append(client.get("/api/sources/file:files/tai-lieu-1.md").text)
        told.append(client.get("/metrics").text)
    return "\n".join(told)


@pytest.mark.slow
@pytest.mark.skipif(
    os.getuid() != 0 or not shutil.which("setpriv"), reason="takes root to make another user's"
)
def test_another_users_folder_is_not_needed_to_serve_citizens(tmp_path: Path, home: Path) -> None:
    """As in production: the restricted folder is another user's, mode 0700."""
    restricted = home / "restricted"
    for path in (restricted, *restricted.rglob("*")):
        os.lchown(path, 65534, 65534)
    restricted.chmod(0o700)
    # A root that may not overrule permissions is any user whose folder it is not.
    without = "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"
    as_other = ("setpriv", *without)
    tried = subprocess.run(
        [*as_other, "ls", str(restricted)], capture_output=True, text=True, check=False
    )
    assert "Permission denied" in tried.stderr
    process, address = up(home, tmp_path / "up.log", before=as_other)
    try:
        told = asked(address)
    finally:
        process.terminate()
        process.wait(30)
    assert canary(0, 1) in told
    assert canary(1, 1) not in told
    assert TOPICS[1] not in (tmp_path / "up.log").read_text("utf-8")


@pytest.mark.slow
def test_without_accounts_the_officers_server_says_what_to_do(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "troly.py"), "--home", str(home), "up", "--port", "0",
         "--profile", "civil_servant"],
        capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "troly access add" in done.stderr
