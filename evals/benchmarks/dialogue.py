"""``troly bench dialogue``: every transcript with Rasa and with the rules alone, side by side."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.dialogue.direct import DirectDialogue
from assistant.dialogue.ports import Dialogue
from assistant.errors import DialogueSetupFailed
from assistant.session import SessionState
from evals.tasks.measured import quantile
from evals.transcripts import Played, Player, Transcript, expected_of, transcripts, wrong
from knowledge_base.prepare import ensure_ready

#: Seconds that Rasa's server gets to start on a busy machine.
_TO_START = 240.0
#: What a person notices of a turn, and what only an operator does.
_OUTCOME = ("status", "code", "asks", "journey", "found", "choices")


@dataclass(frozen=True, slots=True)
class Pair:
    """One message, as it went with each."""

    transcript: Transcript
    rules: Played
    rasa: Played
    rules_right: bool
    rasa_right: bool

    @property
    def differs(self) -> tuple[str, ...]:
        """In what: kind, intent, outcome."""
        parts = [
            ("kind", self.rules.kind != self.rasa.kind),
            ("intent", self.rules.intent != self.rasa.intent),
            ("outcome", not self.same_outcome),
        ]
        return tuple(name for name, other in parts if other)

    @property
    def same_outcome(self) -> bool:
        return all(getattr(self.rules, n) == getattr(self.rasa, n) for n in _OUTCOME)


def dialogue(
    context: typer.Context,
    split: Annotated[str, typer.Option(help="dev, test hoặc all.")] = "all",
    as_json: Annotated[bool, typer.Option("--json", help="In JSON, đủ từng lượt.")] = False,
) -> None:
    """Mọi cuộc trò chuyện mẫu, có Rasa và không có Rasa: quyết định và kết quả khác nhau ở đâu."""
    state = cast(SessionState, context.obj)
    ensure_ready(state.home, state.config.knowledge_base, foreground_seconds=float("inf"))
    assistant = build_assistant(state.home, state.config)
    try:
        with rasa_dialogue(state, assistant, context.obj.config_path) as rasa:
            pairs = compared(transcripts(split), assistant, rasa, state.home.record())
    finally:
        assistant.close()
    report = summary(pairs)
    if as_json:
        rows = [
            {
                "transcript": p.transcript.name,
                "rules": {**p.rules.json(), "reason": p.rules.reason},
                "rasa": {**p.rasa.json(), "reason": p.rasa.reason},
            }
            for p in pairs
        ]
        typer.echo(json.dumps({**report, "rows": rows}, ensure_ascii=False, indent=1))
        return
    typer.echo(table(report, pairs))


@contextmanager
def rasa_dialogue(
    state: SessionState, assistant: Assistant, config: Path | None
) -> Iterator[Dialogue]:
    """A server of its own beside one that may run in the same home; ``config``: the file in use."""
    from assistant.dialogue.runtime.places import Places
    from assistant.dialogue.runtime.service import RasaService
    from assistant.dialogue.through_rasa import RasaDialogue

    places = replace(Places.of(state.home.path, config), tag="-bench")
    service = RasaService(places, days=state.config.receipts.days)
    service.start()
    try:
        if not service.wait_ready(_TO_START):
            why = service.health.reason or f"xem {places.log('server')}"
            raise DialogueSetupFailed(f"Máy chủ Rasa chưa chạy được: {why}")
        direct = DirectDialogue(assistant)
        yield RasaDialogue(service.client, direct, service.client.forget)
    finally:
        service.close()


def compared(
    given: Sequence[Transcript], assistant: Assistant, rasa: Dialogue, record: Path
) -> list[Pair]:
    """Each transcript with the rules, then with Rasa."""
    pairs: list[Pair] = []
    with tempfile.TemporaryDirectory() as folder:
        players = [
            Player(assistant, each, Path(folder) / f"{n}.sqlite", record)
            for n, each in enumerate((DirectDialogue(assistant), rasa))
        ]
        for transcript in given:
            played = [list(player.play(transcript)) for player in players]
            rows = list(zip(expected_of(transcript), *played, strict=True))
            last = [at - 1 for at in accumulate(line.times for line in transcript.lines)]
            # What is said fifty times in a row counts once.
            for expected, rules, other in (rows[at] for at in last):
                right = [not any(wrong(expected, each.json())) for each in (rules, other)]
                pairs.append(Pair(transcript, rules, other, *right))
    return pairs


def summary(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Shares of turns (0 to 1) and milliseconds a turn."""

    def share(count: int) -> float:
        return round(count / len(pairs), 4) if pairs else 0.0

    times = {"rules": [p.rules.ms for p in pairs], "rasa": [p.rasa.ms for p in pairs]}
    return {
        "conversations": len({p.transcript.name for p in pairs}),
        "turns": len(pairs),
        "decided by Rasa": share(sum(p.rasa.by == "rasa" for p in pairs)),
        "Rasa failed": share(sum(p.rasa.reason.startswith("Rasa: ") for p in pairs)),
        "same kind": share(sum("kind" not in p.differs for p in pairs)),
        "same intent": share(sum("intent" not in p.differs for p in pairs)),
        "same outcome": share(sum(p.same_outcome for p in pairs)),
        "right with rules": share(sum(p.rules_right for p in pairs)),
        "right with Rasa": share(sum(p.rasa_right for p in pairs)),
        **{
            f"ms {who} p{int(100 * q)}": round(quantile(found, q), 1)
            for who, found in times.items()
            for q in (0.5, 0.95)
            if found
        },
    }


def table(report: dict[str, Any], pairs: Sequence[Pair]) -> str:
    """Figures, then each message whose kind or outcome differs, as Markdown."""
    lines = ["| | |", "|---|---|"]
    lines += [f"| {name} | {_figure(name, value)} |" for name, value in report.items()]
    shown = [p for p in pairs if "kind" in p.differs or "outcome" in p.differs]
    lines += ["", "| conversation | message | rules | with Rasa | right |", "|---|---|---|---|---|"]
    for p in shown:
        right = {(1, 1): "both", (1, 0): "rules", (0, 1): "Rasa", (0, 0): "neither"}
        lines.append(
            f"| {p.transcript.name} | {_cell(p.rules.said[:60])} | {_told(p.rules)} | "
            f"{_told(p.rasa)} ({p.rasa.by}) | {right[p.rules_right, p.rasa_right]} |"
        )
    return "\n".join(lines)


def _told(played: Played) -> str:
    parts = (played.kind, played.intent, played.code or played.journey or played.status)
    return " · ".join(part for part in parts if part)


def _figure(name: str, value: Any) -> str:
    return f"{value:.1%}" if isinstance(value, float) and not name.startswith("ms") else str(value)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "/")
