"""Ways of searching one corpus, from the plainest to what people get.

A way is a name and a function from a query to ids, best first. The two blind
mixtures get the best of what they are mixed of: BM25 without diacritics on
either side, and embeddings of the query as troly reads it (diacritics put
back, abbreviations written out).
"""

from __future__ import annotations

import shutil
import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.benchmarks.chain import Chain, build_chain
from evals.benchmarks.sets import TestSet
from evals.benchmarks.textbook import Textbook
from evals.noise import strip
from knowledge_base.home import Home
from knowledge_base.index.embedding import Embedder, Vectors
from knowledge_base.index.embedding import embedder_of as configured
from knowledge_base.index.fusion import lexical_scores
from knowledge_base.index.onnx_embedding import OnnxEmbedder
from knowledge_base.opened import OpenedStore
from knowledge_base.query import Query
from knowledge_base.query_terms import analyse
from knowledge_base.scope import citizen
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

Floats = npt.NDArray[np.float32]
Way = Callable[[str], list[str]]

DEPTH = 100
WAYS = {
    "bm25": "BM25",
    "bm25-bare": "BM25, no diacritics on either side",
    "dense": "embeddings",
    "dense-read": "embeddings, query as troly reads it",
    "rrf": "blind RRF of the two",
    "zscore": "blind sum of z-scores",
    "chain": "LangChain + Chroma",
    "lexical": "troly's BM25 alone",
    "words": "troly without vectors",
    "troly": "troly",
}
OWN = frozenset({"lexical", "words", "troly"})
WITHOUT_VECTORS = ("bm25", "bm25-bare", "lexical", "words")
_KEPT = 4096
_CHAIN_TOKENS = 512  # the model's whole window


