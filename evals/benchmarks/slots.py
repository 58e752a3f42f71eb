"""``troly bench slots``: are the portal's records read as a person reads them?

Compares the typed slots of imported records with a gold that people labelled by
reading the same records (``evals/datasets/procedures``: facts only). The records
themselves are not in this repository: ``--data`` names the portal's file. The
development half was used to fix the reader; the test half was not.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from knowledge_base.documents import FeeState, FilingChannel, ProcedureCard
from knowledge_base.law.keys import document_key
from knowledge_base.portal.files import read_records
from knowledge_base.rows import card_from_json
from knowledge_base.vietnamese import fold

GOLD = Path(__file__).parent.parent / "datasets" / "procedures"
SPLITS = ("dev", "test", "all")


@dataclass(slots=True)
class Score:
    """Counts of one slot: values found rightly, wrongly and not at all; cases wholly right."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    exact: int = 0
    cases: int = 0

    def add(self, mine: Counter[Hashable], gold: Counter[Hashable]) -> bool:
        """Count one case; returns whether it is wholly right."""
        same = (mine & gold).total()
        self.right += same
        self.wrong += mine.total() - same
        self.missed += gold.total() - same
        self.cases += 1
        self.exact += mine == gold
        return mine == gold

    def as_json(self) -> dict[str, float | int]:
        """The counts with precision, recall and the share of cases wholly right."""
        return {
            "precision": _share(self.right, self.right + self.wrong),
            "recall": _share(self.right, self.right + self.missed),
            "exact": _share(self.exact, self.cases),
            "cases": self.cases,
            "values": self.right + self.missed,
        }


@dataclass(slots=True)
class Slots:
    """All scores, the figures of times and fees beside them, and what differed."""

    scores: dict[str, Score] = field(default_factory=dict)
    figures: int = 0
    wrong_figures: int = 0
    states: int = 0
    right_states: int = 0
    records: int = 0
    absent: list[str] = field(default_factory=list)
    differences: list[dict[str, str]] = field(default_factory=list)

    def add(self, slot: str, code: str, mine: Counter[Hashable], gold: Counter[Hashable]) -> None:
        if not self.scores.setdefault(slot, Score()).add(mine, gold):
            self.differences.append(
                {"code": code, "slot": slot, "read": _said(mine), "gold": _said(gold)}
            )

    def as_json(self) -> dict[str, Any]:
        return {
            "records": self.records,
            "not in the data": self.absent,
            "slots": {slot: score.as_json() for slot, score in self.scores.items()},
            "figures of times and fees": self.figures,
            "wrong figures": self.wrong_figures,
            "wrong figure rate": _share(self.wrong_figures, self.figures),
            "right states": _share(self.right_states, self.states),
            "differences": self.differences,
        }


