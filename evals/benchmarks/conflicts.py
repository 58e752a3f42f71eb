"""``troly bench conflicts``: contradictions seeded into pairs of real provisions, found or not.

The bundled texts are always taken; ``--data`` adds whole laws (``vlc_laws``) and
decrees (``van_ban_2026``). Laws are parted into halves by their name, wordings are of
one half only; decrees are taken in the test half alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
import yaml

from assistant.conflicts.compare import compare
from evals.benchmarks.files import lines
from evals.tasks.conflicts.seeding import Article, Made, pairs
from knowledge_base.documents import Document, DocumentKind
from knowledge_base.law.structure import Part, provisions

_LABEL = re.compile(r"\s*\d{1,3}[.)]\s+")
_ON = date(2026, 1, 1)
_SHORTEST, _LONGEST = 15_000, 200_000  # characters of a law that is taken
_FEWEST = 8  # articles
_SEED = 7
_WRITTEN = Path(__file__).parents[1] / "tasks" / "conflicts" / "pairs.yml"


def conflicts(
    data: Annotated[
        Path | None, typer.Option(help="Thư mục có vlc_laws/ và van_ban_2026/.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Số văn bản mỗi nửa.")] = 40,
    seed: Annotated[int, typer.Option(help="Số gieo.")] = _SEED,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Tìm mâu thuẫn gieo vào cặp quy định thật, cạnh những cặp giống mà không mâu thuẫn."""
    found: dict[str, dict[str, Counter[str]]] = {}
    for split in ("dev", "test"):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        started = time.perf_counter()
        for made in _made(data, split, limit, seed):
            _count(made, counts)
        _count_written(split, counts)
        counts["all"]["seconds"] = round(time.perf_counter() - started)
        found[split] = dict(counts)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(table(found)))


def table(found: dict[str, dict[str, Counter[str]]]) -> Iterator[str]:
    """Lines of a Markdown table: a row for each kind, then the sums."""
    yield "| kind | dev: pairs | found | false | test: pairs | found | false |"
    yield "|---|---|---|---|---|---|---|"
    kinds = dict.fromkeys(k for counts in found.values() for k in counts if k != "all")
    for kind in sorted(kinds, key=lambda k: (k.startswith("clean"), k)):
        cells = []
        for split in ("dev", "test"):
            row = found[split].get(kind, Counter())
            hit = "–" if kind.startswith("clean") else str(row["found"])
            cells += [str(row["pairs"]), hit, str(row["false"])]
        yield f"| {kind} | {' | '.join(cells)} |"
    for split in ("dev", "test"):
        yield f"\n{split}: {summary(found[split])}"


def summary(counts: dict[str, Counter[str]]) -> str:
    """Recall, precision and false alarms of one half."""
    seeded: Counter[str] = Counter()
    clean: Counter[str] = Counter()
    for kind, row in counts.items():
        if kind != "all":
            (clean if kind.startswith("clean") else seeded).update(row)
    hits, false = seeded["found"], seeded["false"] + clean["false"]
    return (
        f"recall {hits / max(1, seeded['pairs']):.3f}, precision {hits / max(1, hits + false):.3f},"
        f" {clean['alarmed']} of {clean['pairs']} clean pairs of documents with an alarm"
        f" ({100 * clean['false'] / max(1, clean['provisions']):.2f} alarms per 100 pairs of"
        f" provisions), {counts['all']['seconds']} s"
    )


def _count(made: Made, counts: dict[str, Counter[str]]) -> None:
    result = compare(_document(made.first, "a"), _document(made.second, "b"), _ON)
    at = made.first.find(made.was)
    clean = made.kind.startswith("clean")
    right = [
        f for f in result.findings
        if not clean and f.a.start < at + len(made.was) and f.a.end > at
    ]  # fmt: skip
    row = counts[made.kind]
    row["pairs"] += 1
    row["found"] += bool(right)
    row["false"] += len(result.findings) - len(right)
    row["alarmed"] += len(result.findings) > len(right)
    row["provisions"] += result.provisions[1]


def _count_written(split: str, counts: dict[str, Counter[str]]) -> None:
    """The pairs that were written by hand, in words far apart."""
    for row in yaml.safe_load(_WRITTEN.read_text("utf-8"))["pairs"]:
        if row["split"] != split:
            continue
        result = compare(_document(row["a"], "a"), _document(row["b"], "b"), _ON)
        into = counts["written" if row.get("kind") else "clean:written"]
        into["pairs"] += 1
        into["provisions"] += 1
        into["found" if row.get("kind") else "false"] += bool(result.findings)
        into["alarmed"] += bool(result.findings and not row.get("kind"))


def _made(data: Path | None, split: str, limit: int, seed: int) -> Iterator[Made]:
    texts = [(name, found) for name, found in bundled() if half_of(name) == split]
    if data is not None:
        texts += [(n, a) for n, a in _laws(data / "vlc_laws", "text") if half_of(n) == split][
            :limit
        ]
        if split == "test":
            texts += list(_laws(data / "van_ban_2026", "markdown"))[:limit]
    for name, articles in texts:
        yield from pairs(name, articles, split, seed)


def half_of(name: str) -> str:
    return "dev" if hashlib.sha1(name.encode()).digest()[0] % 2 == 0 else "test"  # noqa: S324


def bundled() -> Iterator[tuple[str, list[Article]]]:
    """The bundled legal texts; each provision that stands in them is an article of its own."""
    from knowledge_base.corpus_files import legal_documents

    for file in legal_documents():
        found = [
            Article(", ".join(one.path), (" ".join(one.text.split()),)) for one in file.passages
        ]
        if len(found) >= 4:
            yield file.number.replace("/", "-") or file.title, found


def _laws(folder: Path, field: str) -> Iterator[tuple[str, list[Article]]]:
    for stem in ("laws", "documents"):
        path = folder / f"{stem}.jsonl.zst"
        if not path.exists():
            continue
        rows = lines(path)
        for row in rows:
            text = str(row[field]).replace("**", "").replace("#", "")
            if not _SHORTEST < len(text) < _LONGEST:
                continue
            found = articles_of(text)
            if len(found) >= _FEWEST:
                yield str(row["id"]).rsplit("/", 1)[-1][:50], found


def articles_of(text: str) -> list[Article]:
    """The articles of a law with a name, clause by clause, without labels."""
    parts = provisions(text)
    found = []
    for n, part in enumerate(parts):
        if part.part is not Part.ARTICLE or not part.heading:
            continue
        inside = [p for p in parts if p.parent == n and p.part is Part.CLAUSE]
        if inside:
            clauses = [_LABEL.sub("", text[p.start : p.end].strip(), count=1) for p in inside]
        else:
            clauses = [text[part.start : part.end].strip().split("\n", 1)[-1].strip()]
        kept = tuple(clause for clause in clauses if clause)
        if kept:
            found.append(Article(part.heading, kept))
    return found


def _document(text: str, name: str) -> Document:
    sha = hashlib.sha256(text.encode()).hexdigest()
    return Document(name, name, DocumentKind.LAW, name, text, sha)
