"""What changed between two versions of a document, and which past answers that touches."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from knowledge_base.documents import Section
from knowledge_base.versions import Version
from knowledge_base.vietnamese import fold
from knowledge_base.wording import day


class ChangeKind(StrEnum):
    """What happened to a part of a document."""

    ADDED = "added"
    CHANGED = "changed"
    REPEALED = "repealed"
    MOVED = "moved"  # the same words under another number or heading


@dataclass(frozen=True, slots=True)
class PartChange:
    """One article, or one slot of a card.

    ``before`` and ``after`` are whole texts of the part (of a moved one,
    ``before`` is where it stood); ``removed`` and ``added`` the lines that
    differ; ``clauses`` names the clauses they are in.
    """

    kind: ChangeKind
    path: tuple[str, ...]
    slot: str
    before: str
    after: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact about the document as a whole: its title, number or dates."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """From one version to another. ``removed`` and ``added`` are lines of the whole text."""

    document_id: str
    title: str
    number: str
    from_sha: str
    to_sha: str
    from_at: str
    to_at: str
    facts: tuple[FactChange, ...]
    parts: tuple[PartChange, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing that a person would read has changed."""
        return not (self.facts or self.parts or self.removed or self.added)


@dataclass(frozen=True, slots=True)
class Affected:
    """A past answer that cites a version. ``kind``: ``receipt`` (of an answer given).

    ``spans`` are the places it quotes in that version, where they are kept.
    ``still_stands``: whether those words stand in the new version too; None
    where that is not known or there is no new version.
    """

    kind: str
    id: str
    day: str
    as_of: str
    question: str
    document_id: str
    sha256: str
    spans: tuple[tuple[int, int], ...] = ()
    still_stands: bool | None = None


class PastAnswers(Protocol):
    """Where answers that were given are kept."""

    def citing(self, versions: Mapping[str, str]) -> Iterable[Affected]:
        """Answers that cite these documents, newest first.

        ``versions`` are hashes by document id; an empty hash stands for any version.
        """
        ...


def impact(answers: PastAnswers | None, old: Version, new: Version) -> tuple[Affected, ...]:
    """Past answers that cite ``old``, each with whether what it quotes still stands in ``new``."""
    if answers is None or old.sha256 == new.sha256:
        return ()
    said = _plain(new.text)
    return tuple(
        replace(
            found,
            still_stands=all(_plain(old.text[a:b]) in said for a, b in found.spans)
            if found.spans
            else None,
        )
        for found in answers.citing({old.document_id: old.sha256})
    )


def compare(old: Version, new: Version) -> ChangeReport:
    """What a reader of ``old`` has to know about ``new``."""
    removed, added = _lines_that_differ(old.text, new.text)
    return ChangeReport(
        document_id=new.document_id,
        title=new.title,
        number=new.number,
        from_sha=old.sha256,
        to_sha=new.sha256,
        from_at=old.at,
        to_at=new.at,
        facts=tuple(_facts(old, new)),
        parts=tuple(_parts(old, new)),
        removed=removed,
        added=added,
    )


def _facts(old: Version, new: Version) -> Iterator[FactChange]:
    pairs = [("tên", old.title, new.title), ("số hiệu", old.number, new.number)]
    if old.sections or new.sections:  # else what else was known of the old one is not kept
        pairs += [
            (name, day(a) if a else "", day(b) if b else "")
            for name, a, b in (
                ("có hiệu lực từ", old.effective_from, new.effective_from),
                ("hết hiệu lực sau", old.effective_to, new.effective_to),
            )
        ]
    for name, before, after in pairs:
        if before != after:
            yield FactChange(name, before, after)


# --- parts ------------------------------------------------------------------------------------

_Key = tuple[str, ...]
_LABEL = re.compile(r"(?:phan|chuong|muc|tieu muc|dieu|khoan|diem|phu luc)\s+(?:thu\s+)?[\w.-]*\w")
_REPEALED = re.compile(r"\(?\s*(?:đã |được |bị )*bãi bỏ\s*\)?[.;]?", re.IGNORECASE)


def _parts(old: Version, new: Version) -> Iterator[PartChange]:
    before, after = _by_key(old), _by_key(new)
    gone = {key: before[key] for key in before if key not in after}
    fresh = {key: after[key] for key in after if key not in before}
    moved = _moved(old, new, gone, fresh)
    for key, section in after.items():
        said = _said(new, section)
        if key in before:
            yield from _changed(old, before[key], new, section)
        elif key in moved:
            was = moved[key]
            yield PartChange(
                ChangeKind.MOVED, section.path, section.slot, " › ".join(was.path), said
            )
        else:
            yield PartChange(
                ChangeKind.ADDED, section.path, section.slot, "", said, (), _lines(said)
            )
    kept = {id(section) for section in moved.values()}
    for section in gone.values():
        if id(section) not in kept:
            said = _said(old, section)
            yield PartChange(
                ChangeKind.REPEALED, section.path, section.slot, said, "", _lines(said), ()
            )


def _changed(old: Version, was: Section, new: Version, now: Section) -> Iterator[PartChange]:
    before, after = _said(old, was), _said(new, now)
    ended = was.effective_to != now.effective_to and now.effective_to is not None
    if _plain(before) == _plain(after) and not ended:
        return
    removed, added = _lines_that_differ(before, after)
    if ended:
        added = (*added, f"(hết hiệu lực sau ngày {day(now.effective_to)})")  # type: ignore[arg-type]
    body = after.partition("\n")[2] or after
    repealed = ended or bool(_REPEALED.fullmatch(body.strip(" .()")))
    kind = ChangeKind.REPEALED if repealed else ChangeKind.CHANGED
    clauses = _clauses(new.text, now, added) or _clauses(old.text, was, removed)
    yield PartChange(kind, now.path, now.slot, before, after, removed, added, clauses)


def _moved(
    old: Version, new: Version, gone: Mapping[_Key, Section], fresh: Mapping[_Key, Section]
) -> dict[_Key, Section]:
    """New places of parts whose words stand elsewhere now."""
    by_words = {_body(_said(old, section)): section for section in gone.values()}
    return {
        key: by_words.pop(words)
        for key, section in fresh.items()
        if len(words := _body(_said(new, section))) > 20 and words in by_words
    }


def _by_key(version: Version) -> dict[_Key, Section]:
    found: dict[_Key, Section] = {}
    for section in version.sections:
        key = _key(section)
        count = 1
        while key in found:  # a second section of one name
            count += 1
            key = (*_key(section), str(count))
        found[key] = section
    return found


def _key(section: Section) -> _Key:
    """What a part is called in every version: its slot, else the numbers of its path.

    An article keeps its number when its chapter or its name changes.
    """
    if section.slot and not any(_label(step).startswith("dieu") for step in section.path):
        return (section.slot, *section.path[1:])
    labels = [_label(step) for step in section.path]
    article = next((n for n, label in enumerate(labels) if label.startswith("dieu ")), 0)
    attached = [label for label in labels[:article] if label.startswith("phu luc")]
    return (*attached, *labels[article:])


def _label(step: str) -> str:
    plain = " ".join(fold(step).split())
    match = _LABEL.match(plain)
    return match[0].rstrip(".") if match else plain


def _clauses(text: str, section: Section, lines: Sequence[str]) -> tuple[str, ...]:
    """Names of the clauses of an article that these lines stand in."""
    from knowledge_base.law.structure import Part, clauses

    wanted = {_plain(line) for line in lines}
    found = []
    for clause in clauses(text, section.start, section.end):
        said = map(_plain, text[clause.start : clause.end].splitlines())
        if clause.part is Part.CLAUSE and wanted.intersection(said):
            found.append(clause.name)
    return tuple(found)


# --- words ------------------------------------------------------------------------------------


def _said(version: Version, section: Section) -> str:
    return version.text[section.start : section.end].strip()


def _plain(text: str) -> str:
    return " ".join(text.split())


def _body(text: str) -> str:
    """The words of a part without its own number and name."""
    head, _, rest = text.partition("\n")
    return _plain(rest if rest and _LABEL.match(" ".join(fold(head).split())) else text)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for raw in text.splitlines() if (line := _plain(raw)))


def _lines_that_differ(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines that only the old text has, and lines that only the new one has."""
    before, after = _lines(old), _lines(new)
    removed: list[str] = []
    added: list[str] = []
    # Exact, but for texts so long that it would take minutes.
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=len(before) > 3000)
    for what, a, b, c, d in matcher.get_opcodes():
        if what != "equal":
            removed += before[a:b]
            added += after[c:d]
    return tuple(removed), tuple(added)
