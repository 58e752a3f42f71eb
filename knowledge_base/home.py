"""Where a knowledge base lives on disk: one folder, nothing outside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one installation (``--home`` or ``TROLY_HOME``).

    ::

        public/record.sqlite      the record: documents, versions, passages, vectors by text hash
        public/index/<hash>/      built indexes;  public/index/CURRENT -> <hash>
        restricted/…              the same, for labelled documents; never opened for a citizen
        state.sqlite              receipts, conversations, settings
        models/                   model files, verified before use
        logs/ state/              what background work wrote, and how far it is
    """

    path: Path

    @classmethod
    def find(cls, given: Path | None = None) -> Home:
        """``given``, else ``$TROLY_HOME``, else the user's data folder."""
        chosen = given or os.environ.get("TROLY_HOME") or _data_folder() / "troly"
        return cls(Path(chosen).expanduser().absolute())

    def store(self, name: str = "public") -> Path:
        """The folder of the ``public`` or the ``restricted`` store."""
        if name not in ("public", "restricted"):
            raise ValueError(f"no such store: {name}")
        return self.path / name

    def record(self, name: str = "public") -> Path:
        return self.store(name) / "record.sqlite"

    def index(self, name: str = "public") -> Path:
        return self.store(name) / "index"

    @property
    def state_database(self) -> Path:
        return self.path / "state.sqlite"

    @property
    def models(self) -> Path:
        return self.path / "models"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def state(self) -> Path:
        return self.path / "state"


def _data_folder() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
