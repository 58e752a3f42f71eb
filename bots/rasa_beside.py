"""Rasa beside a server, where the settings want it: said in lines, for another bar may be up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.dialogue.commands import STAGES
from assistant.dialogue.runtime.places import Places
from assistant.dialogue.runtime.service import RasaService, rasa_wanted
from assistant.session import SessionState


def rasa_beside(state: SessionState, config_path: Path | None) -> RasaService | None:
    """The service, not started yet; None where plain rules decide alone."""
    config = state.config
    places = Places.of(state.home.path, config_path)

    def say(text: str) -> None:
        state.console.print(text, markup=False, highlight=False, soft_wrap=True)

    if not rasa_wanted(config.dialogue, places):
        if config.dialogue.mode == "auto":
            say(
                "Không thấy Python 3.10 nên cuộc trò chuyện do luật có sẵn quyết định, không dùng "
                "Rasa. Muốn dùng: cài Python 3.10 (hoặc đặt TROLY_PYTHON310) rồi chạy lại."
            )
        return None
    return RasaService(places, _in_lines(say), days=config.receipts.days, say=say)


def _in_lines(say: Callable[[str], None]) -> Callable[[str, int, int], None]:
    """Progress as a line when a stage begins, half way, and at its end."""
    seen: dict[str, int] = {}

    def progress(stage: str, done: int, total: int) -> None:
        half = 2 * done // total if total else 0
        if half > seen.get(stage, -1):
            seen[stage] = half
            say(f"{STAGES.get(stage, stage)}{f' {half * 50}%' if total else ''}")

    return progress
