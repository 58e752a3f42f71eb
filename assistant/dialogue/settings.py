"""``dialogue:`` of config.yml: who decides what a turn means."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class DialogueSettings(BaseModel):
    """``direct``: plain rules alone. ``rasa``: Rasa, and the rules while it is away.

    ``auto`` is ``rasa`` where there is a Python 3.10 (or Rasa's environment already),
    else ``direct``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Literal["direct", "auto", "rasa"] = "auto"
