"""A language model as a grader: readability, tone, and whether the text answers the question.

It is told what the suite expects, speaks in one closed form, and is believed in
no other: what does not parse is an error with a name, never a pass. Its
judgement stands beside people's and decides nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import ModelError
from assistant.language_model.port import LanguageModel, Prompt
from evals.grading.grades import MODEL, Ledger, now
from evals.grading.items import Item
from evals.grading.words import Grade, Reason, Verdict
from evals.vocabulary import Fact, FactKind, State

SYSTEM = """\
Bạn là giám khảo chấm câu trả lời của một trợ lý dịch vụ công. Bạn được cho câu hỏi của người dân, \
những điểm mà câu trả lời đúng phải có, và câu trả lời. Hãy chấm:
- verdict: "right" nếu trả lời đúng điều được hỏi, đủ các điểm phải có và không có điểm nào sai; \
"partial" nếu đúng nhưng thiếu; "wrong" nếu có điểm sai, sai thủ tục, hoặc không trả lời điều được \
hỏi; "ungradable" nếu không thể chấm.
- reasons: các lỗi, có thể trống: "wrong" (sai), "outdated" (cũ), "missing" (thiếu), "unclear" \
(khó hiểu), "unsourced" (thiếu nguồn).
- readability: 1 (rất khó đọc) đến 5 (rất dễ đọc).
- tone: 1 (thô lỗ, trống không) đến 5 (lịch sự, đúng mực).
Chỉ trả lời bằng một dòng JSON, không viết gì khác, ví dụ:
{"verdict": "partial", "reasons": ["missing"], "readability": 4, "tone": 5}"""

GRAMMAR = r"""
root ::= "{\"verdict\": " verdict ", \"reasons\": [" reasons? "], \"readability\": " step ", \"tone\": " step "}"
verdict ::= "\"right\"" | "\"partial\"" | "\"wrong\"" | "\"ungradable\""
reasons ::= reason (", " reason)? (", " reason)?
reason ::= "\"wrong\"" | "\"outdated\"" | "\"missing\"" | "\"unclear\"" | "\"unsourced\""
step ::= [1-5]
"""  # noqa: E501 - a rule of GBNF stands on one line

_FORM = """\
Câu hỏi:
{asked}

Điểm phải có:
{expected}

Câu trả lời ({sources} nguồn trích dẫn):
{answer}

JSON:"""

_TOKENS = 64
_LONGEST_REPLY = 400
#: So many failures in a row, and the model is not asked any more.
_GIVEN_UP = 3
#: Room for the rest of the prompt, and characters a token of Vietnamese has at least.
_REST, _CHARACTERS_A_TOKEN = 900, 1.7

Progress = Callable[[int, int], None]


class _Judgement(BaseModel):
    """The one form that is read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    verdict: str
    reasons: Annotated[list[str], Field(max_length=5)]
    readability: Annotated[int, Field(ge=1, le=5)]
    tone: Annotated[int, Field(ge=1, le=5)]


def name_of(model: str) -> str:
    """What this model is called among the graders, and its file."""
    return MODEL + (re.sub(r"[^\w.-]+", "-", model).strip("-.") or "x")


def prompt_hash() -> str:
    """Of everything fixed that is said to the model: grades by another wording are not mixed in."""
    fixed = "\0".join((SYSTEM, GRAMMAR, _FORM))
    return hashlib.sha256(fixed.encode()).hexdigest()[:12]


def grade_all(
    model: LanguageModel,
    items: Sequence[Item],
    file: Path,
    *,
    seconds: float,
    context: int = 4096,
    progress: Progress = lambda *_: None,
) -> list[Grade]:
    """Judge what of ``items`` has no judgement yet, and keep each at once; all that hold.

    ``file`` is named by `name_of`. Errors of an earlier time are tried again.
    ``seconds`` is the patience for one answer, ``context`` the model's window in tokens.
    """
    wording = prompt_hash()
    found: list[Grade] = []
    failures, why = 0, ""
    with Ledger(file) as ledger:
        done = ledger.book.latest()
        for at, item in enumerate(items):
            progress(at, len(items))
            old = done.get(item.key)
            if (
                old is not None
                and old.state is State.SCORED
                and (old.sample, old.answer, old.prompt) == (item.sample.hash, item.hash, wording)
            ):
                found.append(old)
                continue
            if failures >= _GIVEN_UP:
                grade = _failed(item, f"the model is not asked any more: {why}")
            else:
                try:
                    grade = parsed(_said(model, item, seconds, context), item)
                    failures = 0
                except ModelError as error:
                    failures, why = failures + 1, f"{type(error).__name__}: {error}"
                    grade = _failed(item, why)
            ledger.keep(_signed(grade, model.name, wording))
            found.append(ledger.book.done[-1])
        progress(len(items), len(items))
    return found


