"""Words that offices use for what people say: a small weight added, nothing taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from knowledge_base.vietnamese import tokens

_FILE = Path(__file__).with_name("related.yml")


def related(words: Sequence[str]) -> list[tuple[str, ...]]:
    """What the phrases among ``words`` (canonical tokens) are filed under, in order.

    >>> related(["mất", "hộ", "chiếu"])
    [('cấp', 'lại')]
    >>> related(["mất", "bao", "lâu"])
    []
    """
    table, longest = _table()
    found: dict[tuple[str, ...], None] = {}
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            filed = table.get(tuple(words[at : at + size]))
            if filed is not None:
                found |= dict.fromkeys(filed)
                at += size
                break
        else:
            at += 1
    said = set(words)
    return [phrase for phrase in found if not said.issuperset(phrase)]


@lru_cache(maxsize=1)
def _table() -> tuple[Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]], int]:
    import yaml

    rows: dict[str, list[str]] = yaml.safe_load(_FILE.read_text("utf-8"))
    table: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
    for filed, said in rows.items():
        for phrase in said:
            key = tuple(tokens(str(phrase)))
            mine = (tuple(tokens(filed)),) if filed else ()
            table[key] = (*table.get(key, ()), *mine)
    return table, max(map(len, table))
