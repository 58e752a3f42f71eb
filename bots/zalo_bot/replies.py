"""The fixed sentences of the Zalo Bot door, from replies.vi.yml."""

from __future__ import annotations

from bots.sentences import sentences_of

sentence = sentences_of("bots.zalo_bot")
