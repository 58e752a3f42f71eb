"""``troly bench index``: how long it takes from files to an index that answers.

Each part runs in a new home below a temporary folder, with the settings of
config.yml. The corpus in BEIR form is made on the spot: sentences of the
bundled corpus put together anew by a fixed seed, about 900 characters each.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from knowledge_base.home import Home
from knowledge_base.index.build import build_index
from knowledge_base.ingest import Target, ingest_files
from knowledge_base.passages import passages_of
from knowledge_base.prepare import bundled_documents, ensure_ready
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record


def index(
    context: typer.Context,
    documents: Annotated[int, typer.Option(min=100, help="Số văn bản BEIR để đo.")] = 20_000,
    vectors: Annotated[bool, typer.Option(help="Đo cả việc tính vector từ đầu.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Thời gian nạp tài liệu và lập chỉ mục, trong một thư mục tạm."""
    settings: KnowledgeSettings = context.obj.config.knowledge_base
    report = measure(settings, documents, vectors)
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else table(report))


def measure(settings: KnowledgeSettings, documents: int, vectors: bool) -> dict[str, Any]:
    """Seconds of each part (``noop_ms`` in milliseconds)."""
    words = settings.model_copy(update={"embedder": "none"})
    report: dict[str, Any] = {"beir_documents": documents}
    with _home() as home:
        report["first_run"] = ensure_ready(home, settings, foreground_seconds=1e9).seconds
        took = [_seconds(lambda: ensure_ready(home, settings)) for _ in range(20)]
        report["noop_ms"] = 1000 * sorted(took)[len(took) // 2]
        report["bundled_documents"] = Record(home.record()).count()
        report["bundled_passages"] = sum(1 for _ in Record(home.record()).passages())
    if vectors and settings.embedder != "none":
        with _home() as home:
            _bundled_without_vectors(home)
            report["vectors_from_nothing"] = _seconds(lambda: build_index(home, settings))
    with _home() as home:
        corpus = _corpus(home.path / "corpus.jsonl", documents)
        target = Target(home)
        report["beir_mb"] = corpus.stat().st_size / 1e6
        report["beir_ingest"] = _seconds(lambda: ingest_files([corpus], target, words))
        report["beir_again"] = _seconds(lambda: ingest_files([corpus], target, words))
        report["beir_words"] = _seconds(lambda: build_index(home, words))
    return report


def table(report: dict[str, Any]) -> str:
    """The report as a Markdown table."""
    count = report["beir_documents"]
    parts = ", ".join(f"{part} {seconds:.1f} s" for part, seconds in report["first_run"].items())
    rows = [
        (
            f"first run: {report['bundled_documents']} bundled documents, "
            f"{report['bundled_passages']} passages, as shipped",
            f"{sum(report['first_run'].values()):.1f} s ({parts})",
        ),
        ("every later start (`ensure_ready`, nothing changed)", f"{report['noop_ms']:.1f} ms"),
    ]
    if "vectors_from_nothing" in report:
        rate = report["bundled_passages"] / report["vectors_from_nothing"]
        rows.append(
            (
                "the same index with every vector computed",
                f"{report['vectors_from_nothing']:.0f} s ({rate:.1f} passages/s)",
            )
        )
    ingested, words = report["beir_ingest"], report["beir_words"]
    rows += [
        (
            f"ingest of {count:,} BEIR lines ({report['beir_mb']:.0f} MB)",
            f"{ingested:.1f} s ({count / ingested:,.0f} documents/s)",
        ),
        ("the same file again, unchanged", f"{report['beir_again']:.2f} s"),
        (
            "its index by words: built, verified, swapped",
            f"{words:.1f} s ({count / words:,.0f} documents/s)",
        ),
    ]
    lines = ["| what | time |", "|---|---|", *(f"| {what} | {took} |" for what, took in rows)]
    return "\n".join(lines)


def _bundled_without_vectors(home: Home) -> None:
    Record(home.record()).put_many(bundled_documents())


def _corpus(path: Path, documents: int) -> Path:
    sentences = [
        line
        for document, _ in bundled_documents()
        for passage in passages_of(document)
        for line in passage.text.split("\n")
    ]
    choose = random.Random(1)  # noqa: S311
    with path.open("w", encoding="utf-8") as file:
        for number in range(documents):
            text = ""
            while len(text) < 900:
                text += choose.choice(sentences) + " "
            line = {"_id": f"d{number}", "title": text[:60], "text": f"{text}Số {number}."}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return path


@contextmanager
def _home() -> Iterator[Home]:
    with tempfile.TemporaryDirectory() as folder:
        yield Home(Path(folder))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
