"""Tickets and feedback for people at a terminal, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Any

from assistant.desk.feedback import Tally
from assistant.desk.replies import feedback_reasons, word
from assistant.desk.tickets import Ticket

_WHO = {"citizen": "Người dân", "assistant": "Trợ lý"}


def ticket_json(ticket: Ticket, *, whole: bool = True) -> dict[str, Any]:
    """A ticket as officers' programs read it; never what its conversation is called."""
    short = {
        "code": ticket.code,
        "status": ticket.status.value,
        "officer": ticket.officer,
        "channel": ticket.channel,
        "topic": ticket.topic,
        "reason": ticket.reason,
        "language": ticket.language,
        "question": ticket.question,
        "opened_at": _iso(ticket.opened_at),
        "changed_at": _iso(ticket.changed_at),
        "version": ticket.version,
    }
    if not whole:
        return short
    return {
        **short,
        "transcript": [{"by": line.by, "text": line.text} for line in ticket.transcript],
        "changes": [
            {
                "at": _iso(each.at),
                "by": each.by,
                "action": each.action,
                "status": each.status.value,
                "note": each.note,
            }
            for each in ticket.changes
        ],
        "replies": [
            {
                "at": _iso(each.at),
                "officer": each.officer,
                "text": each.text,
                "delivered_at": _iso(each.delivered_at) if each.delivered_at else None,
            }
            for each in ticket.replies
        ],
    }


def tally_json(tally: Tally) -> dict[str, Any]:
    """Feedback, counted; the latest without whose it was."""
    return {
        "good": tally.good,
        "bad": tally.bad,
        "reasons": tally.reasons,
        "topics": tally.topics,
        "latest": [
            {
                "at": _iso(each.at) if each.at else None,
                "answer_id": each.answer_id,
                "channel": each.channel,
                "good": each.good,
                "reasons": [reason.value for reason in each.reasons],
                "comment": each.comment,
                "topic": each.topic,
            }
            for each in tally.latest
        ],
    }


def list_lines(tickets: Iterable[Ticket], zone: tzinfo) -> Iterator[str]:
    """One line a ticket: code, state, since when, about what, and what was said last."""
    for each in tickets:
        state = word("statuses", each.status)
        holder = f" ({each.officer})" if each.officer else ""
        topic = f" · {each.topic}" if each.topic else ""
        said = " ".join(each.question.split())
        said = said if len(said) <= 80 else said[:79] + "…"
        yield f"{each.code}  {state}{holder}  {_when(each.opened_at, zone)}{topic}  {said}".rstrip()


def ticket_lines(ticket: Ticket, zone: tzinfo) -> Iterator[str]:
    """A whole ticket: its head, the conversation, the answers, and what happened to it."""
    holder = f", {ticket.officer}" if ticket.officer else ""
    yield f"Phiếu {ticket.code}: {word('statuses', ticket.status)}{holder}"
    yield f"Mở lúc {_when(ticket.opened_at, zone)}, kênh {ticket.channel or 'không rõ'}"
    if ticket.topic:
        yield f"Thủ tục: {ticket.topic}"
    if ticket.reason:
        yield f"Lý do: {ticket.reason}"
    if ticket.language == "en":
        yield "Người dân viết tiếng Anh."
    yield "\nCuộc trò chuyện (đã che dữ liệu cá nhân):"
    for line in ticket.transcript:
        yield f"  {_WHO[line.by]}: " + line.text.replace("\n", "\n    ")
    if not ticket.transcript:
        yield "  (không có nội dung)"
    for reply in ticket.replies:
        arrived = reply.delivered_at
        state = f"đã chuyển lúc {_when(arrived, zone)}" if arrived else "chưa chuyển"
        text = reply.text.replace("\n", "\n    ")
        yield f"\n{reply.officer} trả lời lúc {_when(reply.at, zone)} ({state}):\n    {text}"
    yield "\nDiễn biến:"
    for change in ticket.changes:
        who = "người dân" if change.by == "citizen" else change.by
        note = f": {change.note}" if change.note else ""
        yield f"  {_when(change.at, zone)}  {who}  {word('actions', change.action)}{note}"


def tally_lines(tally: Tally, zone: tzinfo) -> Iterator[str]:
    """Feedback, counted, and the latest comments."""
    if not tally.good + tally.bad:
        yield "Chưa có góp ý nào."
        return
    yield f"Hữu ích: {tally.good}. Chưa tốt: {tally.bad}."
    names = feedback_reasons()
    for reason, count in tally.reasons.items():
        if count:
            yield f"  {names[reason]}: {count}"
    for topic, count in tally.topics.items():
        yield f"  Thủ tục {topic}: {count}"
    for each in tally.latest:
        why = ", ".join(names[reason.value] for reason in each.reasons)
        said = " ".join(each.comment.split())
        judged = "hữu ích" if each.good else why or "chưa tốt"
        when = _when(each.at, zone) if each.at else ""
        yield f"{when}  {each.answer_id}  {judged}  {said}".rstrip()


def _when(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%H:%M %d/%m/%Y")


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
