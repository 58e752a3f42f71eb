"""Pairs of articles that come with the program (``article_map_known.yml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge_base.law.keys import document_key

FILE = Path(__file__).with_name("article_map_known.yml")


@dataclass(frozen=True, slots=True)
class KnownPair:
    """An article of an old law, what it is about, and where that stands in the new one."""

    old: str
    new: tuple[str, ...]
    about: str


@cache
def _tables() -> dict[tuple[str, str], tuple[KnownPair, ...]]:
    import yaml

    return {
        (document_key(table["old"]), document_key(table["new"])): tuple(
            KnownPair(str(old), tuple(map(str, row["to"])), row["about"])
            for old, row in table["pairs"].items()
        )
        for table in yaml.safe_load(FILE.read_text("utf-8"))
    }


def known_pairs(old_key: str, new_key: str) -> tuple[KnownPair, ...]:
    """What is known of two laws; empty for laws that the table does not have."""
    return _tables().get((old_key, new_key), ())


def partners(
    old_key: str, new_key: str, article: str, *, of_new: bool = False
) -> tuple[KnownPair, ...]:
    """The known pairs that an article of the old law (or of the new one) is in."""
    pairs = known_pairs(old_key, new_key)
    return tuple(p for p in pairs if (article in p.new if of_new else article == p.old))
