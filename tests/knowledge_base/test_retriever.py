"""The knowledge base behind LangChain's interface, through the real embedder and Chroma."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

from knowledge_base.documents import DocumentKind, Passage
from knowledge_base.home import Home
from knowledge_base.index.artefact import write_index
from knowledge_base.index.embedding import MemoryCache, embedder_of
from knowledge_base.index.swap import publish, temporary
from knowledge_base.retriever import KnowledgeRetriever
from knowledge_base.scope import citizen
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings

TEXTS = {
    "ho-chieu": ("Cấp hộ chiếu phổ thông", "Lệ phí cấp mới hộ chiếu phổ thông là 200.000 đồng."),
    "khai-sinh": ("Đăng ký khai sinh", "Người có trách nhiệm khai sinh nộp tờ khai tại xã."),
    "lai-xe": ("Đổi giấy phép lái xe", "Người lái xe nộp hồ sơ đổi giấy phép trực tuyến."),
}


def test_a_retriever_for_langchain(tmp_path: Path) -> None:
    passages = [
        Passage(
            id=f"{key}#0-{len(text)}", document_id=key, sha256=sha256(text.encode()).hexdigest(),
            source_id=key, kind=DocumentKind.PROCEDURE, title=title, number="", path=(), text=text,
            start=0, end=len(text), labels=("public",),
        )
        for key, (title, text) in TEXTS.items()
    ]  # fmt: skip
    home = Home(tmp_path)
    home.index().mkdir(parents=True)
    settings = KnowledgeSettings()
    embedder = embedder_of(settings, settings.threads)
    built = temporary(home.index(), "one")
    write_index(passages, built, embedder, MemoryCache(), lambda *_: None)
    publish(built, "one")
    retriever = KnowledgeRetriever(
        knowledge=KnowledgeBase(home, settings), scope=citizen(), as_of=date(2026, 7, 1), limit=2
    )
    found = retriever.invoke("lam ho chieu het bao nhieu tien")
    assert found[0].metadata["source_id"] == "ho-chieu"
    assert found[0].page_content == TEXTS["ho-chieu"][1]
    assert found[0].metadata["sha256"] == sha256(found[0].page_content.encode()).hexdigest()
    assert found[0].metadata["score_dense"] > 0
