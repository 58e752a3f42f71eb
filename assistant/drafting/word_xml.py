"""The XML of Word files, as far as lines are read from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: Values of what is switched on; without a value it is on, too.
ON = ("", "1", "true", "on")


def paragraphs_of(body: Any) -> Iterator[tuple[Any, tuple[int, int, int] | None]]:
    """Paragraphs in order, those in tables with table, row and column counted from 1."""
    tables = 0

    def within(node: Any, cell: tuple[int, int, int] | None) -> Iterator[Any]:
        nonlocal tables
        for child in node:
            if child.tag == f"{W}p":
                yield child, cell
                for box in child.iter(f"{W}txbxContent"):
                    if not any(up.tag == _FALLBACK for up in box.iterancestors()):
                        yield from within(box, cell)
            elif child.tag == f"{W}tbl":
                tables += 1
                table = tables
                for row, tr in enumerate(child.findall(f"{W}tr"), 1):
                    for column, tc in enumerate(tr.findall(f"{W}tc"), 1):
                        yield from within(tc, (table, row, column))
            elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
                yield from within(child, cell)

    yield from within(body, None)


def between_breaks(paragraph: Any) -> Iterator[list[tuple[Any, str]]]:
    """Runs with their words, a list for each line; an empty paragraph is one empty line."""
    piece: list[tuple[Any, str]] = []
    for run in paragraph.iter(f"{W}r"):
        if _owner(run) is not paragraph:
            continue
        first, *others = _run_text(run).split("\n")
        if first:
            piece.append((run, first))
        for text in others:
            yield piece
            piece = [(run, text)] if text else []
    yield piece


def _run_text(run: Any) -> str:
    hidden = run.find(f"{W}rPr/{W}vanish")
    if hidden is not None and hidden.get(f"{W}val") not in ("0", "false"):
        return ""
    caps = run.find(f"{W}rPr/{W}caps")
    words = []
    for node in run:
        if node.tag == f"{W}t":
            words.append(node.text or "")
        elif node.tag in (f"{W}tab", f"{W}br", f"{W}cr", f"{W}noBreakHyphen"):
            words.append({"tab": "\t", "noBreakHyphen": "-"}.get(node.tag[len(W) :], "\n"))
    text = "".join(words)
    return text.upper() if caps is not None and caps.get(f"{W}val", "") in ON else text


def _owner(run: Any) -> Any:
    node = run.getparent()
    while node is not None and node.tag != f"{W}p":
        if node.tag == f"{W}del":
            return None
        node = node.getparent()
    return node


def has_rule(paragraph: Any) -> bool:
    """Whether a line is drawn in or under a paragraph: a border, a shape, or underlining."""
    if paragraph.find(f"{W}pPr/{W}pBdr") is not None:
        return True
    if next(paragraph.iter(f"{W}drawing", f"{W}pict"), None) is not None:
        return True
    return any(u.get(f"{W}val") not in (None, "none") for u in paragraph.iter(f"{W}u"))


def style_of(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val", ""))


def theme_fonts(document: Any) -> dict[str, str]:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/theme") and not relation.is_external:
            text = relation.target_part.blob.decode("utf-8", "replace")
            return {
                kind: match[1]
                for kind in ("major", "minor")
                if (
                    match := re.search(rf'<a:{kind}Font>.*?<a:latin typeface="([^"]*)"', text, re.S)
                )
            }
    return {}
