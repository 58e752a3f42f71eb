"""The question sets are sound, and the answers to their dev split do not get worse.

Only ``dev`` questions are asked here: the ``test`` split is for reports.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import evals
from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.config import Config, Receipts
from assistant.tables import table
from assistant.vocabulary import Answer, Question, Status
from knowledge_base.home import Home
from knowledge_base.scope import citizen
from knowledge_base.vietnamese import clean

FOLDER = Path(evals.__file__).parent / "datasets" / "questions"
FILES = ("answerable", "unanswerable", "documents")
FIELDS = {
    "answerable": {"_id", "text", "kind", "codes", "slots", "facts", "split"},
    "unanswerable": {"_id", "text", "kind", "split"},
    "documents": {"_id", "text", "kind", "documents", "facts", "split"},
}
ASKED = {"full", "bare", "short", "situational", "teencode", "english"}
KINDS = {
    "answerable": ASKED,
    "documents": ASKED,
    "unanswerable": {
        "near", "foreign", "invented", "out_of_domain", "personal", "false_document", "opinion",
    },
}  # fmt: skip

#: Below these the answers have become worse than they were; they are no goals.
RIGHT_CARD, REFUSED, RIGHT_DOCUMENT = 0.80, 0.90, 0.70

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def assistant(bundled_home: Home) -> Iterator[Assistant]:
    made = build_assistant(bundled_home, Config(receipts=Receipts(keep=False)))
    yield made
    made.close()


# --- the files --------------------------------------------------------------------------------


def test_ids_and_texts_are_unique() -> None:
    every = [row for name in FILES for row in rows(name)]
    for key in ("_id", "text"):
        assert [value for value, n in Counter(row[key] for row in every).items() if n > 1] == []


@pytest.mark.parametrize("name", FILES)
def test_fields_kinds_and_splits(name: str) -> None:
    for row in rows(name):
        assert set(row) == FIELDS[name], row
        assert row["kind"] in KINDS[name], row
        assert row["_id"][0] == name[0]
        assert row["split"] == ("dev" if int(row["_id"][1:]) % 2 else "test"), row
        assert row["text"] == clean(row["text"]).strip() != "", row
        if row["kind"] in ("bare", "english"):
            assert row["text"].isascii(), row
        assert set(row.get("slots", ())) <= set(table("slots")), row


def test_training_questions_are_apart_from_the_scored_ones_and_cover_every_card(
    assistant: Assistant,
) -> None:
    training = rows("training")
    for key in ("_id", "text"):
        assert len({row[key] for row in training}) == len(training)
    scored = {row["text"] for name in FILES for row in rows(name)}
    assert not scored & {row["text"] for row in training}
    for row in training:
        assert set(row) == {"_id", "text", "kind", "codes", "slots"}, row
        assert row["_id"][0] == ("t" if row["codes"] else "n"), row
        assert row["text"] == clean(row["text"]).strip() != "", row
        assert set(row["slots"]) <= set(table("slots")), row
    asked_about = {code for row in training for code in row["codes"]}
    assert asked_about == {card.code for card in assistant.knowledge.cards()}


def test_the_readme_counts_the_lines() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in (*FILES, "training"):
        assert f"| `{name}.jsonl` | {len(rows(name))} |" in readme


def test_codes_and_documents_exist_and_say_the_facts(assistant: Assistant) -> None:
    missing = []
    for name, key in (("answerable", "codes"), ("documents", "documents")):
        for row in rows(name):
            assert row[key], row
            for named in row[key]:
                stored = f"procedure:{named}" if key == "codes" else named
                document = assistant.source(stored, citizen())
                if document is None:
                    missing.append((row["_id"], named, "no such document"))
                    continue
                for fact in row["facts"]:
                    if fact not in document.text:
                        missing.append((row["_id"], named, fact))
    assert not missing, "\n".join(map(str, missing))


# --- the answers ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answerable(assistant: Assistant) -> list[tuple[Row, Answer]]:
    return asked(assistant, "answerable")


def asked(assistant: Assistant, name: str) -> list[tuple[Row, Answer]]:
    return [
        (row, assistant.ask(Question(row["text"], citizen(), use_model=False), keep=False))
        for row in rows(name)
        if row["split"] == "dev"
    ]


def assert_at_least(floor: float, results: list[tuple[Row, Answer]], wrong: list[str]) -> None:
    share = 1 - len(wrong) / len(results)
    told = f"{len(results) - len(wrong)} of {len(results)} ({share:.1%}), at least {floor:.0%}"
    assert share >= floor, told + "\n" + "\n".join(wrong)


def test_answerable_questions_get_the_right_card(answerable: list[tuple[Row, Answer]]) -> None:
    results = answerable
    wrong = [
        f"{row['_id']} {row['text']} → {answer.status} {answer.card.code if answer.card else '-'}"
        for row, answer in results
        if answer.card is None or answer.card.code not in row["codes"]
    ]
    assert_at_least(RIGHT_CARD, results, wrong)


def test_a_right_card_says_the_facts(answerable: list[tuple[Row, Answer]]) -> None:
    """Where the right procedure was found, its answer to the slots asked must hold the facts."""
    results = [
        (row, answer)
        for row, answer in answerable
        if answer.card and answer.card.code in row["codes"] and row["kind"] != "english"
    ]
    wrong = [
        f"{row['_id']} {row['text']} → {answer.slots}: no {fact!r}"
        for row, answer in results
        for fact in row["facts"][:1]
        if fact not in answer.text
    ]
    assert_at_least(0.85, results, wrong)


def test_unanswerable_questions_are_refused(assistant: Assistant) -> None:
    results = asked(assistant, "unanswerable")
    wrong = [
        f"{row['_id']} {row['text']} → {answer.status} {[c.title for c in answer.citations][:1]}"
        for row, answer in results
        if answer.status in (Status.ANSWERED, Status.ANSWERED_PARTLY)
    ]
    assert_at_least(REFUSED, results, wrong)


def test_questions_about_documents_cite_the_right_one(assistant: Assistant) -> None:
    results = asked(assistant, "documents")
    wrong = [
        f"{row['_id']} {row['text']} → {answer.status} {[c.document_id for c in answer.citations]}"
        for row, answer in results
        if not {c.document_id for c in answer.citations} & set(row["documents"])
    ]
    assert_at_least(RIGHT_DOCUMENT, results, wrong)
