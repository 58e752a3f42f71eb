"""A procedure card as a text that people read and citations point into.

The text is deterministic: the same card gives the same bytes. Each fact stands
on a line of its own that makes sense when it is quoted alone; headings stand on
lines between them and are never part of a quotable line.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from knowledge_base.documents import (
    Document,
    DocumentKind,
    DossierItem,
    FilingChannel,
    How,
    ProcedureCard,
    Section,
)
from knowledge_base.wording import (
    AS_WRITTEN,
    HOW,
    LEVEL,
    NONE_REQUIRED,
    ONLINE_LEVEL,
    UNKNOWN,
    UNREADABLE,
    channel_name,
    day,
    district_named,
    durations,
    fees,
    one_line,
    sentence,
    source_line,
)

#: Slots of the text in the order they are printed, with their headings.
HEADINGS = {
    "summary": "Thông tin chung",
    "authority": "Cơ quan giải quyết",
    "where": "Nơi nộp hồ sơ",
    "who": "Đối tượng thực hiện",
    "times": "Thời hạn giải quyết",
    "fees": "Phí, lệ phí",
    "online": "Cách nộp hồ sơ",
    "dossier": "Thành phần hồ sơ",
    "steps": "Trình tự thực hiện",
    "result": "Kết quả",
    "conditions": "Yêu cầu, điều kiện",
    "legal_basis": "Căn cứ pháp lý",
    "notes": "Lưu ý",
    "sources": "Nguồn",
}

_REMARK = re.compile(r"\W*(?:trường hợp|lưu ý|ghi chú|đối với|giấy tờ phải)\b", re.IGNORECASE)
_LONG_NOTE = 200  # characters of a note that is said once for all channels that share it

BUNDLED = "bundled"  # the collection of the corpus that comes with the program


@dataclass(frozen=True, slots=True)
class CardLine:
    """One quotable line: ``document.text[start:end] == text``.

    ``channels`` are the ways of filing the line speaks about (empty: all, or
    none in particular); ``index`` counts the lines of a slot from 0, so that
    the third dossier item is ``("dossier", 2)``.
    """

    slot: str
    channels: tuple[How, ...]
    index: int
    text: str
    start: int
    end: int

    @property
    def channel(self) -> How | None:
        """The one channel the line is about, if there is just one."""
        return self.channels[0] if len(self.channels) == 1 else None


_Line = tuple[str, tuple[How, ...], str]  # slot, channels, text


def document_of_card(card: ProcedureCard) -> Document:
    """The stored document of a card, one `Section` per slot that says something."""
    text, lines = _laid_out(card)
    spans: dict[str, tuple[int, int]] = {}
    told: set[str] = set()
    for line in lines:
        first, _ = spans.get(line.slot, (line.start, line.end))
        spans[line.slot] = (first, line.end)
        if not line.text.rstrip(".").endswith(UNKNOWN):
            told.add(line.slot)
    source = card.source_of("all")
    return Document(
        id=f"procedure:{card.code}",
        source_id=card.code,
        kind=DocumentKind.PROCEDURE,
        title=one_line(card.name),
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        number=card.code,
        other_names=tuple(
            filter(
                None,
                (
                    card.short_name,
                    *card.other_names,
                    card.english_name,
                    *card.english_other_names,
                ),
            )
        ),
        url=source.url,
        collection=BUNDLED,
        effective_from=card.valid_from,
        effective_to=card.valid_to,
        sections=tuple(
            Section((HEADINGS[slot],), start, end, slot, card.valid_from, card.valid_to)
            for slot, (start, end) in spans.items()
            if slot in told or slot == "summary"  # what is not known is not to be found
        ),
        meta={
            "short_name": card.short_name,
            "field": card.field,
            "levels": " ".join(card.levels),
            "decision_number": source.decision_number,
            "checked_on": source.checked_on.isoformat() if source.checked_on else "",
            "related": " ".join(card.related),
        },
    )


def card_lines(card: ProcedureCard) -> tuple[CardLine, ...]:
    """The quotable lines of a card with their exact spans in its document's text."""
    return _laid_out(card)[1]


def _laid_out(card: ProcedureCard) -> tuple[str, tuple[CardLine, ...]]:
    parts = [unicodedata.normalize("NFC", one_line(card.name)) + "\n"]
    length = len(parts[0])
    placed: list[CardLine] = []
    counts = dict.fromkeys(HEADINGS, 0)
    for slot, channels, raw in _lines(card):
        if not counts[slot]:
            heading = f"\n{HEADINGS[slot]}\n"
            parts.append(heading)
            length += len(heading)
        text = unicodedata.normalize("NFC", raw)
        placed.append(CardLine(slot, channels, counts[slot], text, length, length + len(text)))
        counts[slot] += 1
        parts.append(text + "\n")
        length += len(text) + 1
    return "".join(parts), tuple(placed)


def _lines(card: ProcedureCard) -> Iterator[_Line]:
    yield from _summary(card)
    authority = district_named(card.authority)
    yield "authority", (), _slot(card, "authority", "Cơ quan giải quyết", authority)
    yield "where", (), _slot(card, "where", "Nơi nộp hồ sơ", card.where)
    yield "who", (), _slot(card, "who", "Đối tượng thực hiện", card.who)
    yield from _by_channel(card, "times", "Thời hạn giải quyết", durations)
    yield from _as_written(card, "times")
    yield from _by_channel(card, "fees", "Phí, lệ phí", fees)
    yield from _as_written(card, "fees")
    yield from _online(card)
    yield from _many(card, "dossier", "Hồ sơ phải nộp", [_paper(item) for item in card.dossier])
    yield from _as_written(card, "dossier")
    steps = [_step(n, one_line(step)) for n, step in enumerate(card.steps, 1)]
    yield from _many(card, "steps", "Trình tự thực hiện", steps)
    yield "result", (), _slot(card, "result", "Kết quả nhận được", card.result)
    conditions = [f"Điều kiện: {one_line(condition)}" for condition in card.conditions]
    yield from _many(card, "conditions", "Yêu cầu, điều kiện", conditions)
    basis = "; ".join(card.legal_basis)
    yield "legal_basis", (), _slot(card, "legal_basis", "Căn cứ pháp lý", basis)
    yield from _as_written(card, "legal_basis")
    for note in card.notes:
        yield "notes", (), sentence(f"Lưu ý: {note}")
    for source in card.sources:
        yield "sources", (), source_line(source)


