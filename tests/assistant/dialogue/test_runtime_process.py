"""Environment, training and the supervised server, with a stand-in for Rasa's Python."""

from __future__ import annotations

import json
import os
import pwd
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from assistant.dialogue.runtime import environment, training
from assistant.dialogue.runtime import service as service_module
from assistant.dialogue.runtime.environment import ensure_environment, find_python, is_ready, stamp
from assistant.dialogue.runtime.places import ROOT, Places
from assistant.dialogue.runtime.server import RasaServer, ServerState, Timing, read_server
from assistant.dialogue.runtime.service import RasaService, rasa_wanted
from assistant.dialogue.runtime.tracker import forget_conversation, forget_older
from assistant.dialogue.runtime.training import Trained, ensure_model, model_hash, model_path
from assistant.dialogue.settings import DialogueSettings
from assistant.errors import DialogueSetupFailed

FAST = Timing(start=4, glance=0.05, check=0.1, hung=1.5)

#: What answers instead of Rasa: ``train`` writes a model, ``run`` serves /status.
FAKE = """
import http.server, json, os, pathlib, sys, threading
words = sys.argv[2:]  # the first is host.py
option = lambda name: words[words.index(name) + 1]
here = pathlib.Path(__file__).parent
note = here / "calls.log"
with note.open("a") as file:
    file.write(json.dumps(words) + "\\n")
how = (here / "how").read_text() if (here / "how").exists() else ""
if words[0] == "train":
    assert pathlib.Path(option("--config")).exists() and pathlib.Path(option("--domain")).exists()
    if how == "refuses":
        print("2026-01-01 00:00:00 ERROR    rasa.validator  - The intent 'x' is not listed.")
        sys.exit(1)
    for name in ("A", "B"):
        print(f"2026-01-01 00:00:00 INFO rasa.engine - Finished training component '{name}'.")
    out = pathlib.Path(option("--out"))
    out.mkdir(parents=True, exist_ok=True)
    if how != "writes nothing":
        (out / (option("--fixed-model-name") + ".tar.gz")).write_text("model")
    sys.exit(0)
if how == "dies":
    print("SomeError: no model")
    sys.exit(3)
threading.Thread(target=lambda: (os.read(0, 1), os._exit(0)), daemon=True).start()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        how = (here / "how").read_text() if (here / "how").exists() else ""
        if how == "hangs":
            threading.Event().wait(60)
        good = self.headers.get("Authorization", "").startswith("Bearer ")
        name = {"no model": None, "other": "other.tar.gz"}.get(how, option("--model"))
        self.send_response((409 if how == "not loaded" else 200) if good else 401)
        self.end_headers()
        self.wfile.write(json.dumps({"model_file": name}).encode())
    def log_message(self, *_):
        return
print("Starting", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", int(option("-p"))), Handler).serve_forever()
"""


