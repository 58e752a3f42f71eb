"""The sentences of ``troly demo``, from replies.vi.yml."""

from __future__ import annotations

from bots.sentences import sentences_of

sentence = sentences_of("bots.demo")
