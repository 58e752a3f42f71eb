"""LangChain + Chroma + the same embedder and model, written as the documentation teaches it.

What somebody builds who follows the tutorial on question answering: split by
length (1,000 characters, 200 overlapping), embed into Chroma, retrieve four
chunks, put them into a prompt, ``prompt | llm | StrOutputParser()``. Every
message is asked on its own. Only the embedder (multilingual-e5-small, its
whole window) and the language model are given, so that it is the chain that
is compared and not what it runs on.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.language_model.port import LanguageModel, Prompt
from evals.errors import MissingData
from evals.subjects.bare_model import TOKENS, generated, patient_model, usage_of
from evals.subjects.bm25_template import source
from evals.subjects.port import Reply, Setting
from evals.subjects.quoting import answer, citation, stored
from knowledge_base.documents import Document

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.vectorstores import VectorStore

SIZE, OVERLAP, CHUNKS = 1000, 200, 4
TEMPLATE = """Answer the question based only on the following context:
{context}

Question: {question}
"""
_WINDOW = 512  # tokens the embedder reads
_SYSTEM = "You are a helpful assistant."  # what llama.cpp's chat format puts where there is none


class TutorialChain:
    """The chain over an opened store, and the documents its chunks are of."""

    name = "chain"

    def __init__(
        self,
        store: VectorStore,
        model: LanguageModel,
        documents: Mapping[str, Document],
        corpus_version: str,
    ) -> None:
        from langchain_core.output_parsers import StrOutputParser
        from langchain_core.prompts import ChatPromptTemplate

        self._model, self._documents, self._corpus_version = model, documents, corpus_version
        self._retriever = store.as_retriever(search_kwargs={"k": CHUNKS})
        prompt = ChatPromptTemplate.from_template(TEMPLATE)
        self._chain = prompt | chat_model(model) | StrOutputParser()

    @property
    def usage(self) -> dict[str, Any]:
        """Counts of the last answer, where the model tells."""
        return usage_of(self._model)

    def describe(self) -> dict[str, Any]:
        settings = {"chunk_size": SIZE, "chunk_overlap": OVERLAP, "k": CHUNKS, "tokens": TOKENS}
        return {"corpus_version": self._corpus_version, "model": self._model.name, **settings}

    def converse(self, messages: Sequence[str], as_of: date | None) -> list[Reply]:
        return [self._reply(message, as_of) for message in messages]

    def _reply(self, message: str, as_of: date | None) -> Reply:
        started = time.perf_counter()
        chunks = self._retriever.invoke(message)
        retrieved = time.perf_counter()
        context = "\n\n".join(chunk.page_content for chunk in chunks)
        text = self._chain.invoke({"context": context, "question": message})
        ended = time.perf_counter()
        cited = []
        for number, chunk in enumerate(chunks, 1):
            start = int(chunk.metadata["start_index"])
            end = start + len(chunk.page_content)
            cited.append(citation(self._documents[chunk.metadata["id"]], start, end, number))
        told = answer("answered", text, cited, as_of, model=self._model.name)
        steps = {"retrieve": 1000 * (retrieved - started), "generate": 1000 * (ended - retrieved)}
        return Reply(told, 1000 * (ended - started), steps)

    def source(self, document_id: str, sha256: str) -> str | None:
        return source(self._documents, document_id, sha256)

    def close(self) -> None:
        self._model.close()


def chat_model(model: LanguageModel) -> BaseChatModel:
    """A `LanguageModel` as a LangChain chat model."""
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage
    from langchain_core.outputs import ChatGeneration, ChatResult

    class _Chat(BaseChatModel):
        @property
        def _llm_type(self) -> str:
            return "troly"

        def _generate(
            self,
            messages: list[BaseMessage],
            stop: list[str] | None = None,
            run_manager: Any = None,  # noqa: ARG002
            **kwargs: Any,  # noqa: ARG002
        ) -> ChatResult:
            system = [str(m.text) for m in messages if m.type == "system"] or [_SYSTEM]
            user = [str(m.text) for m in messages if m.type != "system"]
            prompt = Prompt("\n".join(system), "\n".join(user), TOKENS, tuple(stop or ()))
            text = generated(model, prompt)
            return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])

    return _Chat()


def open_chain(setting: Setting) -> TutorialChain:
    """The chain over what is stored in this home; its store is made once and kept."""
    model = patient_model(setting)
    try:
        documents, version = stored(setting)
        store = _store(setting.work / f"chain-{version}", documents, setting)
    except BaseException:
        model.close()
        raise
    return TutorialChain(store, model, documents, version)


def _store(folder: Path, documents: Mapping[str, Document], setting: Setting) -> VectorStore:
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")  # of Chroma
    try:
        from langchain_chroma import Chroma
        from langchain_core.documents import Document as Text
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise MissingData(
            f"{error.name} is not installed: install requirements-dev.in to compare with the chain"
        ) from error
    from knowledge_base.index.embedding import as_langchain
    from knowledge_base.index.onnx_embedding import OnnxEmbedder

    threads = setting.config.knowledge_base.threads
    embeddings = as_langchain(OnnxEmbedder(threads=threads, tokens=_WINDOW))
    done = folder / "done"
    if done.exists():
        known: VectorStore = Chroma(embedding_function=embeddings, persist_directory=str(folder))
        return known
    shutil.rmtree(folder, ignore_errors=True)  # begun and not finished
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=SIZE, chunk_overlap=OVERLAP, add_start_index=True
    )
    texts = [Text(each.text, metadata={"id": key}) for key, each in documents.items()]
    chunks = splitter.split_documents(texts)
    store: VectorStore = Chroma.from_documents(chunks, embeddings, persist_directory=str(folder))
    done.touch()
    return store
