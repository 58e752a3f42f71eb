"""A document one trusts, and answers about it that are right until a test spoils them."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from evals.ground import Ended, Ground, Known, keep_source
from evals.samples import sample_of
from evals.vocabulary import AnswerRead, Output, Sample, Score

TEXT = (
    "Thủ tục Cấp hộ chiếu phổ thông (mã 1.900001).\n"
    "Lệ phí: 200.000 đồng; cấp lại: 400.000 đồng.\n"
    "Thời hạn giải quyết: 8 ngày làm việc.\n"
    "Nơi nộp hồ sơ: Công an cấp tỉnh nơi cư trú.\n"
)
SHA = hashlib.sha256(TEXT.encode()).hexdigest()
ID = "law:1/2020/QH14"
DAY = date(2026, 11, 22)


def ground(folder: Path, *, complete: bool = True, **known: Any) -> Ground:
    """Trusts one document; ``known`` replaces what is known of it."""
    keep_source(folder, SHA, TEXT)
    usual: dict[str, Any] = {
        "id": ID, "sha256": SHA, "kind": "law", "title": "Luật Mẫu", "number": "1/2020/QH14",
        "effective_from": date(2021, 1, 1), "effective_to": None,
    }  # fmt: skip
    return Ground({ID: Known(**{**usual, **known})}, "v", folder, complete)


def ended(since: date, article: str = "") -> tuple[Ended, ...]:
    return (Ended("2/2026/QH16", since, article),)


def citation(said: str, number: int = 1, **other: Any) -> dict[str, Any]:
    start = TEXT.find(said)
    return {
        "number": number, "document_id": ID, "document_number": "1/2020/QH14",
        "title": "Luật Mẫu", "path": ["Điều 5. Lệ phí"], "quote": said, "start": start,
        "end": start + len(said), "sha256": SHA, "url": "https://example.vn/1",
        "quote_sha256": hashlib.sha256(said.encode()).hexdigest(), **other,
    }  # fmt: skip


FEES = "Lệ phí: 200.000 đồng; cấp lại: 400.000 đồng."
TIMES = "Thời hạn giải quyết: 8 ngày làm việc."
WHERE = "Nơi nộp hồ sơ: Công an cấp tỉnh nơi cư trú."
CLOSING = "Thông tin tính đến ngày 22/11/2026.\nTrợ lý AI trích tự động từ các nguồn được dẫn."


def answer(text: str | None = None, *citations: dict[str, Any], **other: Any) -> AnswerRead:
    """Without arguments: the fee, cited, in the shape the assistant gives it."""
    given = {
        "status": "answered",
        "text": f"Theo Luật Mẫu (1/2020/QH14):\n- {FEES} [1]\n{CLOSING}" if text is None else text,
        "citations": citations or (citation(FEES),),
        "as_of": DAY.isoformat(),
        **other,
    }
    return AnswerRead.model_validate(given)


def sample(text: str = "Làm hộ chiếu hết bao nhiêu?", **row: Any) -> Sample:
    return sample_of(
        {"_id": "x", "text": text, "as_of": DAY.isoformat(), **row}, row.pop("dataset", "made")
    )


def output(*answers: AnswerRead) -> Output:
    return Output(answers)


def only(scores: list[Score], measure: str) -> Score:
    """The one score of a measure."""
    (found,) = [each for each in scores if each.measure == measure]
    return found
