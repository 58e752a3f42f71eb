"""Seeded faults: would the suite notice? Each is one small lie in the corpus or in the program.

A suite that passes an assistant with a swapped fee measures nothing. Every
mutant is tried on the same samples, and is *killed* when the run with it has a
blocker, an error or a significant loss that the run without it has not.
"""

from __future__ import annotations

from evals.mutants.mutant import Mutant
from evals.mutants.of_answers import MUTANTS as _OF_ANSWERS
from evals.mutants.of_corpus import MUTANTS as _OF_CORPUS
from evals.mutants.of_decisions import MUTANTS as _OF_DECISIONS
from evals.mutants.of_steps import MUTANTS as _OF_STEPS

MUTANTS: tuple[Mutant, ...] = (*_OF_CORPUS, *_OF_STEPS, *_OF_ANSWERS, *_OF_DECISIONS)

__all__ = ["MUTANTS", "Mutant"]