def _summary(card: ProcedureCard) -> Iterator[_Line]:
    levels = ", ".join(LEVEL[level] for level in card.levels) or UNKNOWN
    yield (
        "summary",
        (),
        sentence(
            f"{_procedure(card.name)} (mã {card.code}) thuộc lĩnh vực "
            f"{one_line(card.field)}, cấp thực hiện: {levels}"
        ),
    )
    if card.other_names:
        yield "summary", (), sentence("Tên thường gọi: " + ", ".join(card.other_names))
    if card.valid_from or card.valid_to:
        since = f" từ ngày {day(card.valid_from)}" if card.valid_from else ""
        until = f" đến hết ngày {day(card.valid_to)}" if card.valid_to else ""
        yield "summary", (), f"Thủ tục này áp dụng{since}{until}."


def _procedure(name: str) -> str:
    name = one_line(name)
    return name if name.casefold().startswith("thủ tục") else f"Thủ tục {name}"


def _by_channel(
    card: ProcedureCard, slot: str, label: str, words: Callable[[FilingChannel], str]
) -> Iterator[_Line]:
    """One line for each different content; channels that agree share it."""
    shared: dict[str, list[How]] = {}
    for channel in card.channels:
        shared.setdefault(words(channel) or _empty(card, slot), []).append(channel.how)
    if not card.channels:
        yield slot, (), sentence(f"{label}: {_empty(card, slot)}")
    for text, hows in shared.items():
        channels = tuple(dict.fromkeys(hows))
        yield slot, channels, sentence(f"{label} ({_names(channels)}): {text}")


def _online(card: ProcedureCard) -> Iterator[_Line]:
    hows = tuple(dict.fromkeys(channel.how for channel in card.channels))
    if not hows:
        yield "online", (), sentence(f"Hình thức nộp hồ sơ: {UNKNOWN}")
        return
    yield "online", hows, sentence("Hình thức nộp hồ sơ: " + _names(hows))
    online = [channel for channel in card.channels if channel.how is How.ONLINE]
    for channel in online:
        level = (
            f"có, là dịch vụ công trực tuyến {ONLINE_LEVEL[channel.online_level]}"
            if channel.online_level
            else f"có; mức độ trực tuyến (toàn trình hay một phần) {UNKNOWN}"
        )
        yield "online", (How.ONLINE,), sentence(f"Nộp trực tuyến: {level}")
    if not online:
        yield "online", (How.ONLINE,), "Nộp trực tuyến: nguồn không ghi hình thức này."
    for note, noted in _notes(card):
        names = ", ".join(map(channel_name, noted))
        yield "online", tuple(c.how for c in noted), sentence(f"Khi nộp {names}: {note}")


def _notes(card: ProcedureCard) -> list[tuple[str, list[FilingChannel]]]:
    """Notes with the channels that have them; a long one is said once for all of these."""
    found: list[tuple[str, list[FilingChannel]]] = []
    for channel in card.channels:
        note = one_line(channel.note)
        same = [noted for text, noted in found if text == note and len(note) > _LONG_NOTE]
        if same:
            same[0].append(channel)
        elif note:
            found.append((note, [channel]))
    return found


def _as_written(card: ProcedureCard, slot: str) -> Iterator[_Line]:
    """The source's own words of what could not be read for sure."""
    if slot in card.unreadable and (text := card.raw.get(slot)):
        yield slot, (), sentence(f"{HEADINGS[slot]}, {AS_WRITTEN}: {text}")


def _paper(item: DossierItem) -> str:
    parts = [one_line(item.name)]
    if item.form:
        form = one_line(item.form)
        parts.append(form if form.lower().startswith("mẫu") else f"mẫu {form}")
    if item.originals:
        parts.append(f"{item.originals} bản chính")
    if item.copies:
        parts.append(f"{item.copies} bản sao")
    label = "Giấy tờ chỉ xuất trình" if item.show_only else "Giấy tờ phải nộp"
    if item.originals == 0 and not item.copies and _REMARK.match(item.name):
        label = "Về hồ sơ"  # the portal enters remarks as papers of which nobody needs any
    condition = one_line(item.condition).rstrip(".")
    return f"{label}: {', '.join(parts)}" + (f" (trường hợp: {condition})" if condition else "")


def _step(n: int, step: str) -> str:
    return step if step.lower().startswith("bước ") else f"Bước {n}: {step}"


def _many(card: ProcedureCard, slot: str, label: str, lines: list[str]) -> Iterator[_Line]:
    for line in lines or [f"{label}: {_empty(card, slot)}"]:
        yield slot, (), sentence(line)


def _slot(card: ProcedureCard, slot: str, label: str, value: str) -> str:
    return sentence(f"{label}: {one_line(value) or _empty(card, slot)}")


def _empty(card: ProcedureCard, slot: str) -> str:
    if slot in card.unreadable:
        return UNREADABLE
    return NONE_REQUIRED if slot in card.none_required else UNKNOWN


def _names(channels: tuple[How, ...]) -> str:
    return ", ".join(HOW[how] for how in channels)
