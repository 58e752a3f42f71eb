"""Asking a profile its set: what is right, and what of an answer lies outside the profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering import Assistant
from assistant.choices import cards_of
from assistant.profiles.proposing import Line
from assistant.profiles.way import Way
from assistant.vocabulary import Answer, Question, Status
from knowledge_base.documents import DocumentKind
from knowledge_base.scope import Scope

#: What a set must reach: a profile that misses it is not ready for people.
GOALS = {"inside": 0.9, "inside bare": 0.85, "outside": 0.95, "outside bare": 0.9, "danger": 1.0}


@dataclass(frozen=True, slots=True)
class Tried:
    """One line and what came of it. ``outside``: what the profile does not see and showed."""

    line: Line
    status: str
    right: bool
    outside: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """All lines of one kind."""

    name: str
    asked: int
    right: int
    goal: float

    @property
    def reached(self) -> bool:
        return self.right >= self.goal * self.asked - 1e-9


def tried(assistant: Assistant, name: str, lines: Iterable[Line], scope: Scope) -> Iterator[Tried]:
    """Ask each line under the profile, without a model; nothing is kept."""
    way, whole = assistant.way(name), assistant.whole
    for line in lines:
        question = Question(line.text, scope, profile=name, use_model=False)
        answer = assistant.ask(question, keep=False)
        outside = tuple(outside_of(answer, way, whole, scope))
        why = _wrong(line, answer, way)
        yield Tried(line, answer.status.value, not why and not outside, outside, why)


def outside_of(answer: Answer, way: Way, whole: Way, scope: Scope) -> Iterator[str]:
    """What an answer shows that the profile does not see: procedures, texts, suggestions.

    Where a former province is now may be said beside any answer.
    """
    if answer.card is not None and way.procedures.card(answer.card.code) is None:
        yield answer.card.code
    for document_id in dict.fromkeys(c.document_id for c in answer.citations):
        document = whole.seen.knowledge.document(document_id, scope)
        aside = document is not None and document.kind is DocumentKind.PLACE
        if not aside and not way.seen.knowledge.sees(document_id, scope):
            yield document_id
    inside = cards_of(answer.suggestions, way.procedures)
    named = cards_of(answer.suggestions, whole.procedures)
    yield from (other.code for own, other in zip(inside, named, strict=True) if other and not own)
    yield from (code for code in answer.means if code and way.procedures.card(code) is None)


def kinds(results: Sequence[Tried]) -> list[Kind]:
    """The results by kind, in the order of `GOALS`; kinds of one's own have the goal of inside."""
    names = dict.fromkeys((*GOALS, *(each.line.kind for each in results)))
    found = []
    for name in names:
        of_kind = [each for each in results if each.line.kind == name]
        if of_kind:
            right = sum(each.right for each in of_kind)
            found.append(Kind(name, len(of_kind), right, GOALS.get(name, GOALS["inside"])))
    return found


def _wrong(line: Line, answer: Answer, way: Way) -> str:
    """Why an answer is not what the line wants; "" where it is."""
    wanted = set(line.codes)
    if answer.status is Status.CLARIFY and wanted:
        offered = {card.code for card in cards_of(answer.suggestions, way.procedures) if card}
        return "" if offered & wanted else f"gợi ý không có {_listed(line.codes)}"
    if answer.status.value not in line.status:
        return f"kết thúc bằng {answer.status.value}, đúng ra là {_listed(line.status)}"
    code = answer.card.code if answer.card else ""
    if wanted and code not in wanted:
        return f"trả lời thủ tục {code or 'khác'}, đúng ra là {_listed(line.codes)}"
    cited = {citation.document_id for citation in answer.citations}
    if line.documents and not cited & set(line.documents):
        return f"không dẫn {_listed(line.documents)}"
    return ""


def _listed(names: Sequence[str]) -> str:
    return " hoặc ".join(names[:3])
