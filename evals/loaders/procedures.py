"""Records of procedures: the portal's beside labels by hand, a ministry's beside its own tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evals.benchmarks.files import half, lines, split_of
from evals.benchmarks.slots import GOLD, gold_rows
from evals.errors import MissingData
from evals.loaders.reading import need, placed
from evals.samples import sample_of
from evals.vocabulary import Sample

PORTAL, MINISTRY = "tthc_dichvucong", "tthc_bo_quoc_phong"
_FILE = "procedures"


def portal(data: Path | None, gold: Path = GOLD) -> Iterator[Sample]:
    """Each labelled record that the portal's file holds. Raises `MissingData`."""
    file = _file(data, PORTAL)
    there = {row["ma_thu_tuc"] for row in lines(file)}
    for row in gold_rows(gold):
        if row["code"] in there:
            sample = sample_of(
                {
                    "_id": f"{PORTAL}:{row['code']}",
                    "kind": "portal",
                    "split": row["split"],
                    "given": {"code": row["code"]},
                    "target": {"expected": row},
                },
                PORTAL,
            )
            yield placed(sample, file=file)


def ministry(data: Path | None) -> Iterator[Sample]:
    """Each record of a ministry with the cells of its tables. Raises `MissingData`."""
    file = _file(data, MINISTRY)
    for row in lines(file):
        tables = row.get("tables") or {}
        filing = tables.get("hinh_thuc_nop") or []
        sample = sample_of(
            {
                "_id": f"{MINISTRY}:{row['thu_tuc_id']}",
                "kind": "ministry",
                "split": split_of(file),
                "given": {"code": row["thu_tuc_id"]},
                "target": {
                    "expected": {
                        "times": [str(cell.get("thoi_han_giai_quyet") or "") for cell in filing],
                        "fees": [str(cell.get("phi_le_phi") or "") for cell in filing],
                        "said": [str(cell.get("mo_ta") or "") for cell in filing],
                        "papers": len(tables.get("thanh_phan_ho_so") or ()),
                    }
                },
            },
            MINISTRY,
        )
        yield placed(sample, file=file)


def _file(data: Path | None, name: str) -> Path:
    folder = need(data, name)
    plain = folder / f"{_FILE}.jsonl.zst"
    found = plain if plain.exists() else half(folder, _FILE, "jsonl.zst")
    if not found.exists():
        raise MissingData(f"{plain} is not there")
    return found