class Stage:
    """Places of an installation whose Python 3.10 is ours; ``how`` it behaves can be told."""

    def __init__(self, folder: Path) -> None:
        self.fake = folder / "fake"
        self.fake.mkdir()
        (self.fake / "rasa.py").write_text(FAKE)
        project = folder / "project"
        (project / "data").mkdir(parents=True)
        (project / "domain.yml").write_text("version: '3.1'\n")
        (project / "data" / "nlu.yml").write_text("nlu: []\n")
        for name in ("endpoints.yml", "credentials.yml"):
            (project / name).write_text("{}\n")
        config = folder / "config.yml"
        told = {"language": "vi", "pipeline": [{"name": "A"}], "policies": [{"name": "B"}]}
        config.write_text(yaml.safe_dump({**told, "server": {"port": 1}}))
        self.places = Places(folder / "home" / "dialogue", project=project, config=config)

    def how(self, text: str) -> None:
        (self.fake / "how").write_text(text)

    def calls(self, name: str) -> list[list[str]]:
        note = self.fake / "calls.log"
        lines = note.read_text().splitlines() if note.exists() else []
        return [words for line in lines if (words := json.loads(line))[0] == name]

    def install(self) -> None:
        python = self.places.python
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec {sys.executable} {self.fake}/rasa.py "$@"\n')
        python.chmod(0o755)
        (self.places.venv / ".troly-stamp").write_text(stamp(self.places))


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """No environment has been made, no Python 3.10 is known, and nothing may be fetched."""
    for name in ("TROLY_PYTHON310", "TROLY_DIALOGUE_VENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment, "find_uv", lambda: None)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    return Stage(tmp_path)


@pytest.fixture
def stage(bare: Stage) -> Stage:
    bare.install()
    return bare


def until(true: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


# --- Python 3.10 and the environment ----------------------------------------------------------


def python_that_says(path: Path, code: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)
    return path


def test_a_shim_that_leads_nowhere_is_passed_over(
    bare: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shim = python_that_says(tmp_path / "shims" / "python3.10", 127)
    monkeypatch.setenv("PATH", f"{shim.parent}:/usr/bin:/bin")
    real = python_that_says(tmp_path / ".pyenv" / "versions" / "3.10.13" / "bin" / "python", 0)
    python_that_says(tmp_path / ".pyenv" / "versions" / "3.10.2" / "bin" / "python", 1)
    assert find_python() == real


def test_the_pyenv_of_the_user_is_found_from_another_home(
    bare: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = SimpleNamespace(pw_dir=str(tmp_path / "user"))
    monkeypatch.setattr(pwd, "getpwuid", lambda _: user)
    own = tmp_path / "user" / ".pyenv" / "versions" / "3.10.13" / "bin" / "python"
    python_that_says(own, 0)
    assert find_python() == own
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("TROLY_NO_UV", "1")
    assert find_python() is None


def test_the_python_that_is_named_is_taken_or_none(
    bare: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python_that_says(tmp_path / ".pyenv" / "versions" / "3.10.13" / "bin" / "python", 0)
    monkeypatch.setenv("TROLY_PYTHON310", sys.executable)  # not a 3.10
    assert find_python() is None
    named = python_that_says(tmp_path / "own", 0)
    monkeypatch.setenv("TROLY_PYTHON310", str(named))
    assert find_python() == named


def test_without_python_310_one_sentence_says_what_to_do(
    bare: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROLY_PYTHON310", "/nowhere/python3.10")
    with pytest.raises(DialogueSetupFailed, match=r"uv python install 3\.10"):
        ensure_environment(bare.places)
    assert not is_ready(bare.places)


def test_too_little_room_is_said_before_anything_is_begun(
    bare: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_NEEDED", 10**18)
    with pytest.raises(DialogueSetupFailed, match="MB"):
        ensure_environment(bare.places)
    assert not bare.places.venv.exists()


def test_an_install_that_fails_is_no_environment_and_can_be_run_again(
    bare: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Python that is named makes a folder, and then fails at installing."""
    making = tmp_path / "maker"
    making.write_text(
        textwrap.dedent(
            """\
            #!/bin/sh
            case "$2" in
              venv) for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python";;
              pip) echo "no network"; exit 1;;
            esac
            """
        )
    )
    making.chmod(0o755)
    monkeypatch.setenv("TROLY_PYTHON310", str(making))
    with pytest.raises(DialogueSetupFailed, match="Nhật ký") as caught:
        ensure_environment(bare.places)
    assert "chạy lại" in str(caught.value)
    assert "no network" in bare.places.log("setup").read_text()
    assert not is_ready(bare.places)
    made = bare.places.python
    made.write_text(made.read_text().replace("exit 1", "exit 0"))
    seen: list[str] = []
    ensure_environment(bare.places, lambda stage, _, __: seen.append(stage))
    assert is_ready(bare.places)
    assert "dialogue_install" in seen


def test_other_pins_make_the_environment_anew(stage: Stage, tmp_path: Path) -> None:
    assert is_ready(stage.places)
    other = tmp_path / "pins.txt"
    other.write_text("rasa==9\n")
    assert not is_ready(replace(stage.places, pins=other))


def test_nothing_of_the_person_reaches_rasa(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROLY_MODEL__API_KEY", "secret")
    monkeypatch.setenv("HTTP_PROXY", "http://example.invalid")
    given = stage.places.environment()
    assert "secret" not in given.values()
    assert not [name for name in given if name.startswith("TROLY_MODEL")]
    assert given["RASA_TELEMETRY_ENABLED"] == "false"
    assert given["HOME"].startswith(str(stage.places.folder))


# --- the model ----------------------------------------------------------------------------------


def test_a_model_is_trained_once_with_progress(stage: Stage) -> None:
    seen: list[tuple[str, int, int]] = []
    first = ensure_model(stage.places, lambda *each: seen.append(each))
    assert first.fresh
    assert first.path == model_path(stage.places)
    assert first.path.read_text() == "model"
    assert seen[0] == ("dialogue_train", 0, 3)
    assert seen[-1] == ("dialogue_train", 3, 3)
    again = ensure_model(stage.places)
    assert not again.fresh
    assert len(stage.calls("train")) == 1
    assert ensure_model(stage.places, again=True).fresh
    assert "--force" in stage.calls("train")[1]
    assert not list((stage.places.models / ".new").iterdir())


def test_rasa_is_given_its_own_keys_alone_and_files_that_exist(stage: Stage) -> None:
    ensure_model(stage.places)
    (words,) = stage.calls("train")
    config = Path(words[words.index("--config") + 1])
    assert set(yaml.safe_load(config.read_text())) == {"language", "pipeline", "policies"}
    assert str(stage.places.generated) not in words
    stage.places.generated.mkdir()
    (stage.places.generated / "places.yml").write_text("nlu: []\n")
    assert ensure_model(stage.places).fresh
    assert str(stage.places.generated) in stage.calls("train")[1]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("domain.yml", True),
        ("data/nlu.yml", True),
        ("data/new.yml", True),
        ("components/tokenizer.py", True),
        ("tests/test_stories.yml", False),
        ("components/secret_channel.py", False),
        ("endpoints.yml", False),
        ("components/__pycache__/x.pyc", False),
    ],
)
def test_what_a_model_is_made_from(stage: Stage, name: str, counts: bool) -> None:
    before = model_hash(stage.places)
    path = stage.places.project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# other\n")
    assert (model_hash(stage.places) != before) is counts


def test_our_settings_do_not_train_rasa_again(stage: Stage) -> None:
    before = model_hash(stage.places)
    config = yaml.safe_load(stage.places.config.read_text())
    stage.places.config.write_text(yaml.safe_dump({**config, "server": {"port": 2}}))
    assert model_hash(stage.places) == before
    stage.places.config.write_text(yaml.safe_dump({**config, "policies": [{"name": "C"}]}))
    assert model_hash(stage.places) != before


def test_why_rasa_refuses_is_one_sentence_with_the_log(stage: Stage) -> None:
    stage.how("refuses")
    with pytest.raises(DialogueSetupFailed) as caught:
        ensure_model(stage.places)
    assert "The intent 'x' is not listed." in str(caught.value)
    assert str(stage.places.log("train")) in str(caught.value)
    assert "\n" not in str(caught.value)
    stage.how("writes nothing")
    with pytest.raises(DialogueSetupFailed, match="chưa học được"):
        ensure_model(stage.places)
    assert not model_path(stage.places).exists()
    stage.how("")
    assert ensure_model(stage.places).fresh


def test_a_project_without_domain_is_not_trained(stage: Stage) -> None:
    (stage.places.project / "domain.yml").unlink()
    with pytest.raises(DialogueSetupFailed, match=r"domain\.yml"):
        ensure_model(stage.places)
    assert not stage.calls("train")


def test_a_config_that_cannot_be_read(stage: Stage) -> None:
    stage.places.config.write_bytes(b"\xff\xfe: [")
    with pytest.raises(DialogueSetupFailed, match=r"config\.yml"):
        ensure_model(stage.places)


def test_few_old_models_are_kept(stage: Stage) -> None:
    for number in range(5):
        (stage.places.project / "domain.yml").write_text(f"# {number}\n")
        last = ensure_model(stage.places)
    kept = list(stage.places.models.glob("*.tar.gz"))
    assert len(kept) == 1 + training._KEPT
    assert last.path in kept


# --- the server ----------------------------------------------------------------------------------


@pytest.fixture
def model(stage: Stage) -> Trained:
    return ensure_model(stage.places)


@pytest.fixture
def server(stage: Stage, model: Trained) -> Iterator[RasaServer]:
    made = RasaServer(stage.places, model, FAST)
    yield made
    made.stop()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_starts_serves_and_stops(stage: Stage, server: RasaServer) -> None:
    assert server.access is None
    server.start()
    assert server.wait_ready(10)
    access = server.access
    assert access is not None
    (words,) = stage.calls("run")
    assert words[words.index("-i") + 1] == "127.0.0.1"
    # Other users of the machine see the list of processes.
    assert access.jwt_secret not in words
    assert access.channel_secret not in words
    told = read_server(stage.places)
    assert told is not None
    assert (told["state"], told["model"]) == ("ready", model_path(stage.places).name)
    assert access.jwt_secret not in stage.places.server_file.read_text()
    pid = server.status.pid
    assert pid is not None
    server.stop()
    server.stop()
    assert not is_alive(pid)
    assert server.access is None
    assert server.status.state is ServerState.STOPPED


def test_killed_it_comes_back_with_new_secrets(server: RasaServer) -> None:
    server.start()
    assert server.wait_ready(10)
    pid, before = server.status.pid, server.access
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: server.status.restarts == 1)
    assert server.wait_ready(10)
    assert server.status.pid != pid
    assert server.access != before


def test_hung_it_is_replaced(stage: Stage, server: RasaServer) -> None:
    server.start()
    assert server.wait_ready(10)
    pid = server.status.pid
    stage.how("hangs")
    until(lambda: server.status.restarts == 1, 30)
    stage.how("")
    assert pid is not None
    assert not is_alive(pid)
    assert server.wait_ready(20)


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("no model", "no answer"),
        ("not loaded", "troly dialogue train --again"),
        ("other", "other.tar.gz"),
    ],
)
def test_an_open_port_is_not_health(stage: Stage, model: Trained, how: str, why: str) -> None:
    stage.how(how)
    with RasaServer(stage.places, model, replace(FAST, start=0.5)) as server:
        until(lambda: server.status.restarts >= 1)
        assert why in server.status.reason
        assert server.access is None


def test_what_dies_at_once_is_started_with_growing_pauses(stage: Stage, model: Trained) -> None:
    stage.how("dies")
    with RasaServer(stage.places, model, FAST) as server:
        until(lambda: server.status.state is ServerState.DOWN)
        assert "exit code 3: SomeError: no model" in server.status.reason
        time.sleep(1.5)
        assert 2 <= len(stage.calls("run")) <= 4
        started = time.monotonic()
    assert time.monotonic() - started < 5  # stopping does not wait for the pause


def test_a_python_that_is_gone_is_a_reason_and_no_crash(stage: Stage, model: Trained) -> None:
    stage.places.python.unlink()
    with RasaServer(stage.places, model, FAST) as server:
        until(lambda: server.status.state is ServerState.DOWN)
        assert "could not be started" in server.status.reason


def test_it_ends_when_its_parent_is_killed(stage: Stage, model: Trained) -> None:
    code = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from types import SimpleNamespace
from assistant.dialogue.runtime.places import Places
from assistant.dialogue.runtime.server import RasaServer
from assistant.dialogue.runtime.training import Trained
places = Places(Path({str(stage.places.folder)!r}), project=Path({str(stage.places.project)!r}))
server = RasaServer(places, Trained(Path({str(model.path)!r}), False))
server.start()
server.wait_ready(10)
print(server.status.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert is_alive(pid)
    assert read_server(stage.places) is not None
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not is_alive(pid))
    assert read_server(stage.places) is None


def test_the_log_is_kept_small(stage: Stage, model: Trained, server: RasaServer) -> None:
    server.start()
    assert server.wait_ready(10)
    assert "Starting" in stage.places.log("server").read_text()


# --- all of it ----------------------------------------------------------------------------------


def test_the_service_is_ready_later_and_says_how_far_it_is(stage: Stage) -> None:
    service = RasaService(stage.places)
    assert service.health.state == "preparing"
    assert not service.health.usable
    service.start()
    assert service.wait_ready(10)
    health = service.health
    assert (health.state, health.usable, health.breaker) == ("ready", True, "closed")
    assert health.model == model_path(stage.places).name
    service.close()
    assert service.health.state == "stopped"


def test_a_service_that_cannot_be_set_up_says_why(
    bare: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROLY_PYTHON310", "/nowhere/python3.10")
    service = RasaService(bare.places)
    service.start()
    assert not service.wait_ready(1)
    assert service.health.state == "failed"
    assert "Python 3.10" in service.health.reason
    service.close()


def test_the_operator_is_told_once_of_each_change(stage: Stage) -> None:
    said: list[str] = []
    service = RasaService(stage.places, say=said.append)
    service.start()
    assert service.wait_ready(10)
    pid = service._server.status.pid  # type: ignore[union-attr]
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: service.health.restarts == 1)
    until(lambda: service.health.state == "ready")
    service.close()
    assert [line.split(" (")[0] for line in said] == [
        "Rasa sẵn sàng.",
        "Rasa ngừng chạy",
        "Rasa sẵn sàng.",
    ]


@pytest.mark.parametrize(
    ("mode", "python", "wanted"),
    [
        ("direct", True, False),
        ("auto", False, False),
        ("auto", True, True),
        ("rasa", False, True),
    ],
)
def test_when_rasa_is_wanted(
    bare: Stage, monkeypatch: pytest.MonkeyPatch, mode: str, python: bool, wanted: bool
) -> None:
    found = sys.executable if python else None
    monkeypatch.setattr(service_module, "find_python", lambda: found)
    settings = DialogueSettings.model_validate({"mode": mode})
    assert rasa_wanted(settings, bare.places) is wanted


def test_a_service_closed_while_it_trains_starts_no_server(stage: Stage) -> None:
    service = RasaService(stage.places)
    service.start()
    service.close()
    assert not service.wait_ready(1)
    assert not stage.calls("run")


# --- what Rasa remembers ------------------------------------------------------------------------


def test_conversations_are_forgotten(stage: Stage) -> None:
    assert forget_conversation(stage.places, "a") == 0
    stage.places.make()
    now = time.time()
    with closing(sqlite3.connect(stage.places.tracker)) as db, db:
        db.execute("CREATE TABLE events (id INTEGER, sender_id TEXT, timestamp REAL, data TEXT)")
        rows = [("a", now), ("a", now - 90 * 86400), ("b", now - 90 * 86400), ("c", now - 5)]
        db.executemany("INSERT INTO events VALUES (1, ?, ?, 'bí mật')", rows)
    assert forget_older(stage.places, 30) == 1  # b; a went on
    assert forget_conversation(stage.places, "a") == 2
    with closing(sqlite3.connect(stage.places.tracker)) as db:
        assert db.execute("SELECT DISTINCT sender_id FROM events").fetchall() == [("c",)]
