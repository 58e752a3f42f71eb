"""Assistants with profiles of a test's own over the bundled corpus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.config import Config, Receipts
from assistant.language_model.port import LanguageModel
from assistant.profiles.profile import Profile

WithProfiles = Callable[..., Assistant]

#: Profiles of each kind of filter.
BLOCKS: Mapping[str, Mapping[str, Any]] = {
    "ho-tich": {"title": "Trợ lý hộ tịch", "fields": ["ho tich"]},
    "dat": {"title": "Trợ lý đất đai và thuế", "fields": ["Đất đai", "THUẾ"]},
    "cong-an": {"title": "Trợ lý công an", "authorities": ["bộ công an"]},
    "thong-tu": {"title": "Trợ lý thông tư", "document_types": ["thong tu"], "years": "2016-2026"},
    "luat": {"title": "Trợ lý luật", "kinds": ["law"], "fields": ["Hộ tịch"]},
    "trong": {"title": "Trợ lý trống", "fields": ["Không ai có"]},
}


@pytest.fixture(scope="session")
def with_profiles(assistant: Assistant) -> WithProfiles:
    """The bundled assistant with these profiles beside the citizen's."""

    def make(
        blocks: Mapping[str, Mapping[str, Any]] = BLOCKS, model: LanguageModel | None = None
    ) -> Assistant:
        profiles = {name: Profile.model_validate(block) for name, block in blocks.items()}
        config = Config(receipts=Receipts(keep=False))
        config = config.model_copy(update={"profiles": {**config.profiles, **profiles}})
        return Assistant(assistant.knowledge, config, model=model, receipts=None)

    return make


@pytest.fixture(scope="session")
def several(with_profiles: WithProfiles) -> Assistant:
    """One assistant with all of `BLOCKS`."""
    return with_profiles()
