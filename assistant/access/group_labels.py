"""From groups to labels, by ``access.groups`` as config.yml has it at this moment."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import yaml

from assistant.access.errors import AccessError
from assistant.access.settings import AccessSettings
from knowledge_base.scope import PUBLIC

logger = logging.getLogger(__name__)


class GroupLabels:
    """What members of groups hold. A changed config file counts from the next request on."""

    def __init__(self, settings: AccessSettings, path: Path | None = None) -> None:
        self._groups: Mapping[str, Sequence[str]] = settings.groups
        overruled = any(name.startswith("TROLY_ACCESS__GROUPS") for name in os.environ)
        self._path = None if overruled else path
        self._lock = threading.Lock()
        self._seen = self._state()

    def of(self, groups: Iterable[str]) -> frozenset[str]:
        """The labels of members of these groups; a group that config.yml has not holds none."""
        now = self._groups_now()
        held = {label for group in groups for label in now.get(group, ())}
        return frozenset(held - {PUBLIC})

    def check(self, groups: Iterable[str]) -> tuple[str, ...]:
        """``groups`` without doubles. Raises `AccessError` where config.yml lacks one."""
        known = self._groups_now()
        given = tuple(dict.fromkeys(group.strip() for group in groups))
        for group in given:
            if group not in known:
                near = get_close_matches(group, known, 1, 0.5) or sorted(known)
                hint = (
                    f"Đang có: {', '.join(near)}."
                    if near
                    else "Hãy thêm vào config.yml, ví dụ: access: {groups: {tu-phap: [noi-bo]}}"
                )
                raise AccessError(f"Không có nhóm “{group}” trong access.groups. {hint}")
        return given

    def all(self) -> Mapping[str, Sequence[str]]:
        return self._groups_now()

    def _groups_now(self) -> Mapping[str, Sequence[str]]:
        state = self._state()
        if state != self._seen:
            with self._lock:
                if state != self._seen:
                    self._reload()
                    self._seen = state
        return self._groups

    def _reload(self) -> None:
        try:
            told = yaml.safe_load(self._path.read_text("utf-8")) if self._path else None
            section = told.get("access") if isinstance(told, dict) else None
            self._groups = AccessSettings.model_validate(section or {}).groups
        except (OSError, ValueError, yaml.YAMLError) as error:
            # Half an edit must not lock everybody out, nor open anything: as it was.
            logger.error("config.yml cannot be read; access.groups stay as they were: %s", error)

    def _state(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
