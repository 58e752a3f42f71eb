"""What is read out of a judgment: each field with where it stands and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

LEVELS = ("sơ thẩm", "phúc thẩm", "giám đốc thẩm", "tái thẩm")
BRANCHES = (
    "hình sự",
    "dân sự",
    "hôn nhân và gia đình",
    "kinh doanh, thương mại",
    "lao động",
    "hành chính",
)
UNREAD = "chưa đọc được"


@dataclass(frozen=True, slots=True)
class Read:
    """A value and the span of the masked text that it was read from; no value: not read."""

    value: str = ""
    start: int = 0
    end: int = 0
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` of the masked text; empty where the part was not found."""

    start: int = 0
    end: int = 0

    def of(self, text: str) -> str:
        return text[self.start : self.end].strip()


@dataclass(frozen=True, slots=True)
class Applied:
    """An article that the court applied. ``number`` and ``key`` are "" where the law is not known.

    ``clause`` and ``points`` as written ("1", "i, s"). ``sure``: the year or number of the
    law is written; else it is the text that was in force on the day of the judgment.
    """

    law: str
    number: str
    key: str
    article: str
    clause: str = ""
    points: str = ""
    start: int = 0
    end: int = 0
    sure: bool = False
    decisive: bool = False  # in the part "Quyết định"

    @property
    def name(self) -> str:
        """ "điểm i, s khoản 1 Điều 51 Bộ luật Hình sự (100/2015/QH13)"."""
        points = f"điểm {self.points} " if self.points else ""
        clause = f"khoản {self.clause} " if self.clause else ""
        number = f" ({self.number})" if self.number else ""
        return f"{points}{clause}Điều {self.article} {self.law}{number}".strip()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line of what was decided in this case, and only in it."""

    kind: str  # imprisonment, suspended, fine, payment, accepted, refused, set_aside, divorce, …
    quote: str
    start: int
    end: int
    amounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """A role and the signs of who has it: ("bị cáo", ("N6", "N7"))."""

    role: str
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgment:
    """One judgment, decision or án lệ, masked."""

    id: str
    kind: str  # bản án | quyết định | án lệ
    number: Read
    court: Read
    decided_on: Read  # ISO
    level: Read
    branch: Read
    relation: Read
    parties: tuple[Party, ...]
    applied: tuple[Applied, ...]
    facts: Span
    reasoning: Span
    decision: Span
    outcomes: tuple[Outcome, ...]
    text: str = field(repr=False)
    sha256: str
    remarks: tuple[str, ...] = ()
    masked: dict[str, int] = field(default_factory=dict)
    sample: bool = False
    source: Read = Read()  # of an án lệ: the decision that it was taken from
    rule: Span = Span()  # of an án lệ: what it says

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.decided_on.value) if self.decided_on.value else None

    @property
    def name(self) -> str:
        """ "Bản án 14/2024/HS-ST ngày 16/05/2024, Tòa án nhân dân huyện Phú Lương"."""
        number = f"{self.kind.capitalize()} {self.number.value or f'({UNREAD} số)'}"
        day = f" ngày {self.day:%d/%m/%Y}" if self.day else ""
        court = f", {self.court.value}" if self.court.value else ""
        return f"{number}{day}{court}"

    def weights(self) -> dict[str, float]:
        """Applied articles ("100/2015/qh13#173"); those decided upon weigh more."""
        found: dict[str, float] = {}
        for one in self.applied:
            if one.key:
                at = f"{one.key}#{one.article}"
                found[at] = max(found.get(at, 0.0), 1.0 if one.decisive else 0.6)
        return found
