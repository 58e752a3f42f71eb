"""``troly bench channels``: how soon a person in a chat sees something, and the answer.

Each channel is ``troly demo``'s: the provider is played on this machine, the server behind
it is a whole one, without a model. Times are from when a person sends a message.
"""

from __future__ import annotations

import json
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from assistant.session import SessionState
from evals.subjects.by_chat import ByChat
from evals.subjects.over_http import OverHttp, open_http
from evals.subjects.port import Setting

CHANNELS = ("zalo-oa", "zalo-bot", "telegram")
QUESTIONS = (
    "làm hộ chiếu hết bao nhiêu tiền",
    "dang ky khai sinh can giay to gi",
    "đăng ký kết hôn ở đâu",
    "đổi căn cước mất mấy ngày",
    "đăng ký tạm trú online được không",
    "thủ tục sang tên xe máy",
    "trích lục khai sinh lệ phí bao nhiêu",
    "xin xác nhận tình trạng hôn nhân",
    "đăng ký khai tử cần gì",
    "le phi cap lai can cuoc",
    "mở hộ kinh doanh cần giấy tờ gì",
    "đăng ký thường trú mất bao lâu",
    "xin lý lịch tư pháp số 1",
    "đổi giấy phép lái xe ở đâu",
    "chứng thực bản sao bao nhiêu tiền một trang",
    "hồ sơ đăng ký tạm trú gồm những gì",
    "làm căn cước cho con 10 tuổi",
    "khai sinh muộn có bị phạt không",
    "hộ chiếu cho trẻ em cần gì",
    "thời gian giải quyết đăng ký kết hôn",
)
#: So many questions are asked by one person, after a greeting that is not counted.
_EACH = 5


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one channel: medians, and of the answer also the 95th percentile."""

    channel: str
    asked: int
    first_sign: float
    answer: float
    answer_p95: float


def channels(
    context: typer.Context,
    questions: Annotated[
        int, typer.Option(min=1, max=len(QUESTIONS), help="Số câu hỏi mỗi kênh.")
    ] = len(QUESTIONS),
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Thời gian tới dấu hiệu đầu tiên và tới câu trả lời ở từng kênh chat."""
    state: SessionState = context.obj
    with tempfile.TemporaryDirectory(prefix="troly-bench-") as work:
        setting = Setting(state.home, state.config, Path(work))
        found = [*_measured(setting, QUESTIONS[:questions])]
    typer.echo(json.dumps([asdict(each) for each in found]) if as_json else table(found))


def _measured(setting: Setting, questions: tuple[str, ...]) -> Iterator[Times]:
    web = open_http(setting)
    try:
        yield _times("web page", list(_on_the_web(web, questions)))
    finally:
        web.close()
    for name in CHANNELS:
        for at_once in (False, True):
            subject = ByChat(name, setting, at_once=at_once)
            try:
                title = f"{name}, nothing waited for" if at_once else name
                yield _times(title, list(_in_a_chat(subject, questions)))
            finally:
                subject.close()


def _on_the_web(subject: OverHttp, questions: tuple[str, ...]) -> Iterator[tuple[float, float]]:
    for at in range(0, len(questions), _EACH):
        said = ("chào bạn", *questions[at : at + _EACH])
        for reply in subject.converse(said, None)[1:]:
            yield min(reply.marks.values()), reply.ms


def _in_a_chat(subject: ByChat, questions: tuple[str, ...]) -> Iterator[tuple[float, float]]:
    first = secrets.randbelow(100_000)
    for at in range(0, len(questions), _EACH):
        person = first + at
        subject.exchange({"person": person, "says": "chào bạn"})
        for question in questions[at : at + _EACH]:
            time.sleep(1.0)  # who reads; and Telegram takes one message a second
            told = subject.exchange({"person": person, "says": question})
            yield told["first_sign_ms"], told["last_message_ms"]


def _times(channel: str, measured: list[tuple[float, float]]) -> Times:
    signs, answers = zip(*measured, strict=True)
    slowest = statistics.quantiles(answers, n=20)[-1] if len(answers) > 1 else answers[0]
    return Times(
        channel, len(measured), statistics.median(signs), statistics.median(answers), slowest
    )


def table(found: list[Times]) -> str:
    """The figures as Markdown."""
    rows = [
        "| channel | questions | first visible sign, ms | whole answer, ms | … p95 |",
        "|---|---:|---:|---:|---:|",
    ]
    rows += [
        f"| {each.channel} | {each.asked} | {each.first_sign:.0f} | {each.answer:.0f} "
        f"| {each.answer_p95:.0f} |"
        for each in found
    ]
    return "\n".join(rows)
