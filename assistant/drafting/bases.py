"""Whether what a paper is based on holds on its day, asked of the record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge_base.documents import Validity
from knowledge_base.law.dates import day_of
from knowledge_base.law.graph import Graph
from knowledge_base.law.keys import document_key, numbers_in
from knowledge_base.law.validity import has_exceptions
from knowledge_base.law.view import Law, law
from knowledge_base.store import Record
from knowledge_base.vietnamese import fold
from knowledge_base.wording import day as written

_NAMED = re.compile(
    r"\b((?:Bộ luật|Luật|Pháp lệnh|Hiến pháp)\s+[^;,.]{3,120}?)"
    r"(?=\s+(?:số|ngày|năm|đã|được)\b|[;,.]|$)"
)
_KINDS = (
    "nghị quyết liên tịch", "thông tư liên tịch", "nghị quyết", "nghị định", "thông tư",
    "quyết định", "chỉ thị", "bộ luật", "luật", "pháp lệnh",
)  # fmt: skip
_LETTERS = {"nghị định": "nd", "thông tư": "tt", "nghị quyết": "nq", "quyết định": "qd",
            "chỉ thị": "ct", "luật": "qh", "bộ luật": "qh"}  # fmt: skip


class Standing(StrEnum):
    """How a basis stands on the day of the paper."""

    HOLDS = "holds"
    ENDED = "ended"
    NOT_YET = "not_yet"
    UNSURE = "unsure"
    WRONG = "wrong"  # its number, kind or day is not that of the document in the record
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Basis:
    """One text that a paper rests on. ``says``: a Vietnamese sentence with what to do."""

    words: str
    number: str
    standing: Standing
    says: str
    fix: str = ""  # what should stand instead of ``words``, where that is certain


@dataclass(frozen=True, slots=True)
class Bases:
    """Looks bases up in one record."""

    record: Record

    def of(self, line: str, on: date) -> tuple[Basis, ...]:
        """Every text that a line "Căn cứ …" names, as it stands on a day."""
        graph = Graph(self.record)
        found = [self._numbered(graph, line, number.start, number.end, on)
                 for number in numbers_in(line) if number.whole]  # fmt: skip
        if not found and (named := _NAMED.search(line)):
            resolution = graph.resolve(named[1])
            one = law(self.record, resolution.keys[0]) if resolution.state == "found" else None
            if one is not None:
                found.append(_standing(named[1], one, on))
        return tuple(found)

    def _numbered(self, graph: Graph, line: str, start: int, end: int, on: date) -> Basis:
        words = line[start:end]
        resolution = graph.resolve(words)
        one = law(self.record, resolution.keys[0]) if resolution.state == "found" else None
        if one is None:
            return _unknown(graph, self.record, line, number_start=start, words=words, on=on)
        wrong = _wrong(line, start, end, one)
        return wrong or _standing(words, one, on)


def _standing(words: str, one: Law, on: date) -> Basis:
    verdict = one.verdict(on)
    if verdict.validity is Validity.IN_FORCE:
        return Basis(words, one.number, Standing.HOLDS, verdict.reason)
    if verdict.validity is Validity.UNKNOWN:
        return Basis(
            words, one.number, Standing.UNSURE,
            f"{one.number}: {verdict.reason} Hãy kiểm tra trước khi viện dẫn.",
        )  # fmt: skip
    begins = one.effective_from
    if begins is not None and on < begins:
        return Basis(
            words, one.number, Standing.NOT_YET,
            f"{one.number} đến {written(begins)} mới có hiệu lực, sau ngày của văn bản này. "
            "Hãy bỏ hoặc thay căn cứ.",
        )  # fmt: skip
    ends = [e for a, e in one.events if not a and e.kind in ("replaced_by", "repealed_by")]
    newer = next((e.by for e in ends if e.kind == "replaced_by"), "")
    advice = f"Hãy thay bằng {newer}." if newer else "Hãy bỏ hoặc thay căn cứ."
    return Basis(
        words, one.number, Standing.ENDED,
        f"{one.number} không còn hiệu lực vào {written(on)}: {verdict.reason} {advice}",
    )  # fmt: skip


def _wrong(line: str, start: int, end: int, one: Law) -> Basis | None:
    """Where the kind before the number or the day after it is another than the record's."""
    words = line[start:end]
    before = line[:start].lower().rstrip(" :")
    before = before.removesuffix("số").rstrip()
    kind = next((k for k in _KINDS if before.endswith(k)), "")
    own = one.kind.lower()
    if kind and own and own in _LETTERS and kind in _LETTERS and _LETTERS[kind] != _LETTERS[own]:
        return Basis(
            words, one.number, Standing.WRONG, f"{one.number} là {own}, không phải {kind}."
        )
    after = re.match(r"[^;]{0,12}?ngày\s+[^;]{6,30}", line[end:])
    cited = day_of(after[0]) if after else None
    if cited is not None and one.issued_on and one.issued_on != cited.isoformat():
        real = date.fromisoformat(one.issued_on)
        return Basis(
            words, one.number, Standing.WRONG,
            f"{one.number} ban hành {written(real)}, không phải {written(cited)}.",
        )  # fmt: skip
    return None


def _unknown(
    graph: Graph, record: Record, line: str, *, number_start: int, words: str, on: date
) -> Basis:
    """A number that is not in the record: ended by one that is there, wrong, or not known.

    Wrong is one whose name has another number in the record.
    """
    for edge in graph.incoming(document_key(words)):
        whole = not edge.target_article and not has_exceptions(edge.note)
        if edge.kind in ("replaces", "repeals") and whole and edge.since and edge.since <= on:
            verb = "thay thế" if edge.kind == "replaces" else "bãi bỏ"
            advice = f"Hãy thay bằng {edge.source}." if edge.kind == "replaces" else "Hãy bỏ."
            return Basis(
                words, words, Standing.ENDED,
                f"{words} đã được {edge.source} {verb} từ {written(edge.since)}. {advice}",
            )  # fmt: skip
    named = _NAMED.search(line[:number_start] + " số")
    if named is not None:
        resolution = graph.resolve(named[1])
        one = law(record, resolution.keys[0]) if resolution.state == "found" else None
        if one is not None and fold(one.number).split("/")[1:2] == fold(words).split("/")[1:2]:
            return Basis(
                words, words, Standing.WRONG,
                f"{named[1]} trong kho có số {one.number}, không phải {words}. Hãy kiểm tra.",
                one.number,
            )  # fmt: skip
    near = [graph.written(key) for key in graph.resolve(words).near[:3]]
    hint = f" Số gần giống: {', '.join(near)}." if near else ""
    return Basis(
        words, words, Standing.NOT_FOUND,
        f"Kho không có {words}: hãy tự kiểm tra số hiệu và hiệu lực.{hint}",
    )  # fmt: skip
