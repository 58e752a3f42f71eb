"""Re-check saved answers against the stored texts, and replay kept ones."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.citing import holds
from assistant.errors import InputError
from assistant.receipts import digest
from assistant.vocabulary import Answer, Citation, Question
from knowledge_base.scope import Scope
from knowledge_base.search import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Check:
    """One citation looked up again.

    ``verdict``: ``ok`` (the quote stands, in the current version), ``superseded``
    (it stands in the version that was cited, which is no longer current),
    ``withdrawn`` (the document is gone), ``unknown`` (no such version is
    stored here), ``altered`` (quote, offsets or hash do not fit the text).
    """

    answer_id: str
    number: int
    document_id: str
    verdict: str

    @property
    def holds(self) -> bool:
        return self.verdict in ("ok", "superseded")


def check_file(path: Path, knowledge: KnowledgeBase, scope: Scope) -> list[Check]:
    """All citations of all answers in a JSON or JSONL file."""
    checks = []
    for answer in _answers(path):
        for citation in answer.get("citations", ()):
            verdict = _verdict(citation, knowledge, scope)
            checks.append(
                Check(
                    str(answer.get("id", "")),
                    int(citation.get("number", 0)),
                    str(citation.get("document_id", "")),
                    verdict,
                )
            )
    return checks


def _answers(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    try:
        whole = json.loads(text)
        rows = whole if isinstance(whole, list) else [whole]
    except ValueError:
        try:
            rows = [json.loads(line) for line in text.split("\n") if line.strip()]
        except ValueError as error:
            raise InputError(f"{path} is neither JSON nor JSONL: {error}.") from error
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("citations"), list):
            raise InputError(f"{path} holds no answers: an object with 'citations' was expected.")
        yield row


def _verdict(data: dict[str, Any], knowledge: KnowledgeBase, scope: Scope) -> str:
    try:
        citation = Citation(
            document_id=data["document_id"], document_number="", title="", path=(), url="",
            quote=data["quote"], start=int(data["start"]), end=int(data["end"]),
            sha256=data["sha256"],
            quote_sha256=data.get("quote_sha256") or _hash(data["quote"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        return "altered"
    text = knowledge.version(citation.sha256, scope)
    if text is None:
        return "unknown"
    if not holds(citation, text):
        return "altered"
    document = knowledge.document(citation.document_id, scope)
    if document is None:
        return "withdrawn"
    return "ok" if document.sha256 == citation.sha256 else "superseded"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_WORDS = {
    "ok": "đúng nguyên văn, bản hiện hành",
    "superseded": "đúng nguyên văn, nhưng văn bản đã có phiên bản mới",
    "withdrawn": "văn bản đã bị rút",
    "unknown": "không có phiên bản này trong kho",
    "altered": "KHÔNG khớp với văn bản",
}


def report(checks: Sequence[Check], *, as_json: bool) -> str:
    """The checks as JSON or as lines a person reads."""
    if as_json:
        rows = [{**asdict(check), "holds": check.holds} for check in checks]
        return json.dumps(
            {"ok": all(c.holds for c in checks), "citations": rows}, ensure_ascii=False, indent=2
        )
    lines = [f"[{check.number}] {check.document_id}: {_WORDS[check.verdict]}" for check in checks]
    good = sum(check.holds for check in checks)
    return "\n".join([*lines, f"{good}/{len(checks)} trích dẫn đúng."])


def replay_receipt(assistant: Assistant, receipt_id: str, scope: Scope) -> tuple[Answer, bool, str]:
    """The deterministic answer of a receipt, whether it is the same, and if not, why.

    Raises:
        InputError: there is no such receipt.
    """
    receipt = assistant.receipts.get(receipt_id) if assistant.receipts else None
    if receipt is None:
        raise InputError(
            f"There is no receipt {receipt_id}. They are kept for "
            f"{assistant.config.receipts.days} days in state.sqlite."
        )
    question = Question(
        receipt.question, scope, as_of=receipt.as_of, profile=receipt.profile,
        history=receipt.history, use_model=False,
    )  # fmt: skip
    answer = assistant.ask(question, keep=False)
    if digest(answer) == receipt.deterministic_sha256:
        return answer, True, ""
    if answer.corpus_version != receipt.corpus_version:
        why = f"kho tài liệu đã đổi ({receipt.corpus_version[:12]} → {answer.corpus_version[:12]})."
    elif assistant.receipts and assistant.receipts.rules != receipt.rules:
        why = f"bộ quy tắc đã đổi ({receipt.rules} → {assistant.receipts.rules})."
    else:
        why = "cấu hình đã đổi."
    return answer, False, why
