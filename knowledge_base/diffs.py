"""Versions of a document compared, as an operator asks for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.changes import Affected, ChangeReport, compare, impact
from knowledge_base.command_state import State
from knowledge_base.documents import Document
from knowledge_base.errors import KnowledgeError, Unreadable
from knowledge_base.file_documents import document_of_file
from knowledge_base.meant import Meant, meant, records
from knowledge_base.portal.cards import document_of
from knowledge_base.portal.files import is_portal
from knowledge_base.portal.records import Schema
from knowledge_base.readers.jail import Jail
from knowledge_base.rows import card_from_json
from knowledge_base.store import Record
from knowledge_base.versions import Version, versions_of


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of one document. ``preview``: the new one is a file not yet taken in."""

    report: ChangeReport
    versions: tuple[Version, ...]
    affected: tuple[Affected, ...]
    preview: bool = False


class NothingToCompare(KnowledgeError):
    """There is only one version, or none of that hash."""


def compared(state: State, target: str, since: str, until: str) -> Iterator[Compared]:
    """What changed in the documents ``target`` names; hashes may be beginnings.

    Raises `NothingMeant`, `NothingToCompare`, and `Unreadable` for a file on disk.
    """
    stores = records(state.home)
    named = meant(state.home, target)
    compared_some = False
    disk = {} if since or until else _on_disk(state, stores, named, target)
    for one in named:
        fresh = disk.get(one.id)
        if disk and (fresh is None or (len(named) > 1 and fresh.sha256 == one.sha256)):
            continue
        versions = versions_of(stores[one.store], one.id)
        if fresh is None and len(versions) < 2:
            continue
        compared_some = True
        new = fresh or _chosen(versions, until, len(versions) - 1)
        old = versions[-1] if fresh else _chosen(versions, since, _before(versions, new))
        yield Compared(
            compare(old, new),
            tuple(versions),
            impact(state.past_answers, old, new),
            preview=fresh is not None,
        )
    if not compared_some and disk:
        raise NothingToCompare(f"Nạp lại {target} sẽ không làm đổi tài liệu nào đã có trong kho.")
    if not compared_some:
        raise NothingToCompare(
            f"{named[0].id} mới có một phiên bản ({named[0].sha256[:12]}), chưa có gì để so."
        )


def _before(versions: list[Version], new: Version) -> int:
    """The last version before ``new`` that a reader would find different, else the one before."""
    at = max(n for n, version in enumerate(versions) if version is new)
    earlier = range(at - 1, -1, -1)
    return next((n for n in earlier if not compare(versions[n], new).nothing), max(0, at - 1))


def _chosen(versions: list[Version], beginning: str, otherwise: int) -> Version:
    if not beginning:
        return versions[otherwise]
    found = [v for v in versions if v.sha256.startswith(beginning.lower())]
    if len({v.sha256 for v in found}) != 1:
        listed = ", ".join(v.sha256[:12] for v in versions)
        raise NothingToCompare(
            f"Không có đúng một phiên bản bắt đầu bằng “{beginning}”. Đang giữ: {listed}."
        )
    return found[-1]


def _on_disk(
    state: State, stores: Mapping[str, Record], named: Sequence[Meant], target: str
) -> dict[str, Version]:
    """What a changed file would make of these documents; nothing unless one was named."""
    path = Path(target).expanduser().resolve()
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        sha = hashlib.file_digest(file, "sha256").hexdigest()
    known = {name: record.file(str(path)) for name, record in stores.items()}
    olds = {
        one.id: old
        for one in named
        if (kept := known[one.store]) is not None
        and kept[0] != sha
        and one.id.startswith(("file:", "portal:"))
        and stores[one.store].fact(f"file {one.id}") == str(path)
        and (old := stores[one.store].document(one.id)) is not None
    }
    if not olds:
        return {}
    try:
        with Jail(state.knowledge) as jail:
            found = list(_read(jail, path, olds))
    except Unreadable as error:
        raise Unreadable(f"{path}: {error.reason}", error.code) from error
    return {
        new.id: Version(
            new.id, new.sha256, "", new.title, new.number, new.text, new.sections,
            new.effective_from, new.effective_to,
        )
        for new in found
    }  # fmt: skip


def _read(jail: Jail, path: Path, olds: Mapping[str, Document]) -> Iterator[Document]:
    """The documents of ``olds`` as a file has them now."""
    if not is_portal(path):
        for old in olds.values():
            yield document_of_file(
                jail.read(path), old.source_id, collection=old.collection, labels=old.labels
            )
        return
    for batch in jail.records(path):
        for one in batch:
            if one.problem:
                continue
            card = card_from_json(one.card)
            stored = olds.get(f"portal:{card.code}")
            if stored is not None:
                yield document_of(
                    card, Schema(one.schema), collection=stored.collection, labels=stored.labels
                )
