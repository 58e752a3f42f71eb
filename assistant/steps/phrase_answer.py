"""Let the model word the chosen slots; each sentence is verified before anyone sees it."""

from __future__ import annotations

import logging
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from assistant import prompts
from assistant.errors import ModelError
from assistant.language_model.port import LanguageModel
from assistant.language_model.settings import ModelSettings
from assistant.verification import Evidence, Verdict, sentences
from assistant.vocabulary import AnswerEvent, Draft, EventKind, Line

log = logging.getLogger(__name__)

_MOST = 3  # sentences of one answer
_LONGEST = 200  # characters of one value; what is longer stands on the card
_LISTS = {"dossier": "các giấy tờ nêu dưới đây", "steps": "các bước nêu dưới đây"}
_EVERY_WAY = 3  # a line that names three ways of filing speaks of all
_LABELLED = re.compile(r"^[^:(]{3,40}(?: \((?P<hows>[^)]*)\))?: (?P<value>.+?)\.?$")
_ASIDE = re.compile(r" ?\([^()]*\)")
_NUMBERED = re.compile(r",? số \d+")
_TOKEN = re.compile(r"(?P<verb> là |)\[(?P<n>\d)\]")
_WHEN = "\0"  # between the way of filing and what holds for it


@dataclass(frozen=True, slots=True)
class PhraseAnswer:
    """Skipped without a model; any failure of it leaves the card standing."""

    model: LanguageModel | None
    settings: ModelSettings
    more: str = ""  # how the profile wants it said

    def __call__(self, draft: Draft) -> Generator[AnswerEvent, None, Draft]:
        values = values_for_model(_readable(draft))
        english = draft.understood.english
        if self.model is None or not draft.question.use_model or not values or english:
            return draft
        yield AnswerEvent(EventKind.STATUS, "Đang diễn đạt câu trả lời…")
        evidence = evidence_of(draft)
        kept: list[str] = []
        verdicts: list[Verdict] = []
        prompt = prompts.phrase(
            draft.text,
            subject_of(draft),
            tuple(values),
            max_tokens=self.settings.max_tokens,
            more=self.more,
        )
        error = ""
        try:
            pieces = self.model.stream(
                prompt,
                deadline=self.settings.deadlines.total,
                cancel=draft.question.cancel,
            )
            with closing(pieces):  # type: ignore[type-var]
                for sentence in _as_sentences(pieces):
                    said = _filled(sentence, tuple(values.values()))
                    verdict = evidence.check(said)
                    verdicts.append(verdict)
                    if verdict.passed and said not in kept:
                        kept.append(said)
                        yield AnswerEvent(EventKind.TOKEN, said + " ")
        except ModelError as failure:
            error = type(failure).__name__
        except Exception as failure:  # a fault of a model's driver must not cost the card
            log.exception("the model failed in a way of its own")
            error = type(failure).__name__
        faults = [f"{v.fault}:{v.detail}" for v in verdicts if not v.passed]
        told = {**draft.verdicts, "cut": faults, "model_error": error}
        return replace(draft, wording=" ".join(kept), model=self.model.name, verdicts=told)


def subject_of(draft: Draft) -> str:
    """What the answer is about, for the model to name."""
    return _ASIDE.sub("", _NUMBERED.sub("", draft.card.short_name)) if draft.card else ""


def evidence_of(draft: Draft) -> Evidence:
    """What the model's sentences are held against."""
    quotes = (line.citation.quote for line in _readable(draft) if line.slot != "summary")
    subject = f"{subject_of(draft)} {' '.join(_LISTS.values())}"
    return Evidence(quotes, question=draft.standalone, subject=subject)


def _readable(draft: Draft) -> tuple[Line, ...]:
    """The lines that a model may word: of one procedure, and of slots that could be read."""
    unread = draft.card.unreadable if draft.card else ()
    about = {line.citation.document_id for line in draft.lines[:1]} if draft.also else set()
    return tuple(
        line
        for line in draft.lines
        if line.slot not in unread and (not about or line.citation.document_id in about)
    )


def values_for_model(lines: Sequence[Line]) -> dict[str, str]:
    """What stands in for [1], [2], … by slot: cited words, with the case they hold for."""
    values: dict[str, str] = {}
    for line in lines:
        if line.slot in prompts.SHAPES and line.slot not in values:
            value = _LISTS.get(line.slot) or _value(line)
            if value:
                values[line.slot] = value
    return dict(list(values.items())[:_MOST])


def _value(line: Line) -> str:
    """The words of a line after its label, short enough for a sentence; empty if there are none."""
    labelled = _LABELLED.match(line.text)
    if labelled is None or labelled["value"].startswith(("chưa có", "không quy định")):
        return ""
    value = labelled["value"].partition(". ")[0]
    if len(value) > _LONGEST:
        value = _ASIDE.sub("", value)
    clauses = [_case_last(clause) for clause in value.split("; ")]
    while clauses and len("; ".join(clauses)) > _LONGEST:
        clauses.pop()
    value = "; ".join(clauses)
    value = value.replace("giải quyết ngay", "ngay")  # after "Thời hạn giải quyết … là"
    for opening in ("Miễn phí", "Theo "):
        if value.startswith(opening):
            value = value[0].lower() + value[1:]
    hows = labelled["hows"] or ""
    if value and hows and hows.count(",") < _EVERY_WAY - 1:
        value = f"{' hoặc '.join(hows.split(', '))}{_WHEN}{value}"
    return value


def _case_last(clause: str) -> str:
    """ "cấp lại: 400.000 đồng" as "400.000 đồng (cấp lại)", which can follow "là"."""
    case, colon, value = clause.rpartition(": ")
    return f"{value[0].lower()}{value[1:]} ({case})" if colon and value else clause


def _as_sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Whole sentences as soon as they are complete; an unfinished last one is dropped."""
    held = ""
    for piece in pieces:
        held += piece
        *whole, last = sentences(held) or [""]
        yield from whole
        held = last + held[len(held.rstrip()) :]  # a piece may end between two words
        if last.endswith("]."):
            yield last
            held = ""
    if held.rstrip().endswith((".", "!", "?")):
        yield held.rstrip()


def _filled(sentence: str, values: Sequence[str]) -> str:
    """``sentence`` with the cited words in place of its tokens; nothing if one is unknown."""
    if any(not 1 <= int(match["n"]) <= len(values) for match in _TOKEN.finditer(sentence)):
        return ""

    def value(match: re.Match[str]) -> str:
        hows, when, said = values[int(match["n"]) - 1].rpartition(_WHEN)
        return f" khi nộp {hows}{match['verb']}{said}" if when else f"{match['verb']}{said}"

    return _TOKEN.sub(value, sentence)
