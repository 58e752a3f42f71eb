"""``troly ask | chat | verify | replay``. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, cast

import typer
from rich.progress import track

from assistant.errors import InputError
from assistant.presentation import answer_json
from assistant.session import Session, SessionState
from assistant.vocabulary import Status

if TYPE_CHECKING:
    from assistant.access.terminal import AtTerminal

_AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d", "%d/%m/%Y"],
        help="Ngày mà câu trả lời phải đúng (ngày nêu trong câu hỏi được ưu tiên).",
    ),
]
_Profile = Annotated[str, typer.Option(help="Hồ sơ trợ lý trong config.yml.")]
_NoModel = Annotated[
    bool, typer.Option("--no-llm", help="Không dùng mô hình ngôn ngữ; trả lời ngay từ thẻ.")
]
_As = Annotated[
    str | None,
    typer.Option(
        "--as",
        help="Hỏi với quyền của tài khoản cán bộ này (troly access); hỏi mật khẩu và mã 6 số.",
        show_default=False,
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="In JSON đầy đủ.")]

#: How each line of an --out file begins.
_START = b'{"_id": '

#: Statuses for which there is no answer to give: exit code 1 for scripts.
_NOT_ASKED = frozenset(
    {
        Status.REFUSED_EMPTY,
        Status.REFUSED_TOO_LONG,
        Status.REFUSED_UNREADABLE,
        Status.REFUSED_LANGUAGE,
        Status.FAILED_SEARCH,
        Status.FAILED_BUSY,
    }
)


def ask(
    context: typer.Context,
    question: Annotated[
        str | None, typer.Argument(help="Câu hỏi, có dấu hoặc không dấu.", show_default=False)
    ] = None,
    as_of: _AsOf = None,
    profile: _Profile = "citizen",
    no_llm: _NoModel = False,
    as_json: _Json = False,
    questions: Annotated[
        Path | None,
        typer.Option(help="Tệp JSONL, mỗi dòng có text (và _id, as_of).", show_default=False),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Tệp JSONL để ghi các câu trả lời.", show_default=False)
    ] = None,
    as_officer: _As = None,
) -> None:
    """Hỏi một câu (hoặc cả tệp) và nhận câu trả lời có dẫn nguồn.

    Ví dụ: troly ask "Làm hộ chiếu phổ thông hết bao nhiêu tiền, mấy ngày có?"
    """
    if (question is None) == (questions is None):
        raise typer.BadParameter('Cần đúng một trong hai: "câu hỏi" hoặc --questions TỆP.')
    day = as_of.date() if as_of else None
    with Session(
        cast(SessionState, context.obj), profile=profile, use_model=not no_llm,
        officer=_officer(context, as_officer),
    ) as session:  # fmt: skip
        if questions is not None:
            _ask_all(session, questions, out, day)
            return
        text = _standard_input().read() if question == "-" else question or ""
        answer = session.ask_once(text, as_of=day, as_json=as_json)
    if answer.status in _NOT_ASKED:
        raise typer.Exit(1)


def _officer(context: typer.Context, name: str | None) -> AtTerminal | None:
    """Who ``--as`` names, once signed in; None where it is left out."""
    if name is None:
        return None
    from assistant.access.terminal import sign_in

    return sign_in(context.obj, name)


def _standard_input() -> TextIO:
    """Standard input; bytes that are no text become a sign that says so, not an error."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    return sys.stdin


def _ask_all(session: Session, questions: Path, out: Path | None, day: date | None) -> None:
    """Answer a JSONL file line by line; what is in ``out`` already is not asked again."""
    asked = list(_questions(questions))
    done = _answered(out) if out else set()
    session.prepare()
    sink = _opened(out) if out else sys.stdout
    try:
        for row in track(
            asked, "Đang trả lời", console=session.console, disable=not session.console.is_terminal
        ):
            if row["_id"] in done:
                continue
            answer = session.answer(row["text"], as_of=row["as_of"] or day)
            line = {"_id": row["_id"], "question": row["text"], **answer_json(answer)}
            sink.write(json.dumps(line, ensure_ascii=False) + "\n")
            sink.flush()
    finally:
        if out:
            sink.close()


def _questions(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text: {error}.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text = row.get("text", row.get("question"))
            if not isinstance(text, str):
                raise TypeError("no 'text'")
            when = date.fromisoformat(row["as_of"]) if row.get("as_of") else None
        except (ValueError, TypeError, AttributeError) as error:
            raise InputError(
                f'{path}, line {number}: expected {{"_id": …, "text": …}} ({error}).'
            ) from error
        name = str(row.get("_id", row.get("id", number)))
        yield {"_id": _writable(name), "text": _writable(text), "as_of": when}


def _writable(text: str) -> str:
    """``text`` without the lone surrogates that JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _answered(out: Path) -> set[str]:
    """Ids of the answers in ``out``. A last line cut short by an interruption is taken away."""
    if not out.exists():
        return set()
    try:
        data = out.read_bytes()
        *whole, rest = data.split(b"\n")
        found = {str(json.loads(line)["_id"]) for line in whole}
        if rest:
            if not rest.startswith(_START[: len(rest)]):
                raise ValueError("the last line is no answer")
            os.truncate(out, len(data) - len(rest))
    except OSError as error:
        raise InputError(f"{out} cannot be used: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{out} holds something else than answers; it was left as it is. Choose another --out."
        ) from error
    return found


def _opened(out: Path) -> TextIO:
    try:
        return out.open("a", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}.") from error


def chat(
    context: typer.Context,
    as_of: _AsOf = None,
    profile: _Profile = "citizen",
    no_llm: _NoModel = False,
    as_officer: _As = None,
) -> None:
    """Trò chuyện nhiều lượt: /nguon xem nguồn, /moi bắt đầu lại, /thoat thoát."""
    from assistant.conversation import converse

    state = cast(SessionState, context.obj)
    _standard_input()
    officer = _officer(context, as_officer)
    with Session(state, profile=profile, use_model=not no_llm, officer=officer) as session:
        converse(session, as_of.date() if as_of else None)


def verify(
    context: typer.Context,
    answers: Annotated[
        Path, typer.Argument(help="Tệp JSON hoặc JSONL của `troly ask --json`; - là stdin.")
    ],
    as_json: _Json = False,
    as_officer: _As = None,
) -> None:
    """Kiểm tra lại từng trích dẫn của câu trả lời đã lưu với văn bản đang lưu."""
    from assistant.checking import check_file, report

    officer = _officer(context, as_officer)
    with Session(cast(SessionState, context.obj), use_model=False, officer=officer) as session:
        session.prepare()
        checks = check_file(answers, session.assistant.knowledge, session.scope)
    print(report(checks, as_json=as_json))
    if any(not check.holds for check in checks):
        raise typer.Exit(1)


def replay(
    context: typer.Context,
    receipt: Annotated[str, typer.Argument(help="Mã câu trả lời (id), hoặc phần đầu của nó.")],
    as_json: _Json = False,
    as_officer: _As = None,
) -> None:
    """Dựng lại câu trả lời không dùng mô hình từ biên nhận và so với bản gốc."""
    from assistant.checking import replay_receipt

    officer = _officer(context, as_officer)
    with Session(cast(SessionState, context.obj), use_model=False, officer=officer) as session:
        session.prepare()
        answer, same, why = replay_receipt(session.assistant, receipt, session.scope)
        session.show(answer, as_json=as_json)
        session.say(
            "Trùng khớp từng byte với câu trả lời gốc." if same else f"Không trùng khớp: {why}"
        )
    if not same:
        raise typer.Exit(1)
