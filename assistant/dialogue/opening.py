"""The one place where a conversation is put together from configuration."""

from __future__ import annotations

from collections.abc import Callable

from assistant.answering import Assistant
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.decision import Decision
from assistant.dialogue.direct import DirectDialogue
from assistant.dialogue.memory import Memory
from assistant.dialogue.notices import Notices
from assistant.dialogue.ports import Dialogue, RasaClient
from assistant.dialogue.through_rasa import RasaDialogue
from knowledge_base.home import Home


def open_conversation(
    home: Home,
    assistant: Assistant,
    *,
    rasa: RasaClient | None = None,
    forget: Callable[[str], object] = lambda _: None,
    decided: Callable[[Decision], object] = lambda _: None,
    forgotten: Callable[[str], object] = lambda _: None,
) -> Conversation:
    """Conversations over ``assistant``, with the desk and the journeys of ``home``.

    ``rasa`` decides where it is given, and the rules while it is away; ``forget``
    deletes what it keeps under a sender. Without it the rules decide. ``decided``
    hears of each decision, ``forgotten`` of each conversation that was deleted.

    Raises:
        ConfigError: `desk.holidays` names a file that cannot be read.
    """
    from assistant.desk.for_conversations import DeskForConversations
    from assistant.desk.opening import open_desk
    from assistant.journeys.for_conversations import JourneysInConversation
    from assistant.journeys.guide import Guide

    config = assistant.config
    direct = DirectDialogue(assistant)
    dialogue: Dialogue = direct if rasa is None else RasaDialogue(rasa, direct, forget)
    desk = DeskForConversations(open_desk(home.state_database, config))
    days = config.receipts.days if config.receipts.keep else 1
    return Conversation(
        assistant,
        dialogue,
        Memory(home.state_database, turns=config.limits.history_turns, days=days),
        officers=desk,
        journeys=JourneysInConversation(Guide.over(home.record(), home.state_database)),
        feedback=desk,
        days=days,
        direct=direct,  # the same one, so that a message is read once
        notices=Notices(home.state_database),
        decided=decided,
        forgotten=forgotten,
    )