class Remembering:
    """An embedder that embeds a query once, however many ways ask for it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._kept: OrderedDict[str, Vectors] = OrderedDict()

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.passages(texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        for text in texts:
            if text not in self._kept:
                self._kept[text] = self._embedder.queries([text])
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return np.concatenate([self._kept[text] for text in texts])


@dataclass(frozen=True, slots=True)
class Place:
    """Where the indexes of one corpus are kept."""

    work: Path
    corpus_name: str
    own: Home | None = None  # a home that is there already, as that of the bundled corpus

    @property
    def home(self) -> Home:
        return self.own or Home(self.work / "homes" / self.corpus_name)

    @property
    def chain(self) -> Path:
        return self.work / "chains" / self.corpus_name

    def textbook(self, bare: bool) -> Path:
        return self.work / "textbooks" / f"{self.corpus_name}{'-bare' if bare else ''}.npz"


class Ways:
    """The ways of searching one corpus; each opens what it needs when it is first used."""

    def __init__(
        self,
        place: Place,
        settings: KnowledgeSettings,
        embedder: Embedder,
        as_of: date,
        opened: KnowledgeBase | None = None,
    ) -> None:
        self.place = place
        self.settings = settings
        self.embedder = embedder
        self.as_of = as_of
        self._given = opened  # searched in place of what the place holds, and not closed

    def way(self, name: str) -> Way:
        """The way of this name. Raises `KeyError` for any other."""
        return {
            "bm25": lambda text: self._textbook.ranking(text, DEPTH),
            "bm25-bare": lambda text: self._bare_textbook.ranking(text, DEPTH),
            "dense": lambda text: self._dense.ranking(text, DEPTH),
            "dense-read": lambda text: self._dense.ranking(self._read(text), DEPTH),
            "rrf": self._rrf,
            "zscore": self._zscore,
            "chain": lambda text: self._chain.ranking(text, DEPTH),
            "lexical": self._lexical,
            "words": lambda text: self._searched(self._by_words, text),
            "troly": lambda text: self._searched(self._whole, text),
        }[name]

    def close(self) -> None:
        """Let go of the indexes that were opened."""
        for opened in ("_whole", "_by_words"):
            if opened in self.__dict__:
                base = self.__dict__.pop(opened)
                if base is not self._given:
                    base.close()

    # --- what others do -----------------------------------------------------------------------

    @cached_property
    def _textbook(self) -> Textbook:
        return Textbook.open(self.place.textbook(bare=False))

    @cached_property
    def _bare_textbook(self) -> Textbook:
        return Textbook.open(self.place.textbook(bare=True), strip)

    @cached_property
    def _dense(self) -> _Dense:
        return _Dense(self._whole.opened(), self.embedder)

    @cached_property
    def _chain(self) -> Chain:
        return Chain(self.place.chain, self.embedder)

    def _read(self, text: str) -> str:
        return self._whole.as_spoken(text)

    def _rrf(self, text: str) -> list[str]:
        """Reciprocal ranks with the constant of the paper, 60."""
        scores: dict[str, float] = {}
        dense = self._dense.ranking(self._read(text), DEPTH)
        for found in (self._bare_textbook.ranking(text, DEPTH), dense):
            for at, key in enumerate(found):
                scores[key] = scores.get(key, 0.0) + 1 / (60 + at + 1)
        return sorted(scores, key=lambda key: -scores[key])[:DEPTH]

    def _zscore(self, text: str) -> list[str]:
        """The sum of both scores, each in standard deviations over the corpus."""
        dense = _standard(self._dense.scores(self._read(text)))
        total = _standard(self._bare_textbook.scores(text)) + dense[self._places]
        best = np.argsort(-total, kind="stable")[:DEPTH]
        return [self._bare_textbook.ids[at] for at in best]

    @cached_property
    def _places(self) -> npt.NDArray[np.int64]:
        """For each document of the textbook's index, its place in troly's."""
        places = {key: at for at, key in enumerate(self._dense.ids())}
        return np.array([places.get(key, -1) for key in self._bare_textbook.ids])

    # --- what troly does ----------------------------------------------------------------------

    @cached_property
    def _whole(self) -> KnowledgeBase:
        if self._given is not None:
            return self._given
        given = None if self.settings.embedder == "none" else self.embedder
        return KnowledgeBase(self.place.home, self.settings, embedder=given)

    @cached_property
    def _by_words(self) -> KnowledgeBase:
        words = self.settings.model_copy(update={"embedder": "none"})
        return KnowledgeBase(self.place.home, words)

    def _searched(self, base: KnowledgeBase, text: str) -> list[str]:
        """What ``troly search --format trec -k 100`` gives."""
        hits = base.search(
            Query(text),
            scope=citizen(),
            as_of=self.as_of,
            limit=DEPTH,
            per_document=1,
            gate=False,
        )
        return [hit.passage.source_id for hit in hits]

    def _lexical(self, text: str) -> list[str]:
        store = self._by_words.opened()
        terms = analyse(text, store.restorer, self.settings.abbreviations)
        scores = lexical_scores(store.index, terms, self._by_words.weights())
        rows = np.argsort(-scores, kind="stable")[: 10 * DEPTH]
        return _sources(store, rows[scores[rows] > 0])


class _Dense:
    """The cosine of a query with every passage; a document is as near as its nearest."""

    def __init__(self, store: OpenedStore, embedder: Embedder) -> None:
        if store.index.vectors is None:
            raise ValueError("this index has no vectors")
        self._store = store
        self._embedder = embedder
        self._vectors = np.asarray(store.index.vectors, dtype=np.float32)

    def scores(self, text: str) -> Floats:
        """Cosine by document. Shape: (documents,)."""
        cosine = self._vectors @ self._embedder.queries([text])[0]
        index = self._store.index
        scores = np.full(len(index.document_ids), -1, dtype=np.float32)
        np.maximum.at(scores, index.document, cosine)
        return scores

    def ranking(self, text: str, depth: int) -> list[str]:
        nearest = np.argsort(-self.scores(text), kind="stable")[:depth]
        return _sources(self._store, self._first[nearest])

    def ids(self) -> list[str]:
        """Source ids of all documents, in the order of the index."""
        return _sources(self._store, self._first, everything=True)

    @cached_property
    def _first(self) -> npt.NDArray[np.int64]:
        return np.unique(self._store.index.document, return_index=True)[1]


def _sources(
    store: OpenedStore, rows: npt.NDArray[np.int64], *, everything: bool = False
) -> list[str]:
    """Source ids of the documents of rows, each once, in the order of the rows."""
    _, first = np.unique(store.index.document[rows], return_index=True)
    kept = np.sort(first)
    return [
        store.index.passage(int(rows[at])).source_id
        for at in (kept if everything else kept[:DEPTH])
    ]


def _standard(scores: Floats) -> Floats:
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-9), dtype=np.float32)


def today() -> date:
    return datetime.now(UTC).astimezone().date()


def embedder_of(settings: KnowledgeSettings) -> Remembering:
    """The embedder of these settings; what it embeds is kept."""
    made = configured(settings, settings.threads)
    if made is None:  # nothing is embedded with it then
        made = OnnxEmbedder(threads=settings.threads, tokens=settings.embed_tokens)
    return Remembering(made)


def prepare(test: TestSet, work: Path, settings: KnowledgeSettings, names: Sequence[str]) -> Place:
    """Make, or bring up to date, the indexes that the ways ``names`` need."""
    from knowledge_base.ingest import Target, ingest_files
    from knowledge_base.prepare import refresh_index

    place = Place(work, test.corpus_name)
    if OWN.intersection(names) or {"dense", "dense-read", "rrf", "zscore"}.intersection(names):
        ingest_files([test.published], Target(place.home), settings, progress=progress)
        refresh_index(place.home, settings, progress, foreground_seconds=float("inf"))
    for plain, users in ((False, {"bm25"}), (True, {"bm25-bare", "rrf", "zscore"})):
        file = place.textbook(bare=plain)
        if users.intersection(names) and _older(file, test.corpus):
            file.parent.mkdir(parents=True, exist_ok=True)
            made = Textbook.build(test.texts(), strip) if plain else Textbook.build(test.texts())
            made.save(file)
    if "chain" in names:
        whole = OnnxEmbedder(threads=settings.threads, tokens=_CHAIN_TOKENS)
        place.home.path.mkdir(parents=True, exist_ok=True)
        cache = Record(place.home.record())
        if place.chain.exists() and _older(place.chain / "done", test.corpus):
            shutil.rmtree(place.chain)
        build_chain(test.texts(), place.chain, whole, cache, progress)
    return place


def _older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def progress(stage: str, done: int, total: int) -> None:
    """How far it is, on stderr."""
    print(f"\r{stage} {done}/{total}   ", end="" if done < total else "\n", file=sys.stderr)
