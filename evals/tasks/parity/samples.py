"""Clean questions, and each of them as people also type it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from evals.noise import NOISES
from evals.samples import chosen
from evals.tasks.task import Sources
from evals.vocabulary import AskedTurn, Sample

#: Registers of the citizens' set that are typed cleanly, with diacritics.
CLEAN = frozenset({"full", "short", "situational"})
_QUESTIONS = 60
_SEED = 7

#: What does not touch the words asked but what stands around them.
AROUND: dict[str, Callable[[str, int], str]] = {
    "polite": lambda text, _: f"Dạ em chào anh chị ạ, cho em hỏi chút: {text} Em cảm ơn nhiều ạ!",
    "caps": lambda text, _: text.upper(),
    "spaces": lambda text, _: text.replace(" ", "  "),
}


def samples(sources: Sources) -> Sequence[Sample]:
    """Sixty questions, spread over the set, and each kind of noise of every one of them."""
    clean = [s for s in sources.named("citizens") if s.kind in CLEAN and len(s.turns) == 1]
    found: list[Sample] = []
    ways = {**NOISES, **AROUND}
    for sample in chosen(clean, "all", _QUESTIONS):
        for name, noisy in ways.items():
            pair = f"{sample.id}~{name}"
            text = noisy(sample.text, _SEED + sources.seed)
            if text == sample.text:
                continue  # this noise has nothing to change here
            origin = replace(sample, id=f"{pair}.0", pair=pair, kind=name)
            variant = (AskedTurn(text=text),)
            found += [origin, replace(origin, id=f"{pair}.1", turns=variant,
                                      hash=f"{sample.hash}{name}{sources.seed or ''}")]  # fmt: skip
    return found
