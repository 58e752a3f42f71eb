"""``troly bench typed``: is what people type read as they meant it?

Clean questions and sentences are made bad in seven ways (`evals/noise.py`),
repaired, and compared with what they were. Beside it: how much of clean text
is changed, which should be next to nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from evals.noise import NOISES
from evals.samples import BUNDLED, load
from evals.training.diacritics import held_out, official, rows
from knowledge_base.typed import repair
from knowledge_base.vietnamese import abbreviations, clean, is_bare, tokens

#: Name, file and field of the sets of questions in a data folder.
SETS = (
    ("ward", "police_ward_kb/queries.dev.jsonl.zst", "text"),
    ("portal faq", "dvc_faq_questions/questions.dev.jsonl.zst", "text"),
    ("police faq", "police_faq_phutho/faq.dev.jsonl.zst", "question"),
    ("law questions", "phapdien/queries_alqac.dev.jsonl.zst", "text"),
)
_FORMAL = 600


@dataclass(frozen=True, slots=True)
class Line:
    """How texts of one set and one noise came out; shares are 0 to 1."""

    noise: str
    texts: str
    count: int
    syllables: float
    whole: float
    ms: float  # of processor time, a text


def typed(
    data: Annotated[
        Path | None, typer.Option(help="Thư mục dữ liệu (phapdien, police_ward_kb…).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Đọc đúng câu gõ không dấu, nửa dấu, Telex, VNI, viết tắt, dính chữ; câu sạch giữ nguyên."""
    lines = measure(texts(data))
    if as_json:
        typer.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=2))
    else:
        typer.echo(table(lines))


def texts(data: Path | None) -> dict[str, list[str]]:
    """Clean texts by set: the project's own questions, and what a data folder has."""
    found = {"own questions": [text for text in _own() if _is_clean(text)]}
    if data is not None:
        for name, file, field in SETS:
            kept = [str(row[field]) for row in rows(data / file)]
            if kept := [text for text in kept if _is_clean(text)]:
                found[name] = kept
        if formal := list(islice(_formal(data), _FORMAL)):
            found["official text"] = formal
    return found


def _own() -> Iterator[str]:
    for name in ("citizens", "unanswerable"):
        for sample in load(BUNDLED / name).samples:
            if sample.kind not in ("teencode", "english"):
                yield sample.text


def _is_clean(text: str) -> bool:
    shorthand = abbreviations().typed
    return (
        not is_bare(text)
        and not text.isascii()
        and not any((token,) in shorthand for token in tokens(text))
    )


def _formal(data: Path) -> Iterator[str]:
    """One sentence of each official text that was kept out of the training."""
    for number, text in official(data):
        if held_out(number):
            # The middle: beginnings are alike. Long enough to be a sentence, short as a question.
            parts = [part.strip() for part in clean(text).replace(";", ".").split(". ")]
            parts = [part for part in parts if 30 < len(part) < 250 and "\n" not in part]
            if parts and _is_clean(parts[len(parts) // 2]):
                yield parts[len(parts) // 2]


def measure(found: dict[str, list[str]]) -> list[Line]:
    """A line for each set and noise; "clean" first."""
    repair("khởi động")  # the table is read once
    return [
        _line(noise, make, name, lines)
        for noise, make in {"clean": _as_it_is, **NOISES}.items()
        for name, lines in found.items()
    ]


def _as_it_is(text: str, _: int) -> str:
    return text


def _line(noise: str, make: Callable[[str, int], str], name: str, lines: Sequence[str]) -> Line:
    right = syllables = whole = 0
    spent = 0.0
    for seed, text in enumerate(lines):
        given = make(text, seed)
        began = time.process_time()
        got = repair(given).text
        spent += time.process_time() - began
        wanted, read = tokens(clean(text)), tokens(got)
        right += alike(wanted, read)
        syllables += len(wanted)
        whole += wanted == read
    return Line(
        noise, name, len(lines), right / syllables, whole / len(lines), spent / len(lines) * 1e3
    )


def alike(wanted: list[str], read: list[str]) -> int:
    """How many of the words meant were read, in their order."""
    if len(wanted) == len(read):
        return sum(a == b for a, b in zip(wanted, read, strict=True))
    blocks = SequenceMatcher(None, wanted, read, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def table(lines: Sequence[Line]) -> str:
    """The lines as Markdown."""
    out = [
        "| noise | texts | number | syllables right | texts right | ms a text |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    out += [
        f"| {line.noise} | {line.texts} | {line.count} | {line.syllables:.2%} "
        f"| {line.whole:.1%} | {line.ms:.2f} |"
        for line in lines
    ]
    return "\n".join(out)
