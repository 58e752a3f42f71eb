"""Words that offices use for what people say: a small weight added, nothing taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge_base.vietnamese import tokens

_FILE = Path(__file__).with_name("related.yml")

_AGE = 3  # digits
# Beside an age they say on which side of it somebody is.
_BOUNDED = frozenset({"dưới", "trên", "chưa", "đủ", "từ", "đến", "quá", "hơn", "trở", "sắp"})


@dataclass(frozen=True, slots=True)
class Related:
    """A phrase offices use; ``start`` and ``size`` are those of what was said for it."""

    phrase: tuple[str, ...]
    start: int
    size: int


def related(words: Sequence[str], inside: Sequence[bool] = ()) -> list[Related]:
    """What the phrases among ``words`` (canonical tokens) are filed under, in order.

    ``inside[i]``: whether tokens ``i`` and ``i + 1`` are of one word. A phrase of one
    token only counts where it is a word by itself: "đổi" says nothing in "trao đổi".

    >>> related(["mất", "hộ", "chiếu"])
    [Related(phrase=('cấp', 'lại'), start=0, size=1)]
    >>> related(["mất", "bao", "lâu"])
    []
    """
    table, longest = _table()
    found: dict[tuple[str, ...], Related] = {}
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            filed = table.get(tuple(words[at : at + size]))
            if filed is not None and not (size == 1 and any(inside[max(at - 1, 0) : at + 1])):
                for phrase in filed:
                    found.setdefault(phrase, Related(phrase, at, size))
                at += size
                break
        else:
            at += 1
    for one in _ages(words):
        found.setdefault(one.phrase, one)
    said = set(words)
    return [one for one in found.values() if not said.issuperset(one.phrase)]


def _ages(words: Sequence[str]) -> Iterator[Related]:
    """An age said alone ("14 tuổi", "tuổi 14") is reached: "từ đủ 14 tuổi trở lên".

    >>> [one.phrase for one in _ages(["căn", "cước", "14", "tuổi"])]
    [('từ', 'đủ', '14', 'tuổi', 'trở', 'lên')]
    >>> list(_ages(["dưới", "14", "tuổi"]))
    []
    """
    for at, word in enumerate(words):
        beside = {*words[max(at - 1, 0) : at], *words[at + 1 : at + 2]}
        around = (*words[max(at - 3, 0) : at], *words[at + 2 : at + 4])
        is_age = word.isdigit() and len(word) <= _AGE and "tuổi" in beside
        if is_age and not _BOUNDED.intersection(around):
            yield Related(("từ", "đủ", word, "tuổi", "trở", "lên"), at, 1)


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
