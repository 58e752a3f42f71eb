"""Questions over the portal's procedures and over the names of all procedures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from evals.benchmarks.files import Row, half, lines
from evals.benchmarks.known_answers import Asked

_ASIDE = re.compile(r"\s*\([^()]*\)|\[[^\]]*\]")
_EACH = 7  # one procedure in seven asks
_SLOTS = (
    "linh_vuc", "doi_tuong_thuc_hien", "co_quan_co_tham_quyen", "cach_thuc_thuc_hien",
    "thanh_phan_ho_so", "yeu_cau_dieu_kien", "ket_qua_xu_ly", "can_cu_phap_ly",
)  # fmt: skip


def records(data: Path) -> Iterator[Row]:
    return lines(data / "tthc_dichvucong" / "procedures.jsonl.zst")


def portal_corpus(data: Path) -> Iterator[Row]:
    for row in records(data):
        slots = [row.get(slot) or "" for slot in _SLOTS]
        code, name = row["ma_thu_tuc"], row["ten_thu_tuc"]
        text = "\n".join([f"Mã thủ tục: {code}", *filter(None, slots)])
        yield {"_id": code, "title": name, "text": text}


def portal(data: Path) -> Asked:
    """Procedures by their names as a person would say them, by code, and by form of words."""
    rows = list(records(data))
    by_name: dict[str, list[str]] = {}
    for row in rows:
        by_name.setdefault(_said(row["ten_thu_tuc"]), []).append(row["ma_thu_tuc"])
    queries: list[Row] = []
    gold: list[tuple[str, str]] = []
    for at, row in enumerate(rows[::_EACH]):
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


def names_corpus(data: Path) -> Iterator[Row]:
    """Names of procedures: today's, then those that only the catalogue of 2025 has."""
    seen: set[str] = set()
    for row in records(data):
        seen.add(row["ma_thu_tuc"])
        about = f"{row['linh_vuc']}. {row['co_quan_co_tham_quyen']}"
        yield {"_id": row["ma_thu_tuc"], "title": row["ten_thu_tuc"], "text": about}
    for name in ("procedures_list_2025-04", "procedures_list_bo_cong_an"):
        for row in lines(data / "tthc_catalogue" / f"{name}.jsonl.zst"):
            if row["ma_so"] not in seen:
                seen.add(row["ma_so"])
                about = f"{row['linh_vuc']}. {row['co_quan_thuc_hien']}"
                yield {"_id": row["ma_so"], "title": row["ten"], "text": about}


def faq(data: Path) -> Asked:
    """Real questions with weak labels: codes whose whole name occurs in the question."""
    rows = [
        row
        for row in lines(half(data / "dvc_faq_questions", "questions", "jsonl.zst"))
        if row["weak_procedure_codes"]
    ]
    gold = [(row["id"], code) for row in rows for code in row["weak_procedure_codes"]]
    return [{"_id": row["id"], "text": row["text"]} for row in rows], gold
