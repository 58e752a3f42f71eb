"""`./troly`: makes the environment once, and afterwards only hands over."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


def load(path: Path) -> Any:
    """The launcher as a module; run from source, since `troly.py` has its place in the cache."""
    module = ModuleType("launcher")
    module.__file__ = str(path)
    exec(compile(path.read_text("utf-8"), str(path), "exec"), module.__dict__)  # noqa: S102
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the launcher and the pins, and nothing else."""
    folder = tmp_path / "nơi khác"
    folder.mkdir()
    for name in ("troly", "requirements.lock", "requirements-uv.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def launcher(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("TROLY_VENV", "TROLY_PYTHON", "TROLY_NO_UV"):
        monkeypatch.delenv(name, raising=False)
    return load(checkout / "troly")


@pytest.fixture
def environment(launcher: Any) -> Path:
    """A made environment whose ``troly`` only says how it was called."""
    command = Path(launcher.COMMAND)
    command.parent.mkdir(parents=True)
    command.write_text('#!/bin/sh\nprintf "%s|" "$@"\nexit 7\n')
    command.chmod(0o755)
    Path(launcher.STAMP).write_text(launcher.stamp())
    return Path(launcher.VENV)


def start(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The launcher in a process of its own, with nothing else on the PATH."""
    return subprocess.run(
        [sys.executable, str(checkout / "troly"), *arguments],
        env={"PATH": "/nonexistent", **environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_needs_only_the_standard_library_of_an_old_python() -> None:
    source = (ROOT / "troly").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    imported = {
        name.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert imported
    assert imported <= set(sys.stdlib_module_names)
    assert os.access(ROOT / "troly", os.X_OK)


def test_what_is_ready_is_handed_over_to(checkout: Path, environment: Path) -> None:
    done = start(checkout, "ask", "Làm hộ chiếu mất bao nhiêu tiền?", "--json")
    assert done.stdout == "ask|Làm hộ chiếu mất bao nhiêu tiền?|--json|"
    assert done.stderr == ""
    assert done.returncode == 7
    assert not Path(f"{environment}.lock").exists()  # nothing was set up


def test_handing_over_imports_nothing_slow(checkout: Path, environment: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(checkout / "troly")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "hashlib" in imported
    assert not imported & {"subprocess", "shutil", "asyncio", "ssl", "venv"}


def test_the_stamp_is_of_the_pins_and_the_place(checkout: Path, launcher: Any) -> None:
    before = launcher.stamp()
    assert before == load(checkout / "troly").stamp()
    assert before != load(ROOT / "troly").stamp()  # a moved checkout is set up again
    with (checkout / "requirements.lock").open("a") as file:
        file.write("# another pin\n")
    assert launcher.stamp() != before


def test_ready_means_stamped_and_whole(launcher: Any, environment: Path) -> None:
    stamp = launcher.stamp()
    assert launcher.is_ready(stamp)
    assert not launcher.is_ready("made from other pins")
    Path(launcher.COMMAND).unlink()
    assert not launcher.is_ready(stamp)


def test_nothing_is_ready_before_the_first_run(launcher: Any) -> None:
    assert not launcher.is_ready(launcher.stamp())


def test_the_environment_can_be_elsewhere(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROLY_VENV", str(tmp_path / "v"))
    command = load(checkout / "troly").COMMAND
    assert command == str(tmp_path / "v" / "bin" / "troly")


def test_it_finds_a_python_that_is_new_enough(
    launcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROLY_PYTHON", sys.executable)
    assert launcher.find_python() == sys.executable


def test_a_python_that_is_too_old_is_passed_over(
    launcher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    monkeypatch.setenv("TROLY_PYTHON", str(old))
    assert launcher.find_python() != str(old)


def test_without_any_python_it_says_what_to_do(
    launcher: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher, "_is_new_enough", lambda python: False)
    with pytest.raises(SystemExit) as stopped:
        launcher.find_python()
    assert stopped.value.code == 1
    said = capfd.readouterr()
    assert said.out == ""
    assert "Python 3.11" in said.err
    assert "TROLY_PYTHON" in said.err


def test_progress_goes_to_stderr(launcher: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert launcher.run([sys.executable, "-c", "print('installing')"])
    said = capfd.readouterr()
    assert said.out == ""
    assert "installing" in said.err


def test_packages_that_cannot_be_had_cost_one_sentence(
    launcher: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No stamp is written, so that the next run goes on."""
    monkeypatch.setattr(launcher, "find_uv", lambda python: None)
    monkeypatch.setattr(launcher, "run", lambda arguments: "venv" in arguments)
    with pytest.raises(SystemExit) as stopped:
        launcher.set_up(launcher.stamp())
    assert stopped.value.code == 1
    assert "run the same command again" in capfd.readouterr().err
    assert not launcher.is_ready(launcher.stamp())


def test_an_environment_another_process_made_meanwhile_is_taken(
    launcher: Any, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "run", lambda arguments: pytest.fail(f"ran {arguments}"))
    launcher.set_up(launcher.stamp())


def test_uv_is_not_used_when_it_is_refused(launcher: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROLY_NO_UV", "1")
    assert launcher.find_uv(sys.executable) is None
