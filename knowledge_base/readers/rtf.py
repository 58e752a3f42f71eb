"""RTF files: the text one sees, with its fonts noted and its tables as rows.

`striprtf` was weighed: it drops fonts, so an old encoding could not be told, and
keeps deleted text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.legacy import marked
from knowledge_base.readers.reading import Block, Reading, laid_out, table_row
from knowledge_base.readers.secrecy import refuse_secret

_TOKEN = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.IGNORECASE,
)
_SKIPPED = {
    *("stylesheet", "colortbl", "info", "pict", "object", "listtable", "listoverridetable"),
    *("rsidtbl", "generator", "themedata", "datastore", "latentstyles", "xmlnstbl", "fldinst"),
    *("bkmkstart", "bkmkend", "nonshppict", "shprslt", "filetbl", "revtbl", "pgdsctbl", "mmathPr"),
}
_ASIDE = {"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"}
_SIGNS = {
    **{"tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "bullet": "•"},
    **{"lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
    **{"~": " ", "_": "-", "-": ""},
}
_CODE_PAGES = {163: "cp1258", 0: "cp1252", 1: "cp1252", 238: "cp1250", 204: "cp1251"}
_DEEPEST = 500


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside the innermost braces."""

    where: str = "text"  # "text", "skip", "aside", "fonts"
    font: int = -1
    hidden: bool = False
    table: bool = False
    fallback: int = 1  # characters to skip after \u


def read_rtf(data: bytes) -> Reading:
    """Paragraphs and rows in order. Headers are looked at for stamps only."""
    reader = _Reader()
    blocks = list(reader.blocks(data.decode("latin-1")))
    refuse_secret("".join(reader.aside))
    if not reader.opened:
        raise Unreadable("tệp RTF bị hỏng", QuarantineReason.DAMAGED)
    return laid_out(blocks)


class _Reader:
    def __init__(self) -> None:
        self.fonts: dict[int, str] = {}
        self.charsets: dict[int, int] = {}
        self.aside: list[str] = []
        self.opened = False
        self.page = "cp1252"
        self.default_font = 0
        self._words: list[str] = []
        self._run: list[str] = []
        self._bytes = bytearray()
        self._skip = 0

    def blocks(self, text: str) -> Iterator[Block]:
        state, above = _State(), [_State()]
        row: list[list[Block]] = []
        cell: list[Block] = []
        for token in _TOKEN.finditer(text):
            word, value, code, sign, brace, plain = token.groups()
            if code:
                self._byte(int(code, 16))
                continue
            if plain is not None:
                self._plain(plain, state)
                continue
            self._end_bytes(state)
            if brace == "{":
                if len(above) > _DEEPEST:
                    raise RecursionError
                above.append(state)
                self.opened = True
            elif brace == "}":
                self._end_run(state)
                state = above.pop() if len(above) > 1 else state
            elif sign == "*":
                self._end_run(state)
                state = replace(state, where="skip")
            elif sign or word in _SIGNS:
                self._say(_SIGNS.get(sign or word, sign or ""), state)
            elif word == "u":
                self._say(chr(int(value or 0) % 65536), state)
                self._skip = state.fallback
            elif word in ("par", "sect", "page", "cell", "nestcell", "row", "nestrow"):
                if state.where == "aside":
                    self.aside.append("\n")
                if state.where != "text":
                    continue
                self._end_run(state)
                block = Block(_pairs("".join(self._words)))
                if word in ("row", "nestrow"):
                    yield from table_row(row)
                    row, cell = [], []
                    continue
                self._words.clear()
                if "cell" in word:
                    row.append([part for part in (*cell, block) if part.text.strip()])
                    cell = []
                elif state.table:
                    cell.append(block)
                else:
                    yield block
            elif word:
                self._end_run(state)
                state = self._control(word, value, state)
        self._end_bytes(state)
        self._end_run(state)
        yield from table_row([*row, cell])
        yield Block(_pairs("".join(self._words)))

    def _control(self, word: str, value: str | None, state: _State) -> _State:
        number = int(value) if value else 0
        if word == "fonttbl":
            return replace(state, where="fonts")
        if word == "f":
            return replace(state, font=number)
        if word == "fcharset":
            self.charsets[state.font] = number
        elif word == "ansicpg":
            self.page = f"cp{number}"
        elif word == "deff":
            self.default_font = number
        elif word in ("v", "deleted"):
            return replace(state, hidden=value != "0")
        elif word == "plain":
            return replace(state, hidden=False, font=self.default_font)
        elif word == "intbl":
            return replace(state, table=True)
        elif word == "pard":
            return replace(state, table=False)
        elif word == "uc":
            return replace(state, fallback=max(0, number))
        elif word in _SKIPPED:
            return replace(state, where="skip")
        elif word in _ASIDE:
            return replace(state, where="aside")
        elif word == "shptxt" and state.where == "skip":
            return replace(state, where="text", table=False)
        return state

    def _byte(self, code: int) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._bytes.append(code)

    def _end_bytes(self, state: _State) -> None:
        """Escaped bytes as letters, by the character set of their font."""
        if not self._bytes:
            return
        page = _CODE_PAGES.get(self.charsets.get(state.font, -1), self.page)
        if re.match(r"\.?vn|vni", self.fonts.get(state.font, ""), re.IGNORECASE):
            page = "latin-1"
        try:
            text = bytes(self._bytes).decode(page, "replace")
        except LookupError:
            text = self._bytes.decode("cp1252", "replace")
        self._bytes.clear()
        self._say(text, state)

    def _plain(self, text: str, state: _State) -> None:
        self._end_bytes(state)
        cut = min(self._skip, len(text))
        self._skip -= cut
        self._say(text[cut:], state)

    def _say(self, text: str, state: _State) -> None:
        if state.where == "fonts":
            name = (self.fonts.get(state.font, "") + text).split(";")[0]
            self.fonts[state.font] = name.strip()
        elif state.where == "aside":
            self.aside.append(text)
        elif state.where == "text" and not state.hidden:
            self._run.append(text)

    def _end_run(self, state: _State) -> None:
        if self._run:
            font = state.font if state.font >= 0 else self.default_font
            self._words.append(marked("".join(self._run), self.fonts.get(font, "")))
            self._run.clear()


def _pairs(text: str) -> str:
    """Surrogate pairs, written as two codes, as the one letter they are."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
