"""Vietnamese as typed: `repair` gives a query as it was meant."""

from knowledge_base.typed.repair import Change, Kind, Repaired, repair

__all__ = ["Change", "Kind", "Repaired", "repair"]
