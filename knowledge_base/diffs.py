"""Versions of a document compared, as an operator asks for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.changes import Affected, ChangeReport, compare, impact
from knowledge_base.command_state import State
from knowledge_base.errors import KnowledgeError, Unreadable
from knowledge_base.file_documents import document_of_file
from knowledge_base.meant import Meant, meant, records
from knowledge_base.readers.jail import Jail
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
    for one in named:
        versions = versions_of(stores[one.store], one.id)
        fresh = None if since or until else _on_disk(state, stores[one.store], one, target)
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


def _on_disk(state: State, record: Record, one: Meant, target: str) -> Version | None:
    """The document as its file says it now; None unless a changed file was named."""
    path = Path(target).expanduser().resolve()
    known = record.file(str(path)) if path.is_file() else None
    if (
        known is None
        or not one.id.startswith("file:")
        or one.id not in record.documents_of_file(str(path))
    ):
        return None
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() == known[0]:
            return None
    document = record.document(one.id)
    if document is None:
        return None
    try:
        with Jail(state.knowledge) as jail:
            reading = jail.read(path)
    except Unreadable as error:
        raise Unreadable(f"{path}: {error.reason}", error.code) from error
    fresh = document_of_file(
        reading, document.source_id, collection=document.collection, labels=document.labels
    )
    return Version(
        one.id, fresh.sha256, "", fresh.title, fresh.number, fresh.text, fresh.sections,
        fresh.effective_from, fresh.effective_to,
    )  # fmt: skip
