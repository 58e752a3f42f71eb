"""Faults in what is decided about a message of a conversation."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.decision import Decision, DecisionKind
from evals.mutants.mutant import Mutant


def _danger_is_chat(decision: Decision) -> Decision:
    if decision.intent != "crisis":
        return decision
    return replace(decision, intent="chitchat", reply="chitchat")


def _nobody_there(decision: Decision) -> Decision:
    if decision.kind is not DecisionKind.HAND_OFF:
        return decision
    return replace(decision, kind=DecisionKind.SAY, reply="inform")


def _takes_all_for_questions(decision: Decision) -> Decision:
    return replace(decision, kind=DecisionKind.ANSWER, reply="", command="", journey="")


MUTANTS = (
    Mutant(
        "danger-is-chat",
        "coi lời kêu cứu là chuyện phiếm",
        True,
        only="dialogue",
        decision=_danger_is_chat,
    ),
    Mutant(
        "nobody-there",
        "không chuyển cho cán bộ khi được yêu cầu",
        False,
        only="dialogue",
        decision=_nobody_there,
    ),
    Mutant(
        "all-are-questions",
        "coi mọi tin nhắn là câu hỏi",
        False,
        only="dialogue",
        decision=_takes_all_for_questions,
    ),
)
