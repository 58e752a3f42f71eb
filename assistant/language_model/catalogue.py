"""models.yml as typed objects, and which file the settings mean."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.errors import ModelMissing
from assistant.language_model.settings import ModelSettings, Template

CATALOGUE = Path(__file__).with_name("models.yml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HubSource(_Strict):
    """One file of a repository on the model hub."""

    repository: str
    file: str


class WheelPart(_Strict):
    """Some bytes of the model inside a wheel; ``size`` in bytes after unzipping."""

    package: str
    member: str
    size: int


class WheelsSource(_Strict):
    """The file cut into parts, each carried by a package of the Python registry."""

    version: str
    parts: tuple[WheelPart, ...]


class Source(_Strict):
    """Where the bytes can be had: exactly one of these."""

    hub: HubSource | None = None
    wheels: WheelsSource | None = None

    @model_validator(mode="after")
    def _one(self) -> Source:
        if (self.hub is None) == (self.wheels is None):
            raise ValueError("a source is either hub or wheels")
        return self

    @property
    def title(self) -> str:
        if self.hub is not None:
            return f"model hub ({self.hub.repository})"
        assert self.wheels is not None  # noqa: S101
        return f"Python registry ({len(self.wheels.parts)} packages)"


class Entry(_Strict):
    """One model of the catalogue. Sizes in bytes, memory in MB resident while it works."""

    title: str
    publisher: str
    licence: str
    file: str
    size: int | None = None
    megabytes: int | None = None
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    template: Template
    memory_mb: int
    tried: bool = False
    note: str = ""
    sources: tuple[Source, ...]

    @property
    def approximate_bytes(self) -> int:
        return self.size or (self.megabytes or 0) * 1_000_000


class Catalogue(_Strict):
    """All models this project knows, by key."""

    default: str
    hub: str
    models: dict[str, Entry]

    def entry(self, key: str) -> Entry:
        """The model called ``key``.

        Raises:
            ModelMissing: there is none; the message names the nearest.
        """
        if key in self.models:
            return self.models[key]
        near = difflib.get_close_matches(key, self.models, n=1, cutoff=0.4)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise ModelMissing(
            f"The catalogue has no model '{key}'.{hint} See 'troly models list', "
            "or set model.path to a GGUF file of your own."
        )


@cache
def load_catalogue(path: Path = CATALOGUE) -> Catalogue:
    """The catalogue in ``path``, checked against its schema."""
    return Catalogue.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def model_path(settings: ModelSettings, models: Path) -> Path:
    """The file that ``settings`` mean, there or not; ``models`` is the folder of the home."""
    if settings.path is not None:
        return settings.path.expanduser().absolute()
    return models / load_catalogue().entry(settings.name).file
