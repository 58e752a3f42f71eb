"""Rasa's project and the rules know the same intents, and every decision can be carried out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from assistant.dialogue import reading
from assistant.dialogue.decision import DecisionKind, read_decision
from assistant.dialogue.direct import COMMANDS
from assistant.dialogue.replies import known_replies
from assistant.journeys.schema import journeys
from assistant.tables import table

PROJECT = Path(reading.__file__).parent / "project"


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PROJECT / name).read_text(encoding="utf-8"))
    return loaded


def test_every_response_is_a_decision_that_can_be_carried_out() -> None:
    for name, (response,) in load("domain.yml")["responses"].items():
        decision = read_decision(response["custom"], "rasa")
        match decision.kind:
            case DecisionKind.SAY:
                assert decision.reply in known_replies(), name
            case DecisionKind.COMMAND:
                assert decision.command in COMMANDS, name
            case DecisionKind.JOURNEY:
                assert decision.journey in journeys(), name
            case _:
                assert decision.kind in (DecisionKind.ANSWER, DecisionKind.HAND_OFF), name


def test_every_intent_has_one_rule_and_one_response() -> None:
    domain = load("domain.yml")
    wanted = {*domain["intents"], "nlu_fallback"}
    rules = load("data/rules.yml")["rules"]
    steps = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}
    assert steps == {intent: f"utter_{intent}" for intent in wanted}
    assert set(domain["responses"]) == {f"utter_{intent}" for intent in wanted}


def test_what_the_rules_read_are_intents_of_rasa_too() -> None:
    intents = set(load("domain.yml")["intents"])
    turns = table("turns")
    assert set(turns["turns"]) <= intents
    assert set(turns["asks"]) <= intents
    assert set(turns["events"]) <= intents
    assert set(reading.INTENTS.values()) <= intents
    assert set(turns["instead"]) == set(turns["events"]) == set(journeys())
