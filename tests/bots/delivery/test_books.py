"""The books of `bots.demo.whole`: what is wrong in them is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bots.delivery.channel import Incoming, Kind, Part
from bots.delivery.mailbox import Mailbox, Taken
from bots.delivery.outbox import Outgoings
from bots.demo.books import Asked, Books, balance

CHAT = ("plain", "c1")
OTHER = ("plain", "c2")
TITLES = {CHAT: ("Đăng ký tạm trú", "Cấp lại thẻ căn cước"), OTHER: ("Chứng thực di chúc",)}


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    text: str
    at: float = 100.0


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "state.sqlite")


def _ask(mailbox: Mailbox, update: str, title: str) -> Asked:
    channel, chat = CHAT
    mailbox.accept(Incoming(channel, update, chat, chat, Kind.BUTTON, 1.0, text=title))
    return Asked(channel, chat, update, title, 1.0)


def _answer(mailbox: Mailbox, *texts: str, sent: bool = True) -> list[Message]:
    """Settle the next turn by parts; what the provider has seen of them."""
    taken, outbox = mailbox.take(*CHAT), Outgoings(mailbox.tables)
    assert isinstance(taken, Taken)
    with mailbox.tables.writing() as db:
        mailbox.settle(db, taken)
        outbox.put(db, CHAT, taken.name, [Part({}, text) for text in texts])
    seen = []
    for part in outbox.heads("plain") if sent else ():
        name = f"message {part.seq}"
        outbox.sending(part.seq)
        outbox.sent(part.seq, name)
        seen.append(Message(name, part.words))
    return seen


def _balanced(mailbox: Mailbox, asked: Sequence[Asked], seen: Sequence[Message]) -> Books:
    shown = {CHAT: seen, OTHER: []}
    return balance(mailbox.tables.path, asked, shown, TITLES, killed=[50.0])


def test_all_is_well(mailbox: Mailbox) -> None:
    asked = [_ask(mailbox, "1", TITLES[CHAT][0]), _ask(mailbox, "2", TITLES[CHAT][1])]
    seen = [*_answer(mailbox, "Đăng ký tạm trú: …"), *_answer(mailbox, "Cấp lại thẻ căn cước: …")]
    books = _balanced(mailbox, asked, seen)
    assert books.balanced
    assert (books.acknowledged, books.turns, books.parts) == (2, 2, 2)
    assert (books.single, books.own) == (2, 2)


def test_what_never_came_in_is_lost(mailbox: Mailbox) -> None:
    asked = [_ask(mailbox, "1", TITLES[CHAT][0]), Asked(*CHAT, "9", TITLES[CHAT][0], 1.0)]
    books = _balanced(mailbox, asked, _answer(mailbox, "Đăng ký tạm trú"))
    assert books.lost == ["plain c1 9: never came in"]


def test_what_is_not_answered_is_lost(mailbox: Mailbox) -> None:
    assert _balanced(mailbox, [_ask(mailbox, "1", TITLES[CHAT][0])], []).lost


def test_what_was_not_sent_is_lost(mailbox: Mailbox) -> None:
    asked = [_ask(mailbox, "1", TITLES[CHAT][0])]
    seen = _answer(mailbox, "…", sent=False)
    assert _balanced(mailbox, asked, seen).lost


def test_what_nobody_saw_is_lost(mailbox: Mailbox) -> None:
    asked = [_ask(mailbox, "1", TITLES[CHAT][0])]
    _answer(mailbox, "…")
    assert _balanced(mailbox, asked, []).lost


def test_a_turn_before_it_came_does_not_answer_a_message(mailbox: Mailbox) -> None:
    asked = [_ask(mailbox, "1", TITLES[CHAT][0])]
    seen = _answer(mailbox, "Đăng ký tạm trú")
    asked.append(_ask(mailbox, "2", TITLES[CHAT][1]))
    with mailbox.tables.writing() as db:
        db.execute("UPDATE delivery_inbox SET state = 'done', chat = ''")
    assert _balanced(mailbox, asked, seen).lost == ["('plain', 'c1') 2: no turn answered it"]


def test_a_wrong_order_is_found(mailbox: Mailbox) -> None:
    asked = [_ask(mailbox, "1", TITLES[CHAT][0]), _ask(mailbox, "2", TITLES[CHAT][1])]
    seen = [*_answer(mailbox, "Đăng ký tạm trú"), *_answer(mailbox, "Cấp lại thẻ căn cước")]
    assert _balanced(mailbox, asked, seen[::-1]).disordered


def test_what_came_twice_is_counted_by_kill(mailbox: Mailbox) -> None:
    asked = [_ask(mailbox, "1", TITLES[CHAT][0])]
    seen = _answer(mailbox, "Đăng ký tạm trú")
    before = [Message("first", seen[0].text), Message("second", seen[0].text)]
    assert _balanced(mailbox, asked, [before[0], *seen]).balanced
    twice = _balanced(mailbox, asked, [*before, *seen])
    assert (twice.duplicates, twice.most_duplicates, twice.balanced) == (2, 2, False)


def test_what_nobody_sent_is_a_stray(mailbox: Mailbox) -> None:
    asked = [_ask(mailbox, "1", TITLES[CHAT][0])]
    seen = [*_answer(mailbox, "Đăng ký tạm trú"), Message("x", "chào anh/chị")]
    assert _balanced(mailbox, asked, seen).strays


def test_an_answer_to_somebody_else_is_misplaced(mailbox: Mailbox) -> None:
    asked = [_ask(mailbox, "1", TITLES[CHAT][0])]
    assert _balanced(mailbox, asked, _answer(mailbox, "Chứng thực di chúc: …")).misplaced


def test_what_waits_is_counted(mailbox: Mailbox) -> None:
    _ask(mailbox, "1", TITLES[CHAT][0])
    assert Books.waiting(mailbox.tables.path) == 1
    _answer(mailbox, "…", sent=False)
    assert Books.waiting(mailbox.tables.path) == 1
    with pytest.raises(sqlite3.OperationalError):
        Books.waiting(mailbox.tables.path.with_name("none.sqlite"))
