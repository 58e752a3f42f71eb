"""Do what the commands do: mask and read, find like ones, take a question, pair laws."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from assistant.judging.steps import RefuseVerdict
from assistant.vocabulary import Draft, Ending, Question
from evals.benchmarks.files import lines
from evals.subjects.port import Setting, Subject
from evals.tasks.judgments.samples import texts
from evals.vocabulary import Sample
from knowledge_base.index.embedding import embedder_of
from knowledge_base.judgments.importing import SAMPLES, from_text, sample_text
from knowledge_base.judgments.judgment import Judgment
from knowledge_base.judgments.masking import mask
from knowledge_base.judgments.similar import Case, similar
from knowledge_base.judgments.spelled import Spelled
from knowledge_base.law.article_map import MapArticle, article_map
from knowledge_base.law.law_document import read_law
from knowledge_base.scope import citizen
from knowledge_base.vietnamese import clean


def generate(sample: Sample, _: Subject, setting: Setting) -> dict[str, Any]:
    """What one sample gives, as `score` expects it."""
    given = sample.given
    if given["what"] == "text":
        return _text(given)
    if given["what"] == "like":
        case = Case.of_facts(mask(given["ask"]).text)
        embedder = embedder_of(setting.config.knowledge_base, 1)
        found = similar(case, _every(), limit=3, embedder=embedder)
        return {"found": [one.judgment.number.value for one in found]}
    if given["what"] == "verdict":
        draft = Draft(Question(given["ask"], citizen(), profile="judge"), as_of=date(2026, 11, 22))
        return {"refused": isinstance(RefuseVerdict()(draft), Ending)}
    return _pairs(given)


def unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its braces, and the spans that they marked."""
    text, spans, start = "", [], 0
    for piece in re.findall(r"[{}]|[^{}]+", clean(unicodedata.normalize("NFC", marked))):
        if piece == "{":
            start = len(text)
        elif piece == "}":
            spans.append((start, len(text)))
        else:
            text += piece
    return text, spans


def _text(given: dict[str, Any]) -> dict[str, Any]:
    text, spans = unmarked(given["marked"])
    masked = mask(text)
    gone = [False] * len(text)
    for span in masked.spans:
        gone[span.start : span.end] = [True] * (span.end - span.start)
    left = [
        text[a:b] for a, b in spans if not all(gone[n] for n in range(a, b) if text[n].isalnum())
    ]
    others, taken = 0, []
    spelled = Spelled(text)
    for run in spelled.runs:
        start, end = spelled.words[run.first].start, spelled.words[run.last].end
        if not any(a < end and start < b for a, b in spans):
            others += 1
            if any(gone[start:end]):
                taken.append(text[start:end])
    made: dict[str, Any] = {"mentions": len(spans), "left": left, "others": others, "taken": taken}
    return made | (_read(text) if given["fields"] else {})


def _read(text: str) -> dict[str, Any]:
    one = from_text(text)
    return {
        "fields": {
            "number": one.number.value,
            "court": one.court.value,
            "date": one.decided_on.value,
            "level": one.level.value,
            "branch": one.branch.value,
            "relation": one.relation.value,
        },
        "articles": [f"{a.number} {a.article} {a.clause}".strip() for a in one.applied],
    }


@cache
def _every() -> tuple[Judgment, ...]:
    own = [from_text(sample_text(path)) for path in sorted(SAMPLES.glob("*.txt"))]
    others = [from_text(unmarked(row["marked"])[0]) for row in texts() if row["fields"]]
    return (*own, *others)


def _pairs(given: dict[str, Any]) -> dict[str, Any]:
    data = Path(given["data"])
    old = _old(data, given["old"])
    new = (
        _listed(data, given["new"])
        if given["new"].startswith("Luật")
        else _codified(data, given["new"])
    )
    pairs = article_map(old, new)
    return {"pairs": [[p.old, p.new] for p in pairs if p.old and p.new]}


def _old(data: Path, name: str) -> list[MapArticle]:
    row = next(r for r in lines(data / "vlc_laws" / "laws.jsonl.zst") if r["id"] == name)
    text = clean(row["text"])
    read = read_law(text)
    parts = [read.parts[n] for n in read.own_articles]
    return [MapArticle(p.label, p.heading, text[p.start : p.end]) for p in parts]


def _codified(data: Path, number: str) -> list[MapArticle]:
    rows = lines(data / "phapdien" / "corpus.jsonl.zst")
    found = (r for r in rows if r["meta"].get("doc_number") == number)
    return _sorted(MapArticle(r["meta"]["article"], r["title"], r["text"]) for r in found)


def _listed(data: Path, name: str) -> list[MapArticle]:
    found = []
    for row in lines(data / "vlsp2023_lter" / "corpus.jsonl.zst"):
        law, _, label = row["_id"].partition("#")
        if law == name:
            found.append(MapArticle(label, row["text"].partition("\n")[0].strip(), row["text"]))
    return _sorted(iter(found))


def _sorted(articles: Iterator[MapArticle]) -> list[MapArticle]:
    return sorted(articles, key=lambda a: int(re.sub(r"\D", "", a.label) or 0))
