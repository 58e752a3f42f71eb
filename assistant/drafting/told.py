"""Drafts and faults as text for a person and as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assistant.drafting.bases import Basis, Standing
from assistant.drafting.faults import Fault, Level
from assistant.drafting.paper import Missing, Paper
from assistant.drafting.tables import Kind, questions

FORMAT = 1
_LEVELS = {Level.ERROR: "LỖI", Level.NOTE: "nhắc"}
#: What each field of a form is, for the blank form.
_FIELDS = {
    "parent": "cơ quan chủ quản trực tiếp (nếu có)",
    "agency": "cơ quan ban hành",
    "short": "chữ viết tắt của cơ quan trong ký hiệu",
    "unit": "chữ viết tắt của đơn vị soạn thảo",
    "number": "số; để trống thì văn thư cấp",
    "place": "địa danh",
    "date": "ngày ban hành, dạng 22/11/2026; để trống thì ghi khi phát hành",
    "subject": "trích yếu",
    "to": "nơi gửi (Kính gửi) hoặc người được mời, mỗi nơi một dòng",
    "issuer": "chức danh người ban hành quyết định",
    "bases": "căn cứ, mỗi căn cứ một dòng",
    "proposer": "theo đề nghị của ai (nếu có)",
    "time": "thời gian họp",
    "venue": "địa điểm họp",
    "attendees": "thành phần tham dự",
    "host": "người chủ trì",
    "secretary": "người ghi biên bản",
    "end": "giờ kết thúc",
    "deadline": "hạn phải làm xong, dạng 30/11/2026 (nếu có)",
    "receivers": "nơi nhận, mỗi nơi một dòng",
    "file": "lưu ở đâu, ví dụ: VT, VP",
}
_MEETING = ("time", "venue", "attendees", "host", "secretary", "end")
_ALSO = {"giay_moi": {"host"}, "bien_ban": {"end"}}
_LISTS = ("to", "bases", "receivers")


def blank_form(kind: Kind) -> Iterator[str]:
    """The lines of a form to fill in, in YAML with Vietnamese remarks."""
    yield f"kind: {kind.name}"
    hidden = {name for name in _MEETING if name not in kind.ask} - _ALSO.get(kind.id, set())
    if kind.divided != "articles":
        hidden.add("issuer")
    if kind.addressed == "no":
        hidden.add("to")
    for name, remark in _FIELDS.items():
        if name in hidden:
            continue
        value = " []" if name in _LISTS else ""
        yield f"{name}:{value}  # {remark}"
    yield "amounts: []  # số tiền: - {what: Kinh phí, value: 15000000}"
    yield 'content: []  # nội dung: câu, hoặc - {title: …, items: ["…"]}'
    yield "# {tiền 15000000} trong một câu thành số tiền bằng số và bằng chữ"
    if kind.id != "bien_ban":
        yield "signer:"
        yield "  capacity: []  # KT. GIÁM ĐỐC, TM. ỦY BAN NHÂN DÂN, TL., TUQ., Q. (nếu có)"
        yield '  position: ""  # chức vụ người ký'
        yield '  name: ""  # họ và tên người ký'


def asked_lines(missing: Iterable[Missing]) -> Iterator[str]:
    """What is still to be filled in, as questions with the field of the form."""
    for each in missing:
        yield f"- {each.question} ({each.field})"


def basis_lines(bases: Iterable[Basis]) -> Iterator[str]:
    """Bases that need a look; those that hold are not told."""
    for each in bases:
        if each.standing is not Standing.HOLDS:
            yield f"- {each.says}"


def fault_lines(faults: Iterable[Fault]) -> Iterator[str]:
    """One fault a line: level, place, words, what is wrong, how to put it right."""
    for fault in faults:
        words = f" “{fault.words}”" if fault.words else ""
        fix = f" → {fault.fix.rstrip('.')}." if fault.fix else ""
        yield f"{_LEVELS[fault.level]:4} [{fault.place}]{words}: {fault.says}{fix}"


def count_line(faults: Iterable[Fault]) -> str:
    """How many faults of each level there are."""
    levels = [fault.level for fault in faults]
    errors, notes = levels.count(Level.ERROR), levels.count(Level.NOTE)
    if not levels:
        return (
            "Không thấy lỗi nào. Máy chỉ kiểm tra thể thức, căn cứ, chính tả; nội dung do người ký."
        )
    return f"{errors} lỗi, {notes} điều cần xem lại."


def fault_json(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.code,
        "level": fault.level.value,
        "place": fault.place,
        "line": fault.line.number if fault.line else None,
        "words": fault.words,
        "says": fault.says,
        "fix": fault.fix,
        "fixable": fault.change is not None,
    }


def check_json(
    name: str, faults: Iterable[Fault], fixed: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The result of a check; ``fixed`` says what a corrected copy holds."""
    found = list(faults)
    made = {
        "format": FORMAT,
        "file": name,
        "errors": sum(fault.level is Level.ERROR for fault in found),
        "notes": sum(fault.level is Level.NOTE for fault in found),
        "faults": [fault_json(fault) for fault in found],
    }
    return {**made, "fixed": dict(fixed)} if fixed is not None else made


def draft_json(paper: Paper, bases: Iterable[Basis]) -> dict[str, Any]:
    """What was drafted, what is asked, and how the bases stand."""
    return {
        "format": FORMAT,
        "kind": paper.kind.id,
        "name": paper.kind.name,
        "number": paper.number,
        "place_date": paper.place_date,
        "subject": paper.subject,
        "addressees": list(paper.addressees),
        "body": [f"{line.label}{line.text}" for line in paper.body],
        "missing": [{"field": each.field, "question": each.question} for each in paper.missing],
        "bases": [
            {"words": each.words, "number": each.number, "standing": each.standing.value,
             "says": each.says, "fix": each.fix}
            for each in bases
        ],
    }  # fmt: skip


def kind_json(kind: Kind) -> dict[str, Any]:
    return {
        "id": kind.id,
        "name": kind.name,
        "letters": kind.letters,
        "ask": [{"field": field, "question": questions()[field]} for field in kind.ask],
    }
