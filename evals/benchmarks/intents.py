"""How often the intent of a message is right: ``python -m evals.benchmarks.intents``.

In Rasa's own Python (3.10) this learns and measures, and prints JSON. In any other it
finds that one, has it do so, and measures Rasa's server too (`intents_served.py`).
Each sentence counts twice, as written and without its diacritics. The held-out file is
learnt from by nothing; ``--folds`` cross-validates the rest.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.dialogue.project.components import intent_features, intent_model
from assistant.dialogue.project.components.intent_features import Meaning
from assistant.dialogue.project.components.intent_model import IntentModel, learn
from assistant.dialogue.project.components.signals import hear
from knowledge_base.vietnamese import fold

ROOT = Path(__file__).resolve().parents[2]
LEARNT = ROOT / "assistant" / "dialogue" / "project" / "data" / "nlu"
HELD_OUT = ROOT / "evals" / "datasets" / "intents" / "held_out.yml"
_ANNOTATED = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_SAYS = 15  # confusions that are told

Pairs = list[tuple[str, str]]


def learnt_from(folder: Path = LEARNT) -> Pairs:
    """Sentences and intents of Rasa's training files, annotations taken off."""
    found: Pairs = []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block:
                lines = block["examples"].splitlines()
                found += [(_ANNOTATED.sub(r"\1", line[2:]), block["intent"]) for line in lines]
    return found


def held_out(path: Path = HELD_OUT) -> Pairs:
    """Sentences and intents of a held-out file: ``intent: [sentence, …]``."""
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [(text, intent) for intent, texts in listed.items() for text in texts]


def macro_f1(wanted: Sequence[str], told: Sequence[str]) -> float:
    """The mean over the wanted intents of F1, 0..1."""
    right = Counter(one for one, other in zip(wanted, told) if one == other)  # noqa: B905
    asked, said = Counter(wanted), Counter(told)
    each = [2 * right[name] / (asked[name] + said[name]) for name in asked]
    return sum(each) / len(each) if each else 0.0


def measure(model: IntentModel, pairs: Pairs) -> dict[str, Any]:
    """Macro F1 with and without diacritics, what was confused, milliseconds a message."""
    wanted = [intent for _, intent in pairs]
    told: dict[str, list[str]] = {}
    took: list[float] = []
    typed: dict[str, Callable[[str], str]] = {"accented": str, "bare": fold}
    for name, change in typed.items():
        told[name] = []
        for text, _ in pairs:
            began = time.perf_counter()
            told[name].append(model.rank(change(text))[0][0])
            took.append((time.perf_counter() - began) * 1000)
    took.sort()
    pairs_of = zip(wanted, told["accented"])  # noqa: B905
    confused = Counter(f"{one} > {other}" for one, other in pairs_of if one != other)
    return {
        "sentences": len(pairs),
        "f1": {name: round(macro_f1(wanted, each), 3) for name, each in told.items()},
        "milliseconds": {"p50": _at(took, 0.5), "p95": _at(took, 0.95)},
        "confused": dict(confused.most_common(_SAYS)),
    }


def cross_validate(pairs: Pairs, folds: int, meaning: Meaning) -> list[dict[str, Any]]:
    """`measure` of each fold, learnt from the others; the same folds each time."""
    mixed = sorted(pairs)
    random.Random(5).shuffle(mixed)  # noqa: S311 - folds, not a secret
    found = []
    for fold_number in range(folds):
        kept = [pair for n, pair in enumerate(mixed) if n % folds != fold_number]
        found.append(measure(learn(kept, meaning), mixed[fold_number::folds]))
    return found


def _read_once(meaning: Meaning) -> None:
    """Keep how each sentence reads: the folds share theirs. None is asked about twice."""
    meaning.vector = cache(meaning.vector)
    kept = cache(hear)
    for module in (intent_features, intent_model):
        vars(module)["hear"] = kept


def _mean(found: Sequence[dict[str, Any]]) -> dict[str, float]:
    return {
        name: round(sum(each["f1"][name] for each in found) / len(found), 3)
        for name in found[0]["f1"]
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures: JSON in Rasa's Python, tables in another."""
    if sys.version_info[:2] != (3, 10):
        from evals.benchmarks.intents_served import main as served

        return served(arguments)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", type=Path, default=HELD_OUT)
    parser.add_argument("--folds", type=int, default=0)
    given = parser.parse_args(arguments)
    meaning, pairs = Meaning(), learnt_from()
    _read_once(meaning)
    began = time.perf_counter()
    model = learn(pairs, meaning)
    report: dict[str, Any] = {"learnt_in_seconds": round(time.perf_counter() - began, 1)}
    report["held_out"] = measure(model, held_out(given.held_out))
    if given.folds > 1:
        found = cross_validate(pairs, given.folds, meaning)
        report["cross_validated"] = {"folds": given.folds, "sentences": len(pairs)}
        report["cross_validated"]["f1"] = _mean(found)
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    return None


def _at(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)


if __name__ == "__main__":
    main()
