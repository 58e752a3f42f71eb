"""A paper before it is laid out: its parts in words, with blanks where nobody said anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.drafting.form import Form
from assistant.drafting.number_words import MOST, sum_in_words
from assistant.drafting.tables import BodyItem, Kind, agency_letters, kinds, questions

#: What stands where nobody said what should.
BLANK = "[…]"

#: Letters of points, in the order of the Vietnamese alphabet as laws use it.
POINTS = "abcdđeghiklmnopqrstuvxy"
_MONEY = re.compile(r"\{\s*tiền\s+([\d.]+)\s*\}", re.IGNORECASE)
_FIELD = re.compile(r"\{(\w+)\}")


class Role(StrEnum):
    """What a line of the text is."""

    PART = "part"
    ARTICLE = "article"
    CLAUSE = "clause"
    POINT = "point"
    DASH = "dash"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the text: ``label`` ("Điều 1. ", "a) ") and words."""

    role: Role
    label: str
    text: str
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Lines above the name, in capitals, and the name."""

    lines: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that nobody filled in, and the question for it."""

    field: str
    question: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that stands on the paper, top to bottom."""

    kind: Kind
    parent: str
    agency: str
    number: str
    place_date: str
    subject: str
    addressees: tuple[str, ...]
    issuer: str
    bases: tuple[str, ...]
    body: tuple[Line, ...]
    receivers: tuple[str, ...]
    signatures: tuple[Signature, ...]
    missing: tuple[Missing, ...]
    issued_on: date | None


def compose(form: Form) -> Paper:
    """The paper of a form. What is not in the form is a blank; nothing is invented."""
    kind = kinds()[form.kind]
    said = _Said(form, kind)
    return Paper(
        kind=kind,
        parent=form.parent.upper(),
        agency=(form.agency or BLANK).upper(),
        number=_number(form, kind),
        place_date=_place_date(form),
        subject=_subject(form, kind),
        addressees=(form.to or (BLANK,)) if said.is_addressed else (),
        issuer=(form.issuer or BLANK).upper() if kind.divided == "articles" else "",
        bases=_bases(form, kind),
        body=tuple(_body(form, kind, said)),
        receivers=_receivers(form, said),
        signatures=_signatures(form, kind),
        missing=missing(form),
        issued_on=form.date,
    )


def missing(form: Form) -> tuple[Missing, ...]:
    """What the paper still needs, in the order it is asked."""
    kind = kinds()[form.kind]
    values = _values(form)
    asked = [*kind.ask, *(() if short_of(form) else ("short",))]
    asked += [name for name in ("number", "date") if getattr(form, name) is None]
    return tuple(Missing(name, questions()[name]) for name in asked if not values.get(name))


def short_of(form: Form) -> str:
    """Letters of the agency: as given, or as everybody writes them; "" where neither is known."""
    if form.short:
        return form.short
    low = form.agency.lower()
    return next((letters for name, letters in agency_letters() if low.startswith(name)), "")


def _values(form: Form) -> dict[str, str]:
    plain = {
        name: value if isinstance(value, str) else ", ".join(value)
        for name in ("agency", "subject", "to", "place", "issuer", "bases", "time", "venue",
                     "attendees", "host", "secretary", "end", "short")
        if (value := getattr(form, name))
    }  # fmt: skip
    plain["short"] = short_of(form)
    plain["signer_position"] = form.signer.position
    plain["signer_name"] = form.signer.name
    if form.deadline:
        plain["deadline"] = long_day(form.deadline)
    return plain


@dataclass(frozen=True, slots=True)
class _Said:
    """Fills the lines of a kind with the fields of a form."""

    form: Form
    kind: Kind

    @property
    def is_addressed(self) -> bool:
        if self.kind.addressed == "may":
            return bool(self.form.to) and self.kind.id != "giay_moi"
        return self.kind.addressed == "yes"

    def fill(self, text: str) -> str:
        values = _values(self.form)
        text = _MONEY.sub(_as_sum, text)
        filled = _FIELD.sub(lambda match: values.get(match[1]) or BLANK, text)
        return re.sub(r"\.{2}(?=$|\s)", ".", filled)


def _as_sum(match: re.Match[str]) -> str:
    number = int(match[1].replace(".", ""))
    return sum_in_words(number) if number < MOST else match[0]


def long_day(day: date) -> str:
    """The day as sentences have it: "05 tháng 3 năm 2020"; months 1 and 2 get a zero.

    >>> long_day(date(2020, 3, 5)), long_day(date(2026, 1, 15))
    ('05 tháng 3 năm 2020', '15 tháng 01 năm 2026')
    """
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"{day.day:02} tháng {month} năm {day.year}"


def _place_date(form: Form) -> str:
    day = long_day(form.date) if form.date else f"{BLANK} tháng {BLANK} năm {BLANK}"
    return f"{form.place or BLANK}, ngày {day}"


def _number(form: Form, kind: Kind) -> str:
    number = BLANK if form.number is None else f"{form.number:02}"
    short = short_of(form) or BLANK
    symbol = f"{kind.letters}-{short}" if kind.letters else short
    if form.unit and not kind.letters:
        symbol += f"-{form.unit}"
    return f"Số: {number}/{symbol}"


def _subject(form: Form, kind: Kind) -> str:
    subject = re.sub(r"^(?:v/v|về việc)\s+", "", form.subject, flags=re.IGNORECASE) or BLANK
    if not kind.title:
        return f"V/v {subject[0].lower() + subject[1:] if _is_common(subject) else subject}"
    if kind.id in ("to_trinh", "quyet_dinh", "thong_bao") and not subject.lower().startswith("về"):
        return f"Về việc {subject}"
    return subject[0].upper() + subject[1:]


def _is_common(subject: str) -> bool:
    """Whether the first word may begin small: it is no name and no abbreviation."""
    words = subject.split()
    return not words[0].isupper() and not (len(words) > 1 and words[1][:1].isupper())


def _bases(form: Form, kind: Kind) -> tuple[str, ...]:
    given = [each.rstrip(" .;,") for each in form.bases]
    lines = [each if each.lower().startswith("căn cứ") else f"Căn cứ {each}" for each in given]
    if not lines and "bases" in kind.ask:
        lines = [f"Căn cứ {BLANK}"]
    if form.proposer:
        proposer = form.proposer.rstrip(" .;")
        starts = proposer.lower().startswith("theo đề nghị")
        lines.append(proposer if starts else f"Theo đề nghị của {proposer}")
    return tuple(f"{line}{';' if at < len(lines) - 1 else '.'}" for at, line in enumerate(lines))


def _body(form: Form, kind: Kind, said: _Said) -> Iterator[Line]:
    lines = list(_divided(form.content or kind.body, kind, said))
    for each in form.amounts:
        lines.append(
            Line(Role.TEXT, "", f"{each.what}: {sum_in_words(each.value, currency=each.currency)}.")
        )
    if form.deadline is not None:
        lines.append(Line(Role.TEXT, "", said.fill(kind.deadline)))
    if kind.ending and not form.content:
        lines.append(Line(Role.TEXT, "", said.fill(kind.ending)))
    if lines:
        last = lines[-1]
        ended = last.text if last.text.endswith("./.") else f"{last.text.rstrip(' .')}./."
        lines[-1] = Line(last.role, last.label, ended, last.is_heading)
    yield from lines


def _divided(items: tuple[str | BodyItem, ...], kind: Kind, said: _Said) -> Iterator[Line]:
    by_articles = kind.divided == "articles"
    number = 0
    for item in items:
        if isinstance(item, str) and not by_articles:
            yield Line(Role.TEXT, "", said.fill(item))
            continue
        if isinstance(item, BodyItem) and not item.title and not item.text:
            yield from _below(item.items, said, 1)
            continue
        number += 1
        title = item if isinstance(item, str) else item.title
        text = "" if isinstance(item, str) else item.text
        if by_articles:
            words = " ".join(filter(None, (title, text)))
            yield Line(Role.ARTICLE, f"Điều {number}. ", said.fill(words))
        else:
            heading = said.fill(title).upper() if title else ""
            yield Line(Role.PART, f"{roman(number)}. ", heading or said.fill(text), bool(heading))
            if heading and text:
                yield Line(Role.TEXT, "", said.fill(text))
        below = item.items if isinstance(item, BodyItem) else ()
        # A single thing under a heading needs no number.
        if len(below) == 1 and isinstance(below[0], str):
            yield Line(Role.TEXT, "", said.fill(below[0]))
        else:
            yield from _below(below, said, 1)


def _below(items: tuple[str | BodyItem, ...], said: _Said, depth: int) -> Iterator[Line]:
    for number, item in enumerate(items, 1):
        role = (Role.CLAUSE, Role.POINT, Role.DASH)[min(depth, 3) - 1]
        title = "" if isinstance(item, str) else item.title
        text = item if isinstance(item, str) else item.text
        words = said.fill(title or text)
        yield Line(role, _label(role, number), words, bool(title) and role is Role.CLAUSE)
        if title and text:
            yield Line(Role.TEXT, "", said.fill(text))
        if isinstance(item, BodyItem):
            yield from _below(item.items, said, depth + 1)


def _label(role: Role, number: int) -> str:
    if role is Role.CLAUSE:
        return f"{number}. "
    if role is Role.POINT and number <= len(POINTS):
        return f"{POINTS[number - 1]}) "
    return "- "


def roman(number: int) -> str:
    """Roman figures of a number below 40: parts of a paper are no more.

    >>> [roman(n) for n in (1, 4, 9, 14, 20)]
    ['I', 'IV', 'IX', 'XIV', 'XX']
    """
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * (number // 10) + ones[number % 10]


def _receivers(form: Form, said: _Said) -> tuple[str, ...]:
    given = [each.strip(" ;.-") for each in form.receivers]
    if not given:
        given = ["Như trên"] if said.is_addressed and form.to else [BLANK]
    # "Lưu: VT, đơn vị soạn thảo."
    file = form.file or ", ".join(filter(None, ("VT", form.unit or BLANK)))
    return (*(f"- {each};" for each in given), f"- Lưu: {file.rstrip('.')}.")


def _signatures(form: Form, kind: Kind) -> tuple[Signature, ...]:
    if kind.id == "bien_ban":
        return (
            Signature(("THƯ KÝ",), form.secretary or BLANK),
            Signature(("CHỦ TỌA",), form.host or BLANK),
        )
    lines = (*(line.upper() for line in form.signer.capacity),
             (form.signer.position or BLANK).upper())  # fmt: skip
    return (Signature(lines, form.signer.name or BLANK),)
