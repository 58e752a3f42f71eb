"""Fits the weights of assistant/tables/gate.yml: which procedure a question means, if any.

``python -m evals.training.gate [--strangers NAMES.txt]`` prints the ``weights:``
block and, by 8-fold cross-validation over questions, what thresholds would do.
Four kinds of examples, all from the development half or from names:

- ``asked``: answerable questions, with the right card;
- ``without``: the same questions with the right card taken out, so that the
  nearest other card is wrong (what an unbundled procedure looks like);
- ``refused``: unanswerable questions;
- ``named``: a name of each card in a plain sentence, half without diacritics;
- ``strangers``: names of procedures that are not bundled, one a line (optional).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.as_of import today
from assistant.confidence import features
from assistant.config import find_config, load_config
from assistant.procedures import Procedures
from assistant.replies import Replies
from assistant.steps.screen_question import ScreenQuestion
from assistant.steps.understand_question import UnderstandQuestion
from assistant.vocabulary import Draft, Question
from evals.samples import BUNDLED, load
from knowledge_base.documents import DocumentKind, Hit
from knowledge_base.home import Home
from knowledge_base.prepare import ensure_ready
from knowledge_base.query import Filter, Query
from knowledge_base.scope import citizen
from knowledge_base.search import KnowledgeBase
from knowledge_base.vietnamese import fold

Doubles = npt.NDArray[np.float64]

TRAINING = BUNDLED / "training" / "training.jsonl"
ASKING = (
    "{} hết bao nhiêu tiền", "lệ phí {}", "{} cần giấy tờ gì", "{} ở đâu", "{} mất bao lâu",
    "thủ tục {}", "tôi muốn {} thì làm thế nào", "cho em hỏi {} với ạ",
)  # fmt: skip
WEIGHT = {"asked": 4.0, "named": 1.0, "without": 0.5, "refused": 1.0, "strangers": 1.0}
PENALTY = 3.0  # of the squared weights; larger is smoother


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the cards that answer it, and the features of every candidate."""

    kind: str
    text: str
    right: frozenset[str]
    rows: dict[str, dict[str, float]]


class Reader:
    """Computes features as the product does, step by step."""

    def __init__(self, home: Home) -> None:
        config = load_config(find_config(None, home.path))
        ensure_ready(home, config.knowledge_base)
        self.knowledge = KnowledgeBase(home, config.knowledge_base)
        self.procedures = Procedures(self.knowledge)
        self._screen = ScreenQuestion(Replies(config.contacts), config.limits)
        self._understand = UnderstandQuestion(self.knowledge)

    def example(
        self, kind: str, text: str, right: Sequence[str], without: Sequence[str] = ()
    ) -> Example | None:
        """The example, or None where the question never gets as far as a search."""
        screened = self._screen(Draft(Question(text, citizen()), as_of=today()))
        if not isinstance(screened, Draft):
            return None
        said = self._understand(screened).understood
        hits = self.knowledge.search(
            Query(screened.text),
            scope=citizen(),
            as_of=today(),
            within=Filter(include_not_in_force=True),
            limit=30,
        )
        found: dict[str, Hit] = {}
        for hit in hits:
            if hit.passage.kind is DocumentKind.PROCEDURE:
                found.setdefault(hit.passage.source_id, hit)
        named = {m.code: m for m in self.procedures.match(said.subject, said.content)}
        rows = {
            code: features(
                named.get(code),
                found.get(code),
                self.procedures.words_of(card),
                said.content,
                said.subject,
                self.procedures.weight,
                self.procedures.highest,
            )
            for code in {*named, *found} - set(without)
            if (card := self.procedures.card(code)) is not None
        }
        return Example(kind, text, frozenset(right), rows)


