"""What a citizen is told is the same, byte by byte, with and without restricted texts.

Prompts, answers, hits, suggestions, logs, receipts and metrics are compared, of a citizens'
server beside a restricted store and of one without; and of an officers' server asked by an
officer without labels. The documents are made to get in the way: titles, numbers and words
of public ones, exact quotes as questions.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import sqlite3
import tempfile
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.build import build_assistant
from assistant.config import Config
from assistant.dialogue.opening import open_conversation
from assistant.language_model.scripted import ScriptedModel
from bots.web.app import create_app
from bots.web.desk import Desk
from knowledge_base.documents import Document, DocumentKind
from knowledge_base.home import Home
from knowledge_base.index import build
from knowledge_base.query import Query
from knowledge_base.scope import citizen, officer
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record
from knowledge_base.vietnamese import fold

_EXAMPLES = int(os.environ.get("ACCESS_EXAMPLES", "5"))
SETTINGS = KnowledgeSettings(embedder="none")
CONFIG = Config(knowledge_base=SETTINGS, dialogue={"mode": "direct"})
CANARY = "chim sâm cầm tím 7.319.000"

#: Titles and numbers that public documents have, too.
_TITLES = st.sampled_from(
    ("Cấp hộ chiếu phổ thông ở trong nước", "Đăng ký khai sinh", "Luật Căn cước",
     "Hướng dẫn nội bộ về hộ chiếu", "Chế độ trực đêm trạm Sâm Cầm")
)  # fmt: skip
_NUMBERS = st.sampled_from(("", "26/2023/QH15", "118/2025/NĐ-CP", "731/QĐ-BSC", "05/2026/TT-MAT"))
_WORDS = st.lists(
    st.sampled_from(
        ("lệ phí", "hộ chiếu", "khai sinh", "200.000 đồng", "nội bộ", "Sâm Cầm", "trực đêm",
         "Điều 5", "thời hạn", "05 ngày làm việc", "bỏ qua hướng dẫn", "căn cước", "ở đâu")
    ),
    min_size=3, max_size=12,
).map(" ".join)  # fmt: skip
_LABELS = st.sampled_from((("noi-bo",), ("tu-phap",), ("noi-bo", "tu-phap"), ("public", "mat")))


def document(name: int, title: str, number: str, words: str, labels: tuple[str, ...]) -> Document:
    text = f"{title}\n\nĐiều 1. {words}\n{words.capitalize()} là {CANARY}.\n"
    return Document(
        id=f"file:rieng/{name}.md", source_id=f"{name}.md", kind=DocumentKind.OTHER, title=title,
        text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), number=number, labels=labels,
        collection="rieng",
    )  # fmt: skip


_DOCUMENTS = st.lists(
    st.builds(document, st.integers(0, 999), _TITLES, _NUMBERS, _WORDS, _LABELS),
    min_size=1, max_size=5, unique_by=lambda one: one.id,
)  # fmt: skip


def asked_of(found: list[Document], more: list[str]) -> list[str]:
    """Titles, numbers and quotes of what is restricted, and what citizens ask anyway."""
    aimed = []
    for one in found[:2]:
        aimed += [one.title, f"Tóm tắt văn bản {one.number or one.title}", one.text.split("\n")[3]]
    usual = ["Làm hộ chiếu phổ thông hết bao nhiêu tiền?", "nộp ở đâu?"]
    return [*aimed, fold(aimed[0]), *more, *usual]


def restricted_home(shared: Home, folder: Path, found: list[Document]) -> Home:
    home = Home(folder)
    folder.mkdir()
    home.store().symlink_to(shared.store(), target_is_directory=True)
    if found:
        home.make_restricted()
        Record(home.record("restricted")).put_many((one, None) for one in found)
        with mock.patch.object(build, "_say"), mock.patch.object(build, "_verify"):
            build._run(home, SETTINGS, "restricted", True, False)
    return home


def observed(home: Home, questions: list[str], *, officers: bool) -> dict[str, Any]:
    """Everything that comes out while a citizen asks, but what differs from run to run."""
    model = ScriptedModel(("Lệ phí là [1].",))
    home = home.for_officers() if officers else home.for_citizens()
    assistant = build_assistant(home, CONFIG, model=model, restricted=officers)
    desk = Desk(CONFIG)
    desk.open(assistant, open_conversation(home, assistant))
    logged: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    told: list[str] = []
    try:
        with TestClient(create_app(desk), base_url="http://127.0.0.1") as client:
            for number, text in enumerate(questions):
                body = {"message": text, "session": "s"}
                told.append(client.post("/api/chat", json=body).text)
                said = {"messages": [{"role": "user", "content": text}]}
                told.append(client.post("/v1/chat/completions", json=said).text)
                hook = {"sender": f"w{number}", "message": text}
                told.append(client.post("/webhooks/rest/webhook", json=hook).text)
                side = {"a": text, "b": "Điều 1. Lệ phí là 200.000 đồng."}
                told.append(client.post("/api/conflicts", json=side).text)
            for name in ("rieng/1.md", *(f"rieng/{n}.md" for n in range(0, 1000, 250))):
                told.append(client.get(f"/api/sources/file:{name}").text)
            metrics = client.get("/metrics").text
            hits = [
                [(hit.passage.id, hit.score) for hit in assistant.knowledge.search(
                    Query(text), scope=citizen(), as_of=date(2026, 7, 1), gate=False, limit=20)]
                for text in questions
            ]  # fmt: skip
    finally:
        logging.getLogger().removeHandler(handler)
    with sqlite3.connect(home.state_database) as db:
        receipts = db.execute(
            "SELECT as_of, status, corpus_version, question, history, retrieved, cited, verdicts,"
            " deterministic_sha256 FROM receipts ORDER BY rowid"
        ).fetchall()
    return {
        "prompts": [(each.system, each.user) for each in model.prompts],
        "told": [_steady(text) for text in told],
        "hits": hits,
        "logged": [line for line in logged if "HTTP" not in line],
        "receipts": receipts,
        "metrics": [line for line in metrics.splitlines() if _counts(line)],
    }


def _steady(text: str) -> str:
    """Without ids, clocks and how long each step took."""
    text = re.sub(r'"ms":[\d.]+', '"ms":0', text)
    text = re.sub(r'"(id|answer_id)":"[\w-]+"', '"id":""', text)
    text = re.sub(r"chon:[0-9a-f]+:", "chon::", text)
    return re.sub(r'"created":\d+', '"created":0', text)


def _counts(line: str) -> bool:
    return (
        not line.startswith(("#", "process_", "python_"))
        and "seconds" not in line
        and "_created" not in line
    )


@pytest.mark.slow
@pytest.mark.timeout(1200)
@given(found=_DOCUMENTS, more=st.lists(_WORDS, max_size=2))
@settings(
    max_examples=_EXAMPLES, deadline=None, print_blob=True, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_a_citizen_is_told_the_same_with_and_without_restricted_texts(
    bundled_home: Home, found: list[Document], more: list[str]
) -> None:
    questions = asked_of(found, more)
    with tempfile.TemporaryDirectory(prefix="troly-same-") as folder:
        without = restricted_home(bundled_home, Path(folder) / "without", [])
        beside = restricted_home(bundled_home, Path(folder) / "with", found)
        alone = observed(without, questions, officers=False)
        assert alone["prompts"]  # else that they are the same would say nothing
        assert observed(beside, questions, officers=False) == alone
        assert observed(beside, questions, officers=True) == alone
        whole = KnowledgeBase(beside.for_officers(), SETTINGS, restricted=True)
        scope = officer(frozenset({"noi-bo", "tu-phap", "mat"}))
        quote = Query(found[0].text.split("\n")[3])
        hits = whole.search(quote, scope=scope, as_of=date(2026, 7, 1), gate=False, limit=50)
        assert any(CANARY in hit.passage.text for hit in hits)  # and who may see them does
