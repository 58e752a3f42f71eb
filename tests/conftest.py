"""What every test may rely on: no network but this machine, no data folder but its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket

from knowledge_base.home import Home
from knowledge_base.prepare import ensure_ready
from knowledge_base.settings import KnowledgeSettings

LOOPBACK = ["127.0.0.1", "::1", "localhost"]

#: Where a person keeps the model, so that tests marked ``model`` need not fetch it again.
REAL_HOME = Home.find()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A test that calls out fails, whatever library it calls out with."""
    pytest_socket.socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the data, or heeds the settings, of the person who runs it."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("TROLY_")}
    for name in kept:
        del os.environ[name]
    os.environ["TROLY_HOME"] = str(tmp_path_factory.mktemp("troly-home"))
    yield
    del os.environ["TROLY_HOME"]
    os.environ.update(kept)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def real_home() -> Home:
    """The home of the person who runs the tests. Read models from it; never write to it."""
    return REAL_HOME


@pytest.fixture(scope="session")
def bundled_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that answers from the bundled corpus, by words and by meaning. Do not write to it."""
    home = Home(tmp_path_factory.mktemp("bundled"))
    ensure_ready(home, KnowledgeSettings(), foreground_seconds=3600)
    return home


# --- the state on PostgreSQL ------------------------------------------------------------------


def _program(name: str) -> str:
    """A program of PostgreSQL's server, from the PATH or where Debian puts it; "" for none."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(map(str, places))) or ""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server of this run's own, on a socket in a folder of its own; skips where there is none."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (requirements-postgres.lock)")
    if not _program("initdb") or not _program("pg_ctl"):
        pytest.skip("no PostgreSQL server on this machine: initdb and pg_ctl were not found")
    if os.getuid() == 0 and not (shutil.which("runuser") and _is_user("postgres")):
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    with tempfile.TemporaryDirectory(prefix="troly-pg-", dir="/tmp") as folder:  # short: a socket
        server = PostgresServer(Path(folder))
        server.begin()
        yield server
        server.pg_ctl("stop", "-m", "immediate")


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


class PostgresServer:
    """A PostgreSQL that a test may stop and start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0

    def begin(self) -> None:
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run(
            _program("initdb"), "-D", f"{self.folder}/data", "-U", "troly", "-A", "trust",
            "-E", "UTF8", "--no-locale", "-N",
        )  # fmt: skip
        self.pg_ctl("start")
        # Where the run is killed, nobody stops the server but this.
        script = (
            f"while kill -0 {os.getpid()}; do sleep 2; [ -d {self.folder} ] || exit; done;"
            f" kill -QUIT $(head -1 {self.folder}/data/postmaster.pid); sleep 1;"
            f" rm -rf {self.folder}"
        )
        subprocess.Popen(
            ["/bin/sh", "-c", script],
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def pg_ctl(self, what: str, *more: str) -> None:
        options = f"-c listen_addresses='' -c fsync=off -k {self.folder}"
        started = ("-o", options, "-l", f"{self.folder}/log") if what != "stop" else ()
        self._run(_program("pg_ctl"), "-D", f"{self.folder}/data", "-w", *started, what, *more)

    def _run(self, *words: str) -> None:
        as_user = ("runuser", "-u", "postgres", "--") if os.getuid() == 0 else ()
        subprocess.run(
            [*as_user, *words], check=True, stdout=subprocess.DEVNULL, timeout=120, cwd="/"
        )

    def new_url(self) -> str:
        """An empty database's address, in which a password stands."""
        import psycopg

        self._count += 1
        place = f"?host={self.folder}"
        with psycopg.connect(f"postgresql://troly@/postgres{place}", autocommit=True) as db:
            db.execute(f"CREATE DATABASE t{self._count} TEMPLATE template0")  # type: ignore[arg-type]
        return f"postgresql://troly:m%C3%A2t-kh%E1%BA%A9u-8431@/t{self._count}{place}"


@pytest.fixture
def postgres(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> PostgresServer:
    """The state of this test is on PostgreSQL, in a database of its own."""
    monkeypatch.setenv("TROLY_STATE_URL", postgres_server.new_url())
    return postgres_server


@pytest.fixture(params=["sqlite", "postgres"])
def either_store(request: pytest.FixtureRequest) -> str:
    """The test is run twice: with the state in a file, and on PostgreSQL."""
    if request.param == "postgres":
        request.getfixturevalue("postgres")
    return str(request.param)


@pytest.fixture
def in_a_file(either_store: str) -> None:
    """For a test of what a file alone can suffer, among those that are run on both."""
    if either_store != "sqlite":
        pytest.skip("about the file")
