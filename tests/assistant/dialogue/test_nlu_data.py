"""What Rasa learns from: every intent of the domain, nothing twice, nothing held out."""

from __future__ import annotations

from collections import Counter, defaultdict

import yaml

from assistant.dialogue.lookups import FILE, written
from evals.benchmarks.intents import LEARNT, held_out, learnt_from
from knowledge_base.corpus_files import procedures
from knowledge_base.vietnamese import fold, tokens

DOMAIN = LEARNT.parents[1] / "domain.yml"


def _key(text: str) -> str:
    return " ".join(fold(word) for word in tokens(text)) or text


def test_every_intent_has_enough_sentences() -> None:
    intents = {
        next(iter(each)) if isinstance(each, dict) else each
        for each in yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))["intents"]
    } - {"nlu_fallback", "session_start"}
    learnt = Counter(intent for _, intent in learnt_from())
    assert set(learnt) <= intents
    assert min(learnt.values()) >= 30
    held = Counter(intent for _, intent in held_out())
    assert set(held) == set(learnt)
    assert min(held.values()) >= 8


def test_a_sentence_has_one_intent() -> None:
    intents = defaultdict(set)
    for text, intent in learnt_from():
        intents[text.lower()].add(intent)
    assert not {text: found for text, found in intents.items() if len(found) > 1}


def test_nothing_held_out_is_learnt() -> None:
    learnt = {_key(text) for text, _ in learnt_from()}
    assert not [text for text, _ in held_out() if _key(text) in learnt]


def test_lookup_tables_are_of_the_corpus() -> None:
    """`python -m assistant.dialogue.lookups` writes them anew."""
    assert FILE.read_text(encoding="utf-8") == written(procedures())
