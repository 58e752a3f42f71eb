"""The ``model:`` section of config.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

Template = Literal["chatml", "chatml-no-think", "gemma", "phogpt", "plain"]


class Deadlines(BaseModel):
    """Seconds after which a model is told to stop; the card stands without it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    queue: float = Field(default=20, gt=0, description="longest wait for a turn")
    load: float = Field(default=60, gt=0, description="longest loading of a model file")
    first_token: float = Field(default=15, gt=0)
    between_tokens: float = Field(default=10, gt=0)
    total: float = Field(default=90, gt=0)
    cancel: float = Field(default=2, gt=0, description="then a model that will not stop is killed")


class ModelSettings(BaseModel):
    """Which language model phrases answers, and how much of the machine it may use."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["llama_cpp", "openai", "langchain", "scripted", "none"] = "llama_cpp"
    name: str = Field(
        default="qwen2.5-coder-0.5b-instruct-q4_k_m",
        description="key of models.yml; openai: the server's model; langchain: provider:model",
    )
    # llama_cpp
    path: Path | None = Field(default=None, description="any local GGUF file instead of a key")
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$", description="of that file")
    template: Template | None = Field(default=None, description="chat format of that file")
    threads: int = Field(default=2, ge=1, le=256)
    context: int = Field(default=2048, ge=512, le=131072, description="tokens, prompt and answer")
    batch: int = Field(default=128, ge=16, le=2048, description="prompt tokens computed at once")
    memory_limit_mb: int | None = Field(
        default=None, ge=512, description="address space of the child; default from the file size"
    )
    nice: int = Field(default=5, ge=0, le=19)
    waiting: int = Field(default=4, ge=0, description="requests that may wait for their turn")
    # openai
    base_url: str = "http://127.0.0.1:8000/v1"
    api_key: SecretStr | None = Field(
        default=None, description="only from the environment: TROLY_MODEL__API_KEY"
    )
    # scripted
    replies: tuple[str, ...] = ()
    # all
    max_tokens: int = Field(default=128, ge=1, le=4096)
    deadlines: Deadlines = Deadlines()
