"""Public retrieval sets, from the folder they were published in to folders in BEIR form.

The texts are not part of this repository: ``--data`` points at a folder with
one folder a set, as its own README describes it. Only development halves are
read. Each set becomes ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]


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
        return self.folder / "corpus.jsonl"

    @classmethod
    def read(cls, folder: Path) -> TestSet:
        """Read a set in BEIR form; queries without gold are left out."""
        gold: dict[str, set[str]] = {}
        for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
            query, document, score = line.split("\t")
            if int(score) > 0:
                gold.setdefault(query, set()).add(document)
        rows = [row for row in _lines(folder / "queries.jsonl") if row["_id"] in gold]
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


def prepare(name: str, data: Path, work: Path) -> TestSet:
    """The set ``name`` of ``data`` in BEIR form under ``work``. Raises `FileNotFoundError`."""
    corpus, queries, gold = _SETS[name](data)
    folder = work / name
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "corpus.jsonl", corpus)
    _write(folder / "queries.jsonl", queries)
    lines = ["query-id\tcorpus-id\tscore", *(f"{q}\t{d}\t1" for q, d in gold)]
    (folder / "qrels.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    return TestSet.read(folder)


# --- the sets ---------------------------------------------------------------------------------

_Parts = tuple[Iterable[Row], Iterable[Row], Iterable[tuple[str, str]]]

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


def _ward(data: Path) -> _Parts:
    here = data / "police_ward_kb"
    corpus = (
        {
            "_id": row["chunk_id"],
            "title": row["retrieval_title"],
            "text": f"{row['CANONICAL_ANSWER']}\n{row['LEGAL_BASIS']}",
        }
        for row in _lines(here / "kb_chunks.jsonl.zst")
    )
    queries = (
        {**row, "kind": _WARD_KINDS.get(row["variant_types"][0], "")}
        for row in _lines(here / "queries.dev.jsonl.zst")
    )
    return corpus, queries, _pairs(here / "qrels.dev.tsv")


def _alqac(folder: str) -> Callable[[Path], _Parts]:
    def made(data: Path) -> _Parts:
        here = data / folder
        queries = (
            {"_id": row["_id"], "text": row["text"], "kind": row.get("type", "")}
            for row in _lines(here / "queries.dev.jsonl.zst")
        )
        return _lines(here / "corpus.jsonl.zst"), queries, _pairs(here / "qrels.dev.tsv")

    return made


def _phapdien(part: str) -> Callable[[Path], _Parts]:
    def made(data: Path) -> _Parts:
        here = data / "phapdien"
        queries = (
            {"_id": row["_id"], "text": row["text"], "kind": row.get("type", "")}
            for row in _lines(here / f"queries_{part}.dev.jsonl.zst")
        )
        pairs = _pairs(here / f"qrels_{part}.dev.tsv")
        return _lines(here / "corpus.jsonl.zst"), queries, pairs

    return made


def _lter(data: Path) -> _Parts:
    here = data / "vlsp2023_lter"
    rows = list(_lines(here / "train.dev.jsonl.zst"))
    queries = ({"_id": row["example_id"], "text": row["statement"]} for row in rows)
    gold = (
        (row["example_id"], f"{passage['law_id']}#{passage['article_id']}")
        for row in rows
        for passage in row["legal_passages"]
    )
    return _lines(here / "corpus.jsonl.zst"), queries, gold


_ASIDE = re.compile(r"\s*\([^()]*\)|\[[^\]]*\]")
_EACH = 7  # one procedure in seven asks


def _portal(data: Path) -> _Parts:
    """Procedures by their names as a person would say them, by code, and by form of words."""
    records = list(_lines(data / "tthc_dichvucong" / "procedures.jsonl.zst"))
    by_name: dict[str, list[str]] = {}
    for row in records:
        by_name.setdefault(_said(row["ten_thu_tuc"]), []).append(row["ma_thu_tuc"])
    queries, gold = [], []
    for at, row in enumerate(records[::_EACH]):
        name = _said(row["ten_thu_tuc"])
        asked = (f"thủ tục {name} cần giấy tờ gì", f"{name} mất bao lâu", name)[at % 3]
        for kind, text, codes in (
            ("name", asked, by_name[name]),
            ("code", f"thủ tục {row['ma_thu_tuc']}", [row["ma_thu_tuc"]]),
        ):
            key = f"{kind}-{row['ma_thu_tuc']}"
            queries.append({"_id": key, "text": text, "kind": kind})
            gold += [(key, code) for code in codes]
    return records, queries, gold


def _said(name: str) -> str:
    name = " ".join(_ASIDE.sub("", name).split())
    return (name[:1].lower() + name[1:]).removeprefix("thủ tục ")


_SETS: dict[str, Callable[[Path], _Parts]] = {
    "police_ward_kb": _ward,
    "alqac_2023_2025": _alqac("alqac_2023_2025"),
    "alqac_2022": _alqac("alqac_2022"),
    "vlsp2023_lter": _lter,
    "portal": _portal,
    "phapdien_alqac": _phapdien("alqac"),
    "phapdien_citation": _phapdien("citation"),
}


# --- files ------------------------------------------------------------------------------------


def _lines(path: Path) -> Iterator[Row]:
    if path.suffix == ".zst":
        import zstandard

        stream = zstandard.ZstdDecompressor().stream_reader(path.open("rb"))
        text: Iterable[str] = io.TextIOWrapper(stream, encoding="utf-8")
    else:
        text = path.open(encoding="utf-8")
    for line in text:
        if line.strip():
            yield json.loads(line)


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text("utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        if int(score) > 0:
            yield query, document


def _write(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
