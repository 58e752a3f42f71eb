"""HTML pages: the text a reader sees, under the headings a reader sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes, policy

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.legacy import marked
from knowledge_base.readers.plain import decoded
from knowledge_base.readers.reading import LONG_CELL, Block, Reading, laid_out, table_row

_SKIPPED = {"script", "style", "noscript", "template", "nav", "iframe", "svg", "form", "button"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font"),
    *("i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong"),
    *("sub", "sup", "time", "tt", "u", "var", "wbr"),
}
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_ERROR_PAGE = re.compile(
    r"\b(40[0-9]|41[0-9]|42[0-9]|50[0-9]|52[0-9])\b.*"
    r"(error|not found|forbidden|denied|unavailable|gateway|lỗi|không tìm thấy|không tồn tại)"
    r"|(không tìm thấy (trang|đường dẫn|tài liệu|tệp|nội dung)|trang .{0,40}không tồn tại"
    r"|page not found|file not found|access denied|request rejected|just a moment"
    r"|service unavailable|bad gateway|đã xảy ra lỗi|có lỗi xảy ra|an error occurred"
    r"|enable javascript|checking your browser|phiên làm việc .{0,20}hết hạn"
    r"|vui lòng đăng nhập|captcha)",
    re.IGNORECASE | re.DOTALL,
)
_ERROR_LONGEST = 2_000  # characters; a longer page says something else too
_OLD_FONT = re.compile(r"(?:face|font-family)\s*[=:]\s*[\"']?\s*(\.?vn[a-z]|vni)", re.IGNORECASE)
_FAMILY = re.compile(r"font-family\s*:\s*[\"']?\s*([^;,\"']+)", re.IGNORECASE)


def read_mhtml(data: bytes) -> Reading:
    """A page saved with its pictures in one file: its first HTML part."""
    message = message_from_bytes(data, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                return read_html(body)
    raise Unreadable("tệp MHTML không có trang nào bên trong", QuarantineReason.DAMAGED)


def read_html(data: bytes) -> Reading:
    """The blocks of a page, without what is not shown; error pages are refused."""
    text = _decoded(data)
    try:
        # Declared encodings are already followed; lxml must not follow them again.
        page = lxml_html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("trang HTML không có nội dung", QuarantineReason.EMPTY) from error
    title = " ".join((page.findtext(".//title") or "").split())
    reading = laid_out(_blocks(page, _font if _OLD_FONT.search(text) else None), title)
    if len(reading.text) < _ERROR_LONGEST and _ERROR_PAGE.search(f"{title} {reading.text}"):
        raise error_page()
    return reading


def refuse_page(data: bytes) -> Reading:
    """Say why a web page under the name of a PDF is not read: always `Unreadable`."""
    read = read_html(data)
    if len(read.text) < _ERROR_LONGEST or _ERROR_PAGE.search(f"{read.title} {read.text[:300]}"):
        raise error_page()
    raise Unreadable(
        "tên tệp là .pdf nhưng nội dung là trang HTML: hãy kiểm tra hoặc tải lại từ nguồn",
        QuarantineReason.WRONG_FORMAT,
    )


def error_page() -> Unreadable:
    """What is raised for a page that a web server sent instead of a document."""
    return Unreadable(
        "đây là trang báo lỗi (hoặc trang đăng nhập) của một máy chủ web, không phải văn bản",
        QuarantineReason.ERROR_PAGE,
    )


def _decoded(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return data.decode(declared[1].decode("ascii", "replace"))
        except (LookupError, UnicodeDecodeError):
            pass  # declared wrongly: try what it looks like
    return decoded(data)


def _font(element: lxml_html.HtmlElement) -> str:
    """The font an element's text is set in, as far as the element and those around it say."""
    for node in (element, *element.iterancestors()):
        family = _FAMILY.search(node.get("style") or "")
        if family or node.get("face"):
            return str(node.get("face") or (family[1] if family else "")).strip()
    return ""


def _blocks(
    page: lxml_html.HtmlElement, font: Callable[[lxml_html.HtmlElement], str] | None
) -> list[Block]:
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
        hidden = tag in _SKIPPED or tag == "head" or bool(tag and _unseen(element))
        if tag == "tr" and element is not page and _is_row(element):
            hidden = True  # its cells are read as one line, here
            if event == "start" and not skipped:
                end()
                cells = [_blocks(cell, font) for cell in element if cell.tag in ("td", "th")]
                blocks += table_row([[b for b in cell if b.text.strip()] for cell in cells])
        if event == "start":
            if not skipped and tag not in _INLINE and tag not in ("td", "th", "br"):
                end()
                level = _HEADINGS.get(tag, 0)
            if tag == "br":
                words.append("\n")
            skipped += hidden
            if not skipped:
                text = _spaces(element.text)
                words.append(marked(text, font(element)) if font and tag else text)
        else:
            skipped -= hidden and event == "end"
            if not skipped:
                if element is page:
                    continue  # what follows it is not of it
                if event == "end" and tag in ("td", "th") and element.getnext() is not None:
                    words.append(" | ")
                elif event == "end" and tag not in _INLINE and tag not in ("td", "th", "br"):
                    end()
                    level = 0
                text, parent = _spaces(element.tail), element.getparent()
                known = font is not None and parent is not None
                words.append(marked(text, font(parent)) if font and known else text)
    end()
    return blocks


def _unseen(element: lxml_html.HtmlElement) -> bool:
    """Whether an element says that it is not shown."""
    style = "".join((element.get("style") or "").lower().split())
    return element.get("hidden") is not None or "display:none" in style


def _is_row(row: lxml_html.HtmlElement) -> bool:
    """Whether a row holds values; one that holds tables or long texts lays out a page."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    return len(cells) > 1 and not any(
        sum(1 for _ in cell.iterdescendants("p", "div", "li")) > LONG_CELL
        or next(cell.iterdescendants("table"), None) is not None
        for cell in cells
    )


def _spaces(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
