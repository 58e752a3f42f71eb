"""config.yml as one typed object; a misspelt key is refused with the nearest valid one.

The file also carries Rasa's keys, which Rasa reads itself; they are let
through unread. Secrets are never in the file: they come from the environment
(``TROLY_MODEL__API_KEY`` and the like, see `Config`).
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Annotated, Any, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.access.settings import AccessSettings
from assistant.channels import ChannelsSettings
from assistant.desk.settings import DeskSettings
from assistant.dialogue.settings import DialogueSettings
from assistant.errors import ConfigError
from assistant.language_model.settings import ModelSettings
from assistant.profiles.loading import with_folders
from assistant.profiles.profile import CITIZEN, Profile
from assistant.uploads.settings import UploadSettings
from knowledge_base.settings import KnowledgeSettings

#: Keys of config.yml that belong to Rasa 3.6.
RASA_KEYS = frozenset({"recipe", "language", "assistant_id", "pipeline", "policies", "importers"})


#: An origin as a browser writes it. A wildcard would let any site of a domain frame the page.
_ORIGIN = r"^https?://[a-z0-9.-]+(:[0-9]{1,5})?$"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Section):
    """What one question may cost."""

    question_characters: int = Field(default=1000, ge=50, le=100_000)
    concurrent_answers: int = Field(default=4, ge=1, le=256)
    history_turns: int = Field(default=6, ge=0, le=50)


class Server(_Section):
    """Where the HTTP door listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    #: Sites whose pages may hold the widget, as ``https://host[:port]``.
    embed_origins: tuple[Annotated[str, Field(pattern=_ORIGIN)], ...] = ()


class Contacts(_Section):
    """Whom a person can turn to. Answers take contacts from here, never from a model."""

    human_route: str = (
        "Trung tâm Phục vụ hành chính công hoặc bộ phận một cửa của UBND xã, phường, đặc khu "
        "nơi anh/chị ở"
    )
    hotline: str = "Tổng đài hỗ trợ dịch vụ công quốc gia 18001096"
    portal: str = "https://dichvucong.gov.vn"


class Receipts(_Section):
    """What is remembered of an answer, and for how long."""

    keep: bool = True
    days: int = Field(default=30, ge=1, le=3650)


class Config(BaseSettings):
    """Everything an operator can set. ``TROLY_<SECTION>__<KEY>`` overrides a key."""

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, env_prefix="TROLY_", env_nested_delimiter="__"
    )

    knowledge_base: KnowledgeSettings = KnowledgeSettings()
    model: ModelSettings = ModelSettings()
    limits: Limits = Limits()
    server: Server = Server()
    profiles: dict[str, Profile] = {CITIZEN: Profile(title="Trợ lý dịch vụ công")}
    contacts: Contacts = Contacts()
    receipts: Receipts = Receipts()
    dialogue: DialogueSettings = DialogueSettings()
    desk: DeskSettings = DeskSettings()
    channels: ChannelsSettings = ChannelsSettings()
    access: AccessSettings = AccessSettings()
    uploads: UploadSettings = UploadSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the file."""
        return env_settings, init_settings


def find_config(given: Path | None, home: Path) -> Path | None:
    """``given``, ``$TROLY_CONFIG``, ``<home>/config.yml``, or the one beside the code."""
    named = given or (Path(value) if (value := os.environ.get("TROLY_CONFIG")) else None)
    if named is not None:
        if not named.is_file():
            raise ConfigError(
                f"There is no config file at {named}. Give another path or leave it out."
            )
        return named
    for path in (home / "config.yml", Path(__file__).resolve().parent.parent / "config.yml"):
        if path.is_file():
            return path
    return None


def load_config(path: Path | None, profiles: Path | None = None) -> Config:
    """The configuration in ``path``; defaults where it is None.

    ``profiles`` is a folder with more profiles, one a folder (`assistant.profiles.loading`).

    Raises:
        ConfigError: the file is not YAML, or has a key or value of ours that is wrong.
    """
    data: dict[str, Any] = {}
    if path is not None:
        try:
            loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
            raise ConfigError(f"{path} cannot be read as YAML: {error}") from error
        if loaded is not None and not isinstance(loaded, dict):
            raise ConfigError(f"{path} must be a mapping of sections, such as 'model:'.")
        data = loaded or {}
    ours = {key: value for key, value in data.items() if key not in RASA_KEYS}
    ours["profiles"] = with_folders(ours.get("profiles"), path, profiles)
    _refuse_unknown(ours, Config, "", path)
    try:
        return Config(**ours)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path or 'environment'}: {where}: {_reason(first)}") from error


def _reason(error: ErrorDetails) -> str:
    """What is wrong with a value; of a closed list also which there are, and the nearest."""
    said = error["msg"].removeprefix("Value error, ")
    listed = error.get("ctx", {}).get("expected", "")
    if error["type"] == "string_type" and isinstance(error["input"], dict):
        return "phải là chữ; câu có dấu hai chấm (:) hãy đặt cả câu trong dấu ngoặc kép"
    names = re.findall(r"'([^']+)'", listed) if isinstance(listed, str) else []
    if not names:
        return said
    near = difflib.get_close_matches(str(error["input"]), names, n=1, cutoff=0.5)
    meant = f" Có phải là “{near[0]}”?" if near else ""
    return f"không có “{error['input']}”.{meant} Có: {', '.join(names)}."


def _refuse_unknown(
    data: dict[str, Any], model: type[BaseModel], at: str, path: Path | None
) -> None:
    """Raise for the first key that is no field of ``model``, naming the nearest that is."""
    fields = model.model_fields
    for key, value in data.items():
        if key not in fields:
            valid = [*fields, *(sorted(RASA_KEYS) if not at else ())]
            near = difflib.get_close_matches(str(key), valid, n=1, cutoff=0.5)
            hint = f"Did you mean '{near[0]}'?" if near else f"Valid keys: {', '.join(valid)}."
            raise ConfigError(f"{path}: unknown key '{at}{key}'. {hint}")
        kind = fields[key].annotation
        inner: Any = kind if isinstance(kind, type) else None
        if inner is not None and issubclass(inner, BaseModel) and isinstance(value, dict):
            _refuse_unknown(value, inner, f"{at}{key}.", path)
        elif key == "profiles" and isinstance(value, dict):
            inner = get_args(kind)[1]
            for name, block in value.items():
                if isinstance(block, dict):
                    _refuse_unknown(block, inner, f"{at}{key}.{name}.", path)