def examples(reader: Reader, strangers: Path | None) -> Iterator[Example | None]:
    """All examples; the choice of names and sentences is fixed by a seed."""
    chosen = random.Random(1)  # noqa: S311 - a sample, not a secret
    asked = [*_development("citizens"), *_training()]
    for text, codes in asked:
        if codes:
            yield reader.example("asked", text, codes)
            yield reader.example("without", text, (), codes)
    refused = [*_development("unanswerable"), *(row for row in asked if not row[1])]
    for text, _ in refused:
        yield reader.example("refused", text, ())
    for card in reader.procedures.cards():
        others = list(card.other_names)
        for name in [card.short_name, *chosen.sample(others, min(2, len(others)))]:
            yield reader.example("named", _asked(chosen, name), (card.code,))
    if strangers is not None:
        for name in strangers.read_text(encoding="utf-8").splitlines():
            yield reader.example("strangers", _asked(chosen, name), ())


def _development(name: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Questions of the development half of a set with their codes; one procedure each."""
    for sample in load(BUNDLED / name).samples:
        target = sample.target
        if sample.split == "dev" and not target.documents and "two-procedures" not in sample.tags:
            yield sample.text, target.codes


def _training() -> Iterator[tuple[str, Sequence[str]]]:
    for line in TRAINING.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["text"], row["codes"]


def _asked(chosen: random.Random, name: str) -> str:
    text = chosen.choice(ASKING).format(name.partition("(")[0].strip())
    return fold(text) if chosen.random() < 0.5 else text


def fit(x: Doubles, y: Doubles, weight: Doubles) -> Doubles:
    """Weights of a logistic regression (last: the bias), by Newton's method."""
    known = np.c_[x, np.ones(len(x))]
    penalty = np.eye(known.shape[1]) * PENALTY
    penalty[-1, -1] = 0
    found = np.zeros(known.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(known @ found, -30, 30)))
        slope = known.T @ (weight * (chance - y)) + penalty @ found
        curve = (known * (weight * chance * (1 - chance))[:, None]).T @ known + penalty
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-6:
            break
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.training.gate", description=__doc__)
    parser.add_argument("--strangers", type=Path, help="names of procedures that are not bundled")
    given = parser.parse_args(arguments)
    made = [e for e in examples(Reader(Home.find()), given.strangers) if e is not None]
    names = list(next(iter(made[0].rows.values())))
    flat = [(n, code) for n, example in enumerate(made) for code in example.rows]
    x = np.array([[made[n].rows[code][name] for name in names] for n, code in flat])
    y = np.array([code in made[n].right for n, code in flat], dtype=float)
    weight = np.array(
        [
            WEIGHT[made[n].kind] if t else min(1.0, WEIGHT[made[n].kind])
            for (n, _), t in zip(flat, y, strict=True)
        ]
    )
    folds = np.array([hash_of(made[n].text) % 8 for n, _ in flat])
    chance = np.zeros(len(y))
    for fold_number in range(8):
        apart = folds == fold_number
        found = fit(x[~apart], y[~apart], weight[~apart])
        chance[apart] = np.c_[x[apart], np.ones(apart.sum())] @ found
    report(made, flat, 1 / (1 + np.exp(-chance)))
    found = fit(x, y, weight)
    print(f"weights:\n  bias: {found[-1]:.3f}")
    for name, value in zip(names, found[:-1], strict=True):
        print(f"  {name}: {value:.3f}")
    return 0


def hash_of(text: str) -> int:
    """The same for a question in all its kinds, so that it is never on both sides."""
    return sum(text.encode())


def report(made: Sequence[Example], flat: Sequence[tuple[int, str]], chance: Doubles) -> None:
    """On stderr: of each kind, how many are answered (and rightly) at some thresholds."""
    best: dict[int, tuple[float, str]] = {}
    for (n, code), p in zip(flat, chance, strict=True):
        best[n] = max(best.get(n, (-1.0, "")), (float(p), code))
    for threshold in (0.2, 0.3, 0.4, 0.5):
        for kind in WEIGHT:
            of_kind = [n for n, example in enumerate(made) if example.kind == kind]
            answered = [n for n in of_kind if n in best and best[n][0] >= threshold]
            right = sum(best[n][1] in made[n].right for n in answered)
            print(
                f"{threshold} {kind}: {len(answered)} of {len(of_kind)} answered, {right} rightly",
                file=sys.stderr,
            )


if __name__ == "__main__":
    sys.exit(main())
