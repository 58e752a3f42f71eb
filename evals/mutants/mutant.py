"""What a mutant is, and the assistant that has it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.answering import Assistant
from assistant.config import Config
from assistant.dialogue.decision import Decision
from assistant.dialogue.ports import Dialogue
from assistant.dialogue.state import ConversationState, Heard
from assistant.language_model.port import LanguageModel
from assistant.pipeline import Step, name_of
from assistant.profiles.profile import Profile
from assistant.profiles.way import Seen
from assistant.receipts import Receipts
from assistant.vocabulary import Answer, AnswerEvent, EventKind, Question
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting
from knowledge_base.card_text import document_of_card
from knowledge_base.documents import ProcedureCard
from knowledge_base.home import Home
from knowledge_base.prepare import refresh_index
from knowledge_base.search import KnowledgeBase
from knowledge_base.store import Record


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A record that is being spoiled: with it, the cards that questions of the sets are about."""

    record: Record
    asked: Sequence[str]
    chance: random.Random

    def some(self, fits: Callable[[ProcedureCard], bool], count: int) -> Iterator[ProcedureCard]:
        """``count`` cards that people ask about and that the fault can be made in, by chance."""
        cards = [card for code in self.asked if (card := self.record.card(code)) and fits(card)]
        yield from self.chance.sample(cards, min(count, len(cards)))

    def put(self, card: ProcedureCard) -> None:
        """Store a card with the text that is made of it."""
        self.record.put(document_of_card(card), card)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: in the corpus, in the list of steps, in what leaves the assistant or is decided.

    ``blocker``: it lies to people or leaks, so the suite must kill it.
    ``tampered``: the corpus was changed behind the back of those who trust it;
    else the change came the ordinary way, so that only the facts can tell.
    ``only``: the one task it is tried on, where it must not run outside of it.
    """

    name: str
    title: str
    blocker: bool
    tampered: bool = False
    only: str = ""
    corpus: Callable[[Spoiled], None] | None = None
    steps: Callable[[Sequence[Step]], Sequence[Step]] | None = None
    question: Callable[[Question], Question] | None = None
    answer: Callable[[Question, Answer], Answer] | None = None
    decision: Callable[[Decision], Decision] | None = None


class Faulty(Assistant):
    """An assistant with a mutant in it; everything else is the real one."""

    def __init__(
        self, home: Home, config: Config, mutant: Mutant, model: LanguageModel | None = None
    ) -> None:
        self._mutant = mutant
        kept = Receipts(home.state_database, days=config.receipts.days)
        knowledge = KnowledgeBase(home, config.knowledge_base, restricted=True)
        super().__init__(knowledge, config, model=model, receipts=kept)

    def _make_steps(self, profile: Profile, seen: Seen, whole: Seen | None) -> tuple[Step, ...]:
        steps = super()._make_steps(profile, seen, whole)
        return tuple(self._mutant.steps(steps)) if self._mutant.steps else steps

    def answer(self, question: Question, *, keep: bool = True) -> Iterator[AnswerEvent]:
        if self._mutant.question:
            question = self._mutant.question(question)
        for event in super().answer(question, keep=keep):
            if event.kind is EventKind.FINAL and self._mutant.answer:
                event = AnswerEvent(event.kind, self._mutant.answer(question, event.data))
            yield event

    def led(self, dialogue: Dialogue) -> Dialogue:
        """``dialogue`` with this mutant's fault in what it decides."""
        return _Misled(dialogue, self._mutant.decision) if self._mutant.decision else dialogue


class _Misled:
    def __init__(self, dialogue: Dialogue, change: Callable[[Decision], Decision]) -> None:
        self._dialogue, self._change = dialogue, change
        self.told, self.forget, self.health = dialogue.told, dialogue.forget, dialogue.health

    def decide(self, heard: Heard, state: ConversationState) -> Decision:
        return self._change(self._dialogue.decide(heard, state))


def opened(
    mutant: Mutant, setting: Setting, asked: Sequence[str], seed: int
) -> tuple[InProcess, Home]:
    """The assistant with this fault, and the home one trusts: a copy where it is in the corpus."""
    home = setting.home
    if mutant.corpus is not None:
        home = _copied(home, setting.work / "mutants" / mutant.name)
        record = Record(home.record())
        mutant.corpus(Spoiled(record, asked, random.Random(f"{seed} {mutant.name}")))  # noqa: S311
        record.close()
        refresh_index(home, setting.config.knowledge_base, foreground_seconds=float("inf"))

    def build(at: Home, config: Config, model: LanguageModel | None) -> Faulty:
        return Faulty(at, config, mutant, model)

    subject = InProcess(build(home, setting.config, None), home=home, build=build)
    return subject, setting.home if mutant.tampered else home


def forget(mutant: Mutant, setting: Setting) -> None:
    """Remove the spoiled copy."""
    shutil.rmtree(setting.work / "mutants" / mutant.name, ignore_errors=True)


def _copied(home: Home, folder: Path) -> Home:
    shutil.rmtree(folder, ignore_errors=True)
    copy = Home(folder)
    copy.record().parent.mkdir(parents=True)
    with (
        closing(sqlite3.connect(f"file:{home.record()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy.record())) as target,
    ):
        source.backup(target)
    return copy


def without(*names: str) -> Callable[[Sequence[Step]], Sequence[Step]]:
    """The way without these steps."""

    def change(steps: Sequence[Step]) -> Sequence[Step]:
        left = [step for step in steps if name_of(step) not in names]
        if len(left) == len(steps):
            raise LookupError(f"there is no step {', '.join(names)}: this mutant changes nothing")
        return left

    return change


def instead(name: str, make: Callable[[Step], Step]) -> Callable[[Sequence[Step]], Sequence[Step]]:
    """The way with one step made into another."""

    def change(steps: Sequence[Step]) -> Sequence[Step]:
        if all(name_of(step) != name for step in steps):
            raise LookupError(f"there is no step {name}: this mutant changes nothing")
        return [make(step) if name_of(step) == name else step for step in steps]

    return change
