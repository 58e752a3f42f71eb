"""Where a knowledge base lives on disk: one folder, and what is restricted apart from it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from knowledge_base.errors import StoreClosed

#: Whose process it is: the operator's (commands), the citizens' server, the officers' server.
Role = Literal["operator", "citizens", "officers"]


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one installation (``--home`` or ``TROLY_HOME``).

    ::

        public/record.sqlite      the record: documents, versions, passages, vectors by text hash
        public/index/<hash>/      built indexes;  public/index/CURRENT -> <hash>
        restricted/…              the same, for labelled documents; accounts, sessions, and what
                                  officers were answered; never opened for a citizen
        state.sqlite              receipts, conversations, settings
        models/                   model files, verified before use
        logs/ state/              what background work wrote, and how far it is

    ``apart`` is where ``restricted/`` is when it is elsewhere (``TROLY_RESTRICTED_HOME``,
    ``access.store``). A home `for_citizens` knows no path to it.
    """

    path: Path
    apart: Path | None = None
    role: Role = "operator"

    @classmethod
    def find(cls, given: Path | None = None) -> Home:
        """``given``, else ``$TROLY_HOME``, else the user's data folder."""
        chosen = given or os.environ.get("TROLY_HOME") or _data_folder() / "troly"
        apart = os.environ.get("TROLY_RESTRICTED_HOME")
        return cls(_absolute(Path(chosen)), _absolute(Path(apart)) if apart else None)

    # --- whose it is --------------------------------------------------------------------------

    def with_apart(self, folder: Path | None) -> Home:
        """The same home with its restricted part in ``folder``, unless the environment said it."""
        if folder is None or self.apart is not None:
            return self
        return replace(self, apart=_absolute(self.path / folder.expanduser()))

    def for_citizens(self) -> Home:
        """The same home without any path to what is restricted."""
        return replace(self, apart=None, role="citizens")

    def for_officers(self) -> Home:
        """The same home whose receipts, conversations and logs are restricted, too."""
        return replace(self, role="officers") if self.role == "operator" else self

    @property
    def restricted(self) -> Path:
        """The folder of all that is restricted. Raises `StoreClosed` in a home `for_citizens`."""
        if self.role == "citizens":
            raise StoreClosed(
                "Tiến trình này phục vụ người dân nên không mở được kho hạn chế. "
                "Cán bộ dùng: troly up --profile civil_servant, hoặc troly ask --as TÊN."
            )
        return self.apart or self.path / "restricted"

    def make_restricted(self) -> Path:
        """`restricted`, which only this user may enter; made where it is missing."""
        folder = self.restricted
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        return folder

    # --- what is where ------------------------------------------------------------------------

    def store(self, name: str = "public") -> Path:
        """The folder of the ``public`` or the ``restricted`` store."""
        if name not in ("public", "restricted"):
            raise ValueError(f"no such store: {name}")
        return self.restricted if name == "restricted" else self.path / name

    def record(self, name: str = "public") -> Path:
        return self.store(name) / "record.sqlite"

    def index(self, name: str = "public") -> Path:
        return self.store(name) / "index"

    @property
    def state_database(self) -> Path:
        """Receipts and conversations: what officers were told is as restricted as its sources."""
        if self.role == "officers":
            return self.restricted / "officers.sqlite"
        return self.path / "state.sqlite"

    @property
    def accounts(self) -> Path:
        """Who may sign in, and who has."""
        return self.restricted / "access.sqlite"

    @property
    def models(self) -> Path:
        return self.path / "models"

    @property
    def logs(self) -> Path:
        return (self.restricted if self.role == "officers" else self.path) / "logs"

    @property
    def state(self) -> Path:
        return self.path / "state"


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _data_folder() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
