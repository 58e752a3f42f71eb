"""``uploads:`` of config.yml: how much officers may upload, and for how long it is kept."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class UploadSettings(BaseModel):
    """Limits of what officers upload."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Hours after which an uploaded document is deleted, whatever happens to it.
    keep_hours: float = Field(default=24.0, gt=0, le=24 * 30)
    #: Megabytes of one file, of all files of an officer, and of all officers together.
    largest_mb: int = Field(default=20, ge=1, le=500)
    officer_mb: int = Field(default=100, ge=1, le=10_000)
    total_mb: int = Field(default=2000, ge=1, le=1_000_000)
    #: Documents that one officer may have at once.
    most: int = Field(default=20, ge=1, le=1000)
