"""Every public set there is a loader for: what it is, what it measures, whether it is here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.benchmarks import sets
from evals.benchmarks.files import Row
from evals.errors import MissingData
from evals.loaders import conversations, law, procedures
from evals.loaders.reading import readable
from evals.loaders.typed import CHAT
from evals.samples import Dataset, SetCard, Version, read_lines
from evals.vocabulary import Words

_REFUSED = ("refusals",)
_ASKED = ("routing", "citations", "numbers")


@dataclass(frozen=True, slots=True)
class Public:
    """One set that is asked like the bundled ones."""

    name: str
    title: Words
    licence: str
    tasks: tuple[str, ...]
    rows: Callable[[Path | None], Iterable[Row]]


ASKED = (
    Public(
        conversations.FAQ,
        Words(vi="Câu hỏi gửi Cổng Dịch vụ công", en="Questions put to the national portal"),
        "none stated",
        _ASKED,
        conversations.faq,
    ),
    Public(
        conversations.POLICE,
        Words(vi="Câu hỏi gửi công an cấp xã", en="Questions to the police of a commune"),
        "none stated",
        _ASKED,
        conversations.police,
    ),
    Public(
        conversations.LABOUR,
        Words(vi="Luật lao động theo ngày", en="Labour law on a day"),
        "none stated",
        ("dates", "citations", "numbers"),
        conversations.labour,
    ),
    Public(
        conversations.WIKI,
        Words(vi="Câu hỏi bách khoa (UIT-ViQuAD)", en="Questions on an encyclopedia (UIT-ViQuAD)"),
        "research",
        _REFUSED,
        conversations.wiki,
    ),
    Public(
        conversations.XQUAD,
        Words(vi="Câu hỏi bách khoa (XQuAD)", en="Questions on an encyclopedia (XQuAD)"),
        "CC-BY-SA-4.0",
        _REFUSED,
        conversations.xquad,
    ),
    Public(
        conversations.ABUSE,
        Words(vi="Lời xúc phạm (ViHSD)", en="Abuse (ViHSD)"),
        "research",
        _REFUSED,
        conversations.abuse,
    ),
    Public(
        conversations.SPANS,
        Words(vi="Lời xúc phạm (ViHOS)", en="Abuse (ViHOS)"),
        "MIT",
        _REFUSED,
        conversations.spans,
    ),
)

#: Sets whose task makes its own samples of them.
_BY_TASK = {
    "understanding": (CHAT,),
    "slots": (procedures.PORTAL, procedures.MINISTRY),
    "law": (law.CODIFIED, law.PUBLISHED, law.OLD, law.FILES),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A set for ``troly eval list``: its folder, its tasks, whether it is in the data folder."""

    folder: str
    tasks: tuple[str, ...]
    here: bool


def listed(data: Path | None) -> list[Listed]:
    """All public sets that something here can read, by folder."""
    tasks: dict[str, list[str]] = {}
    for each in ASKED:
        tasks.setdefault(each.name, []).extend(each.tasks)
    for name in sets.known():
        tasks.setdefault(sets.folder(name), []).append("retrieval")
    for task, names in _BY_TASK.items():
        for name in names:
            tasks.setdefault(name, []).append(task)
    return [
        Listed(name, tuple(dict.fromkeys(of)), data is not None and (data / name).is_dir())
        for name, of in sorted(tasks.items())
    ]


def datasets(
    data: Path | None, tasks: Sequence[str]
) -> tuple[list[Dataset], list[tuple[str, str]]]:
    """The sets that are here and that any of ``tasks`` scores; the others, and why not."""
    wanted = [each for each in ASKED if set(each.tasks) & set(tasks)]
    if not wanted:
        return [], []
    if data is None:
        return [], [("public questions", "no folder is named with --data")]
    found: list[Dataset] = []
    missing: list[tuple[str, str]] = []
    for each in wanted:
        try:
            found.append(_dataset(each, data))
        except MissingData as error:
            missing.append((each.name, str(error)))
    return found, missing


def _dataset(public: Public, data: Path) -> Dataset:
    with readable(str(data / public.name)):
        text = "\n".join(_lines(public.rows(data)))
    samples, bad = read_lines(text, str(data / public.name), public.name, None)
    version = Version(
        version=1, file="", samples=len(samples), sha256="", changes="as it was published"
    )
    card = SetCard(
        name=public.name,
        title=public.title,
        origin="a public set, read from the folder of --data",
        licence=public.licence,
        versions=(version,),
        tasks=public.tasks,
    )
    return Dataset(card, version, samples, bad, data / public.name)


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    return (json.dumps(row, ensure_ascii=False) for row in rows)
