"""An answer as HTML, for browsers without JavaScript. Every word is escaped here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import groupby
from urllib.parse import quote

from assistant.dialogue.decision import Choice
from assistant.presentation import FROM_PICTURES
from assistant.vocabulary import Answer, Citation
from bots.card_view import Block, CardView, Line, document_of, view_of
from knowledge_base.documents import Document

#: Between a button's payload and its title, in what a form sends.
PRESSED = "|"
_LINKS = re.compile(r"(\[\d{1,3}\]|https?://[^\s<>“”\"]*[^\s<>“”\".,;:)])")


def question_html(text: str) -> str:
    """What the person asked."""
    return f'<p class="mine">{escape(text)}</p>'


def sentence_html(text: str) -> str:
    """A sentence that stands where an answer would."""
    return f'<p class="warn">{_linked(text, ())}</p>'


def answer_html(answer: Answer, buttons: Sequence[Choice], session: str, profile: str = "") -> str:
    """The whole answer: words, card, sources, and what can be asked next as buttons."""
    body = f'<div class="text">{_words(answer)}</div>'
    if answer.card:
        body += _card(view_of(answer.card, document_of(answer)))
    if answer.citations:
        items = "".join(_source(citation) for citation in answer.citations)
        head = '<section class="sources" aria-label="Nguồn"><h2>Nguồn</h2>'
        body += f"{head}<ol>{items}</ol></section>"
    if buttons:
        body += _choices(buttons, session, profile)
    return f'<article class="answer" aria-label="Trả lời">{body}</article>'


def source_html(document: Document, start: int, end: int, changed: str) -> str:
    """A document's text with the span marked, and a warning where it is another version."""
    text = document.text
    about = " · ".join(part for part in (document.number, f"Bản {document.sha256[:12]}") if part)
    link = ""
    if _is_web(document.url):
        link = f'<p><a href="{escape(document.url)}" rel="noopener noreferrer">Trang gốc</a></p>'
    warning = sentence_html(changed) if changed else ""
    marked = f'<mark id="doan">{escape(text[start:end])}</mark>' if end > start else ""
    return (
        f'{warning}<p class="fine">{escape(about)}</p>{link}<div class="sheet-text">'
        f"{escape(text[:start])}{marked}{escape(text[end if marked else start :])}</div>"
    )


def _words(answer: Answer) -> str:
    """Each line a paragraph, neighbouring lines that begin with a dash one list.

    The choices that are numbered for doors without buttons are buttons here.
    """
    html = ""
    pressed = {f"{n}. {title}" for n, title in enumerate(answer.suggestions, 1)}
    shown = [line for line in answer.text.splitlines() if line not in pressed]
    for listed, lines in groupby(shown, lambda line: line.startswith("- ")):
        if listed:
            items = (f"<li>{_linked(line[2:], answer.citations)}</li>" for line in lines)
            html += f"<ul>{''.join(items)}</ul>"
        else:
            html += "".join(
                f"<p>{_linked(line, answer.citations)}</p>" for line in lines if line.strip()
            )
    return html


def _card(view: CardView) -> str:
    """Fee, time, place, level as facts; the papers as a list to tick off; the rest on request."""
    first = [block for block in view.blocks if block.first]
    rest = [block for block in view.blocks if not block.first]
    facts = {each.slot: (each.heading, _lines(each)) for each in first if each.slot != "dossier"}
    if view.levels:
        where = facts.pop("where", None)
        facts["levels"] = ("Cấp thực hiện", escape(view.levels))
        if where:
            facts["where"] = where
    listed = "".join(
        f'<div class="{slot}"><dt>{escape(name)}</dt><dd>{body}</dd></div>'
        for slot, (name, body) in facts.items()
    )
    papers = "".join(_block(each) for each in first if each.slot == "dossier")
    more = ""
    if rest:
        names = ", ".join(each.heading.lower() for each in rest[:3]) + ("…" if rest[3:] else "")
        blocks = "".join(map(_block, rest))
        more = f"<details><summary>Xem thêm: {escape(names)}</summary>{blocks}</details>"
    return (
        f'<section class="card"><h2>{escape(view.name)}</h2>'
        f'<p class="code">Mã thủ tục {escape(view.code)}</p><dl class="facts">{listed}</dl>'
        f"{papers}{more}</section>"
    )


def _block(block: Block) -> str:
    return f"<div><h3>{escape(block.heading)}</h3>{_lines(block)}</div>"


def _lines(block: Block) -> str:
    if block.slot == "dossier":
        return f'<ul class="papers">{"".join(map(_paper, block.lines))}</ul>'
    if len(block.lines) == 1:
        return f'<p class="single">{_line(block.lines[0])}</p>'
    tag = "ol" if block.slot == "steps" else "ul"
    items = "".join(f"<li>{_line(line)}</li>" for line in block.lines)
    return f"<{tag}>{items}</{tag}>"


def _paper(line: Line) -> str:
    return f'<li><label><input type="checkbox"><span>{_line(line)}</span></label></li>'


def _line(line: Line) -> str:
    label = f'<span class="how">{escape(line.label)}: </span>' if line.label else ""
    return label + escape(line.text)


def _source(citation: Citation) -> str:
    where = ", ".join(citation.path) or citation.document_number
    title = f"{citation.title} {FROM_PICTURES}" if citation.ocr else citation.title
    head = f"<span><b>[{citation.number}] {escape(where)}</b> {escape(title)}</span>"
    span = f"start={citation.start}&end={citation.end}&sha256={quote(citation.sha256)}"
    address = f"/nguon/{quote(citation.document_id, safe='')}?{span}#doan"
    original = ""
    if _is_web(citation.url):
        original = f'<a href="{escape(citation.url)}" rel="noopener noreferrer">Trang gốc</a>'
    return (
        f'<li><details id="n-{citation.number}"><summary>{head}</summary>'
        f"<blockquote>{escape(citation.quote)}</blockquote>"
        f'<p class="fine"><a href="{escape(address)}">Mở đúng đoạn trong văn bản</a>{original}</p>'
        "</details></li>"
    )


def _choices(choices: Sequence[Choice], session: str, profile: str) -> str:
    buttons = "".join(
        f'<button name="press" value="{escape(each.payload + PRESSED + each.title)}">'
        f"{escape(each.title)}</button>"
        for each in choices
    )
    return (
        '<form method="post" action="/" class="choices">'
        f'<input type="hidden" name="session" value="{escape(session)}">'
        f'<input type="hidden" name="profile" value="{escape(profile)}">{buttons}</form>'
    )


def _linked(text: str, citations: tuple[Citation, ...]) -> str:
    numbers = {citation.number: citation for citation in citations}
    parts = []
    for piece in _LINKS.split(text):
        number = int(piece[1:-1]) if piece.startswith("[") and piece[1:-1].isdecimal() else 0
        if number in numbers:
            title = escape(f"Nguồn {number}: {numbers[number].title}")
            parts.append(f'<a class="cite" href="#n-{number}" aria-label="{title}">{piece}</a>')
        elif _is_web(piece):
            link = escape(piece)
            parts.append(f'<a href="{link}" rel="noopener noreferrer">{link}</a>')
        else:
            parts.append(escape(piece))
    return "".join(parts)


def _is_web(address: str) -> bool:
    return address.startswith(("https://", "http://"))
