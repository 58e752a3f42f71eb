"""Public retrieval sets, from the folder they were published in to folders in BEIR form.

The texts are not part of this repository: ``--data`` points at a folder with
one folder a set, as its own README describes it; the development half is read,
or whichever half lies there. Each set becomes ``corpus.jsonl``,
``queries.jsonl`` and ``qrels.tsv``; sets over one corpus share its file, and
with it the index that is made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from evals.benchmarks import known_answers, law_sets, portal_sets
from evals.benchmarks.files import Row, half, lines, pairs, split_of, write
from evals.benchmarks.known_answers import Asked


@dataclass(frozen=True, slots=True)
class TestSet:
    """Queries and what answers them.

    ``gold`` are source ids by query id; ``kinds`` the kind of each query where
    the set names one ("full", "situational").
    """

    name: str
    folder: Path
    queries: dict[str, str]
    gold: dict[str, frozenset[str]]
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def corpus(self) -> Path:
        """The corpus in BEIR form."""
        return (self.folder / "corpus.jsonl").resolve()

    @property
    def published(self) -> Path:
        """What troly ingests: the corpus as its publisher has it, where there is more in it."""
        records = self.corpus.with_name("records.jsonl")
        return records if records.exists() else self.corpus

    @property
    def corpus_name(self) -> str:
        """The folder's name of the corpus: the same for sets that share one."""
        return self.corpus.parent.name

    def texts(self) -> Iterator[tuple[str, str]]:
        """Id and text (title first) of every document, one at a time."""
        for row in lines(self.corpus):
            yield str(row["_id"]), "\n".join(filter(None, (row.get("title"), row.get("text"))))

    def limited(self, count: int) -> TestSet:
        """The same with ``count`` of its queries, chosen by their ids alone."""
        chosen = sorted(self.queries, key=lambda key: sha256(key.encode()).digest())[:count]
        kept = {key: text for key, text in self.queries.items() if key in set(chosen)}
        return replace(self, queries=kept)

    @classmethod
    def read(cls, folder: Path) -> TestSet:
        """Read a set in BEIR form; queries without gold are left out."""
        gold: dict[str, set[str]] = {}
        for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
            query, document, score = line.split("\t")
            if int(score) > 0:
                gold.setdefault(query, set()).add(document)
        rows = [row for row in lines(folder / "queries.jsonl") if row["_id"] in gold]
        return cls(
            folder.name,
            folder,
            {row["_id"]: row["text"] for row in rows},
            {key: frozenset(found) for key, found in gold.items()},
            {row["_id"]: row["kind"] for row in rows if row.get("kind")},
        )


def known() -> tuple[str, ...]:
    """Names of the sets that `prepare` can make."""
    return tuple(_SETS)


@dataclass(frozen=True, slots=True)
class Question:
    """A query of a set with the ids of what answers it."""

    id: str
    text: str
    kind: str
    gold: frozenset[str]


def questions(name: str, data: Path) -> list[Question]:
    """The queries of the set ``name`` that have an answer, without making its corpus.

    Raises `FileNotFoundError` where ``data`` has no such set.
    """
    rows, pairs_of = _SETS[name].asked(data)
    gold: dict[str, set[str]] = {}
    for query, document in pairs_of:
        gold.setdefault(query, set()).add(document)
    return [
        Question(row["_id"], row["text"], row.get("kind", ""), frozenset(gold[row["_id"]]))
        for row in rows
        if row["_id"] in gold
    ]


def split(name: str, data: Path) -> str:
    """Which half of the set lies in ``data``; sets made of their own corpus are ``dev``."""
    stem, ending = _SETS[name].asks, "jsonl.zst"
    return split_of(half(data / _SETS[name].folder, stem, ending)) if stem else "dev"


def folder(name: str) -> str:
    """The folder of ``data`` that the set ``name`` is made of."""
    return _SETS[name].folder


def prepare(name: str, data: Path, work: Path) -> TestSet:
    """The set ``name`` of ``data`` in BEIR form under ``work``.

    Raises `FileNotFoundError` where ``data`` has no such set.
    """
    source = _SETS[name]
    folder, corpus = work / name, work / source.corpus_name
    queries, gold = source.asked(data)
    for made in (folder, corpus):
        made.mkdir(parents=True, exist_ok=True)
    write(corpus / "corpus.jsonl", source.corpus(data))
    if source.records is not None:
        write(corpus / "records.jsonl", source.records(data))
    if folder != corpus:
        link = folder / "corpus.jsonl"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("..") / source.corpus_name / "corpus.jsonl")
    write(folder / "queries.jsonl", queries)
    table = ["query-id\tcorpus-id\tscore", *(f"{q}\t{d}\t1" for q, d in gold)]
    (folder / "qrels.tsv").write_text("\n".join(table) + "\n", "utf-8")
    return TestSet.read(folder)


# --- the sets ---------------------------------------------------------------------------------

