"""Search over one home: what a caller may see, what holds on the day, best first."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from knowledge_base.documents import Document, Hit, Passage, ProcedureCard
from knowledge_base.errors import IndexMissing
from knowledge_base.filters import masks, needs_every_row
from knowledge_base.home import Home
from knowledge_base.law.kept import NamesKept
from knowledge_base.opened import OpenedStore, open_store
from knowledge_base.query import Filter, Query
from knowledge_base.scope import PUBLIC, Scope
from knowledge_base.settings import KnowledgeSettings

if TYPE_CHECKING:
    from knowledge_base.index.artefact import Index
    from knowledge_base.index.embedding import Embedder, Vectors
    from knowledge_base.index.fusion import Mask, Weights
    from knowledge_base.law.graph import Graph
    from knowledge_base.law.library import Library
    from knowledge_base.law.validity import Verdict
    from knowledge_base.query_terms import QueryTerms
    from knowledge_base.store import Record

_log = logging.getLogger(__name__)
_MASKS_KEPT = 64
_VECTORS_KEPT = 512


class KnowledgeBase:
    """Search and documents of one home; safe for many threads.

    Opens the index at first use. ``embedder`` replaces the configured one.
    Without ``restricted`` it has no path to the restricted store: whatever scope
    it is asked with, it answers from public texts alone.
    """

    def __init__(
        self,
        home: Home,
        settings: KnowledgeSettings,
        *,
        embedder: Embedder | None = None,
        restricted: bool = False,
    ) -> None:
        self.home = home if restricted else home.for_citizens()
        self._restricted = restricted
        self.settings = settings
        self._embedder = embedder
        self._given = embedder is not None
        self._lock = threading.Lock()
        self._stores: dict[str, OpenedStore] = {}
        self._records: dict[str, Record] = {}
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._masks: OrderedDict[Any, Any] = OrderedDict()
        self._law_names = NamesKept()

    # --- search -------------------------------------------------------------------------------

    def search(
        self,
        query: Query,
        *,
        scope: Scope,
        as_of: date,
        within: Filter = Filter(),  # noqa: B008  (frozen)
        limit: int = 10,
        per_document: int | None = None,
        gate: bool = True,
    ) -> tuple[Hit, ...]:
        """The best passages, best first; empty when nothing is supported well enough.

        ``per_document`` bounds the passages of one document. ``gate=False``
        keeps the hits that only share words with the query (rankings for
        benchmarks). Raises `IndexMissing`, `IndexOutdated`, `IndexCorrupt`.
        """
        hits: list[Hit] = []
        for name in self._visible(scope):
            opened = self._open(name)
            if opened is not None:
                hits += self._search_in(
                    opened, query, scope, as_of, within, limit, per_document or limit, gate
                )
        hits.sort(key=lambda hit: -hit.score)
        return tuple(hits[:limit])

    def _search_in(
        self,
        opened: OpenedStore,
        query: Query,
        scope: Scope,
        as_of: date,
        within: Filter,
        limit: int,
        each: int,
        gate: bool,
    ) -> list[Hit]:
        from knowledge_base.index.fusion import best_of_each, rank

        index = opened.index
        if len(index) == 0:
            return []
        allowed, where = self._allowed(opened, scope, as_of, within)
        if allowed is not None and not allowed.any():
            return []
        terms = self._analyse(query.text, opened, allowed)
        found = rank(
            index,
            terms,
            self.query_vector(terms, index),
            opened.scale,
            self.weights(),
            allowed=allowed,
            where=where,
            exact=needs_every_row(within),
            depth=limit,
        )
        kept = found.supported() if gate else range(len(found.rows))
        positions = [p for p in kept if found.lexical[p] > 0 or found.dense[p] > 0]
        documents = [int(index.document[found.rows[p]]) for p in positions]
        return [
            Hit(
                index.passage(int(found.rows[positions[n]])),
                float(found.scores[positions[n]]),
                found.parts(positions[n]),
            )
            for n in best_of_each(documents, limit, each)
        ]

    def as_spoken(self, text: str) -> str:
        """``text`` as it was meant: abbreviations written out, diacritics put back where missing.

        Text that has its diacritics stays as it is.
        """
        opened = self._open("public")
        return self._analyse(text, opened).spoken if opened is not None else text

    def weights(self) -> Weights:
        """The weights of fusion, as the operator set them."""
        return _weights(self.settings.fusion_lexical_weight)

    def _analyse(self, text: str, opened: OpenedStore, allowed: Mask | None = None) -> QueryTerms:
        from knowledge_base.index.reading import as_read

        return as_read(
            text, opened.index, opened.restorer, self.settings.abbreviations, allowed=allowed
        )

    def query_vector(self, terms: QueryTerms, index: Index) -> Vectors | None:
        """The query's vector; None when there is no embedder or it fails: BM25 still answers."""
        if index.vectors is None or not terms.accented:
            return None
        embedder = self._configured_embedder()
        if embedder is None or embedder.name != index.manifest.embedder:
            return None
        asked = terms.embedded
        with self._lock:
            if asked in self._vectors:
                self._vectors.move_to_end(asked)
                return self._vectors[asked]
        try:
            vector: Vectors = embedder.queries([asked])[0]
        except Exception as error:  # whatever the engine throws, people still get answers
            _log.warning("the embedder failed, searching by words alone: %s", error)
            return None
        with self._lock:
            self._vectors[asked] = vector
            if len(self._vectors) > _VECTORS_KEPT:
                self._vectors.popitem(last=False)
        return vector

    def _configured_embedder(self) -> Embedder | None:
        if self._embedder is None and not self._given:
            from knowledge_base.index.embedding import embedder_of

            self._embedder = embedder_of(self.settings, self.settings.threads)
        return self._embedder

    # --- filters ------------------------------------------------------------------------------

    def _allowed(
        self, opened: OpenedStore, scope: Scope, as_of: date, within: Filter
    ) -> tuple[Mask | None, dict[str, Any] | None]:
        """Which rows may be ranked, and the same for Chroma; None when all may."""
        stale = opened.stale.look()
        key = (opened.folder, stale.key, scope.labels, as_of, within)
        with self._lock:
            if key in self._masks:
                self._masks.move_to_end(key)
                found: tuple[Mask | None, dict[str, Any] | None] = self._masks[key]
                return found
        allowed, where = masks(opened.index, scope, as_of, within, opened.facts)
        if stale.fresh is not None:  # not said to Chroma: what it finds is filtered again
            allowed = stale.fresh if allowed is None else allowed & stale.fresh
        made = allowed, where
        with self._lock:
            self._masks[key] = made
            if len(self._masks) > _MASKS_KEPT:
                self._masks.popitem(last=False)
        return made

    # --- documents ----------------------------------------------------------------------------

    def document(self, document_id: str, scope: Scope) -> Document | None:
        """The current version of a document, if the caller may see it."""
        for name in self._visible(scope):
            record = self._record(name)
            found = record.document(document_id) if record is not None else None
            if found is not None and scope.may_see(found.labels):
                return found
        return None

    def sees(self, document_id: str, scope: Scope) -> bool:
        """Whether a search by this caller may find the document."""
        return self.document(document_id, scope) is not None

    def version(self, sha256: str, scope: Scope) -> str | None:
        """The stored text with this hash, current or not: what an old citation points into."""
        for name in self._visible(scope):
            record = self._record(name)
            text = record.version(sha256) if record is not None else None
            # Whoever has a hash need not have the labels of what it is the hash of.
            if (
                record is not None
                and text is not None
                and (name == "public" or any(map(scope.may_see, record.labels_of(sha256))))
            ):
                return text
        return None

    def standing(self, passage: Passage, on: date) -> Verdict:
        """Whether a passage holds on a day, by all that is known of its law."""
        from knowledge_base.law.standing import standing

        public = not self._restricted or passage.labels == (PUBLIC,)
        return standing(self._record("public" if public else "restricted"), passage, on)

    def graph(self) -> Graph | None:
        """The graph of public legal documents; None without a record."""
        from knowledge_base.law.graph import Graph

        record = self._record("public")
        return Graph(record) if record is not None else None

    def library(self, scope: Scope) -> Library | None:
        """The legal documents a caller may see, for one request; None without a record."""
        from knowledge_base.law.library import Library
        from knowledge_base.law.shelves import Shelves

        records = [r for name in self._visible(scope) if (r := self._record(name)) is not None]
        if not records:
            return None
        alike = self._law_names if scope.labels == {PUBLIC} else None
        return Library(Shelves(*records, scope=scope), alike, self.corpus_version)

    def card(self, code: str) -> ProcedureCard | None:
        """The card of a procedure code (cards are public)."""
        record = self._record("public")
        return record.card(code) if record is not None else None

    def cards(self) -> Iterator[ProcedureCard]:
        """All procedure cards."""
        record = self._record("public")
        return iter(()) if record is None else record.cards()

    def collections(self) -> list[str]:
        """The collections of the public store."""
        record = self._record("public")
        return [] if record is None else record.collections()

    def headings(self, kinds: Iterable[str]) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        """``(id, title, number, other names)`` of public documents of these kinds."""
        record = self._record("public")
        return iter(()) if record is None else record.headings(kinds)

    @property
    def corpus_version(self) -> str:
        """The version of the public corpus that is being searched; empty without an index.

        It ends in ``-`` and a hash while documents are left out that the index
        still has: whatever is cached by version is made anew then, too.
        """
        try:
            opened = self._open("public")
        except IndexMissing:
            return ""
        if opened is None:
            return ""
        left_out = opened.stale.look().key
        return f"{opened.index.manifest.corpus_version}{left_out and '-' + left_out}"

    def opened(self, store: str = "public") -> OpenedStore:
        """The opened index of a store. Raises `IndexMissing` where there is none."""
        found = self._open(store)
        if found is None:
            raise IndexMissing(f"Chưa có chỉ mục ở {self.home.index(store)}.")
        return found

    # --- opening ------------------------------------------------------------------------------

    def reload_if_changed(self) -> bool:
        """Open indexes that were swapped in meanwhile. Searches under way keep the old ones."""
        from knowledge_base.index.swap import current

        changed = False
        for name, opened in list(self._stores.items()):
            if current(self.home.index(name)) != opened.folder:
                with self._lock:
                    self._stores.pop(name, None)
                    self._masks.clear()
                changed = True
        return changed

    def close(self) -> None:
        """Let go of everything that is open."""
        with self._lock:
            stores, self._stores = self._stores, {}
            records, self._records = self._records, {}
        for opened in stores.values():
            opened.index.close()
        for record in records.values():
            record.close()

    def _visible(self, scope: Scope) -> Iterable[str]:
        # The restricted store is not so much as opened for a citizen.
        wider = self._restricted and scope.labels - {PUBLIC}
        return ("public", "restricted") if wider else ("public",)

    def _open(self, name: str) -> OpenedStore | None:
        opened = self._stores.get(name)
        if opened is not None:
            return opened
        from knowledge_base.index.swap import current

        with self._lock:
            if name in self._stores:
                return self._stores[name]
            folder = current(self.home.index(name))
            if folder is None:
                if name == "restricted":
                    return None
                raise IndexMissing(
                    f"Chưa có chỉ mục ở {self.home.index(name)}. Hãy chạy: troly ingest"
                )
            opened = open_store(folder, self._record_of(name))
            self._stores[name] = opened
            return opened

    def _record(self, name: str) -> Record | None:
        with self._lock:
            return self._record_of(name)

    def _record_of(self, name: str) -> Record | None:
        if name not in self._records:
            if not self.home.record(name).is_file():
                return None
            from knowledge_base.store import Record

            self._records[name] = Record(self.home.record(name))
        return self._records[name]


@lru_cache(maxsize=8)
def _weights(lexical: float) -> Weights:
    from knowledge_base.index.fusion import Weights

    return Weights().balanced(lexical)
