"""Where Rasa's things are: the project in the source, the rest below the home."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

#: The folder of the source, which Rasa's processes import our components from.
ROOT = Path(__file__).resolve().parents[3]
DIALOGUE = ROOT / "assistant" / "dialogue"


@dataclass(frozen=True, slots=True)
class Places:
    """All paths of the dialogue in one installation; nothing is made by asking.

    ``folder`` is ``<home>/dialogue``, ``project`` is Rasa's project and
    ``config`` the file with its pipeline and policies; ``held_out`` are sentences that the
    model is tried with and never learns. A second server in one home
    has a ``tag``, and with it conversations of its own.
    """

    folder: Path
    project: Path = DIALOGUE / "project"
    config: Path = ROOT / "config.yml"
    pins: Path = DIALOGUE / "requirements.txt"
    shims: Path = DIALOGUE / "import_shims"
    held_out: Path = ROOT / "evals" / "datasets" / "intents" / "held_out.yml"
    tag: str = ""

    @property
    def venv(self) -> Path:
        """Rasa's environment: ``$TROLY_DIALOGUE_VENV``, else below the home."""
        given = os.environ.get("TROLY_DIALOGUE_VENV")
        return Path(given).expanduser().absolute() if given else self.folder / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def models(self) -> Path:
        return self.folder / "models"

    @property
    def work(self) -> Path:
        """The working directory of Rasa's processes, which leave things where they stand."""
        return self.folder / "work"

    @property
    def tracker(self) -> Path:
        """Conversations, as Rasa remembers them."""
        return self.folder / f"tracker{self.tag}.sqlite"

    @property
    def generated(self) -> Path:
        """Training data made on this machine (lookup tables); may not exist."""
        return self.folder / "data"

    @property
    def server_file(self) -> Path:
        """What the running server is doing, for other processes; holds no secret."""
        return self.folder / f"server{self.tag}.json"

    def log(self, name: str) -> Path:
        return self.folder.parent / "logs" / f"dialogue-{name}.log"

    def environment(self) -> dict[str, str]:
        """Variables of every Rasa process: nothing is sent out, one thread, our shims.

        ``HOME`` is ours because Rasa writes settings there even with telemetry off.
        """
        kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "TZ", "SSL_CERT_FILE")
        return {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "HOME": str(self.work),
            "PYTHONPATH": f"{self.shims}{os.pathsep}{ROOT}",
            "PYTHONUTF8": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore",
            "RASA_TELEMETRY_ENABLED": "false",
            "RASA_CACHE_DIRECTORY": str(self.folder / "cache"),
            "RASA_MAX_CACHE_SIZE": "200",
            "SANIC_HOST": "127.0.0.1",
            "TICKET_LOCK_LIFETIME": "300",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
            "NO_PROXY": "127.0.0.1,localhost",
            "TROLY_DIALOGUE_TRACKER": str(self.tracker),
        }

    @classmethod
    def of(cls, home: Path, config: Path | None = None) -> Places:
        """The places of the installation in ``home``; ``config`` is the file in use."""
        return cls(home / "dialogue", config=config or ROOT / "config.yml")

    def make(self) -> None:
        """Make the folders; what is in them is for this user alone."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for each in (self.models, self.work):
            each.mkdir(exist_ok=True, mode=0o700)