_Corpus = Callable[[Path], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class _Source:
    """How one set is made of the published files: its corpus, its queries with their gold.

    ``records``: the corpus as it was published, where troly reads more of it
    than BEIR can say. ``folder`` and ``asks``: where the questions lie, and the
    name of their file without its half; empty where they are made of the corpus.
    """

    corpus_name: str
    corpus: _Corpus
    asked: Callable[[Path], Asked]
    records: _Corpus | None = None
    folder: str = ""
    asks: str = ""


def _published(folder: str) -> _Corpus:
    return lambda data: lines(data / folder / "corpus.jsonl.zst")


_ALQAC_KINDS = {
    "Tự luận": "free text",
    "Đúng/Sai": "true or false",
    "Trắc nghiệm": "multiple choice",
}


def _labelled(
    folder: str, queries: str = "queries", qrels: str = "qrels"
) -> Callable[[Path], Asked]:
    def asked(data: Path) -> Asked:
        rows = lines(half(data / folder, queries, "jsonl.zst"))
        return (
            [{**row, "kind": _ALQAC_KINDS.get(row.get("type", ""), "")} for row in rows],
            list(pairs(half(data / folder, qrels, "tsv"))),
        )

    return asked


#: The kinds of questions of the ward police, in English.
_WARD_KINDS = {
    "Câu hỏi đầy đủ/chuẩn": "full",
    "Câu hỏi ngắn/thiếu thông tin": "short",
    "Câu hỏi thiếu ngữ cảnh": "missing context",
    "Viết tắt/không dấu": "abbreviated, bare",
    "Không dấu": "bare",
    "Theo ngữ cảnh/tình huống": "situational",
    "Câu nói dân dã/không đầy đủ": "colloquial",
    "Câu hỏi mơ hồ cần phân loại": "ambiguous",
    "Câu hỏi chung/mơ hồ": "general",
}


def _ward_corpus(data: Path) -> Iterator[Row]:
    for row in lines(data / "police_ward_kb" / "kb_chunks.jsonl.zst"):
        text = f"{row['CANONICAL_ANSWER']}\n{row['LEGAL_BASIS']}"
        yield {"_id": row["chunk_id"], "title": row["retrieval_title"], "text": text}


def _ward(data: Path) -> Asked:
    here = data / "police_ward_kb"
    rows = lines(half(here, "queries", "jsonl.zst"))
    queries = [{**row, "kind": _WARD_KINDS.get(row["variant_types"][0], "")} for row in rows]
    return queries, list(pairs(half(here, "qrels", "tsv")))


def _lter(data: Path) -> Asked:
    rows = list(lines(half(data / "vlsp2023_lter", "train", "jsonl.zst")))
    gold = [
        (row["example_id"], f"{passage['law_id']}#{passage['article_id']}")
        for row in rows
        for passage in row["legal_passages"]
    ]
    return [{"_id": row["example_id"], "text": row["statement"]} for row in rows], gold


_SETS: dict[str, _Source] = {
    "police_ward_kb": _Source(
        "police_ward_kb", _ward_corpus, _ward, folder="police_ward_kb", asks="queries"
    ),
    **{
        name: _Source(name, _published(name), _labelled(name), folder=name, asks="queries")
        for name in ("alqac_2023_2025", "alqac_2022")
    },
    "vlsp2023_lter": _Source(
        "vlsp2023_lter",
        _published("vlsp2023_lter"),
        _lter,
        folder="vlsp2023_lter",
        asks="train",
    ),
    "portal": _Source(
        "portal",
        portal_sets.portal_corpus,
        portal_sets.portal,
        portal_sets.records,
        folder="tthc_dichvucong",
    ),
    "dvc_faq_questions": _Source(
        "dvc_faq_questions",
        portal_sets.names_corpus,
        portal_sets.faq,
        folder="dvc_faq_questions",
        asks="questions",
    ),
    "tthc_catalogue": _Source(
        "dvc_faq_questions",
        portal_sets.names_corpus,
        lambda data: known_answers.by_catalogue_name(portal_sets.names_corpus(data)),
        folder="tthc_catalogue",
    ),
    "portal_guides": _Source(
        "portal_guides",
        known_answers.guides,
        lambda data: known_answers.by_title(known_answers.guides(data)),
        folder="portal_guides",
    ),
    "hanoi_handbook": _Source(
        "hanoi_handbook",
        known_answers.handbook,
        lambda data: known_answers.by_words(known_answers.handbook(data)),
        folder="hanoi_handbook",
    ),
    **{
        f"phapdien_{part}": _Source(
            "phapdien",
            law_sets.articles,
            _labelled("phapdien", f"queries_{part}", f"qrels_{part}"),
            _published("phapdien"),
            folder="phapdien",
            asks=f"queries_{part}",
        )
        for part in ("alqac", "citation")
    },
    "phapdien_numbers": _Source(
        "phapdien", law_sets.articles, law_sets.numbers, _published("phapdien"), folder="phapdien"
    ),
    "labor_temporal": _Source(
        "phapdien",
        law_sets.articles,
        law_sets.labour,
        _published("phapdien"),
        folder="labor_temporal",
        asks="questions",
    ),
}
