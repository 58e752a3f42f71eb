"""Which line of a paper is which of its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.drafting.sheet import Line, Sheet
from knowledge_base.vietnamese import fold

#: The kinds that have their name above the text (Decree 30/2020, Annex III), with their letters.
TITLES: Mapping[str, str] = {
    "NGHỊ QUYẾT": "NQ", "QUYẾT ĐỊNH": "QĐ", "CHỈ THỊ": "CT", "QUY CHẾ": "QC", "QUY ĐỊNH": "QyĐ",
    "THÔNG CÁO": "TC", "THÔNG BÁO": "TB", "HƯỚNG DẪN": "HD", "CHƯƠNG TRÌNH": "CTr",
    "KẾ HOẠCH": "KH", "PHƯƠNG ÁN": "PA", "ĐỀ ÁN": "ĐA", "DỰ ÁN": "DA", "BÁO CÁO": "BC",
    "BIÊN BẢN": "BB", "TỜ TRÌNH": "TTr", "HỢP ĐỒNG": "HĐ", "CÔNG ĐIỆN": "CĐ",
    "BẢN GHI NHỚ": "BGN", "BẢN THỎA THUẬN": "BTT", "GIẤY ỦY QUYỀN": "GUQ", "GIẤY MỜI": "GM",
    "GIẤY GIỚI THIỆU": "GGT", "GIẤY NGHỈ PHÉP": "GNP", "PHIẾU GỬI": "PG", "PHIẾU CHUYỂN": "PC",
    "PHIẾU BÁO": "PB",
}  # fmt: skip
_HEAD = 24  # lines in which the head of a paper is looked for
_NUMBER = re.compile(r"^S[ốô]\s*:?\s*[\d….\[\]\s_]*\s*/|^S[ốô]\s*:", re.IGNORECASE)
_PLACE_DATE = re.compile(r"\bngày\b.{0,12}\btháng\b.{0,12}\bnăm\b", re.IGNORECASE)
_CAPACITY = re.compile(
    r"^(?:(?:TM|KT|TL|TUQ|Q)\b|(?:PHÓ |QUYỀN )?(?:CHỦ TỊCH|CHỦ NHIỆM|GIÁM ĐỐC|TỔNG GIÁM ĐỐC"
    r"|BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TƯỚNG|PHÓ THỦ TƯỚNG|CỤC TRƯỞNG|VỤ TRƯỞNG|CHI CỤC TRƯỞNG"
    r"|TỔNG CỤC TRƯỞNG"
    r"|TRƯỞNG|HIỆU TRƯỞNG|VIỆN TRƯỞNG|CHÁNH|TỔ TRƯỞNG|ĐỘI TRƯỞNG|THƯ KÝ"
    r"|CHỦ TỌA|CHỦ TOẠ|CHỦ TRÌ|TỔNG|NGƯỜI)\b)"
)
_BASIS = re.compile(r"^(?:[-–]\s*)?(?:căn cứ|theo đề nghị|xét đề nghị|xét|thực hiện)\b", re.I)
_UNDER = re.compile(
    r"^(?:SỞ|PHÒNG|CỤC|VỤ|VĂN PHÒNG|TRUNG TÂM|CHI CỤC|TRƯỜNG|BỆNH VIỆN|VIỆN|TRẠM|BAN QUẢN LÝ"
    r"|THANH TRA)\b"
)
_ABOVE = re.compile(
    r"^(?:ỦY BAN|UỶ BAN|UBND|BỘ|TỔNG CỤC|SỞ|CỤC|ĐẠI HỌC|TỈNH|THÀNH PHỐ|HĐND|HỘI ĐỒNG)\b"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """Lines by the part they are ("country", "number", …); ``role`` is the way back.

    ``title`` is the name of the kind, "" for a letter (công văn).
    """

    lines: Mapping[str, tuple[Line, ...]]
    roles: Mapping[int, str]
    title: str
    head_in_columns: bool

    def first(self, part: str) -> Line | None:
        """The first line of a part, None where the paper has none."""
        found = self.lines.get(part, ())
        return found[0] if found else None

    def role(self, line: Line) -> str:
        """The part of a line; "body" for running text."""
        return self.roles.get(line.number, "body")


def parts_of(sheet: Sheet) -> Parts:
    """The parts of a document, found by their words and places."""
    return _Finder([line for line in sheet.lines if line.text]).parts()


class _Finder:
    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._roles: dict[int, str] = {}
        self._title = ""
        self._mixed = False

    def parts(self) -> Parts:
        self._head()
        at = self._named()
        self._opening(at)
        self._foot()
        found: dict[str, list[Line]] = {}
        for line in self._lines:
            found.setdefault(self._roles.get(line.number, "body"), []).append(line)
        return Parts(
            {part: tuple(lines) for part, lines in found.items()}, self._roles, self._title,
            not self._mixed,
        )  # fmt: skip

    def _mark(self, line: Line, part: str) -> None:
        self._roles.setdefault(line.number, part)

    def _head(self) -> None:
        head = self._lines[:_HEAD]
        for line in head:
            plain = _plain(line.text)
            if "cong hoa xa hoi chu nghia" in plain:
                self._mixed = self._mixed or len(plain) > 40
                self._mark(line, "country" if len(plain) <= 40 else "mixed")
            elif "doc lap" in plain and "hanh phuc" in plain:
                self._mark(line, "motto" if len(plain) <= 36 else "mixed")
            elif _NUMBER.match(line.text) and "number" not in self._roles.values():
                dated = _PLACE_DATE.search(line.text) is not None
                self._mixed = self._mixed or dated
                self._mark(line, "mixed" if dated else "number")
            elif (
                _PLACE_DATE.search(line.text)
                and len(line.text) < 70
                and not _BASIS.match(line.text)
                and "place_date" not in self._roles.values()
                and not self._bound(line)
            ):
                self._mark(line, "place_date")
        self._agencies(head)

    def _bound(self, line: Line) -> bool:
        """Whether a line with a day belongs to the text: it ends like a sentence or is an item."""
        return line.text.endswith((";", ".", ":")) or line.text[:1] in "-+("

    def _agencies(self, head: list[Line]) -> None:
        opening = ("country", "number", "motto")
        first = next((line for line in head if self._roles.get(line.number) in opening), None)
        names: list[Line] = []
        for line in head:
            role = self._roles.get(line.number)
            # The left cell is read before the right one; without cells both stand above.
            if role in ("number", "place_date"):
                break
            if line.text.strip().upper() in TITLES or line.text.lower().startswith(("v/v", "kính")):
                break
            if role is None and (line.cell is not None or first is not None):
                names.append(line)
        if not names:
            return
        bold = [line.bold >= 0.5 for line in names]
        cut = bold.index(True) if True in bold else len(names) - 1
        if cut == 0 and len(names) > 1 and all(bold):
            above, below = names[0].text.upper(), names[1].text.upper()
            cut = 1 if _ABOVE.match(above) and _UNDER.match(below) else 0
        if cut == 0 and len(names) > 1 and not bold[-1] and not _UNDER.match(names[0].text.upper()):
            cut = len(names) - 1  # bold and plain have changed places
        for at, line in enumerate(names):
            self._mark(line, "parent" if at < cut else "agency")

    def _named(self) -> int:
        """The name of the kind and what it is about; where the text goes on."""
        for at, line in enumerate(self._lines[: _HEAD + 6]):
            name = re.sub(r"[\s:.]+$", "", " ".join(line.text.split()))
            if line.number in self._roles:
                continue
            if name.upper() in TITLES and (
                name.isupper() or line.bold > 0.5 or line.align == "center"
            ):
                self._title = name.upper()
                self._mark(line, "title")
                return self._subject(at + 1)
            if re.match(r"(?i)(?:v/v|về việc)\b", line.text) and line.cell is not None:
                self._mark(line, "letter_subject")
                return at + 1
            if re.match(r"(?i)v/v\b", line.text):
                self._mark(line, "letter_subject")
                return at + 1
        last = max((n for n, line in enumerate(self._lines[:_HEAD]) if line.number in self._roles),
                   default=-1)  # fmt: skip
        return last + 1

    def _subject(self, at: int) -> int:
        while at < len(self._lines):
            line = self._lines[at]
            if line.number in self._roles:
                at += 1
                continue
            ends = (
                _BASIS.match(line.text)
                or line.text.lower().startswith("kính gửi")
                or (line.is_capital and len(line.text) > 3)
                or (line.align not in ("center",) and (line.bold < 0.5 or line.label))
                or len(line.text) > 300
                or re.match(r"(?:Điều \d|[IVX]+\. |\d+\. )", line.whole)
            )
            if ends:
                return at
            self._mark(line, "subject")
            at += 1
        return at

    def _opening(self, at: int) -> None:
        """Addressees, who issues, and the bases, until the text begins."""
        addressed = based = False
        for n in range(at, len(self._lines)):
            line = self._lines[n]
            if line.number in self._roles:
                continue
            text = line.text
            if text.lower().startswith("kính gửi"):
                addressed = True
                self._mark(line, "addressee")
            elif (
                addressed
                and not based
                and (text[:1] in "-–+" or line.label.strip() == "-")
                and len(text) < 200
            ):
                self._mark(line, "addressee")
            elif _BASIS.match(text) and self._is_basis(n, based):
                based = True
                self._mark(line, "basis")
            elif (
                line.is_capital
                and len(text) > 3
                and (line.bold > 0.5 or line.align == "center")
                and (self._title in ("QUYẾT ĐỊNH", "NGHỊ QUYẾT", "CHỈ THỊ"))
            ):
                self._mark(line, "issuer")
            else:
                return

    def _is_basis(self, n: int, begun: bool) -> bool:
        """A line of its own, not a sentence that begins with "Căn cứ"."""
        line = self._lines[n]
        if self._title in ("QUYẾT ĐỊNH", "NGHỊ QUYẾT") or line.italic > 0.5:
            return True
        if not re.match(r"(?i)(?:[-–]\s*)?căn cứ", line.text):
            return begun and line.text.rstrip().endswith((";", "."))
        return line.text.rstrip().endswith(";") or (begun and len(line.text) < 250)

    def _foot(self) -> None:
        heads = [
            n
            for n, line in enumerate(self._lines)
            if re.match(r"noi nhan\s*(?::|\.|$)", _plain(line.text))
        ]
        cell = None
        if heads:
            at = heads[0]
            head = self._lines[at]
            cell = head.cell
            self._mark(head, "receivers_head")
            for line in self._lines[at + 1 :]:
                if line.cell != cell or (cell is None and line.is_capital):
                    break
                self._mark(line, "receiver")
        self._signatures(heads[0] if heads else len(self._lines), cell)

    def _signatures(self, near: int, cell: tuple[int, int, int] | None) -> None:
        start = max(0, near - 8)
        for n in range(start, len(self._lines)):
            line = self._lines[n]
            if line.number in self._roles or not _CAPACITY.match(line.text):
                continue
            if (
                not (line.bold > 0.5 or line.align == "center" or line.is_capital)
                or len(line.text) > 90
            ):
                continue
            if not line.is_capital and not (cell and line.cell and line.cell[0] >= cell[0] - 1):
                continue
            self._mark(line, "capacity")
            last = None
            for other in self._lines[n + 1 :]:
                if other.cell != line.cell or other.number in self._roles:
                    break
                if _CAPACITY.match(other.text) and other.is_capital:
                    self._mark(other, "capacity")
                elif re.match(r"\(.*\)$", other.text):
                    self._mark(other, "stamp")
                else:
                    last = other
                    break
            if last is not None and len(last.text) < 60:
                self._mark(last, "signer")
        if cell is not None and "capacity" not in self._roles.values():
            self._beside(cell)

    def _beside(self, cell: tuple[int, int, int]) -> None:
        """A position nobody knows, or a blank: what stands beside the receivers, name last."""
        beside = [
            line
            for line in self._lines
            if line.cell and line.cell[:2] == cell[:2] and line.cell[2] > cell[2]
        ]
        for at, line in enumerate(beside):
            if not re.match(r"\(.*\)$", line.text):
                self._mark(line, "signer" if at == len(beside) - 1 and at else "capacity")


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
