"""Words for chats: normalised, counted and split as providers do it; an answer as plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Literal
from urllib.parse import quote, urlencode

from assistant.presentation import FROM_PICTURES
from assistant.vocabulary import Answer, Citation
from bots.sentences import sentences_of
from knowledge_base.vietnamese import clean

Unit = Literal["utf16", "characters"]

#: What is never cut where it fits into a part by itself.
_WHOLE = re.compile(
    r"https?://\S+"
    r"|<[a-zA-Z/!][^<>]{0,500}>"  # a tag of HTML
    r"|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w{2,10});"
    r"|\[\d{1,3}\]"  # the number of a source
    r"|\S*\d\S*"  # amounts, days, numbers of documents
)
sentence = sentences_of("bots.delivery")

_SPACES = re.compile(r"[ \t\f\v]{2,}|\t")
_LINES = re.compile(r" *\n *")
_EMPTY = re.compile(r"\n{3,}")
_NUMBERED = re.compile(r"\[\d{1,3}\]")
_LISTED = re.compile(r"^\[1\] ", re.M)
#: A paragraph ends a part that is at least so full; else a line does, if need be with less in it.
_FULL = 0.4


def normalised(text: str) -> str:
    """NFC, without hidden characters, without runs of blanks or of empty lines, stripped."""
    text = _LINES.sub("\n", _SPACES.sub(" ", clean(text)))
    return _EMPTY.sub("\n\n", text).strip()


def length(text: str, unit: Unit = "utf16") -> int:
    """How long a provider says that ``text`` is."""
    return len(text) + (sum(c > "\uffff" for c in text) if unit == "utf16" else 0)


def split(text: str, limit: int, unit: Unit = "utf16") -> tuple[str, ...]:
    """`normalised` text in parts of at most ``limit``; joined by nothing they are that text.

    Cut after a paragraph, else after a line (a list item is a line), a sentence, a
    blank; a URL, a tag, a number is cut only where it is longer than a part, and a
    letter is never parted from its marks unless they alone are longer. No part is
    blank; without words there is none.
    """
    if limit < 8:
        raise ValueError("a part needs at least eight characters")
    rest, parts = normalised(text), []
    while length(rest, unit) > limit:
        at = _cut(rest, _longest(rest, limit, unit))
        parts.append(rest[:at])
        rest = rest[at:]
    return (*parts, rest) if rest else tuple(parts)


def shortened(text: str, limit: int, unit: Unit = "utf16") -> str:
    """``text`` on one line of at most ``limit``, ended by "…" where something is missing."""
    text = " ".join(normalised(text).split())
    if length(text, unit) <= limit:
        return text
    at = _longest(text, limit - 1, unit)
    blank = text.rfind(" ", 0, at + 1)
    at = blank if blank > limit // 2 else _whole_letter(text, at)
    return text[:at].rstrip() + "…"


# --- cutting ------------------------------------------------------------------------------------


def _longest(text: str, limit: int, unit: Unit) -> int:
    """How many characters of ``text`` count at most ``limit``."""
    if unit == "characters":
        return min(limit, len(text))
    count = 0
    for at, letter in enumerate(text):
        count += 1 + (letter > "\uffff")
        if count > limit:
            return at
    return len(text)


def _cut(text: str, most: int) -> int:
    """Where to cut ``text``, in 1 … ``most``; what is white stays with the part before."""
    white = len(text) - len(text.lstrip())  # at most an empty line, where a word filled a part
    ends = white + _best(text[white:], most - white)
    while ends < most and text[ends].isspace():
        ends += 1
    if ends < len(text) and text[ends].isspace():  # no part begins white: cut one word earlier
        before = max(text.rfind(" ", white, ends), text.rfind("\n", white, ends))
        ends = before + 1 if before > white else ends
    back = ends
    while back > 1 and back < len(text) and unicodedata.category(text[back]).startswith("M"):
        back -= 1  # a mark that somebody put on a blank stays with its blank
    return back if back > 1 else ends


def _best(text: str, most: int) -> int:
    head = text[:most]
    paragraph = head.rfind("\n\n") + 2
    if paragraph > max(2, most * _FULL):
        return paragraph
    if text[most : most + 1] == "\n" and not head.endswith(":"):
        return most - 1 if head[-1:] == "\n" else _last_line(head, most)
    if (line := head.rfind("\n") + 1) > 1:
        return _not_after_colon(head, line)
    for end in (". ", "; ", ": "):
        if (at := head.rfind(end) + len(end)) > max(len(end), most * _FULL):
            return at
    if (blank := head.rfind(" ") + 1) > 1 and (at := _before_whole(text, blank)):
        return at
    return _before_whole(text, most) or _whole_letter(text, most)


def _last_line(head: str, most: int) -> int:
    """A line ends just behind ``head``; its break would not fit, so the line before is the end."""
    line = head.rfind("\n") + 1
    return _not_after_colon(head, line) if line > 1 else most


def _not_after_colon(head: str, line: int) -> int:
    """The start of a list stays with its first item, where something is before it."""
    before = head.rfind("\n", 0, line - 1) + 1
    return before if head[:line].rstrip().endswith(":") and before > 1 else line


def _before_whole(text: str, at: int) -> int:
    """``at``, or the start of what must stay whole around it; 0 where that is the very start."""
    for found in _WHOLE.finditer(text, 0, min(len(text), at + 3000)):
        if found.start() >= at:
            break
        if at < found.end():
            return found.start()
    return _whole_letter(text, at)


def _whole_letter(text: str, at: int) -> int:
    """``at`` moved back to the start of a letter with its marks; unmoved where that is 0."""
    back = at
    while 0 < back < len(text) and _joins(text, back):
        back -= 1
    return back or at


def _joins(text: str, at: int) -> bool:
    """Whether the character at ``at`` is shown as one with that before it."""
    letter = text[at]
    if unicodedata.category(letter).startswith("M") or "\U0001f3fb" <= letter <= "\U0001f3ff":
        return True
    return _is_flag(letter) and sum(1 for _ in _flags_before(text, at)) % 2 == 1


def _is_flag(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> Iterator[str]:
    while at > 0 and _is_flag(text[at - 1]):
        at -= 1
        yield text[at]


# --- an answer ----------------------------------------------------------------------------------


def answer_text(answer: Answer, *, public_url: str = "") -> str:
    """An answer in plain words: what was asked, the numbered sources, the day, the AI notice.

    With ``public_url`` (of the web door) sources are linked to the exact quote.
    """
    head, tail = parted(answer)
    return normalised(
        "\n\n".join(part for part in (head, sources(answer, public_url), tail) if part)
    )


def parted(answer: Answer) -> tuple[str, str]:
    """The text up to its last number of a source, and what closes it: notices, the day, by AI."""
    lines = answer.text.splitlines()
    if not answer.citations or _LISTED.search(answer.text):
        return answer.text, ""
    last = max((n for n, line in enumerate(lines, 1) if _NUMBERED.search(line)), default=len(lines))
    return "\n".join(lines[:last]), "\n".join(lines[last:])


def sources(answer: Answer, public_url: str = "") -> str:
    """ "Nguồn:" and a line for each source with its link; "" where there is none, or they are said.

    Quotes of one page share a line; a document is named once, for titles are long.
    """
    if not answer.citations or _LISTED.search(answer.text):
        return ""
    lines = [sentence("sources")]
    cited = sorted(answer.citations, key=lambda each: each.number)
    before: tuple[str, str] | None = None
    for (title, link), group in groupby(
        cited, key=lambda each: (each.title, link_of(each, public_url))
    ):
        same = tuple(group)
        numbers = "".join(f"[{each.number}]" for each in same)
        document = (title, same[0].document_number)
        named = (sentence("same"),) if document == before else _named(same[0])
        lines.append(f"{numbers} {' · '.join((*named, *_places(same)))}")
        before = document
        if link:
            lines.append(link)
    return "\n".join(lines)


def link_of(citation: Citation, public_url: str = "") -> str:
    """Where a person can read the quote: on our web door, else at its publisher's."""
    if not public_url:
        return citation.url
    # Chats show addresses as they are: short, and enough to tell another version by.
    version = citation.sha256[:12]
    where = urlencode({"start": citation.start, "end": citation.end, "v": version})
    return f"{public_url.rstrip('/')}/nguon/{quote(citation.document_id, safe=':')}?{where}"


def source_line(citation: Citation) -> str:
    """Title, number, place in the document; without its number in the answer and its link."""
    return " · ".join((*_named(citation), *_places((citation,))))


def _named(citation: Citation) -> Iterator[str]:
    yield citation.title
    if citation.document_number:
        yield citation.document_number


def _places(same: tuple[Citation, ...]) -> Iterator[str]:
    paths = dict.fromkeys(" › ".join(each.path) for each in same)
    if places := "; ".join(path for path in paths if path):
        yield places
    if any(each.ocr for each in same):
        yield FROM_PICTURES
