"""HTML that cannot be forgotten to be escaped: plain text is, `Html` is not."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_EMPTY = frozenset({"meta", "br", "input", "link", "line", "circle", "rect", "path", "hr"})


class Html(str):
    """Markup that stands as it is."""

    __slots__ = ()


def text(value: object) -> Html:
    """Any value as HTML: escaped, unless it is markup already.

    >>> text("<b> & co")
    '&lt;b&gt; &amp; co'
    """
    return value if isinstance(value, Html) else Html(escape(_printable(str(value))))


def el(name: str, /, *inside: object, **attributes: object) -> Html:
    """One element. ``cls`` is class, a trailing ``_`` is dropped, None and False leave out.

    >>> el("p", "a < b", cls="note", data_task="x")
    '<p class="note" data-task="x">a &lt; b</p>'
    """
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _EMPTY:
        return Html(f"<{name}{told}/>")
    return Html(f"<{name}{told}>{joined(inside)}</{name}>")


def joined(parts: Iterable[object], between: str = "") -> Html:
    """Parts one after the other; None is left out."""
    return Html(text(between).join(text(part) for part in parts if part is not None))


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = {"cls": "class"}.get(key, key.rstrip("_").replace("_", "-"))
    return f" {name}" if value is True else f' {name}="{escape(_printable(str(value)))}"'


def _printable(value: str) -> str:
    """Without what HTML forbids or what turns the reading direction: control characters, NUL."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _hidden(char) else char for char in value)


def _hidden(char: str) -> bool:
    code = ord(char)
    return (
        (code < 0x20 and char not in "\n\t")
        or 0x7F <= code <= 0x9F
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or 0xD800 <= code <= 0xDFFF
        or code in (0xFFFE, 0xFFFF)
    )
