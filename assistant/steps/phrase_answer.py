"""Let the model word the chosen lines; each sentence is verified before anyone sees it."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from assistant import prompts
from assistant.errors import ModelError
from assistant.language_model.port import LanguageModel
from assistant.language_model.settings import ModelSettings
from assistant.verification import Evidence, Verdict, sentences
from assistant.vocabulary import AnswerEvent, Draft, EventKind, Line

#: Slots the model words well: one short fact each. Lists (papers, steps) stand as they are.
_WORDABLE = ("fees", "times", "where", "authority", "who", "online", "result", "passage")
_MOST_FACTS = 2
_LONGEST_FACT = 160  # characters; about 55 tokens, half a second of reading
_ASIDE = re.compile(r" ?\((?!trực|bưu)[^)]*\)")
_NOT_KNOWN = "chưa có"


@dataclass(frozen=True, slots=True)
class PhraseAnswer:
    """Skipped without a model; any failure of it leaves the card standing."""

    model: LanguageModel | None
    settings: ModelSettings

    def __call__(self, draft: Draft) -> Generator[AnswerEvent, None, Draft]:
        facts = facts_for_model(draft.lines)
        english = draft.understood.english
        if self.model is None or not draft.question.use_model or not facts or english:
            return draft
        yield AnswerEvent(EventKind.STATUS, "Đang diễn đạt câu trả lời…")
        evidence = evidence_of(draft)
        kept: list[str] = []
        verdicts: list[Verdict] = []
        prompt = prompts.phrase(
            draft.text, subject_of(draft), facts, max_tokens=self.settings.max_tokens
        )
        try:
            pieces = self.model.stream(
                prompt,
                deadline=self.settings.deadlines.total,
                cancel=draft.question.cancel,
            )
            with closing(pieces):  # type: ignore[type-var]
                for sentence in _as_sentences(pieces):
                    verdict = evidence.check(sentence)
                    if verdict.passed and sentence not in kept:
                        kept.append(sentence)
                        yield AnswerEvent(EventKind.TOKEN, sentence + " ")
                    verdicts.append(verdict)
        except ModelError as error:
            return _with(draft, kept, verdicts, self.model.name, type(error).__name__)
        return _with(draft, kept, verdicts, self.model.name, "")


def subject_of(draft: Draft) -> str:
    """What the answer is about, for the model to name."""
    return draft.card.short_name if draft.card else ""


def evidence_of(draft: Draft) -> Evidence:
    """What the model's sentences are held against."""
    quotes = (line.citation.quote for line in draft.lines if line.slot != "summary")
    return Evidence(quotes, question=draft.standalone, subject=subject_of(draft))


def facts_for_model(lines: Sequence[Line]) -> list[str]:
    """One fact per slot, short: asides in brackets and further cases stay on the card."""
    facts: dict[str, str] = {}
    for line in lines:
        if line.slot not in _WORDABLE or line.slot in facts or _NOT_KNOWN in line.text:
            continue
        fact = line.text
        if len(fact) > _LONGEST_FACT:
            fact = _ASIDE.sub("", fact)
        if len(fact) > _LONGEST_FACT:
            fact = fact[: fact.rfind(";", 0, _LONGEST_FACT)].rstrip() + "." if ";" in fact else ""
        if fact:
            facts[line.slot] = fact
    return list(facts.values())[:_MOST_FACTS]


def _as_sentences(pieces: object) -> Generator[str, None, None]:
    """Whole sentences as soon as they are complete; the unfinished last one is dropped."""
    held = ""
    for piece in pieces:  # type: ignore[attr-defined]
        held += piece
        *whole, held = sentences(held + "\x00") or [""]
        held = held.removesuffix("\x00")
        yield from whole
    if held.rstrip().endswith((".", "!", "?")):
        yield held.strip()


def _with(
    draft: Draft, kept: Sequence[str], verdicts: Sequence[Verdict], model: str, error: str
) -> Draft:
    faults = [f"{verdict.fault}:{verdict.detail}" for verdict in verdicts if not verdict.passed]
    told = {**draft.verdicts, "cut": faults, "model_error": error}
    return replace(draft, wording=" ".join(kept), model=model, verdicts=told)
