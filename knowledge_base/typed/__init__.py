"""Vietnamese as typed: `repair` gives a query as it was meant."""

from knowledge_base.typed.keyboards import keyed
from knowledge_base.typed.repair import Change, Kind, Repaired, by_keys, repair

__all__ = ["Change", "Kind", "Repaired", "by_keys", "keyed", "repair"]
