"""Which of the messages that wait in a chat are the next turn. No clock, no table, no thread.

A person types in pieces: what comes within `TOGETHER` seconds of the piece before is
one turn. Who asks anew while the first question still waits wants the new one: the old
one is named in the reply, so that nothing disappears in silence; a few words ("ở Hà
Nội") are joined instead. Buttons, commands and numbers are turns of their own, at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dialogue.slash import command_in
from bots.delivery.channel import Incoming, Kind

#: Seconds between two pieces of one turn, and the longest that a turn waits for more pieces.
TOGETHER, LONGEST_WAIT = 1.5, 6.0
#: What is so short, in characters, is a piece of a question and no question.
_A_PIECE = 25
#: More messages than this are not looked at together.
MOST = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message in the inbox: its place, when it came by our clock, what it is."""

    seq: int
    came: float
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Plan:
    """The next turn: ``rows`` are all that it settles, ``text`` what is asked, ``replaced`` the
    words of those that it takes the place of."""

    rows: tuple[Waiting, ...]
    text: str
    replaced: tuple[str, ...] = ()

    @property
    def last(self) -> Incoming:
        """The message that is replied to."""
        return self.rows[-1].incoming


def is_stop(incoming: Incoming) -> bool:
    """``/dung``: it does not wait for its turn."""
    if incoming.kind is not Kind.TEXT:
        return False
    command = command_in(incoming.text)
    return command is not None and command.name == "dung"


def next_turn(waiting: Sequence[Waiting], now: float, together: float = TOGETHER) -> Plan | float:
    """The next turn of one chat, or when there may be one. ``waiting``: in order, at least one."""
    first = waiting[0]
    if _alone(first.incoming):
        return Plan((first,), first.incoming.text)
    run = [first]
    for each in waiting[1:MOST]:
        if _alone(each.incoming) or each.incoming.person != first.incoming.person:
            break
        run.append(each)
    closed = len(run) < len(waiting)  # something else came after: no more pieces will
    quiet_at = min(run[-1].came + together, first.came + LONGEST_WAIT)
    if not closed and quiet_at > now >= first.came:  # a clock set back waits for nobody
        return quiet_at
    return _planned(run, together)


def _planned(run: list[Waiting], together: float) -> Plan:
    groups = [[run[0]]]
    for each in run[1:]:
        if each.came - groups[-1][-1].came <= together:
            groups[-1].append(each)
        else:
            groups.append([each])
    texts = [_joined(group) for group in groups]
    if all(len(text) <= _A_PIECE for text in texts[:-1]):
        return Plan(tuple(run), _joined(run))
    replaced = tuple(text for text in dict.fromkeys(texts[:-1]) if text != texts[-1])
    return Plan(tuple(run), texts[-1], replaced)


def _joined(rows: Sequence[Waiting]) -> str:
    """Pieces as lines; what was sent twice counts once."""
    return "\n".join(dict.fromkeys(row.incoming.text.strip() for row in rows))


def _alone(incoming: Incoming) -> bool:
    if incoming.kind is not Kind.TEXT:
        return True
    text = incoming.text.strip()
    return (len(text) <= 3 and text.rstrip(".").isdigit()) or command_in(text) is not None
