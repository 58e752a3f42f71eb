"""Which intent a message has: its features, weighed by logistic regression.

Plain numpy, without Rasa; scikit-learn at training alone. What is learnt is kept
as arrays and JSON, never as a pickle: to read a model runs no code of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.dialogue.project.components.intent_features import (
    FIGURES,
    LEAST,
    LETTERS,
    WORDS,
    Meaning,
    Weighed,
    dense,
    letters,
    readings,
    words,
)
from assistant.dialogue.project.components.signals import Heard, hear, signal_count

_ARRAYS, _NAMES = "weights.npz", "names.json"


@dataclass
class IntentModel:
    """What was learnt. ``coarse`` has a row of weights for each counted feature, in the order
    of both vocabularies, ``fine`` one for each dense figure; columns are ``intents``."""

    intents: list[str]
    letters: Weighed
    words: Weighed
    coarse: npt.NDArray[np.float32]
    fine: npt.NDArray[np.float32]
    offset: npt.NDArray[np.float32]
    meaning: Meaning

    def __post_init__(self) -> None:
        """Number the counted features; refuse weights that do not fit them."""
        names = [f"l {name}" for name in self.letters.idf] + [
            f"w {name}" for name in self.words.idf
        ]
        self._at = {name: place for place, name in enumerate(names)}
        if self.coarse.shape != (len(names), len(self.intents)):
            raise ValueError("the weights do not belong to this vocabulary")
        if self.fine.shape[0] != FIGURES + signal_count():
            raise ValueError("the model was trained with other tables; train it again")

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Every intent with how likely it is (they add up to 1), the likeliest first."""
        heard = hear(text)
        score = self.offset + dense(heard, self.meaning) @ self.fine
        for name, value in _counted(heard, self.letters, self.words).items():
            score = score + value * self.coarse[self._at[name]]
        likely = np.exp(score - score.max())
        likely /= likely.sum()
        order = np.argsort(-likely)
        return [(self.intents[n], float(likely[n])) for n in order]

    def save(self, folder: Path) -> None:
        """Write it into a folder, which must exist."""
        np.savez(folder / _ARRAYS, coarse=self.coarse, fine=self.fine, offset=self.offset)
        names = {"intents": self.intents, "letters": self.letters.idf, "words": self.words.idf}
        text = json.dumps(names, ensure_ascii=False)
        (folder / _NAMES).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, meaning: Meaning) -> IntentModel:
        """Read it back. Raises OSError, KeyError or ValueError where it is damaged."""
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            return cls(
                list(names["intents"]),
                Weighed(names["letters"]),
                Weighed(names["words"]),
                arrays["coarse"],
                arrays["fine"],
                arrays["offset"],
                meaning,
            )


def learn(said: Sequence[tuple[str, str]], meaning: Meaning) -> IntentModel:
    """Learn from pairs of sentence and intent; needs scikit-learn and two intents or more.

    Every sentence is learnt twice where it reads otherwise without diacritics.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    both = [(heard, intent) for text, intent in said for heard in readings(text)]
    heards = [heard for heard, _ in both]
    by_letters = Weighed.of(map(letters, heards), LEAST)
    by_words = Weighed.of(map(words, heards), 1)
    names = [f"l {name}" for name in by_letters.idf] + [f"w {name}" for name in by_words.idf]
    at = {name: place for place, name in enumerate(names)}
    counted = [_counted(heard, by_letters, by_words) for heard in heards]
    places = [(row, at[name]) for row, each in enumerate(counted) for name in each]
    values = [value for each in counted for value in each.values()]
    sparse = csr_matrix((values, np.array(places).T), shape=(len(both), len(names)))
    full = np.stack([dense(heard, meaning) for heard in heards])
    # Sentence vectors point nearly the same way; about their mean the solver converges,
    # which is worth three points. The offset takes the mean back.
    mean = full.mean(axis=0)
    learner: Any = LogisticRegression(C=1.0, max_iter=300, tol=1e-3)
    learner.fit(hstack([csr_matrix(full - mean), sparse]).tocsr(), [intent for _, intent in both])
    weights = learner.coef_.T.astype(np.float32)
    fine = weights[: full.shape[1]]
    return IntentModel(
        [str(intent) for intent in learner.classes_],
        by_letters,
        by_words,
        weights[full.shape[1] :],
        fine,
        (learner.intercept_ - mean @ fine).astype(np.float32),
        meaning,
    )


def _counted(heard: Heard, by_letters: Weighed, by_words: Weighed) -> dict[str, float]:
    rows: dict[str, float] = {}
    for kind, row in (
        ("l", by_letters.row(letters(heard), LETTERS)),
        ("w", by_words.row(words(heard), WORDS)),
    ):
        rows.update({f"{kind} {name}": value for name, value in row.items()})
    return rows
