"""The one place where an assistant is put together from configuration."""

from __future__ import annotations

from assistant.answering import Assistant
from assistant.config import Config
from assistant.language_model.port import LanguageModel
from assistant.receipts import Receipts
from knowledge_base.home import Home
from knowledge_base.search import KnowledgeBase


def build_assistant(
    home: Home,
    config: Config,
    *,
    model: LanguageModel | None = None,
    restricted: bool = False,
) -> Assistant:
    """An assistant over ``home``; call `knowledge_base.prepare.ensure_ready` before.

    ``restricted``: it serves officers. It opens the restricted store for who holds its
    labels, and its receipts lie there; any other assistant has no path to that store.

    ``model`` is opened by the caller (`assistant.language_model.opening`), because
    it may have to be built and pulled first; without one the cards answer.
    """
    home = home.for_officers() if restricted else home.for_citizens()
    receipts = (
        Receipts(home.state_database, days=config.receipts.days) if config.receipts.keep else None
    )
    knowledge = KnowledgeBase(home, config.knowledge_base, restricted=restricted)
    return Assistant(knowledge, config, model=model, receipts=receipts)
