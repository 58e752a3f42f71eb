"""Decisions: what is written is read back, and anything else is refused with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.dialogue.decision import (
    Choice,
    Decision,
    DecisionKind,
    DecisionUnreadable,
    decision_json,
    read_decision,
)


def test_what_is_written_is_read_back() -> None:
    decision = Decision(
        DecisionKind.ASK,
        "ask_fee",
        0.9,
        "rasa",
        slots={"person_kind": "minor"},
        asks="procedure",
        choices=(Choice("Cấp hộ chiếu", "code:1.001456"),),
    )
    assert read_decision(decision_json(decision), "rasa") == decision


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (None, "no 'decision'"),
        ([], "no 'decision'"),
        ({}, "no 'decision'"),
        ({"decision": {"kind": "dance"}}, "kind"),
        ({"decision": {"kind": "say", "confidence": 7}}, "confidence"),
        ({"decision": {"kind": "say", "code": "rm -rf"}}, "code"),
        ({"decision": {"kind": "ask", "choices": [{"title": "", "payload": "x"}]}}, "title"),
        ({"decision": {"kind": "ask", "choices": [{"title": "a", "payload": "b"}] * 6}}, "choices"),
    ],
)
def test_anything_else_is_refused(payload: Any, why: str) -> None:
    with pytest.raises(DecisionUnreadable, match=why):
        read_decision(payload, "rasa")