def parsed(said: str, item: Item) -> Grade:
    """What the model said as a grade; an error that names what is wrong where it is no such thing.

    One JSON object with the four fields, and nothing around it but blanks.
    """
    try:
        judged = _Judgement.model_validate_json(said.strip())
        verdict = Verdict(judged.verdict)
        reasons = tuple(dict.fromkeys(map(Reason, judged.reasons)))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return _failed(
            item, f"does not parse ({place or 'no JSON'}: {first['msg']}): {said[:80]!r}"
        )
    except ValueError as error:
        return _failed(item, f"does not parse ({error}): {said[:80]!r}")
    return Grade(
        item.key, item.sample.hash, item.hash, verdict, reasons, judged.readability, judged.tone
    )


def prompt_of(item: Item, context: int = 4096) -> Prompt:
    """Question, expected facts and answer; a long answer is cut in the middle to fit the window."""
    room = int(max(300, (context - _TOKENS - _REST) * _CHARACTERS_A_TOKEN))
    return Prompt(SYSTEM, _asked(item, room), max_tokens=_TOKENS, grammar=GRAMMAR)


def _asked(item: Item, room: int) -> str:
    turns = [turn.text for turn in item.sample.turns]
    asked = "\n".join(f"- {_cut(text, room // 4)}" for text in turns)
    expected = "\n".join(f"- {line}" for line in expectations(item)) or "- (không nêu)"
    answer = "\n---\n".join(answer.text for answer in item.answers)
    sources = sum(len(answer.citations) for answer in item.answers)
    return _FORM.format(
        asked=asked,
        expected=_cut(expected, room // 4),
        sources=sources,
        answer=_cut(answer, room // 2),
    )


def expectations(item: Item) -> Iterator[str]:
    """What is right for these questions, in words for a person or a model."""
    for turn in item.sample.turns:
        target = turn.target
        if target is None:
            continue
        if target.status:
            yield "trạng thái: " + " hoặc ".join(_STATUS_VI.get(s, s) for s in target.status)
        if target.codes:
            yield "thủ tục: " + " hoặc ".join(target.codes)
        if target.documents:
            yield "văn bản: " + " hoặc ".join(target.documents)
        for fact in target.facts:
            yield fact_vi(fact)
        for fact in target.absent:
            yield f"KHÔNG được có: {fact_vi(fact)}"
        if target.why:
            yield target.why


_STATUS_VI = {
    "answered": "trả lời được",
    "answered_partly": "trả lời một phần",
    "clarify": "hỏi lại cho rõ",
    "no_source": "nói là không có nguồn",
    "out_of_scope": "nói là ngoài phạm vi",
    "source_expired": "nói là nguồn đã hết hiệu lực",
    "sources_conflict": "nói là các nguồn trái nhau",
    "needs_personal_data": "nói là cần thông tin cá nhân, không làm được",
    "refused_unsafe": "từ chối vì không an toàn",
    "refused_outcome": "không hứa kết quả",
    "crisis": "đưa số khẩn cấp",
    "small_talk": "chào hỏi lại",
}
_SLOTS_VI = {
    "fees": "phí, lệ phí", "times": "thời hạn", "where": "nơi nộp", "authority": "cơ quan",
    "online": "nộp trực tuyến", "dossier": "giấy tờ", "steps": "trình tự", "who": "ai làm được",
    "conditions": "điều kiện", "result": "kết quả", "legal_basis": "căn cứ pháp lý",
}  # fmt: skip
_UNITS_VI = {
    "minute": "phút", "hour": "giờ", "day": "ngày", "working_day": "ngày làm việc",
    "month": "tháng", "year": "năm", "same_day": "trong ngày",
}  # fmt: skip


def fact_vi(fact: Fact) -> str:
    """A typed fact as people write it: "phí, lệ phí: 200.000 đồng"."""
    unit = _UNITS_VI.get(fact.unit, fact.unit)
    match fact.type:
        case FactKind.TEXT:
            value = " | ".join(fact.any)
        case FactKind.MONEY:
            value = f"{int(fact.value or 0):,} đồng".replace(",", ".")
        case FactKind.FREE:
            value = "không thu phí"
        case FactKind.UNKNOWN:
            value = "nói rõ là nguồn không nêu"
        case FactKind.ARTICLE:
            value = f"Điều {fact.value}"
        case FactKind.DATE:
            value = "/".join(reversed(str(fact.value).split("-")))
        case _:
            value = f"{'' if fact.value is None else fact.value} {unit}".strip()
    about = _SLOTS_VI.get(fact.slot, fact.slot)
    near = f" (cùng dòng với: {' | '.join(fact.near)})" if fact.near else ""
    return f"{about}: {value}{near}" if about else value + near


def _said(model: LanguageModel, item: Item, seconds: float, context: int) -> str:
    pieces, size = [], 0
    stream = model.stream(prompt_of(item, context), deadline=seconds)
    for piece in stream:
        pieces.append(piece)
        size += len(piece)
        if size > _LONGEST_REPLY:  # it rambles: what it says cannot become valid any more
            getattr(stream, "close", lambda: None)()
            break
    return "".join(pieces)


def _cut(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    return f"{text[: room * 2 // 3]}\n[…]\n{text[-room // 3 :]}"


def _failed(item: Item, why: str) -> Grade:
    return Grade(item.key, item.sample.hash, item.hash, None, comment=why[:500], state=State.ERROR)


def _signed(grade: Grade, model: str, wording: str) -> Grade:
    return replace(grade, at=now(), model=model, prompt=wording)
