"""The grading page as HTML. Every word is escaped here; it works without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from evals.grading.items import Item
from evals.grading.model import expectations
from evals.grading.words import (
    READABILITY_VI,
    REASONS_VI,
    VERDICTS_VI,
    Grade,
    Reason,
    Verdict,
)
from evals.ground import Ground
from evals.vocabulary import AnswerRead, CitationRead

_MARK = re.compile(r"(\[\d{1,3}\])")
_AROUND = 400
_VERDICT_KEYS = dict(zip(Verdict, "1234", strict=True))
_REASON_KEYS = dict(zip(Reason, "qwert", strict=True))
_STEP_KEYS = dict(zip(READABILITY_VI, "zxcvb", strict=True))


def document(title: str, body: str, base: str) -> str:
    """A whole page. ``base`` is the address that everything lies under, with the secret."""
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>"
        f'<link rel="stylesheet" href="{base}/static/grade.css">'
        f'<script src="{base}/static/grade.js" defer></script>'
        '<link rel="icon" href="data:,"></head>'
        f"<body>{body}</body></html>"
    )


def item_page(
    at: int,
    items: Sequence[Item],
    grades: Mapping[int, Grade],
    ground: Ground,
    base: str,
    *,
    grader: str,
    problem: str = "",
    tried: Grade | None = None,
) -> str:
    """The page of one answer. ``at`` counts from 0; ``grades`` are by the same number.

    ``tried`` is what could not be kept, because of ``problem``: it is in the form again.
    """
    item, grade = items[at], tried or grades.get(at)
    day = item.sample.as_of or next((a.as_of for a in item.answers if a.as_of), None)
    asked = f'<p class="fine">Ngày hỏi: {day:%d/%m/%Y}</p>' if day else ""
    turns = "".join(
        f'<p class="mine"><span class="who">Người dân</span>{escape(turn.text)}</p>'
        + _answer(answer, number, ground, base)
        for number, (turn, answer) in enumerate(zip(item.sample.turns, item.answers, strict=True))
    )
    lines = "".join(f"<li>{escape(line)}</li>" for line in expectations(item))
    expected = f"<ul>{lines}</ul>" if lines else "<p>Bộ mẫu không nêu.</p>"
    several = " Chấm cả cuộc trò chuyện." if len(item.answers) > 1 else ""
    warning = f'<p class="warn" role="alert">{escape(problem)}</p>' if problem else ""
    body = (
        f"{_bar(items, grades, grader)}<main>"
        f'<section class="talk" aria-label="Câu hỏi và câu trả lời">{asked}{turns}</section>'
        f'<section class="desk" aria-label="Chấm">{warning}{_form(at, grade, base, several)}'
        f'<details id="expected"><summary>Đáp án mong đợi <kbd>O</kbd></summary>{expected}'
        '<p class="fine">Hãy chấm theo hiểu biết của mình trước khi mở.</p></details>'
        f"{_listed(at, items, grades, base)}</section></main>"
    )
    return document(f"Câu {at + 1}/{len(items)} · Chấm câu trả lời", body, base)


def done_page(
    items: Sequence[Item], grades: Mapping[int, Grade], base: str, *, grader: str, file: str
) -> str:
    """What was graded, what was skipped, where it is kept."""
    found = list(grades.values())
    rows = "".join(
        f"<tr><th>{title}</th><td>{sum(grade.verdict is verdict for grade in found)}</td></tr>"
        for verdict, title in VERDICTS_VI.items()
    )
    skipped = [at for at, grade in grades.items() if grade.skipped]
    open_ = [at for at in range(len(items)) if at not in grades]
    title, again = "Đã xem hết các câu", ""
    if open_:
        title = f"Còn {len(open_)} câu chưa xem"
        again = f'<p><a class="button" href="{base}/{open_[0] + 1}">Chấm tiếp</a></p>'
    elif skipped:
        again = (
            f'<p><a class="button" href="{base}/{skipped[0] + 1}">Chấm {len(skipped)} câu đã bỏ '
            "qua</a></p>"
        )
    body = (
        f"{_bar(items, grades, grader)}<main class='one'><section "
        f"class='desk'><h1>{title}</h1>"
        f"<table>{rows}<tr><th>Bỏ qua</th><td>{len(skipped)}</td></tr></table>{again}"
        f"<p>Điểm đã được lưu trong <code>{escape(file)}</code>.</p>"
        f"{_listed(-1, items, grades, base, opened=True)}"
        f'<form method="post" action="{base}/end"><button class="main">Kết thúc</button> '
        '<span class="fine">Trang này sẽ đóng lại; mở lại bằng đúng lệnh cũ.</span></form>'
        "</section></main>"
    )
    return document("Đã chấm xong", body, base)


def source_page(text: str, start: int, end: int, base: str) -> str:
    """A stored text with the cited words marked."""
    marked = f'<mark id="doan">{escape(text[start:end])}</mark>' if end > start else ""
    body = (
        '<main class="one"><section class="talk"><div class="sheet">'
        f"{escape(text[:start])}{marked}{escape(text[end if marked else start :])}"
        "</div></section></main>"
    )
    return document("Nguồn", body, base)


def sentence_page(text: str, base: str) -> str:
    """One sentence where something else was asked for."""
    return document(text, f'<main class="one"><p class="warn">{escape(text)}</p></main>', base)


# --- the answer ---------------------------------------------------------------------------------


def _answer(answer: AnswerRead, turn: int, ground: Ground, base: str) -> str:
    numbers = {citation.number for citation in answer.citations}
    html = ""
    for listed, lines in groupby(answer.text.splitlines(), lambda line: line.startswith("- ")):
        if listed:
            items = (f"<li>{_linked(line[2:], numbers, turn)}</li>" for line in lines)
            html += f"<ul>{''.join(items)}</ul>"
        else:
            html += "".join(
                f"<p>{_linked(line, numbers, turn)}</p>" for line in lines if line.strip()
            )
    sources = "".join(_source(citation, turn, ground, base) for citation in answer.citations)
    name = str((answer.card or {}).get("name", ""))
    about = (
        f'<p class="fine">Người dân còn thấy thẻ của thủ tục {escape(answer.code)}: '
        f"{escape(name)}.</p>"
        if name
        else ""
    )
    offered = "".join(f"<li>{escape(text)}</li>" for text in answer.suggestions)
    return (
        '<article class="answer"><span class="who">Trợ lý</span>'
        f"{html or '<p class=fine>(không có chữ nào)</p>'}{about}"
        + (
            f'<h2>Nguồn <kbd>N</kbd></h2><ol class="sources">{sources}</ol>'
            if sources
            else _NO_SOURCES
        )
        + (f'<h2>Gợi ý hỏi tiếp</h2><ul class="offered">{offered}</ul>' if offered else "")
        + "</article>"
    )


_SOURCES = "<h2>Nguồn <kbd>N</kbd></h2>"
_NO_SOURCES = '<p class="fine">Câu trả lời không kèm nguồn nào.</p>'


def _linked(text: str, numbers: set[int], turn: int) -> str:
    parts = []
    for piece in _MARK.split(text):
        number = int(piece[1:-1]) if _MARK.fullmatch(piece) else 0
        if number in numbers:
            parts.append(f'<a class="cite" href="#n-{turn}-{number}">{piece}</a>')
        else:
            parts.append(escape(piece))
    return "".join(parts)


def _source(citation: CitationRead, turn: int, ground: Ground, base: str) -> str:
    where = " › ".join(citation.path) or citation.document_number or citation.document_id
    head = f"<b>[{citation.number}] {escape(where)}</b> {escape(citation.title)}"
    return (
        f'<li><details id="n-{turn}-{citation.number}"><summary>{head}</summary>'
        f"{_quoted(citation, ground, base)}</details></li>"
    )


def _quoted(citation: CitationRead, ground: Ground, base: str) -> str:
    """The quote inside the text it was cut from, or a warning that it is not there."""
    text = ground.text(citation.sha256)
    start, end = citation.start or 0, citation.end or 0
    if text is None:
        told = "Không có bản lưu của văn bản này để đối chiếu."
    elif text[start:end] != citation.quote or not citation.quote:
        told = "Trích dẫn KHÔNG khớp với văn bản được lưu ở vị trí nó nêu."
    else:
        before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
        address = f"{base}/source/{citation.sha256}?start={start}&amp;end={end}#doan"
        return (
            f"<blockquote>{'… ' if start > _AROUND else ''}{escape(before)}"
            f"<mark>{escape(citation.quote)}</mark>{escape(after)}"
            f"{' …' if end + _AROUND < len(text) else ''}</blockquote>"
            f'<p class="fine">✓ Đúng nguyên văn. <a href="{address}" target="_blank" '
            'rel="noopener">Mở toàn văn</a></p>'
        )
    return (
        f"<blockquote>{escape(citation.quote)}</blockquote>"
        f'<p class="warn">{escape(told)}</p>'
    )  # fmt: skip


# --- the desk -----------------------------------------------------------------------------------


def _bar(items: Sequence[Item], grades: Mapping[int, Grade], grader: str) -> str:
    done = sum(not grade.skipped for grade in grades.values())
    return (
        f'<header><h1>Chấm câu trả lời</h1><progress max="{len(items)}" value="{done}" '
        f'aria-label="Đã chấm {done} trên {len(items)}"></progress>'
        f'<span class="fine">Đã chấm {done}/{len(items)} · người chấm: {escape(grader)}</span>'
        "</header>"
    )


def _form(at: int, grade: Grade | None, base: str, several: str) -> str:
    verdict = grade.verdict if grade else None
    reasons = grade.reasons if grade else ()
    step = grade.readability if grade else None
    comment = escape(grade.comment) if grade else ""
    verdicts = "".join(
        _choice("radio", "verdict", each.value, title, _VERDICT_KEYS[each], each is verdict)
        for each, title in VERDICTS_VI.items()
    )
    ticks = "".join(
        _choice("checkbox", "reason", each.value, title, _REASON_KEYS[each], each in reasons)
        for each, title in REASONS_VI.items()
    )
    steps = "".join(
        _choice("radio", "readability", str(each), str(each), _STEP_KEYS[each], each == step, title)
        for each, title in READABILITY_VI.items()
    )
    back = f'<a class="button" id="back" href="{base}/{at}">← Câu trước</a>' if at else ""
    return (
        f'<form id="grade" method="post" action="{base}/{at + 1}">'
        f'<fieldset class="verdict"><legend>Câu trả lời này…{several}</legend>{verdicts}</fieldset>'
        f'<fieldset class="reasons"><legend>Vì sao (chọn được nhiều)</legend>{ticks}</fieldset>'
        f'<fieldset class="steps"><legend>Dễ đọc: 1 rất khó, 5 rất dễ</legend>{steps}</fieldset>'
        '<label class="comment">Ghi chú <kbd>/</kbd>'
        f'<textarea name="comment" rows="2" maxlength="4000">{comment}</textarea></label>'
        '<div class="actions"><button class="main" name="action" value="save">Lưu, câu sau '
        '<kbd>Enter</kbd></button><button name="action" value="skip">Bỏ qua <kbd>S</kbd></button>'
        f"</div></form>"
        f'<div class="actions">{back}<form method="post" action="{base}/undo">'
        '<button id="undo">Hoàn tác <kbd>U</kbd></button></form></div>'
    )


def _choice(
    kind: str, name: str, value: str, title: str, key: str, on: bool, hint: str = ""
) -> str:
    told = f' title="{escape(hint)}" aria-label="{escape(f"{title}: {hint}")}"' if hint else ""
    return (
        f'<label class="{name}-{value}"><input type="{kind}" name="{name}" value="{value}" '
        f'data-key="{key}"{" checked" if on else ""}{told}><span>{escape(title)} '
        f"<kbd>{key.upper()}</kbd></span></label>"
    )


def _listed(
    at: int,
    items: Sequence[Item],
    grades: Mapping[int, Grade],
    base: str,
    *,
    opened: bool = False,
) -> str:
    links = []
    for number in range(len(items)):
        grade = grades.get(number)
        state, title = "", "Chưa chấm"
        if grade is not None:
            state, title = "skipped", "Bỏ qua"
            if grade.verdict is not None:
                state, title = grade.verdict.value, VERDICTS_VI[grade.verdict]
        here = ' aria-current="page"' if number == at else ""
        links.append(
            f'<a href="{base}/{number + 1}" class="dot {state}" title="{title}"{here}>'
            f"{number + 1}</a>"
        )
    shown = " open" if opened else ""
    return (
        f'<details id="all"{shown}><summary>Tất cả các câu</summary><nav class="dots">'
        f"{''.join(links)}</nav></details>"
    )
