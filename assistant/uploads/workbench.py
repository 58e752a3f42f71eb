"""What an officer can do with uploaded documents: ask, count, compare, check.

Everything is made of the officer's own documents, handed back, and forgotten: nothing of them
is kept outside the officer's folder, in memory neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from assistant.as_of import today
from assistant.config import Config
from assistant.errors import InputError
from assistant.uploads.answering import UploadAnswers
from assistant.uploads.settings import UploadSettings
from assistant.uploads.store import Uploads
from assistant.uploads.vocabulary import Held
from assistant.vocabulary import Answer, Question, Status, Turn
from knowledge_base.documents import Document
from knowledge_base.home import Home
from knowledge_base.scope import Scope
from knowledge_base.search import KnowledgeBase

#: The folder of uploads inside the restricted part of a home.
FOLDER = "uploads"
_LEAST = 0.6  # confidence of a conflict that is told
_CORPUS = 20  # documents in force that a document is compared with


class Workbench:
    """The uploads of one installation and what is done with them."""

    def __init__(self, home: Home, config: Config) -> None:
        self.home = home
        self.config = config
        folder = home.restricted / FOLDER
        self.store = Uploads(folder, config.uploads, config.knowledge_base)
        # Only to put diacritics back into questions.
        self._spelling = KnowledgeBase(home.for_citizens(), config.knowledge_base)
        self._answers = UploadAnswers(config, self._spelling, self.store.vectors)

    @property
    def settings(self) -> UploadSettings:
        return self.config.uploads

    def close(self) -> None:
        """Let go of what is open."""
        self._spelling.close()

    # --- asking -------------------------------------------------------------------------------

    def ask(
        self, owner: str, text: str, ids: Sequence[str], scope: Scope, before: str = ""
    ) -> Answer:
        """An answer from these documents alone. ``before``: the question that ``text`` goes on
        from. Raises `NoUpload`."""
        history = (Turn(before, "", Status.ANSWERED),) if before else ()
        question = Question(text, scope, history=history, use_model=False)
        return self._answers.ask(question, self._held(owner, ids))

    def document(self, owner: str, upload_id: str) -> Document:
        """The text of a document, to be shown beside a quote. Raises `NoUpload`."""
        return self.store.held(owner, upload_id).document

    # --- figures ------------------------------------------------------------------------------

    def figures(self, owner: str, text: str, ids: Sequence[str]) -> dict[str, Any]:
        """An answer about figures, by `assistant.figures`. Raises `NoUpload`, `InputError`."""
        from assistant.figures.asking import answered
        from assistant.figures.reading import figures_of
        from assistant.figures.told import answer_json, answer_lines
        from knowledge_base.readers.reading import Reading

        if not text.strip():
            raise InputError("Hãy ghi câu hỏi, ví dụ: năm 2025 đạt bao nhiêu, tăng bao nhiêu?")
        readings = []
        for held in self._held(owner, ids):
            document, upload = held.document, held.upload
            read = Reading(document.title, document.text, _spans(document), document.meta)
            readings.append(
                figures_of(read, held.tables, upload.name, upload.sha256, upload.suffix)
            )
        found = answered(text, [figure for one in readings for figure in one.figures])
        notes = [f"{one.source.file}: {note}" for one in readings for note in one.notes]
        return {**answer_json(found), "lines": list(answer_lines(found)), "notes": notes}

    # --- conflicts ----------------------------------------------------------------------------

    def conflicts(
        self, owner: str, first: str, second: str, *, number: str = "", on: date | None = None
    ) -> dict[str, Any]:
        """Two uploads compared; ``number`` instead of ``second``: with a document of the record.

        Raises:
            NoUpload, InputError: there is no such document, or the two cannot be compared.
        """
        from assistant.conflicts.commands import between
        from assistant.conflicts.sources import Named, named_in_record
        from assistant.conflicts.told import comparison_json
        from knowledge_base.store import Record

        a = self._named(owner, first)
        if number.strip():
            if not self.home.record().exists():
                raise InputError("Kho văn bản chưa sẵn sàng. Hãy thử lại sau ít phút.")
            other: Named = named_in_record(number.strip(), Record(self.home.record()))
        else:
            other = self._named(owner, second)
        return comparison_json(between(a, other, on or today(), _LEAST))

    def against_corpus(self, owner: str, upload_id: str, on: date | None = None) -> dict[str, Any]:
        """An upload against the documents in force that speak of the same things."""
        from assistant.conflicts.commands import between
        from assistant.conflicts.sources import Named, in_force_beside
        from assistant.conflicts.told import comparison_json

        a, day = self._named(owner, upload_id), on or today()
        # One of its own, closed behind: what is looked up are sentences of the upload.
        with closing(
            KnowledgeBase(self.home.for_citizens(), self.config.knowledge_base)
        ) as knowledge:
            made = [
                between(Named(other, other.number), a, day, _LEAST)
                for other in in_force_beside(a.document, knowledge, day, _CORPUS)
            ]
        told = [comparison_json(each) for each in made if each.findings]
        return {"compared": len(made), "comparisons": told}

    def _named(self, owner: str, upload_id: str) -> Any:
        from assistant.conflicts.sources import Named

        held = self.store.held(owner, upload_id)
        return Named(held.document, held.upload.name, held.upload.remarks)

    # --- layout -------------------------------------------------------------------------------

    def check(self, owner: str, upload_id: str) -> dict[str, Any]:
        """The faults of a paper's layout. Raises `NoUpload`, `InputError`."""
        from assistant.drafting.worker import check_apart

        path = self.store.file(owner, upload_id)
        if path.suffix != ".docx":
            raise InputError(
                "Chỉ kiểm tra được thể thức của tệp .docx. Hãy lưu văn bản thành .docx rồi tải "
                "lên lại."
            )
        record: Path | None = self.home.record()
        return check_apart(path.read_bytes(), record if record and record.exists() else None)

    def _held(self, owner: str, ids: Sequence[str]) -> list[Held]:
        return [self.store.held(owner, each) for each in dict.fromkeys(ids)]


def _spans(document: Document) -> tuple[tuple[tuple[str, ...], int, int], ...]:
    return tuple((section.path, section.start, section.end) for section in document.sections)
