"""A procedure card as headed lines, ready to be shown by any door.

The lines are those of the card's stored document, so each still knows the exact
span it can be checked against; only the label that its heading already says is
left off.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from assistant.vocabulary import Answer
from knowledge_base.card_text import HEADINGS, CardLine, card_lines, document_of_card
from knowledge_base.documents import ProcedureCard
from knowledge_base.wording import AS_WRITTEN, HOW, LEVEL

#: What people look for first, in this order; the rest is shown on request.
FIRST = ("fees", "times", "where", "dossier")
THEN = (
    "authority",
    "online",
    "who",
    "conditions",
    "steps",
    "result",
    "legal_basis",
    "notes",
    "sources",
)

#: Labels of lines that repeat their heading.
_REPEATED = (
    "Cơ quan giải quyết",
    "Nơi nộp hồ sơ",
    "Đối tượng thực hiện",
    "Thời hạn giải quyết",
    "Phí, lệ phí",
    "Hồ sơ phải nộp",
    "Giấy tờ phải nộp",
    "Trình tự thực hiện",
    "Bước ",
    "Kết quả nhận được",
    "Yêu cầu, điều kiện",
    "Điều kiện",
    "Căn cứ pháp lý",
    "Lưu ý",
    "Nguồn",
)
_SHOW_ONLY = "Giấy tờ chỉ xuất trình"


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: ``label`` (a way of filing, or nothing), words, and its span."""

    label: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one slot under its heading; ``first`` when people look for it first."""

    slot: str
    heading: str
    first: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CardView:
    """A card to be shown; spans count in version ``sha256`` of ``document_id``."""

    code: str
    name: str
    document_id: str
    sha256: str
    blocks: tuple[Block, ...]
    #: Who carries it out ("Cấp tỉnh, cấp xã"); empty where the source does not say.
    levels: str = ""


def view_of(card: ProcedureCard, document_id: str = "") -> CardView:
    """The blocks of ``card`` in the order in which people need them.

    ``document_id`` is the stored document's where it is not a bundled one.
    """
    document = document_of_card(card)
    by_slot = {
        slot: tuple(_line(line) for line in lines)
        for slot, lines in groupby(card_lines(card), key=lambda line: line.slot)
    }
    return CardView(
        code=card.code,
        name=document.title,
        document_id=document_id or document.id,
        sha256=document.sha256,
        blocks=tuple(
            Block(slot, HEADINGS[slot], slot in FIRST, by_slot[slot])
            for slot in FIRST + THEN
            if slot in by_slot
        ),
        levels=", ".join(LEVEL[level] for level in card.levels).capitalize(),
    )


def document_of(answer: Answer) -> str:
    """The stored document that an answer from a card cites; empty where it cites none."""
    return answer.citations[0].document_id if answer.citations else ""


def _line(line: CardLine) -> Line:
    label, colon, rest = line.text.partition(": ")
    if colon and label == _SHOW_ONLY:
        return Line("Xuất trình", rest, line.start, line.end)
    if label.endswith(AS_WRITTEN):  # never as if it had been read
        return Line(AS_WRITTEN.capitalize(), rest, line.start, line.end)
    if not colon or not label.startswith(_REPEATED):
        return Line("", line.text, line.start, line.end)
    how = ", ".join(HOW[way] for way in line.channels) if line.slot in ("times", "fees") else ""
    return Line(how.capitalize(), rest[:1].upper() + rest[1:], line.start, line.end)
