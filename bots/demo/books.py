"""Balancing the books after a trial of delivery: what came in against what people saw.

The tables of delivery keep ids, times and hashes of what is done, which suffices: each
update has its row, each turn its parts, each part the provider's id of its message.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from bots.delivery.tables import key_of

Place = tuple[str, str]


class Seen(Protocol):
    """A message as a person saw it."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def at(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A message that was acknowledged: where, its id there, what it asks about, when."""

    channel: str
    chat: str
    update: str
    title: str
    at: float


@dataclass
class Books:
    """What was found. ``strays``: messages that no turn sent and that repeat none."""

    acknowledged: int = 0
    turns: int = 0
    parts: int = 0
    lost: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    duplicates: int = 0
    most_duplicates: int = 0
    single: int = 0
    own: int = 0

    @property
    def balanced(self) -> bool:
        wrong = (self.lost, self.disordered, self.misplaced, self.strays)
        return not any(wrong) and self.most_duplicates <= 1

    @staticmethod
    def waiting(database: Path) -> int:
        """How many messages and parts are not done yet."""
        with closing(_opened(database)) as db:
            row = db.execute(
                "SELECT (SELECT count(*) FROM delivery_inbox WHERE state <> 'done')"
                " + (SELECT count(*) FROM delivery_outbox WHERE state IN ('ready', 'sending'))"
            ).fetchone()
            return int(row[0])


def balance(
    database: Path,
    asked: Sequence[Asked],
    shown: Mapping[Place, Sequence[Seen]],
    titles: Mapping[Place, Sequence[str]],
    killed: Sequence[float],
) -> Books:
    """``titles``: what each chat asks about, and no other. ``killed``: when the server was."""
    books = Books(acknowledged=len(asked))
    with closing(_opened(database)) as db:
        came = {
            (row["channel"], row["update_key"]): row
            for row in db.execute("SELECT * FROM delivery_inbox")
        }
        parts: defaultdict[str, list[sqlite3.Row]] = defaultdict(list)
        for row in db.execute("SELECT * FROM delivery_outbox ORDER BY seq"):
            parts[row["turn"]].append(row)
    of_chat: defaultdict[Place, list[tuple[sqlite3.Row, Asked]]] = defaultdict(list)
    for each in asked:
        found = came.get((each.channel, key_of(each.channel, each.update)))
        if found is None or found["state"] != "done":
            what = "never came in" if found is None else found["state"]
            books.lost.append(f"{each.channel} {each.chat} {each.update}: {what}")
        else:
            of_chat[each.channel, each.chat].append((found, each))
    again: Counter[tuple[str, int]] = Counter()
    for place, messages in shown.items():
        rows = sorted(of_chat[place], key=lambda pair: pair[0]["seq"])
        sent = _settled(books, place, rows, parts, {message.id for message in messages})
        _seen(books, place, messages, sent, again, killed)
        _about(books, place, rows, messages, parts, titles)
    books.most_duplicates = max(again.values(), default=0)
    return books


def _settled(
    books: Books,
    place: Place,
    rows: Sequence[tuple[sqlite3.Row, Asked]],
    parts: Mapping[str, Sequence[sqlite3.Row]],
    seen: set[str],
) -> dict[str, tuple[int, int]]:
    """Check that each message belongs to a turn that was made after it, and that all parts of the
    turn were seen. Returns the place of each part in the chat's order, by message."""
    order: dict[str, tuple[int, int]] = {}
    turn: Sequence[sqlite3.Row] = ()
    for row, each in rows:
        name = key_of(*place, str(row["seq"]))
        for waiting in parts.get(key_of("wait", *place, str(row["seq"])), ()):
            order[waiting["message"]] = (row["seq"], -1)
        if mine := parts.get(name):
            turn = mine
            books.turns += 1
            for part in mine:
                books.parts += 1
                if part["state"] != "sent" or part["message"] not in seen:
                    books.lost.append(f"{place} {each.update}: a part is {part['state']}")
                order[part["message"]] = (row["seq"], part["number"])
        elif not turn or turn[0]["made"] < row["came"]:
            books.lost.append(f"{place} {each.update}: no turn answered it")
    return order


def _seen(
    books: Books,
    place: Place,
    messages: Sequence[Seen],
    order: Mapping[str, tuple[int, int]],
    again: Counter[tuple[str, int]],
    killed: Sequence[float],
) -> None:
    """Check the order in which parts came, and that what is in no book is a part sent twice."""
    last = (0, -1)
    for number, message in enumerate(messages):
        if message.id in order:
            now = order[message.id]
            if now < last and now[1] >= 0:
                books.disordered.append(f"{place} {now} after {last}: {message.text[:60]}")
            last = max(last, now)
        elif any(later.text == message.text for later in messages[number + 1 :]):
            books.duplicates += 1
            again[place[0], bisect_right(killed, message.at)] += 1
        else:
            books.strays.append(f"{place} {message.text[:120]}")


def _about(
    books: Books,
    place: Place,
    rows: Sequence[tuple[sqlite3.Row, Asked]],
    messages: Sequence[Seen],
    parts: Mapping[str, Sequence[sqlite3.Row]],
    titles: Mapping[Place, Sequence[str]],
) -> None:
    """Check that answers are about what this chat asks, not what another one does."""
    texts = {message.id: message.text.casefold() for message in messages}
    others = {t.casefold() for chat, own in titles.items() if chat != place for t in own}
    starts = [n for n, (row, _) in enumerate(rows) if key_of(*place, str(row["seq"])) in parts]
    for at, following in pairwise([*starts, len(rows)]):
        row, each = rows[at]
        mine = parts[key_of(*place, str(row["seq"]))]
        text = "\n".join(texts.get(part["message"], "") for part in mine)
        is_own = any(title.casefold() in text for title in titles[place])
        foreign = [title for title in others if title in text]
        if foreign and not is_own:
            books.misplaced.append(f"{place} {each.title}: {foreign[0]}")
        if following == at + 1:
            books.single += 1
            books.own += each.title.casefold() in text


def _opened(database: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=30)
    db.row_factory = sqlite3.Row
    return db
