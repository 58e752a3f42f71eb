"""Sets that only have documents: each is asked for by its own title or its own words.

It is the least that can be asked of an index: what is stored is found by what
it is called. Documents of one title are all right answers to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from evals.benchmarks.files import Row, lines

Asked = tuple[Iterable[Row], Iterable[tuple[str, str]]]

_TITLE = re.compile(r"^\s*(?:#+\s*|Tiêu đề\s*:\s*)(.+)$", re.M)
_WORDS = (8, 20)  # of a page's own words, those from the eighth to the twentieth
_PAGE_HEAD = re.compile(r"^\d+\s*(?:SỔ TAY ĐIỆN TỬ[A-ZÀ-Ỹ &]*)?")
_SHORT_PAGE = 200  # characters; shorter ones are the running head alone
_EACH_NAME = 60  # one name of the catalogue in sixty is asked for


def guides(data: Path) -> Iterator[Row]:
    """Guides to the portal; the last of the headings at the top is the one that tells most."""
    for row in lines(data / "portal_guides" / "guides.jsonl.zst"):
        found = _TITLE.findall(row["text"][:400])
        yield {"_id": row["path"], "title": found[-1].strip() if found else "", "text": row["text"]}


def handbook(data: Path) -> Iterator[Row]:
    """Pages of a handbook that have more on them than its name."""
    for row in lines(data / "hanoi_handbook" / "pages.jsonl.zst"):
        text = _PAGE_HEAD.sub("", row["text"]).strip()
        if len(text) >= _SHORT_PAGE:
            yield {"_id": f"page-{row['page']}", "title": "", "text": text}


def by_title(rows: Iterable[Row], kind: str = "title", each: int = 1) -> Asked:
    """One document in ``each`` is asked for by its title."""
    by_name: dict[str, list[str]] = {}
    for row in rows:
        if row["title"]:
            by_name.setdefault(row["title"], []).append(row["_id"])
    chosen = sorted(by_name, key=lambda name: sha256(name.encode()).digest())[::each]
    queries = [{"_id": by_name[name][0], "text": name, "kind": kind} for name in chosen]
    return queries, [(by_name[name][0], key) for name in chosen for key in by_name[name]]


def by_words(rows: Iterable[Row]) -> Asked:
    """Every document is asked for by some words that stand in it."""
    first, last = _WORDS
    texts = {row["_id"]: row["text"] for row in rows}
    asked = {key: " ".join(text.split()[first:last]) for key, text in texts.items()}
    queries = [{"_id": key, "text": words, "kind": "own words"} for key, words in asked.items()]
    plain = {key: " ".join(text.split()) for key, text in texts.items()}
    holders = ((key, one) for key in asked for one in plain if asked[key] in plain[one])
    return queries, holders


def by_catalogue_name(names: Iterable[Row]) -> Asked:
    """Some of the catalogue's names."""
    return by_title(names, each=_EACH_NAME)
