"""Slot by slot against what a person read in the same record.

Counted by the benchmark's own code (`evals.benchmarks.slots`), so the means
here are its shares: a sample weighs as many cases as it has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from evals.benchmarks.slots import Slots, compare
from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score
from knowledge_base.documents import ProcedureCard
from knowledge_base.rows import card_from_json


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """Measures ``exact <slot>``, ``figures right`` and ``state told``."""
    card = card_from_json(json.dumps(output.value, ensure_ascii=False))
    wanted = sample.target.expected
    return list(_tables(card, wanted) if sample.kind == "ministry" else _gold(card, wanted))


def _gold(card: ProcedureCard, wanted: Any) -> Iterator[Score]:
    found = Slots()
    compare(found, card, wanted)
    differing = {
        one["slot"]: f"read {one['read']}; gold {one['gold']}" for one in found.differences
    }
    for slot, counts in found.scores.items():
        share = counts.exact / counts.cases
        yield Score(f"exact {slot}", share, differing.get(slot, "as labelled"), counts.cases)
    why = "; ".join(differing[slot] for slot in ("times", "fees") if slot in differing)
    if found.figures:
        rate = found.wrong_figures / found.figures
        yield Score("wrong figures", rate, why or "none", found.figures)
    if found.states:
        yield Score("state told", found.right_states / found.states, why, found.states)


def _tables(card: ProcedureCard, wanted: Any) -> Iterator[Score]:
    """A ministry's records come as tables: what was read must stand in the cells."""
    for slot, cells, figures in (
        ("times", wanted["times"], [t.amount for c in card.channels for t in c.times]),
        ("fees", wanted["fees"], [f.amount for c in card.channels for f in c.fees]),
    ):
        text = " ".join((*cells, *wanted["said"]))
        stand = {_plain(number) for number in re.findall(r"\d+(?:[.,]\d+)*", text)}
        read = [f"{amount:g}" for amount in figures if amount]
        if read:
            wrong = [figure for figure in read if figure not in stand]
            told = f"not in the table: {', '.join(wrong)}" if wrong else f"{len(read)} stand there"
            yield Score(f"table {slot}", 1 - len(wrong) / len(read), told, len(read))
    papers = len(card.dossier)
    told = f"read {papers}; the table has {wanted['papers']}"
    yield Score("table papers", float(papers == wanted["papers"]), told)


def _plain(number: str) -> str:
    """ "07" → "7", "1.500.000" → "1.5e+06", as figures are written out for comparing."""
    whole = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    return f"{float(whole):g}" if whole.count(".") <= 1 else number
