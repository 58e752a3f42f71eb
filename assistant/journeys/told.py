"""A checklist in words (plain text that prints well) and as JSON for doors."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from assistant.journeys.checklist import Checklist, Due, Step, StepStatus
from assistant.vocabulary import Citation

WIDTH = 92

_BOX = {
    StepStatus.OPEN: "[ ]",
    StepStatus.BLOCKED: "[ ]",
    StepStatus.DONE: "[x]",
    StepStatus.SKIPPED: "[-]",
}
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_ONLINE = {
    "full": "làm được hoàn toàn trên mạng",
    "partial": "làm được một phần trên mạng",
    "yes": "nộp được trên mạng",
    "no": "kho chưa ghi cách nộp trên mạng",
}
_FOOTER = (
    "Danh sách này để tham khảo; cơ quan có thẩm quyền là nơi quyết định. Ngày ghi ở mục Hạn là "
    "ngày cuối cùng, nên làm sớm hơn."
)


def day_in_words(value: date) -> str:
    """A day with its name: "thứ Ba 19/01/2027"."""
    return f"{_WEEKDAYS[value.weekday()]} {value:%d/%m/%Y}"


def checklist_text(checklist: Checklist, width: int = WIDTH) -> str:
    """The checklist as lines of at most ``width`` characters, sources at the end."""
    return "\n".join(_wrapped(_lines(checklist), width)) + "\n"


def brief_text(checklist: Checklist) -> str:
    """The checklist for a conversation: what, until when by which article, and the code."""
    numbers = {step.id: i for i, step in enumerate(checklist.steps, 1)}
    lines = [f"Việc cần làm: {checklist.title}"]
    if checklist.event_date:
        lines[0] += f" ({checklist.event}: {checklist.event_date:%d/%m/%Y})"
    lines += [f"Lưu ý: {notice}" for notice in checklist.notices]
    for step in checklist.steps:
        code = f" (mã {step.procedure})" if step.procedure else ""
        lines += ["", f"{_BOX[step.status]} {numbers[step.id]}. {step.title}{code}"]
        if step.status in (StepStatus.DONE, StepStatus.SKIPPED):
            continue
        if step.condition:
            lines.append(f"Chỉ khi: {step.condition}")
        if step.optional:
            lines.append(f"Không bắt buộc: {step.optional}")
        if step.blocked_by:
            waits = ", ".join(str(numbers[name]) for name in step.blocked_by)
            lines.append(f"Làm sau việc số {waits}")
        if step.due:
            cited = f" [{_place(step.due.citation)}]" if step.due.citation else ""
            lines.append(f"Hạn: {due_words(step.due, step.is_late)}{cited}")
        if step.is_late and step.late:
            lines.append(f"Khi muộn: {step.late}")
        if not step.procedure and step.where:
            lines.append(f"Nơi làm: {step.where}")
        if step.note:
            lines.append(f"Ghi chú: {step.note}")
    if checklist.code:
        lines += ["", f"Mã để xem lại danh sách: {checklist.code}. Ai có mã này đều xem được."]
    lines.append(f"{_FOOTER} Làm xong việc nào, anh/chị nhắn “xong việc 1”.")
    return "\n".join(lines)


def due_words(due: Due, is_late: bool = False) -> str:
    """One sentence on a deadline."""
    if due.day is None:
        return f"{due.text} ({due.unknown})"
    said = f"{day_in_words(due.day)} ({due.text})"
    if due.moved_to:
        said += (
            f". Ngày đó là ngày nghỉ nên hạn kéo đến hết {day_in_words(due.moved_to)} "
            "(Bộ luật Dân sự, Điều 148)"
        )
    if due.unsure:
        said += f". Đã tính theo ngày sớm nhất vì {due.unsure}"
    return f"ĐÃ QUÁ HẠN, hạn là {said}" if is_late else said


def _lines(checklist: Checklist) -> Iterator[tuple[int, str]]:
    """Indents and paragraphs."""
    numbers = {step.id: i for i, step in enumerate(checklist.steps, 1)}
    conditional = {step.id for step in checklist.steps if step.condition}
    cited: dict[tuple[str, int], int] = {}
    yield 0, f"VIỆC CẦN LÀM: {checklist.title.upper()}"
    if checklist.event_date:
        yield 0, f"{_capital(checklist.event)}: {day_in_words(checklist.event_date)}"
    else:
        yield 0, f"Chưa biết {checklist.event}, nên chưa tính được hạn."
    if checklist.code:
        yield 0, f"Mã để xem lại: {checklist.code} (ai có mã này đều xem được danh sách)"
    yield 0, ""
    yield 0, checklist.opening
    for notice in checklist.notices:
        yield 0, f"Lưu ý: {notice}"
    if checklist.questions:
        yield 0, ""
        yield 0, "Trả lời thêm để danh sách sát hơn:"
        for question in checklist.questions:
            many = " (có thể chọn nhiều)" if question.many else ""
            yield 2, f"- {question.ask}{many}"
            for value, title in question.choices:
                yield 6, f"{title} [{question.id}={value}]"
    stage = 0
    several = checklist.steps[-1].stage > 1
    for step in checklist.steps:
        if step.stage != stage:
            stage = step.stage
            yield 0, ""
            if several:
                beside = sum(other.stage == stage for other in checklist.steps) > 1
                yield 0, f"Đợt {stage}" + (" (các việc này làm song song được)" if beside else "")
        yield from _step_lines(step, numbers, conditional, cited)
    if cited:
        yield 0, ""
        yield 0, "Nguồn:"
        found = {(c.document_id, c.start): c for s in checklist.steps for c in s.citations}
        for key, number in cited.items():
            yield 0, f"[{number}] {_source(found[key])}"
    yield 0, ""
    yield 0, _FOOTER


def _step_lines(
    step: Step,
    numbers: Mapping[str, int],
    conditional: set[str],
    cited: dict[tuple[str, int], int],
) -> Iterator[tuple[int, str]]:
    marks = [
        cited.setdefault((each.document_id, each.start), len(cited) + 1) for each in step.citations
    ]
    refs = "".join(f" [{number}]" for number in sorted(marks))
    code = f" (mã {step.procedure})" if step.procedure else ""
    yield 0, f"{_BOX[step.status]} {numbers[step.id]}. {step.title}{code}{refs}"
    if step.status is StepStatus.DONE:
        if step.done_on:
            yield 6, f"Đã làm ngày {step.done_on:%d/%m/%Y}"
        return
    if step.status is StepStatus.SKIPPED:
        yield 6, "Đã bỏ qua"
        return
    if step.condition:
        yield 6, f"Chỉ khi: {step.condition}"
    if step.optional:
        yield 6, f"Không bắt buộc: {step.optional}"
    if step.blocked_by:
        waits = ", ".join(str(numbers[name]) for name in step.blocked_by)
        which = " (việc nào áp dụng cho mình)" if conditional & set(step.blocked_by) else ""
        yield 6, f"Làm sau việc số {waits}{which}"
    if step.due:
        yield 6, f"Hạn: {due_words(step.due, step.is_late)}"
    if step.is_late:
        late = step.late or "Kho chưa có quy định về việc làm muộn; vẫn nên làm ngay."
        yield 6, f"Khi muộn: {late}"
    if step.where:
        yield 6, f"Nơi làm: {step.where}"
    if step.who:
        yield 6, f"Cơ quan giải quyết: {step.who}"
    if step.online:
        yield 6, f"Qua mạng: {_ONLINE[step.online]}"
    if step.gives:
        after = ", ".join(str(numbers[name]) for name in step.used_by)
        yield 6, f"Nhận được: {step.gives}" + (f" (dùng cho việc số {after})" if after else "")
    if step.note:
        yield 6, f"Ghi chú: {step.note}"


def _wrapped(lines: Iterator[tuple[int, str]], width: int) -> Iterator[str]:
    for indent, text in lines:
        if not text:
            yield ""
            continue
        hanging = 6 if text.startswith("[") else indent + 2 if indent else 0
        yield from textwrap.wrap(
            text, width, initial_indent=" " * indent, subsequent_indent=" " * hanging,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip


def _source(citation: Citation) -> str:
    where = f", {', '.join(citation.path)}" if citation.path else ""
    number = citation.document_number
    named = citation.title if number in citation.title else f"{citation.title} ({number})"
    return f"{named}{where}: “{citation.quote}”"


def _place(citation: Citation) -> str:
    return ", ".join(filter(None, (citation.document_number or citation.title, *citation.path)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def checklist_json(checklist: Checklist) -> dict[str, Any]:
    """Everything a door needs to draw the checklist; days as ``2027-01-19``."""
    return {
        "journey": checklist.journey,
        "title": checklist.title,
        "opening": checklist.opening,
        "event": checklist.event,
        "event_date": _iso(checklist.event_date),
        "today": _iso(checklist.today),
        "code": checklist.code,
        "revision": checklist.revision,
        "answers": dict(checklist.answers),
        "questions": [
            {
                "id": q.id,
                "ask": q.ask,
                "many": q.many,
                "choices": [{"value": value, "title": title} for value, title in q.choices],
            }
            for q in checklist.questions
        ],
        "notices": list(checklist.notices),
        "next_steps": [step.id for step in checklist.next_steps],
        "steps": [_step_json(step) for step in checklist.steps],
    }


def _step_json(step: Step) -> dict[str, Any]:
    due = step.due
    return {
        "id": step.id,
        "title": step.title,
        "status": step.status.value,
        "stage": step.stage,
        "blocked_by": list(step.blocked_by),
        "procedure": step.procedure,
        "condition": step.condition,
        "optional": step.optional,
        "gives": step.gives,
        "used_by": list(step.used_by),
        "who": step.who,
        "where": step.where,
        "online": step.online,
        "due": due
        and {
            "day": _iso(due.day),
            "moved_to": _iso(due.moved_to),
            "text": due.text,
            "words": due_words(due, step.is_late),
            "unsure": due.unsure,
            "unknown": due.unknown,
        },
        "is_late": step.is_late,
        "late": step.late,
        "done_on": _iso(step.done_on),
        "note": step.note,
        "sources": [
            {
                "document_id": c.document_id,
                "number": c.document_number,
                "title": c.title,
                "path": list(c.path),
                "quote": c.quote,
                "start": c.start,
                "end": c.end,
                "sha256": c.sha256,
                "url": c.url,
            }
            for c in step.citations
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
