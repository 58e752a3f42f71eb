"""Questions in English: labels and figures in English, names and sources as they stand."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.english import line_in_english
from assistant.vocabulary import Status
from knowledge_base.card_text import card_lines
from knowledge_base.documents import (
    Duration,
    Fee,
    FeeState,
    FilingChannel,
    How,
    OnlineLevel,
    TimeUnit,
)
from knowledge_base.vietnamese import is_bare


@pytest.mark.parametrize(
    ("text", "code", "label"),
    [
        ("How much does a Vietnamese passport cost?", "1.001456", "Fee ("),
        ("How long does procedure 1.000894 take?", "1.000894", "Processing time ("),
        ("Which documents are required for procedure 1.001456?", "1.001456", "Document: "),
        ("Where do I need to apply for procedure 1.001456?", "1.001456", "Where to file: "),
    ],
)
def test_an_answer_in_english(ask: Any, text: str, code: str, label: str) -> None:
    answer = ask(text)
    assert answer.card.code == code
    assert answer.text.startswith("Procedure: ")
    assert f"code {code})" in answer.text
    assert label in answer.text
    assert "Information as of 01/08/2026." in answer.text
    assert "An AI assistant took this from the cited sources" in answer.text


def test_citations_of_an_english_answer_are_the_vietnamese_text(
    ask: Any, assistant: Assistant
) -> None:
    answer = ask("How much does a Vietnamese passport cost?")
    stored = assistant.knowledge.version(answer.citations[0].sha256, ask.question("").scope)
    for citation in answer.citations:
        assert stored[citation.start : citation.end] == citation.quote
        assert not is_bare(citation.quote)


def test_a_refusal_in_english(ask: Any) -> None:
    answer = ask("Which phone should I buy?")
    assert answer.status in (Status.OUT_OF_SCOPE, Status.NO_SOURCE)
    assert answer.text.startswith(("This question is outside", "I could not find"))
    assert "18001096" in answer.text


def test_every_line_of_every_card_can_be_said_in_english(assistant: Assistant) -> None:
    for card in assistant.procedures.cards():
        for line in card_lines(card):
            said = line_in_english(card, line)
            assert said.strip(), (card.code, line.text)
            assert ": " in said or line.slot == "sources"


CHANNEL = FilingChannel(
    How.ONLINE,
    OnlineLevel.FULL,
    times=(
        Duration(TimeUnit.WORKING_DAY, 8),
        Duration(TimeUnit.DAY, 1, "gấp"),
        Duration(TimeUnit.SAME_DAY),
    ),
    fees=(
        Fee(FeeState.KNOWN, 1_200_000, "lần"),
        Fee(FeeState.FREE, condition="trẻ em"),
        Fee(FeeState.BY_PROVINCE),
    ),
)


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        (
            "fees",
            "Fee (online): 1,200,000 VND per lần; free of charge (trẻ em); "
            "set by the provincial People's Council.",
        ),
        (
            "times",
            "Processing time (online): 8 working days; 1 day (gấp); on the same working day.",
        ),
    ],
)
def test_figures_in_english(assistant: Assistant, slot: str, said: str) -> None:
    from dataclasses import replace

    card = assistant.procedures.card("1.001456")
    assert card is not None
    card = replace(card, channels=(CHANNEL,))
    line = next(line for line in card_lines(card) if line.slot == slot)
    assert line_in_english(card, line) == said


def test_fully_online(assistant: Assistant) -> None:
    from dataclasses import replace

    card = assistant.procedures.card("1.001456")
    assert card is not None
    card = replace(card, channels=(CHANNEL,))
    said = [line_in_english(card, line) for line in card_lines(card) if line.slot == "online"]
    assert "How to file: online, fully online." in said
