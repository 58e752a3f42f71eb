"""A conversation under a profile: another profile is another conversation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.dialogue.state import ConversationState, Heard
from assistant.profiles.profile import CITIZEN, Profile
from assistant.replies import examples_of

#: The slot that keeps under which profile was spoken.
PROFILE = "profile"


def of_another(state: ConversationState, heard: Heard) -> bool:
    """Whether what is known of a conversation was said under another profile."""
    return state.count > 0 and state.slots.get(PROFILE, CITIZEN) != heard.profile


def kept(slots: Mapping[str, str], heard: Heard) -> dict[str, str]:
    """The slots of a turn, with the profile that it was said under."""
    if heard.profile == CITIZEN:
        return dict(slots)
    return {**slots, PROFILE: heard.profile}


def spoken(name: str, profile: Profile) -> tuple[str, tuple[str, ...]] | None:
    """What a profile says instead of a sentence that names other matters, and its buttons."""
    if name == "greet" and profile.greeting:
        return profile.greeting, profile.suggestions[:3]
    if not profile.keeps_to_a_part or name not in _file():
        return None
    words = {**examples_of(profile), "about": profile.about(), "title": profile.title}
    row = _file()[name]
    choices = profile.suggestions[:3] if row.get("suggests") else ()
    return row["text"].format(**words), (*choices, *row.get("choices", ()))


@cache
def _file() -> dict[str, Any]:
    path = Path(__file__).parent / "under_profile.vi.yml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded
