"""What an answer says of places that are no more: districts, former wards and provinces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from assistant.citing import cite
from assistant.replies import Replies
from assistant.tables import first, phrases
from assistant.vocabulary import Draft, Line, Understanding
from knowledge_base.documents import Document, Validity, validity_on
from knowledge_base.legal_text import slug
from knowledge_base.old_addresses import OldAddress
from knowledge_base.search import KnowledgeBase
from knowledge_base.vietnamese import fold, tokens

#: Since this day there is no district level (Law 72/2025/QH15).
REFORM = date(2025, 7, 1)
#: The slot of lines on them, and what backs that there is no district.
PLACE = "place"
_LAW, _NO_DISTRICT = "law:72/2025/QH15", "không còn quận, huyện"
_SENTENCE = re.compile(r"\S.*?(?:[.!?](?=\s|$)|$)", re.MULTILINE)
_KINDS = frozenset(("phuong", "xa", "quan", "huyen", "thi", "tran"))
_SHORT = re.compile(r"(?:q|h|tx|tp|p|x|tt)\d*")  # "P5 Q3"
_MOST = 6  # names of wards in a line beside an answer; who asks for them gets all


def beside_units(said: Understanding) -> tuple[str, ...]:
    """The content of a question without the names of former wards and districts in it."""
    if not said.old_units:
        return said.content
    names = {fold(word) for unit in said.old_units for word in tokens(unit.text)}
    left = (word for word in said.content if fold(word) not in names)
    return tuple(word for word in left if not _SHORT.fullmatch(fold(word)))


def asks_what_became(said: Understanding) -> bool:
    """Whether a question asks what a former ward or district is now, and nothing else."""
    if not said.old_units or said.english:
        return False
    if first("routes", "place_now", said.syllables) is None:
        return False
    asking = {fold(word) for p in phrases("routes", "place_now") for word in p.syllables}
    return all(fold(word) in asking for word in beside_units(said))


def asks_where_it_is_now(said: Understanding) -> bool:
    """Whether a question is about a former ward or district, or is but its name.

    "Phường Bến Nghé quận 1 nay thuộc đâu?" is; "Ở quận 1 làm khai sinh ở đâu?" is not.
    """
    if asks_what_became(said):
        return True
    alone = not said.slots and not beside_units(said)
    return bool(said.old_units) and not said.english and alone


def asks_of_unknown_unit(said: Understanding) -> bool:
    """Whether a question asks what became of a ward or district that is not known for sure."""
    if said.old_units or said.english or first("routes", "place_now", said.syllables) is None:
        return False
    return not _KINDS.isdisjoint(map(fold, said.syllables))


def cited_places(
    draft: Draft, replies: Replies, knowledge: KnowledgeBase, *, provinces: bool = True
) -> Iterator[Line]:
    """What a stored text backs of the lines on places that are no more.

    Shown before the other lines of an answer (their slot is `PLACE`); `place_lines` has the
    rest, for which there is no text but a table of addresses.
    """
    said = draft.understood
    if draft.as_of < REFORM:
        return
    told = {unit.province.name for unit in said.old_units}
    backed: list[tuple[str, tuple[str, ...], str]] = []
    for old, new in said.old_places if provinces else ():
        if new not in told:
            text = replies.notice("old_place", old=old, new=new)
            backed += [
                (f"place:{slug(new)}{version}", (old, "nay thuộc"), text)
                for version in ("", "-2025")
            ]
    if said.names_district:
        backed.append((_LAW, (_NO_DISTRICT,), replies.notice("no_district")))
    done: set[str] = set()
    for stored, words, text in backed:
        document = knowledge.document(stored, draft.question.scope)
        if document is None or text in done or not _holds(document, draft.as_of):
            continue
        for match in _SENTENCE.finditer(document.text):
            if all(word in match[0] for word in words):
                done.add(text)
                yield Line(PLACE, text, cite(document, match.start(), match.end(), _path(document)))
                break


def _holds(document: Document, on: date) -> bool:
    return validity_on(document.effective_from, document.effective_to, on) is not (
        Validity.NOT_IN_FORCE
    )


def _path(document: Document) -> tuple[str, ...]:
    return (document.title,)


def place_lines(
    draft: Draft, replies: Replies, *, provinces: bool = True, cited: Iterable[Line] = ()
) -> Iterator[str]:
    """One line for each place named that is no more; nothing is said twice.

    ``provinces`` leaves out former provinces where the answer is about them anyway;
    ``cited`` are the lines of `cited_places`, which are said with their source.
    """
    said_with_source = {line.text for line in cited}
    for text in _lines(draft, replies, provinces=provinces):
        if text not in said_with_source:
            yield text


def _lines(draft: Draft, replies: Replies, *, provinces: bool) -> Iterator[str]:
    said = draft.understood
    units = said.old_units if draft.as_of >= REFORM else ()
    told = {unit.province.name for unit in units}  # the line of a unit names its province
    for old, new in said.old_places if draft.as_of >= REFORM else ():
        if provinces and new not in told:
            yield replies.notice("old_place", old=old, new=new)
    no_district = said.names_district and draft.as_of >= REFORM
    if no_district:
        yield replies.notice("no_district")
    most = None if asks_where_it_is_now(said) else _MOST
    for unit in units:
        yield unit_line(unit, replies, no_district_said=no_district, most=most)
        no_district = no_district or not unit.ward


def unit_line(
    unit: OldAddress, replies: Replies, *, no_district_said: bool = False, most: int | None = None
) -> str:
    """Where a former ward or district is today, with at most ``most`` names of wards."""
    if not unit.now:
        notice = "old_unit_unsure"
    elif unit.ward:
        notice = "old_ward" if unit.certain else "old_ward_divided"
    else:
        notice = "old_district_more" if no_district_said else "old_district"
    names = [name[0].lower() + name[1:] for name in unit.now]
    now = ", ".join(names[:most])
    if most is not None and len(names) > most:
        now += f" và {len(names) - most} xã, phường khác"
    old = unit.text if unit.ward or not unit.now else unit.text[0].lower() + unit.text[1:]
    return replies.notice(notice, old=old, now=now, province=unit.province.full_name)
