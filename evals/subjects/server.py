"""A ``troly up`` of our own: a free port of this machine, this home, this configuration."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from assistant.config import Config
from evals.errors import SubjectError
from evals.subjects.port import Setting
from knowledge_base.home import Home

ROOT = Path(__file__).resolve().parents[2]
_LEASH = Path(__file__).with_name("leash.py")
_READY_SECONDS = 600.0  # a first start builds an index
_GLANCE = 0.1
_ADDRESS = "troly: http"


class Server:
    """Starts at once and is waited for until it answers. `SubjectError` says why it does not.

    It asks no model, no Rasa, and keeps no receipts, so that its answers are those of the
    plain conversation in this process. Its home shares the knowledge base of the real one and
    nothing else: no officer finds a ticket of an evaluation.
    """

    def __init__(self, setting: Setting, *, restricted: Path | None = None) -> None:
        """``restricted``: a restricted store that lies in its home, as in an agency's."""
        self._folder = tempfile.TemporaryDirectory(prefix="troly-eval-")
        here = Path(self._folder.name)
        self._log = here / "log"
        file = write_config(plain(setting.config), here / "config.yml")
        home = Home(here / "home")
        home.path.mkdir()
        home.store().symlink_to(setting.home.store(), target_is_directory=True)
        if restricted is not None:
            home.restricted.symlink_to(restricted, target_is_directory=True)
        command = [sys.executable, str(ROOT / "troly.py"), "--home", str(home.path),
                   "--config", str(file), "up", "--host", "127.0.0.1", "--port", "0"]  # fmt: skip
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(_LEASH), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=child_environment(),
                cwd=ROOT,
            )
        try:
            self.address = self._until_ready(time.monotonic() + _READY_SECONDS)
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """Of the process that the server is a child of."""
        return self._process.pid

    def close(self) -> None:
        """Ask it to stop, and see to it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def _until_ready(self, until: float) -> str:
        import httpx

        address = ""
        with httpx.Client(trust_env=False, timeout=5) as client:
            while time.monotonic() < until:
                if self._process.poll() is not None:
                    raise SubjectError(
                        f"troly up ended with code {self._process.returncode}: {self._last_words()}"
                    )
                address = address or self._told()
                if address and _is_ready(client, address):
                    return address
                time.sleep(_GLANCE)
        raise SubjectError(
            f"troly up was not ready in {_READY_SECONDS:.0f} s: {self._last_words()}"
        )

    def _told(self) -> str:
        for line in self._lines():
            if line.startswith(_ADDRESS):
                return line.removeprefix("troly: ").strip()
        return ""

    def _last_words(self) -> str:
        return " · ".join(line.strip() for line in self._lines()[-3:]) or "it said nothing"

    def _lines(self) -> list[str]:
        text = self._log.read_text(encoding="utf-8", errors="replace")
        return [line for line in text.splitlines(keepends=True) if line.endswith("\n")]


def _is_ready(client: Any, address: str) -> bool:
    import httpx

    try:
        return bool(client.get(f"{address}/readyz").status_code == 200)
    except httpx.TransportError:
        return False


def plain(config: Config) -> Config:
    """``config`` without a model, without Rasa and without receipts."""
    return config.model_copy(
        update={
            "model": config.model.model_copy(update={"kind": "none"}),
            "dialogue": config.dialogue.model_copy(update={"mode": "direct"}),
            "receipts": config.receipts.model_copy(update={"keep": False}),
        }
    )


def write_config(config: Config, file: Path) -> Path:
    """Write a configuration for another process. Secrets stay in the environment."""
    data = config.model_dump(mode="json", exclude={"model": {"api_key"}}, exclude_none=True)
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return file


def child_environment() -> dict[str, str]:
    """This process's, but for what would outrank the configuration that is handed over."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TROLY_") or name.endswith("API_KEY")
    }
    return {**kept, "COLUMNS": "500", "PYTHONUNBUFFERED": "1"}
