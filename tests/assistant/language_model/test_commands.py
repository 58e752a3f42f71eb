"""``troly models …`` and what lies behind it: settings, set-up status, the build's parts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
import yaml
from rich.console import Console
from typer.testing import CliRunner

from assistant.errors import ConfigError, ModelMissing, RuntimeMissing
from assistant.language_model import installer, runtime
from assistant.language_model import setup as setting_up
from assistant.language_model.commands import chosen_in, models
from assistant.language_model.opening import open_model
from assistant.language_model.settings import ModelSettings
from knowledge_base.home import Home


@dataclass
class FakeConfig:
    model: ModelSettings


@dataclass
class FakeState:
    home: Home
    config: FakeConfig
    config_path: Path | None
    console: Console


@pytest.fixture
def call(tmp_path):
    state = FakeState(
        Home(tmp_path),
        FakeConfig(ModelSettings()),
        tmp_path / "config.yml",
        Console(stderr=True),
    )
    app = typer.Typer()
    app.add_typer(models, name="models")

    @app.callback()
    def main(context: typer.Context) -> None:
        context.obj = state

    return lambda *words: CliRunner().invoke(app, ["models", *words])


def test_list_shows_licences_and_json(call):
    assert "Apache-2.0" in call("list").stdout
    rows = json.loads(call("list", "--json").stdout)
    assert [row["key"] for row in rows if row["in_use"]] == [ModelSettings().name]
    assert all(row["sources"] for row in rows)


def test_status_says_what_is_missing_and_what_to_do(call):
    report = json.loads(call("status", "--json").stdout)
    assert report["ready"] is False
    assert "troly models" in report["problem"]
    assert "Chưa sẵn sàng" in call("status").stdout


def test_use_writes_the_config_file(call, tmp_path):
    (tmp_path / "config.yml").write_text(
        "# mine\nmodel:\n  threads: 3   # cores\n\nserver:\n  port: 1\n"
    )
    assert call("use", "qwen3-0.6b-q8_0").exit_code == 0
    text = (tmp_path / "config.yml").read_text()
    assert text.startswith("# mine\n")
    assert "# cores" in text
    assert yaml.safe_load(text) == {
        "model": {"kind": "llama_cpp", "name": "qwen3-0.6b-q8_0", "threads": 3},
        "server": {"port": 1},
    }


def test_use_refuses_an_unknown_model(call):
    result = call("use", "qwen9")
    assert isinstance(result.exception, ModelMissing)


def test_pull_refuses_a_sha256_that_is_none(call):
    assert isinstance(call("pull", "--sha256", "abc").exception, ConfigError)


def test_verify_of_a_missing_file(call):
    assert isinstance(call("verify").exception, ModelMissing)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "server:\n  port: 1\n",
        "model:\n  kind: none\n",
        "model:\n  path: /x.gguf\n  name: old   # why\nlimits:\n  question_characters: 9\n",
    ],
)
def test_choosing_keeps_the_rest_of_the_file(text):
    before, after = yaml.safe_load(text) or {}, yaml.safe_load(chosen_in(text, "new"))
    assert after["model"] == {"kind": "llama_cpp", "name": "new"}
    assert {k: v for k, v in after.items() if k != "model"} == {
        k: v for k, v in before.items() if k != "model"
    }


def test_every_kind_can_be_opened_without_starting_anything(tmp_path):
    assert open_model(ModelSettings(kind="none"), models=tmp_path) is None
    for kind in ("scripted", "openai", "llama_cpp"):
        model = open_model(ModelSettings(kind=kind), models=tmp_path)
        assert model is not None
        model.close()
    with pytest.raises(ConfigError, match=r"model\.template"):
        open_model(ModelSettings(path=tmp_path / "x.gguf"), models=tmp_path)
    with pytest.raises(ConfigError, match=r"model\.name"):
        open_model(ModelSettings(kind="langchain", name="nobody:x"), models=tmp_path)


def test_a_model_that_is_not_there_is_told_when_asked_not_when_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(runtime, "runtime_version", lambda: "0")
    from assistant.language_model.port import Prompt

    model = open_model(ModelSettings(), models=tmp_path)
    with pytest.raises(ModelMissing):
        next(model.stream(Prompt("", ""), deadline=5))


def test_the_lock_file_splits_into_the_runtime_and_its_tools():
    only = installer.pins(only=installer.RUNTIME)
    rest = installer.pins(without=installer.RUNTIME)
    assert only.startswith("llama-cpp-python==0.3.36")
    assert only.count("--hash=") == 1
    assert "llama-cpp-python==" not in rest
    assert all(f"\n{name}==" in "\n" + rest for name in ("cmake", "ninja", "scikit-build-core"))
    assert "http" not in rest


def test_a_command_is_followed_line_by_line_and_ended_with_its_group():
    lines = []
    script = "print('[1/2] a', flush=True); print('[2/2] b')"
    installer.run([sys.executable, "-c", script], what="x", on_line=lines.append)
    assert lines == ["[1/2] a", "[2/2] b"]
    with pytest.raises(installer.CommandFailed, match="x failed"):
        installer.run([sys.executable, "-c", "raise SystemExit(3)"], what="x")

    def stop():
        raise KeyboardInterrupt

    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(KeyboardInterrupt):
        installer.run(sleeper, what="x", on_tick=stop)


def test_without_a_compiler_the_build_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(runtime, "runtime_version", lambda: None)
    monkeypatch.setattr(runtime.shutil, "which", lambda _: None)
    with pytest.raises(RuntimeMissing, match=r"apt install g\+\+"):
        runtime.build_runtime(tmp_path, lambda *_: None)


def test_set_up_does_both_halves_and_leaves_a_status(tmp_path, monkeypatch):
    def build(home, progress):
        progress("runtime.compile", 1, 2)
        return runtime.Built("0", cached=False, seconds={"runtime.compile": 1.0})

    def fetch(folder, settings, progress):
        progress("model.download", 5, 10)
        return True

    monkeypatch.setattr(setting_up, "runtime_version", lambda: None)
    monkeypatch.setattr(setting_up, "build_runtime", build)
    monkeypatch.setattr(setting_up, "fetch_model", fetch)
    seconds = setting_up.prepare_recorded(tmp_path, ModelSettings())
    assert set(seconds) == {"runtime", "runtime.compile", "model"}
    status = setting_up.read_status(tmp_path)
    assert status.state == "done"
    assert status.stages["model.download"] == (5, 10)


def test_when_one_half_fails_the_status_says_so(tmp_path, monkeypatch):
    def fetch(folder, settings, progress):
        raise ModelMissing("no source")

    monkeypatch.setattr(setting_up, "runtime_version", lambda: "0")
    monkeypatch.setattr(setting_up, "fetch_model", fetch)
    with pytest.raises(ModelMissing):
        setting_up.prepare_recorded(tmp_path, ModelSettings())
    status = setting_up.read_status(tmp_path)
    assert (status.state, status.message) == ("failed", "no source")


def test_a_set_up_whose_process_died_reads_as_interrupted(tmp_path):
    status = setting_up.StatusFile(tmp_path)
    status.progress("model.download", 1, 2)
    assert setting_up.read_status(tmp_path).state == "running"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    path = tmp_path / "state" / "setup.json"
    path.write_text(path.read_text().replace(f'"pid": {os.getpid()}', f'"pid": {dead.pid}'))
    assert setting_up.read_status(tmp_path).state == "interrupted"
    assert setting_up.prepare_recorded(tmp_path, ModelSettings(kind="none")) == {}


def test_every_stage_has_a_title_in_vietnamese():
    assert setting_up.title("runtime.compile").startswith("Biên dịch")
    assert setting_up.title("note: nguồn hỏng") == "nguồn hỏng"