def slots(
    data: Annotated[Path, typer.Option(help="Tệp bản ghi của Cổng (.jsonl, .jsonl.zst, .json).")],
    split: Annotated[str, typer.Option(help="dev, test hoặc all.")] = "dev",
    show: Annotated[bool, typer.Option("--show", help="In từng chỗ khác.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Đọc đúng từng ô của bản ghi thủ tục đến đâu, so với bản do người đọc ghi lại."""
    if split not in SPLITS:
        raise typer.BadParameter("--split là dev, test hoặc all")
    if not data.is_file():
        raise typer.BadParameter(f"không có tệp {data}")
    found = measure(data, split)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        return
    typer.echo(table(found))
    if show:
        for one in found.differences:
            typer.echo(f"{one['code']} {one['slot']}: đọc {one['read']} | gold {one['gold']}")


def measure(data: Path, split: str, gold: Path = GOLD) -> Slots:
    """Scores of the records in ``data`` that the gold has, for one split or ``all``."""
    wanted = {row["code"]: row for row in gold_rows(gold) if split in ("all", row["split"])}
    found = Slots()
    for record in read_records(data):
        if record.card:
            card = card_from_json(record.card)
            if (row := wanted.pop(card.code, None)) is not None:
                found.records += 1
                compare(found, card, row)
    found.absent = sorted(wanted)
    return found


def gold_rows(folder: Path = GOLD) -> Iterator[dict[str, Any]]:
    """The labelled records, one at a time."""
    for path in sorted(folder.glob("gold*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def compare(found: Slots, card: ProcedureCard, gold: Mapping[str, Any]) -> None:
    """Count one record's card against its gold, slot by slot."""
    code = card.code
    if gold["levels"] is not None:
        found.add("levels", code, Counter(card.levels), Counter(gold["levels"]))
    if gold["authority"]:
        found.add("authority", code, _word(card.authority), _word(gold["authority"]))
    mine = {channel.how.value: channel for channel in card.channels}
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in gold["channels"]:
        rows.setdefault(row["how"], []).append(row)
    found.add("channels", code, Counter(mine.keys()), Counter(rows.keys()))
    for how in mine.keys() & rows.keys():
        _compare_channel(found, card, mine[how], rows[how])
    found.add("papers", code, _word(len(card.dossier)), _word(gold["dossier_count"]))
    found.add(
        "originals and copies",
        code,
        Counter((item.originals, item.copies or None) for item in card.dossier),
        Counter((item["originals"], item["copies"] or None) for item in gold["dossier"]),
    )
    found.add(
        "forms",
        code,
        Counter(_code(item.form) for item in card.dossier if item.form),
        Counter(_code(item["form"]) for item in gold["dossier"] if item["form"]),
    )
    found.add(
        "legal basis",
        code,
        Counter({document_key(number) or number for number in card.legal_basis}),
        Counter({document_key(number) or number for number in gold["legal_basis"]}),
    )
    if gold["has_conditions"] is not None:
        found.add(
            "has conditions", code, _word(bool(card.conditions)), _word(gold["has_conditions"])
        )
    if gold["steps_count"]:
        found.add("steps", code, _word(len(card.steps)), _word(gold["steps_count"]))


def _compare_channel(
    found: Slots, card: ProcedureCard, channel: FilingChannel, rows: list[Mapping[str, Any]]
) -> None:
    times: Counter[Hashable] = Counter({(t.unit.value, t.amount) for t in channel.times})
    gold_times: Counter[Hashable] = Counter(
        {(t["unit"], t["amount"]) for row in rows for t in row["times"]}
    )
    # That some people, or some months, are exempt or pay a share is no fee of its own in the gold.
    known = any(f.state is FeeState.KNOWN for f in channel.fees)
    paid = [
        f
        for f in channel.fees
        if not (f.state is FeeState.FREE and f.condition)
        and not (known and f.state is FeeState.FORMULA and "%" in f.text)
    ]
    fees: Counter[Hashable] = Counter(
        {(f.state.value, f.amount) for f in paid or channel.fees if f.state is not FeeState.UNKNOWN}
    )
    gold_fees: Counter[Hashable] = Counter(
        {_fee(f) for row in rows for f in row["fees"] if f["state"] != "unknown"}
    )
    found.add("times", card.code, times, gold_times)
    found.add("fees", card.code, fees, gold_fees)
    for slot, own, gold in (("times", times, gold_times), ("fees", fees, gold_fees)):
        figures = {value for value in own if isinstance(value, tuple) and value[1] is not None}
        found.figures += len(figures)
        found.wrong_figures += len(figures - set(gold))
        state = "known" if own else "unreadable" if slot in card.unreadable else "unknown"
        found.states += 1
        found.right_states += state in {row[f"{slot}_state"] for row in rows}


def _fee(fee: Mapping[str, Any]) -> tuple[str, int | None]:
    # An amount in another currency is "known" to a reader and a formula to the card.
    state = "formula" if fee["state"] == "known" and fee["amount"] is None else fee["state"]
    return state, fee["amount"]


def _word(value: object) -> Counter[Hashable]:
    return Counter({fold(" ".join(str(value).lower().split())).strip("."): 1})


def _code(form: str) -> str:
    return fold(form).lower().replace("mau", "").replace("so", "").replace(" ", "").strip(".")


def _said(values: Counter[Hashable]) -> str:
    return "; ".join(sorted(map(str, values.elements()))) or "-"


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def table(found: Slots) -> str:
    """The scores as Markdown."""
    lines = ["| slot | precision | recall | exact | cases |", "|---|---|---|---|---|"]
    for slot, score in found.scores.items():
        s = score.as_json()
        lines.append(
            f"| {slot} | {s['precision']:.3f} | {s['recall']:.3f} | {s['exact']:.3f}"
            f" | {s['cases']} |"
        )
    rate = _share(found.wrong_figures, found.figures)
    lines += [
        "",
        f"{found.records} records; {len(found.absent)} of the gold are not in the data.",
        f"Wrong figures of times and fees: {found.wrong_figures} of {found.figures} ({rate:.2%}).",
        f"Known, unknown or unreadable told rightly: {found.right_states} of {found.states}.",
    ]
    return "\n".join(lines)
