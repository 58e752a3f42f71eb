"""What people think of an answer, and why; masked, counted, and kept as long as tickets are."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.desk.queue import Queue, key
from assistant.desk.replies import feedback_reasons
from assistant.desk.rows import moment, stamp
from assistant.desk.sweeping import sweep
from assistant.desk.tickets import masked
from assistant.errors import InputError
from knowledge_base.vietnamese import fold

LONGEST_COMMENT = 1000
#: New judgements that one conversation, and everybody together, may give within 24 hours.
_MOST_OF_ONE, _MOST_OF_ALL = 50, 5000
_ANSWER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Reason(StrEnum):
    """What is wrong with an answer."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    INCOMPLETE = "incomplete"
    UNCLEAR = "unclear"
    NO_SOURCE = "no_source"
    OTHER = "other"


def read_reason(text: str) -> Reason | None:
    """The reason that ``text`` names: by its key, or in Vietnamese as on the buttons.

    >>> read_reason("đã cũ"), read_reason("thieu nguon"), read_reason("đẹp")
    (<Reason.OUTDATED: 'outdated'>, <Reason.NO_SOURCE: 'no_source'>, None)
    """
    asked = " ".join(fold(text[:60]).split()).strip(" .!")
    if asked in {reason.value for reason in Reason}:
        return Reason(asked)
    for name, shown in feedback_reasons().items():
        known = fold(shown)
        if asked in (known, known.removeprefix("da "), known.removeprefix("ly do ")):
            return Reason(name)
    return None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One person's view of one answer; ``comment`` is masked once it is stored."""

    answer_id: str
    conversation: str
    channel: str
    good: bool
    reasons: tuple[Reason, ...] = ()
    comment: str = ""
    topic: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Judgements since a moment: how many, why, about which procedures, and the latest."""

    good: int
    bad: int
    reasons: dict[str, int]
    topics: dict[str, int]
    latest: tuple[Judgement, ...]


class Feedback:
    """The feedback of one installation. Every method may raise `StateError`."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def give(self, judgement: Judgement) -> bool:
        """Keep ``judgement`` in place of an earlier one of the same answer and conversation.

        False where the conversation, or everybody together, has given too many today.

        Raises:
            InputError: ``answer_id`` is no id of an answer.
        """
        if not _ANSWER_ID.fullmatch(judgement.answer_id):
            raise InputError("Mã câu trả lời không đúng. Hãy lấy mã (id) trong câu trả lời.")
        name = key(judgement.conversation)
        comment = masked(judgement.comment, LONGEST_COMMENT)
        reasons = () if judgement.good else tuple(dict.fromkeys(judgement.reasons))
        now = self._queue.clock()
        with self._queue.database.write() as db:
            sweep(db, now, self._queue.settings)
            same = db.execute(
                "SELECT 1 FROM desk_feedback WHERE answer_id = ? AND conversation = ?",
                (judgement.answer_id, name),
            ).fetchone()
            day = stamp(now - timedelta(days=1))
            count = "SELECT count(*) FROM desk_feedback WHERE at > ?"
            of_all = db.execute(count, (day,)).fetchone()[0]
            of_one = db.execute(f"{count} AND conversation = ?", (day, name)).fetchone()[0]
            if not same and (of_one >= _MOST_OF_ONE or of_all >= _MOST_OF_ALL):
                return False
            db.execute(
                "DELETE FROM desk_feedback WHERE answer_id = ? AND conversation = ?",
                (judgement.answer_id, name),
            )
            db.execute(
                "INSERT INTO desk_feedback (at, answer_id, conversation, channel, good,"
                " reasons, comment, topic) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    stamp(now),
                    judgement.answer_id,
                    name,
                    masked(judgement.channel, 80),
                    judgement.good,
                    json.dumps(reasons),
                    comment,
                    masked(judgement.topic, 80),
                ),
            )
        return True

    def tally(self, since: datetime | None = None, *, latest: int = 20) -> Tally:
        """What was said since ``since`` (everything that is kept where None)."""
        begin = stamp(since) if since else ""
        with self._queue.database.read() as db:
            rows = db.execute(
                "SELECT * FROM desk_feedback WHERE at >= ? ORDER BY at DESC, id DESC", (begin,)
            ).fetchall()
        found = [
            Judgement(
                row["answer_id"], "", row["channel"], bool(row["good"]),
                _reasons(json.loads(row["reasons"])), row["comment"], row["topic"],
                moment(row["at"]),
            )
            for row in rows
        ]  # fmt: skip
        bad = [each for each in found if not each.good]
        reasons = Counter(reason.value for each in bad for reason in each.reasons)
        topics = Counter(each.topic for each in bad if each.topic)
        return Tally(
            good=len(found) - len(bad),
            bad=len(bad),
            reasons={reason.value: reasons[reason.value] for reason in Reason},
            topics=dict(topics.most_common(20)),
            latest=tuple(found[: max(0, latest)]),
        )


def _reasons(kept: Iterable[str]) -> tuple[Reason, ...]:
    known = {reason.value for reason in Reason}
    return tuple(Reason(name) for name in kept if name in known)
