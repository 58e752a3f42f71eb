"""HTML pages: the text a reader sees, under the headings a reader sees."""

from __future__ import annotations

import re

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from knowledge_base.errors import Unreadable
from knowledge_base.readers.plain import decoded
from knowledge_base.readers.reading import Block, Reading, laid_out

_SKIPPED = {"script", "style", "noscript", "template", "nav", "iframe", "svg", "form", "button"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font"),
    *("i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong"),
    *("sub", "sup", "time", "tt", "u", "var", "wbr"),
}
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_ERROR_PAGE = re.compile(
    r"\b(40[0-9]|50[0-4])\b.*(error|not found|forbidden|lỗi|không tìm thấy)", re.I
)


def read_html(data: bytes) -> Reading:
    """The blocks of a page, without what is not shown; error pages are refused."""
    text = _decoded(data)
    try:
        # Declared encodings are already followed; lxml must not follow them again.
        page = lxml_html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("trang HTML không có nội dung") from error
    title = " ".join((page.findtext(".//title") or "").split())
    reading = laid_out(_blocks(page), title)
    if len(reading.text) < 1000 and _ERROR_PAGE.search(f"{title} {reading.text}"):
        raise Unreadable("đây là trang báo lỗi của một máy chủ web, không phải văn bản")
    return reading


def _decoded(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return data.decode(declared[1].decode("ascii", "replace"))
        except (LookupError, UnicodeDecodeError):
            pass  # declared wrongly: try what it looks like
    return decoded(data)


def _blocks(page: lxml_html.HtmlElement) -> list[Block]:
    """Texts between the borders of block elements; walked without recursion."""
    blocks: list[Block] = []
    words: list[str] = []
    skipped = 0
    level = 0

    def end() -> None:
        lines = (" ".join(line.split()) for line in "".join(words).split("\n"))
        blocks.append(Block("\n".join(line for line in lines if line), level))
        words.clear()

    for event, element in etree.iterwalk(page, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        hidden = tag in _SKIPPED or tag == "head"
        if event == "start":
            if not skipped and tag not in _INLINE and tag not in ("td", "th", "br"):
                end()
                level = _HEADINGS.get(tag, 0)
            if tag == "br":
                words.append("\n")
            skipped += hidden
            if not skipped:
                words.append(_spaces(element.text))
        else:
            skipped -= hidden and event == "end"
            if not skipped:
                if event == "end" and tag in ("td", "th") and element.getnext() is not None:
                    words.append(" | ")
                elif event == "end" and tag not in _INLINE and tag not in ("td", "th", "br"):
                    end()
                    level = 0
                words.append(_spaces(element.tail))
    end()
    return blocks


def _spaces(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
