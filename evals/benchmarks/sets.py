"""Public retrieval sets, from the folder they were published in to folders in BEIR form.

The texts are not part of this repository: ``--data`` points at a folder with
one folder a set, as its own README describes it. Only development halves are
read. Each set becomes ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``;
sets over one corpus share its file, and with it the index that is made of it.
"""

from __future__ import annotations

import filecmp
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
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
        for row in _lines(self.corpus):
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
    """The set ``name`` of ``data`` in BEIR form under ``work``.

    Raises `FileNotFoundError` where ``data`` has no such set.
    """
    source = _SETS[name]
    folder, corpus = work / name, work / source.corpus_name
    queries, gold = source.asked(data)
    for made in (folder, corpus):
        made.mkdir(parents=True, exist_ok=True)
    _write(corpus / "corpus.jsonl", source.corpus(data))
    if source.records is not None:
        _write(corpus / "records.jsonl", source.records(data))
    if folder != corpus:
        link = folder / "corpus.jsonl"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("..") / source.corpus_name / "corpus.jsonl")
    _write(folder / "queries.jsonl", queries)
    lines = ["query-id\tcorpus-id\tscore", *(f"{q}\t{d}\t1" for q, d in gold)]
    (folder / "qrels.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    return TestSet.read(folder)


# --- the sets ---------------------------------------------------------------------------------

_Corpus = Callable[[Path], Iterable[Row]]
_Asked = tuple[Iterable[Row], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class _Source:
    """How one set is made of the published files: its corpus, its queries with their gold.

    ``records``: the corpus as it was published, where troly reads more of it
    than BEIR can say.
    """

    corpus_name: str
    corpus: _Corpus
    asked: Callable[[Path], _Asked]
    records: _Corpus | None = None


def _published(folder: str) -> _Corpus:
    return lambda data: _lines(data / folder / "corpus.jsonl.zst")


_ALQAC_KINDS = {
    "Tự luận": "free text",
    "Đúng/Sai": "true or false",
    "Trắc nghiệm": "multiple choice",
}


def _labelled(
    folder: str, queries: str = "queries", qrels: str = "qrels"
) -> Callable[[Path], _Asked]:
    def asked(data: Path) -> _Asked:
        rows = _lines(data / folder / f"{queries}.dev.jsonl.zst")
        return (
            [{**row, "kind": _ALQAC_KINDS.get(row.get("type", ""), "")} for row in rows],
            list(_pairs(data / folder / f"{qrels}.dev.tsv")),
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
    for row in _lines(data / "police_ward_kb" / "kb_chunks.jsonl.zst"):
        text = f"{row['CANONICAL_ANSWER']}\n{row['LEGAL_BASIS']}"
        yield {"_id": row["chunk_id"], "title": row["retrieval_title"], "text": text}


def _ward(data: Path) -> _Asked:
    here = data / "police_ward_kb"
    rows = _lines(here / "queries.dev.jsonl.zst")
    queries = [{**row, "kind": _WARD_KINDS.get(row["variant_types"][0], "")} for row in rows]
    return queries, list(_pairs(here / "qrels.dev.tsv"))


def _lter(data: Path) -> _Asked:
    rows = list(_lines(data / "vlsp2023_lter" / "train.dev.jsonl.zst"))
    gold = [
        (row["example_id"], f"{passage['law_id']}#{passage['article_id']}")
        for row in rows
        for passage in row["legal_passages"]
    ]
    return [{"_id": row["example_id"], "text": row["statement"]} for row in rows], gold


# Document numbers: any article of the document counts, unless the query names one, which
# is what the citation set is for.
_KINDS_OF_NUMBERS = {
    "NĐ": "Nghị định",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "QH": "Luật",
}
_NUMBER = re.compile(r"(\d+)/(\d{4})/((?:NĐ|TTLT|TT|QH)\d*)(-.+)?")
_EACH_DOCUMENT = 20  # one document in twenty is asked for


def _numbers(data: Path) -> _Asked:
    articles: dict[str, list[str]] = {}
    short: dict[str, list[str]] = {}
    for row in _lines(data / "phapdien" / "corpus.jsonl.zst"):
        number = row["meta"]["doc_number"] or ""
        if found := _NUMBER.fullmatch(number):
            articles.setdefault(number, []).append(row["_id"])
            short.setdefault(_short_number(found), []).append(row["_id"])
    queries: list[Row] = []
    gold: list[tuple[str, str]] = []
    asked: set[str] = set()
    chosen = sorted(articles, key=lambda key: sha256(key.encode()).digest())
    for number in chosen[::_EACH_DOCUMENT]:
        found = _NUMBER.fullmatch(number)
        if found is None:
            continue
        kind = _kind_of_number(found)
        for form, text, right in (
            ("number alone", number, articles[number]),
            ("whole number", f"{kind} số {number} quy định gì", articles[number]),
            ("number and year", _short_number(found), short[_short_number(found)]),
        ):
            if text in asked:  # two documents of one number and year
                continue
            asked.add(text)
            key = f"{form.replace(' ', '-')}-{number}"
            queries.append({"_id": key, "text": text, "kind": form})
            gold += [(key, article) for article in right]
    return queries, gold


def _kind_of_number(found: re.Match[str]) -> str:
    return _KINDS_OF_NUMBERS[found[3].rstrip("0123456789")]


def _short_number(found: re.Match[str]) -> str:
    return f"{_kind_of_number(found)} {found[1]}/{found[2]}"


# Procedures of the portal.
_ASIDE = re.compile(r"\s*\([^()]*\)|\[[^\]]*\]")
_EACH = 7  # one procedure in seven asks
_SLOTS = (
    "linh_vuc", "doi_tuong_thuc_hien", "co_quan_co_tham_quyen", "cach_thuc_thuc_hien",
    "thanh_phan_ho_so", "yeu_cau_dieu_kien", "ket_qua_xu_ly", "can_cu_phap_ly",
)  # fmt: skip


def _records(data: Path) -> Iterator[Row]:
    return _lines(data / "tthc_dichvucong" / "procedures.jsonl.zst")


def _portal_corpus(data: Path) -> Iterator[Row]:
    for row in _records(data):
        slots = [row.get(slot) or "" for slot in _SLOTS]
        code, name = row["ma_thu_tuc"], row["ten_thu_tuc"]
        text = "\n".join([f"Mã thủ tục: {code}", *filter(None, slots)])
        yield {"_id": code, "title": name, "text": text}


def _portal(data: Path) -> _Asked:
    """Procedures by their names as a person would say them, by code, and by form of words."""
    records = list(_records(data))
    by_name: dict[str, list[str]] = {}
    for row in records:
        by_name.setdefault(_said(row["ten_thu_tuc"]), []).append(row["ma_thu_tuc"])
    queries: list[Row] = []
    gold: list[tuple[str, str]] = []
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
    return queries, gold


def _said(name: str) -> str:
    name = " ".join(_ASIDE.sub("", name).split())
    return (name[:1].lower() + name[1:]).removeprefix("thủ tục ")


def _names_corpus(data: Path) -> Iterator[Row]:
    """Names of procedures: today's, then those that only the catalogue of 2025 has."""
    seen: set[str] = set()
    for row in _records(data):
        seen.add(row["ma_thu_tuc"])
        about = f"{row['linh_vuc']}. {row['co_quan_co_tham_quyen']}"
        yield {"_id": row["ma_thu_tuc"], "title": row["ten_thu_tuc"], "text": about}
    for name in ("procedures_list_2025-04", "procedures_list_bo_cong_an"):
        for row in _lines(data / "tthc_catalogue" / f"{name}.jsonl.zst"):
            if row["ma_so"] not in seen:
                seen.add(row["ma_so"])
                about = f"{row['linh_vuc']}. {row['co_quan_thuc_hien']}"
                yield {"_id": row["ma_so"], "title": row["ten"], "text": about}


def _faq(data: Path) -> _Asked:
    """Real questions with weak labels: codes whose whole name occurs in the question."""
    rows = [
        row
        for row in _lines(data / "dvc_faq_questions" / "questions.dev.jsonl.zst")
        if row["weak_procedure_codes"]
    ]
    gold = [(row["id"], code) for row in rows for code in row["weak_procedure_codes"]]
    return [{"_id": row["id"], "text": row["text"]} for row in rows], gold


def _law(data: Path) -> Iterator[Row]:
    """Articles with the note that says which article of which document each one is."""
    for row in _published("phapdien")(data):
        text = f"{row['meta']['source_note'] or ''}\n{row['text']}"
        yield {"_id": row["_id"], "title": row["title"], "text": text}


_SETS: dict[str, _Source] = {
    "police_ward_kb": _Source("police_ward_kb", _ward_corpus, _ward),
    **{
        name: _Source(name, _published(name), _labelled(name))
        for name in ("alqac_2023_2025", "alqac_2022")
    },
    "vlsp2023_lter": _Source("vlsp2023_lter", _published("vlsp2023_lter"), _lter),
    "portal": _Source("portal", _portal_corpus, _portal, _records),
    "dvc_faq_questions": _Source("dvc_faq_questions", _names_corpus, _faq),
    **{
        f"phapdien_{part}": _Source(
            "phapdien",
            _law,
            _labelled("phapdien", f"queries_{part}", f"qrels_{part}"),
            _published("phapdien"),
        )
        for part in ("alqac", "citation")
    },
    "phapdien_numbers": _Source("phapdien", _law, _numbers, _published("phapdien")),
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
    """Write a file; one that says the same already keeps its time, so no index is made anew."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    if path.exists() and filecmp.cmp(beside, path, shallow=False):
        beside.unlink()
    else:
        beside.replace(path)
