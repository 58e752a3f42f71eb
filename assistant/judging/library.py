"""What judges ask of: the judgments that were imported, and the record of laws beside them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from copy import copy
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.errors import InputError
from assistant.judging.issues import IssueTable, issue_table
from assistant.judging.law_on_days import Beside, beside
from knowledge_base.errors import Unreadable
from knowledge_base.home import Home
from knowledge_base.index.embedding import Embedder, EmbedderUnavailable, embedder_of
from knowledge_base.judgments.importing import SUFFIXES, from_text
from knowledge_base.judgments.judgment import Judgment
from knowledge_base.judgments.masking import mask
from knowledge_base.judgments.reading import NotAJudgment
from knowledge_base.judgments.similar import Case, Likeness, similar
from knowledge_base.judgments.store import LABEL, Judgments, any_kept
from knowledge_base.scope import Scope
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

_SHORTEST = 4  # words that tell of a case


@dataclass(frozen=True, slots=True)
class Told:
    """A case with the judgment it is, where it is one, and what has to be said of it."""

    case: Case
    judgment: Judgment | None = None
    remarks: tuple[str, ...] = ()


class Library:
    """Safe for many threads. Nothing that is asked is kept."""

    def __init__(self, home: Home, settings: KnowledgeSettings, *, sense: bool = True) -> None:
        self._home = home
        self._settings = settings
        self._embedder: Embedder | None = embedder_of(settings, 1) if sense else None
        self._open = any_kept(home)

    def seen_by(self, scope: Scope) -> Library:
        """The same for a caller: judgments are there only for who holds their label."""
        seen = copy(self)
        seen._open = any_kept(self._home) and scope.may_see((LABEL,))
        return seen

    @property
    def has_judgments(self) -> bool:
        """Whether there are judgments, and they may be shown."""
        return self._open

    def case(self, given: str, *, files: bool = False) -> Told:
        """A judgment by id, a file where ``files``, or facts. Raises `InputError`."""
        text = given.strip()
        if files and (Path(text).suffix.lower() in SUFFIXES or _is_file(text)):
            return self._of_file(Path(text))
        kept = self._kept(text)
        if kept is not None:
            return Told(Case.of_judgment(kept), kept)
        if len(text.split()) < _SHORTEST:
            raise InputError(
                f"Không có bản án nào là “{text}”. Hãy ghi số bản án đã nạp (xem: troly "
                f"judgment list), "
                "một tệp, hoặc kể sự việc bằng vài câu."
            )
        return self._of_text(text)

    def similar(self, case: Case, limit: int = 5) -> list[Likeness]:
        """Judgments like the case, best first; empty where none was imported."""
        if not self._open:
            return []
        with Judgments(self._home) as judgments:
            among = list(judgments.every())
            try:
                return similar(
                    case, among, limit=limit, embedder=self._embedder, cache=judgments.record
                )
            except EmbedderUnavailable:
                return similar(case, among, limit=limit)

    def issues(self, told: Told, day: date, *, source: str = "") -> IssueTable:
        """The table of issues of a case on a day."""
        alike: Sequence[Likeness] = self.similar(told.case, 10)
        with closing(Record(self._home.record())) as record:
            return issue_table(told.case, day, record, alike, source=source, judgment=told.judgment)

    def law(self, asked: str, act: date, trial: date) -> Beside:
        """A provision on both days. Raises `InputError`."""
        with closing(Record(self._home.record())) as record:
            return beside(record, asked, act, trial)

    def judgments(self) -> list[Judgment]:
        """All that were imported, the newest first."""
        if not self._open:
            return []
        with Judgments(self._home) as judgments:
            return sorted(judgments.every(), key=lambda j: (j.decided_on.value, j.id), reverse=True)

    def find(self, named: str) -> Judgment:
        """One judgment by id or number. Raises `InputError` for none and for several."""
        found: list[Judgment] = []
        if self._open:
            with Judgments(self._home) as judgments:
                found = judgments.find(named)
        if not found:
            raise InputError(
                f"Chưa nạp bản án nào là “{named}”. Xem danh sách: troly judgment list."
            )
        if len(found) > 1:
            names = "; ".join(f"{j.id} ({j.name})" for j in found[:6])
            raise InputError(f"“{named}” là nhiều bản án: {names}. Hãy ghi mã đầy đủ.")
        return found[0]

    def _kept(self, text: str) -> Judgment | None:
        if len(text) > 120 or ("/" not in text and ":" not in text):
            return None
        try:
            return self.find(text)
        except InputError:
            return None

    def _of_file(self, path: Path) -> Told:
        from knowledge_base.readers.jail import Jail

        if not path.is_file():
            raise InputError(f"Không có tệp {path}. Hãy xem lại đường dẫn.")
        try:
            with Jail(self._settings) as jail:
                reading = jail.read(path)
        except Unreadable as error:
            raise InputError(
                f"Không đọc được {path.name}: {error.reason}. {error.code.advice}"
            ) from error
        return self._of_text(reading.text)

    def _of_text(self, text: str) -> Told:
        """A judgment where the text is one, else its words as facts; masked either way."""
        try:
            judgment = from_text(text)
        except NotAJudgment:
            return Told(Case.of_facts(mask(text).text))
        return Told(Case.of_judgment(judgment), judgment)


def _is_file(text: str) -> bool:
    try:
        return len(text) < 250 and Path(text).is_file()
    except OSError:
        return False
