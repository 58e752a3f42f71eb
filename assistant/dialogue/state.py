"""What comes in with one message, and what is known of its conversation so far."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from assistant.dialogue.decision import Choice
from assistant.vocabulary import Answer, Turn
from knowledge_base.query import EVERYTHING, Filter
from knowledge_base.scope import Scope


@dataclass(frozen=True, slots=True)
class Heard:
    """One message at a door.

    ``conversation`` is the door's own name of it, hard to guess where it goes over
    a network; it is kept only as a hash. ``payload`` is what a pressed button
    carried (`Choice.payload`); the words on it may be in ``text``. ``message`` is
    the door's id of the message: the same one delivered twice is answered once.
    ``history`` is what a door says was said before; it counts where nothing is remembered.
    ``within`` is what to look in, of what the profile sees.
    ``address`` is what a door that can write first needs to reach the person later.
    ``also`` is called in the transaction that remembers the turn, with what will be said
    and its buttons: what a door keeps of its own is committed with it. Its `StateError`
    undoes both.
    """

    text: str
    conversation: str
    scope: Scope
    payload: str = ""
    message: str = ""
    door: str = ""
    as_of: date | None = None
    profile: str = "citizen"
    use_model: bool = True
    within: Filter = EVERYTHING
    history: tuple[Turn, ...] = ()
    address: str = ""
    cancel: threading.Event | None = field(default=None, compare=False, repr=False)
    also: Callable[[sqlite3.Connection, Answer, tuple[Choice, ...]], object] = field(
        default=lambda *_: None, compare=False, repr=False
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """Choices that were put to the person. ``asks``: what they choose (a slot, "procedure", …).

    ``titles`` are what the buttons say, ``meanings`` the words that each stands for;
    ``turn`` is the count of the turn that it was made in.
    """

    id: str
    asks: str
    titles: tuple[str, ...]
    meanings: tuple[str, ...]
    turn: int = 0


@dataclass(frozen=True, slots=True)
class ConversationState:
    """What a decision may build on; everything in it is masked.

    ``turns`` are the latest exchanges, oldest first. ``offers`` are the latest
    choices by id, the last one last. ``pending`` says what a bare yes or no is
    about. ``slots`` are what the person has said that changes an answer.
    ``unanswered``: how many questions in a row had no answer. ``count``: all turns.
    """

    conversation: str
    turns: tuple[Turn, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    pending: str = ""
    unanswered: int = 0
    count: int = 0

    def offer(self, offer_id: str) -> Offer | None:
        """The offer with this id, if it is still known."""
        return next((offer for offer in self.offers if offer.id == offer_id), None)
